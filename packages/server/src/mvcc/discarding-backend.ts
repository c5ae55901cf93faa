/** A database that forgets: for benchmarks of what stands above it. A record is remembered as long as its place in a ring is not taken. */

import {
  type Backend,
  type BackendView,
  type CommitBatch,
  MISS,
  type Miss,
  type PageFetch,
  type PinnedRoot,
  type ScanResult,
} from "@etcd-ts/storage";

const RING_BYTES = 1 << 20;

export class DiscardingBackend implements Backend, BackendView {
  readonly openReaders = 0;
  consistentIndex = 0;
  readonly committedIndex = 0;
  readonly overlayBytes = 0;
  pendingOperations = 0;
  readonly size = 0;
  readonly sizeInUse = 0;
  /** What every record reads as. */
  stored = new Uint8Array(0);
  private readonly ring = Buffer.alloc(2 * RING_BYTES);
  private at = 0;

  put(): void {
    this.pendingOperations++;
  }

  delete(): void {
    this.pendingOperations++;
  }

  putRecord(
    _main: number,
    _sub: number,
    _tombstone: boolean,
    source: Uint8Array,
    start: number,
    end: number,
  ): void {
    this.ring.set(source.subarray(start, end), this.at);
    this.at = (this.at + end - start) % RING_BYTES;
    this.pendingOperations++;
  }

  deleteRecord(): void {
    this.pendingOperations++;
  }

  get(): Uint8Array | undefined | Miss {
    return undefined;
  }

  record(): Uint8Array | undefined | Miss {
    return this.stored.length === 0 ? MISS : this.stored;
  }

  scan(): ScanResult {
    return { done: true };
  }

  scanRecords(): Miss | undefined {
    return undefined;
  }

  view(): BackendView {
    return this;
  }

  current(): BackendView {
    return this;
  }

  close(): void {
    // Nothing is held.
  }

  pinCommitted(): PinnedRoot {
    throw new Error("nothing is committed");
  }

  beginEntry(): void {
    // Nothing is kept.
  }

  endEntry(index: number): void {
    this.consistentIndex = index;
  }

  takeMisses(): PageFetch | undefined {
    return undefined;
  }

  onPages(): void {
    // Nothing is missing.
  }

  takeBatch(): CommitBatch | undefined {
    return undefined;
  }

  onMoved(): void {}

  takeEndedFiles(): readonly number[] {
    return [];
  }

  onCommitted(): void {
    // Nothing is committed.
  }
}
