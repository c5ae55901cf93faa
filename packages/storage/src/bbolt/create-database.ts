/**
 * A new database file: two meta pages (transactions 0 and 1) and a root bucket that holds the given buckets, empty. It is
 * built under another name and renamed when it is durable, so that a file of the right name is always a whole one.
 */

import { compareBytes, utf8Bytes } from "@etcd-ts/base";
import type { Disk, DiskFile } from "../disk/disk.ts";
import { bucketHeader } from "./bucket-header.ts";
import { ElementList } from "./element-list.ts";
import { encodeMeta, type Meta } from "./meta-page.ts";
import { encodeInlineLeaf, encodeNode } from "./node-encoder.ts";
import { ELEMENT_BUCKET, PAGE_BYTES_DEFAULT } from "./page-layout.ts";

const ROOT_PAGE = 2;

/** False when another process is making the file at this moment, or has just made it. */
export function createDatabase(
  disk: Disk,
  path: string,
  bucketNames: readonly string[],
  pageBytes = PAGE_BYTES_DEFAULT,
): boolean {
  const unfinished = `${path}.new.tmp`;
  const file = disk.open(unfinished, "open-or-create");
  try {
    if (!file.tryLock("flock-exclusive")) return false;
    if (disk.exists(path)) {
      disk.remove(unfinished);
      return false;
    }
    writeEmpty(file, bucketNames, pageBytes);
    file.sync();
    disk.rename(unfinished, path);
    disk.syncDirectory(path.slice(0, path.lastIndexOf("/")) || "/");
    return true;
  } finally {
    file.close();
  }
}

function writeEmpty(file: DiskFile, bucketNames: readonly string[], pageBytes: number): void {
  const buckets = emptyBuckets(bucketNames);
  const nodePages = Math.ceil(buckets.nodeBytes / pageBytes);
  const highWaterMark = ROOT_PAGE + nodePages;
  const bytes = new Uint8Array(highWaterMark * pageBytes);
  const view = new DataView(bytes.buffer);
  const meta: Meta = {
    pageBytes,
    root: ROOT_PAGE,
    sequence: 0,
    freeList: undefined,
    highWaterMark,
    transaction: 0,
  };
  encodeMeta(bytes, 0, 0, meta);
  encodeMeta(bytes, pageBytes, 1, { ...meta, transaction: 1 });
  encodeNode(
    buckets,
    0,
    buckets.count,
    bytes,
    view,
    ROOT_PAGE * pageBytes,
    bytes.length,
    ROOT_PAGE,
    nodePages - 1,
  );
  file.truncate(0);
  file.write(bytes, 0, bytes.length, 0);
}

function emptyBuckets(names: readonly string[]): ElementList {
  const list = new ElementList();
  const empty = encodeInlineLeaf(new ElementList());
  for (const name of names.map(utf8Bytes).sort(compareBytes)) {
    const entry = bucketHeader(name, 0, 0, empty);
    list.add(list.addSource(entry), 0, name.length, entry.length - name.length, ELEMENT_BUCKET);
  }
  return list;
}
