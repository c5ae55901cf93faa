/**
 * A database file that is read and not changed: a snapshot, with or without its digest at the end, or the database of a stopped
 * member.
 */

import { EMPTY_BYTES, utf8Bytes } from "@etcd-ts/base";
import {
  type Bucket,
  DatabaseError,
  type Disk,
  type DiskFile,
  FOUND,
  findMeta,
  type Meta,
  type PageSource,
  RealDisk,
  readNode,
  rootBucket,
  TreeCursor,
} from "@etcd-ts/storage";
import type { FlagValues } from "../command-line/command.ts";
import { lock } from "./locks.ts";

const META_BYTES = 4096;

export class DatabaseFile {
  readonly disk: Disk;
  readonly path: string;
  readonly file: DiskFile;
  readonly meta: Meta;
  readonly pages: PageSource;

  /** Waits for the lock; `onLocked` makes the error when a server keeps it. */
  static open(path: string, flags: FlagValues, onLocked: (path: string) => Error): DatabaseFile {
    const disk = new RealDisk();
    mustExist(disk, path);
    const file = disk.open(path, "read");
    if (!lock(file, "flock-shared", flags)) throw onLocked(path);
    return new DatabaseFile(disk, path, file);
  }

  /** The caller has the lock. */
  static openLocked(path: string): DatabaseFile {
    const disk = new RealDisk();
    return new DatabaseFile(disk, path, disk.open(path, "read"));
  }

  private constructor(disk: Disk, path: string, file: DiskFile) {
    this.disk = disk;
    this.path = path;
    this.file = file;
    const meta = readMeta(file);
    this.meta = meta;
    this.pages = { node: (page) => readNode(file, page, meta.pageBytes, meta.highWaterMark) };
  }

  /** Undefined when the file has no such bucket. */
  bucket(name: string): Bucket | undefined {
    const cursor = new TreeCursor(this.pages);
    return cursor.get(rootBucket(this.meta.root), utf8Bytes(name)) === FOUND
      ? cursor.bucketHere()
      : undefined;
  }

  get(bucketName: string, key: string): Uint8Array | undefined {
    const bucket = this.bucket(bucketName);
    const cursor = new TreeCursor(this.pages);
    if (bucket === undefined || cursor.get(bucket, utf8Bytes(key)) !== FOUND) return undefined;
    return cursor.valueCopy();
  }

  /** Everything in a bucket, in order; the cursor stands on each record. */
  forEach(bucketName: string, visit: (cursor: TreeCursor) => void): void {
    const bucket = this.bucket(bucketName);
    if (bucket === undefined) return;
    const cursor = new TreeCursor(this.pages);
    for (let at = cursor.seek(bucket, EMPTY_BYTES); at === FOUND; at = cursor.next()) visit(cursor);
  }

  /** A cursor on the last record of the bucket; undefined when it is empty. */
  last(bucketName: string): TreeCursor | undefined {
    const bucket = this.bucket(bucketName);
    const cursor = new TreeCursor(this.pages);
    return bucket !== undefined && cursor.last(bucket) === FOUND ? cursor : undefined;
  }

  close(): void {
    this.file.close();
  }
}

export function mustExist(disk: Disk, path: string): void {
  if (!disk.exists(path)) throw new Error(`stat ${path}: no such file or directory`);
}

function readMeta(file: DiskFile): Meta {
  // What the original comes to when it takes an empty file for a new database.
  if (file.size() === 0) throw new DatabaseError(`write ${file.path}: bad file descriptor`);
  const bytes = new Uint8Array(META_BYTES);
  const meta = findMeta((position) => bytes.subarray(0, file.read(bytes, 0, META_BYTES, position)));
  if (typeof meta === "string") throw new DatabaseError("invalid database");
  const needed = meta.highWaterMark * meta.pageBytes;
  if (file.size() < needed) {
    throw new DatabaseError(`${file.path} is cut off: ${file.size()} bytes instead of at least ${needed}`);
  }
  return meta;
}
