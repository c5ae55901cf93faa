/**
 * A batch of operations in one run of bytes, as the loop hands it to the commit thread. The bytes of keys and values lie
 * back to back, apart from their lengths, so that a leaf page is filled from a batch with one copy. Never reaches the disk.
 *
 *     batch = data · padding to 4 · count x ( bucket u8 · kind u8 · keyBytes u16 · valueBytes u32 ) · count u32 · dataBytes u32
 *     data  = key · value (empty for a delete), in order
 *
 * `bucket` is an index into the list of buckets that the database was opened with.
 */

import { assert } from "@etcd-ts/base";
import { KEY_BYTES_MAX, readUint16, readUint32, VALUE_BYTES_MAX, writeUint32 } from "./page-layout.ts";

export const OPERATION_PUT = 0;
export const OPERATION_DELETE = 1;

const ENTRY_BYTES = 8;
const FOOTER_BYTES = 8;
const SHORT_COPY_BYTES = 32;

/** Collects operations; `finish` gives the batch and starts anew. */
export class OperationPacker {
  /** Operations so far. */
  count = 0;
  /** Bytes of keys and values so far. */
  dataBytes = 0;
  private data: Uint8Array;
  private entries: Uint32Array;

  constructor(dataBytesExpected = 64 * 1024, operationsExpected = 1024) {
    this.data = new Uint8Array(dataBytesExpected);
    this.entries = new Uint32Array(2 * operationsExpected);
  }

  put(bucket: number, key: Uint8Array, value: Uint8Array): void {
    assert(value.length <= VALUE_BYTES_MAX, "value too large for a database");
    this.add(bucket, OPERATION_PUT, key, value.length);
    this.append(value);
  }

  delete(bucket: number, key: Uint8Array): void {
    this.add(bucket, OPERATION_DELETE, key, 0);
  }

  finish(): Uint8Array {
    const tableAt = (this.dataBytes + 3) & ~3;
    const total = tableAt + this.count * ENTRY_BYTES + FOOTER_BYTES;
    this.reserve(total - this.dataBytes);
    const batch = this.data.subarray(0, total);
    batch.set(new Uint8Array(this.entries.buffer, 0, this.count * ENTRY_BYTES), tableAt);
    writeUint32(batch, total - 8, this.count);
    writeUint32(batch, total - 4, this.dataBytes);
    this.data = new Uint8Array(Math.max(64 * 1024, total));
    this.count = 0;
    this.dataBytes = 0;
    return batch;
  }

  private add(bucket: number, kind: number, key: Uint8Array, valueBytes: number): void {
    assert(key.length > 0 && key.length <= KEY_BYTES_MAX, "key length outside of what a database holds");
    if (this.entries.length < 2 * (this.count + 1)) this.entries = grownUint32(this.entries);
    this.reserve(key.length + valueBytes);
    const at = 2 * this.count++;
    this.entries[at] = bucket | (kind << 8) | (key.length << 16);
    this.entries[at + 1] = valueBytes;
    this.append(key);
  }

  private append(bytes: Uint8Array): void {
    const { data, dataBytes } = this;
    if (bytes.length <= SHORT_COPY_BYTES) {
      for (let i = 0; i < bytes.length; i++) data[dataBytes + i] = bytes[i]!;
    } else data.set(bytes, dataBytes);
    this.dataBytes = dataBytes + bytes.length;
  }

  private reserve(more: number): void {
    const needed = this.dataBytes + more;
    if (needed <= this.data.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.data.length));
    grown.set(this.data.subarray(0, this.dataBytes));
    this.data = grown;
  }
}

function grownUint32(array: Uint32Array): Uint32Array<ArrayBuffer> {
  const grown = new Uint32Array(2 * array.length);
  grown.set(array);
  return grown;
}

/** Walks a batch in order: `next` moves to an operation and the fields tell of it. */
export class OperationReader {
  readonly bytes: Uint8Array;
  readonly count: number;
  bucket = 0;
  kind = OPERATION_PUT;
  /** The key is `bytes[keyAt, keyAt + keyBytes)`, the value follows it. */
  keyAt = 0;
  keyBytes = 0;
  valueBytes = 0;
  private entryAt: number;
  private readonly end: number;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length - FOOTER_BYTES;
    this.count = readUint32(bytes, this.end);
    const dataBytes = readUint32(bytes, this.end + 4);
    this.entryAt = (dataBytes + 3) & ~3;
    assert(this.entryAt + this.count * ENTRY_BYTES === this.end, "operation batch of a wrong length");
  }

  next(): boolean {
    if (this.entryAt === this.end) return false;
    const { bytes, entryAt } = this;
    this.keyAt += this.keyBytes + this.valueBytes;
    this.bucket = bytes[entryAt]!;
    this.kind = bytes[entryAt + 1]!;
    this.keyBytes = readUint16(bytes, entryAt + 2);
    this.valueBytes = readUint32(bytes, entryAt + 4);
    this.entryAt = entryAt + ENTRY_BYTES;
    return true;
  }
}
