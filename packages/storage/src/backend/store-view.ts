/**
 * A root together with overlay layers, read as one: the newest layer that knows a key decides, else the tree.
 */

import { assert, compareBytes } from "@etcd-ts/base";
import { ABSENT, type Bucket, FOUND, MISSED, type TreeCursor } from "../bbolt/index.ts";
import {
  type BackendView,
  BUCKETS,
  type BucketName,
  MISS,
  type Miss,
  type ScanResult,
  type Visit,
  type VisitRecord,
} from "./backend-types.ts";
import { copyBytes } from "./bytes-copy.ts";
import type { CommittedTree, TreePages } from "./committed-tree.ts";
import { type OverlayLayer, RECORD_BUCKET } from "./overlay-part.ts";
import {
  encodeRecordKey,
  minorOf,
  RECORD_KEY_BYTES,
  type RecordBound,
  recordBound,
  recordKeyFault,
  recordMain,
  recordMinor,
  TOMBSTONE_KEY_BYTES,
  writeRecordKey,
} from "./record-key.ts";
import { RecordMerge } from "./record-merge.ts";

const DONE: ScanResult = { done: true };
const END: RecordBound = { main: Infinity, minor: 0 };
/** Pages asked for together when a scan of a small bucket meets a missing one. */
const PREFETCH_PAGES = 32;

const BUCKET_INDEX: Readonly<Record<BucketName, number>> = Object.fromEntries(
  BUCKETS.map((name, index) => [name, index]),
) as Record<BucketName, number>;

export function bucketIndex(name: BucketName): number {
  return BUCKET_INDEX[name];
}

// One lookup at a time is made on the loop: its key is written here.
const putKey = new Uint8Array(RECORD_KEY_BYTES);
const tombstoneKey = new Uint8Array(TOMBSTONE_KEY_BYTES);

export class StoreView implements BackendView {
  protected layers: readonly OverlayLayer[];
  protected tree: CommittedTree;
  protected pages: TreePages;
  private readonly end: (view: StoreView) => void;
  private isOpen = true;

  constructor(
    layers: readonly OverlayLayer[],
    tree: CommittedTree,
    pages: TreePages,
    end: (view: StoreView) => void,
  ) {
    this.layers = layers;
    this.tree = tree;
    this.pages = pages;
    this.end = end;
  }

  /** For whoever made it. */
  get pinnedLayers(): readonly OverlayLayer[] {
    return this.layers;
  }

  get(bucket: BucketName, key: Uint8Array): Uint8Array | undefined | Miss {
    assert(this.isOpen, "a closed view is read");
    const index = bucketIndex(bucket);
    if (index === RECORD_BUCKET) return this.getRecord(key);
    for (const layer of this.layers) {
      const map = layer.maps[index];
      const at = map === undefined ? -1 : map.find(key);
      if (at >= 0) return map!.values[at];
    }
    return this.lookUp(index, key);
  }

  record(main: number, sub: number, tombstone: boolean): Uint8Array | undefined | Miss {
    assert(this.isOpen, "a closed view is read");
    return this.recordAt(main, minorOf(sub, tombstone));
  }

  scan(bucket: BucketName, lo: Uint8Array, hi: Uint8Array | undefined, visit: Visit): ScanResult {
    assert(this.isOpen, "a closed view is read");
    const index = bucketIndex(bucket);
    return index === RECORD_BUCKET ? this.scanKeys(lo, hi, visit) : this.scanSmall(index, lo, hi, visit);
  }

  scanRecords(main: number, sub: number, mainEnd: number, visit: VisitRecord): Miss | undefined {
    assert(this.isOpen, "a closed view is read");
    const lo = { main, minor: minorOf(sub, false) };
    return this.walkRecords(lo, { main: mainEnd, minor: 0 }, visit) ? undefined : MISS;
  }

  close(): void {
    assert(this.isOpen, "a view is closed twice");
    this.isOpen = false;
    this.end(this);
  }

  private getRecord(key: Uint8Array): Uint8Array | undefined | Miss {
    if (recordKeyFault(key, 0, key.length) !== undefined) return undefined;
    return this.recordAt(recordMain(key, 0), recordMinor(key, 0, key.length));
  }

  private recordAt(main: number, minor: number): Uint8Array | undefined | Miss {
    for (const layer of this.layers) {
      const late = layer.late.length === 0 ? -1 : layer.late.find(main, minor, layer.late.length);
      if (late >= 0) return layer.part.valueOf(layer.late, late);
      const run = layer.part.ascending;
      const at = run.find(main, minor, layer.ascendingEnd);
      if (at >= 0) return layer.part.valueOf(run, at);
    }
    const key = (minor & 1) === 0 ? putKey : tombstoneKey;
    writeRecordKey(key, 0, main, minor);
    return this.lookUp(RECORD_BUCKET, key);
  }

  private lookUp(index: number, key: Uint8Array): Uint8Array | undefined | Miss {
    const bucket = this.tree.bucket(index);
    if (bucket === undefined) return MISS;
    if (bucket === null) return undefined;
    const cursor = this.pages.lookup;
    const outcome = cursor.get(bucket, key);
    if (outcome === ABSENT) return undefined;
    if (outcome === FOUND) return cursor.node.subarray(cursor.keyEnd, cursor.valueEnd);
    this.tree.noteMiss(cursor);
    return MISS;
  }

  private walkRecords(lo: RecordBound, hi: RecordBound, visit: VisitRecord): boolean {
    const bucket = this.tree.bucket(RECORD_BUCKET);
    if (bucket === undefined) return false;
    const cursor = this.pages.takeCursor();
    const complete = new RecordMerge(this.layers, this.tree, bucket, cursor, lo, hi).walk(visit);
    this.pages.giveCursor(cursor);
    return complete;
  }

  private scanKeys(lo: Uint8Array, hi: Uint8Array | undefined, visit: Visit): ScanResult {
    let resumeKey = lo;
    const complete = this.walkRecords(
      recordBound(lo),
      hi === undefined ? END : recordBound(hi),
      (main, sub, tombstone, bytes, start, end) => {
        const key = encodeRecordKey(main, sub, tombstone);
        resumeKey = behind(key);
        return visit(key, copyBytes(bytes, start, end));
      },
    );
    return complete ? DONE : { done: false, resumeKey };
  }

  private scanSmall(index: number, lo: Uint8Array, hi: Uint8Array | undefined, visit: Visit): ScanResult {
    const bucket = this.tree.bucket(index);
    if (bucket === undefined) return { done: false, resumeKey: lo };
    const cursor = this.pages.takeCursor();
    const resumeKey = this.mergeSmall(index, bucket, cursor, lo, hi, visit);
    if (resumeKey !== undefined) this.noteAhead(cursor, bucket!, resumeKey, hi);
    this.pages.giveCursor(cursor);
    return resumeKey === undefined ? DONE : { done: false, resumeKey };
  }

  /** Where to go on after a missing page; undefined when it is through. */
  private mergeSmall(
    index: number,
    bucket: Bucket | null,
    cursor: TreeCursor,
    lo: Uint8Array,
    hi: Uint8Array | undefined,
    visit: Visit,
  ): Uint8Array | undefined {
    const maps = this.layers.map((layer) => layer.maps[index]).filter((map) => map !== undefined);
    const indexes = maps.map((map) => map.lowerBound(lo));
    let outcome = bucket === null ? ABSENT : cursor.seek(bucket, lo);
    for (let resumeKey = lo; outcome !== MISSED; ) {
      let key = outcome === FOUND ? cursor.keyCopy() : undefined;
      let newest = -1;
      maps.forEach((map, i) => {
        const candidate = map.keys[indexes[i]!];
        const order = candidate === undefined ? 1 : key === undefined ? -1 : compareBytes(candidate, key);
        if (order < 0 || (order === 0 && newest < 0)) {
          key = candidate;
          newest = i;
        }
      });
      if (key === undefined || (hi !== undefined && compareBytes(key, hi) >= 0)) return undefined;
      const value = newest < 0 ? cursor.valueCopy() : maps[newest]!.values[indexes[newest]!];
      const inTree = outcome === FOUND && compareBytes(cursor.keyCopy(), key) === 0;
      maps.forEach((map, i) => {
        const candidate = map.keys[indexes[i]!];
        if (candidate !== undefined && compareBytes(candidate, key!) === 0) indexes[i] = indexes[i]! + 1;
      });
      resumeKey = behind(key);
      if (value !== undefined && !visit(key, value)) return undefined;
      if (inTree) outcome = cursor.next();
      if (outcome === MISSED) return resumeKey;
    }
    return lo;
  }

  private noteAhead(cursor: TreeCursor, bucket: Bucket, lo: Uint8Array, hi: Uint8Array | undefined): void {
    this.tree.noteMiss(cursor);
    const ahead: number[] = [];
    cursor.collectMissing(bucket, lo, hi, PREFETCH_PAGES, ahead);
    this.tree.notePages(ahead);
  }
}

/** The first key behind `key`. */
function behind(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}
