/**
 * Keys inside records, and heads: the four bytes of a key that a node compares. A record begins with the key field of a `KeyValue`.
 */

import type { Arena } from "./arena.ts";
import { keyLengthAt, keyStartAt } from "./key-value.ts";

/** Four bytes of the key after `prefix`, as a signed word in the order of the bytes. */
export function headOf(bytes: Uint8Array, start: number, end: number, prefix: number): number {
  const at = start + prefix;
  if (at + 4 <= end) {
    return (
      ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | (bytes[at + 3] as number)) ^
      0x80000000
    );
  }
  let head = 0;
  for (let i = 0; i < 4; i++) head = (head << 8) | (at + i < end ? (bytes[at + i] as number) : 0);
  return head ^ 0x80000000;
}

export function recordHead(arena: Arena, reference: number, prefix: number): number {
  const bytes = arena.bytes(reference);
  const start = arena.start(reference);
  const keyStart = keyStartAt(bytes, start);
  return headOf(bytes, keyStart, keyStart + keyLengthAt(bytes, start), prefix);
}

/** The key of a record, as a view. */
export function recordKey(arena: Arena, reference: number): Uint8Array {
  const bytes = arena.bytes(reference);
  const start = arena.start(reference);
  const keyStart = keyStartAt(bytes, start);
  // Not `subarray`, which costs a buffer several times as much.
  return new Uint8Array(bytes.buffer, bytes.byteOffset + keyStart, keyLengthAt(bytes, start));
}

/** Order of the key of the record at `start` against `key`; the first `from` bytes are known to be equal. */
export function compareRecordKey(bytes: Uint8Array, start: number, key: Uint8Array, from: number): number {
  let length = bytes[start + 1] as number;
  let at = start + 2;
  if (length >= 0x80) {
    length = keyLengthAt(bytes, start);
    at = keyStartAt(bytes, start);
  }
  const shared = length < key.length ? length : key.length;
  for (let i = from; i < shared; i++) {
    const difference = (bytes[at + i] as number) - (key[i] as number);
    if (difference !== 0) return difference;
  }
  return length - key.length;
}

export function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  return i;
}

/** The shortest key above `low` and not above `high`. */
export function shortestBetween(low: Uint8Array, high: Uint8Array): Uint8Array {
  return high.subarray(0, sharedLength(low, high) + 1);
}
