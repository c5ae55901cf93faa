/**
 * Reads that have passed the barrier and are not answered yet: those that lack pages, repeated when some have arrived, and those
 * with more to do, gone on with in the next turn.
 */

import type { Status } from "@etcd-ts/proto";
import type { Read } from "./read.ts";

/** Reads that go on in one turn, so that many long ones do not make a long turn. */
const SLICES_PER_TURN = 8;

export class ReadQueue {
  private waiting: Read[] = [];
  private sliced: Read[] = [];
  private readonly onMore: () => void;

  /** `onMore`: there is work for the next turn. */
  constructor(onMore: () => void) {
    this.onMore = onMore;
  }

  get waitsForPages(): boolean {
    return this.waiting.length > 0;
  }

  run(read: Read): void {
    if (read.gone) return read.close();
    switch (read.run()) {
      case "miss":
        this.waiting.push(read);
        break;
      case "more":
        this.resume(read);
        break;
      case "answered":
      case "parked":
        break;
    }
  }

  /** Goes on with a read in the next turn. */
  resume(read: Read): void {
    this.sliced.push(read);
    this.onMore();
  }

  onTurn(): void {
    if (this.sliced.length === 0) return;
    const reads = this.sliced;
    // The others are first in the next turn.
    this.sliced = reads.splice(SLICES_PER_TURN);
    if (this.sliced.length > 0) this.onMore();
    for (const read of reads) this.run(read);
  }

  onPages(): void {
    const reads = this.waiting;
    this.waiting = [];
    for (const read of reads) this.run(read);
  }

  failAll(error: Status): void {
    for (const read of [...this.waiting, ...this.sliced]) read.fail(error);
    this.waiting = [];
    this.sliced = [];
  }
}
