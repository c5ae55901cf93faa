/**
 * The backend of the loop: overlay over committed tree over page cache. It decides when a batch may close, which
 * transactions are still read, and what a commit's report moves. It does no I/O: batches and fetches go out as data, reports
 * and pages come in.
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
  PageFetch,
  PageNode,
  PinnedRoot,
} from "./backend-types.ts";
import { CommittedTree, TreePages } from "./committed-tree.ts";
import { Overlay } from "./overlay.ts";
import { type OverlayLayer, RECORD_BUCKET } from "./overlay-part.ts";
import { PageCache } from "./page-cache.ts";
import { PageFetches } from "./page-fetches.ts";
import { Readers } from "./readers.ts";
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

const CONSISTENT_INDEX = utf8Bytes("consistent_index");
const TERM = utf8Bytes("term");

export class PagedBackend implements Backend {
  consistentIndex: number;
  committedIndex: number;
  size: number;
  sizeInUse: number;
  private readonly overlay = new Overlay();
  private readonly readers = new Readers();
  private readonly cache: PageCache;
  private readonly fetches: PageFetches;
  private readonly pages: TreePages;
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
    this.cache = new PageCache(options.cacheBytesMax);
    this.fetches = new PageFetches(this.cache, this.readers);
    this.pages = new TreePages(this.cache, this.fetches);
    this.tree = new CommittedTree(start, this.pages);
    this.readers.add(start.transaction);
    this.now = new CurrentView(this.overlay.live(), this.tree, this.pages);
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
    this.readers.add(this.tree.transaction);
    return new StoreView(this.overlay.pin(), this.tree, this.pages, this.endView);
  }

  current(): BackendView {
    this.now.moveTo(this.overlay.live(), this.tree);
    return this.now;
  }

  pinCommitted(): PinnedRoot {
    const { transaction, root, highWaterMark } = this.tree;
    this.readers.add(transaction);
    let pinned = true;
    const release = () => {
      assert(pinned, "a pinned root is released twice");
      pinned = false;
      this.readers.remove(transaction);
    };
    return { transaction, root, highWaterMark, release };
  }

  takeMisses(): PageFetch | undefined {
    return this.fetches.take(this.tree.highWaterMark);
  }

  onPages(fetch: number, nodes: readonly PageNode[]): void {
    this.fetches.answer(fetch, nodes);
  }

  get overlayBytes(): number {
    return this.overlay.bytes;
  }

  get pendingOperations(): number {
    return this.overlay.open.operations;
  }

  /** Views, fetches and pinned roots that are open, for metrics and for tests that look for leaks. */
  get openReaders(): number {
    return this.readers.count - 1;
  }

  get cacheBytes(): number {
    return this.cache.bytes;
  }

  takeBatch(force = false): CommitBatch | undefined {
    if (this.overlay.inFlight !== undefined || this.entryIsOpen) return undefined;
    const indexIsNew = this.consistentIndex !== this.writtenIndex;
    if (this.pendingOperations === 0 && !(force && indexIsNew)) return undefined;
    this.writeIndex();
    const part = this.overlay.seal();
    this.indexInFlight = this.consistentIndex;
    return { id: this.nextBatch++, chunks: part.writer.finish(), oldestReader: this.readers.oldest };
  }

  onCommitted(report: CommitReport): void {
    assert(report.id === this.nextBatch - 1, "a report of another batch than the one in flight");
    assert(report.transaction > this.tree.transaction, "a commit's transaction moves back");
    for (const page of report.writtenPages) this.cache.drop(page);
    for (const { id, bytes } of report.branches) this.cache.insert(id, bytes);
    this.cache.trim();
    this.readers.add(report.transaction);
    this.readers.remove(this.tree.transaction);
    this.tree = new CommittedTree(report, this.pages);
    this.overlay.dropInFlight();
    this.committedIndex = this.indexInFlight;
    this.size = report.size;
    this.sizeInUse = report.sizeInUse;
  }

  invariants(): void {
    this.overlay.invariants();
    this.cache.invariants();
    assert(this.readers.oldest <= this.tree.transaction, "the loop's root is not among the readers");
  }

  private readonly endView = (view: StoreView): void => {
    const { layers, transaction } = view.pinned;
    this.readers.remove(transaction);
    this.overlay.release(layers);
  };

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
  constructor(layers: readonly OverlayLayer[], tree: CommittedTree, pages: TreePages) {
    super(layers, tree, pages, () => assert(false, "the current view is never closed"));
  }

  moveTo(layers: readonly OverlayLayer[], tree: CommittedTree): void {
    this.layers = layers;
    this.tree = tree;
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
