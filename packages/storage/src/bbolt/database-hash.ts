/**
 * The hash over a whole database, in slices: CRC-32C of each bucket's name followed by all its keys and values, buckets and
 * keys in order. Nothing left out: what `snapshot status` prints. With the records of `skip` left out: the `Hash` call.
 */

import { crc32cUpdate, EMPTY_BYTES, equalBytes } from "@etcd-ts/base";
import { type Bucket, FOUND, type PageSource, rootBucket, TreeCursor } from "./tree-cursor.ts";

export interface SkippedRecord {
  readonly bucket: Uint8Array;
  readonly key: Uint8Array;
}

export class DatabaseHash {
  /** The hash of what has been read; of everything when `advance` has returned true. */
  value = 0;
  records = 0;
  private readonly buckets: TreeCursor;
  private readonly cursor: TreeCursor;
  private readonly skip: readonly SkippedRecord[];
  private skippedHere: readonly SkippedRecord[] = [];
  private inBucket: boolean;
  private inRecord = false;

  /** `pages` must have every page (it reads them from the file). */
  constructor(pages: PageSource, root: number, skip: readonly SkippedRecord[] = []) {
    this.skip = skip;
    this.buckets = new TreeCursor(pages);
    this.cursor = new TreeCursor(pages);
    this.inBucket = this.buckets.seek(rootBucket(root), EMPTY_BYTES) === FOUND;
    this.enterBucket();
  }

  /** Reads about so many bytes more; true at the end. */
  advance(bytes: number): boolean {
    let rest = bytes;
    while (rest > 0 && this.inBucket) {
      if (this.inRecord) rest -= this.addRecord();
      else {
        this.inBucket = this.buckets.next() === FOUND;
        this.enterBucket();
      }
    }
    return !this.inBucket;
  }

  private addRecord(): number {
    const { node, keyStart, keyEnd, valueEnd } = this.cursor;
    if (!this.isSkipped()) this.value = crc32cUpdate(this.value, node, keyStart, valueEnd);
    this.records++;
    this.inRecord = this.cursor.next() === FOUND;
    return valueEnd - keyStart + keyEnd - keyStart;
  }

  private isSkipped(): boolean {
    const { node, keyStart, keyEnd } = this.cursor;
    return this.skippedHere.some(
      ({ key }) => key.length === keyEnd - keyStart && key.every((byte, i) => byte === node[keyStart + i]),
    );
  }

  private enterBucket(): void {
    if (!this.inBucket) return;
    const bucket: Bucket | undefined = this.buckets.bucketHere();
    const name = this.buckets.keyCopy();
    this.value = crc32cUpdate(this.value, name);
    this.skippedHere = this.skip.filter((record) => equalBytes(record.bucket, name));
    this.inRecord = bucket !== undefined && this.cursor.seek(bucket, EMPTY_BYTES) === FOUND;
  }
}
