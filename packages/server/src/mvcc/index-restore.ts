/**
 * Records of bucket `key` into an index, in order of revisions: all of them into a new one, whose keys are put in order at the end,
 * or those that follow what the index holds.
 */

import type { VisitRecord } from "@etcd-ts/storage";
import { keyIn } from "./compaction.ts";
import type { KeyIndex } from "./key-index.ts";
import { parsed, parseKeyValue } from "./key-value.ts";

/** Records between two reclaims of superseded values. */
const RECLAIM_RECORDS = 4096;

/** The database holds what no release writes. */
export class DamagedRecordError extends Error {
  override readonly name = "DamagedRecordError";
}

export class IndexRestore {
  /** Main revision of the last record. */
  lastMain = 0;
  private lastSub = -1;
  count = 0;
  private readonly index: KeyIndex;
  private untilReclaim = RECLAIM_RECORDS;

  constructor(index: KeyIndex) {
    this.index = index;
  }

  /** Takes the next record; may be handed to a scan as it stands. A record may be empty: a restored snapshot's revision was raised. */
  readonly add: VisitRecord = (main, sub, tombstone, bytes, start, end) => {
    this.mustFollow(main, sub);
    this.lastMain = main;
    this.lastSub = sub;
    this.count++;
    if (end === start) {
      this.mustBeRaised(main, sub, tombstone);
      return true;
    }
    const { index } = this;
    if (!parseKeyValue(bytes, start, end)) throw damaged(main, sub, "it is no key-value pair");
    if (tombstone) index.restoreTombstone(keyIn(bytes, start), main, sub);
    else {
      mustBePairOf(main, sub);
      index.restorePut(bytes, start, end, main, sub);
    }
    if (--this.untilReclaim === 0) {
      this.untilReclaim = RECLAIM_RECORDS;
      index.arena.reclaim();
    }
    return true;
  };

  /** Revisions ascend. Above the last compaction none is missing within one transaction. */
  private mustFollow(main: number, sub: number): void {
    const { lastMain, lastSub } = this;
    const isNext = main === lastMain ? sub > lastSub : main > lastMain;
    if (!isNext) throw damaged(main, sub, `it follows revision ${lastMain}.${lastSub}`);
    const isWhole = sub === (main === lastMain ? lastSub + 1 : 0);
    if (main >= this.index.livesFrom && !isWhole) throw damaged(main, sub, "the one before it is missing");
  }

  /** A record without a value raises the revision, and everything up to it counts as compacted. */
  private mustBeRaised(main: number, sub: number, tombstone: boolean): void {
    const isRaised = sub === 0 && !tombstone && main < this.index.livesFrom;
    if (!isRaised) throw damaged(main, sub, "it is empty");
  }
}

/** The pair that was just parsed says of itself that it belongs to this revision. */
function mustBePairOf(main: number, sub: number): void {
  const { create, mod, version } = parsed;
  if (mod !== main) throw damaged(main, sub, `its pair is of revision ${mod}`);
  if (create < 1 || create > main || version < 1) {
    throw damaged(main, sub, `its pair was made at revision ${create} and has version ${version}`);
  }
}

function damaged(main: number, sub: number, fault: string): DamagedRecordError {
  return new DamagedRecordError(`the record of revision ${main}.${sub} in bucket "key" is damaged: ${fault}`);
}
