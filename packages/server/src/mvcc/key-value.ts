/**
 * Bytes that reach the disk and the wire: `mvccpb.KeyValue` and revision keys. Permanent.
 *
 *     KeyValue      1 key bytes · 2 create_revision · 3 mod_revision · 4 version (varints) · 5 value bytes · 6 lease varint
 *                   in this order, zero and empty fields left out; a tombstone's is field 1 alone
 *     revision key  main i64 big-endian · '_' · sub i64 big-endian [ · 't' : a tombstone ]
 *
 * The key comes first, so that a record in the arena tells its key without being parsed, and a pair without its value is a
 * prefix of the pair.
 */

import { assert } from "@etcd-ts/base";

const TAG_KEY = 0x0a;
const TAG_CREATE = 0x10;
const TAG_MOD = 0x18;
const TAG_VERSION = 0x20;
const TAG_VALUE = 0x2a;
const TAG_LEASE = 0x30;

export const REVISION_KEY_BYTES = 17;
export const TOMBSTONE_KEY_BYTES = 18;
const SEPARATOR = 0x5f;
const TOMBSTONE_MARK = 0x74;

const TWO_32 = 2 ** 32;

// Varints.

export function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  if (value < 0x10000000) return 4;
  if (value < 2 ** 35) return 5;
  if (value < 2 ** 42) return 6;
  return value < 2 ** 49 ? 7 : 8;
}

/** A safe integer that is not negative. */
export function writeVarint(target: Uint8Array, position: number, value: number): number {
  while (value >= 0x80000000) {
    const low = value % 0x80;
    target[position++] = low | 0x80;
    value = (value - low) / 0x80;
  }
  while (value >= 0x80) {
    target[position++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  target[position++] = value;
  return position;
}

/** Sizes of a 64-bit integer as protobuf writes it: a negative one takes ten bytes. */
export function bigVarintSize(value: bigint): number {
  let rest = BigInt.asUintN(64, value);
  let size = 1;
  for (; rest >= 0x80n; rest >>= 7n) size++;
  return size;
}

export function writeBigVarint(target: Uint8Array, position: number, value: bigint): number {
  let rest = BigInt.asUintN(64, value);
  for (; rest >= 0x80n; rest >>= 7n) target[position++] = Number(rest & 0x7fn) | 0x80;
  target[position++] = Number(rest);
  return position;
}

/** Copies short pieces by hand: a call into the run-time costs more. */
export function copyBytes(
  target: Uint8Array,
  position: number,
  source: Uint8Array,
  start: number,
  length: number,
): number {
  if (length <= 32) {
    for (let i = 0; i < length; i++) target[position + i] = source[start + i] as number;
  } else if (start === 0 && length === source.length) {
    target.set(source, position);
  } else {
    target.set(new Uint8Array(source.buffer, source.byteOffset + start, length), position);
  }
  return position + length;
}

// KeyValue.

/** Length of key, revisions and version: of the pair without value and lease. */
export function keyPrefixSize(keyLength: number, create: number, mod: number, version: number): number {
  return 4 + varintSize(keyLength) + keyLength + varintSize(create) + varintSize(mod) + varintSize(version);
}

export function keyValueSize(
  keyLength: number,
  create: number,
  mod: number,
  version: number,
  valueLength: number,
  lease: bigint,
): number {
  let size = keyPrefixSize(keyLength, create, mod, version);
  if (valueLength > 0) size += 1 + varintSize(valueLength) + valueLength;
  if (lease !== 0n) size += 1 + bigVarintSize(lease);
  return size;
}

export function writeKeyField(target: Uint8Array, position: number, key: Uint8Array): number {
  const length = key.length;
  target[position++] = TAG_KEY;
  if (length < 0x80) target[position++] = length;
  else position = writeVarint(target, position, length);
  return copyBytes(target, position, key, 0, length);
}

export function writeKeyPrefix(
  target: Uint8Array,
  position: number,
  key: Uint8Array,
  create: number,
  mod: number,
  version: number,
): number {
  position = writeKeyField(target, position, key);
  target[position++] = TAG_CREATE;
  position = writeVarint(target, position, create);
  target[position++] = TAG_MOD;
  position = writeVarint(target, position, mod);
  target[position++] = TAG_VERSION;
  return writeVarint(target, position, version);
}

export function writeKeyValue(
  target: Uint8Array,
  position: number,
  key: Uint8Array,
  create: number,
  mod: number,
  version: number,
  value: Uint8Array,
  lease: bigint,
): number {
  position = writeKeyPrefix(target, position, key, create, mod, version);
  if (value.length > 0) {
    target[position++] = TAG_VALUE;
    position = writeVarint(target, position, value.length);
    position = copyBytes(target, position, value, 0, value.length);
  }
  return lease === 0n ? position : writeLeaseField(target, position, lease);
}

export function writeLeaseField(target: Uint8Array, position: number, lease: bigint): number {
  target[position++] = TAG_LEASE;
  return writeBigVarint(target, position, lease);
}

export function keyFieldSize(keyLength: number): number {
  return 1 + varintSize(keyLength) + keyLength;
}

/** What a delete event shows: the key and the revision of the delete. */
export function deletedKeyValue(key: Uint8Array, mod: number): Uint8Array {
  const bytes = new Uint8Array(keyFieldSize(key.length) + 1 + varintSize(mod));
  const position = writeKeyField(bytes, 0, key);
  bytes[position] = TAG_MOD;
  writeVarint(bytes, position + 1, mod);
  return bytes;
}

// Reading records: positions are left in a cell that the caller reads at once, so that nothing is allocated.

/** The fields of the record last parsed. */
export const parsed = {
  keyStart: 0,
  keyEnd: 0,
  create: 0,
  mod: 0,
  version: 0,
  valueStart: 0,
  valueEnd: 0,
  /** Where the lease's varint begins; 0: none. */
  leaseStart: 0,
};

/** Start of the key in a record that begins with its key field. */
export function keyStartAt(bytes: Uint8Array, start: number): number {
  if ((bytes[start + 1] as number) < 0x80) return start + 2;
  let position = start + 2;
  while ((bytes[position] as number) >= 0x80) position++;
  return position + 1;
}

export function keyLengthAt(bytes: Uint8Array, start: number): number {
  const first = bytes[start + 1] as number;
  return first < 0x80 ? first : readVarint(bytes, start + 1);
}

/** Parses `bytes[start, end)` into {@link parsed}; false: it is no KeyValue with a key. Unknown fields are refused. */
export function parseKeyValue(bytes: Uint8Array, start: number, end: number): boolean {
  const p = parsed;
  p.keyStart = p.keyEnd = p.valueStart = p.valueEnd = start;
  p.create = p.mod = p.version = 0;
  p.leaseStart = 0;
  let position = start;
  while (position < end) {
    const tag = bytes[position++] as number;
    switch (tag) {
      case TAG_KEY:
      case TAG_VALUE: {
        const length = readVarint(bytes, position);
        const from = afterVarint(bytes, position);
        position = from + length;
        if (tag === TAG_KEY) {
          p.keyStart = from;
          p.keyEnd = position;
        } else {
          p.valueStart = from;
          p.valueEnd = position;
        }
        break;
      }
      case TAG_CREATE:
        p.create = readVarint(bytes, position);
        position = afterVarint(bytes, position);
        break;
      case TAG_MOD:
        p.mod = readVarint(bytes, position);
        position = afterVarint(bytes, position);
        break;
      case TAG_VERSION:
        p.version = readVarint(bytes, position);
        position = afterVarint(bytes, position);
        break;
      case TAG_LEASE:
        p.leaseStart = position;
        position = afterVarint(bytes, position);
        break;
      default:
        return false;
    }
  }
  return position === end && p.keyEnd > p.keyStart;
}

export function readVarint(bytes: Uint8Array, position: number): number {
  let byte = bytes[position++] as number;
  let value = byte & 0x7f;
  let factor = 0x80;
  while (byte >= 0x80) {
    byte = bytes[position++] as number;
    value += (byte & 0x7f) * factor;
    factor *= 0x80;
  }
  return value;
}

export function afterVarint(bytes: Uint8Array, position: number): number {
  while ((bytes[position] as number) >= 0x80) position++;
  return position + 1;
}

/** The lease id whose varint begins at `position`. */
export function readLease(bytes: Uint8Array, position: number): bigint {
  let value = 0n;
  let shift = 0n;
  for (;;) {
    const byte = bytes[position++] as number;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asIntN(64, value);
    shift += 7n;
  }
}

/** The lease of an encoded pair; 0n: none. */
export function leaseOf(bytes: Uint8Array, start: number, end: number): bigint {
  const isPair = parseKeyValue(bytes, start, end);
  assert(isPair, "a record is a pair");
  return parsed.leaseStart === 0 ? 0n : readLease(bytes, parsed.leaseStart);
}

/** A copy of an encoded pair with its value taken out. */
export function withoutValue(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const isPair = parseKeyValue(bytes, start, end);
  assert(isPair, "a record is a pair");
  if (parsed.valueEnd === parsed.valueStart) return new Uint8Array(bytes.subarray(start, end));
  const tail = parsed.valueEnd;
  const head =
    start + keyPrefixSize(parsed.keyEnd - parsed.keyStart, parsed.create, parsed.mod, parsed.version);
  const copy = new Uint8Array(head - start + end - tail);
  copy.set(bytes.subarray(start, head), 0);
  copy.set(bytes.subarray(tail, end), head - start);
  return copy;
}

// Revision keys.

/** Writes the 17 bytes of a put's or the 18 of a tombstone's key and returns their number. */
export function writeRevisionKey(target: Uint8Array, main: number, sub: number, tombstone: boolean): number {
  writeInt64(target, 0, main);
  target[8] = SEPARATOR;
  writeInt64(target, 9, sub);
  if (!tombstone) return REVISION_KEY_BYTES;
  target[17] = TOMBSTONE_MARK;
  return TOMBSTONE_KEY_BYTES;
}

export function revisionKey(main: number, sub: number, tombstone: boolean): Uint8Array {
  const key = new Uint8Array(tombstone ? TOMBSTONE_KEY_BYTES : REVISION_KEY_BYTES);
  writeRevisionKey(key, main, sub, tombstone);
  return key;
}

function writeInt64(target: Uint8Array, at: number, value: number): void {
  const hi = Math.floor(value / TWO_32);
  const lo = value | 0;
  target[at] = hi >>> 24;
  target[at + 1] = hi >>> 16;
  target[at + 2] = hi >>> 8;
  target[at + 3] = hi;
  target[at + 4] = lo >>> 24;
  target[at + 5] = lo >>> 16;
  target[at + 6] = lo >>> 8;
  target[at + 7] = lo;
}

function readInt64(bytes: Uint8Array, at: number): number {
  const hi =
    (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | (bytes[at + 3] as number) | 0;
  const lo =
    ((bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | (bytes[at + 7] as number)) >>>
    0;
  return hi * TWO_32 + lo;
}

export function mainOf(key: Uint8Array, start = 0): number {
  return readInt64(key, start);
}

export function subOf(key: Uint8Array, start = 0): number {
  return readInt64(key, start + 9);
}

/** A revision key has 17 or 18 bytes and its separator; anything else in the bucket is damage. */
export function isRevisionKey(key: Uint8Array, start: number, length: number): boolean {
  if (key[start + 8] !== SEPARATOR) return false;
  return (
    length === REVISION_KEY_BYTES || (length === TOMBSTONE_KEY_BYTES && key[start + 17] === TOMBSTONE_MARK)
  );
}
