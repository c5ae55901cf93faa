/**
 * Records of bucket `key` into an index, in order of revisions: all of them into a new one, whose keys are put in order at the end,
 * or those that follow what the index holds.
 */

import type { VisitRecord } from "@etcd-ts/storage";
import { keyIn } from "./compaction.ts";
import type { KeyIndex } from "./key-index.ts";
import { parseKeyValue } from "./key-value.ts";

/** Records between two reclaims of superseded values. */
const RECLAIM_RECORDS = 4096;

export class IndexRestore {
  /** Main revision of the last record. */
  lastMain = 0;
  count = 0;
  private readonly index: KeyIndex;
  private untilReclaim = RECLAIM_RECORDS;

  constructor(index: KeyIndex) {
    this.index = index;
  }

  /** Takes the next record; may be handed to a scan as it stands. A record may be empty: a restored snapshot's revision was raised. */
  readonly add: VisitRecord = (main, sub, tombstone, bytes, start, end) => {
    this.lastMain = main;
    this.count++;
    if (end === start) return true;
    const { index } = this;
    if (tombstone) index.restoreTombstone(keyIn(bytes, start), main, sub);
    else {
      const isPair = parseKeyValue(bytes, start, end);
      if (!isPair) throw new Error(`the record of revision ${main}.${sub} is no key-value pair`);
      index.restorePut(bytes, start, end, main, sub);
    }
    if (--this.untilReclaim === 0) {
      this.untilReclaim = RECLAIM_RECORDS;
      index.arena.reclaim();
    }
    return true;
  };
}
