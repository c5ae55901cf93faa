/**
 * The loop's side of one file that has, or had, the database's name: which of its transactions are read, its pages in memory, the
 * pages on their way. A file that was replaced stays until nobody reads it any more.
 */

import type { CommittedRoot } from "./backend-types.ts";
import { CommittedTree, TreePages } from "./committed-tree.ts";
import { PageCache } from "./page-cache.ts";
import { type FetchIds, PageFetches } from "./page-fetches.ts";
import { Readers } from "./readers.ts";

export class FileReads {
  readonly number: number;
  readonly readers = new Readers();
  readonly cache: PageCache;
  readonly fetches: PageFetches;
  readonly pages: TreePages;
  /** Of the newest root; the marks of older ones are not above it. */
  private highWaterMark: number;

  constructor(root: CommittedRoot, cacheBytesMax: number, ids: FetchIds) {
    this.number = root.file;
    this.highWaterMark = root.highWaterMark;
    this.cache = new PageCache(cacheBytesMax);
    this.fetches = new PageFetches(this.cache, this.readers, root.file, ids);
    this.pages = new TreePages(this.cache, this.fetches);
  }

  /** The tree of a root, which counts as read until it is let go. */
  open(root: CommittedRoot): CommittedTree {
    this.highWaterMark = root.highWaterMark;
    this.readers.add(root.transaction);
    return new CommittedTree(root, this.pages);
  }

  letGo(tree: CommittedTree): void {
    this.readers.remove(tree.transaction);
  }

  takeFetch(): ReturnType<PageFetches["take"]> {
    return this.fetches.take(this.highWaterMark);
  }
}
