/**
 * Writes the right place into the first argument of log calls, `"folder/file.ts:line"`, throughout the packages. Places are
 * constants so that a line costs no look at the stack; this keeps them true. Runs with `npm run format`.
 */
import { writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./setup.mjs";
import { isForDevelopment, lineOf, packageSources } from "./source-text.mjs";

const CALL = /(\.(?:debug|info|warn|error|panic|fatal)\(\s*)"[\w./-]+\.ts:\d+"/g;

export function withPlaces(path, text) {
  const file = join(basename(dirname(path)), basename(path));
  return text.replace(CALL, (_call, before, at) => {
    const line = lineOf(text, at + before.length);
    return `${before}"${file}:${line}"`;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const { path, text } of packageSources().filter((source) => !isForDevelopment(source.path))) {
    const placed = withPlaces(path, text);
    if (placed !== text) writeFileSync(join(ROOT, path), placed);
  }
}
