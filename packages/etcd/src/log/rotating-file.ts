/**
 * A log file that is put aside when it would grow above its size: `log.txt` becomes `log-2026-01-02T03-04-05.678.txt`, and a new one is
 * begun. Old files beyond their number or age are removed, others compressed if asked for, away from the loop.
 */
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
} from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { openForAppend, writeWhole } from "./fd-output.ts";
import type { LogOutput } from "./line-logger.ts";
import type { RotationConfig } from "./rotation-config.ts";

const MEGABYTE = 1024 * 1024;
const MAXSIZE_DEFAULT = 100;
const DAY_MS = 24 * 3600 * 1000;
const COMPRESSED = ".gz";

export class RotatingFile implements LogOutput {
  readonly #path: string;
  readonly #config: RotationConfig;
  readonly #sizeMax: number;
  readonly #now: () => Date;
  #fd: number | undefined;
  #size = 0;
  /** The last clean-up; the next one starts after it. */
  #cleaned: Promise<void> = Promise.resolve();

  constructor(path: string, config: RotationConfig, { now = () => new Date(), sizeMax = 0 } = {}) {
    this.#path = path;
    this.#config = config;
    this.#sizeMax = sizeMax || (config.maxsize || MAXSIZE_DEFAULT) * MEGABYTE;
    this.#now = now;
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (bytes.length > this.#sizeMax) return;
    try {
      this.#fd ??= this.#open();
      if (this.#size + bytes.length > this.#sizeMax) this.#fd = this.#rotate(this.#fd);
      this.#size += writeWhole(this.#fd, bytes);
    } catch {
      // A log that cannot be written must not stop the server; the next line tries again.
    }
  }

  /** Resolves when the clean-up after the last rotation is done. */
  cleaned(): Promise<void> {
    return this.#cleaned;
  }

  #open(): number {
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o755 });
    const isNew = !existsSync(this.#path);
    const fd = isNew ? openSync(this.#path, "a", 0o600) : openForAppend(this.#path);
    this.#size = fstatSync(fd).size;
    return fd;
  }

  #rotate(fd: number): number {
    const { mode } = statSync(this.#path);
    closeSync(fd);
    this.#fd = undefined;
    renameSync(this.#path, this.#backupPath());
    const fresh = openSync(this.#path, "a", mode & 0o777);
    this.#size = 0;
    this.#cleaned = this.#cleaned.then(() => this.#cleanUp()).catch(() => {}); // tried again after the next rotation
    return fresh;
  }

  #backupPath(): string {
    const { prefix, suffix } = this.#nameParts();
    return join(dirname(this.#path), `${prefix}${showTime(this.#now(), this.#config.localtime)}${suffix}`);
  }

  #nameParts(): { readonly prefix: string; readonly suffix: string } {
    const suffix = extname(this.#path);
    return { prefix: `${basename(this.#path, suffix)}-`, suffix };
  }

  async #cleanUp(): Promise<void> {
    const dir = dirname(this.#path);
    const names = (await readdir(dir))
      .filter((name) => this.#isBackup(name))
      .sort()
      .reverse(); // newest first
    const { maxbackups, maxage, compress } = this.#config;
    const oldest = maxage > 0 ? this.#now().getTime() - maxage * DAY_MS : 0;
    for (const [i, name] of names.entries()) {
      const path = join(dir, name);
      const isTooOld = maxage > 0 && (await stat(path)).mtimeMs < oldest;
      if (isTooOld || (maxbackups > 0 && i >= maxbackups)) await rm(path, { force: true });
      else if (compress && !name.endsWith(COMPRESSED)) await compressFile(path);
    }
  }

  #isBackup(name: string): boolean {
    const { prefix, suffix } = this.#nameParts();
    const bare = name.endsWith(COMPRESSED) ? name.slice(0, -COMPRESSED.length) : name;
    if (!bare.startsWith(prefix) || !bare.endsWith(suffix)) return false;
    return /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}$/.test(
      bare.slice(prefix.length, bare.length - suffix.length),
    );
  }
}

async function compressFile(path: string): Promise<void> {
  const { mode } = await stat(path);
  await pipeline(
    createReadStream(path),
    createGzip(),
    createWriteStream(`${path}${COMPRESSED}`, { mode: mode & 0o777 }),
  );
  await rm(path);
}

/** "2026-01-02T03-04-05.678" */
function showTime(time: Date, isLocal: boolean): string {
  const shifted = isLocal ? new Date(time.getTime() - time.getTimezoneOffset() * 60_000) : time;
  return shifted.toISOString().slice(0, -1).replaceAll(":", "-");
}
