/**
 * The database: a file in bbolt's format, version 2, with a single writer and commits in place. Synchronous, over a `Disk`.
 *
 *     apply (any number of batches) -> commit: changed nodes to free places · sync · meta page · sync -> report
 *
 * Invariants: the durable tree is never overwritten: a crash at any moment leaves the tree of the last commit that reported, or
 * that of the one under way. Which pages may be overwritten is the free list's rule. After a failure (a `DiskError`, a
 * `DatabaseError`) the object refuses every further call: nothing is retried.
 *
 * Not responsible for: reads of others (they read committed pages by themselves, `TreeCursor`), what is applied and
 * not yet committed, when to commit, threads.
 */

import { assert, compareBytes, EMPTY_BYTES, utf8Bytes } from "@etcd-ts/base";
import type { Disk, DiskFile } from "../disk/disk.ts";
import { bucketHeader } from "./bucket-header.ts";
import { DatabaseError } from "./database-error.ts";
import { ElementList } from "./element-list.ts";
import { FreeListWalk } from "./free-list-walk.ts";
import { encodeMeta, findMeta, META_BYTES, type Meta } from "./meta-page.ts";
import { OperationReader } from "./operation-batch.ts";
import { OperationQueue } from "./operation-queue.ts";
import { ELEMENT_BUCKET } from "./page-layout.ts";
import { PageStore, type PageStoreOptions } from "./page-store.ts";
import { readStoredFreeList } from "./stored-free-list.ts";
import { type Bucket, FOUND, rootBucket, TreeCursor } from "./tree-cursor.ts";
import { FLAGS_SHIFT, type TreeRoot, TreeWriter } from "./tree-writer.ts";

export interface BucketOptions {
  readonly name: string;
  /** How full a page is left when it is split: 0.9 where keys only ascend, else 0.5. */
  readonly fill: number;
}

export interface DatabaseOptions extends PageStoreOptions {
  /** The buckets that operations name by their index here. */
  readonly buckets: readonly BucketOptions[];
  /** False: commits do not wait for the disk (`--unsafe-no-fsync`). */
  readonly sync?: boolean;
  /** False: the file's lock is not taken (it is held elsewhere). */
  readonly lock?: boolean;
  /** For the durations that a commit tells; without it they are 0. */
  readonly nowMs?: () => number;
}

/** What a commit made durable. */
export interface Commit {
  readonly transaction: number;
  readonly root: number;
  readonly highWaterMark: number;
  /** First pages of the nodes that were written. */
  readonly writtenPages: readonly number[];
  readonly size: number;
  readonly sizeInUse: number;
  /** How long the trees took, and the file; undefined when nothing was written. */
  readonly times?: { readonly treesMs: number; readonly writeMs: number };
}

export class Database {
  private readonly file: DiskFile;
  private readonly options: DatabaseOptions;
  private readonly store: PageStore;
  private readonly writer: TreeWriter;
  private readonly names: readonly Uint8Array[];
  private readonly queues: readonly OperationQueue[];
  private readonly metaPage: Uint8Array;
  /** The durable meta. */
  private meta: Meta;
  /** Finds the free pages, until they are known. */
  private walk: FreeListWalk | undefined;
  private state: "open" | "failed" | "closed" = "open";

  /** Opens an existing file; undefined when somebody else holds its lock. Throws DatabaseError on a damaged one. */
  static open(disk: Disk, path: string, options: DatabaseOptions): Database | undefined {
    const file = disk.open(path, "write");
    try {
      if (options.lock === false || file.tryLock("flock-exclusive")) return new Database(file, options);
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
    return undefined;
  }

  private constructor(file: DiskFile, options: DatabaseOptions) {
    const meta = readMeta(file);
    this.file = file;
    this.options = options;
    this.meta = meta;
    this.store = new PageStore(file, meta.pageBytes, meta.highWaterMark, options);
    this.writer = new TreeWriter(this.store);
    this.names = options.buckets.map((bucket) => utf8Bytes(bucket.name));
    this.queues = options.buckets.map(() => new OperationQueue());
    this.metaPage = new Uint8Array(meta.pageBytes);
    this.walk = new FreeListWalk(file, meta, this.releaseStoredFreeList());
  }

  get transaction(): number {
    return this.meta.transaction;
  }

  get root(): number {
    return this.meta.root;
  }

  get pageBytes(): number {
    return this.meta.pageBytes;
  }

  get highWaterMark(): number {
    return this.meta.highWaterMark;
  }

  /** What the original reports as `dbSize`: pages below the high-water mark. (The file itself is longer: it grows in steps.) */
  get size(): number {
    return this.meta.highWaterMark * this.meta.pageBytes;
  }

  /**
   * What the original reports as `dbSizeInUse`: the size without the free pages. Pages freed and not yet reusable count as
   * used. While the free pages are not known it equals the size.
   */
  get sizeInUse(): number {
    return this.size - this.store.freeList.freeCount * this.meta.pageBytes;
  }

  /** Whether the free pages are known; until then commits take pages past the high-water mark. */
  get freeListReady(): boolean {
    return this.walk === undefined;
  }

  /** Reads about so many bytes more to find the free pages; true when they are known. */
  findFreePages(bytes: number): boolean {
    return this.guarded(() => {
      if (this.walk === undefined) return true;
      if (!this.walk.advance(bytes)) return false;
      const walk = this.walk;
      this.walk = undefined;
      this.store.freeList.becomeReady((visit) => walk.forEachFree(visit));
      return true;
    });
  }

  /** The free and the pending pages, for the page check. */
  forEachFreeRun(visit: (page: number, pages: number) => void): void {
    this.store.freeList.forEachFree(visit);
  }

  forEachPendingRun(visit: (page: number, pages: number) => void): void {
    this.store.freeList.forEachPending(visit);
  }

  /**
   * Adds the operations of a batch ({@link OperationPacker}) to the next commit. The bytes must not change until then. Any
   * operation on a bucket that the file lacks makes the bucket.
   */
  apply(batch: Uint8Array): void {
    assert(this.state === "open", "database is closed or has failed");
    const reader = new OperationReader(batch);
    let bucket = -1;
    let queue: OperationQueue | undefined;
    let source = 0;
    while (reader.next()) {
      if (reader.bucket !== bucket || queue === undefined) {
        bucket = reader.bucket;
        queue = this.queues[bucket];
        assert(queue !== undefined, "operation on a bucket that the database does not know");
        source = queue.addSource(batch);
      }
      queue.add(source, reader.keyAt, reader.keyBytes, reader.valueBytes, reader.kind);
    }
  }

  /**
   * Makes what was applied durable. `oldestReader` is the transaction of the oldest root that anybody still reads (at most
   * the last commit's). Without anything applied nothing is written, and the report is that of the last commit.
   */
  commit(options: { readonly oldestReader: number }): Commit {
    return this.guarded(() => {
      const buckets = this.changedBucketsByName();
      if (buckets.length === 0) return this.report([]);
      const { nowMs = noClock } = this.options;
      const transaction = this.meta.transaction + 1;
      this.store.transaction = transaction;
      this.store.freeList.releaseTo(Math.min(options.oldestReader, this.meta.transaction));
      const beganAtMs = nowMs();
      const root = this.writeTrees(buckets);
      const treesAtMs = nowMs();
      const highWaterMark = this.store.highWaterMark;
      this.store.flush();
      this.sync();
      this.writeMeta({ ...this.meta, root, transaction, highWaterMark, freeList: undefined });
      this.sync();
      const times = { treesMs: treesAtMs - beganAtMs, writeMs: nowMs() - treesAtMs };
      return { ...this.report(this.takeWritten()), times };
    });
  }

  /** Closes the file, and with it the lock goes. What was applied and not committed is lost. */
  close(): void {
    if (this.state !== "closed") this.file.close();
    this.state = "closed";
  }

  private report(writtenPages: readonly number[]): Commit {
    const { transaction, root, highWaterMark } = this.meta;
    return { transaction, root, highWaterMark, writtenPages, size: this.size, sizeInUse: this.sizeInUse };
  }

  /** Writes the changed buckets and the root bucket over them; returns the root page. */
  private writeTrees(buckets: readonly number[]): number {
    const cursor = new TreeCursor({ node: (page) => this.store.read(page) });
    const headers = new ElementList();
    for (const index of buckets) {
      const name = this.names[index]!;
      const bucket = findBucket(cursor, this.meta.root, name);
      const operations = this.queues[index]!;
      const root = this.writer.rewrite(bucket, operations.sorted(), this.options.buckets[index]!.fill, true);
      operations.clear();
      addHeader(headers, name, root, bucket?.sequence ?? 0);
    }
    const root = this.writer.rewrite(rootBucket(this.meta.root), headers, 0.5, false);
    assert("page" in root, "the root bucket is never inline");
    return root.page;
  }

  private changedBucketsByName(): number[] {
    const changed = [...this.queues.keys()].filter((index) => this.queues[index]!.count > 0);
    return changed.sort((a, b) => compareBytes(this.names[a]!, this.names[b]!));
  }

  private writeMeta(meta: Meta): void {
    const page = meta.transaction % 2 === 0 ? 0 : 1;
    encodeMeta(this.metaPage, 0, page, meta);
    this.file.write(this.metaPage, 0, this.metaPage.length, page * meta.pageBytes);
    this.meta = meta;
  }

  private takeWritten(): number[] {
    const written = Array.from(this.store.written);
    this.store.written.clear();
    return written;
  }

  private sync(): void {
    if (this.options.sync !== false) this.file.sync();
  }

  /**
   * A stored free list is not believed but found anew: if it were wrong, a page in use would be overwritten. Its own pages are
   * freed by the next commit, which stores none. Returns how many those are.
   */
  private releaseStoredFreeList(): number {
    const page = this.meta.freeList;
    if (page === undefined) return 0;
    const { ownPages } = readStoredFreeList(this.file, this.meta, page);
    this.store.transaction = this.meta.transaction + 1;
    this.store.releasePages(page, ownPages);
    return ownPages;
  }

  /** Runs `work`; when it throws, the database has failed. */
  private guarded<T>(work: () => T): T {
    assert(this.state === "open", "database is closed or has failed");
    this.state = "failed";
    const result = work();
    this.state = "open";
    return result;
  }
}

function readMeta(file: DiskFile): Meta {
  const bytes = new Uint8Array(META_BYTES);
  const meta = findMeta((position) => bytes.subarray(0, file.read(bytes, 0, META_BYTES, position)));
  if (typeof meta === "string") throw new DatabaseError(`${file.path} is not a database: ${meta}`);
  const needed = meta.highWaterMark * meta.pageBytes;
  if (file.size() < needed) {
    throw new DatabaseError(`${file.path} is cut off: ${file.size()} bytes instead of at least ${needed}`);
  }
  return meta;
}

function findBucket(cursor: TreeCursor, root: number, name: Uint8Array): Bucket | undefined {
  return cursor.get(rootBucket(root), name) === FOUND ? cursor.bucketHere() : undefined;
}

/** An operation on the root bucket that points the bucket's entry to its new tree. */
function addHeader(headers: ElementList, name: Uint8Array, root: TreeRoot, sequence: number): void {
  const page = "page" in root ? root.page : 0;
  const entry = bucketHeader(name, page, sequence, "inline" in root ? root.inline : EMPTY_BYTES);
  const valueBytes = entry.length - name.length;
  headers.add(headers.addSource(entry), 0, name.length, valueBytes, ELEMENT_BUCKET << FLAGS_SHIFT);
}

function noClock(): number {
  return 0;
}
