/**
 * A failure on a storage thread as it crosses to the loop: an error object loses its class on the way. All are fatal.
 */

import { DatabaseError } from "../bbolt/index.ts";
import { DiskError } from "../disk/disk.ts";

export interface StorageFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Of a DiskError. */
  readonly code: string;
  readonly path: string;
}

export function describeFailure(error: unknown): StorageFailure {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const { code, path } = error instanceof DiskError ? error : { code: "", path: "" };
  return { name, message, stack, code, path };
}

/** The error again, of its class as far as callers tell them apart. */
export function failureError(failure: StorageFailure): Error {
  if (failure.name === "DiskError") return new DiskError(failure.code, failure.path, failure.message);
  if (failure.name === "DatabaseError") return new DatabaseError(failure.message);
  const error = new Error(failure.message);
  error.name = failure.name;
  if (failure.stack !== undefined) error.stack = failure.stack;
  return error;
}
