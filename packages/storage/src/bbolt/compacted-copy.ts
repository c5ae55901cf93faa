/**
 * Copies what one committed tree of a database holds into a new file, packed and without free pages, in slices: what
 * defragmentation and compacted snapshots are made of. The tree's pages must not be overwritten meanwhile: the copy counts
 * as a reader of its transaction.
 */

import { EMPTY_BYTES } from "@etcd-ts/base";
import type { DiskFile } from "../disk/disk.ts";
import { BulkWriter } from "./bulk-writer.ts";
import { DatabaseError, describePage } from "./database-error.ts";
import type { Meta } from "./meta-page.ts";
import { pageId } from "./page-layout.ts";
import { readNode } from "./page-store.ts";
import { FOUND, rootBucket, TreeCursor } from "./tree-cursor.ts";

export class CompactedCopy {
  private readonly from: DiskFile;
  private readonly pageBytes: number;
  private readonly writer: BulkWriter;
  private readonly buckets: TreeCursor;
  private readonly records: TreeCursor;
  /** Whether the cursors stand on a bucket, and on a record of it. */
  private inBucket: boolean;
  private inRecord = false;

  /** Copies the tree of `meta` in `from` into `to`, which is empty; pages of the copy have `pageBytes` (default: the same). */
  constructor(from: DiskFile, meta: Meta, to: DiskFile, pageBytes = meta.pageBytes) {
    const pages = { node: (page: number) => readNode(from, page, meta.pageBytes, meta.highWaterMark) };
    this.from = from;
    this.pageBytes = meta.pageBytes;
    this.writer = new BulkWriter(to, pageBytes);
    this.buckets = new TreeCursor(pages);
    this.records = new TreeCursor(pages);
    this.inBucket = this.buckets.seek(rootBucket(meta.root), EMPTY_BYTES) === FOUND;
    this.enterBucket();
  }

  /** Copies about so many bytes of records; true when all are copied: then `finish`. */
  advance(bytes: number): boolean {
    let rest = bytes;
    while (rest > 0 && this.inBucket) {
      if (!this.inRecord) this.nextBucket();
      else rest -= this.copyRecord();
    }
    return !this.inBucket;
  }

  /** Writes the meta pages and syncs the copy. */
  finish(transaction: number): Meta {
    return this.writer.finish(transaction);
  }

  private copyRecord(): number {
    const { records } = this;
    if (records.flags !== 0) throw new DatabaseError(`${this.from.path}: a bucket within a bucket`);
    const { node, keyStart, keyEnd, valueEnd } = records;
    if (!this.writer.append(node, keyStart, keyEnd, valueEnd)) {
      const id = pageId(node);
      const page = id === 0 ? "an inline bucket" : describePage(id, this.pageBytes);
      throw new DatabaseError(`${this.from.path}: ${page} is damaged: its keys are out of order`);
    }
    const bytes = records.valueEnd - records.keyStart;
    this.inRecord = records.next() === FOUND;
    return bytes;
  }

  private nextBucket(): void {
    this.inBucket = this.buckets.next() === FOUND;
    this.enterBucket();
  }

  private enterBucket(): void {
    if (!this.inBucket) return;
    const bucket = this.buckets.bucketHere();
    if (bucket === undefined) throw new DatabaseError(`${this.from.path}: a record outside of a bucket`);
    this.writer.startBucket(this.buckets.keyCopy(), bucket.sequence);
    this.inRecord = this.records.seek(bucket, EMPTY_BYTES) === FOUND;
  }
}
