/**
 * Defragmentation: the database written anew beside itself, packed and without free pages, while commits go on in the old file.
 *
 *     copying ──> finding free pages ──> following the old file ──> equal: it takes the place
 *     (the tree of the start)            (what commits changed meanwhile, in ever shorter rounds; the last one at once)
 *
 * Everything up to the last step happens in slices between commits. The new file is durable and locked before it takes the
 * name, and the folder is durable before any later commit counts; a crash before leaves the old file and one to remove.
 *
 * Not responsible for: readers of the old file (they keep it open), and for the size of slices of others.
 */

import { assert } from "@etcd-ts/base";
import { CompactedCopy, Database, OperationPacker, readNode, TreeDifference } from "../bbolt/index.ts";
import { type Disk, DiskError, type DiskFile } from "../disk/disk.ts";
import { parentOf } from "../disk/path.ts";
import { BUCKETS, type CommittedRoot } from "./backend-types.ts";

/** Names of unfinished files: what an earlier run left is removed. */
const PREFIX = "db.tmp.";
/** What one slice copies or reads, unless told otherwise. */
const SLICE_BYTES = 512 * 1024;
/** A step of the difference is a record or a node: a slice makes one for so many bytes. */
const STEP_BYTES = 64;
/** The copy is synced in these steps, so that no sync has much to do: others wait for the same disk. */
const SYNC_BYTES = 2 * 1024 * 1024;
/** Operations that are applied to the new file at once. */
const BATCH_BYTES = 4 * 1024 * 1024;
/** After so many rounds the rest is done at once, however much it is. */
const ROUNDS_MAX = 10;
/** So few commits since the round began are caught up with at once. */
const COMMITS_AT_ONCE = 2;
/** What the file system is to have left beside the copy. */
const SPARE_BYTES = 32 * 1024 * 1024;

/** What a defragmentation sees of the open database. */
export interface FragmentedDatabase {
  /** For reading. */
  readonly file: DiskFile;
  readonly pageBytes: number;
  readonly root: CommittedRoot;
}

export interface DefragmentationOptions {
  readonly sync: boolean;
  readonly lock: boolean;
  readonly sliceBytes?: number;
  readonly growthBytes?: number;
}

export class Defragmentation {
  private readonly disk: Disk;
  private readonly path: string;
  private readonly from: FragmentedDatabase;
  private readonly options: DefragmentationOptions;
  private readonly sliceBytes: number;
  private readonly temporaryPath: string;
  private readonly target: DiskFile;
  private readonly copy: CompactedCopy;
  private bytesUnsynced = 0;
  /** The new database, when the copy is whole. */
  private database: Database | undefined;
  /** What the new file is equal to, as far as it has been followed. */
  private base: CommittedRoot;
  private round: { readonly difference: TreeDifference; readonly end: CommittedRoot } | undefined;
  private rounds = 0;
  private readonly packer = new OperationPacker();

  /** Why there is no use in beginning; undefined: there is room. */
  static refusal(disk: Disk, path: string, sizeInUse: number): string | undefined {
    const needed = sizeInUse + SPARE_BYTES;
    const available = disk.availableBytes(parentOf(path));
    if (available >= needed) return undefined;
    return `etcdserver: no space to defragment: it takes ${needed} bytes, ${available} are available`;
  }

  /** Removes what earlier runs left. Only with the database's lock. */
  static removeLeftovers(disk: Disk, path: string): void {
    const folder = parentOf(path);
    for (const name of disk.list(folder)) if (name.startsWith(PREFIX)) disk.remove(`${folder}/${name}`);
  }

  constructor(disk: Disk, path: string, from: FragmentedDatabase, options: DefragmentationOptions) {
    this.disk = disk;
    this.path = path;
    this.from = from;
    this.options = options;
    this.sliceBytes = options.sliceBytes ?? SLICE_BYTES;
    this.base = from.root;
    this.temporaryPath = `${parentOf(path)}/${PREFIX}${from.root.transaction}`;
    this.target = disk.open(this.temporaryPath, "create");
    const meta = { ...from.root, pageBytes: from.pageBytes, sequence: 0, freeList: undefined };
    this.copy = new CompactedCopy(from.file, meta, this.target);
  }

  /** What the tree of this transaction reaches must not be overwritten: it counts as a reader. */
  get oldestReader(): number {
    return this.base.transaction;
  }

  /** The tree of the beginning is not copied yet; then what commits change meanwhile is followed, and gets no shorter by waiting. */
  get isCopying(): boolean {
    return this.database === undefined;
  }

  /** One slice; true when the new file holds the tree of `now`: then {@link takePlace}, before any further commit. */
  advance(now: CommittedRoot): boolean {
    if (this.database === undefined) {
      this.advanceCopy();
      return false;
    }
    return this.database.findFreePages(this.sliceBytes) && this.follow(this.database, now);
  }

  /** Puts the new file in the old one's place; the caller closes the old one. */
  takePlace(): Database {
    assert(this.database !== undefined && this.round === undefined, "the new file is whole");
    this.disk.rename(this.temporaryPath, this.path);
    this.disk.syncDirectory(parentOf(this.path));
    return this.database;
  }

  /** Nothing has happened. */
  abandon(): void {
    if (this.database === undefined) this.target.close();
    else this.database.close();
    this.disk.remove(this.temporaryPath);
  }

  private advanceCopy(): void {
    const isWhole = this.copy.advance(this.sliceBytes);
    this.bytesUnsynced += this.sliceBytes;
    if (isWhole) this.finishCopy();
    else if (this.bytesUnsynced >= SYNC_BYTES) this.syncCopy();
  }

  private syncCopy(): void {
    if (this.options.sync) this.target.sync();
    this.bytesUnsynced = 0;
    // Others write to this disk too, and they would fail for good.
    if (this.disk.availableBytes(parentOf(this.path)) >= SPARE_BYTES) return;
    throw new DiskError("ENOSPC", this.temporaryPath, `write ${this.temporaryPath}: little space is left`);
  }

  private finishCopy(): void {
    this.copy.finish(this.base.transaction);
    const options = { ...this.options, buckets: databaseBuckets() };
    const database = Database.open(this.disk, this.temporaryPath, options);
    assert(database !== undefined, "nobody else locks a file that is being written");
    this.target.close();
    this.database = database;
  }

  private follow(database: Database, now: CommittedRoot): boolean {
    if (this.round === undefined) {
      if (now.transaction === this.base.transaction) return true;
      this.round = { difference: this.differenceTo(now), end: now };
    }
    const { difference, end } = this.round;
    const atOnce = this.rounds >= ROUNDS_MAX || end.transaction - this.base.transaction <= COMMITS_AT_ONCE;
    let isWhole = false;
    do {
      isWhole = difference.advance(this.packer, BATCH_BYTES, this.sliceBytes / STEP_BYTES);
      if (isWhole || this.packer.dataBytes >= BATCH_BYTES) this.commitTo(database);
    } while (!isWhole && atOnce);
    if (!isWhole) return false;
    this.base = end;
    this.round = undefined;
    this.rounds++;
    return end.transaction === now.transaction;
  }

  private differenceTo(now: CommittedRoot): TreeDifference {
    const { file, pageBytes } = this.from;
    const read = (page: number) => readNode(file, page, pageBytes, now.highWaterMark);
    return new TreeDifference(read, this.base.root, now.root, BUCKETS);
  }

  private commitTo(database: Database): void {
    if (this.packer.count === 0) return;
    database.apply(this.packer.finish());
    database.commit({ oldestReader: Infinity });
  }
}

/** Keys of bucket `key` only ascend, so its pages are left fuller; the same numbers as the original's. */
export function databaseBuckets(): { readonly name: string; readonly fill: number }[] {
  return BUCKETS.map((name) => ({ name, fill: name === "key" ? 0.9 : 0.5 }));
}

/** The file system has no room for it: the one failure that leaves everything as it was. */
export function isNoSpace(error: unknown): error is DiskError {
  return error instanceof DiskError && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
