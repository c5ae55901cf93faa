/**
 * A histogram as plain numbers: an observation is a walk along few bounds and three additions, with nothing allocated. What is
 * exposed (cumulative buckets) is made of it when somebody asks.
 */

export class Histogram {
  /** Upper bounds of the buckets, ascending; a last bucket has none. */
  readonly bounds: Float64Array;
  /** Observations by bucket, not cumulative. */
  readonly counts: Float64Array;
  sum = 0;

  constructor(bounds: Float64Array) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    this.observeTimes(value, 1);
  }

  /** The same value, seen so many times. */
  observeTimes(value: number, times: number): void {
    const { bounds } = this;
    let bucket = 0;
    while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
    this.counts[bucket]! += times;
    this.sum += value * times;
  }

  get count(): number {
    let count = 0;
    for (const inBucket of this.counts) count += inBucket;
    return count;
  }
}

/** `count` bounds: `start`, `start * factor`, ... */
export function exponentialBounds(start: number, factor: number, count: number): Float64Array {
  const bounds = new Float64Array(count);
  for (let i = 0, bound = start; i < count; i++, bound *= factor) bounds[i] = bound;
  return bounds;
}

/** 1 ms to 8 s: what waits for a disk. */
export const DISK_SECONDS = exponentialBounds(0.001, 2, 14);
/** 0.1 ms to 52 s: what the apply chain and ranges take. */
export const APPLY_SECONDS = exponentialBounds(0.0001, 2, 20);
