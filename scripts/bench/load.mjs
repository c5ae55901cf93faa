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

const GENERATOR = join(dirname(fileURLToPath(import.meta.url)), "generator.mjs");
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
  const common = [`--endpoints=${server.url}`, "--conns=50", "--precise"];
  const { stdout } = await run(program, [...common, ...args], { maxBuffer: 1 << 26 });
  const perSecond = [...stdout.matchAll(/Requests\/sec:\s+([\d.]+)/g)].map((match) => Number(match[1]));
  const p99 = /99% in ([\d.]+) secs/.exec(stdout);
  const requests = [...stdout.matchAll(/\[(\d+)\]\s+\|/g)].reduce((sum, match) => sum + Number(match[1]), 0);
  if (perSecond.length === 0 || /Error distribution/.test(stdout))
    throw new Error(`benchmark on ${server.label}:\n${stdout.slice(-500)}`);
  return {
    requests,
    perSecond: perSecond.reduce((a, b) => a + b),
    ...(p99 && { p99Ms: Number(p99[1]) * 1000 }),
  };
}
