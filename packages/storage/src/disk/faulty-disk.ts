/**
 * A disk in memory that does what a disk may do at its worst, for simulation and for the contract suites.
 *
 * Every file and every folder has two states: what the running process sees, and what is durable, together with the list of
 * changes between the two. `sync` makes a file's changes durable, `syncDirectory` a folder's. `crash` keeps the durable
 * state and a random subset of the changes: any write may be lost or torn at 512-byte sectors, each sector being left as it
 * was at some moment, whatever became of the others; any created, renamed or removed name may be back as it was. `kill` is the process's death alone: all
 * that was written stays.
 *
 * `intercept` sees each change before it happens and may skip it (a planted bug), throw a `DiskError` (a failing device) or
 * throw anything else (the end of the process at just that point). With `record` on, changes are kept in `operations`, and
 * `replay` repeats them on another disk.
 *
 * Invariants: an open file and its name are independent, as in POSIX; a handle from before a crash is dead.
 * Not modelled: links, permissions, paths with `.` or `..`.
 */

import { assert, type Random } from "@etcd-ts/base";
import { type Disk, DiskError, type DiskFile, type LockKind, type OpenMode } from "./disk.ts";
import { type Chance, Folder, Inode, PAGE_SIZE_BYTES } from "./faulty-tree.ts";

/** A change, as it is offered to `intercept` and recorded. `file` numbers the files in the order of their creation. */
export type DiskOperation =
  | { readonly kind: "create"; readonly path: string; readonly file: number }
  | { readonly kind: "write"; readonly file: number; readonly position: number; readonly bytes: Uint8Array }
  | { readonly kind: "truncate"; readonly file: number; readonly length: number }
  | { readonly kind: "sync"; readonly file: number }
  | { readonly kind: "rename"; readonly from: string; readonly to: string }
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "make-directory"; readonly path: string }
  | { readonly kind: "sync-directory"; readonly path: string };

/** Returns "skip" to pretend that it happened; what it throws reaches the caller, and nothing happened. */
export type Intercept = (operation: DiskOperation, index: number) => "skip" | undefined;

export interface FaultyDiskOptions {
  readonly record?: boolean;
  /** Bytes that files may take in pages of 4,096, counting only pages that were written; then `ENOSPC`. */
  readonly capacityBytes?: number;
}

export class FaultyDisk implements Disk {
  /** Changes offered so far: a crash "at any operation" counts with it. */
  operationCount = 0;
  readonly operations: DiskOperation[] = [];
  intercept: Intercept | undefined;
  /** May be set at any time, as when others fill or empty the device. */
  capacityBytes: number;

  readonly #record: boolean;
  #root = new Folder();
  #files: Inode[] = [];
  /** Moves at every crash and kill; handles of an older one are dead. */
  #epoch = 0;

  constructor(options: FaultyDiskOptions = {}) {
    this.#record = options.record ?? false;
    this.capacityBytes = options.capacityBytes ?? Number.POSITIVE_INFINITY;
  }

  open(path: string, mode: OpenMode): DiskFile {
    const [folder, name] = this.#parent("open", path);
    let inode = folder.entries.get(name);
    if (inode instanceof Folder) throw failure("EISDIR", "open", path);
    if (inode === undefined) {
      if (mode === "read" || mode === "write") throw failure("ENOENT", "open", path);
      const made = new Inode(this.#files.length);
      this.#change({ kind: "create", path, file: made.number }, () => {
        folder.link(name, made);
        this.#files.push(made);
      });
      inode = made;
    } else if (mode === "create" && inode.length > 0) {
      this.#truncate(inode, 0);
    }
    return new OpenFile(this.#host, path, inode, mode !== "read", this.#epoch);
  }

  rename(from: string, to: string): void {
    const [fromFolder, fromName] = this.#parent("rename", from);
    const [toFolder, toName] = this.#parent("rename", to);
    const entry = fromFolder.entries.get(fromName);
    if (entry === undefined) throw failure("ENOENT", "rename", from);
    const target = toFolder.entries.get(toName);
    if (target instanceof Folder && target.entries.size > 0) throw failure("ENOTEMPTY", "rename", to);
    this.#change({ kind: "rename", from, to }, () => {
      if (fromFolder === toFolder) fromFolder.move(fromName, toName, entry);
      else {
        fromFolder.unlink(fromName);
        toFolder.link(toName, entry);
      }
    });
  }

  remove(path: string): void {
    const [folder, name] = this.#parent("remove", path);
    const entry = folder.entries.get(name);
    if (entry === undefined) throw failure("ENOENT", "remove", path);
    if (entry instanceof Folder && entry.entries.size > 0) throw failure("ENOTEMPTY", "remove", path);
    this.#change({ kind: "remove", path }, () => folder.unlink(name));
  }

  removeTree(path: string): void {
    if (!this.exists(path)) return;
    if (this.isDirectory(path)) for (const name of this.list(path)) this.removeTree(`${path}/${name}`);
    this.remove(path);
  }

  makeDirectory(path: string): void {
    let folder = this.#root;
    let sofar = path.startsWith("/") ? "" : ".";
    for (const name of partsOf(path)) {
      sofar = sofar === "." ? name : `${sofar}/${name}`;
      const entry = folder.entries.get(name);
      if (entry instanceof Inode) throw failure("ENOTDIR", "make directory", path);
      if (entry === undefined) {
        const made = new Folder();
        const parent = folder;
        this.#change({ kind: "make-directory", path: sofar }, () => parent.link(name, made));
        folder = made;
      } else folder = entry;
    }
  }

  list(path: string): string[] {
    const entry = this.#find(path);
    if (entry === undefined) throw failure("ENOENT", "list", path);
    if (entry instanceof Inode) throw failure("ENOTDIR", "list", path);
    return [...entry.entries.keys()].sort();
  }

  exists(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  isDirectory(path: string): boolean {
    return this.#find(path) instanceof Folder;
  }

  syncDirectory(path: string): void {
    const entry = this.#find(path);
    if (!(entry instanceof Folder)) throw failure("ENOENT", "sync directory", path);
    this.#change({ kind: "sync-directory", path }, () => entry.sync());
  }

  availableBytes(_path: string): number {
    return Math.max(0, this.capacityBytes - this.usedBytes());
  }

  /** Power fails: what was not synced is lost, kept or torn by chance; every handle and lock is gone. */
  crash(random: Random): void {
    this.#crash(chanceOf(random));
  }

  /** Power fails and the device has kept nothing but what was synced. */
  crashForgettingAll(): void {
    this.#crash(LOSES);
  }

  /** Power fails; of what was not synced, each file and folder keeps its last change alone. */
  crashKeepingLast(): void {
    this.#crash({ keeps: (isLast) => isLast, tears: () => false });
  }

  /** Power fails; of what was not synced, names are kept and bytes lost, or the other way round. */
  crashSparing(what: "names" | "bytes"): void {
    if (what === "names") this.#crash(LOSES, KEEPS);
    else this.#crash(KEEPS, LOSES);
  }

  /** An equal disk with the same past, from here on its own; handles, locks and the record stay behind. */
  fork(options: FaultyDiskOptions = {}): FaultyDisk {
    const copy = new FaultyDisk({ capacityBytes: this.capacityBytes, ...options });
    copy.#files = this.#files.map((inode) => inode.fork());
    const folders = new Map<Folder, Folder>();
    const copyOf = (entry: Inode | Folder): Inode | Folder => {
      if (entry instanceof Inode) return copy.#files[entry.number]!;
      const known = folders.get(entry) ?? entry.fork(copyOf);
      folders.set(entry, known);
      return known;
    };
    copy.#root = this.#root.fork(copyOf);
    return copy;
  }

  /** The process dies, the machine goes on: nothing is lost, every handle and lock is gone. */
  kill(): void {
    this.#epoch++;
    for (const inode of this.#files) inode.locks.clear();
  }

  /** Repeats recorded changes; on an equal disk they give an equal disk. */
  replay(operations: readonly DiskOperation[]): void {
    for (const operation of operations) this.#replayOne(operation);
  }

  /** The whole content of a file, for tests. */
  readFile(path: string): Uint8Array {
    const entry = this.#find(path);
    if (!(entry instanceof Inode)) throw failure("ENOENT", "read", path);
    const bytes = new Uint8Array(entry.length);
    bytes.set(entry.bytes.subarray(0, entry.length));
    return bytes;
  }

  /** Puts a file in place, durable at once, for tests, with zeros up to its length; missing folders are made. */
  writeFile(path: string, bytes: Uint8Array, length = bytes.length): void {
    const parts = partsOf(path);
    const name = parts.pop();
    assert(name !== undefined, "a file has a name");
    let folder = this.#root;
    for (const part of parts) {
      const entry = folder.entries.get(part) ?? new Folder();
      assert(entry instanceof Folder, "a file's parents are folders");
      folder.place(part, entry);
      folder = entry;
    }
    const inode = new Inode(this.#files.length);
    this.#files.push(inode);
    inode.write(bytes, 0);
    inode.truncate(length);
    inode.sync();
    folder.place(name, inode);
  }

  /** Bytes in written pages of the files that have a name. */
  usedBytes(): number {
    return this.#root.pageCount() * PAGE_SIZE_BYTES;
  }

  readonly #host: OpenFileHost = {
    epoch: () => this.#epoch,
    write: (inode, path, source, position) => this.#write(inode, path, source, position),
    truncate: (inode, length) => this.#truncate(inode, length),
    sync: (inode) => this.#change({ kind: "sync", file: inode.number }, () => inode.sync()),
  };

  #write(inode: Inode, path: string, source: Uint8Array, position: number): void {
    if (this.capacityBytes !== Number.POSITIVE_INFINITY) {
      const wanted = inode.newPages(position, source.length) * PAGE_SIZE_BYTES;
      if (wanted > 0 && this.usedBytes() + wanted > this.capacityBytes)
        throw failure("ENOSPC", "write", path);
    }
    const bytes = source.slice();
    this.#change({ kind: "write", file: inode.number, position, bytes }, () => inode.write(bytes, position));
  }

  #truncate(inode: Inode, length: number): void {
    this.#change({ kind: "truncate", file: inode.number, length }, () => inode.truncate(length));
  }

  #change(operation: DiskOperation, apply: () => void): void {
    const index = this.operationCount++;
    const verdict = this.intercept?.(operation, index);
    if (verdict === "skip") return;
    if (this.#record) this.operations.push(operation);
    apply();
  }

  #crash(ofBytes: Chance, ofNames = ofBytes): void {
    this.kill();
    this.#root.crash(ofNames);
    for (const inode of this.#files) inode.crash(ofBytes);
  }

  #replayOne(operation: DiskOperation): void {
    switch (operation.kind) {
      case "create":
        this.open(operation.path, "create");
        return;
      case "write":
        this.#write(this.#numbered(operation.file), "", operation.bytes, operation.position);
        return;
      case "truncate":
        this.#truncate(this.#numbered(operation.file), operation.length);
        return;
      case "sync":
        this.#host.sync(this.#numbered(operation.file));
        return;
      case "rename":
        this.rename(operation.from, operation.to);
        return;
      case "remove":
        this.remove(operation.path);
        return;
      case "make-directory":
        this.makeDirectory(operation.path);
        return;
      case "sync-directory":
        this.syncDirectory(operation.path);
        return;
    }
  }

  #numbered(file: number): Inode {
    const inode = this.#files[file];
    assert(inode !== undefined, "a replayed change is of a file that was created");
    return inode;
  }

  #find(path: string): Inode | Folder | undefined {
    let entry: Inode | Folder | undefined = this.#root;
    for (const name of partsOf(path)) {
      if (!(entry instanceof Folder)) return undefined;
      entry = entry.entries.get(name);
    }
    return entry;
  }

  #parent(what: string, path: string): [Folder, string] {
    const parts = partsOf(path);
    const name = parts.pop();
    assert(name !== undefined, "the root is no file");
    let folder = this.#root;
    for (const part of parts) {
      const entry = folder.entries.get(part);
      if (entry === undefined) throw failure("ENOENT", what, path);
      if (entry instanceof Inode) throw failure("ENOTDIR", what, path);
      folder = entry;
    }
    return [folder, name];
  }
}

/** Each crash has a temper of its own, so that "all but one lost" and "all but one kept" both come up often. */
const KEEPS: Chance = { keeps: () => true, tears: () => false };
const LOSES: Chance = { keeps: () => false, tears: () => false };

function chanceOf(random: Random): Chance {
  const keepPercent = [0, 10, 50, 90, 100][random.below(5)]!;
  const tearPercent = [0, 0, 10, 50][random.below(4)]!;
  return {
    keeps: () => random.below(100) < keepPercent,
    tears: () => tearPercent > 0 && random.below(100) < tearPercent,
  };
}

interface OpenFileHost {
  epoch(): number;
  write(inode: Inode, path: string, source: Uint8Array, position: number): void;
  truncate(inode: Inode, length: number): void;
  sync(inode: Inode): void;
}

class OpenFile implements DiskFile {
  readonly path: string;
  readonly #host: OpenFileHost;
  readonly #inode: Inode;
  readonly #writable: boolean;
  readonly #epoch: number;
  #closed = false;

  constructor(host: OpenFileHost, path: string, inode: Inode, writable: boolean, epoch: number) {
    this.#host = host;
    this.path = path;
    this.#inode = inode;
    this.#writable = writable;
    this.#epoch = epoch;
  }

  read(target: Uint8Array, offset: number, length: number, position: number): number {
    this.#mustBeOpen();
    const { bytes, length: size } = this.#inode;
    const count = Math.max(0, Math.min(length, size - position));
    const written = bytes.subarray(position, position + count);
    target.set(written, offset);
    target.fill(0, offset + written.length, offset + count);
    return count;
  }

  write(source: Uint8Array, offset: number, length: number, position: number): void {
    this.#mustBeWritable("write");
    this.#host.write(this.#inode, this.path, source.subarray(offset, offset + length), position);
  }

  truncate(length: number): void {
    this.#mustBeWritable("truncate");
    this.#host.truncate(this.#inode, length);
  }

  sync(): void {
    this.#mustBeOpen();
    this.#host.sync(this.#inode);
  }

  size(): number {
    this.#mustBeOpen();
    return this.#inode.length;
  }

  tryLock(kind: LockKind): boolean {
    this.#mustBeOpen();
    const { locks } = this.#inode;
    for (const [holder, held] of locks) if (holder !== this && conflicts(kind, held)) return false;
    locks.set(this, kind);
    return true;
  }

  close(): void {
    this.#mustBeOpen();
    this.#closed = true;
    this.#inode.locks.delete(this);
  }

  #mustBeOpen(): void {
    if (this.#closed || this.#epoch !== this.#host.epoch()) throw failure("EBADF", "use", this.path);
  }

  #mustBeWritable(what: string): void {
    this.#mustBeOpen();
    if (!this.#writable) throw failure("EBADF", what, this.path);
  }
}

/** The two families of lock do not know of each other, as on Linux. */
function conflicts(a: LockKind, b: LockKind): boolean {
  if ((a === "ofd-write") !== (b === "ofd-write")) return false;
  return a === "ofd-write" || a === "flock-exclusive" || b === "flock-exclusive";
}

const MEANINGS: Readonly<Record<string, string>> = {
  EBADF: "bad file descriptor",
  EISDIR: "is a directory",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on device",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
};

function failure(code: string, what: string, path: string): DiskError {
  return new DiskError(code, path, `${what} ${path}: ${MEANINGS[code] ?? code}`);
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}
