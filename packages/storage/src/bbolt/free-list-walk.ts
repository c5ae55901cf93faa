/**
 * Finds the free pages of a file that does not store them: all pages below the high-water mark that no tree reaches. The
 * tree is walked level by level, each level in ascending order of pages, so that the disk sees large sequential reads; the
 * work is cut into slices. Memory: three bits a page.
 *
 * The pages of the walked transaction must not be overwritten meanwhile; later commits may go on beside it.
 * A page that is reached twice, out of the file, or no node is a {@link DatabaseError}.
 */

import type { DiskFile } from "../disk/disk.ts";
import type { Meta } from "./meta-page.ts";
import { PageBits } from "./page-bits.ts";
import {
  BUCKET_HEADER_BYTES,
  branchChild,
  ELEMENT_BUCKET,
  elementCount,
  isLeaf,
  leafFlags,
  leafKeyBytes,
  leafKeyStart,
  nodeFault,
  pageOverflow,
  readUint64,
} from "./page-layout.ts";
import { damaged, readNode } from "./page-store.ts";

const READ_BYTES = 1024 * 1024;
/** A gap of so many bytes between two pages that are needed is cheaper to read than to skip. */
const GAP_BYTES = 64 * 1024;

export class FreeListWalk {
  private readonly file: DiskFile;
  private readonly meta: Meta;
  private readonly reached: PageBits;
  /** Pages of this level still to visit, and of the next level. */
  private frontier: PageBits;
  private below: PageBits;
  private position = 0;
  private readonly buffer: Uint8Array;

  /** `freeListPages`: how many pages the stored free list takes, which are not free while this meta page is the durable one. */
  constructor(file: DiskFile, meta: Meta, freeListPages: number) {
    this.file = file;
    this.meta = meta;
    this.reached = new PageBits(meta.highWaterMark);
    this.frontier = new PageBits(meta.highWaterMark);
    this.below = new PageBits(meta.highWaterMark);
    this.buffer = new Uint8Array(Math.max(READ_BYTES, meta.pageBytes));
    this.reached.add(0);
    this.reached.add(1);
    for (let i = 0; i < freeListPages; i++) this.reached.add((meta.freeList ?? 0) + i);
    this.frontier.add(meta.root);
  }

  /** Reads about so many bytes; true when the walk is done. */
  advance(bytes: number): boolean {
    for (let rest = bytes; rest > 0; ) {
      const page = this.frontier.next(this.position);
      if (page >= 0) rest -= this.readFrom(page);
      else if (this.below.next(0) < 0) return true;
      else this.descend();
    }
    return false;
  }

  /** After the walk: visits the runs of pages that no tree reaches. */
  forEachFree(visit: (page: number, pages: number) => void): void {
    const end = this.meta.highWaterMark;
    for (let page = this.reached.nextAbsent(0); page < end; ) {
      const used = this.reached.next(page);
      const runEnd = used < 0 ? end : used;
      visit(page, runEnd - page);
      page = used < 0 ? end : this.reached.nextAbsent(used);
    }
  }

  private descend(): void {
    const done = this.frontier;
    done.clear();
    this.frontier = this.below;
    this.below = done;
    this.position = 0;
  }

  /** Reads from `page` up to the last page of the level that is near enough, and visits those; returns the bytes read. */
  private readFrom(page: number): number {
    const { pageBytes } = this.meta;
    const pagesMax = this.buffer.length / pageBytes;
    let last = page;
    for (;;) {
      const next = this.frontier.next(last + 1);
      if (next < 0 || next - page >= pagesMax || (next - last) * pageBytes > GAP_BYTES) break;
      last = next;
    }
    const bytes = (last - page + 1) * pageBytes;
    const read = this.file.read(this.buffer, 0, bytes, page * pageBytes);
    if (read !== bytes) throw damaged(this.file, page, pageBytes, "the file ends before it or in it");
    for (let at = page; at >= 0 && at <= last; at = this.frontier.next(at + 1)) {
      this.visit(at, this.buffer.subarray((at - page) * pageBytes, bytes));
    }
    this.position = last + 1;
    return bytes;
  }

  /** `bytes` begin with the page and may end before its node does. */
  private visit(page: number, bytes: Uint8Array): void {
    const { pageBytes, highWaterMark } = this.meta;
    const length = (1 + pageOverflow(bytes)) * pageBytes;
    const whole = length <= bytes.length;
    const node = whole ? bytes.subarray(0, length) : readNode(this.file, page, pageBytes, highWaterMark);
    const fault = whole ? nodeFault(node, page) : undefined;
    if (fault !== undefined) throw damaged(this.file, page, pageBytes, fault);
    for (let i = 0; i < length / pageBytes; i++) this.reach(page, page + i);
    if (isLeaf(node)) this.addBuckets(page, node);
    else for (let i = elementCount(node) - 1; i >= 0; i--) this.addBelow(page, branchChild(node, i));
  }

  private reach(node: number, page: number): void {
    if (page >= this.meta.highWaterMark) throw this.fault(node, "it reaches beyond the high-water mark");
    if (this.reached.has(page)) throw this.fault(node, `page ${page} belongs to two nodes`);
    this.reached.add(page);
  }

  private addBuckets(page: number, leaf: Uint8Array): void {
    for (let i = elementCount(leaf) - 1; i >= 0; i--) {
      if ((leafFlags(leaf, i) & ELEMENT_BUCKET) === 0) continue;
      const value = leafKeyStart(leaf, i) + leafKeyBytes(leaf, i);
      const root = readUint64(leaf, value);
      if (root !== 0) this.addBelow(page, root);
      else this.addBuckets(page, leaf.subarray(value + BUCKET_HEADER_BYTES));
    }
  }

  private addBelow(parent: number, child: number): void {
    if (child < 2 || child >= this.meta.highWaterMark) throw this.fault(parent, `it points to page ${child}`);
    if (this.below.has(child) || this.reached.has(child))
      throw this.fault(parent, `page ${child} has two parents`);
    this.below.add(child);
  }

  private fault(page: number, text: string): Error {
    return damaged(this.file, page, this.meta.pageBytes, text);
  }
}
