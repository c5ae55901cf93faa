/**
 * Every step of ARCHITECTURE.md names a file and something defined in it, as `path/file.ts:name`. Exits with 1 and the steps
 * that lead nowhere when one does not.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./setup.mjs";

const STEP = /`((?:packages|scripts|e2e)\/[^`:]+\.(?:ts|mjs)):([A-Za-z]\w*)`/g;

/** What is wrong with the steps of `text`; `read` gives a file's content, undefined when there is none. */
export function lostSteps(text, read) {
  const lost = [];
  for (const [, path, name] of text.matchAll(STEP)) {
    const source = read(path);
    if (source === undefined) lost.push(`${path}: no such file`);
    else if (!definition(name).test(source)) lost.push(`${path}: defines no ${name}`);
  }
  return lost;
}

function definition(name) {
  return new RegExp(
    `(?:class|function|interface|const|type) ${name}\\b|^  (?:(?:private|static|async|readonly|override) )*#?${name}(?:<[^>]*>)?(?:\\(| = |: )`,
    "m",
  );
}

if (import.meta.filename === process.argv[1]) {
  const text = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
  const read = (path) => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), "utf8") : undefined);
  const lost = lostSteps(text, read);
  for (const line of lost) process.stderr.write(`ARCHITECTURE.md: ${line}\n`);
  process.exitCode = lost.length > 0 ? 1 : 0;
}
