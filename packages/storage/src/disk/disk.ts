/**
 * The disk as the storage engines see it: synchronous calls on files and folders. Two hosts give it: `RealDisk` (the
 * operating system, used on the storage threads) and `FaultyDisk` (memory that forgets what was not synced, for simulation
 * and for the contract suites). WAL, snap and bbolt reach files only through it.
 *
 * Durability contract, the same as a POSIX file system's worst case:
 * - what `write` and `truncate` did to a file's bytes is durable only after `sync` of that file returned;
 * - what `create`, `rename` and `remove` did to a folder is durable only after `syncDirectory` of that folder returned.
 *
 * Failures throw `DiskError`. A failed write or sync is never retried by callers: the member stops (design, decision 12).
 */

export class DiskError extends Error {
  override readonly name = "DiskError";
  /** The operating system's name of the failure: `ENOENT`, `ENOSPC`, `EIO`, `EACCES`, … */
  readonly code: string;
  readonly path: string;

  constructor(code: string, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.path = path;
  }
}

/**
 * - `read`: must exist, no writes;
 * - `write`: must exist, reads and writes;
 * - `create`: made or emptied, reads and writes;
 * - `open-or-create`: made when missing, kept as it is otherwise, reads and writes.
 */
export type OpenMode = "read" | "write" | "create" | "open-or-create";

/** Kinds of lock: bbolt's `flock(2)` on the database, open-file-description locks on WAL segments. */
export type LockKind = "flock-exclusive" | "flock-shared" | "ofd-write";

export interface DiskFile {
  readonly path: string;
  /** Bytes read; fewer than `length` only at the end of the file. */
  read(target: Uint8Array, offset: number, length: number, position: number): number;
  /** Writes all of `length` bytes. */
  write(source: Uint8Array, offset: number, length: number, position: number): void;
  /** Sets the length; new bytes read as zero. */
  truncate(length: number): void;
  /** fdatasync: bytes and length are durable when it returns. */
  sync(): void;
  size(): number;
  /** True when the lock is held now; false when somebody else holds it. The lock goes with `close`. */
  tryLock(kind: LockKind): boolean;
  close(): void;
}

export interface Disk {
  /** `permissions` (default 0o600) count when the file is made. */
  open(path: string, mode: OpenMode, permissions?: number): DiskFile;
  /** Replaces `to` if it exists. */
  rename(from: string, to: string): void;
  remove(path: string): void;
  /** Removes a folder and what is in it; nothing happens when it is missing. */
  removeTree(path: string): void;
  /** Makes the folder and its missing parents (0o700). */
  makeDirectory(path: string): void;
  /** Names in a folder, sorted as text. */
  list(path: string): string[];
  exists(path: string): boolean;
  isDirectory(path: string): boolean;
  syncDirectory(path: string): void;
  /** Bytes that files in this folder may still take. */
  availableBytes(path: string): number;
}
