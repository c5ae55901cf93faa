/**
 * Where raft tells what it does. The lines are those of the original, word for word: operators grep for them and the traces
 * compare them. They are written on changes of role, on refusals and on snapshots, never for an append that goes well.
 */

import { AssertionError } from "@etcd-ts/base";

export interface Logger {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** The last words before a bug stops the process. */
  fatal(text: string): void;
}

const ignore = (): void => {};

export const SILENT_LOGGER: Logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  fatal: ignore,
};

/** A state that raft's safety does not allow: says so and stops. */
export function panic(logger: Logger, text: string): never {
  logger.fatal(text);
  throw new AssertionError(text);
}
