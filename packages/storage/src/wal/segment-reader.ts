/**
 * Reads the records of one segment in order, checking the chain of checksums. The file is read in blocks; the data of a
 * record is a view of its block, which is never written again, so callers may keep it.
 *
 * What a crash may leave at the end of the last segment is told apart from damage: a disk loses whole sectors, so a torn
 * record shows a sector of zeros, or a file that ends inside it. Everything else that is wrong is damage and throws.
 *
 *     end      a length field of zero, or the end of the file: no more records here
 *     torn     only in the last segment: what follows `validEnd` was being written when the power failed
 */

import { assert } from "@etcd-ts/base";
import type { DiskFile } from "../disk/disk.ts";
import {
  chainCrc,
  LENGTH_FIELD_BYTES,
  paddingSizeAt,
  RecordType,
  RecordView,
  recordSizeAt,
  SECTOR_SIZE_BYTES,
} from "./record.ts";
import { WalError } from "./wal-error.ts";

export type ReadOutcome = "record" | "end" | "torn";

const BLOCK_SIZE_BYTES = 262_144;
/** No Record header (type, crc, tag and length of the data) is longer. */
const RECORD_HEADER_BYTES_MAX = 16;

export class SegmentReader {
  /** Checksum of all data so far; the segment's first record says that of the segments before. */
  crc = 0;
  /** End of the last good record. */
  validEnd = 0;
  /** Start of the record that `next` has just read. */
  recordStart = 0;
  type: RecordType = RecordType.Crc;
  readonly #file: DiskFile;
  readonly #size: number;
  readonly #isLast: boolean;
  readonly #view = new RecordView();
  #block: Uint8Array = new Uint8Array(0);
  #blockStart = 0;
  #blockLength = 0;
  #isChecking = true;
  /** Block of records that are skipped, read again and again. */
  #scratch: Uint8Array = new Uint8Array(0);

  constructor(file: DiskFile, isLast: boolean) {
    this.#file = file;
    this.#size = file.size();
    this.#isLast = isLast;
  }

  /** Data of the last record; empty when it has none. */
  data(): Uint8Array {
    return this.#block.subarray(this.#view.dataStart, this.#view.dataEnd);
  }

  /** Index of the last record, an entry; 0: its first fields are not those of one. */
  entryIndex(): number {
    return entryIndexIn(this.#block, this.#view.dataStart, this.#view.dataEnd);
  }

  /** The next record, checked. */
  next(): ReadOutcome {
    this.#isChecking = true;
    if (this.#block === this.#scratch) this.#blockLength = 0;
    return this.#next();
  }

  /**
   * The next record as it is: its checksum is taken for the right one, so that the record after it can be checked. Its data are gone with the
   * next.
   */
  skip(): ReadOutcome {
    this.#isChecking = false;
    return this.#next();
  }

  #next(): ReadOutcome {
    const start = this.validEnd;
    const left = this.#size - start;
    if (left === 0) return "end";
    if (left < LENGTH_FIELD_BYTES) return this.#cutShort(start);
    const at = this.#load(start, Math.min(left, LENGTH_FIELD_BYTES + RECORD_HEADER_BYTES_MAX));
    const size = recordSizeAt(this.#block, at);
    const padding = paddingSizeAt(this.#block, at);
    if (this.#isLengthZero(at)) return this.#endAtZero(start);
    if (LENGTH_FIELD_BYTES + size + padding > left) return this.#overrun(start, size);
    return this.#record(start, size, padding);
  }

  #record(start: number, size: number, padding: number): ReadOutcome {
    const at = this.#load(start, LENGTH_FIELD_BYTES + size + padding) + LENGTH_FIELD_BYTES;
    const view = this.#view;
    if (!view.parse(this.#block, at, at + size))
      return this.#bad(start, size + padding, "the record cannot be parsed");
    if (view.type === RecordType.Crc) {
      if (this.crc !== 0 && this.crc !== view.crc) this.#fail(start, "crc mismatch");
      this.crc = view.crc;
    } else if (!this.#isChecking) this.crc = view.crc;
    else {
      const crc = chainCrc(this.crc, this.#block, view.dataStart, view.dataEnd);
      if (crc !== view.crc) return this.#bad(start, size + padding, "crc mismatch");
      this.crc = crc;
    }
    this.type = this.#mustBeType(start, view.type);
    this.recordStart = start;
    this.validEnd = start + LENGTH_FIELD_BYTES + size + padding;
    return "record";
  }

  #mustBeType(start: number, type: number): RecordType {
    switch (type) {
      case RecordType.Metadata:
      case RecordType.Entry:
      case RecordType.State:
      case RecordType.Crc:
      case RecordType.Snapshot:
        return type;
      default:
        return this.#fail(start, `unexpected record type ${type}`);
    }
  }

  #isLengthZero(at: number): boolean {
    for (let i = 0; i < LENGTH_FIELD_BYTES; i++) if (this.#block[at + i] !== 0) return false;
    return true;
  }

  /** A length field that was lost to a torn write was lost with the rest of its sector; else somebody wiped it. */
  #endAtZero(start: number): ReadOutcome {
    const sectorEnd = Math.min(this.#size, (Math.floor(start / SECTOR_SIZE_BYTES) + 1) * SECTOR_SIZE_BYTES);
    const at = this.#load(start, sectorEnd - start);
    if (!isZero(this.#block, at, at + sectorEnd - start)) this.#fail(start, "a record's length is wiped");
    return "end";
  }

  /**
   * The length points past the end of the file. That is a torn write if the file was cut inside a record, and then the
   * Record's own header tells the same length; if it tells another one, the length field is damaged.
   */
  #overrun(start: number, size: number): ReadOutcome {
    const headerEnd = Math.min(this.#size, start + LENGTH_FIELD_BYTES + RECORD_HEADER_BYTES_MAX);
    const at = this.#load(start, headerEnd - start);
    const header = at + LENGTH_FIELD_BYTES;
    if (isZero(this.#block, header, at + headerEnd - start)) return this.#cutShort(start);
    const told = recordSizeByHeader(this.#block, header, at + headerEnd - start);
    if (told !== undefined && told !== size)
      this.#fail(start, `a record's length is damaged (${size} bytes)`);
    return this.#cutShort(start);
  }

  #cutShort(start: number): ReadOutcome {
    if (!this.#isLast) this.#fail(start, "the segment ends inside a record, and it is not the last one");
    return "torn";
  }

  #bad(start: number, length: number, reason: string): ReadOutcome {
    if (this.#isLast && this.#hasLostSector(start + LENGTH_FIELD_BYTES, length)) return "torn";
    return this.#fail(start, reason);
  }

  #hasLostSector(start: number, length: number): boolean {
    const base = this.#load(start, length) - start;
    for (let piece = start; piece < start + length; ) {
      const boundary = (Math.floor(piece / SECTOR_SIZE_BYTES) + 1) * SECTOR_SIZE_BYTES;
      const end = Math.min(start + length, boundary);
      if (isZero(this.#block, base + piece, base + end)) return true;
      piece = end;
    }
    return false;
  }

  #fail(start: number, reason: string): never {
    throw new WalError("damaged", this.#file.path, start, reason);
  }

  /** Makes `length` bytes from `position` present in the block and returns where in it they begin. */
  #load(position: number, length: number): number {
    const at = position - this.#blockStart;
    if (at >= 0 && at + length <= this.#blockLength) return at;
    const wanted = Math.min(this.#size - position, Math.max(length, BLOCK_SIZE_BYTES));
    this.#block = this.#isChecking ? Buffer.allocUnsafeSlow(wanted) : this.#scratchOf(wanted);
    this.#blockStart = position;
    this.#blockLength = this.#file.read(this.#block, 0, wanted, position);
    assert(this.#blockLength >= length, "a segment does not shrink while it is read");
    return 0;
  }

  #scratchOf(length: number): Uint8Array {
    if (this.#scratch.length < length) this.#scratch = Buffer.allocUnsafeSlow(length);
    return this.#scratch;
  }
}

/** The third of the fields type, term and index that an encoded entry begins with. */
function entryIndexIn(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let tag = 0x08; tag <= 0x18; tag += 8) {
    if (bytes[at++] !== tag) return 0;
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (at >= end || scale > 2 ** 49) return 0;
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    if (tag === 0x18) return value;
  }
  return 0;
}

/** The size that a canonical Record header announces; undefined when the header is not all there. */
function recordSizeByHeader(bytes: Uint8Array, start: number, end: number): number | undefined {
  let position = start + 3;
  while (position < end && bytes[position]! >= 0x80) position++;
  position += 1;
  if (position >= end) return undefined;
  if (bytes[position] !== 0x1a) return position - start;
  let length = 0;
  for (let scale = 1; ; scale *= 128) {
    position += 1;
    if (position >= end) return undefined;
    const byte = bytes[position]!;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) return position + 1 - start + length;
  }
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}
