/**
 * Many leases that expire together while clients put: `node scripts/bench/lease-expiry.mjs [etcd program] [leases]`. Prints how long their
 * keys outlive the last deadline, and the rate of puts before and meanwhile.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Connection } from "./connection.mjs";
import { framed, putMessage } from "./requests.mjs";
import { Server } from "./server.mjs";

const ROOT = join(fileURLToPath(import.meta.url), "..", "..", "..");
const [program = join(ROOT, "bin", "etcd"), leasesText = "100000"] = process.argv.slice(2);
const LEASES = Number(leasesText);
const SAMPLE_MS = 250;
/** Everything is granted and put within this time, and the rate of puts is measured after it. */
const TTL_SECONDS = 14;
const CONNECTIONS = 20;
const STREAMS = 20;

const server = await Server.create("server", program);
await server.start();
try {
  const begin = performance.now();
  await all("Lease/LeaseGrant", LEASES, (n) => {
    // Later grants get shorter TTLs, so that all end within the same second.
    const ttl = TTL_SECONDS - Math.floor((performance.now() - begin) / 1000);
    return Buffer.concat([number(1, ttl), number(2, n + 1)]);
  });
  const lastDeadline = performance.now() + (TTL_SECONDS - (performance.now() - begin) / 1000) * 1000;
  await all("KV/Put", LEASES, (n) =>
    Buffer.concat([bytes(1, `leased/${n}`), bytes(2, "v"), number(3, n + 1)]),
  );
  say(`${LEASES} leases with a key each after ${seconds(performance.now() - begin)} s`);
  await measure(begin + TTL_SECONDS * 1000, Math.max(lastDeadline, begin + TTL_SECONDS * 1000));
} finally {
  await server.stop();
}

async function measure(firstDeadline, lastDeadline) {
  let done = 0;
  const body = framed(putMessage(0));
  const load = connect(
    "KV/Put",
    () => body,
    () => done++,
  );
  for (const connection of load) await connection.start(STREAMS);
  const samples = [];
  let gone = false;
  while (!gone) {
    const [from, before] = [performance.now(), done];
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    const at = performance.now();
    samples.push({ at, rate: ((done - before) / (at - from)) * 1000 });
    if (at < firstDeadline) continue;
    const left = await count("leased/", "leased0");
    gone = left === 0;
    say(`${seconds(at - lastDeadline)} s: ${left} keys, ${Math.round(samples.at(-1).rate)} puts/s`);
  }
  const end = performance.now();
  for (const connection of load) connection.stop();
  const before = median(samples.filter(({ at }) => at > firstDeadline - 8000 && at < firstDeadline));
  const meanwhile = mean(samples.filter(({ at }) => at > firstDeadline + SAMPLE_MS));
  say(
    `gone ${seconds(end - lastDeadline)} s after the last deadline, ${seconds(end - firstDeadline)} s after the first`,
  );
  say(
    `puts: ${Math.round(before)}/s before, ${Math.round(meanwhile)}/s meanwhile, ${Math.round((meanwhile / before) * 100)} %`,
  );
}

/** Calls that are made once each, as fast as they are answered. */
function all(method, calls, messageOf) {
  return new Promise((resolve, reject) => {
    let [sent, done] = [0, 0];
    const connections = connect(
      method,
      () => (sent < calls ? framed(messageOf(sent++)) : undefined),
      (ok) => {
        if (!ok) reject(new Error(`a call of ${method} failed`));
        if (++done < calls) return;
        for (const connection of connections) connection.stop();
        resolve();
      },
    );
    for (const connection of connections) connection.start(STREAMS).catch(reject);
  });
}

function connect(method, next, done) {
  const path = `/etcdserverpb.${method}`;
  const lost = (reason) => say(`a connection was lost: ${reason}`);
  const make = () => new Connection(server.url, path, { next, done: (_latency, ok) => done(ok), lost });
  return Array.from({ length: CONNECTIONS }, make);
}

/** How many keys there are, without waiting for what is not applied. */
async function count(low, high) {
  const { connect: open } = await import("node:http2");
  const session = open(server.url);
  try {
    const stream = session.request({
      ":method": "POST",
      ":path": "/etcdserverpb.KV/Range",
      "content-type": "application/grpc",
      te: "trailers",
    });
    stream.end(framed(Buffer.concat([bytes(1, low), bytes(2, high), number(7, 1), number(9, 1)])));
    const parts = [];
    for await (const part of stream) parts.push(part);
    return countOf(Buffer.concat(parts).subarray(5));
  } finally {
    session.close();
  }
}

/** Field 4 of a RangeResponse, behind its header. */
function countOf(message) {
  let at = 2 + message[1];
  if (at >= message.length) return 0;
  let [value, scale] = [0, 1];
  for (at++; ; at++) {
    value += (message[at] & 0x7f) * scale;
    if (message[at] < 0x80) return value;
    scale *= 128;
  }
}

function bytes(field, text) {
  const content = Buffer.from(text);
  return Buffer.concat([varint(field * 8 + 2), varint(content.length), content]);
}

function number(field, value) {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

function varint(value) {
  const out = [];
  for (; value >= 0x80; value = Math.floor(value / 128)) out.push((value % 128) | 0x80);
  return Buffer.from([...out, value]);
}

function median(samples) {
  return samples.map(({ rate }) => rate).sort((a, b) => a - b)[samples.length >> 1] ?? 0;
}

function mean(samples) {
  return samples.reduce((sum, { rate }) => sum + rate, 0) / Math.max(samples.length, 1);
}

function seconds(ms) {
  return (ms / 1000).toFixed(2);
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
