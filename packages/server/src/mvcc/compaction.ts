/**
 * The removal that follows a compaction at revision C (`disk-formats.md` 5.1): of each key's changes at or below C only the newest
 * stays, and a tombstone only when it lies exactly at C. One removal at a time, in order.
 *
 * A slice reads records of the database in order of revisions, asks the index which are kept, adds what is read to the compaction's hash,
 * and drops the others from database and index together. Records of a key are dropped oldest first, so index and database agree
 * after every slice, and a restart, which reads the index from the database, may come after any of them.
 *
 * The mark `scheduledCompactRev` lies in the same batch as, or an earlier one than, the first record dropped, because
 * batches keep the order of writes: a crash finds the compaction scheduled, and it is resumed from the first record.
 */

import { assert } from "@etcd-ts/base";
import { MISS, type VisitRecord } from "@etcd-ts/storage";
import { CountRead } from "./count-read.ts";
import { LIVE } from "./key-slots.ts";
import { keyLengthAt, keyStartAt, revisionKey } from "./key-value.ts";
import { RevisionHash } from "./revision-hash.ts";
import type { StoreState } from "./store-state.ts";
import type { Progress, Task } from "./store-types.ts";

/** Records of a slice at most. */
export const COMPACTION_BATCH_RECORDS = 1000;
export const SCHEDULED_COMPACTION = Buffer.from("scheduledCompactRev");
export const FINISHED_COMPACTION = Buffer.from("finishedCompactRev");
const EVERYTHING = new Uint8Array(0);

export interface CompactionHash {
  readonly revision: number;
  readonly compactRevision: number;
  readonly hash: number;
}

/** One that is done. */
export interface FinishedCompaction {
  readonly revision: number;
  /** Records dropped. */
  readonly removed: number;
  readonly hash: CompactionHash | undefined;
}

export class Removal implements Task, FinishedCompaction {
  readonly revision: number;
  /** Set when done, if the compaction is one whose hash is kept. */
  hash: CompactionHash | undefined;
  removed = 0;
  private readonly state: StoreState;
  private readonly previousRevision: number;
  private readonly isHashed: boolean;
  private hashing: RevisionHash | undefined;
  private counting: CountRead | undefined;
  private hasBegun = false;

  // The record behind which the next slice begins.
  private main = -1;
  private sub = 0;

  // The slice under way.
  private visited = 0;
  private budget = 0;
  private readonly dropped: Dropped[] = [];
  /** The newest record without a value so far. */
  private placeholder: number | undefined;

  /** `previousRevision` is the compaction before; `isHashed`: that one was finished when this one was asked for. */
  constructor(state: StoreState, revision: number, previousRevision: number, isHashed: boolean) {
    this.state = state;
    this.revision = revision;
    this.previousRevision = previousRevision;
    this.isHashed = isHashed;
  }

  run(budget: number): Progress {
    if (this.state.isWriting || this.state.isReadBelow(this.revision)) return "more";
    this.state.removedRevision = this.revision;
    if (!this.hasBegun && !this.begin(budget)) return "more";
    this.visited = 0;
    this.budget = Math.min(budget, COMPACTION_BATCH_RECORDS);
    const view = this.state.backend.current();
    const missed = view.scanRecords(Math.max(this.main, 0), this.sub, this.revision + 1, this.visit);
    this.drop();
    if (missed === MISS) return "miss";
    if (this.visited >= this.budget) return "more";
    this.finish();
    return "done";
  }

  /** Nothing is kept when no key lives at the revision and no tombstone lies on it. */
  private begin(budget: number): boolean {
    const { index } = this.state;
    if (this.isHashed) {
      this.counting ??= new CountRead(index, EVERYTHING, undefined, this.revision);
      if (!this.counting.run(budget)) return false;
      const keepsNothing = this.counting.count === 0 && !this.hasTombstoneAt(this.revision);
      this.hashing = new RevisionHash(this.previousRevision, keepsNothing);
    }
    index.lives.trim(this.revision + 1);
    index.livesFrom = this.revision + 1;
    this.hasBegun = true;
    return true;
  }

  /** A key whose newest change at or below the revision is a delete there. */
  private hasTombstoneAt(revision: number): boolean {
    const { index } = this.state;
    const { lives, slots, history } = index;
    for (let position = lives.positionAfter(revision - 1); position < lives.end; position++) {
      if (lives.revisionAt(position) !== revision) break;
      const entry = lives.entryAt(position);
      if (entry >= 0) continue;
      const slot = ~entry;
      const isDead =
        slots.mod(slot) <= revision
          ? (slots.flags(slot) & LIVE) === 0
          : history.find(slot, revision) && history.tombstone;
      if (isDead) return true;
    }
    return false;
  }

  private readonly visit: VisitRecord = (main, sub, tombstone, bytes, start, end) => {
    const { index } = this.state;
    this.main = main;
    this.sub = sub + 1;
    if (end === start) return this.visitPlaceholder(main, sub, bytes, start);
    const slot = index.find(keyIn(bytes, start));
    const isKept =
      slot >= 0 && (!tombstone || main === this.revision) && index.isNewestAt(slot, main, sub, this.revision);
    this.hashing?.add(main, sub, tombstone, isKept, bytes, start, end);
    if (!isKept) this.dropped.push({ slot, main, sub, tombstone });
    return ++this.visited < this.budget;
  };

  /**
   * A record without a value: a restore that raised the revision left it (`bbolt-file.md` 9.3). To the original it is a change of a key
   * without a name, which nobody reaches and which lives on: the newest one is kept.
   */
  private visitPlaceholder(main: number, sub: number, bytes: Uint8Array, at: number): boolean {
    this.hashing?.add(main, sub, false, true, bytes, at, at);
    if (this.placeholder !== undefined) {
      this.dropped.push({ slot: -1, main: this.placeholder, sub: 0, tombstone: false });
    }
    this.placeholder = main;
    return ++this.visited < this.budget;
  }

  private drop(): void {
    const { index, backend, counters } = this.state;
    counters.compactedRecords += this.dropped.length;
    for (const { slot, main, sub, tombstone } of this.dropped) {
      backend.deleteRecord(main, sub, tombstone);
      if (slot < 0) continue;
      assert(index.isOldest(slot, main, sub), "changes are forgotten oldest first");
      index.forgetOldest(slot);
    }
    this.removed += this.dropped.length;
    this.dropped.length = 0;
  }

  private finish(): void {
    this.state.backend.put("meta", FINISHED_COMPACTION, revisionKey(this.revision, 0, false));
    this.state.finishedMark = this.revision;
    if (this.hashing === undefined) return;
    const { revision, previousRevision } = this;
    this.hash = { revision, compactRevision: previousRevision, hash: this.hashing.value };
  }
}

interface Dropped {
  readonly slot: number;
  readonly main: number;
  readonly sub: number;
  readonly tombstone: boolean;
}

/** The key of a stored pair, as a view. */
export function keyIn(bytes: Uint8Array, start: number): Uint8Array {
  const keyStart = keyStartAt(bytes, start);
  return bytes.subarray(keyStart, keyStart + keyLengthAt(bytes, start));
}
