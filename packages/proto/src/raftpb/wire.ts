/**
 * Reading and writing of proto2 fields for the hot raftpb codecs: varints as safe integers or as 64-bit ids, length-delimited
 * fields as views of the input. Writers take a buffer and a position and return the next position; the caller has sized the
 * buffer exactly. Readers never read past the end they were given and throw {@link RaftpbError} on anything malformed.
 */

export class RaftpbError extends Error {
  override readonly name = "RaftpbError";
}

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

const TWO_28 = 2 ** 28;
const TWO_32 = 2 ** 32;

/** Bytes of `value` as a varint; `value` is a safe integer, not negative. */
export function sizeOfVarint(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  if (value < TWO_28) return 4;
  let size = 4;
  for (let rest = Math.floor(value / TWO_28); rest > 0; rest = Math.floor(rest / 128)) size++;
  return size;
}

export function writeVarint(value: number, out: Uint8Array, position: number): number {
  let rest = value;
  let pos = position;
  while (rest >= TWO_28) {
    out[pos++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest >= 0x80) {
    out[pos++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  out[pos++] = rest;
  return pos;
}

export function sizeOfId(id: bigint): number {
  if (id < 0x80n) return 1;
  const high = Number(id >> 32n);
  if (high === 0) return sizeOfVarint(Number(id));
  // The high word holds bits 32 to 63: 3 bits of the fifth byte are left after the low word's 4 bits.
  return high < 8 ? 5 : 5 + sizeOfVarint(Math.floor(high / 8));
}

export function writeId(id: bigint, out: Uint8Array, position: number): number {
  let low = Number(id & 0xffffffffn);
  let high = Number(id >> 32n);
  let pos = position;
  while (high > 0) {
    out[pos++] = (low & 0x7f) | 0x80;
    low = ((low >>> 7) | (high << 25)) >>> 0;
    high >>>= 7;
  }
  return writeVarint(low, out, pos);
}

/**
 * Ids repeat from message to message: a small direct-mapped cache saves making them anew, and makes equal ones identical,
 * which is what comparing them likes best. It holds constants only, so it is invisible.
 */
const ID_SLOTS = 64;
const idHigh = new Uint32Array(ID_SLOTS);
const idLow = new Uint32Array(ID_SLOTS);
const ids: bigint[] = new Array(ID_SLOTS).fill(0n);

function idOf(high: number, low: number): bigint {
  const slot = (low ^ (low >>> 16) ^ high ^ (high >>> 11)) & (ID_SLOTS - 1);
  if (idHigh[slot] === high && idLow[slot] === low) return ids[slot]!;
  const id = (BigInt(high) << 32n) | BigInt(low);
  idHigh[slot] = high;
  idLow[slot] = low;
  ids[slot] = id;
  return id;
}

/** A cursor over one message's bytes. */
export class WireReader {
  readonly bytes: Uint8Array;
  position: number;
  end: number;

  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  done(): boolean {
    return this.position >= this.end;
  }

  /** A varint that must be a safe integer. */
  varint(): number {
    const first = this.byte();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    let scale = 128;
    for (let count = 1; count < 10; count++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) throw new RaftpbError("raftpb: integer out of range");
        return value;
      }
      scale *= 128;
    }
    throw new RaftpbError("raftpb: integer overflow");
  }

  /** A varint of 64 bits. */
  id(): bigint {
    const first = this.byte();
    if (first < 0x80) return idOf(0, first);
    let low = first & 0x7f;
    let high = 0;
    for (let shift = 7; shift < 70; shift += 7) {
      const byte = this.byte();
      if (shift < 28) low |= (byte & 0x7f) << shift;
      else if (shift === 28) {
        low |= (byte & 0x0f) << 28;
        high = (byte & 0x7f) >>> 4;
      } else high |= (byte & 0x7f) << (shift - 32);
      if (byte < 0x80) return idOf(high >>> 0, low >>> 0);
    }
    throw new RaftpbError("raftpb: integer overflow");
  }

  bool(): boolean {
    return this.id() !== 0n;
  }

  /** A tag: field number times eight plus wire type. */
  tag(): number {
    const tag = this.varint();
    if (tag < 8 || tag >= TWO_32) throw new RaftpbError("raftpb: illegal tag");
    return tag;
  }

  /** The length of a length-delimited field whose bytes lie within this message. */
  length(): number {
    const length = this.varint();
    if (length > this.end - this.position) throw new RaftpbError("raftpb: unexpected EOF");
    return length;
  }

  /** The bytes of a length-delimited field: a view, not a copy. */
  view(): Uint8Array {
    const length = this.length();
    const start = this.position;
    this.position += length;
    return this.bytes.subarray(start, this.position);
  }

  /** A reader of an embedded message, which this reader steps over. */
  embedded(): WireReader {
    const length = this.length();
    const start = this.position;
    this.position += length;
    return new WireReader(this.bytes, start, this.position);
  }

  /** A repeated id, in either form: one tag each, or packed. */
  idsInto(tag: number, list: bigint[]): void {
    if ((tag & 7) === VARINT) {
      list.push(this.id());
      return;
    }
    const packed = this.embedded();
    while (!packed.done()) list.push(packed.id());
  }

  /** Steps over a field that this version does not know; groups do not occur in these messages. */
  skip(tag: number): void {
    switch (tag & 7) {
      case VARINT:
        this.id();
        return;
      case FIXED64:
        this.advance(8);
        return;
      case BYTES:
        this.advance(this.length());
        return;
      case FIXED32:
        this.advance(4);
        return;
      default:
        throw new RaftpbError("raftpb: illegal wire type");
    }
  }

  private advance(length: number): void {
    if (length > this.end - this.position) throw new RaftpbError("raftpb: unexpected EOF");
    this.position += length;
  }

  private byte(): number {
    if (this.position >= this.end) throw new RaftpbError("raftpb: unexpected EOF");
    return this.bytes[this.position++]!;
  }
}

/** Bytes of a length-delimited field of `length` bytes whose tag takes one byte. */
export function sizeOfDelimited(length: number): number {
  return 1 + sizeOfVarint(length) + length;
}

export function writeBytesField(tag: number, bytes: Uint8Array, out: Uint8Array, position: number): number {
  out[position] = tag;
  const pos = writeVarint(bytes.length, out, position + 1);
  out.set(bytes, pos);
  return pos + bytes.length;
}
