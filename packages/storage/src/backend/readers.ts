/**
 * Which transactions are still read, and how many times each: views, fetches under way, pinned roots and the loop's own root.
 * A page that such a transaction's tree reaches is not written again.
 */

import { assert } from "@etcd-ts/base";

export class Readers {
  /** Ascending, each with at least one reader. */
  private readonly transactions: number[] = [];
  private readonly counts: number[] = [];

  /** Readers in all. */
  get count(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** Infinity when nobody reads. */
  get oldest(): number {
    return this.transactions[0] ?? Infinity;
  }

  add(transaction: number): void {
    let at = this.transactions.length;
    while (at > 0 && this.transactions[at - 1]! > transaction) at--;
    if (at > 0 && this.transactions[at - 1] === transaction) {
      this.counts[at - 1] = this.counts[at - 1]! + 1;
      return;
    }
    this.transactions.splice(at, 0, transaction);
    this.counts.splice(at, 0, 1);
  }

  remove(transaction: number): void {
    const at = this.transactions.indexOf(transaction);
    assert(at >= 0, "a reader ends that never began");
    this.counts[at] = this.counts[at]! - 1;
    if (this.counts[at]! > 0) return;
    this.transactions.splice(at, 1);
    this.counts.splice(at, 1);
  }
}
