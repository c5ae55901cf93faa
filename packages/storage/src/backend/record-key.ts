/**
 * Keys of bucket `key`: a revision as bytes. Permanent.
 *
 *     main i64 big-endian · "_" · sub i64 big-endian             a put       17 bytes
 *     main i64 big-endian · "_" · sub i64 big-endian · "t"       a tombstone 18 bytes
 *
 * In memory a record is ordered by its main revision and its *minor*: twice the sub revision, plus one for a tombstone.
 * That is the order of the bytes.
 */

import { assert } from "@etcd-ts/base";

export const RECORD_KEY_BYTES = 17;
export const TOMBSTONE_KEY_BYTES = 18;
const SEPARATOR = 0x5f;
const TOMBSTONE_MARK = 0x74;

/** Sub revisions lie below: a minor fits 32 bits. */
export const SUB_END = 2 ** 31;

export function minorOf(sub: number, tombstone: boolean): number {
  assert(sub >= 0 && sub < SUB_END, "sub revision out of range");
  return sub * 2 + (tombstone ? 1 : 0);
}

/** Bytes of the key of a record with this minor. */
export function recordKeyBytes(minor: number): number {
  return RECORD_KEY_BYTES + (minor & 1);
}

/** Writes the key at `at`; the target has room for {@link recordKeyBytes}. */
export function writeRecordKey(target: Uint8Array, at: number, main: number, minor: number): void {
  const high = Math.floor(main / 2 ** 32);
  const sub = minor >>> 1;
  target[at] = high >>> 24;
  target[at + 1] = high >>> 16;
  target[at + 2] = high >>> 8;
  target[at + 3] = high;
  target[at + 4] = main >>> 24;
  target[at + 5] = main >>> 16;
  target[at + 6] = main >>> 8;
  target[at + 7] = main;
  target[at + 8] = SEPARATOR;
  target[at + 9] = 0;
  target[at + 10] = 0;
  target[at + 11] = 0;
  target[at + 12] = 0;
  target[at + 13] = sub >>> 24;
  target[at + 14] = sub >>> 16;
  target[at + 15] = sub >>> 8;
  target[at + 16] = sub;
  if ((minor & 1) !== 0) target[at + 17] = TOMBSTONE_MARK;
}

export function encodeRecordKey(main: number, sub: number, tombstone: boolean): Uint8Array {
  const minor = minorOf(sub, tombstone);
  const key = new Uint8Array(recordKeyBytes(minor));
  writeRecordKey(key, 0, main, minor);
  return key;
}

/** Undefined when the bytes are no record's key. */
export function decodeRecordKey(
  key: Uint8Array,
): { readonly main: number; readonly sub: number; readonly tombstone: boolean } | undefined {
  if (recordKeyFault(key, 0, key.length) !== undefined) return undefined;
  const minor = recordMinor(key, 0, key.length);
  return { main: recordMain(key, 0), sub: minor >>> 1, tombstone: (minor & 1) === 1 };
}

/** What is wrong with `bytes[start, end)` as a record's key, or undefined. */
export function recordKeyFault(bytes: Uint8Array, start: number, end: number): string | undefined {
  const length = end - start;
  if (length !== RECORD_KEY_BYTES && length !== TOMBSTONE_KEY_BYTES) return `${length} bytes`;
  if (bytes[start + 8] !== SEPARATOR) return "no separator";
  if (length === TOMBSTONE_KEY_BYTES && bytes[start + 17] !== TOMBSTONE_MARK) return "an unknown mark";
  if (bytes[start]! > 0 || bytes[start + 1]! > 0x1f) return "a main revision out of range";
  const subHigh = bytes[start + 9]! | bytes[start + 10]! | bytes[start + 11]! | bytes[start + 12]!;
  if (subHigh !== 0 || bytes[start + 13]! > 0x7f) return "a sub revision out of range";
  return undefined;
}

/** The main revision of a key without fault. */
export function recordMain(bytes: Uint8Array, at: number): number {
  const high = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  const low = (bytes[at + 4]! << 24) | (bytes[at + 5]! << 16) | (bytes[at + 6]! << 8) | bytes[at + 7]!;
  return high * 2 ** 32 + (low >>> 0);
}

/** The minor of a key without fault. */
export function recordMinor(bytes: Uint8Array, at: number, length: number): number {
  const sub = (bytes[at + 13]! << 24) | (bytes[at + 14]! << 16) | (bytes[at + 15]! << 8) | bytes[at + 16]!;
  return ((sub << 1) | (length - RECORD_KEY_BYTES)) >>> 0;
}

/** A place in the order of records: (`main`, `minor`), `main` Infinity behind all. */
export interface RecordBound {
  readonly main: number;
  readonly minor: number;
}

const BEHIND_ALL: RecordBound = { main: Infinity, minor: 0 };

/** The first place in the order of records that is at or behind `key`, any bytes. */
export function recordBound(key: Uint8Array): RecordBound {
  const padded = new Uint8Array(TOMBSTONE_KEY_BYTES);
  padded.set(key.subarray(0, TOMBSTONE_KEY_BYTES));
  if (padded[0]! > 0 || padded[1]! > 0x1f) return BEHIND_ALL;
  const main = recordMain(padded, 0);
  if (padded[8]! < SEPARATOR) return { main, minor: 0 };
  const subOutOfRange = padded.subarray(9, 13).some((byte) => byte !== 0) || padded[13]! > 0x7f;
  if (padded[8]! > SEPARATOR || subOutOfRange) return { main: main + 1, minor: 0 };
  return { main, minor: recordMinor(padded, 0, RECORD_KEY_BYTES) + minorsBefore(key) };
}

/** Of the two records with the key's main and sub revision, how many lie before it. */
function minorsBefore(key: Uint8Array): 0 | 1 | 2 {
  if (key.length <= RECORD_KEY_BYTES) return 0;
  const mark = key[RECORD_KEY_BYTES]!;
  return mark < TOMBSTONE_MARK || (mark === TOMBSTONE_MARK && key.length === TOMBSTONE_KEY_BYTES) ? 1 : 2;
}
