/**
 * The commit thread's work, synchronous: it owns the database's writer, applies packed batches, commits and reports. Between
 * batches it finds the free pages of the file in slices. The real host runs it in a worker; a simulation runs it inline.
 */

import { utf8Bytes, utf8String } from "@etcd-ts/base";
import { createDatabase, Database, DatabaseError } from "../bbolt/index.ts";
import type { Disk } from "../disk/disk.ts";
import { BUCKETS, type BucketName, type CommitBatch, type CommitReport } from "./backend-types.ts";
import { NodeFile } from "./node-file.ts";
import type { BackendStart } from "./paged-backend.ts";
import { TreeWalk } from "./tree-walk.ts";
import { writtenBranches } from "./written-branches.ts";

/** Bytes that a slice of the search for free pages reads. */
const SLICE_BYTES = 2 * 1024 * 1024;

export interface CommitterOptions {
  /** False: commits do not wait for the disk (`--unsafe-no-fsync`). */
  readonly sync: boolean;
  /** False: the file's lock is not taken, as where no `flock` program is. */
  readonly lock?: boolean;
}

export interface SmallPair {
  readonly bucket: BucketName;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** What the loop needs to know of the database when it has been opened. */
export interface OpenedDatabase extends BackendStart {
  readonly pageBytes: number;
  /** The file was made just now. */
  readonly created: boolean;
  /** Everything in the nine small buckets, in order. */
  readonly small: readonly SmallPair[];
  /** Buckets that an old file lacks; the first write to one (a deletion, too) makes it. */
  readonly missingBuckets: readonly BucketName[];
}

export class Committer {
  readonly opened: OpenedDatabase;
  private readonly database: Database;
  private readonly file: NodeFile;

  /**
   * Opens the database, or makes a new one with the ten buckets; undefined while somebody else holds its lock. Throws
   * DatabaseError on a damaged file: nothing is written then.
   */
  static open(disk: Disk, path: string, options: CommitterOptions): Committer | undefined {
    const created = !disk.exists(path);
    if (created && !createDatabase(disk, path, BUCKETS)) return undefined;
    const { sync, lock = true } = options;
    const database = Database.open(disk, path, { buckets: BUCKETS.map(bucketOptions), sync, lock });
    if (database === undefined) return undefined;
    const file = new NodeFile(disk.open(path, "read"), database.pageBytes);
    try {
      return new Committer(database, file, describe(database, file, created));
    } catch (error) {
      file.close();
      database.close();
      throw error;
    }
  }

  private constructor(database: Database, file: NodeFile, opened: OpenedDatabase) {
    this.database = database;
    this.file = file;
    this.opened = opened;
  }

  commit(batch: CommitBatch): CommitReport {
    for (const chunk of batch.chunks) this.database.apply(chunk);
    const commit = this.database.commit({ oldestReader: batch.oldestReader });
    return { id: batch.id, ...commit, branches: writtenBranches(this.file, commit) };
  }

  /** One slice of work that can wait; false when there is none left. */
  work(): boolean {
    return !this.database.findFreePages(SLICE_BYTES);
  }

  close(): void {
    this.file.close();
    this.database.close();
  }
}

/** Keys of bucket `key` only ascend, so its pages are left fuller; the same numbers as the original's. */
function bucketOptions(name: BucketName): { name: string; fill: number } {
  return { name, fill: name === "key" ? 0.9 : 0.5 };
}

function describe(database: Database, file: NodeFile, created: boolean): OpenedDatabase {
  const { transaction, root, highWaterMark, size, sizeInUse, pageBytes } = database;
  const { path } = file.file;
  const walk = new TreeWalk(file, { transaction, root, highWaterMark });
  const { small, missingBuckets } = readSmallBuckets(walk);
  const consistentIndex = metaNumber(path, small, "consistent_index");
  const term = metaNumber(path, small, "term");
  return {
    transaction,
    root,
    highWaterMark,
    size,
    sizeInUse,
    pageBytes,
    created,
    small,
    missingBuckets,
    consistentIndex,
    term,
  };
}

function readSmallBuckets(walk: TreeWalk): { small: SmallPair[]; missingBuckets: BucketName[] } {
  const small: SmallPair[] = [];
  const missingBuckets: BucketName[] = [];
  for (const bucket of BUCKETS) {
    if (!walk.enter(utf8Bytes(bucket))) missingBuckets.push(bucket);
    else if (bucket !== "key") {
      while (walk.step()) small.push({ bucket, key: walk.cursor.keyCopy(), value: walk.cursor.valueCopy() });
    }
  }
  return { small, missingBuckets };
}

/** A number of bucket `meta`, u64 big-endian; 0 when it is not there. */
function metaNumber(path: string, small: readonly SmallPair[], name: string): number {
  const pair = small.find(({ bucket, key }) => bucket === "meta" && utf8String(key) === name);
  if (pair === undefined) return 0;
  const { value } = pair;
  const number = value.length === 8 ? readUint64BigEndian(value) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new DatabaseError(`${path}: ${name} in bucket "meta" is not a 64-bit number within 2^53`);
}

function readUint64BigEndian(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  return view.getUint32(0) * 2 ** 32 + view.getUint32(4);
}
