/**
 * Where code of any layer tells operators what it does: a level, the place in the code, a constant message, and named fields. The
 * interface does no I/O and keeps no time; the executable brings the implementation.
 *
 * `caller` is a constant `file.ts:line` that the call site writes itself: finding it out by the stack would cost more than the line.
 */

export type LogLevel = "debug" | "info" | "warn" | "error" | "panic" | "fatal";

export type LogValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly LogValue[]
  | { readonly [name: string]: LogValue };

/** Shown in the order of their insertion; undefined ones are left out. Bytes, errors and durations are given as text. */
export type LogFields = Readonly<Record<string, LogValue>>;

export interface Logger {
  /** Whether lines of the level are written: ask before making fields that cost something. */
  isOn(level: LogLevel): boolean;
  debug(caller: string, message: string, fields?: LogFields): void;
  info(caller: string, message: string, fields?: LogFields): void;
  warn(caller: string, message: string, fields?: LogFields): void;
  error(caller: string, message: string, fields?: LogFields): void;
  /** The last words before a bug stops the process. Stopping is the caller's. */
  panic(caller: string, message: string, fields?: LogFields): void;
  /** The last words before anything else that cannot go on. Stopping is the caller's. */
  fatal(caller: string, message: string, fields?: LogFields): void;
  /** The same log with a `logger` field, such as "raft". */
  named(name: string): Logger;
}

const ignore = (): void => {};

export const SILENT_LOGGER: Logger = {
  isOn: () => false,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  panic: ignore,
  fatal: ignore,
  named: () => SILENT_LOGGER,
};
