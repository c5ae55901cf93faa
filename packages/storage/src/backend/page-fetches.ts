/**
 * Misses become fetches. Reads note the pages that they lacked; `take` makes one fetch of them; its answer fills the cache.
 *
 * - A fetch counts as a reader of the oldest transaction among the reads that it serves, until it is answered: its pages
 *   are not written while the reader thread reads them, and what arrives is what those trees hold.
 * - From the step in which a read missed until its repetition after the answer, what it touched stays in the cache.
 */

import { assert } from "@etcd-ts/base";
import type { PageFetch, PageNode } from "./backend-types.ts";
import type { PageCache } from "./page-cache.ts";
import type { Readers } from "./readers.ts";

/** More pages in one step are left to its repetition. */
const FETCH_PAGES_MAX = 4096;

interface Fetch {
  readonly transaction: number;
  readonly epoch: number;
  readonly pages: ReadonlySet<number>;
}

export interface FetchIds {
  last: number;
}

export class PageFetches {
  private readonly cache: PageCache;
  private readonly readers: Readers;
  private readonly file: number;
  private readonly ids: FetchIds;
  private readonly missing = new Set<number>();
  private missingTransaction = Infinity;
  private readonly underWay = new Map<number, Fetch>();
  private readonly pagesUnderWay = new Set<number>();
  /** Epochs of fetches that were answered since the last `take`: their reads are being repeated. */
  private repeatedEpoch = Infinity;

  /** `file`: whose pages these are; `ids` are those of the fetches of all files. */
  constructor(cache: PageCache, readers: Readers, file: number, ids: FetchIds) {
    this.cache = cache;
    this.readers = readers;
    this.file = file;
    this.ids = ids;
  }

  has(id: number): boolean {
    return this.underWay.has(id);
  }

  /** Fetches not answered yet. */
  get count(): number {
    return this.underWay.size;
  }

  /** A read of a tree of `transaction` lacks this page. */
  note(page: number, transaction: number): void {
    if (this.pagesUnderWay.has(page)) return;
    if (this.missing.size >= FETCH_PAGES_MAX) return;
    this.missing.add(page);
    if (transaction < this.missingTransaction) this.readFrom(transaction);
  }

  /** `highWaterMark` is that of the newest root; marks never shrink, so it bounds the pages of older trees, too. */
  take(highWaterMark: number): PageFetch | undefined {
    this.repeatedEpoch = Infinity;
    const fetch = this.missing.size > 0 ? this.begin(highWaterMark) : undefined;
    this.protect();
    return fetch;
  }

  answer(id: number, nodes: readonly PageNode[]): void {
    const fetch = this.underWay.get(id);
    assert(fetch !== undefined, "pages of a fetch that is not under way");
    assert(nodes.length === fetch.pages.size, "a fetch is answered in part");
    this.underWay.delete(id);
    this.readers.remove(fetch.transaction);
    if (fetch.epoch < this.repeatedEpoch) this.repeatedEpoch = fetch.epoch;
    for (const node of nodes) {
      assert(fetch.pages.has(node.id), "a fetch is answered with another page");
      this.pagesUnderWay.delete(node.id);
      this.cache.insert(node.id, node.bytes);
    }
    this.protect();
  }

  private begin(highWaterMark: number): PageFetch {
    const id = ++this.ids.last;
    const pages = new Set(this.missing);
    this.underWay.set(id, { transaction: this.missingTransaction, epoch: this.cache.epoch, pages });
    for (const page of pages) this.pagesUnderWay.add(page);
    this.missing.clear();
    this.missingTransaction = Infinity;
    this.cache.epoch++;
    return { id, file: this.file, pages: [...pages], highWaterMark };
  }

  /** The coming fetch is a reader from its first miss on: the view that missed may be closed before it begins. */
  private readFrom(transaction: number): void {
    this.readers.add(transaction);
    if (this.missingTransaction !== Infinity) this.readers.remove(this.missingTransaction);
    this.missingTransaction = transaction;
  }

  private protect(): void {
    let from = this.repeatedEpoch;
    for (const fetch of this.underWay.values()) if (fetch.epoch < from) from = fetch.epoch;
    this.cache.protectedFrom = from;
    this.cache.trim();
  }
}
