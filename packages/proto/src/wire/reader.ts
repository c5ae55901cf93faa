/**
 * Reads protobuf's wire format. The generated decoders drive one shared {@link Reader}: decoding is synchronous and calls
 * nobody, so one is enough and a decode allocates only its result.
 *
 * Invariants: `pos <= end <= buf.length`; every read checks its length against `end`, the end of the innermost message,
 * before it looks; whatever is wrong with the input ends in a {@link ProtoError}, nothing else.
 *
 *     message := { tag value }          tag := varint(field number << 3 | wire type)
 *     value   := varint (0) | 8 bytes (1) | varint length, bytes (2) | { tag value } end tag (3 .. 4) | 4 bytes (5)
 */

import { isUtf8 } from "node:buffer";
import { asBuffer, assert, EMPTY_BYTES } from "@etcd-ts/base";
import { failInvalid, INVALID_UTF8, ProtoError } from "./proto-error.ts";
import { int64FromWords, int64Number, uint64FromWords, uint64Number } from "./words.ts";

/** Messages within messages. Low enough that neither decoding nor what walks the result exhausts the stack. */
export const NESTING_DEPTH_MAX = 500;

const ASCII_LOOP_MAX = 24;

export class Reader {
  buf: Uint8Array = EMPTY_BYTES;
  pos = 0;
  /** End of the message that is being read. */
  end = 0;
  private depth = 0;
  /** The words of the last varint, as signed 32-bit integers. */
  lo = 0;
  hi = 0;

  open(buf: Uint8Array, start: number, end: number): void {
    assert(0 <= start && start <= end && end <= buf.length, "decoded range lies within the buffer");
    this.buf = buf;
    this.pos = start;
    this.end = end;
    this.depth = 0;
  }

  /** The next tag. Call only while `pos < end`. */
  tag(): number {
    const first = this.buf[this.pos] as number;
    if (first < 0x80) {
      this.pos++;
      return first;
    }
    this.varint();
    if (this.hi !== 0) failInvalid();
    return this.lo >>> 0;
  }

  /** Leaves the value in `lo` and `hi`. */
  varint(): void {
    if (this.pos >= this.end) failInvalid();
    const first = this.buf[this.pos] as number;
    if (first < 0x80) {
      this.pos++;
      this.lo = first;
      this.hi = 0;
    } else {
      this.longVarint();
    }
  }

  bool(): boolean {
    this.varint();
    return (this.lo | this.hi) !== 0;
  }

  /** Enums are open: a number that the schema does not know survives. */
  int32(): number {
    this.varint();
    return this.lo;
  }

  uint32(): number {
    this.varint();
    return this.lo >>> 0;
  }

  int64(): number {
    this.varint();
    return this.hi === 0 ? this.lo >>> 0 : int64Number(this.lo, this.hi);
  }

  uint64(): number {
    this.varint();
    return this.hi === 0 ? this.lo >>> 0 : uint64Number(this.lo, this.hi);
  }

  bigInt64(): bigint {
    this.varint();
    return (this.lo | this.hi) === 0 ? 0n : int64FromWords(this.lo, this.hi);
  }

  bigUint64(): bigint {
    this.varint();
    return (this.lo | this.hi) === 0 ? 0n : uint64FromWords(this.lo, this.hi);
  }

  /** A view, not a copy. */
  bytes(): Uint8Array {
    const length = this.length();
    if (length === 0) return EMPTY_BYTES;
    const start = this.pos;
    this.pos = start + length;
    return this.buf.subarray(start, this.pos);
  }

  string(): string {
    const length = this.length();
    const start = this.pos;
    this.pos = start + length;
    if (length <= ASCII_LOOP_MAX) {
      const text = this.ascii(start, this.pos);
      if (text !== undefined) return text;
    }
    const text = asBuffer(this.buf).utf8Slice(start, this.pos);
    // Only what the decoder replaced, or the replacement character itself, needs the exact check.
    if (text.includes("\ufffd") && !isUtf8(this.buf.subarray(start, this.pos)))
      throw new ProtoError(INVALID_UTF8);
    return text;
  }

  /** A submessage that stays encoded; a repeated occurrence is merged, which for encodings is to be appended. */
  encoded(before: Uint8Array | undefined): Uint8Array {
    const bytes = this.bytes();
    return before === undefined ? bytes : Buffer.concat([before, bytes]);
  }

  /** Goes into a submessage; returns what {@link leave} wants back. */
  enter(): number {
    const length = this.length();
    if (++this.depth > NESTING_DEPTH_MAX) failInvalid();
    const outer = this.end;
    this.end = this.pos + length;
    return outer;
  }

  /** Goes into a run of packed numbers, which has no depth of its own. */
  enterPacked(): number {
    const length = this.length();
    const outer = this.end;
    this.end = this.pos + length;
    this.depth++;
    return outer;
  }

  leave(outer: number): void {
    this.end = outer;
    this.depth--;
  }

  /** Passes over the value of an unknown field, or of a known one with a wire type that is not its own. */
  skip(tag: number): void {
    if (tag >>> 3 === 0) failInvalid();
    switch (tag & 7) {
      case 0:
        this.varint();
        break;
      case 1:
        this.advance(8);
        break;
      case 2:
        this.advance(this.length());
        break;
      case 3:
        this.skipGroup(tag >>> 3);
        break;
      case 5:
        this.advance(4);
        break;
      default:
        failInvalid();
    }
  }

  private skipGroup(number: number): void {
    if (++this.depth > NESTING_DEPTH_MAX) failInvalid();
    for (;;) {
      if (this.pos >= this.end) failInvalid();
      const tag = this.tag();
      if ((tag & 7) === 4) {
        if (tag >>> 3 !== number) failInvalid();
        this.depth--;
        return;
      }
      this.skip(tag);
    }
  }

  private advance(length: number): void {
    if (length > this.end - this.pos) failInvalid();
    this.pos += length;
  }

  /** A length that is known to fit before `end`. */
  private length(): number {
    this.varint();
    const length = this.lo >>> 0;
    if (this.hi !== 0 || length > this.end - this.pos) failInvalid();
    return length;
  }

  /** The fifth byte ends the low word and begins the high one; the tenth has one bit left. */
  private longVarint(): void {
    const { buf, end } = this;
    let pos = this.pos;
    let lo = 0;
    let hi = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (pos >= end) failInvalid();
      const byte = buf[pos++] as number;
      const bits = byte & 0x7f;
      if (shift < 28) {
        lo |= bits << shift;
      } else if (shift === 28) {
        lo |= bits << 28;
        hi = bits >>> 4;
      } else {
        hi |= bits << (shift - 32);
      }
      if (byte < 0x80) {
        if (shift === 63 && byte > 1) failInvalid();
        this.pos = pos;
        this.lo = lo;
        this.hi = hi;
        return;
      }
    }
    failInvalid();
  }

  /** Short plain text without a call out of the run-time's own code; undefined when it is not plain. */
  private ascii(start: number, end: number): string | undefined {
    const buf = this.buf;
    let text = "";
    for (let i = start; i < end; i++) {
      const byte = buf[i] as number;
      if (byte >= 0x80) return undefined;
      text += String.fromCharCode(byte);
    }
    return text;
  }
}

const shared = new Reader();

/** The shared reader, over `buf[start, end)`. */
export function openReader(buf: Uint8Array, start: number, end: number): Reader {
  shared.open(buf, start, end);
  return shared;
}

/** Reads a submessage into `message` and returns it. */
export function readNested<T>(reader: Reader, message: T, read: (reader: Reader, message: T) => void): T {
  const outer = reader.enter();
  read(reader, message);
  reader.leave(outer);
  return message;
}

/** Makes a message that is one oneof hold `value`; the type of the union does not let its halves change one by one. */
export function setCase(
  message: { case: string | undefined; value: unknown },
  name: string,
  value: unknown,
): void {
  message.case = name;
  message.value = value;
}
