/**
 * The tree of one durable meta page: its buckets, found when they are first asked for and remembered. Reads answer from the
 * page cache and note what is missing.
 */

import { utf8Bytes } from "@etcd-ts/base";
import { ABSENT, type Bucket, DatabaseError, MISSED, rootBucket, TreeCursor } from "../bbolt/index.ts";
import { BUCKETS, type CommittedRoot } from "./backend-types.ts";
import type { PageCache } from "./page-cache.ts";
import type { PageFetches } from "./page-fetches.ts";

const BUCKET_NAMES = BUCKETS.map(utf8Bytes);

export class CommittedTree implements CommittedRoot {
  readonly file: number;
  readonly transaction: number;
  readonly root: number;
  readonly highWaterMark: number;
  readonly pages: TreePages;
  /** By place in BUCKETS; undefined: not looked up yet, null: the file has no such bucket. */
  private readonly buckets: (Bucket | null | undefined)[] = new Array(BUCKETS.length).fill(undefined);

  constructor(root: CommittedRoot, pages: TreePages) {
    this.file = root.file;
    this.transaction = root.transaction;
    this.root = root.root;
    this.highWaterMark = root.highWaterMark;
    this.pages = pages;
  }

  /** The bucket; null when the file has none, undefined when a page is missing. */
  bucket(index: number): Bucket | null | undefined {
    const known = this.buckets[index];
    return known === undefined ? this.findBucket(index) : known;
  }

  /** The cursor's last step was MISSED. */
  noteMiss(cursor: TreeCursor): void {
    this.pages.fetches.note(cursor.missing, this.transaction);
  }

  notePages(pages: readonly number[]): void {
    for (const page of pages) this.pages.fetches.note(page, this.transaction);
  }

  private findBucket(index: number): Bucket | null | undefined {
    const cursor = this.pages.lookup;
    const outcome = cursor.get(rootBucket(this.root), BUCKET_NAMES[index]!);
    if (outcome === MISSED) {
      this.noteMiss(cursor);
      return undefined;
    }
    const bucket = outcome === ABSENT ? null : cursor.bucketHere();
    if (bucket === undefined) throw new DatabaseError(`"${BUCKETS[index]}" is not a bucket`);
    this.buckets[index] = bucket;
    return bucket;
  }
}

/** What all trees share: the cache, the fetches, and cursors for single lookups and for scans. */
export class TreePages {
  readonly cache: PageCache;
  readonly fetches: PageFetches;
  /** For lookups that end before another begins. */
  readonly lookup: TreeCursor;
  private readonly idle: TreeCursor[] = [];

  constructor(cache: PageCache, fetches: PageFetches) {
    this.cache = cache;
    this.fetches = fetches;
    this.lookup = new TreeCursor(cache);
  }

  /** A cursor of one's own, for a scan; give it back. */
  takeCursor(): TreeCursor {
    return this.idle.pop() ?? new TreeCursor(this.cache);
  }

  giveCursor(cursor: TreeCursor): void {
    this.idle.push(cursor);
  }
}
