/**
 * The part of the log that storage has not confirmed yet: maybe a snapshot that replaces everything before, then entries.
 *
 *     offset            index of entries[0]; storage has everything below, in so far as it isn't overwritten
 *     offsetInProgress  entries below it were handed out to be written
 *
 *     [ ... storage ... | in progress | not handed out ]
 *                       ^offset       ^offsetInProgress
 *
 * Entries here overwrite storage's from `offset` on. An array that was handed out is never changed: it is a copy.
 */

import { assert } from "@etcd-ts/base";
import type { Entry, Snapshot } from "@etcd-ts/proto";
import type { Logger } from "../logger.ts";

/** `maybeTerm` of an index that is not in this part of the log. */
export const TERM_NOT_HERE = -3;

export class Unstable {
  snapshot: Snapshot | undefined = undefined;
  entries: Entry[] = [];
  offset: number;
  snapshotInProgress = false;
  offsetInProgress: number;
  private readonly logger: Logger;

  constructor(offset: number, logger: Logger) {
    this.offset = offset;
    this.offsetInProgress = offset;
    this.logger = logger;
  }

  /** The index of the last entry, or of the snapshot; -1 when there is neither. */
  maybeLastIndex(): number {
    if (this.entries.length > 0) return this.offset + this.entries.length - 1;
    return this.snapshot === undefined ? -1 : this.snapshot.metadata.index;
  }

  maybeTerm(index: number): number {
    if (index < this.offset) {
      return this.snapshot?.metadata.index === index ? this.snapshot.metadata.term : TERM_NOT_HERE;
    }
    const entry = this.entries[index - this.offset];
    return entry === undefined ? TERM_NOT_HERE : entry.term;
  }

  /** There are entries that were not handed out yet. */
  hasNextEntries(): boolean {
    return this.offset + this.entries.length > this.offsetInProgress;
  }

  nextEntries(): Entry[] {
    return this.entries.slice(this.offsetInProgress - this.offset);
  }

  /** The snapshot, unless it was handed out already. */
  nextSnapshot(): Snapshot | undefined {
    return this.snapshotInProgress ? undefined : this.snapshot;
  }

  acceptInProgress(): void {
    if (this.entries.length > 0) this.offsetInProgress = this.offset + this.entries.length;
    if (this.snapshot !== undefined) this.snapshotInProgress = true;
  }

  /** Storage has the entry (term, index) and all before it. Out of date when it was overwritten meanwhile. */
  stableTo(term: number, index: number): void {
    const have = this.maybeTerm(index);
    if (have === TERM_NOT_HERE) {
      this.logger.info(`entry at index ${index} missing from unstable log; ignoring`);
      return;
    }
    if (index < this.offset) {
      this.logger.info(`entry at index ${index} matched unstable snapshot; ignoring`);
      return;
    }
    if (have !== term) {
      const expected = `entry at (index,term)=(${index},${term})`;
      this.logger.info(`${expected} mismatched with entry at (${index},${have}) in unstable log; ignoring`);
      return;
    }
    const count = index + 1 - this.offset;
    this.entries = count === this.entries.length ? [] : this.entries.slice(count);
    this.offset = index + 1;
    this.offsetInProgress = Math.max(this.offsetInProgress, this.offset);
  }

  stableSnapshotTo(index: number): void {
    if (this.snapshot?.metadata.index !== index) return;
    this.snapshot = undefined;
    this.snapshotInProgress = false;
  }

  restore(snapshot: Snapshot): void {
    this.offset = snapshot.metadata.index + 1;
    this.offsetInProgress = this.offset;
    this.entries = [];
    this.snapshot = snapshot;
    this.snapshotInProgress = false;
  }

  /** Appends; what conflicts with the first new index is dropped. */
  truncateAndAppend(added: readonly Entry[]): void {
    const first = added[0]!.index;
    if (first <= this.offset) {
      if (first !== this.offset + this.entries.length) {
        this.logger.info(`replace the unstable entries from index ${first}`);
      }
      this.entries = [];
      this.offset = first;
      this.offsetInProgress = Math.min(this.offsetInProgress, first);
    } else if (first < this.offset + this.entries.length) {
      this.logger.info(`truncate the unstable entries before index ${first}`);
      this.entries.length = first - this.offset;
      // What was handed out and is cut off now must be handed out again in its new form.
      this.offsetInProgress = Math.min(this.offsetInProgress, first);
    }
    const entries = this.entries;
    for (let i = 0; i < added.length; i++) entries.push(added[i]!);
  }

  /** Entries in [lo, hi), all of them here; a copy. */
  slice(lo: number, hi: number): Entry[] {
    assert(
      lo >= this.offset && hi <= this.offset + this.entries.length,
      "raft: slice outside of the unstable log",
    );
    return this.entries.slice(lo - this.offset, hi - this.offset);
  }

  describe(): string {
    const snapshot = this.snapshot === undefined ? "" : ` snapshot=${this.snapshot.metadata.index}`;
    return `unstable offset=${this.offset} inProgress=${this.offsetInProgress} len=${this.entries.length}${snapshot}`;
  }

  invariants(): void {
    const end = this.offset + this.entries.length;
    assert(
      this.offsetInProgress >= this.offset && this.offsetInProgress <= end,
      "unstable: offsets in order",
    );
    if (this.snapshot !== undefined) {
      assert(this.snapshot.metadata.index < this.offset, "unstable: snapshot before the entries");
    }
    for (let i = 0; i < this.entries.length; i++) {
      assert(this.entries[i]!.index === this.offset + i, "unstable: indexes without gaps");
      assert(i === 0 || this.entries[i]!.term >= this.entries[i - 1]!.term, "unstable: terms do not fall");
    }
  }
}
