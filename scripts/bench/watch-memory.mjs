/**
 * What watches take of the member's memory: `node scripts/bench/watch-memory.mjs [idle|unread|snapshot] [etcd program]`. Resident memory of the whole process
 * after a garbage collection, which is asked for through the run-time's inspector.
 *
 *     idle      1,000,000 watches on 1,000 streams: bytes a watch (at most 400)
 *     unread    10,000 watches of a key on 1,000 streams that nobody reads, while 1 GB of events passes: MB above the member without them (at most 300)
 *     snapshot  a snapshot of 1 GB: seconds, and MB that the member's peak rises while it streams (at most 64)
 */
import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import WebSocket from "ws";
import { generate, generateBeside, watchersOn } from "./load.mjs";
import { keyOf } from "./requests.mjs";
import { Server } from "./server.mjs";

const ROOT = join(fileURLToPath(import.meta.url), "..", "..", "..");
const [what = "idle", program = join(ROOT, "bin", "etcd")] = process.argv.slice(2);
const MB = 1_000_000;
const INSPECTOR = "http://127.0.0.1:9229";
/** 256 bytes each. */
const KEYS_OF_GB = 3_200_000;

const server = await Server.create("server", program);
await server.start();
try {
  await { idle, unread, snapshot }[what]();
} finally {
  await server.dispose();
}

async function idle() {
  const watchers = 1_000_000;
  await watched(1000, 10);
  const before = await settled();
  const waiting = await watchersOn(server, { watchers, connections: 20, streams: 50 });
  const after = await settled();
  say(
    `${Math.round(((after - before) * MB) / watchers)} bytes a watch: ${before} MB before, ${after} MB after`,
  );
  await waiting.stop();
}

async function unread() {
  const seconds = 10;
  const puts = { call: "put", streams: 4, seconds, warmUpSeconds: 0 };
  await generate(server, puts);
  const before = server.memory().peakMb;
  const watchers = await watchersOn(server, {
    watchers: 10_000,
    connections: 100,
    streams: 10,
    key: keyOf(0).toString(),
    reads: false,
  });
  watchers.stopReading();
  let bytes = 0;
  while (bytes < 1000 * MB) bytes += (await generate(server, puts)).requests * 300;
  const { nowMb, peakMb } = server.memory();
  say(
    `${before} MB at the peak without, ${peakMb} MB with them (${nowMb} MB now), ${Math.round(bytes / MB)} MB of events`,
  );
  await watchers.stop();
}

async function snapshot() {
  await generate(server, { call: "fill", keys: KEYS_OF_GB, connections: 8, streams: 4 });
  const before = await settled();
  const stop = process.argv.includes("--puts")
    ? generateBeside(server, { call: "put", keys: 1000 })
    : () => {};
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, server.memory().nowMb);
  }, 20);
  const begin = performance.now();
  const target = join(server.dir, "snapshot.db");
  const { ETCD_REFERENCE: reference = join(ROOT, "..", "shared", "peers", "3.7.1") } = process.env;
  const args = [`--endpoints=${server.url}`, "snapshot", "save", target];
  const child = spawn(join(reference, "etcdctl"), args, { stdio: "ignore" });
  const code = await new Promise((resolve) => child.once("close", resolve));
  const seconds = (performance.now() - begin) / 1000;
  clearInterval(timer);
  stop();
  const size = code === 0 ? Math.round(statSync(target).size / MB) : 0;
  say(`${size} MB in ${seconds.toFixed(2)} s; ${before} MB before, ${peak} MB at the peak`);
}

/** A few watches that come and go: what the first ones load is not counted. */
async function watched(watchers, connections) {
  await (await watchersOn(server, { watchers, connections })).stop();
}

/** Megabytes resident after a garbage collection; of a program without an inspector, as they are. */
async function settled() {
  if (program.endsWith(".js") || program === join(ROOT, "bin", "etcd")) await collectGarbage();
  return server.memory().nowMb;
}

async function collectGarbage() {
  process.kill(server.pid, "SIGUSR1");
  let pages;
  while (pages === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    pages = await fetch(`${INSPECTOR}/json/list`).then(
      (answer) => answer.json(),
      () => undefined,
    );
  }
  const socket = new WebSocket(pages[0].webSocketDebuggerUrl);
  await new Promise((resolve) => socket.once("open", resolve));
  for (let id = 1; id <= 2; id++) {
    socket.send(JSON.stringify({ id, method: "HeapProfiler.collectGarbage" }));
    await new Promise((resolve) => socket.once("message", resolve));
  }
  socket.close();
  await new Promise((resolve) => setTimeout(resolve, 500));
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
