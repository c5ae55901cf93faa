/**
 * One record of the log as it lies in a segment. All numbers here are permanent.
 *
 *     length field   u64 LE: bits 0-55 size of the Record, bits 56-58 size of the padding, bit 63 set iff there is padding
 *     Record         08 type  10 crc  [1a length data]        data iff present; type and crc also when zero
 *     padding        zeros up to a multiple of 8
 *
 * `crc` is the CRC-32C of the data of all records of all segments up to and with this one. Because every record begins at
 * a multiple of 8, a length field never crosses a sector and is written whole or not at all.
 */

import { crc32cUpdate } from "@etcd-ts/base";

export const RecordType = { Metadata: 1, Entry: 2, State: 3, Crc: 4, Snapshot: 5 } as const;
export type RecordType = (typeof RecordType)[keyof typeof RecordType];

export const LENGTH_FIELD_BYTES = 8;
/** What a disk writes as a whole. */
export const SECTOR_SIZE_BYTES = 512;
export const SEGMENT_SIZE_BYTES = 64_000_000;

const PADDING_FLAG = 0x80;
const TWO_28 = 2 ** 28;

/** Room that a record with `dataLength` bytes of data takes at most. */
export function recordSizeMax(dataLength: number): number {
  return LENGTH_FIELD_BYTES + 2 + 6 + 1 + 5 + dataLength + 7;
}

/** The checksum after a record with this data. */
export function chainCrc(crc: number, source: Uint8Array, start: number, end: number): number {
  return start === end ? crc : crc32cUpdate(crc, source, start, end);
}

/**
 * Writes the record whose data is `source[start, end)` (none when empty) and returns the position after it. `crc` is the
 * chain's value with this data in it. `out` has room for {@link recordSizeMax}.
 */
export function writeRecord(
  out: Uint8Array,
  position: number,
  type: RecordType,
  crc: number,
  source: Uint8Array,
  start: number,
  end: number,
): number {
  let pos = position + LENGTH_FIELD_BYTES;
  out[pos] = 0x08;
  out[pos + 1] = type;
  out[pos + 2] = 0x10;
  pos = writeUint32(crc, out, pos + 3);
  if (start < end) {
    out[pos] = 0x1a;
    pos = writeUint32(end - start, out, pos + 1);
    pos = copyInto(out, pos, source, start, end);
  }
  const size = pos - position - LENGTH_FIELD_BYTES;
  const padding = -size & 7;
  writeLengthField(out, position, size, padding);
  for (let i = 0; i < padding; i++) out[pos++] = 0;
  return pos;
}

function copyInto(out: Uint8Array, position: number, source: Uint8Array, start: number, end: number): number {
  // `set` of a view has a fixed price of about a hundred nanoseconds.
  if (end - start > 64) out.set(source.subarray(start, end), position);
  else for (let i = start, o = position; i < end; i++, o++) out[o] = source[i]!;
  return position + end - start;
}

function writeLengthField(out: Uint8Array, position: number, size: number, padding: number): void {
  const high = Math.floor(size / 2 ** 32);
  out[position] = size & 0xff;
  out[position + 1] = (size >>> 8) & 0xff;
  out[position + 2] = (size >>> 16) & 0xff;
  out[position + 3] = (size >>> 24) & 0xff;
  out[position + 4] = high & 0xff;
  out[position + 5] = (high >>> 8) & 0xff;
  out[position + 6] = (high >>> 16) & 0xff;
  out[position + 7] = padding === 0 ? 0 : PADDING_FLAG | padding;
}

function writeUint32(value: number, out: Uint8Array, position: number): number {
  let rest = value;
  let pos = position;
  if (rest >= TWO_28) {
    out[pos++] = (rest & 0x7f) | 0x80;
    rest = Math.floor(rest / 128);
  }
  for (; rest >= 0x80; rest >>>= 7) out[pos++] = (rest & 0x7f) | 0x80;
  out[pos] = rest;
  return pos + 1;
}

/** Size of the Record that a length field announces; above 2^53 it is not exact, and too large in any case. */
export function recordSizeAt(bytes: Uint8Array, position: number): number {
  const low =
    bytes[position]! +
    bytes[position + 1]! * 2 ** 8 +
    bytes[position + 2]! * 2 ** 16 +
    bytes[position + 3]! * 2 ** 24;
  const high = bytes[position + 4]! + bytes[position + 5]! * 2 ** 8 + bytes[position + 6]! * 2 ** 16;
  return low + high * 2 ** 32;
}

export function paddingSizeAt(bytes: Uint8Array, position: number): number {
  const top = bytes[position + 7]!;
  return top >= PADDING_FLAG ? top & 7 : 0;
}

/** A parsed Record. One object is used again and again; `data` is `bytes[dataStart, dataEnd)`. */
export class RecordView {
  type = 0;
  crc = 0;
  dataStart = 0;
  dataEnd = 0;

  /**
   * Parses `bytes[start, end)`; false when that is no Record. Unknown fields are stepped over.
   */
  parse(bytes: Uint8Array, start: number, end: number): boolean {
    this.type = 0;
    this.crc = 0;
    this.dataStart = 0;
    this.dataEnd = 0;
    const cursor = { position: start };
    while (cursor.position < end) {
      const tag = readVarint(bytes, cursor, end);
      const value = wireTypeOf(tag) === 1 || wireTypeOf(tag) === 5 ? 0 : readVarint(bytes, cursor, end);
      if (value < 0) return false;
      switch (wireTypeOf(tag)) {
        case 0:
          if (tag === 0x08) this.type = value;
          else if (tag === 0x10) this.crc = value;
          break;
        case 1:
          cursor.position += 8;
          break;
        case 2:
          if (tag === 0x1a) {
            this.dataStart = cursor.position;
            this.dataEnd = cursor.position + value;
          }
          cursor.position += value;
          break;
        case 5:
          cursor.position += 4;
          break;
        default:
          return false;
      }
    }
    return cursor.position === end;
  }
}

/** -1 for a tag that is none. */
function wireTypeOf(tag: number): number {
  return tag < 8 ? -1 : tag % 8;
}

/** Negative when there is no whole varint of at most 10 bytes; not exact above 2^53. */
function readVarint(bytes: Uint8Array, cursor: { position: number }, end: number): number {
  let value = 0;
  let scale = 1;
  for (let count = 0; count < 10; count++) {
    if (cursor.position >= end) return -1;
    const byte = bytes[cursor.position++]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value;
    scale *= 128;
  }
  return -1;
}
