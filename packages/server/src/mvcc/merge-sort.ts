/** A stable sort of numbers by a comparison of one's own, in slices: a bottom-up merge sort. */

export class MergeSort {
  /** The numbers: sorted when {@link run} has said so. */
  items: Int32Array;
  private other: Int32Array;
  private width = 1;
  /** Start of the pair of runs being merged, and how far the merge has come. */
  private low = 0;
  private left = 0;
  private right = 0;
  private out = 0;
  private readonly compare: (a: number, b: number) => number;

  constructor(count: number, compare: (a: number, b: number) => number) {
    this.items = new Int32Array(count);
    for (let i = 0; i < count; i++) this.items[i] = i;
    this.other = new Int32Array(count);
    this.compare = compare;
    this.openPair(0);
  }

  /** Makes up to `budget` comparisons; true: the items are sorted. */
  run(budget: number): boolean {
    const count = this.items.length;
    let left = budget;
    while (this.width < count) {
      if (this.low >= count) {
        [this.items, this.other] = [this.other, this.items];
        this.width *= 2;
        this.openPair(0);
        continue;
      }
      if (left <= 0) return false;
      left -= this.mergeSome(left);
    }
    return true;
  }

  private openPair(low: number): void {
    this.low = low;
    this.left = low;
    this.right = Math.min(low + this.width, this.items.length);
    this.out = low;
  }

  private mergeSome(budget: number): number {
    const count = this.items.length;
    const middle = Math.min(this.low + this.width, count);
    const end = Math.min(this.low + 2 * this.width, count);
    let used = 0;
    while (this.out < end && used < budget) {
      used++;
      const takeLeft =
        this.right >= end ||
        (this.left < middle &&
          this.compare(this.items[this.left] as number, this.items[this.right] as number) <= 0);
      this.other[this.out++] = takeLeft
        ? (this.items[this.left++] as number)
        : (this.items[this.right++] as number);
    }
    if (this.out === end) this.openPair(end);
    return used;
  }
}
