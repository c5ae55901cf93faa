/** Waiting for the lock of a database file, for as long as `--timeout` says. */

import { DiskError, type DiskFile, type LockKind, realPatience } from "@etcd-ts/storage";
import { CommandError, EXIT_PANIC, type FlagValues } from "../command-line/command.ts";
import { log } from "../output/log.ts";

const NANOSECONDS_PER_MS = 1e6;

/** Asks `take` until it gives something or the time of `--timeout` is over (0: for ever). */
export function waitFor<T>(flags: FlagValues, take: () => T | undefined): T | undefined {
  const timeout = Number(flags.timeout);
  const patience = realPatience(timeout === 0 ? Number.POSITIVE_INFINITY : timeout / NANOSECONDS_PER_MS);
  for (;;) {
    const taken = take();
    if (taken !== undefined || !patience()) return taken;
  }
}

/** False when somebody else has it all the time. Where there is no `flock` program nobody can be asked. */
export function lock(file: DiskFile, kind: LockKind, flags: FlagValues): boolean {
  try {
    return waitFor(flags, () => (file.tryLock(kind) ? true : undefined)) ?? false;
  } catch (error) {
    if (!(error instanceof DiskError) || error.code !== "ENOSYS") throw error;
    warnOfMissingLock();
    return true;
  }
}

export function warnOfMissingLock(): void {
  log.warn("file/locks.ts:31", "there is no flock program: whether a server uses the file is not known");
}

/** The end of a command that changes the file, in the form that the original gives it. */
export function databaseIsLocked(path: string): CommandError {
  log.panic("file/locks.ts:36", "failed to open database", { path, error: "timeout" });
  return new CommandError(EXIT_PANIC, "panic: failed to open database");
}
