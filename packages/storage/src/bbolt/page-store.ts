/**
 * Pages of the open file for the one writer: reads whole nodes, hands out places for new ones, gathers what is written into
 * few large writes and grows the file. It knows of the running transaction only its number and what it has written.
 *
 * Written nodes lie in a staging buffer until it is full or flushed. They go to places that no durable tree uses, so they
 * may reach the disk at any moment before the meta page.
 */

import { assert, EMPTY_BYTES } from "@etcd-ts/base";
import type { DiskFile } from "../disk/disk.ts";
import { DatabaseError, describePage } from "./database-error.ts";
import type { ElementList } from "./element-list.ts";
import { FreeList } from "./free-list.ts";
import { NodeCache } from "./node-cache.ts";
import { encodeNode } from "./node-encoder.ts";
import { isLeaf, nodeFault, PAGE_HEADER_BYTES, pageOverflow } from "./page-layout.ts";

const STAGING_BYTES = 1024 * 1024;
const SLAB_PAGES = 32;
/** The original maps 10 GiB from the start, so that its file always grows to what is needed and this step more. */
const GROWTH_BYTES = 16 * 1024 * 1024;
const CACHE_BYTES = 16 * 1024 * 1024;

export interface PageStoreOptions {
  /** Bytes of nodes that are kept in memory. */
  readonly cacheBytes?: number;
  /** By how much the file grows beyond what is needed. */
  readonly growthBytes?: number;
}

export class PageStore {
  readonly freeList = new FreeList();
  readonly pageBytes: number;
  readonly file: DiskFile;
  /** The transaction that is being written. */
  transaction = 0;
  /** Every page in use has a smaller number; moves as the transaction takes pages. */
  highWaterMark: number;
  /** First pages of the nodes that the transaction wrote. */
  readonly written = new Set<number>();

  private fileBytes: number;
  private readonly growthBytes: number;
  private readonly cache: NodeCache;
  private readonly staging: Uint8Array;
  private readonly stagingView: DataView;
  private stagingUsed = 0;
  private slab: Uint8Array = EMPTY_BYTES;
  private slabUsed = 0;
  /** Nodes in the staging buffer, in order: page and offset. */
  private readonly staged = new Map<number, number>();

  constructor(file: DiskFile, pageBytes: number, highWaterMark: number, options: PageStoreOptions) {
    this.file = file;
    this.pageBytes = pageBytes;
    this.highWaterMark = highWaterMark;
    this.fileBytes = file.size();
    this.cache = new NodeCache(options.cacheBytes ?? CACHE_BYTES);
    this.growthBytes = options.growthBytes ?? GROWTH_BYTES;
    this.staging = new Uint8Array(Math.max(STAGING_BYTES, 4 * pageBytes));
    this.stagingView = new DataView(this.staging.buffer);
  }

  /** The whole node of a page. What the transaction wrote comes as a copy: the staging buffer is used again. */
  read(page: number): Uint8Array {
    const stagedAt = this.staged.get(page);
    if (stagedAt !== undefined) {
      const overflow = pageOverflow(this.staging.subarray(stagedAt));
      return this.staging.slice(stagedAt, stagedAt + (1 + overflow) * this.pageBytes);
    }
    const cached = this.cache.get(page);
    if (cached !== undefined) return cached;
    const node = readNode(this.file, page, this.pageBytes, this.highWaterMark, this.pageOfSlab());
    if (!isLeaf(node)) this.cache.put(page, node.slice());
    return node;
  }

  /** Takes a node out of the tree: returns it, and its pages are freed. */
  take(page: number): Uint8Array {
    const node = this.read(page);
    const pages = 1 + pageOverflow(node);
    this.cache.drop(page);
    if (this.written.delete(page)) {
      this.staged.delete(page);
      this.freeList.giveBack(page, pages);
    } else this.releasePages(page, pages);
    return node;
  }

  releasePages(page: number, pages: number): void {
    this.freeList.freed(this.transaction, page, pages);
  }

  /** Writes elements `[lo, hi)`, which take `nodeBytes`, as a node; returns its page. `keep`: it is needed again soon. */
  write(list: ElementList, lo: number, hi: number, nodeBytes: number, keep: boolean): number {
    const pages = Math.ceil(nodeBytes / this.pageBytes);
    const bytes = pages * this.pageBytes;
    const page = this.allocate(pages);
    if (bytes > this.staging.length) {
      this.writeLarge(list, lo, hi, page, bytes);
      return page;
    }
    if (this.stagingUsed + bytes > this.staging.length) this.flush();
    const at = this.stagingUsed;
    encodeNode(list, lo, hi, this.staging, this.stagingView, at, at + bytes, page, pages - 1);
    this.staged.set(page, at);
    this.stagingUsed += bytes;
    if (keep) this.cache.put(page, this.staging.slice(at, at + bytes));
    return page;
  }

  /** Hands everything that is staged to the disk, adjacent pages in one write. */
  flush(): void {
    if (this.staged.size === 0) {
      this.stagingUsed = 0;
      return;
    }
    this.growFile();
    let runPage = -1;
    let runAt = 0;
    let runEnd = 0;
    for (const [page, at] of this.staged) {
      const adjacent = at === runEnd && page * this.pageBytes === runPage * this.pageBytes + runEnd - runAt;
      if (!adjacent || runPage < 0) {
        this.writeRun(runPage, runAt, runEnd);
        runPage = page;
        runAt = at;
      }
      runEnd = at + (1 + pageOverflow(this.staging.subarray(at, at + PAGE_HEADER_BYTES))) * this.pageBytes;
    }
    this.writeRun(runPage, runAt, runEnd);
    this.staged.clear();
    this.stagingUsed = 0;
  }

  /** Room for one page. Leaves are read once and forgotten, so that many of them share one piece of memory. */
  private pageOfSlab(): Uint8Array {
    if (this.slabUsed === this.slab.length) {
      this.slab = new Uint8Array(SLAB_PAGES * this.pageBytes);
      this.slabUsed = 0;
    }
    this.slabUsed += this.pageBytes;
    return this.slab.subarray(this.slabUsed - this.pageBytes, this.slabUsed);
  }

  private allocate(pages: number): number {
    let page = this.freeList.take(pages);
    if (page === undefined) {
      page = this.highWaterMark;
      this.highWaterMark += pages;
    }
    this.cache.drop(page);
    this.written.add(page);
    return page;
  }

  private writeRun(page: number, start: number, end: number): void {
    if (start < end) this.file.write(this.staging, start, end - start, page * this.pageBytes);
  }

  private writeLarge(list: ElementList, lo: number, hi: number, page: number, bytes: number): void {
    const node = new Uint8Array(bytes);
    encodeNode(list, lo, hi, node, new DataView(node.buffer), 0, bytes, page, bytes / this.pageBytes - 1);
    this.growFile();
    this.file.write(node, 0, bytes, page * this.pageBytes);
  }

  /** The file is longer than the high-water mark before a page beyond its end is written. */
  private growFile(): void {
    const needed = (this.highWaterMark + 1) * this.pageBytes;
    if (needed <= this.fileBytes) return;
    this.file.truncate(needed + this.growthBytes);
    this.fileBytes = needed + this.growthBytes;
  }
}

/** Reads and checks the whole node of a page, into `room` if it is one page; a damaged one is a {@link DatabaseError}. */
export function readNode(
  file: DiskFile,
  page: number,
  pageBytes: number,
  highWaterMark: number,
  room: Uint8Array = new Uint8Array(pageBytes),
): Uint8Array {
  if (page < 2 || page >= highWaterMark) {
    throw new DatabaseError(`${file.path}: a branch or bucket points to page ${page}, outside of the file`);
  }
  let node = room;
  readFully(file, node, page, pageBytes);
  const overflow = pageOverflow(node);
  if (overflow > 0) {
    if (page + overflow >= highWaterMark) {
      throw damaged(file, page, pageBytes, `${overflow} overflow pages reach beyond the file`);
    }
    node = new Uint8Array((1 + overflow) * pageBytes);
    readFully(file, node, page, pageBytes);
  }
  const fault = nodeFault(node, page);
  if (fault !== undefined) throw damaged(file, page, pageBytes, fault);
  return node;
}

function readFully(file: DiskFile, target: Uint8Array, page: number, pageBytes: number): void {
  const read = file.read(target, 0, target.length, page * pageBytes);
  if (read !== target.length) throw damaged(file, page, pageBytes, "the file ends before it");
}

export function damaged(file: DiskFile, page: number, pageBytes: number, fault: string): DatabaseError {
  assert(fault.length > 0, "a fault has a text");
  return new DatabaseError(`${file.path}: ${describePage(page, pageBytes)} is damaged: ${fault}`);
}
