/**
 * The database as the core sees it: buckets of byte keys and values, written in batches by the commit thread and read
 * through an overlay of what is applied and not yet committed (`STORAGE` rules "Commits" and "Reads").
 *
 * A read never blocks on the disk. When a page is not in the loop's cache the read answers {@link MISS} and the pages
 * that it lacked are noted; the core asks the host for them and repeats the read when they have arrived.
 */

/** The ten buckets of the original, in the order of their names in the file. Permanent: names reach the disk. */
export const BUCKETS = [
  "alarm",
  "auth",
  "authRoles",
  "authUsers",
  "cluster",
  "key",
  "lease",
  "members",
  "members_removed",
  "meta",
] as const;

export type BucketName = (typeof BUCKETS)[number];

/** The answer of a read that needs pages which are not in memory. */
export const MISS: unique symbol = Symbol("page miss");
export type Miss = typeof MISS;

export type Visit = (key: Uint8Array, value: Uint8Array) => boolean;

/** One moment of the database: a root and the overlay parts that existed when it began. Close it: it pins pages. */
export interface BackendView {
  /** The bytes stay valid until the view is closed; copy what is kept longer. */
  get(bucket: BucketName, key: Uint8Array): Uint8Array | undefined | Miss;
  /**
   * Visits keys in `[lo, hi)` ascending (`hi` undefined: to the end of the bucket) until `visit` returns false. Returns
   * MISS when a page was missing; `resumeKey` then is where to go on: what was visited before need not be visited again.
   */
  scan(
    bucket: BucketName,
    lo: Uint8Array,
    hi: Uint8Array | undefined,
    visit: Visit,
  ): { readonly done: true } | { readonly done: false; readonly resumeKey: Uint8Array };
  close(): void;
}

/** What the core calls. Writes go to the open batch and are seen by reads at once. */
export interface Backend {
  put(bucket: BucketName, key: Uint8Array, value: Uint8Array): void;
  delete(bucket: BucketName, key: Uint8Array): void;
  /** A view of now. For one short read prefer {@link current}. */
  view(): BackendView;
  /** The view of now for use within this call of `step` only; never closed, never kept. */
  current(): BackendView;
  /** Pages that reads lacked since the last call, for the host to fetch; cleared by the call. */
  takeMisses(): readonly number[];
  /** Pages fetched by the host arrive. */
  onPages(pages: readonly { readonly id: number; readonly bytes: Uint8Array }[]): void;

  /** Bytes of the overlay; the core stops applying above its limit. */
  readonly overlayBytes: number;
  /** Operations in the open batch. */
  readonly pendingOperations: number;
  /** Closes the open batch for the commit thread; undefined while one is in flight or nothing is pending. */
  takeBatch(): CommitBatch | undefined;
  /** The commit thread's report: moves the root, drops that batch's part of the overlay. */
  onCommitted(report: CommitReport): void;

  /** Length of the database file in bytes, as the original reports `dbSize`. */
  readonly size: number;
  /** Bytes of pages in use, as the original reports `dbSizeInUse`. */
  readonly sizeInUse: number;
}

/** Packed operations for the commit thread, in order; the format is the backend's own and never reaches the disk. */
export interface CommitBatch {
  readonly id: number;
  readonly operations: Uint8Array;
  /** Pages freed by transactions at or after this id are still used by a reader. */
  readonly oldestReader: number;
}

export interface CommitReport {
  readonly id: number;
  /** Transaction id, root page and high-water mark of the durable meta page. */
  readonly transaction: number;
  readonly root: number;
  readonly highWaterMark: number;
  /** First pages of the nodes that were written: the loop drops them from its cache. */
  readonly writtenPages: readonly number[];
  readonly size: number;
  readonly sizeInUse: number;
}
