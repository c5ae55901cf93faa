/**
 * The two meta pages: where a transaction's tree begins, how far the file is used, and the checksum that makes a commit
 * whole or absent. Commit T writes page T mod 2, so that the page of T-1 stays as it was until T is durable.
 *
 *     meta page = page header (flags 0x04) · magic u32 · version u32 · pageSize u32 · flags u32 · root u64 · sequence u64
 *                 · freeList u64 · highWaterMark u64 · transaction u64 · FNV-1a 64 of the 56 bytes before
 */

import {
  FLAG_META,
  PAGE_BYTES_MAX,
  PAGE_BYTES_MIN,
  PAGE_HEADER_BYTES,
  pageFlags,
  readUint32,
  readUint64,
  writePageHeader,
  writeUint32,
  writeUint64,
} from "./page-layout.ts";

// Permanent: these numbers are the file format.
export const META_MAGIC = 0xed0cdaed;
export const META_VERSION = 2;
/** Bytes of a meta page that count: header, fields, checksum. */
export const META_BYTES = PAGE_HEADER_BYTES + 64;
const CHECKSUM_AT = PAGE_HEADER_BYTES + 56;

export interface Meta {
  readonly pageBytes: number;
  readonly root: number;
  /** Sequence of the root bucket; 0 in every file of etcd, kept as it is. */
  readonly sequence: number;
  /** First page of the stored free list; undefined when it is not stored. */
  readonly freeList: number | undefined;
  /** Every page in use has a smaller number. */
  readonly highWaterMark: number;
  readonly transaction: number;
}

/** Writes the meta into `target`, which holds the page from `at` and is zero beyond the fields. */
export function encodeMeta(target: Uint8Array, at: number, page: 0 | 1, meta: Meta): void {
  writePageHeader(target, at, page, FLAG_META, 0, 0);
  writeUint32(target, at + 16, META_MAGIC);
  writeUint32(target, at + 20, META_VERSION);
  writeUint32(target, at + 24, meta.pageBytes);
  writeUint32(target, at + 28, 0);
  writeUint64(target, at + 32, meta.root);
  writeUint64(target, at + 40, meta.sequence);
  if (meta.freeList === undefined) target.fill(0xff, at + 48, at + 56);
  else writeUint64(target, at + 48, meta.freeList);
  writeUint64(target, at + 56, meta.highWaterMark);
  writeUint64(target, at + 64, meta.transaction);
  fnv1a64(target, at + CHECKSUM_AT, target, at + PAGE_HEADER_BYTES, at + CHECKSUM_AT);
}

/** The meta at `at`, or what is wrong with it as text. */
export function decodeMeta(bytes: Uint8Array, at: number): Meta | string {
  if (at + META_BYTES > bytes.length) return "too short for a meta page";
  const page = bytes.subarray(at, at + META_BYTES);
  if (readUint32(page, 16) !== META_MAGIC) return "no magic number of a bbolt file";
  if (readUint32(page, 20) !== META_VERSION)
    return `version ${readUint32(page, 20)} instead of ${META_VERSION}`;
  const sum = new Uint8Array(8);
  fnv1a64(sum, 0, page, PAGE_HEADER_BYTES, CHECKSUM_AT);
  if (!sum.every((byte, i) => byte === page[CHECKSUM_AT + i])) return "wrong checksum";
  return checkedMeta(page);
}

function checkedMeta(page: Uint8Array): Meta | string {
  const notStored = page.subarray(48, 56).every((byte) => byte === 0xff);
  const meta: Meta = {
    pageBytes: readUint32(page, 24),
    root: readUint64(page, 32),
    sequence: readUint64(page, 40),
    freeList: notStored ? undefined : readUint64(page, 48),
    highWaterMark: readUint64(page, 56),
    transaction: readUint64(page, 64),
  };
  if (pageFlags(page) !== FLAG_META) return "not a meta page";
  if (!isPageBytes(meta.pageBytes)) return `page size ${meta.pageBytes}`;
  if (!Number.isSafeInteger(meta.highWaterMark * meta.pageBytes)) return "high-water mark out of range";
  if (!Number.isSafeInteger(meta.transaction) || !Number.isSafeInteger(meta.sequence))
    return "number out of range";
  if (meta.root < 2 || meta.root >= meta.highWaterMark) return "root page above the high-water mark";
  if (meta.freeList !== undefined && (meta.freeList < 2 || meta.freeList >= meta.highWaterMark)) {
    return "free list above the high-water mark";
  }
  return meta;
}

function isPageBytes(bytes: number): boolean {
  return bytes >= PAGE_BYTES_MIN && bytes <= PAGE_BYTES_MAX && (bytes & (bytes - 1)) === 0;
}

/**
 * The meta that counts, found in the beginning of a file (at least 4,096 bytes of it, or all): the valid one with the higher
 * transaction. `read` gives META_BYTES at a position, fewer at the end of the file. Text when there is none.
 */
export function findMeta(read: (position: number) => Uint8Array): Meta | string {
  const first = decodeMeta(read(0), 0);
  if (typeof first !== "string") {
    const second = decodeMeta(read(first.pageBytes), 0);
    return typeof second !== "string" && second.transaction > first.transaction ? second : first;
  }
  for (let pageBytes = PAGE_BYTES_MIN; pageBytes <= PAGE_BYTES_MAX; pageBytes *= 2) {
    const second = decodeMeta(read(pageBytes), 0);
    if (typeof second !== "string" && second.pageBytes === pageBytes) return second;
  }
  return `both meta pages are invalid: ${first}`;
}

/** FNV-1a 64 in two halves: the prime is 2^40 + 0x1b3, so that a product of halves stays exact in a double. */
export function fnv1a64(target: Uint8Array, at: number, bytes: Uint8Array, start: number, end: number): void {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let i = start; i < end; i++) {
    low = (low ^ bytes[i]!) >>> 0;
    const product = low * 0x1b3;
    high = (high * 0x1b3 + Math.floor(product / 2 ** 32) + ((low << 8) >>> 0)) % 2 ** 32;
    low = product % 2 ** 32;
  }
  writeUint32(target, at, low);
  writeUint32(target, at + 4, high);
}
