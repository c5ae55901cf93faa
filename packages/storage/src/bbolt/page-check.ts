/**
 * Checks a whole database file: what bbolt's own check reports, and what that cannot see because the file stores no free
 * list. Finds as much as it can; reads every page that a tree reaches.
 *
 * 1. A valid meta page; the file as long as its high-water mark.
 * 2. Every node: id, flags, elements inside of it, keys ascending and not empty, limits of lengths and counts.
 * 3. Keys of a child lie at or after its key in the parent and before the key that follows there.
 * 4. Every page below the mark is exactly one of: meta, stored free list, reached once, free. With an open database: free and
 *    pending pages of its list are disjoint and together just what no tree reaches (no page leaked, none handed out in use).
 */

import { compareBytes } from "@etcd-ts/base";
import type { Disk, DiskFile } from "../disk/disk.ts";
import { DatabaseError, describePage } from "./database-error.ts";
import { findMeta, META_BYTES, type Meta } from "./meta-page.ts";
import { PageBits } from "./page-bits.ts";
import {
  BUCKET_HEADER_BYTES,
  branchChild,
  branchKeyBytes,
  branchKeyStart,
  ELEMENT_BUCKET,
  ELEMENTS_MAX,
  elementCount,
  isLeaf,
  KEY_BYTES_MAX,
  leafFlags,
  leafKeyBytes,
  leafKeyStart,
  leafValueBytes,
  pageOverflow,
  readUint64,
} from "./page-layout.ts";
import { readNode } from "./page-store.ts";
import { readStoredFreeList } from "./stored-free-list.ts";
import { DEPTH_MAX } from "./tree-cursor.ts";

/** Something that is wrong. The text names the file, the page and its offset. */
export interface PageProblem {
  readonly page: number;
  readonly text: string;
}

export interface PageCheckReport {
  readonly problems: readonly PageProblem[];
  readonly pages: number;
  readonly reachedPages: number;
  readonly records: number;
}

/** The lists of an open database, as far as the check needs them. */
export interface PageLists {
  readonly freeListReady: boolean;
  forEachFreeRun(visit: (page: number, pages: number) => void): void;
  forEachPendingRun(visit: (page: number, pages: number) => void): void;
}

/** `lists`: the open database whose last commit the file holds. */
export function checkDatabase(disk: Disk, path: string, lists?: PageLists): PageCheckReport {
  const file = disk.open(path, "read");
  try {
    return new PageCheck(file).run(lists);
  } finally {
    file.close();
  }
}

const PROBLEMS_MAX = 100;

/** The keys that a subtree may hold: from `lo` on and before `hi`. */
interface KeyBounds {
  readonly lo: Uint8Array | undefined;
  readonly hi: Uint8Array | undefined;
}

class PageCheck {
  private readonly file: DiskFile;
  private readonly problems: PageProblem[] = [];
  private pageBytes = 0;
  private highWaterMark = 0;
  private reached = new PageBits(0);
  private reachedPages = 0;
  private records = 0;

  constructor(file: DiskFile) {
    this.file = file;
  }

  run(lists: PageLists | undefined): PageCheckReport {
    const bytes = new Uint8Array(META_BYTES);
    const meta = findMeta((at) => bytes.subarray(0, this.file.read(bytes, 0, META_BYTES, at)));
    if (typeof meta === "string") this.problem(0, meta);
    else this.checkPages(meta, lists);
    const { problems, highWaterMark: pages, reachedPages, records } = this;
    return { problems, pages, reachedPages, records };
  }

  private checkPages(meta: Meta, lists: PageLists | undefined): void {
    this.pageBytes = meta.pageBytes;
    this.highWaterMark = meta.highWaterMark;
    this.reached = new PageBits(meta.highWaterMark);
    this.reach(0, 0);
    this.reach(1, 1);
    if (this.file.size() < meta.highWaterMark * meta.pageBytes) {
      this.problem(meta.highWaterMark - 1, "the file ends before its high-water mark");
    }
    this.checkTree(meta.root, { lo: undefined, hi: undefined }, 0);
    if (meta.freeList !== undefined) this.checkStoredFreeList(meta, meta.freeList);
    if (lists?.freeListReady === true) this.checkLists(lists);
  }

  private checkTree(page: number, bounds: KeyBounds, depth: number): void {
    if (this.problems.length >= PROBLEMS_MAX) return;
    const node = this.readNode(page);
    if (node === undefined) return;
    if (depth > DEPTH_MAX) {
      this.problem(page, "the tree is deeper than any file can hold");
      return;
    }
    for (let i = 0; i <= pageOverflow(node); i++) if (!this.reach(page, page + i)) return;
    if (isLeaf(node)) this.checkLeaf(page, node, bounds);
    else this.checkBranch(page, node, bounds, depth);
  }

  private readNode(page: number): Uint8Array | undefined {
    try {
      return readNode(this.file, page, this.pageBytes, this.highWaterMark);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      this.problems.push({ page, text: error.message });
      return undefined;
    }
  }

  private checkLeaf(page: number, leaf: Uint8Array, bounds: KeyBounds): void {
    const count = elementCount(leaf);
    if (count > ELEMENTS_MAX) this.problem(page, `${count} elements are too many`);
    let previous: Uint8Array | undefined;
    for (let i = 0; i < count; i++) {
      const start = leafKeyStart(leaf, i);
      const valueStart = start + leafKeyBytes(leaf, i);
      const key = leaf.subarray(start, valueStart);
      this.checkKey(page, i, key, previous, bounds);
      previous = key;
      const flags = leafFlags(leaf, i);
      if (flags === ELEMENT_BUCKET) {
        this.checkBucket(page, leaf.subarray(valueStart, valueStart + leafValueBytes(leaf, i)));
      } else if (flags === 0) this.records++;
      else this.problem(page, `element ${i} has unknown flags`);
    }
  }

  private checkBucket(page: number, value: Uint8Array): void {
    const root = readUint64(value, 0);
    const everything = { lo: undefined, hi: undefined };
    if (root === 0) this.checkLeaf(page, value.subarray(BUCKET_HEADER_BYTES), everything);
    else if (value.length !== BUCKET_HEADER_BYTES) this.problem(page, "a bucket's header has a wrong length");
    else this.checkTree(root, everything, 0);
  }

  private checkBranch(page: number, branch: Uint8Array, bounds: KeyBounds, depth: number): void {
    const count = elementCount(branch);
    const keys = Array.from({ length: count }, (_, i) => {
      const start = branchKeyStart(branch, i);
      return branch.subarray(start, start + branchKeyBytes(branch, i));
    });
    if (count > ELEMENTS_MAX) this.problem(page, `${count} elements are too many`);
    for (const [i, key] of keys.entries()) {
      this.checkKey(page, i, key, keys[i - 1], bounds);
      this.checkTree(branchChild(branch, i), { lo: key, hi: keys[i + 1] ?? bounds.hi }, depth + 1);
    }
  }

  private checkKey(
    page: number,
    index: number,
    key: Uint8Array,
    previous: Uint8Array | undefined,
    bounds: KeyBounds,
  ): void {
    if (key.length > KEY_BYTES_MAX) this.problem(page, `the key of element ${index} is too long`);
    if (previous !== undefined && compareBytes(previous, key) >= 0) {
      this.problem(page, `the key of element ${index} is not after the one before it`);
    }
    if (bounds.lo !== undefined && compareBytes(key, bounds.lo) < 0) {
      this.problem(page, `the key of element ${index} is before the page's key in its parent`);
    }
    if (bounds.hi !== undefined && compareBytes(key, bounds.hi) >= 0) {
      this.problem(page, `the key of element ${index} is not before the following key in the parent`);
    }
  }

  private checkStoredFreeList(meta: Meta, page: number): void {
    try {
      const stored = readStoredFreeList(this.file, meta, page);
      for (let i = 0; i < stored.ownPages; i++) this.reach(page, page + i);
      for (const free of stored.pages) {
        if (this.reach(free, free)) this.reachedPages--;
      }
      this.checkAllReached("neither reached nor in the stored free list");
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      this.problems.push({ page, text: error.message });
    }
  }

  private checkLists(lists: PageLists): void {
    const claim = (kind: string) => (first: number, pages: number) => {
      for (let page = first; page < first + pages; page++) {
        if (page >= this.highWaterMark) this.problem(page, `listed as ${kind}, above the high-water mark`);
        else if (this.reached.has(page)) this.problem(page, `listed as ${kind}, and in use or listed twice`);
        else this.reached.add(page);
      }
    };
    lists.forEachFreeRun(claim("free"));
    lists.forEachPendingRun(claim("pending"));
    this.checkAllReached("leaked: neither reached nor free nor pending");
  }

  private checkAllReached(text: string): void {
    for (let page = 0; page < this.highWaterMark; page++) {
      if (!this.reached.has(page)) this.problem(page, text);
    }
  }

  private reach(node: number, page: number): boolean {
    if (page >= this.highWaterMark) this.problem(node, "it reaches beyond the high-water mark");
    else if (this.reached.has(page)) this.problem(node, `page ${page} is used twice`);
    else {
      this.reached.add(page);
      this.reachedPages++;
      return true;
    }
    return false;
  }

  private problem(page: number, text: string): void {
    if (this.problems.length >= PROBLEMS_MAX) return;
    this.problems.push({ page, text: `${this.file.path}: ${describePage(page, this.pageBytes)}: ${text}` });
  }
}
