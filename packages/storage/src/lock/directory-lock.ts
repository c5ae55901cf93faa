/**
 * One process a data directory. Before anything in it is read or written, the database is locked as bbolt does, which keeps
 * out the original too, and every segment of the log, which keeps out ours even where there is no `flock` program.
 *
 * A lock belongs to the open file: when another file takes the name `db`, it must be locked before the rename and handed over
 * here, or the directory is open to others.
 */

import { type Disk, DiskError, type DiskFile } from "../disk/disk.ts";
import { listSegments } from "../wal/wal-reader.ts";
import type { DataDirectory } from "./data-directory.ts";

/** How long to wait for another process. Asked after each failed try; false: no longer. */
export type Patience = () => boolean;

export class DirectoryLockedError extends Error {
  override readonly name = "DirectoryLockedError";

  constructor(path: string) {
    super(`cannot lock ${path}: another process is using this data directory`);
  }
}

export interface DirectoryLockOptions {
  readonly patience: Patience;
  /** Told once, before the first wait. */
  readonly onWait: (path: string) => void;
  readonly onWarning: (text: string) => void;
}

export class DirectoryLock {
  /** No database was there, or an empty file. */
  readonly isDatabaseNew: boolean;
  /** Locked segments of the log by name. */
  #segments: ReadonlyMap<string, DiskFile>;
  #database: DiskFile;

  constructor(database: DiskFile, segments: ReadonlyMap<string, DiskFile>) {
    this.#database = database;
    this.#segments = segments;
    this.isDatabaseNew = database.size() === 0;
  }

  /** Throws a {@link DirectoryLockedError} when patience ends. The folders must be there. */
  static acquire(disk: Disk, directory: DataDirectory, options: DirectoryLockOptions): DirectoryLock {
    const taker = new Taker(options);
    const database = disk.open(directory.database, "open-or-create");
    const segments = new Map<string, DiskFile>();
    try {
      taker.takeDatabase(database);
      if (!disk.isDirectory(directory.wal)) return new DirectoryLock(database, segments);
      for (const { name } of listSegments(disk, directory.wal)) {
        const segment = disk.open(`${directory.wal}/${name}`, "write");
        segments.set(name, segment);
        taker.take(segment, "ofd-write");
      }
    } catch (error) {
      for (const segment of segments.values()) segment.close();
      database.close();
      throw error;
    }
    return new DirectoryLock(database, segments);
  }

  /** `file` is locked and has taken, or is about to take, the name `db`; the old file is let go. */
  replaceDatabase(file: DiskFile): void {
    this.#database.close();
    this.#database = file;
  }

  /** Hands the locked segments over, by name: to `Wal.open`, which goes on with those it needs and closes the others. */
  takeSegments(): ReadonlyMap<string, DiskFile> {
    const segments = this.#segments;
    this.#segments = new Map();
    return segments;
  }

  /** Releases the database, and the segments that were not taken. */
  release(): void {
    for (const segment of this.takeSegments().values()) segment.close();
    this.#database.close();
  }
}

/** Takes the lock that bbolt takes; false when somebody else has it. Without a `flock` program it warns and goes on. */
export function lockDatabase(file: DiskFile, onWarning: (text: string) => void): boolean {
  try {
    return file.tryLock("flock-exclusive");
  } catch (error) {
    if (!(error instanceof DiskError) || error.code !== "ENOSYS") throw error;
    onWarning("there is no flock program: a Go etcd started on this data directory is not kept out");
    return true;
  }
}

class Taker {
  readonly #options: DirectoryLockOptions;
  #hasWaited = false;

  constructor(options: DirectoryLockOptions) {
    this.#options = options;
  }

  takeDatabase(file: DiskFile): void {
    this.#until(file, () => lockDatabase(file, this.#options.onWarning));
  }

  take(file: DiskFile, kind: "ofd-write"): void {
    this.#until(file, () => file.tryLock(kind));
  }

  #until(file: DiskFile, isTaken: () => boolean): void {
    while (!isTaken()) {
      if (!this.#hasWaited) this.#options.onWait(file.path);
      this.#hasWaited = true;
      if (!this.#options.patience()) throw new DirectoryLockedError(file.path);
    }
  }
}
