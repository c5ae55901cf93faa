/** What lies in a directory, to tell whether somebody has changed it. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Names and bytes of all files; the empty space of the log is left out. */
export function contentOf(dir: string): Record<string, string> {
  const content: Record<string, string> = {};
  for (const name of readdirSync(dir, { recursive: true }).map(String)) {
    const path = join(dir, name);
    if (statSync(path).isFile())
      content[name] = readFileSync(path)
        .subarray(0, 1 << 20)
        .toString("latin1");
  }
  return content;
}
