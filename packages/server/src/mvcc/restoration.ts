/**
 * The index and the revisions at start, from all records of bucket `key` in order and the marks of compactions.
 *
 *     current revision = max(1, last record, finishedCompactRev, scheduledCompactRev)
 *
 * The last record may have an empty value: a restored snapshot whose revision was raised. A compaction that was scheduled and not
 * finished is taken up again. Keys are attached to their leases at the end, when it is known which pair is current.
 */

import { assert } from "@etcd-ts/base";
import type { VisitRecord } from "@etcd-ts/storage";
import { keyIn } from "./compaction.ts";
import { LEASED, LIVE } from "./key-slots.ts";
import { mainOf, parseKeyValue } from "./key-value.ts";
import type { StoreState } from "./store-state.ts";

/** Records between two reclaims of superseded values. */
const RECLAIM_RECORDS = 4096;

/** Values of `finishedCompactRev` and `scheduledCompactRev` in bucket `meta`. */
export interface CompactionMarks {
  readonly finished: Uint8Array | undefined;
  readonly scheduled: Uint8Array | undefined;
}

export class Restoration {
  private readonly state: StoreState;
  private readonly finished: number;
  private readonly scheduled: number;
  private readonly resume: (revision: number) => void;
  private lastMain = 0;
  private untilReclaim = RECLAIM_RECORDS;

  /** `resume` takes up a compaction again. */
  constructor(state: StoreState, marks: CompactionMarks, resume: (revision: number) => void) {
    this.state = state;
    this.resume = resume;
    this.finished = marks.finished === undefined ? -1 : mainOf(marks.finished);
    this.scheduled = marks.scheduled === undefined ? 0 : mainOf(marks.scheduled);
    state.index.livesFrom = Math.max(this.finished, this.scheduled) + 1;
  }

  /** Takes the next record; may be handed to a scan as it stands. */
  readonly add: VisitRecord = (main, sub, tombstone, bytes, start, end) => {
    this.lastMain = main;
    if (end === start) return true;
    const { index } = this.state;
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

  end(): void {
    const { state } = this;
    state.index.arena.reclaim();
    state.index.restoreOrder();
    state.compactRevision = this.finished;
    state.currentRevision = Math.max(1, this.lastMain, this.finished, this.scheduled);
    assert(Number.isSafeInteger(state.currentRevision), "revisions are safe integers");
    this.attachLeases();
    if (this.scheduled > this.finished && this.scheduled > 0) this.resume(this.scheduled);
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
