/**
 * The commit thread's work, synchronous: it owns the database's writer, applies packed batches, commits and reports. Between
 * batches it finds the free pages of the file in slices, and defragments when it is asked to. The real host runs it in a worker; a
 * simulation runs it inline.
 */

import { assert, utf8Bytes, utf8String } from "@etcd-ts/base";
import { createDatabase, Database, DatabaseError } from "../bbolt/index.ts";
import type { Disk } from "../disk/disk.ts";
import {
  BUCKETS,
  type BucketName,
  type CommitBatch,
  type CommitReport,
  type CommittedRoot,
  type MoveReport,
} from "./backend-types.ts";
import { Defragmentation, databaseBuckets, isNoSpace } from "./defragmentation.ts";
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
  /** Defragments before anything else when at least so many bytes of pages are free; 0 or undefined: never. */
  readonly defragmentBytesMin?: number;
  /** What one slice of a defragmentation copies. */
  readonly sliceBytes?: number;
  /** For the durations that a commit reports; without it they are 0. */
  readonly nowMs?: () => number;
  /** By how much the file grows beyond what is needed. */
  readonly growthBytes?: number;
}

/** How a defragmentation ended: a new file is in place, or why there is none. */
export type DefragmentationEnd = { readonly moved: MoveReport } | { readonly failure: string };

export interface SmallPair {
  readonly bucket: BucketName;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** What the loop needs to know of the database when it has been opened. */
export interface OpenedDatabase extends BackendStart {
  readonly path: string;
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
  private readonly disk: Disk;
  private readonly path: string;
  private readonly options: CommitterOptions;
  private place: Place;
  private fileNumber = FIRST_FILE;
  private defragmentation: Defragmentation | undefined;
  private defragmentationEnd: DefragmentationEnd | undefined;

  /**
   * Opens the database, or makes a new one with the ten buckets; undefined while somebody else holds its lock. Throws
   * DatabaseError on a damaged file: nothing is written then.
   */
  static open(disk: Disk, path: string, options: CommitterOptions): Committer | undefined {
    const created = !disk.exists(path);
    if (created && !createDatabase(disk, path, BUCKETS)) return undefined;
    const database = Database.open(disk, path, { ...options, buckets: databaseBuckets() });
    if (database === undefined) return undefined;
    const file = new NodeFile(disk.open(path, "read"), database.pageBytes);
    try {
      Defragmentation.removeLeftovers(disk, path);
      const place = defragmentedAtStart(disk, path, { database, file }, options);
      return new Committer(disk, path, options, place, describe(place, created));
    } catch (error) {
      file.close();
      database.close();
      throw error;
    }
  }

  private constructor(
    disk: Disk,
    path: string,
    options: CommitterOptions,
    place: Place,
    opened: OpenedDatabase,
  ) {
    this.disk = disk;
    this.path = path;
    this.options = options;
    this.place = place;
    this.opened = opened;
  }

  commit(batch: CommitBatch): CommitReport {
    const { database, file } = this.place;
    const { nowMs = () => 0 } = this.options;
    const beganAtMs = nowMs();
    for (const chunk of batch.chunks) database.apply(chunk);
    const takeMs = nowMs() - beganAtMs;
    // What the loop reads in another file says nothing of this one.
    const ofLoop = batch.file === this.fileNumber ? batch.oldestReader : 0;
    const oldestReader = Math.min(ofLoop, this.defragmentation?.oldestReader ?? Infinity);
    const { times, ...commit } = database.commit({ oldestReader });
    const report = {
      id: batch.id,
      file: this.fileNumber,
      ...commit,
      branches: writtenBranches(file, commit),
    };
    return times === undefined ? report : { ...report, times: { takeMs, ...times } };
  }

  /** Begins in the next slices of {@link work}; how it ends tells {@link takeDefragmentationEnd}. One at a time. */
  defragment(): void {
    assert(this.defragmentation === undefined, "one defragmentation at a time");
    const { database } = this.place;
    const failure = Defragmentation.refusal(this.disk, this.path, database.sizeInUse);
    if (failure === undefined) this.unlessNoSpace(() => this.beginDefragmentation());
    else this.defragmentationEnd = { failure };
  }

  /** One slice of work that can wait; false when there is none left. */
  work(): boolean {
    if (!this.place.database.findFreePages(SLICE_BYTES)) return true;
    if (this.defragmentation !== undefined) this.advance(this.defragmentation);
    return this.defragmentation !== undefined;
  }

  /** A defragmentation is under way whose time does not matter yet. */
  get isCopying(): boolean {
    return this.defragmentation?.isCopying === true;
  }

  /** Once, when a defragmentation has ended. */
  takeDefragmentationEnd(): DefragmentationEnd | undefined {
    const end = this.defragmentationEnd;
    this.defragmentationEnd = undefined;
    return end;
  }

  close(): void {
    this.defragmentation?.abandon();
    closePlace(this.place);
  }

  /** For checks: the writer of the file that has the name now. */
  get database(): Database {
    return this.place.database;
  }

  private beginDefragmentation(): void {
    this.defragmentation = newDefragmentation(this.disk, this.path, this.place, this.options);
  }

  private advance(defragmentation: Defragmentation): void {
    let isWhole = false;
    this.unlessNoSpace(() => {
      isWhole = defragmentation.advance(rootOf(this.place.database, this.fileNumber));
    });
    if (!isWhole) return;
    this.place = move(this.disk, this.path, this.place, defragmentation);
    this.defragmentation = undefined;
    const { database } = this.place;
    const { size, sizeInUse } = database;
    this.fileNumber++;
    this.defragmentationEnd = { moved: { ...rootOf(database, this.fileNumber), size, sizeInUse } };
  }

  /** A full disk ends the defragmentation and nothing else. */
  private unlessNoSpace(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!isNoSpace(error)) throw error;
      this.defragmentation?.abandon();
      this.defragmentation = undefined;
      this.defragmentationEnd = { failure: `etcdserver: defragmentation failed: ${error.message}` };
    }
  }
}

const FIRST_FILE = 1;

/** The file that has the database's name: its writer, and what reads its committed pages here. */
interface Place {
  readonly database: Database;
  readonly file: NodeFile;
}

function closePlace({ database, file }: Place): void {
  file.close();
  database.close();
}

function rootOf({ transaction, root, highWaterMark }: Database, file: number): CommittedRoot {
  return { file, transaction, root, highWaterMark };
}

function newDefragmentation(
  disk: Disk,
  path: string,
  { database, file }: Place,
  { lock = true, ...options }: CommitterOptions,
): Defragmentation {
  const from = { file: file.file, pageBytes: database.pageBytes, root: rootOf(database, FIRST_FILE) };
  return new Defragmentation(disk, path, from, { lock, ...options });
}

/** The new file takes the place of the old one, which others may still read. */
function move(disk: Disk, path: string, old: Place, defragmentation: Defragmentation): Place {
  const database = defragmentation.takePlace();
  const file = new NodeFile(disk.open(path, "read"), database.pageBytes);
  closePlace(old);
  return { database, file };
}

/** Before anybody reads: in one go. */
function defragmentedAtStart(disk: Disk, path: string, place: Place, options: CommitterOptions): Place {
  const { defragmentBytesMin = 0 } = options;
  const { database } = place;
  if (defragmentBytesMin === 0) return place;
  while (!database.findFreePages(SLICE_BYTES));
  if (database.size - database.sizeInUse < defragmentBytesMin) return place;
  if (Defragmentation.refusal(disk, path, database.sizeInUse) !== undefined) return place;
  const defragmentation = newDefragmentation(disk, path, place, options);
  while (!defragmentation.advance(rootOf(database, FIRST_FILE)));
  return move(disk, path, place, defragmentation);
}

function describe({ database, file }: Place, created: boolean): OpenedDatabase {
  const { size, sizeInUse, pageBytes } = database;
  const { path } = file.file;
  const root = rootOf(database, FIRST_FILE);
  const { small, missingBuckets } = readSmallBuckets(new TreeWalk(file, root));
  const consistentIndex = metaNumber(path, small, "consistent_index");
  const term = metaNumber(path, small, "term");
  return { ...root, path, size, sizeInUse, pageBytes, created, small, missingBuckets, consistentIndex, term };
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
