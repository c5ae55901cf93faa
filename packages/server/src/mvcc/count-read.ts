/**
 * The number of keys in a range at a revision: at the newest one two descents of the tree; at an older one corrected by the
 * births and deaths since, in slices when there are many.
 */

import type { KeyIndex } from "./key-index.ts";

/** Entries of the log for one unit of the budget. */
const ENTRIES_PER_UNIT = 4;

export class CountRead {
  count: number;
  private position: number;
  private readonly end: number;
  private readonly index: KeyIndex;
  private readonly low: Uint8Array;
  private readonly high: Uint8Array | undefined;
  private readonly isEverything: boolean;

  constructor(index: KeyIndex, low: Uint8Array, high: Uint8Array | undefined, revision: number) {
    this.index = index;
    this.low = low;
    this.high = high;
    this.isEverything = high === undefined && (low.length === 0 || (low.length === 1 && low[0] === 0));
    this.count = index.countLive(low, high);
    this.end = index.lives.end;
    this.position = revision >= index.newestRevision ? this.end : index.lives.positionAfter(revision);
  }

  /** True: the count is there. */
  run(budget: number): boolean {
    const stop = Math.min(this.end, this.position + budget * ENTRIES_PER_UNIT);
    const { lives } = this.index;
    for (let position = this.position; position < stop; position++) {
      const entry = lives.entryAt(position);
      if (entry >= 0) {
        if (this.isInRange(entry)) this.count--;
      } else if (this.isInRange(~entry)) this.count++;
    }
    this.position = stop;
    return stop === this.end;
  }

  private isInRange(slot: number): boolean {
    if (this.isEverything) return true;
    const { tree } = this.index;
    return (
      tree.compareSlot(slot, this.low) >= 0 &&
      (this.high === undefined || tree.compareSlot(slot, this.high) < 0)
    );
  }
}
