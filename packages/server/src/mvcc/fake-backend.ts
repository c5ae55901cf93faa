/**
 * A database in memory for tests: sorted records, small buckets as maps, and pages that are missing now and then: a page of
 * records answers MISS once, at random, before it can be read. Views are of now only; nothing is ever committed.
 */

import { assert, keyBytes, keyString, type Random } from "@etcd-ts/base";
import {
  type Backend,
  type BackendView,
  type BucketName,
  type CommitBatch,
  MISS,
  type Miss,
  type PageFetch,
  type PinnedRoot,
  type ScanResult,
  type Visit,
  type VisitRecord,
} from "@etcd-ts/storage";

export interface FakeRecord {
  readonly main: number;
  readonly sub: number;
  readonly tombstone: boolean;
  readonly value: Uint8Array;
}

const PAGE_RECORDS = 4;

export class FakeBackend implements Backend, BackendView {
  readonly openReaders = 0;
  readonly records: FakeRecord[] = [];
  readonly small = new Map<string, Uint8Array>();
  consistentIndex = 0;
  readonly committedIndex = 0;
  readonly overlayBytes = 0;
  pendingOperations = 0;
  readonly size = 0;
  readonly sizeInUse = 0;
  misses = 0;
  private readonly random: Random | undefined;
  private readonly inMemory = new Set<number>();

  /** Without `random` no page is ever missing. */
  constructor(random?: Random) {
    this.random = random;
  }

  /** Pages may be missing again. */
  forgetPages(): void {
    this.inMemory.clear();
  }

  put(bucket: BucketName, key: Uint8Array, value: Uint8Array): void {
    assert(bucket !== "key", "records are put as records");
    this.small.set(`${bucket}/${keyString(key)}`, new Uint8Array(value));
  }

  delete(bucket: BucketName, key: Uint8Array): void {
    this.small.delete(`${bucket}/${keyString(key)}`);
  }

  putRecord(
    main: number,
    sub: number,
    tombstone: boolean,
    source: Uint8Array,
    start: number,
    end: number,
  ): void {
    const record = { main, sub, tombstone, value: new Uint8Array(source.subarray(start, end)) };
    this.records.splice(this.indexFrom(main, sub), 0, record);
    this.pendingOperations++;
  }

  deleteRecord(main: number, sub: number, tombstone: boolean): void {
    const at = this.indexFrom(main, sub);
    const record = this.records[at];
    assert(
      record?.main === main && record.sub === sub && record.tombstone === tombstone,
      "a record is there to go",
    );
    this.records.splice(at, 1);
    this.pendingOperations++;
  }

  get(bucket: BucketName, key: Uint8Array): Uint8Array | undefined {
    return this.small.get(`${bucket}/${keyString(key)}`);
  }

  record(main: number, sub: number, tombstone: boolean): Uint8Array | undefined | Miss {
    if (this.isMissing(main)) return MISS;
    const record = this.records[this.indexFrom(main, sub)];
    if (record?.main !== main || record.sub !== sub || record.tombstone !== tombstone) return undefined;
    return record.value;
  }

  scan(bucket: BucketName, lo: Uint8Array, hi: Uint8Array | undefined, visit: Visit): ScanResult {
    const names = [...this.small.keys()].filter((name) => name.startsWith(`${bucket}/`)).sort();
    for (const name of names) {
      const key = keyBytes(name.slice(bucket.length + 1));
      if (Buffer.compare(key, lo) < 0 || (hi !== undefined && Buffer.compare(key, hi) >= 0)) continue;
      if (!visit(key, this.small.get(name) as Uint8Array)) break;
    }
    return { done: true };
  }

  scanRecords(main: number, sub: number, mainEnd: number, visit: VisitRecord): Miss | undefined {
    for (let i = this.indexFrom(main, sub); i < this.records.length; i++) {
      const record = this.records[i] as FakeRecord;
      if (record.main >= mainEnd) break;
      if (this.isMissing(record.main)) return MISS;
      // Not at the start of a buffer, as in a page.
      const bytes = new Uint8Array(record.value.length + 3);
      bytes.set(record.value, 3);
      if (!visit(record.main, record.sub, record.tombstone, bytes, 3, bytes.length)) break;
    }
    return undefined;
  }

  view(): BackendView {
    return this;
  }

  current(): BackendView {
    return this;
  }

  close(): void {
    // A view of now holds nothing.
  }

  pinCommitted(): PinnedRoot {
    throw new Error("the fake has no committed pages");
  }

  beginEntry(): void {
    // Entries are the core's concern.
  }

  endEntry(index: number): void {
    this.consistentIndex = index;
  }

  takeMisses(): PageFetch | undefined {
    return undefined;
  }

  onPages(): void {
    // What was missing once is there the next time.
  }

  takeBatch(): CommitBatch | undefined {
    return undefined;
  }

  onMoved(): void {}

  takeEndedFiles(): readonly number[] {
    return [];
  }

  onCommitted(): void {
    // Nothing is ever committed.
  }

  private indexFrom(main: number, sub: number): number {
    let lo = 0;
    let hi = this.records.length;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      const record = this.records[middle] as FakeRecord;
      if (record.main < main || (record.main === main && record.sub < sub)) lo = middle + 1;
      else hi = middle;
    }
    return lo;
  }

  private isMissing(main: number): boolean {
    if (this.random === undefined) return false;
    const page = Math.floor(main / PAGE_RECORDS);
    if (this.inMemory.has(page)) return false;
    this.inMemory.add(page);
    if (this.random.below(2) === 0) return false;
    this.misses++;
    return true;
  }
}
