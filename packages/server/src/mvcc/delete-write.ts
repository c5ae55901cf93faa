/**
 * DeleteRange (`api-semantics.md` 6) in slices: first the pairs that are asked back are gathered, with nothing changed; then key after
 * key, in order, becomes a tombstone.
 */

import { createRangeRequest, type DeleteRangeRequest } from "@etcd-ts/proto";
import type { PairList } from "./pair-list.ts";
import { liveSlot } from "./put-write.ts";
import { RangeRead, rangeHigh } from "./range-read.ts";
import { DELETED_PAIRS_TAG } from "./responses.ts";
import type { StoreState } from "./store-state.ts";
import type { Progress } from "./store-types.ts";
import { TreeCursor } from "./tree-cursor.ts";
import type { Writer } from "./writer.ts";

/** Keys that are looked up and then deleted together. */
const BATCH = 256;

export class RangeDeletion {
  deleted = 0;
  /** What the last slice left of its budget. */
  left = 0;
  private readonly state: StoreState;
  private readonly writer: Writer;
  private readonly request: DeleteRangeRequest;
  private readonly previous: RangeRead | undefined;
  private isPreviousReady: boolean;
  private low: Uint8Array;
  private readonly high: Uint8Array | undefined;
  private cursor: TreeCursor | undefined;

  constructor(state: StoreState, writer: Writer, request: DeleteRangeRequest) {
    this.state = state;
    this.writer = writer;
    this.request = request;
    this.low = request.key;
    this.high = rangeHigh(request.key, request.rangeEnd);
    state.counters.deletes++;
    if (request.prevKv) {
      state.counters.ranges++;
      const range = createRangeRequest({ key: request.key, rangeEnd: request.rangeEnd });
      this.previous = new RangeRead(state, range, writer.visibleRevision, DELETED_PAIRS_TAG);
    }
    this.isPreviousReady = this.previous === undefined;
  }

  /** The pairs that were there, once done. */
  get previousPairs(): PairList | undefined {
    return this.previous?.pairs;
  }

  run(budget: number): Progress {
    this.left = budget;
    if (!this.isPreviousReady) {
      const previous = this.previous as RangeRead;
      const progress = previous.run(budget);
      if (progress !== "done") return progress;
      this.isPreviousReady = true;
      this.left = previous.left;
    }
    if (this.request.rangeEnd.length === 0) return this.deleteOne();
    if (this.high !== undefined && Buffer.compare(this.low, this.high) >= 0) return "done";
    while (this.left > 0) {
      const wanted = Math.min(this.left, BATCH);
      const deleted = this.deleteSome(wanted);
      this.left -= deleted;
      if (deleted < wanted) return "done";
    }
    return "more";
  }

  private deleteOne(): Progress {
    if (liveSlot(this.state, this.request.key) >= 0) {
      this.writer.delete(this.request.key);
      this.deleted = 1;
    }
    return "done";
  }

  /** Deletes up to `wanted` keys from `low` on; fewer: there are no more. */
  private deleteSome(wanted: number): number {
    const { index } = this.state;
    const batch: number[] = [];
    this.cursor ??= new TreeCursor(index.tree);
    const { cursor } = this;
    cursor.seek(this.low, this.high, true);
    do {
      for (; cursor.entry < cursor.end && batch.length < wanted; cursor.entry++) {
        const entry = cursor.words[cursor.slots + cursor.entry] as number;
        if (entry >= 0) batch.push(entry);
      }
    } while (batch.length < wanted && cursor.nextLeaf());
    for (const slot of batch) this.writer.delete(index.key(slot));
    const last = batch.at(-1);
    if (last !== undefined) this.low = new Uint8Array(index.key(last));
    this.deleted += batch.length;
    return batch.length;
  }
}
