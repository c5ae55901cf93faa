/**
 * Committed pages as the reader thread reads them: by page number, whole nodes, checked, pages that lie near each other in one
 * read. Reads only what some pinned tree reaches, so what it reads does not change under it.
 */

import { nodeFault, PAGE_HEADER_BYTES, pageOverflow } from "../bbolt/page-layout.ts";
import { damaged, readNode } from "../bbolt/page-store.ts";
import type { DiskFile } from "../disk/disk.ts";
import type { PageNode } from "./backend-types.ts";

/** Pages that lie between two wanted ones are read along with them when there are no more than these. */
const GAP_PAGES_MAX = 8;
const RUN_BYTES_MAX = 1024 * 1024;

export class NodeFile {
  readonly file: DiskFile;
  readonly pageBytes: number;
  private scratch = new Uint8Array(0);

  constructor(file: DiskFile, pageBytes: number) {
    this.file = file;
    this.pageBytes = pageBytes;
  }

  /** The nodes of the pages, in ascending order of pages, each in memory of its own. */
  readNodes(pages: readonly number[], highWaterMark: number): PageNode[] {
    const nodes: PageNode[] = [];
    this.forEachRun(pages, (run) => {
      if (run.length === 1) nodes.push(this.readOne(run[0]!, highWaterMark));
      else this.readRun(run, highWaterMark, (id, bytes) => nodes.push({ id, bytes: bytes.slice() }));
    });
    return nodes;
  }

  /**
   * The same into `target`, which has room for `targetBytes(pages)`; what does not lie in it whole (overflow) comes in memory
   * of its own.
   */
  readInto(target: Uint8Array, pages: readonly number[], highWaterMark: number, visit: VisitNode): void {
    let used = 0;
    this.forEachRun(pages, (run) => {
      const bytes = this.runBytes(run);
      this.readAt(target.subarray(used, used + bytes), run, highWaterMark, visit);
      used += bytes;
    });
  }

  targetBytes(pages: readonly number[]): number {
    let bytes = 0;
    this.forEachRun(pages, (run) => {
      bytes += this.runBytes(run);
    });
    return bytes;
  }

  close(): void {
    this.file.close();
  }

  private readOne(page: number, highWaterMark: number): PageNode {
    return { id: page, bytes: readNode(this.file, page, this.pageBytes, highWaterMark) };
  }

  /** Cuts the pages into runs that are worth one read each. */
  private forEachRun(pages: readonly number[], visit: (run: readonly number[]) => void): void {
    const sorted = Float64Array.from(pages).sort();
    const runPagesMax = Math.max(1, Math.floor(RUN_BYTES_MAX / this.pageBytes));
    let run: number[] = [];
    for (const page of sorted) {
      const gap = run.length === 0 ? 0 : page - run[run.length - 1]! - 1;
      if (gap > GAP_PAGES_MAX || (run.length > 0 && page - run[0]! >= runPagesMax)) {
        visit(run);
        run = [];
      }
      run.push(page);
    }
    if (run.length > 0) visit(run);
  }

  private runBytes(run: readonly number[]): number {
    return (run[run.length - 1]! - run[0]! + 1) * this.pageBytes;
  }

  private readRun(run: readonly number[], highWaterMark: number, visit: VisitNode): void {
    const bytes = this.runBytes(run);
    if (this.scratch.length < bytes) this.scratch = new Uint8Array(bytes);
    this.readAt(this.scratch.subarray(0, bytes), run, highWaterMark, visit);
  }

  private readAt(target: Uint8Array, run: readonly number[], highWaterMark: number, visit: VisitNode): void {
    const first = run[0]!;
    const read = this.file.read(target, 0, target.length, first * this.pageBytes);
    for (const page of run) {
      const at = (page - first) * this.pageBytes;
      const overflow = at + PAGE_HEADER_BYTES <= read ? pageOverflow(target.subarray(at)) : Infinity;
      const end = at + (1 + overflow) * this.pageBytes;
      if (end > read || page + overflow >= highWaterMark) {
        visit(page, readNode(this.file, page, this.pageBytes, highWaterMark));
        continue;
      }
      const node = target.subarray(at, end);
      const fault = nodeFault(node, page);
      if (fault !== undefined) throw damaged(this.file, page, this.pageBytes, fault);
      visit(page, node);
    }
  }
}

export type VisitNode = (page: number, node: Uint8Array) => void;
