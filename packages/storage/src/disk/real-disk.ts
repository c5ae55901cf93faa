/**
 * The operating system's disk: `node:fs`, synchronously. Used at start-up and on the storage threads, never on the loop
 * while it serves. Every failure becomes a `DiskError` that says what was tried on which path.
 *
 * Locks. `ofd-write` is an open-file-description lock (`F_OFD_SETLK`), as etcd takes it on WAL segments. Node has no
 * `flock(2)`, so util-linux's `flock` program takes it on an inherited descriptor: the lock belongs to the open file, not
 * to the program, and stays until `close`. Without that program `tryLock` throws code `ENOSYS`.
 *
 * A descriptor is the process's, whichever thread opened it: `adopt` lets a worker go on with a file, and the locks on it,
 * that another thread opened.
 */

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tryLock } from "fs-native-extensions";
import { type Disk, DiskError, type DiskFile, type LockKind, type OpenMode } from "./disk.ts";

const { O_CREAT, O_RDONLY, O_RDWR, O_TRUNC } = fs.constants;

const OPEN_FLAGS: Readonly<Record<OpenMode, number>> = {
  read: O_RDONLY,
  write: O_RDWR,
  create: O_RDWR | O_CREAT | O_TRUNC,
  "open-or-create": O_RDWR | O_CREAT,
};

const WHAT_CODES_MEAN: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EDQUOT: "disk quota exceeded",
  EEXIST: "file exists",
  EIO: "input/output error",
  EISDIR: "is a directory",
  EMFILE: "too many open files",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on device",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
  EPERM: "operation not permitted",
  EROFS: "read-only file system",
};

export class RealDisk implements Disk {
  open(path: string, mode: OpenMode, permissions = 0o600): RealFile {
    return new RealFile(
      path,
      run("open", path, () => fs.openSync(path, OPEN_FLAGS[mode], permissions)),
    );
  }

  /** Goes on with a descriptor that another thread of this process opened as `path`. */
  adopt(path: string, descriptor: number): RealFile {
    return new RealFile(path, descriptor);
  }

  rename(from: string, to: string): void {
    run("rename", from, () => fs.renameSync(from, to));
  }

  remove(path: string): void {
    run("remove", path, () => fs.unlinkSync(path));
  }

  removeTree(path: string): void {
    run("remove", path, () => fs.rmSync(path, { recursive: true, force: true }));
  }

  makeDirectory(path: string): void {
    run("make directory", path, () => fs.mkdirSync(path, { recursive: true, mode: 0o700 }));
  }

  list(path: string): string[] {
    return run("list", path, () => fs.readdirSync(path)).sort();
  }

  exists(path: string): boolean {
    return fs.existsSync(path);
  }

  isDirectory(path: string): boolean {
    return fs.statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  }

  syncDirectory(path: string): void {
    run("sync directory", path, () => {
      const descriptor = fs.openSync(path, O_RDONLY);
      try {
        fs.fsyncSync(descriptor);
      } finally {
        fs.closeSync(descriptor);
      }
    });
  }

  availableBytes(path: string): number {
    const { bavail, bsize } = run("stat", path, () => fs.statfsSync(path));
    return bavail * bsize;
  }
}

export class RealFile implements DiskFile {
  readonly path: string;
  readonly descriptor: number;

  constructor(path: string, descriptor: number) {
    this.path = path;
    this.descriptor = descriptor;
  }

  read(target: Uint8Array, offset: number, length: number, position: number): number {
    let done = 0;
    try {
      while (done < length) {
        const count = fs.readSync(this.descriptor, target, offset + done, length - done, position + done);
        if (count === 0) break;
        done += count;
      }
    } catch (error) {
      throw diskError("read", this.path, error);
    }
    return done;
  }

  write(source: Uint8Array, offset: number, length: number, position: number): void {
    let done = 0;
    try {
      while (done < length) {
        done += fs.writeSync(this.descriptor, source, offset + done, length - done, position + done);
      }
    } catch (error) {
      throw diskError("write", this.path, error);
    }
  }

  truncate(length: number): void {
    run("truncate", this.path, () => fs.ftruncateSync(this.descriptor, length));
  }

  sync(): void {
    try {
      fs.fdatasyncSync(this.descriptor);
    } catch (error) {
      throw diskError("sync", this.path, error);
    }
  }

  size(): number {
    return run("stat", this.path, () => fs.fstatSync(this.descriptor)).size;
  }

  tryLock(kind: LockKind): boolean {
    if (kind === "ofd-write") return run("lock", this.path, () => tryLock(this.descriptor));
    return this.#tryFlock(kind === "flock-exclusive" ? "-x" : "-s");
  }

  close(): void {
    run("close", this.path, () => fs.closeSync(this.descriptor));
  }

  #tryFlock(how: "-x" | "-s"): boolean {
    // Descriptor 3 of the program is ours, with the same open file behind it.
    const stdio: (number | "ignore" | "pipe")[] = ["ignore", "ignore", "pipe", this.descriptor];
    const result = spawnSync("flock", ["-n", how, "3"], { stdio });
    if (result.error !== undefined) {
      throw new DiskError("ENOSYS", this.path, `lock ${this.path}: no flock program`, {
        cause: result.error,
      });
    }
    if (result.status === 0) return true;
    if (result.status === 1) return false;
    const said = result.stderr.toString("utf8").trim();
    throw new DiskError("EIO", this.path, `lock ${this.path}: flock exited with ${result.status}: ${said}`);
  }
}

function run<T>(what: string, path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw diskError(what, path, error);
  }
}

function diskError(what: string, path: string, error: unknown): DiskError {
  // Every failure of node:fs is an Error with the system's name of it in `code`; anything else is shown as it is.
  const code = (error as NodeJS.ErrnoException).code ?? "EIO";
  const meaning = WHAT_CODES_MEAN[code] ?? (error instanceof Error ? error.message : String(error));
  return new DiskError(code, path, `${what} ${path}: ${meaning}`, { cause: error });
}
