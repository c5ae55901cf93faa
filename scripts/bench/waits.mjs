/**
 * What others wait while one client asks for something large: `node scripts/bench/waits.mjs [keys] [contenders]`. Beside each large request one
 * client gets one key again and again; the table shows its waiting time, and, for our server, the longest turn of the loop and
 * the longest garbage collection within it.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Connection } from "./connection.mjs";
import { generate } from "./load.mjs";
import { framed, getMessage, KEY_BYTES, VALUE_BYTES } from "./requests.mjs";
import { Server } from "./server.mjs";
import { markdown } from "./table.mjs";

const ROOT = join(fileURLToPath(import.meta.url), "..", "..", "..");
const REFERENCE = process.env.ETCD_REFERENCE || join(ROOT, "..", "shared", "peers", "3.7.1");
const PROGRAMS = { original: join(REFERENCE, "etcd"), ours: join(ROOT, "bin", "etcd") };
const [keysText = "1000000", contendersText = "original,ours"] = process.argv.slice(2);
const KEYS = Number(keysText);
const GET_EVERY_MS = 1;

/** In this order: the later ones find the store as the earlier ones left it. */
const REQUESTS = [
  ["nothing", () => passed(3000)],
  ["range of all keys", (server) => ctl(server, "get", "k", "--prefix")],
  [
    "the last 100 of all keys by value",
    (server) => ctl(server, "get", "k", "--prefix", "--sort-by=VALUE", "--limit=100"),
  ],
  [
    "count at the first revision",
    (server) => ctl(server, "get", "k", "--prefix", "--count-only", "--write-out=fields", "--rev=2"),
  ],
  ["hash of all revisions", (server) => ctl(server, "endpoint", "hashkv")],
  ["snapshot", (server) => ctl(server, "snapshot", "save", join(server.dir, "saved.db"))],
  ["watch from the first revision on", (server) => watchHistory(server)],
  ["delete of all keys", (server) => ctl(server, "del", "k", "--prefix")],
  ["compaction of all that", (server) => compact(server)],
  ["defragmentation", (server) => ctl(server, "defrag")],
];

const lines = [];
for (const contender of contendersText.split(",")) await measure(contender);
process.stdout.write(
  `${markdown(["beside", "server", "it took s", "gets", "p99 ms", "longest ms", "longest turn ms", "of it collection ms"], lines)}\n`,
);

async function measure(contender) {
  const probeFile = join(ROOT, `dist/loop-probe.${process.pid}.json`);
  const probe = join(ROOT, "scripts", "bench", "loop-probe.mjs");
  const env = contender === "ours" ? { NODE_OPTIONS: `--import=${probe}`, LOOP_PROBE_FILE: probeFile } : {};
  const server = await Server.create(contender, PROGRAMS[contender] ?? contender, { env });
  try {
    await server.start();
    await generate(server, { call: "fill", keys: KEYS, connections: 8, streams: 4 });
    for (const [title, ask] of REQUESTS) {
      const loop = env.LOOP_PROBE_FILE === undefined ? undefined : () => takeProbe(server, probeFile);
      lines.push([title, contender, ...(await beside(server, ask, loop))]);
    }
  } finally {
    await server.dispose();
    rmSync(probeFile, { force: true });
  }
}

async function beside(server, ask, loop) {
  await loop?.();
  const latencies = [];
  const body = framed(getMessage(0));
  let due = false;
  const connection = new Connection(server.url, "/etcdserverpb.KV/Range", {
    next: () => {
      const now = due;
      due = false;
      return now ? body : undefined;
    },
    done: (latency) => latencies.push(latency),
    lost: fail,
  });
  await connection.start(1);
  const pace = setInterval(() => {
    due = true;
    connection.resume();
  }, GET_EVERY_MS);
  const begin = performance.now();
  try {
    await ask(server);
  } finally {
    clearInterval(pace);
    connection.stop();
  }
  const seconds = (performance.now() - begin) / 1000;
  latencies.sort((a, b) => a - b);
  const turn = await loop?.();
  return [
    seconds.toFixed(2),
    latencies.length,
    (latencies[Math.floor(latencies.length * 0.99)] ?? 0).toFixed(2),
    (latencies.at(-1) ?? 0).toFixed(2),
    turn?.turnMs.toFixed(1) ?? "",
    turn?.collectionMs.toFixed(1) ?? "",
  ];
}

async function takeProbe(server, file) {
  rmSync(file, { force: true });
  server.signal("SIGUSR2");
  while (!existsSync(file) || readFileSync(file).length === 0) await passed(5);
  return JSON.parse(readFileSync(file, "utf8"));
}

/** etcdctl's output is thrown away. */
function ctl(server, ...args) {
  const child = etcdctl(server, ["ignore", "ignore", "pipe"], args);
  let text = "";
  child.stderr.on("data", (data) => {
    text += data;
  });
  return new Promise((resolve, reject) => {
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`${args.join(" ")}: ${text}`))));
  });
}

/** Until all events were delivered. */
async function watchHistory(server) {
  const args = ["watch", "k", "--prefix", "--rev=1", "--write-out=protobuf"];
  const child = etcdctl(server, ["ignore", "pipe", "ignore"], args);
  let bytes = 0;
  for await (const data of child.stdout) {
    bytes += data.length;
    if (bytes >= KEYS * (KEY_BYTES + VALUE_BYTES)) break;
  }
  child.kill("SIGKILL");
}

function etcdctl(server, stdio, args) {
  const common = [`--endpoints=${server.url}`, "--command-timeout=120s"];
  return spawn(join(REFERENCE, "etcdctl"), [...common, ...args], { stdio });
}

async function compact(server) {
  const revision = 2 + Math.ceil(KEYS / 50);
  await ctl(server, "compact", String(revision), "--physical");
}

function fail(reason) {
  throw new Error(reason);
}
