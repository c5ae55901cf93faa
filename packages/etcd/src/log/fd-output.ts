/**
 * Lines written at once to an open file descriptor, so that the last words before an exit are not lost. A reader that is slow is waited for
 * a moment; one that is gone, or a full disk, loses lines and never the server.
 */
import { openSync, writeSync } from "node:fs";
import type { LogOutput } from "./line-logger.ts";

const RETRIES = 1000;
const RETRY_MS = 1;

const pause = new Int32Array(new SharedArrayBuffer(4));

export class FdOutput implements LogOutput {
  readonly #fd: number;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(line: string): void {
    writeWhole(this.#fd, Buffer.from(line));
  }
}

/** Opens a file to append to; throws when it cannot be. */
export function openForAppend(path: string): number {
  return openSync(path, "a", 0o666);
}

/** Returns the bytes that were written: all of them, unless the descriptor takes no more. */
export function writeWhole(fd: number, bytes: Uint8Array): number {
  let written = 0;
  for (let tries = 0; written < bytes.length && tries < RETRIES; ) {
    try {
      written += writeSync(fd, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return written; // errors of node:fs carry a code
      tries++;
      Atomics.wait(pause, 0, 0, RETRY_MS);
    }
  }
  return written;
}
