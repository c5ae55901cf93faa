/**
 * Compiles every package (tsc -b) and joins each executable, with all it imports, into one file under dist/bin, so that it
 * starts quickly. Threads are entry points of their own: `NAME-worker.ts` becomes dist/bin/NAME-worker.js, the place where
 * `new URL("./NAME-worker.js", import.meta.url)` looks from inside a bundle.
 *
 * Bundles are CommonJS, whose compiled code can be kept (`bin/load.cjs`), so an executable's modules have no `await` at their top level. What a
 * start does not need is loaded when it is first used (`bundle-parts.mjs`).
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { fail, ROOT, toolPath } from "./setup.mjs";

export const EXECUTABLES = ["etcd", "etcdctl", "etcdutl", "benchmark"];
export const OUT_DIR = join(ROOT, "dist", "bin");

/** The package is one of ES modules; its bundles are not. */
const PACKAGE = '{ "type": "commonjs" }\n';
const HEAD = '"use strict"; const bundleUrl = require("node:url").pathToFileURL(__filename).href;';

export async function build(say) {
  compile();
  const entries = entryPoints();
  const inputs = [
    ...sources(join(ROOT, "packages"), /\.js$/),
    ...sources(join(ROOT, "scripts"), /(build|bundle-parts)\.mjs$/),
  ];
  if (entries.every(({ out }) => existsSync(out)) && newest(inputs) <= oldest(entries.map(({ out }) => out)))
    return;
  say("building the executables");
  await bundle(entries);
}

function compile() {
  const { status } = spawnSync(process.execPath, [toolPath("typescript", "bin/tsc"), "-b"], {
    cwd: ROOT,
    stdio: "inherit",
  });
  if (status !== 0) fail("the TypeScript build failed");
}

/** The executables that exist, and every worker of every package. */
function entryPoints() {
  const mains = EXECUTABLES.map((name) => join(ROOT, "packages", name, "dist", "main.js")).filter(existsSync);
  const workers = sources(join(ROOT, "packages"), /-worker\.js$/).filter(hasSource);
  const entries = [
    ...mains.map((path) => ({
      path,
      out: join(OUT_DIR, `${relative(join(ROOT, "packages"), path).split("/")[0]}.js`),
    })),
    ...workers.map((path) => ({ path, out: join(OUT_DIR, basename(path)) })),
  ];
  for (const [i, { out }] of entries.entries()) {
    if (entries.findIndex((other) => other.out === out) !== i)
      fail(`two entry points would both become ${relative(ROOT, out)}`);
  }
  return entries;
}

/** The compiler leaves the output of a deleted source behind. */
function hasSource(path) {
  return existsSync(path.replace("/dist/", "/src/").replace(/\.js$/, ".ts"));
}

async function bundle(entries) {
  const esbuild = await import("esbuild");
  const { bundleParts } = await import("./bundle-parts.mjs");
  const options = {
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // Names stay, so that stack traces can be read; less text starts sooner.
    minifyWhitespace: true,
    minifySyntax: true,
    sourcemap: "linked",
    sourcesContent: false,
    banner: { js: HEAD },
    define: { "import.meta.url": "bundleUrl" },
    plugins: await bundleParts(),
    logLevel: "warning",
  };
  mkdirSync(OUT_DIR, { recursive: true });
  writeFileSync(join(OUT_DIR, "package.json"), PACKAGE);
  await Promise.all(
    entries.map(({ path, out }) => esbuild.build({ ...options, entryPoints: [path], outfile: out })),
  );
  for (const { out } of entries) sign(out);
}

/** What the compiled code that is kept of it belongs to. */
function sign(path) {
  const text = readFileSync(path, "utf8");
  const build = createHash("sha256").update(text).digest("hex").slice(0, 32);
  writeFileSync(path, `${text}\n// build ${build}\n`);
}

function sources(dir, pattern) {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules") return [];
    const path = join(dir, entry.name);
    return entry.isDirectory() ? sources(path, pattern) : pattern.test(entry.name) ? [path] : [];
  });
}

function newest(paths) {
  return Math.max(...paths.map((path) => statSync(path).mtimeMs));
}

function oldest(paths) {
  return Math.min(...paths.map((path) => statSync(path).mtimeMs));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await build((line) => process.stdout.write(`${line}\n`));
}
