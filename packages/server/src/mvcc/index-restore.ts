/**
 * Records of bucket `key` into an index, in order of revisions: all of them into a new one, whose keys are put in order at the end,
 * or those that follow what the index holds.
 */

import type { RecordChunk, VisitRecord } from "@etcd-ts/storage";
import { keyIn } from "./compaction.ts";
import type { KeyIndex } from "./key-index.ts";
import { RecordCheck } from "./record-check.ts";

/** Records between two reclaims of superseded values. */
const RECLAIM_RECORDS = 4096;

export class IndexRestore {
  count = 0;
  private readonly index: KeyIndex;
  private readonly check = new RecordCheck();
  private untilReclaim = RECLAIM_RECORDS;

  constructor(index: KeyIndex) {
    this.index = index;
  }

  /** Main revision of the last record. */
  get lastMain(): number {
    return this.check.lastMain;
  }

  set lastMain(main: number) {
    this.check.lastMain = main;
  }

  /** Records `lo` to `hi`, 256 at most, are going to be added. */
  touch({ data, starts, ends }: RecordChunk, lo: number, hi: number): void {
    this.index.hash.touch(data, starts, ends, lo, hi);
  }

  /** Takes the next record. It may be empty: a restored snapshot's revision was raised. */
  readonly add: VisitRecord = (main, sub, tombstone, bytes, start, end) => {
    const { index } = this;
    this.count++;
    if (!this.check.next(index.livesFrom, main, sub, tombstone, bytes, start, end)) return true;
    if (tombstone) index.restoreTombstone(keyIn(bytes, start), main, sub);
    else index.restorePut(bytes, start, end, main, sub);
    if (--this.untilReclaim === 0) {
      this.untilReclaim = RECLAIM_RECORDS;
      index.arena.reclaim();
    }
    return true;
  };
}
