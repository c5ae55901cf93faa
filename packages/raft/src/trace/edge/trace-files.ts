/** Where trace files are on this machine. An edge: it looks at the file system and the environment. */

import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** packages/raft/dist/trace/edge/ or the same under src/ -> the checkout's root. */
const ROOT = resolve(fileURLToPath(new URL("../../../../../", import.meta.url)));

/** Our own stories. */
export const STORIES = join(ROOT, "packages/raft/testdata");

/** The reference traces, which are not part of the checkout; undefined when they are not there. */
export function referenceTraces(): string | undefined {
  const folder = join(process.env.ETCD_TS_SHARED ?? join(ROOT, "../shared"), "raft-testdata");
  return existsSync(folder) ? folder : undefined;
}

/** `path` itself, or the `.txt` files below it, in order of name. */
export function traceFilesAt(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    if (entry.isDirectory()) return traceFilesAt(join(path, entry.name));
    return entry.name.endsWith(".txt") ? [join(path, entry.name)] : [];
  });
}
