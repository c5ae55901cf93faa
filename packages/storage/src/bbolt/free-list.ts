/**
 * Which pages a commit may overwrite. The rule: a page that transaction T freed belongs to the trees of transactions before
 * T. It may be overwritten by a transaction after T once T's meta page is durable (until then a crash goes back to a tree
 * that has the page) and once every root in use is of T or later (`oldestReader >= T`). Until both hold it is *pending*.
 *
 * While the list is not yet rebuilt from the file nothing is handed out and nothing is released: the walk counts as a reader
 * of the transaction that the file was opened at.
 *
 * Invariant: free, pending and reachable pages are disjoint, and with the two meta pages they are all below the high-water mark.
 */

import { assert } from "@etcd-ts/base";
import { FreeMap } from "./free-map.ts";

interface PendingPages {
  readonly transaction: number;
  /** Pairs: first page, number of pages. */
  readonly runs: number[];
}

export class FreeList {
  /** False until the free pages of the opened file are known. */
  ready = false;
  /** Pages freed and not yet reusable. */
  pendingCount = 0;
  private readonly free = new FreeMap();
  /** Ascending by transaction. */
  private readonly pending: PendingPages[] = [];

  get freeCount(): number {
    return this.free.count;
  }

  /** A run of free pages, the lowest; undefined when there is none: then the file grows. */
  take(pages: number): number | undefined {
    if (!this.ready) return undefined;
    const page = this.free.find(pages);
    if (page !== undefined) this.free.remove(page, pages);
    return page;
  }

  /** The pages belong to the tree before `transaction` and not to its own. */
  freed(transaction: number, page: number, pages: number): void {
    let last = this.pending[this.pending.length - 1];
    assert(last === undefined || last.transaction <= transaction, "pages freed by an earlier transaction");
    if (last === undefined || last.transaction !== transaction) {
      last = { transaction, runs: [] };
      this.pending.push(last);
    }
    last.runs.push(page, pages);
    this.pendingCount += pages;
  }

  /** Pages that the running transaction took and did not need after all: nobody has seen them. */
  giveBack(page: number, pages: number): void {
    this.free.add(page, pages);
  }

  /** Makes reusable what transactions up to and including `transaction` freed. */
  releaseTo(transaction: number): void {
    if (!this.ready) return;
    let released = 0;
    for (const { transaction: freedBy, runs } of this.pending) {
      if (freedBy > transaction) break;
      for (let i = 0; i < runs.length; i += 2) {
        this.free.add(runs[i]!, runs[i + 1]!);
        this.pendingCount -= runs[i + 1]!;
      }
      released++;
    }
    this.pending.splice(0, released);
  }

  /** The free pages of the opened file are known. */
  becomeReady(forEachFree: (visit: (page: number, pages: number) => void) => void): void {
    assert(!this.ready, "free list is known already");
    forEachFree((page, pages) => this.free.add(page, pages));
    this.ready = true;
  }

  forEachFree(visit: (page: number, pages: number) => void): void {
    this.free.forEachRun(visit);
  }

  forEachPending(visit: (page: number, pages: number) => void): void {
    for (const { runs } of this.pending) {
      for (let i = 0; i < runs.length; i += 2) visit(runs[i]!, runs[i + 1]!);
    }
  }
}
