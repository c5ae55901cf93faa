/**
 * What is said of a bad value, flag by flag, side by side with the original: on the command line, in the environment, in the file. Every
 * start is doomed by a heartbeat of 0 besides, so that no value lets a server start; where the value itself is wrong, that comes first.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type CommandOptions, runCommand } from "./command.ts";
import { original, ours, withoutOriginal } from "./programs.ts";

const BAD = "nonsense";
const DOOM = "heartbeat-interval";
const FATAL_LEVELS = new Set(["warn", "error", "panic", "fatal"]);
const SECURITY_KEYS = [
  "cert-file",
  "key-file",
  "client-cert-file",
  "client-key-file",
  "client-cert-auth",
  "trusted-ca-file",
  "auto-tls",
];
/** Where a key of the file lies, if not at the name of its flag. */
const KEYS: ReadonlyMap<string, string> = new Map([
  ...SECURITY_KEYS.map((key): [string, string] => [key, `client-transport-security.${key}`]),
  ...SECURITY_KEYS.map((key): [string, string] => [`peer-${key}`, `peer-transport-security.${key}`]),
  ["client-cert-allowed-hostname", "client-transport-security.allowed-hostname"],
  ["peer-cert-allowed-hostname", "peer-transport-security.allowed-hostname"],
  ["peer-cert-allowed-cn", "peer-transport-security.allowed-cn"],
  ["peer-skip-client-san-verification", "peer-transport-security.skip-client-san-verification"],
  ["socket-reuse-port", "socket-options.reuse-port"],
  ["socket-reuse-address", "socket-options.reuse-address"],
  ["discovery-token", "discovery-config.token"],
  ...["endpoints", "dial-timeout", "request-timeout", "keepalive-time", "keepalive-timeout"].map(
    (key): [string, string] => [`discovery-${key}`, `discovery-config.client.${key}`],
  ),
  ...["cert", "key", "cacert", "insecure-transport", "insecure-skip-tls-verify"].map(
    (key): [string, string] => [`discovery-${key}`, `discovery-config.client.secure.${key}`],
  ),
  ["discovery-user", "discovery-config.client.auth.username"],
  ["discovery-password", "discovery-config.client.auth.password"],
]);

/** How a start ended, and what it said on the way that matters. */
async function endOf(program: string, words: readonly string[], options: CommandOptions): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), "etcd-e2e-"));
  try {
    const { code, stderr } = await runCommand(program, words, { ...options, cwd: dir });
    const logFile = join(dir, BAD);
    const isFile = existsSync(logFile) && words.join().includes("log-outputs");
    const text = isFile || options.env?.ETCD_LOG_OUTPUTS === BAD ? readFileSync(logFile, "utf8") : stderr;
    return `exit ${code}\n${saidIn(text).join("\n")}`;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/** Lines of the log above info, and the first line of what is not a log. */
function saidIn(text: string): string[] {
  const lines = text.split("\n").filter((line) => line !== "");
  const isLog = (line: string) => line.startsWith('{"');
  const logged = lines.filter(isLog).flatMap((line) => {
    const { level, msg, error = "" } = JSON.parse(line) as Record<string, string>;
    return FATAL_LEVELS.has(level ?? "") ? [`${level} ${msg} ${error}`] : [];
  });
  return [...logged, ...lines.filter((line) => !isLog(line)).slice(0, 1)];
}

async function flagNames(): Promise<string[]> {
  const { stdout } = await runCommand(original("etcd"), ["--help"], {});
  const names = [...stdout.matchAll(/^ {2}--([a-z][a-z\d-]*)/gm)].map(([, name]) => name!);
  return [...new Set(names)].sort();
}

function yamlOf(path: string): string {
  return path.split(".").reduceRight((inner, part) => `{${part}: ${inner}}`, "{}");
}

type Way = (name: string, dir: string) => { readonly words: string[]; readonly options: CommandOptions };

const WAYS: Readonly<Record<string, Way>> = {
  "command line": (name) => ({ words: [`--${name}=${BAD}`, `--${DOOM}=0`], options: {} }),
  environment: (name) => ({
    words: name === DOOM ? [] : [`--${DOOM}=0`],
    options: { env: { [`ETCD_${name.toUpperCase().replaceAll("-", "_")}`]: BAD } },
  }),
  file: (name, dir) => {
    const path = join(dir, `${name}.yml`);
    const doom = name === DOOM ? "" : `${DOOM}: 0\n`;
    writeFileSync(path, `${doom}${yamlOf(KEYS.get(name) ?? name).slice(1, -1)}\n`);
    return { words: [`--config-file=${path}`], options: {} };
  },
};

for (const [title, way] of Object.entries(WAYS))
  test(`a bad value of each flag is told as the original tells it: ${title}`, {
    skip: withoutOriginal("etcd"),
  }, async () => {
    const dir = mkdtempSync(join(tmpdir(), "etcd-e2e-"));
    try {
      const names = await flagNames();
      assert.ok(names.length > 100, String(names.length));
      const differences: string[] = [];
      for (const name of names) {
        const { words, options } = way(name, dir);
        const [theirs, own] = await Promise.all([
          endOf(original("etcd"), words, options),
          endOf(ours("etcd"), words, options),
        ]);
        if (theirs !== own) differences.push(`--${name}\n  original: ${theirs}\n  ours: ${own}`);
      }
      assert.deepEqual(differences, []);
      process.stdout.write(`${title}: ${names.length} flags\n`);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
