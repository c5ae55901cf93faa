/**
 * Keeps the core synchronous and deterministic: below the edge no clock, timer, promise, undirected randomness, process, thread,
 * file or socket is named. They come in through interfaces. Prints each breach; exits with 1 if there is one.
 *
 * What is the edge is told by a file's name, so that it shows in every import of it.
 */
import { pathToFileURL } from "node:url";
import {
  blankCommentsAndStrings,
  importsOf,
  isForDevelopment,
  lineOf,
  packageSources,
} from "./source-text.mjs";

const CORE_PACKAGES = ["base", "proto", "raft", "storage", "server"];

/** Files of the core packages that may touch the world. */
export const EDGE_FILES = [
  /-thread\.ts$/, // the loop's side of a worker
  /-worker\.ts$/, // a worker's entry point
  /\/real-[^/]+\.ts$/, // the real disk, clock or lock behind an interface
  /-edge\.ts$/, // listeners, hosts and services of the server package
  /\/edge\//,
  /\.d\.ts$/,
];

const MODULES = /^node:(buffer|crypto|util|assert(\/strict)?)$/;

const NAMES = [
  [/(?<![.\w$])Date\b/g, "Date"],
  [/(?<![.\w$])performance\s*\./g, "performance"],
  [
    /(?<![.\w$])(setTimeout|setInterval|setImmediate|queueMicrotask|structuredClone|clearTimeout|clearInterval)\s*\(/g,
  ],
  [/(?<![.\w$])Promise\b/g, "Promise"],
  [/(?<![.\w$])async\b(?=\s*(function|\(|\*|[A-Za-z_$#[]))/g, "async"],
  [/(?<![.\w$])await\b/g, "await"],
  [/\bMath\s*\.\s*random\b/g, "Math.random"],
  [/(?<![.\w$])(randomBytes|randomUUID|randomInt|getRandomValues|randomFillSync)\b/g],
  [/(?<![.\w$])process\s*\./g, "process"],
  [/(?<![.\w$])(globalThis|console)\s*\./g],
  [/(?<![.\w$])new\s+(Worker|MessageChannel|SharedWorker)\b/g],
  [/\bAtomics\s*\.\s*wait/g, "Atomics.wait"],
];

export function isCore({ package: name, path }) {
  return (
    CORE_PACKAGES.includes(name) &&
    !isForDevelopment(path) &&
    !EDGE_FILES.some((pattern) => pattern.test(path))
  );
}

/** Returns one line a breach. */
export function breaches({ path, text }) {
  const code = blankCommentsAndStrings(text);
  const named = NAMES.flatMap(([pattern, name]) =>
    [...code.matchAll(pattern)].map((match) => ({
      line: lineOf(code, match.index),
      what: name ?? match[0].trim(),
    })),
  );
  const imported = importsOf(text).filter(
    ({ specifier }) => specifier.startsWith("node:") && !MODULES.test(specifier),
  );
  return [...named, ...imported.map(({ specifier, line }) => ({ line, what: specifier }))]
    .sort((a, b) => a.line - b.line)
    .map(({ line, what }) => `${path}:${line}: ${what} below the edge`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const lines = packageSources().filter(isCore).flatMap(breaches);
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.exit(lines.length > 0 ? 1 : 0);
}
