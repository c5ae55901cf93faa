/**
 * Starts of a full store, ours and the original's in turns: from the process's beginning to its first linearizable read, after a clean stop,
 * after a kill -9 in the middle of puts, and without our index checkpoint; memory after the load, after each start and some seconds later. Then one key
 * with many revisions, against a key with one: get, put and compaction. Prints tables of medians.
 *
 *     node scripts/bench/starts.mjs [--keys 1000000] [--turns 3] [--load-seconds 5] [--revisions 1000000] [--contenders original,ours]
 */
import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { connect } from "node:http2";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { ROOT, setUp } from "../setup.mjs";
import { generate, generateBeside } from "./load.mjs";
import { framed, getMessage } from "./requests.mjs";
import { Server } from "./server.mjs";
import { markdown } from "./table.mjs";

const { values } = parseArgs({
  options: {
    keys: { type: "string", default: "1000000" },
    turns: { type: "string", default: "3" },
    "load-seconds": { type: "string", default: "5" },
    revisions: { type: "string", default: "1000000" },
    contenders: { type: "string", default: "original,ours" },
  },
});

const LATER_MS = 8000;
const RETRY_MS = 2;

const say = (line) => process.stderr.write(`${line}\n`);
await setUp(say);
const keys = Number(values.keys);
const reference = process.env.ETCD_REFERENCE || join(ROOT, "..", "shared", "peers", "3.7.1");
const programs = { original: join(reference, "etcd"), ours: join(ROOT, "bin", "etcd") };

const rows = new Map();
const servers = [];
try {
  for (const name of values.contenders.split(","))
    servers.push(await Server.create(name, programs[name] ?? name));
  for (const server of servers) {
    await server.start();
    await generate(server, { call: "fill", keys, connections: 8, streams: 4 });
    note(server, "after the load", { ...server.memory() });
  }
  for (let turn = 0; turn < Number(values.turns); turn++) {
    for (const server of servers) await cleanStop(server);
    for (const server of servers) await killUnderLoad(server);
    for (const server of servers) await withoutCheckpoint(server);
  }
} finally {
  for (const server of servers) await server.dispose();
}
print();
if (Number(values.revisions) > 0) {
  const lines = [];
  for (const name of values.contenders.split(",")) await manyRevisions(name, lines);
  const heads = ["server", "key with", "gets/s", "p99 ms", "puts/s", "p99 ms", "compaction ms"];
  process.stdout.write(`\n${markdown(heads, lines)}\n`);
}

async function cleanStop(server) {
  const begin = performance.now();
  await server.stop("SIGTERM");
  const stopMs = performance.now() - begin;
  note(server, "clean stop", { stopMs, ...(await startToRead(server)) });
}

async function killUnderLoad(server) {
  const end = generateBeside(server, { call: "put", keys });
  await passed(Number(values["load-seconds"]) * 1000);
  await server.stop("SIGKILL");
  end();
  note(server, "kill -9 under load", await startToRead(server));
}

/** What a first start on somebody else's directory does. */
async function withoutCheckpoint(server) {
  await server.stop("SIGTERM");
  rmSync(join(server.dir, "m1.etcd", "member", "index-checkpoint"), { force: true });
  note(server, "no checkpoint", await startToRead(server));
}

async function manyRevisions(name, lines) {
  const server = await Server.create(name, programs[name] ?? name);
  const load = { keys: 1, connections: 4, streams: 4, seconds: 2 };
  try {
    await server.start();
    let revision =
      1 + (await generate(server, { ...load, call: "put", warmUpSeconds: 0, seconds: 0.1 })).requests;
    await compaction(server, revision - 1);
    for (const revisions of [1, Number(values.revisions)]) {
      while (revision < revisions) {
        const puts = { ...load, call: "put", connections: 50, streams: 20, warmUpSeconds: 0 };
        revision += (await generate(server, puts)).requests;
      }
      const gets = await generate(server, { ...load, call: "get" });
      const puts = await generate(server, { ...load, call: "put" });
      revision += puts.requests;
      const compactMs = await compaction(server, revision - 1);
      lines.push([
        name,
        `${revisions} revisions`,
        Math.round(gets.perSecond),
        gets.p99Ms.toFixed(2),
        Math.round(puts.perSecond),
        puts.p99Ms.toFixed(2),
        Math.round(compactMs),
      ]);
    }
  } finally {
    await server.dispose();
  }
}

/** Until the records are gone. */
async function compaction(server, revision) {
  const begin = performance.now();
  const args = [
    `--endpoints=${server.url}`,
    "--command-timeout=60s",
    "compact",
    "--physical",
    String(revision),
  ];
  await promisify(execFile)(join(reference, "etcdctl"), args);
  return performance.now() - begin;
}

async function startToRead(server) {
  const begin = performance.now();
  const ready = server.start();
  const failed = ready.then(
    () => new Promise(() => {}),
    (error) => Promise.reject(error),
  );
  await Promise.race([firstRead(server), failed]);
  const readMs = performance.now() - begin;
  const cpuMs = server.cpuSeconds() * 1000;
  await ready;
  const { peakMb } = server.memory();
  await passed(LATER_MS);
  const later = server.memory();
  say(
    `${server.label}: first read after ${Math.round(readMs)} ms, ${peakMb} MB; later ${later.nowMb} MB, peak ${later.peakMb}`,
  );
  return { readMs, cpuMs, atReadMb: peakMb, laterMb: later.nowMb, peakMb: later.peakMb };
}

async function firstRead(server) {
  while (!(await isAnswered(server))) await passed(RETRY_MS);
}

function isAnswered({ url }) {
  return new Promise((resolve) => {
    const session = connect(url);
    const end = (answered) => {
      session.destroy();
      resolve(answered);
    };
    session.once("error", () => end(false));
    const call = session.request({
      ":method": "POST",
      ":path": "/etcdserverpb.KV/Range",
      "content-type": "application/grpc",
      te: "trailers",
    });
    let bytes = 0;
    let status;
    call.on("error", () => end(false));
    call.on("response", (headers) => {
      status = headers["grpc-status"];
    });
    call.on("trailers", (headers) => {
      status = headers["grpc-status"];
    });
    call.on("data", (data) => {
      bytes += data.length;
    });
    call.on("end", () => end(status === "0" && bytes > 0));
    call.end(framed(getMessage(keys >> 1)));
  });
}

function note(server, when, figures) {
  const key = `${when}|${server.label}`;
  if (!rows.has(key)) rows.set(key, []);
  rows.get(key).push(figures);
}

function print() {
  const names = ["readMs", "cpuMs", "stopMs", "atReadMb", "laterMb", "nowMb", "peakMb"];
  const lines = [...rows].map(([key, runs]) => {
    const cells = names.map((name) => {
      const known = runs.map((run) => run[name]).filter((value) => value !== undefined);
      return known.length === 0 ? "" : Math.round(median(known));
    });
    return [...key.split("|"), runs.length, ...cells];
  });
  process.stdout.write(`${markdown(["when", "server", "turns", ...names], lines)}\n`);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

function passed(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
