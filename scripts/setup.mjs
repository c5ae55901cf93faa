/**
 * What every command of the checkout does first: install what is missing and build what is stale.
 *
 * Works with Node and npm alone, before anything is installed. "Missing" is judged by content, not by time: a package of
 * the lockfile that node_modules does not hold in that version. Compiling is incremental, so it is always asked for.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const NODE_OLDEST = [20, 19];

/** Installs and builds; `say` receives one line a step that has to be done. */
export async function setUp(say) {
  mustHaveNode(process.versions.node);
  if (missingPackages(ROOT).length > 0) {
    say("installing packages (npm ci)");
    mustRun("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  }
  const { build } = await import("./build.mjs");
  await build(say);
}

export function mustHaveNode(version) {
  const [major, minor] = version.split(".").map(Number);
  if (major > NODE_OLDEST[0] || (major === NODE_OLDEST[0] && minor >= NODE_OLDEST[1])) return;
  fail(`Node ${NODE_OLDEST.join(".")} or newer is needed; this is ${version}`);
}

/** Names of the packages in the lockfile that are not installed in the version it asks for. */
export function missingPackages(root) {
  const installedPath = join(root, "node_modules", ".package-lock.json");
  const wanted = readLock(join(root, "package-lock.json"));
  const installed = existsSync(installedPath) ? readLock(installedPath) : {};
  return Object.keys(wanted).filter((path) => isMissing(path, wanted[path], installed[path]));
}

function isMissing(path, wanted, installed) {
  if (!path.includes("node_modules/") || wanted.optional) return false;
  return installed === undefined || installed.version !== wanted.version;
}

function readLock(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages ?? {};
}

/** Runs a program with the terminal's streams; ends this process when it fails. */
export function mustRun(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: "inherit" });
  if (status !== 0) fail(`${command} ${args.join(" ")} failed${error ? `: ${error.message}` : ""}`);
}

/** The file of a development tool; called with Node itself, so that no shell stands between. */
export function toolPath(packageName, file) {
  return join(ROOT, "node_modules", packageName, file);
}

export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
