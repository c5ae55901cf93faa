/**
 * Records on their way from the reader thread to the loop at the start: whole leaf pages in shared memory, as they were read,
 * and in typed arrays behind them where each record lies. Nothing is copied record by record, and nothing allocated.
 *
 *     memory = count u32 · dataBytesMax u32 · main f64 x N · minor u32 x N · start u32 x N · end u32 x N · data
 *
 * A chunk belongs to one thread at a time: the reader fills it and posts it, the loop visits it and gives it back.
 */

import { assert } from "@etcd-ts/base";
import { pageId, pageOverflow } from "../bbolt/page-layout.ts";
import type { VisitRecord } from "./backend-types.ts";

const DATA_BYTES = 1024 * 1024;
/** Smaller records than 64 bytes fill the arrays before the data. */
export const CHUNK_RECORDS = 16 * 1024;
const HEADER_BYTES = 8;
const INDEX_BYTES = CHUNK_RECORDS * (8 + 4 + 4 + 4);

export class RecordChunk {
  readonly memory: SharedArrayBuffer;
  readonly mains: Float64Array;
  /** Twice the sub revision, plus one for a tombstone. */
  readonly minors: Uint32Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly data: Uint8Array;
  private readonly header: Uint32Array;
  private dataBytes = 0;

  constructor(memory: SharedArrayBuffer = RecordChunk.memoryFor(0)) {
    this.memory = memory;
    this.header = new Uint32Array(memory, 0, 2);
    this.mains = new Float64Array(memory, HEADER_BYTES, CHUNK_RECORDS);
    const wordsAt = HEADER_BYTES + 8 * CHUNK_RECORDS;
    this.minors = new Uint32Array(memory, wordsAt, CHUNK_RECORDS);
    this.starts = new Uint32Array(memory, wordsAt + 4 * CHUNK_RECORDS, CHUNK_RECORDS);
    this.ends = new Uint32Array(memory, wordsAt + 8 * CHUNK_RECORDS, CHUNK_RECORDS);
    this.data = new Uint8Array(memory, HEADER_BYTES + INDEX_BYTES);
  }

  /** Memory for a chunk that can hold a node of so many bytes. */
  static memoryFor(nodeBytes: number): SharedArrayBuffer {
    return new SharedArrayBuffer(HEADER_BYTES + INDEX_BYTES + Math.max(DATA_BYTES, nodeBytes));
  }

  get count(): number {
    return this.header[0]!;
  }

  clear(): void {
    this.header[0] = 0;
    this.dataBytes = 0;
  }

  fitsNode(bytes: number): boolean {
    return this.dataBytes + bytes <= this.data.length;
  }

  /** Copies a leaf into the chunk; returns where it lies. */
  addNode(node: Uint8Array): number {
    const at = this.dataBytes;
    this.data.set(node, at);
    this.dataBytes = at + node.length;
    return at;
  }

  get isFull(): boolean {
    return this.count === CHUNK_RECORDS;
  }

  addRecord(main: number, minor: number, start: number, end: number): void {
    const at = this.header[0]!;
    assert(at < CHUNK_RECORDS, "a full chunk takes no record");
    this.mains[at] = main;
    this.minors[at] = minor;
    this.starts[at] = start;
    this.ends[at] = end;
    this.header[0] = at + 1;
  }

  /** The page of the node that a record of the chunk lies in; 0: an inline bucket. For telling what is wrong with it. */
  pageOf(main: number, sub: number, pageBytes: number): number {
    let record = 0;
    while (this.mains[record] !== main || this.minors[record]! >>> 1 !== sub) record++;
    const start = this.starts[record]!;
    for (let at = 0; ; ) {
      const node = this.data.subarray(at);
      const next = at + (1 + pageOverflow(node)) * pageBytes;
      if (next > start) return pageId(node);
      at = next;
    }
  }

  /** Visits the records from `lo` up to `hi`, all of them unless told, in order until `visit` returns false. */
  visit(visit: VisitRecord, lo = 0, hi = this.count): void {
    const { mains, minors, starts, ends, data } = this;
    for (let i = lo; i < hi; i++) {
      const minor = minors[i]!;
      if (!visit(mains[i]!, minor >>> 1, (minor & 1) === 1, data, starts[i]!, ends[i]!)) return;
    }
  }
}
