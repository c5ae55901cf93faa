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

/** Return false to stop. Must not write to the backend. */
export type Visit = (key: Uint8Array, value: Uint8Array) => boolean;

/**
 * A record of bucket `key`; its stored value is `bytes[start, end)`, valid only within the call: copy what is kept. Return
 * false to stop. Must not write to the backend.
 */
export type VisitRecord = (
  main: number,
  sub: number,
  tombstone: boolean,
  bytes: Uint8Array,
  start: number,
  end: number,
) => boolean;

export type ScanResult = { readonly done: true } | { readonly done: false; readonly resumeKey: Uint8Array };

/**
 * One moment of the database: a root and the overlay parts that existed when it began. Close it: it pins pages.
 *
 * Bytes handed out by `get`, `record` and `scan` are never written again, whatever is committed later; they may keep a
 * whole page in memory, so copy what is kept for long.
 */
export interface BackendView {
  get(bucket: BucketName, key: Uint8Array): Uint8Array | undefined | Miss;
  /** The stored value of the record of bucket `key` at this revision; `get` without building the key. */
  record(main: number, sub: number, tombstone: boolean): Uint8Array | undefined | Miss;
  /**
   * Visits keys in `[lo, hi)` ascending (`hi` undefined: to the end of the bucket) until `visit` returns false. Not done
   * when a page was missing; `resumeKey` then is where to go on: what was visited before need not be visited again.
   */
  scan(bucket: BucketName, lo: Uint8Array, hi: Uint8Array | undefined, visit: Visit): ScanResult;
  /**
   * Visits the records of bucket `key` from revision (`main`, `sub`) on, up to and without main revision `mainEnd`
   * (`Infinity`: to the end), until `visit` returns false. MISS when a page was missing: go on behind the last record
   * visited (with `sub + 1`). Allocates nothing per record.
   */
  scanRecords(main: number, sub: number, mainEnd: number, visit: VisitRecord): Miss | undefined;
  close(): void;
}

/**
 * What the core calls. Writes go to the open batch and are seen by reads at once; the bytes given are copied.
 *
 * The core's round: `beginEntry`, writes, `endEntry`, any number of times; `takeBatch` when 100 ms or 10,000 operations
 * are due (or a snapshot, a hash forces it), posted to the commit thread; its report to `onCommitted`. After reads of a
 * step: `takeMisses`, posted to the reader thread; its answer to `onPages`, and before the next `takeMisses` the waiting
 * reads are repeated (until then all that they touched stays in the cache, so that they cannot starve).
 */
export interface Backend {
  /** Views that pin a version of the database. */
  readonly openReaders: number;
  put(bucket: BucketName, key: Uint8Array, value: Uint8Array): void;
  delete(bucket: BucketName, key: Uint8Array): void;
  /** The hot `put` into bucket `key`: the stored value is `source[start, end)`. Fastest when revisions ascend. */
  putRecord(
    main: number,
    sub: number,
    tombstone: boolean,
    source: Uint8Array,
    start: number,
    end: number,
  ): void;
  deleteRecord(main: number, sub: number, tombstone: boolean): void;

  /** Brackets the writes of one raft entry, over as many steps as it takes: no batch closes between. */
  beginEntry(): void;
  /** The entry is whole. The last one's index and term go into `meta` with the batch that holds it. */
  endEntry(index: number, term: number): void;
  /** The index at {@link endEntry} last, else the stored one; 0 when there is none. */
  readonly consistentIndex: number;
  /** The index of the entry up to which everything is in durable pages: what workers see. */
  readonly committedIndex: number;

  /** A view of now. For one short read prefer {@link current}. */
  view(): BackendView;
  /** The view of now for use within this call of `step` only; never closed, never kept. */
  current(): BackendView;
  /** Pins the committed root for work of a thread (snapshot, hash): it sees what was committed by now. */
  pinCommitted(): PinnedRoot;

  /** Pages that reads lacked since the last call, for the host to fetch; undefined when there are none. */
  takeMisses(): PageFetch | undefined;
  /** The nodes of a fetch arrive; whole (with their overflow pages) and checked by the reader thread. */
  onPages(fetch: number, nodes: readonly PageNode[]): void;

  /** Bytes of what is applied and not yet committed; the core stops applying above its limit. */
  readonly overlayBytes: number;
  /** Operations in the open batch. */
  readonly pendingOperations: number;
  /**
   * Closes the open batch; undefined while one is in flight, an entry is open or nothing is pending. With `force` an applied
   * index that is not committed yet counts as pending, too (entries without writes, before a snapshot).
   */
  takeBatch(force?: boolean): CommitBatch | undefined;
  /** The commit thread's report: moves the root, drops that batch's part of the overlay. */
  onCommitted(report: CommitReport): void;
  /** A defragmented file has taken the place: moves the root to it. Open views go on with the file that they began with. */
  onMoved(report: MoveReport): void;
  /** Files that nobody reads any more since the last call: the reader thread may close them. */
  takeEndedFiles(): readonly number[];

  /** Bytes of the pages below the high-water mark, as the original reports `dbSize` (the file itself grows in steps). */
  readonly size: number;
  /** Bytes of pages in use, as the original reports `dbSizeInUse`. */
  readonly sizeInUse: number;
}

/** A durable meta page: what a tree is read from. */
export interface CommittedRoot {
  /** Which of the files that had the database's name, from 1: a defragmentation puts a new one in the place. */
  readonly file: number;
  readonly transaction: number;
  /** Page of the root bucket: the tree of buckets. */
  readonly root: number;
  /** Every page of the tree has an id below it. */
  readonly highWaterMark: number;
}

export interface PinnedRoot extends CommittedRoot {
  release(): void;
}

export interface PageNode {
  readonly id: number;
  readonly bytes: Uint8Array;
}

/** Pages to read, by id. A fetch under way counts as a reader, so its pages are not reused before it is answered. */
export interface PageFetch {
  readonly id: number;
  readonly file: number;
  readonly pages: readonly number[];
  /** What the pages and their overflow have to lie below. */
  readonly highWaterMark: number;
}

/** Packed operations for the commit thread, in order; the format is the backend's own and never reaches the disk. */
export interface CommitBatch {
  readonly id: number;
  /** In shared memory, whole operations each; neither side writes them any more. */
  readonly chunks: readonly Uint8Array[];
  /**
   * The oldest transaction of `file` whose root the loop, a view, a fetch or a pinned root still reads: what transactions up to
   * it freed may be overwritten.
   */
  readonly oldestReader: number;
  /** The file that the loop reads: of another one nothing may be overwritten. */
  readonly file: number;
}

/** A defragmented file with what the last commit that was reported left. */
export interface MoveReport extends CommittedRoot {
  readonly size: number;
  readonly sizeInUse: number;
}

export interface CommitTimes {
  /** Taking the operations in. */
  readonly takeMs: number;
  /** Ordering them, and writing the changed nodes anew, merging and splitting them on the way. */
  readonly treesMs: number;
  /** Writing the pages, the syncs, the meta page. */
  readonly writeMs: number;
}

export interface CommitReport extends CommittedRoot {
  /** The batch's id. */
  readonly id: number;
  /** First pages of the nodes that were written: the loop drops them from its cache. */
  readonly writtenPages: readonly number[];
  /** Of these the ones that reads begin with: the loop takes them into its cache. */
  readonly branches: readonly PageNode[];
  readonly size: number;
  readonly sizeInUse: number;
  /** What the parts of the commit took; undefined when there was nothing to write. */
  readonly times?: CommitTimes;
}
