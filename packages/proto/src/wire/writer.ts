/**
 * Writes protobuf's wire format. Each `sizeOfX` says how many bytes the `writeX` of the same name puts down; the generated
 * encoders add up the sizes, allocate once and write forward. Numbers are safe integers, negative ones take ten bytes.
 */

import { asBuffer, assert } from "@etcd-ts/base";
import { hiWord, loWord } from "./words.ts";

const COPY_LOOP_MAX = 16;
const TWO_31 = 2 ** 31;
const TWO_32 = 2 ** 32;

export function sizeOfVarint(value: number): number {
  if (value < 0) return 10;
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  if (value < 0x10000000) return 4;
  if (value < 2 ** 35) return 5;
  if (value < 2 ** 42) return 6;
  return value < 2 ** 49 ? 7 : 8;
}

export function writeVarint(buf: Uint8Array, pos: number, value: number): number {
  if (value >= TWO_31 || value < 0) return writeLongVarint(buf, pos, value);
  while (value >= 0x80) {
    buf[pos++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  buf[pos++] = value;
  return pos;
}

function writeLongVarint(buf: Uint8Array, pos: number, value: number): number {
  assert(Number.isSafeInteger(value), "a number on the wire is a safe integer");
  return writeWords(buf, pos, value | 0, Math.floor(value / TWO_32) | 0);
}

/** Size of the 64-bit integer made of two words. */
export function sizeOfWords(lo: number, hi: number): number {
  if (hi === 0) return sizeOfVarint(lo >>> 0);
  if (hi < 0) return 10;
  if (hi < 1 << 3) return 5;
  if (hi < 1 << 10) return 6;
  if (hi < 1 << 17) return 7;
  return hi < 1 << 24 ? 8 : 9;
}

export function writeWords(buf: Uint8Array, pos: number, lo: number, hi: number): number {
  lo >>>= 0;
  hi >>>= 0;
  while (hi !== 0) {
    buf[pos++] = (lo & 0x7f) | 0x80;
    lo = ((lo >>> 7) | (hi << 25)) >>> 0;
    hi >>>= 7;
  }
  while (lo >= 0x80) {
    buf[pos++] = (lo & 0x7f) | 0x80;
    lo >>>= 7;
  }
  buf[pos++] = lo;
  return pos;
}

export function sizeOfBigVarint(value: bigint): number {
  return sizeOfWords(loWord(value), hiWord(value));
}

export function writeBigVarint(buf: Uint8Array, pos: number, value: bigint): number {
  return writeWords(buf, pos, loWord(value), hiWord(value));
}

/** With its length before it. */
export function sizeOfBytes(bytes: Uint8Array): number {
  return sizeOfVarint(bytes.length) + bytes.length;
}

export function writeBytes(buf: Uint8Array, pos: number, bytes: Uint8Array): number {
  const length = bytes.length;
  pos = writeVarint(buf, pos, length);
  if (length <= COPY_LOOP_MAX) {
    for (let i = 0; i < length; i++) buf[pos + i] = bytes[i] as number;
  } else {
    buf.set(bytes, pos);
  }
  return pos + length;
}

/** With its length before it. */
export function sizeOfString(text: string): number {
  const length = Buffer.byteLength(text);
  return sizeOfVarint(length) + length;
}

export function writeString(buf: Uint8Array, pos: number, text: string): number {
  const length = Buffer.byteLength(text);
  pos = writeVarint(buf, pos, length);
  if (length === text.length && length <= COPY_LOOP_MAX) {
    for (let i = 0; i < length; i++) buf[pos + i] = text.charCodeAt(i);
  } else {
    asBuffer(buf).write(text, pos, length, "utf8");
  }
  return pos + length;
}

/** A submessage of `size` bytes with its length before it. */
export function sizeOfLengthAnd(size: number): number {
  return sizeOfVarint(size) + size;
}

/** A run of numbers with its length before it. */
export function sizeOfPacked(values: readonly number[]): number {
  return sizeOfLengthAnd(packedLength(values));
}

export function writePacked(buf: Uint8Array, pos: number, values: readonly number[]): number {
  pos = writeVarint(buf, pos, packedLength(values));
  for (const value of values) pos = writeVarint(buf, pos, value);
  return pos;
}

function packedLength(values: readonly number[]): number {
  let length = 0;
  for (const value of values) length += sizeOfVarint(value);
  return length;
}
