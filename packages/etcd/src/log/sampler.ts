/**
 * Keeps a repeated line from flooding the log: within a second the first hundred lines of one message and level pass, then every
 * hundredth. Counters are found by a hash, so messages can share one; the memory is fixed.
 */

const COUNTERS = 4096;
const FIRST = 100;
const THEREAFTER = 100;
const PERIOD_MICROS = 1e6;

export class Sampler {
  readonly #counts = new Uint32Array(COUNTERS);
  readonly #ends = new Float64Array(COUNTERS);

  /** Whether this line is to be written. */
  admits(levelRank: number, message: string, nowMicros: number): boolean {
    const at = ((hash(message) ^ levelRank) >>> 0) % COUNTERS;
    if (nowMicros >= this.#ends[at]!) {
      this.#ends[at] = nowMicros + PERIOD_MICROS;
      this.#counts[at] = 0;
    }
    const n = ++this.#counts[at]!;
    return n <= FIRST || (n - FIRST) % THEREAFTER === 0;
  }
}

/** FNV-1a over the code units. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
