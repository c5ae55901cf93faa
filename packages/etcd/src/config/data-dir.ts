/**
 * A look at the data directory before anything is opened in it: whether a member lives there, what does not belong there, and whether
 * others may read it. Changes nothing.
 */
import { readdirSync, statSync } from "node:fs";
import type { Logger } from "@etcd-ts/base";
import { systemReason } from "./system-reason.ts";

const MODE_WANTED = 0o700;

export type DirKind = "member" | "empty";

/** Undefined when the server cannot start on it; that is logged. */
export function identifyDataDir(dir: string, log: Logger): DirKind | undefined {
  let names: readonly string[];
  try {
    names = readdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "empty"; // errors of node:fs carry a code
    log.fatal("config/data-dir.ts:20", "failed to list data directory", {
      dir,
      error: listingReason(dir, error),
    });
    return undefined;
  }
  for (const filename of names.filter((name) => name !== "member" && name !== "proxy")) {
    log.warn("config/data-dir.ts:27", "found invalid file under data directory", {
      filename,
      "data-dir": dir,
    });
  }
  if (names.includes("member") && names.includes("proxy")) {
    log.fatal("config/data-dir.ts:33", "invalid datadir; both member and proxy directories exist");
    return undefined;
  }
  return names.includes("member") ? "member" : "empty";
}

/** A file in the directory's place is opened and then not listed; below a file nothing is opened. */
function listingReason(dir: string, error: unknown): string {
  const isFile = isFileAt(dir);
  return `${isFile ? "readdirent" : "open"} ${dir}: ${systemReason(error)}`;
}

function isFileAt(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false; // it lies below a file
  }
}

/** Warns of a directory that others may enter. */
export function checkPermission(dir: string, log: Logger): void {
  const mode = statSync(dir, { throwIfNoEntry: false })?.mode;
  if (mode === undefined || (mode & 0o777) === MODE_WANTED) return;
  log.warn("config/data-dir.ts:57", "check file permission", {
    error: `directory ${JSON.stringify(dir)} exist, but the permission is "d${showMode(mode)}". The recommended permission is "-${showMode(MODE_WANTED)}" to prevent possible unprivileged access to the data`,
  });
}

/** "rwxr-x---" */
function showMode(mode: number): string {
  return [...Array(9).keys()].map((i) => (mode & (0o400 >> i) ? "rwx"[i % 3] : "-")).join("");
}
