/**
 * How much work a slice holds so that it takes a few milliseconds: what the last ones took tells how much the next may do. The work is
 * counted, not timed, so no result depends on the clock; and where the clock stands still within a step, as in a simulation, slices are of
 * the largest size.
 */

/** A third of what anybody may have to wait for the loop. */
const TARGET_MS = 6;
const GROWTH = 2;

export class SlicePace {
  /** Units of work that the next slice may do. */
  size: number;
  private readonly sizeMin: number;
  private readonly sizeMax: number;

  /** Begins with the smallest: code that has not run yet is slow. */
  constructor(sizeMin: number, sizeMax: number) {
    this.size = sizeMin;
    this.sizeMin = sizeMin;
    this.sizeMax = sizeMax;
  }

  /** `wasFull`: the slice used its whole size up; one that did not tells nothing about larger ones. */
  learn(tookMs: number, wasFull: boolean): void {
    if (tookMs > TARGET_MS) this.size = Math.max(this.sizeMin, Math.floor((this.size * TARGET_MS) / tookMs));
    else if (wasFull && tookMs * GROWTH < TARGET_MS) this.size = Math.min(this.sizeMax, this.size * GROWTH);
  }
}
