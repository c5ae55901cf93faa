/** A set of page numbers below a fixed bound, one bit each, walked in ascending order. */
export class PageBits {
  private readonly words: Uint32Array;
  private readonly bound: number;

  constructor(bound: number) {
    this.bound = bound;
    this.words = new Uint32Array((bound + 31) >>> 5);
  }

  has(page: number): boolean {
    return (this.words[page >>> 5]! & (1 << (page & 31))) !== 0;
  }

  add(page: number): void {
    this.words[page >>> 5]! |= 1 << (page & 31);
  }

  clear(): void {
    this.words.fill(0);
  }

  /** The first page of the set at or after `from`; -1 when there is none. */
  next(from: number): number {
    return this.search(from, 0);
  }

  /** The first page that is not in the set at or after `from`; the bound when all are. */
  nextAbsent(from: number): number {
    const page = this.search(from, 0xffffffff);
    return page < 0 ? this.bound : Math.min(page, this.bound);
  }

  /** The first bit that differs from `skipped`. */
  private search(from: number, skipped: number): number {
    const { words } = this;
    let word = from >>> 5;
    if (word >= words.length) return -1;
    let bits = (words[word]! ^ skipped) & (-1 << (from & 31));
    while (bits === 0) {
      if (++word === words.length) return -1;
      bits = words[word]! ^ skipped;
    }
    return word * 32 + 31 - Math.clz32(bits & -bits);
  }
}
