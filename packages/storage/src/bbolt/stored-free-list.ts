/**
 * A free list that the file stores (the original's etcd stores none, other tools of bbolt do). We read it and never write one.
 *
 *     free list page = page header (flags 0x10) · ids u64 x count       when count < 0xFFFF
 *                    = page header (count 0xFFFF) · n u64 · ids u64 x n
 */

import type { DiskFile } from "../disk/disk.ts";
import type { Meta } from "./meta-page.ts";
import {
  elementCount,
  FLAG_FREE_LIST,
  PAGE_HEADER_BYTES,
  pageFlags,
  pageId,
  pageOverflow,
  readUint64,
} from "./page-layout.ts";
import { damaged } from "./page-store.ts";

const COUNT_IS_STORED_APART = 0xffff;

export interface StoredFreeList {
  readonly pages: readonly number[];
  /** Pages that the list itself takes. */
  readonly ownPages: number;
}

export function readStoredFreeList(file: DiskFile, meta: Meta, page: number): StoredFreeList {
  const fail = (fault: string) => damaged(file, page, meta.pageBytes, fault);
  const header = new Uint8Array(PAGE_HEADER_BYTES);
  if (file.read(header, 0, header.length, page * meta.pageBytes) !== header.length)
    throw fail("the file ends before it");
  if (pageId(header) !== page || pageFlags(header) !== FLAG_FREE_LIST) throw fail("it is no free list");
  const ownPages = 1 + pageOverflow(header);
  if (page + ownPages > meta.highWaterMark) throw fail("it reaches beyond the high-water mark");
  const bytes = new Uint8Array(ownPages * meta.pageBytes);
  if (file.read(bytes, 0, bytes.length, page * meta.pageBytes) !== bytes.length)
    throw fail("the file ends in it");
  const pages = decodeIds(bytes);
  if (pages === undefined) throw fail("its ids do not fit into it");
  checkIds(pages, page, ownPages, meta.highWaterMark, fail);
  return { pages, ownPages };
}

function decodeIds(bytes: Uint8Array): number[] | undefined {
  const apart = elementCount(bytes) === COUNT_IS_STORED_APART;
  const start = PAGE_HEADER_BYTES + (apart ? 8 : 0);
  const count = apart ? readUint64(bytes, PAGE_HEADER_BYTES) : elementCount(bytes);
  if (start + 8 * count > bytes.length) return undefined;
  const ids = Array.from({ length: count }, (_, i) => readUint64(bytes, start + 8 * i));
  return ids.sort((a, b) => a - b);
}

function checkIds(
  ids: readonly number[],
  own: number,
  ownPages: number,
  highWaterMark: number,
  fail: (fault: string) => Error,
): void {
  let previous = 1;
  for (const id of ids) {
    if (id < 2 || id >= highWaterMark) throw fail(`it lists page ${id}, outside of the file`);
    if (id === previous) throw fail(`it lists page ${id} twice`);
    if (id >= own && id < own + ownPages) throw fail(`it lists page ${id}, its own`);
    previous = id;
  }
}
