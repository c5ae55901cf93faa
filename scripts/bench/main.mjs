/**
 * `npm run bench`: two servers side by side on this machine, the original and ours. Each row is run in turns on the one and on the other, so that
 * what disturbs the machine disturbs both; the median of the turns counts. Prints the table and writes docs/bench/results.json.
 *
 *     npm run bench -- [--rows put-hot,get-hot] [--seconds 5] [--alternations 5] [--keys 1000000] [--quick]
 *                      [--contenders original,ours] [--no-write]
 *
 * A contender is `original`, `ours`, or the path of an etcd. The original's programs come from ETCD_REFERENCE or
 * ../shared/peers/3.7.1; h2load from Debian's nghttp2-client.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fail, ROOT, setUp } from "../setup.mjs";
import { generate } from "./load.mjs";
import { ROWS, STORES } from "./rows.mjs";
import { Server } from "./server.mjs";
import { markdown, shortTableOf, tableOf } from "./table.mjs";

const { values } = parseArgs({
  options: {
    rows: { type: "string" },
    seconds: { type: "string" },
    alternations: { type: "string" },
    keys: { type: "string" },
    quick: { type: "boolean", default: false },
    contenders: { type: "string", default: "original,ours" },
    "no-write": { type: "boolean", default: false },
  },
});

const say = (line) => process.stderr.write(`${line}\n`);
await setUp(say);

const reference = process.env.ETCD_REFERENCE || join(ROOT, "..", "shared", "peers", "3.7.1");
const programs = {
  original: join(reference, "etcd"),
  benchmark: join(reference, "benchmark"),
  ours: join(ROOT, "bin", "etcd"),
};
const contenders = values.contenders.split(",");
const settings = {
  keys: Number(values.keys ?? (values.quick ? 20_000 : 1_000_000)),
  alternations: Number(values.alternations ?? (values.quick ? 2 : 5)),
  time: { seconds: Number(values.seconds ?? (values.quick ? 2 : 5)), warmUpSeconds: 1 },
  total: values.quick ? 20_000 : 100_000,
  programs,
};
const chosen =
  values.rows === undefined ? ROWS : ROWS.filter(({ id }) => values.rows.split(",").includes(id));
check();

const TABLE_BEGINS = "<!-- bench: begin -->";
const TABLE_ENDS = "<!-- bench: end -->";
const results = [];
const memory = [];
for (const store of Object.keys(STORES).filter((name) => chosen.some((row) => row.store === name))) {
  await measureStore(
    store,
    chosen.filter((row) => row.store === store),
  );
}
finish();

function check() {
  if (chosen.length === 0) fail(`no such rows; there are ${ROWS.map(({ id }) => id).join(", ")}`);
  for (const path of [...contenders.map(programOf), programs.benchmark])
    if (!existsSync(path)) fail(`${path} is missing`);
  if (spawnSync("h2load", ["--version"]).error) fail("h2load is missing; Debian has it in nghttp2-client");
}

function programOf(contender) {
  return programs[contender] ?? contender;
}

/** Starts both servers, fills them alike, and runs the store's rows on them in turns. */
async function measureStore(store, rows) {
  const tls = store === "tls" ? await certificate() : undefined;
  const servers = [];
  try {
    for (const contender of contenders)
      servers.push(await Server.create(contender, programOf(contender), { tls }));
    const count = storeSize(store);
    const fills = [];
    for (const server of servers) {
      await server.start();
      if (count > 0) {
        say(`filling ${server.label} with ${count} keys`);
        fills.push(await generate(server, { call: "fill", keys: count, connections: 8, streams: 4 }));
      }
    }
    if (store === "full") noteMemory("after the load", servers);
    // The store's first revision is 1; every fill transaction is one revision more.
    const filledRevision = 1 + (fills[0]?.requests ?? 0);
    for (const row of rows)
      results.push(
        await measureRow(row, servers, { ...settings, keys: count || settings.keys, filledRevision }),
      );
    if (store === "full") await measureRestarts(servers);
  } finally {
    for (const server of servers) await server.dispose();
    tls?.dispose();
  }
}

function storeSize(store) {
  const size = STORES[store];
  return typeof size === "string" ? Number(size) : Math.round(size * settings.keys);
}

async function measureRow(row, servers, context) {
  const runs = servers.map(() => []);
  // A tool has no warm-up of its own.
  if (row.id.startsWith("tool-")) {
    for (const server of servers) await row.load(server, { ...context, total: context.total / 5 });
  }
  for (let turn = 0; turn < (row.alternations ?? settings.alternations); turn++) {
    for (const [i, server] of servers.entries()) {
      const before = server.cpuSeconds();
      const { requests, perSecond, p99Ms, share } = await row.load(server, context);
      // Some requests of the warm-up are in the CPU time and not in the count; the rate tells their number.
      const counted = row.id.startsWith("tool-")
        ? requests
        : requests + perSecond * context.time.warmUpSeconds;
      runs[i].push({
        perSecond,
        p99Ms,
        share,
        cpuPer100k: ((server.cpuSeconds() - before) / counted) * 100_000,
      });
    }
  }
  const { id, title, target, cpuTarget, shareTarget } = row;
  const result = { id, title, target, cpuTarget, shareTarget, runs };
  say(tableOf(contenders, [result]).split("\n")[2]);
  return result;
}

/** Memory and time of a start on the full store, after a clean stop and after a kill. */
async function measureRestarts(servers) {
  for (const [signal, when] of [
    ["SIGTERM", "after a clean stop"],
    ["SIGKILL", "after a kill"],
  ]) {
    const seconds = [];
    for (const server of servers) {
      await server.stop(signal);
      seconds.push(await server.start());
    }
    noteMemory(`after a restart ${when}`, servers, seconds);
  }
}

function noteMemory(when, servers, startSeconds = []) {
  for (const [i, server] of servers.entries())
    memory.push({ when, contender: server.label, startSeconds: startSeconds[i], ...server.memory() });
}

/** A certificate for 127.0.0.1, which the original makes for itself. */
async function certificate() {
  const maker = await Server.create("certificate", programs.original, { tls: { flags: ["--auto-tls"] } });
  await maker.start();
  await maker.stop();
  const dir = join(maker.dir, "m1.etcd", "fixtures", "client");
  const flags = [`--cert-file=${join(dir, "cert.pem")}`, `--key-file=${join(dir, "key.pem")}`];
  return { flags, dispose: () => maker.dispose() };
}

function finish() {
  process.stdout.write(`\n${tableOf(contenders, results)}\n`);
  if (memory.length > 0) process.stdout.write(`\n${memoryTable()}\n`);
  if (values["no-write"]) return;
  writeResults();
  if (chosen === ROWS) showInReadme();
}

function memoryTable() {
  const head = ["memory and start", "contender", "seconds to ready", "MB now", "MB peak"];
  const lines = memory.map(({ when, contender, startSeconds, nowMb, peakMb }) => [
    when,
    contender,
    startSeconds?.toFixed(2) ?? "",
    nowMb,
    peakMb,
  ]);
  return markdown(head, lines);
}

/** After a run of all rows: the README's table. */
function showInReadme() {
  const path = join(ROOT, "README.md");
  const [before, rest] = readFileSync(path, "utf8").split(TABLE_BEGINS);
  const after = rest?.split(TABLE_ENDS)[1];
  if (after === undefined) fail(`README.md has no ${TABLE_BEGINS} … ${TABLE_ENDS}`);
  const text = `${TABLE_BEGINS}\n${shortTableOf(results)}\n\n${memoryTable()}\n${TABLE_ENDS}`;
  writeFileSync(path, `${before}${text}${after}`);
}

function writeResults() {
  const machine = {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? "",
    node: process.version,
    platform: process.platform,
  };
  mkdirSync(join(ROOT, "docs", "bench"), { recursive: true });
  const { keys, alternations, time, total } = settings;
  writeFileSync(
    join(ROOT, "docs", "bench", "results.json"),
    `${JSON.stringify({ machine, contenders: contenders.map((name) => name.split("/").pop()), keys, alternations, ...time, total, results, memory }, null, 2)}\n`,
  );
}
