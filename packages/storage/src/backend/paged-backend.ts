/**
 * The backend of the loop: overlay over committed tree over page cache. It decides when a batch may close, which
 * transactions are still read, and what a report moves: a commit's to a new root, a defragmentation's to a new file. It does no
 * I/O: batches and fetches go out as data, reports and pages come in.
 *
 * Invariants: one batch in flight at most; the loop's own root is always among the readers; a batch carries the oldest
 * reader as of its closing, and every view that begins later reads a root at or after it.
 */

import { assert, utf8Bytes } from "@etcd-ts/base";
import type {
  Backend,
  BackendView,
  BucketName,
  CommitBatch,
  CommitReport,
  CommittedRoot,
  MoveReport,
  PageFetch,
  PageNode,
  PinnedRoot,
} from "./backend-types.ts";
import type { CommittedTree } from "./committed-tree.ts";
import { FileReads } from "./file-reads.ts";
import { Overlay } from "./overlay.ts";
import { type OverlayLayer, RECORD_BUCKET } from "./overlay-part.ts";
import type { FetchIds } from "./page-fetches.ts";
import { minorOf, recordKeyFault, recordMain, recordMinor } from "./record-key.ts";
import { bucketIndex, StoreView } from "./store-view.ts";

export interface BackendOptions {
  /** Bound of the loop's page cache. */
  readonly cacheBytesMax: number;
}

/** The database at its opening: its durable root, and what `meta` says. */
export interface BackendStart extends CommittedRoot {
  readonly consistentIndex: number;
  readonly term: number;
  readonly size: number;
  readonly sizeInUse: number;
}

const NONE: readonly number[] = [];
const CONSISTENT_INDEX = utf8Bytes("consistent_index");
const TERM = utf8Bytes("term");

export class PagedBackend implements Backend {
  consistentIndex: number;
  committedIndex: number;
  size: number;
  sizeInUse: number;
  private readonly overlay = new Overlay();
  private readonly options: BackendOptions;
  private readonly fetchIds: FetchIds = { last: 0 };
  private file: FileReads;
  /** Files that were replaced and are still read. */
  private oldFiles: FileReads[] = [];
  private tree: CommittedTree;
  private readonly now: CurrentView;
  private entryIsOpen = false;
  private term: number;
  /** Index and term as the open batch has them, or the last one that was closed. */
  private writtenIndex: number;
  private writtenTerm: number;
  private nextBatch = 1;
  /** Index that the batch in flight makes durable. */
  private indexInFlight = 0;

  constructor(start: BackendStart, options: BackendOptions) {
    this.options = options;
    this.file = new FileReads(start, options.cacheBytesMax, this.fetchIds);
    this.tree = this.file.open(start);
    this.now = new CurrentView(this.overlay.live(), this.tree);
    this.consistentIndex = start.consistentIndex;
    this.committedIndex = start.consistentIndex;
    this.writtenIndex = start.consistentIndex;
    this.term = start.term;
    this.writtenTerm = start.term;
    this.size = start.size;
    this.sizeInUse = start.sizeInUse;
  }

  put(bucket: BucketName, key: Uint8Array, value: Uint8Array): void {
    const index = bucketIndex(bucket);
    if (index !== RECORD_BUCKET) {
      this.overlay.open.setSmall(index, key, value);
      return;
    }
    mustBeRecordKey(key);
    const minor = recordMinor(key, 0, key.length);
    this.overlay.open.putRecord(recordMain(key, 0), minor, value, 0, value.length);
  }

  delete(bucket: BucketName, key: Uint8Array): void {
    const index = bucketIndex(bucket);
    if (index !== RECORD_BUCKET) {
      this.overlay.open.setSmall(index, key, undefined);
      return;
    }
    mustBeRecordKey(key);
    this.overlay.open.deleteRecord(recordMain(key, 0), recordMinor(key, 0, key.length));
  }

  putRecord(
    main: number,
    sub: number,
    tombstone: boolean,
    source: Uint8Array,
    start: number,
    end: number,
  ): void {
    this.overlay.open.putRecord(main, minorOf(sub, tombstone), source, start, end);
  }

  deleteRecord(main: number, sub: number, tombstone: boolean): void {
    this.overlay.open.deleteRecord(main, minorOf(sub, tombstone));
  }

  beginEntry(): void {
    assert(!this.entryIsOpen, "an entry begins inside another");
    this.entryIsOpen = true;
  }

  endEntry(index: number, term: number): void {
    assert(this.entryIsOpen, "an entry ends that never began");
    assert(index > this.consistentIndex, "the consistent index moves back");
    this.entryIsOpen = false;
    this.consistentIndex = index;
    this.term = term;
  }

  view(): BackendView {
    const { file, tree } = this;
    file.readers.add(tree.transaction);
    return new StoreView(this.overlay.pin(), tree, file.pages, (view) => {
      file.readers.remove(tree.transaction);
      this.overlay.release(view.pinnedLayers);
    });
  }

  current(): BackendView {
    this.now.moveTo(this.overlay.live(), this.tree);
    return this.now;
  }

  pinCommitted(): PinnedRoot {
    const { file, transaction, root, highWaterMark } = this.tree;
    const { readers } = this.file;
    readers.add(transaction);
    let pinned = true;
    const release = () => {
      assert(pinned, "a pinned root is released twice");
      pinned = false;
      readers.remove(transaction);
    };
    return { file, transaction, root, highWaterMark, release };
  }

  takeMisses(): PageFetch | undefined {
    for (const old of this.oldFiles) {
      const fetch = old.takeFetch();
      if (fetch !== undefined) return fetch;
    }
    return this.file.takeFetch();
  }

  onPages(fetch: number, nodes: readonly PageNode[]): void {
    const file = this.oldFiles.find(({ fetches }) => fetches.has(fetch)) ?? this.file;
    file.fetches.answer(fetch, nodes);
  }

  get overlayBytes(): number {
    return this.overlay.bytes;
  }

  get pendingOperations(): number {
    return this.overlay.open.operations;
  }

  /** Views, fetches and pinned roots that are open, for metrics and for tests that look for leaks. */
  get openReaders(): number {
    return this.oldFiles.reduce((sum, { readers }) => sum + readers.count, this.file.readers.count - 1);
  }

  get cacheBytes(): number {
    return this.oldFiles.reduce((sum, { cache }) => sum + cache.bytes, this.file.cache.bytes);
  }

  takeBatch(force = false): CommitBatch | undefined {
    if (this.overlay.inFlight !== undefined || this.entryIsOpen) return undefined;
    const indexIsNew = this.consistentIndex !== this.writtenIndex;
    if (this.pendingOperations === 0 && !(force && indexIsNew)) return undefined;
    this.writeIndex();
    const part = this.overlay.seal();
    this.indexInFlight = this.consistentIndex;
    const { number, readers } = this.file;
    return {
      id: this.nextBatch++,
      chunks: part.writer.finish(),
      oldestReader: readers.oldest,
      file: number,
    };
  }

  onCommitted(report: CommitReport): void {
    assert(report.id === this.nextBatch - 1, "a report of another batch than the one in flight");
    assert(report.transaction > this.tree.transaction, "a commit's transaction moves back");
    assert(report.file === this.file.number, "a commit in a file that the loop does not know of");
    const { cache } = this.file;
    for (const page of report.writtenPages) cache.drop(page);
    for (const { id, bytes } of report.branches) cache.insert(id, bytes);
    cache.trim();
    const before = this.tree;
    this.tree = this.file.open(report);
    this.file.letGo(before);
    this.overlay.dropInFlight();
    this.committedIndex = this.indexInFlight;
    this.size = report.size;
    this.sizeInUse = report.sizeInUse;
  }

  onMoved(report: MoveReport): void {
    assert(report.file > this.file.number, "a move to an older file");
    this.file.letGo(this.tree);
    this.oldFiles.push(this.file);
    this.file = new FileReads(report, this.options.cacheBytesMax, this.fetchIds);
    this.tree = this.file.open(report);
    this.size = report.size;
    this.sizeInUse = report.sizeInUse;
  }

  takeEndedFiles(): readonly number[] {
    if (this.oldFiles.length === 0) return NONE;
    const ended = this.oldFiles.filter(({ readers }) => readers.count === 0);
    this.oldFiles = this.oldFiles.filter(({ readers }) => readers.count > 0);
    return ended.map(({ number }) => number);
  }

  invariants(): void {
    this.overlay.invariants();
    for (const { cache } of [this.file, ...this.oldFiles]) cache.invariants();
    const { oldest } = this.file.readers;
    assert(oldest <= this.tree.transaction, "the loop's root is not among the readers");
  }

  /** Index and term of the last whole entry, in the batch that holds its writes. */
  private writeIndex(): void {
    if (this.consistentIndex !== this.writtenIndex) {
      this.put("meta", CONSISTENT_INDEX, encodeUint64(this.consistentIndex));
      this.writtenIndex = this.consistentIndex;
    }
    if (this.term !== this.writtenTerm) {
      this.put("meta", TERM, encodeUint64(this.term));
      this.writtenTerm = this.term;
    }
  }
}

/** The view of now: it moves along and pins nothing. */
class CurrentView extends StoreView {
  constructor(layers: readonly OverlayLayer[], tree: CommittedTree) {
    super(layers, tree, tree.pages, () => assert(false, "the current view is never closed"));
  }

  moveTo(layers: readonly OverlayLayer[], tree: CommittedTree): void {
    this.layers = layers;
    this.tree = tree;
    this.pages = tree.pages;
  }
}

function mustBeRecordKey(key: Uint8Array): void {
  assert(recordKeyFault(key, 0, key.length) === undefined, "a key of bucket key is no revision");
}

function encodeUint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(value / 2 ** 32));
  view.setUint32(4, value >>> 0);
  return bytes;
}
