/**
 * The three ways of making load, each returning {requests, perSecond, p50Ms?, p99Ms?}: our generator, h2load with one body, and the original's
 * `benchmark`. A run with errors is no measurement and throws.
 */
import { execFile, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { framed } from "./requests.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const GENERATOR = join(HERE, "generator.mjs");
const WATCHERS = join(HERE, "watchers.mjs");
const POLL_MS = 50;
const run = promisify(execFile);

const DEFAULTS = {
  keys: 1,
  connections: 50,
  streams: 20,
  warmUpSeconds: 1,
  seconds: 5,
  limit: 0,
  revision: 0,
  ratePerSecond: 0,
};

export async function generate(server, options) {
  const { stdout } = await run(process.execPath, [
    GENERATOR,
    JSON.stringify({ ...DEFAULTS, url: server.url, ...options }),
  ]);
  const result = JSON.parse(stdout);
  if (result.errors > 0 || result.requests === 0)
    throw new Error(`${options.call} on ${server.label}: ${stdout}`);
  return result;
}

/** Load beside a measurement; returns a function that ends it. */
export function generateBeside(server, options) {
  const all = { ...DEFAULTS, url: server.url, ...options, warmUpSeconds: 0, seconds: 3600 };
  const child = spawn(process.execPath, [GENERATOR, JSON.stringify(all)], { stdio: "ignore" });
  return () => child.kill("SIGKILL");
}

export async function h2load(
  server,
  method,
  message,
  { seconds = 5, warmUpSeconds = 1, connections = 50, streams = 20 },
) {
  const body = join(server.dir, `${method}.body`);
  writeFileSync(body, framed(message));
  const headers = ["-H", "content-type: application/grpc", "-H", "te: trailers"];
  const time = ["-D", String(seconds), `--warm-up-time=${warmUpSeconds}`];
  const shape = ["-c", String(connections), "-m", String(streams), "-t", "1"];
  const { stdout } = await run("h2load", [
    ...shape,
    ...time,
    ...headers,
    "-d",
    body,
    `${server.url}/etcdserverpb.KV/${method}`,
  ]);
  const [, total, failed] = /requests: (\d+) total.*?(\d+) failed/.exec(stdout) ?? [];
  const [, perSecond] = /finished in [\d.]+m?s, ([\d.]+) req\/s/.exec(stdout) ?? [];
  if (total === undefined || Number(failed) > 0 || Number(total) === 0)
    throw new Error(`h2load on ${server.label}:\n${stdout}`);
  return { requests: Number(total), perSecond: Number(perSecond) };
}

export async function benchmarkTool(program, server, args) {
  const parts = await reportsOfTool(program, server, args);
  return {
    requests: sum(parts.map((part) => part.requests)),
    perSecond: sum(parts.map((part) => part.perSecond)),
    ...(parts.length === 1 && parts[0].p99Ms !== undefined && { p99Ms: parts[0].p99Ms }),
  };
}

/** The last of a tool's reports: events as the clients received them. */
export async function benchmarkWatch(program, server, args) {
  return (await reportsOfTool(program, server, args)).at(-1);
}

/** One entry for each report that the tool prints. */
async function reportsOfTool(program, server, args) {
  const common = [`--endpoints=${server.url}`, "--precise"];
  const { stdout } = await run(program, [...common, ...args], { maxBuffer: 1 << 26 });
  const parts = stdout.split("Summary:").slice(1);
  if (parts.length === 0 || /Error distribution/.test(stdout))
    throw new Error(`benchmark on ${server.label}:\n${stdout.slice(-500)}`);
  return parts.map((part) => {
    const p99 = /99% in ([\d.]+) secs/.exec(part);
    return {
      requests: sum([...part.matchAll(/\[(\d+)\]\s+\|/g)].map((match) => Number(match[1]))),
      perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(part)[1]),
      ...(p99 && { p99Ms: Number(p99[1]) * 1000 }),
    };
  });
}

/** Watchers in a process of their own, from when the server has them all; `stop` resolves when it has forgotten them. */
export async function watchersOn(server, options) {
  const before = await server.metric("etcd_debugging_mvcc_watcher_total");
  const all = { url: server.url, connections: 50, streams: 1, ...options };
  const child = spawn(process.execPath, [WATCHERS, JSON.stringify(all)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const count = async (wanted) => {
    while ((await server.metric("etcd_debugging_mvcc_watcher_total")) !== wanted) {
      if (child.exitCode !== null && wanted !== before)
        throw new Error(`the watchers of ${server.label} ended`);
      await passed(POLL_MS);
    }
  };
  await count(before + options.watchers);
  return {
    /** For those that do not read: from here on nothing at all. */
    stopReading: () => child.kill("SIGUSR2"),
    async stop() {
      child.kill("SIGKILL");
      await count(before);
    },
  };
}

/** Resolves when as many events have been sent as `wanted`, by the server's count. */
export async function delivered(server, wanted) {
  while ((await server.metric("etcd_debugging_mvcc_events_total")) < wanted) await passed(POLL_MS);
}

function sum(numbers) {
  return numbers.reduce((a, b) => a + b, 0);
}

function passed(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
