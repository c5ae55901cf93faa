/**
 * Keeps out of the tracked files what belongs to one machine: where the checkout and its neighbours lie, home directories, addresses of
 * package registries; and keeps the lockfile free of download addresses. Prints each breach; exits with 1 if there is one.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./setup.mjs";
import { lineOf } from "./source-text.mjs";

/** Patterns for a checkout that lies at `root`. */
export function patterns(root) {
  const neighbour = join(dirname(root), "shared");
  return [
    [literal(root, "(?![\\w-])"), "the place of this checkout"],
    [literal(neighbour, "(?![\\w-])"), "the place of a neighbour of this checkout"],
    [/\/(home|Users)\/[a-z][\w-]*\//g, "a home directory"],
    [/(?<![\w.])\/root\//g, "a home directory"],
    [/https?:\/\/[\w.-]*(registry|artifactory|nexus)[\w.-]*\.[a-z]{2,}/gi, "a package registry"],
  ];
}

/** Returns one line a breach. */
export function breaches(path, text, rules) {
  if (path.endsWith("scripts/check-text.mjs")) return [];
  const found = rules.flatMap(([pattern, what]) =>
    [...text.matchAll(pattern)].map((match) => `${path}:${lineOf(text, match.index)}: ${what}`),
  );
  if (/(^|\/)package-lock\.json$/.test(path) && /"resolved":\s*"https?:/.test(text))
    found.push(`${path}: download addresses`);
  return found;
}

function literal(text, end) {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") + end, "g");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const tracked = execFileSync("git", ["ls-files", "-z"], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  }).split("\0");
  const rules = patterns(ROOT);
  const lines = tracked
    .filter((path) => path !== "" && existsSync(join(ROOT, path)))
    .flatMap((path) => breaches(path, readFileSync(join(ROOT, path), "utf8"), rules));
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.exit(lines.length > 0 ? 1 : 0);
}
