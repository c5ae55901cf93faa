/**
 * Gives a stopped database a stored free list, as tools of bbolt leave it (`bbolt-file.md` 7). etcd itself stores none, and
 * neither do we, so no server makes such a file.
 */
import { closeSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { BUCKETS, Database, encodeMeta, RealDisk } from "@etcd-ts/storage";

const FLAG_FREE_LIST = 0x10;
const HEADER_BYTES = 16;
const COUNT_APART = 0xffff;

export function storeFreeList(path: string): void {
  const database = Database.open(new RealDisk(), path, {
    buckets: BUCKETS.map((name) => ({ name, fill: 0.5 })),
  });
  if (database === undefined) throw new Error(`${path} is locked`);
  while (!database.findFreePages(1 << 24)) {}
  const { transaction, root, highWaterMark, pageBytes } = database;
  const free: bigint[] = [];
  database.forEachFreeRun((page, pages) => {
    for (let i = 0; i < pages; i++) free.push(BigInt(page + i));
  });
  database.close();
  free.sort((a, b) => (a < b ? -1 : 1));
  const list = encodeFreeList(free, highWaterMark, pageBytes);
  const meta = new Uint8Array(pageBytes);
  const next = transaction + 1;
  encodeMeta(meta, 0, next % 2 === 0 ? 0 : 1, {
    pageBytes,
    root,
    sequence: 0,
    freeList: highWaterMark,
    highWaterMark: highWaterMark + list.length / pageBytes,
    transaction: next,
  });
  const file = openSync(path, "r+");
  writeSync(file, list, 0, list.length, highWaterMark * pageBytes);
  const end = highWaterMark * pageBytes + list.length;
  if (end % (1 << 20) !== 0) ftruncateSync(file, Math.ceil(end / (1 << 20)) * (1 << 20));
  writeSync(file, meta, 0, meta.length, (next % 2) * pageBytes);
  closeSync(file);
}

function encodeFreeList(free: readonly bigint[], page: number, pageBytes: number): Buffer {
  const isLarge = free.length >= COUNT_APART;
  const ids = isLarge ? [BigInt(free.length), ...free] : free;
  const pages = Math.floor((HEADER_BYTES + 8 * ids.length) / pageBytes) + 1;
  const bytes = Buffer.alloc(pages * pageBytes);
  bytes.writeBigUInt64LE(BigInt(page), 0);
  bytes.writeUInt16LE(FLAG_FREE_LIST, 8);
  bytes.writeUInt16LE(isLarge ? COUNT_APART : free.length, 10);
  bytes.writeUInt32LE(pages - 1, 12);
  for (const [i, id] of ids.entries()) bytes.writeBigUInt64LE(id, HEADER_BYTES + 8 * i);
  return bytes;
}
