/**
 * The index and the revisions at start, from all records of bucket `key` in order, or from an index that was made ready elsewhere
 * (a checkpoint's), and the marks of compactions.
 *
 *     current revision = max(1, last record, finishedCompactRev, scheduledCompactRev)
 *
 * The last record may have an empty value: a restored snapshot whose revision was raised. A compaction that was scheduled and not
 * finished is taken up again. Keys are attached to their leases at the end, when it is known which pair is current.
 */

import { assert } from "@etcd-ts/base";
import type { RecordChunk, VisitRecord } from "@etcd-ts/storage";
import { IndexRestore } from "./index-restore.ts";
import type { IndexParts } from "./key-index.ts";
import { LEASED, LIVE } from "./key-slots.ts";
import { mainOf } from "./key-value.ts";
import type { StoreState } from "./store-state.ts";

/** Values of `finishedCompactRev` and `scheduledCompactRev` in bucket `meta`. */
export interface CompactionMarks {
  readonly finished: Uint8Array | undefined;
  readonly scheduled: Uint8Array | undefined;
}

/** The marks as revisions; −1 and 0 when there are none. */
export interface MarkedRevisions {
  readonly finished: number;
  readonly scheduled: number;
}

export function markedRevisions({ finished, scheduled }: CompactionMarks): MarkedRevisions {
  return {
    finished: finished === undefined ? -1 : mainOf(finished),
    scheduled: scheduled === undefined ? 0 : mainOf(scheduled),
  };
}

/** Births and deaths below it are of no interest. */
export function livesFromOf({ finished, scheduled }: MarkedRevisions): number {
  return Math.max(finished, scheduled) + 1;
}

/** An index with everything that the database holds. */
export interface ReadyIndex {
  readonly parts: IndexParts;
  /** Main revision of the last record. */
  readonly lastMain: number;
  /** Records that were added to what the checkpoint held. */
  readonly added: number;
}

export class Restoration {
  private readonly state: StoreState;
  readonly marks: MarkedRevisions;
  private readonly resume: (revision: number) => void;
  private readonly records: IndexRestore;

  /** `resume` takes up a compaction again. */
  constructor(state: StoreState, marks: CompactionMarks, resume: (revision: number) => void) {
    this.state = state;
    this.resume = resume;
    this.marks = markedRevisions(marks);
    this.records = new IndexRestore(state.index);
    state.index.livesFrom = livesFromOf(this.marks);
    state.index.restoreUnordered();
  }

  /** These records come next; 256 at most. */
  expect(chunk: RecordChunk, lo: number, hi: number): void {
    this.records.touch(chunk, lo, hi);
  }

  /** Takes the next record; may be handed to a scan as it stands. */
  get add(): VisitRecord {
    return this.records.add;
  }

  /** All records have been added. */
  end(): void {
    this.state.index.arena.reclaim();
    this.state.index.restoreOrder();
    this.begin(this.records.lastMain);
  }

  /** Instead of records and their end. */
  adopt({ parts, lastMain }: ReadyIndex): void {
    assert(this.records.lastMain === 0, "an index is adopted instead of records");
    this.state.index.adopt(parts);
    this.begin(lastMain);
  }

  private begin(lastMain: number): void {
    const { state } = this;
    const { finished, scheduled } = this.marks;
    state.compactRevision = finished;
    // A removal that a crash interrupted may have begun.
    state.removedRevision = scheduled > finished && scheduled > 0 ? scheduled : finished;
    state.finishedMark = finished;
    state.scheduledMark = scheduled;
    state.currentRevision = Math.max(1, lastMain, finished, scheduled);
    assert(Number.isSafeInteger(state.currentRevision), "revisions are safe integers");
    this.attachLeases();
    if (scheduled > finished && scheduled > 0) this.resume(scheduled);
  }

  private attachLeases(): void {
    const { index, leases } = this.state;
    for (let slot = 0; slot < index.slots.end; slot++) {
      if ((index.slots.flags(slot) & (LIVE | LEASED)) !== (LIVE | LEASED)) continue;
      const lease = index.lease(slot);
      // A lease may be gone from the database when an older release lost it; the key then stays for good.
      if (leases.exists(lease)) leases.attach(lease, index.key(slot));
    }
  }
}
