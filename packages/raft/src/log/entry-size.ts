/**
 * Sizes of entries as raft's limits count them. Encoded size: the fields that are set, as release 3.7 encodes them (a
 * normal entry has no type field), so that pages end at the same entry as the original's. Payload size: the data alone.
 */

import type { Entry } from "@etcd-ts/proto";

function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  if (value < 0x10000000) return 4;
  return value === 0 ? 1 : Math.floor(Math.log2(value) / 7) + 1;
}

export function encodedSize(entry: Entry): number {
  let size = 0;
  if (entry.type !== 0) size += 2;
  if (entry.term !== 0) size += 1 + varintSize(entry.term);
  if (entry.index !== 0) size += 1 + varintSize(entry.index);
  const data = entry.data;
  return data === undefined ? size : size + 1 + varintSize(data.length) + data.length;
}

export function encodedSizeOf(entries: readonly Entry[]): number {
  let size = 0;
  for (let i = 0; i < entries.length; i++) size += encodedSize(entries[i]!);
  return size;
}

export function payloadSize(entry: Entry): number {
  return entry.data === undefined ? 0 : entry.data.length;
}

export function payloadSizeOf(entries: readonly Entry[]): number {
  let size = 0;
  for (let i = 0; i < entries.length; i++) size += payloadSize(entries[i]!);
  return size;
}

/** How many of `entries[lo, hi)` fit into `bytesMax`: at least one, if there is one. */
export function countWithin(entries: readonly Entry[], lo: number, hi: number, bytesMax: number): number {
  if (bytesMax === Number.POSITIVE_INFINITY) return hi - lo;
  let size = 0;
  for (let i = lo; i < hi; i++) {
    size += encodedSize(entries[i]!);
    if (size > bytesMax && i > lo) return i - lo;
  }
  return hi - lo;
}
