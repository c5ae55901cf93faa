/**
 * A load generator for one kind of call, run as a process of its own: `node generator.mjs '{…}'`. Prints one line of JSON: what was
 * answered within the measured time, and how long it took.
 *
 *     url, path        where to
 *     call             put, get, serializable-get, range, count, txn or fill
 *     keys             numbers of keys to draw from; 1: one hot key
 *     connections, streams
 *     warmUpSeconds, seconds     0 seconds: each key once (fill)
 *     limit, revision  of ranges
 *     ratePerSecond    at most so many calls
 */
import { Connection } from "./connection.mjs";
import {
  fillMessage,
  framed,
  getMessage,
  KEY_DIGITS,
  keyOf,
  putMessage,
  rangeMessage,
  txnMessage,
} from "./requests.mjs";

/** So that a call fits into one frame, which no setting makes larger. */
const KEYS_PER_FILL = 50;

const RESUME_MS = 5;

const PATHS = { put: "Put", txn: "Txn", fill: "Txn" };

const options = JSON.parse(process.argv[2]);
const latencies = [];
/** A fill counts from its first call on. */
let measuring = options.call === "fill";
let errors = 0;
let answered = 0;
let sent = 0;
let begin = 0;
const next = source(options);
const connections = Array.from(
  { length: options.connections },
  () =>
    new Connection(options.url, pathOf(options), {
      next: take,
      done: onDone,
      lost: onLost,
      tlsOptions: { rejectUnauthorized: false },
    }),
);

begin = performance.now();
if (options.ratePerSecond > 0) setInterval(resume, RESUME_MS);
await Promise.all(connections.map((connection) => connection.start(options.streams)));
if (options.call === "fill") await filled();
else await timed();

async function timed() {
  await passed(options.warmUpSeconds);
  measuring = true;
  const start = performance.now();
  await passed(options.seconds);
  measuring = false;
  report((performance.now() - start) / 1000);
}

async function filled() {
  const all = Math.ceil(options.keys / KEYS_PER_FILL);
  while (answered < all) await passed(0.01);
  report((performance.now() - begin) / 1000);
}

function report(seconds) {
  for (const connection of connections) connection.stop();
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  const result = {
    requests: answered,
    errors,
    seconds,
    perSecond: answered / seconds,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}

function resume() {
  for (const connection of connections) connection.resume();
}

function onDone(latencyMs, ok) {
  if (!ok) errors++;
  if (!measuring) return;
  answered++;
  latencies.push(latencyMs);
}

function onLost(reason) {
  process.stderr.write(`a connection was lost: ${reason}\n`);
  process.exit(1);
}

/** The next call's bytes, unless it would come too early. */
function take() {
  if (options.ratePerSecond > 0 && sent >= ((performance.now() - begin) / 1000) * options.ratePerSecond) {
    return undefined;
  }
  sent++;
  return next();
}

function source({ call, keys, limit, revision }) {
  switch (call) {
    case "put":
      return patched(framed(putMessage(0)), keys);
    case "txn":
      return patched(framed(txnMessage(0)), keys);
    case "get":
      return patched(framed(getMessage(0)), keys);
    case "serializable-get":
      return patched(framed(getMessage(0, { serializable: true })), keys);
    case "range":
      return constant(framed(rangeMessage(0, { limit, revision })));
    case "count":
      return constant(framed(rangeMessage(0, { countOnly: true })));
    case "fill":
      return fills(keys);
    default:
      throw new Error(`unknown call ${call}`);
  }
}

function constant(body) {
  return () => body;
}

/** A body with the key's number, wherever it stands, replaced by a random one below `keys`; good until the next. */
function patched(template, keys) {
  const body = Buffer.from(template);
  if (keys === 1) return constant(body);
  const key = keyOf(0);
  const places = [];
  for (let at = body.indexOf(key); at !== -1; at = body.indexOf(key, at + 1)) places.push(at + key.length);
  return () => {
    let n = Math.floor(Math.random() * keys);
    for (let digit = 1; digit <= KEY_DIGITS; digit++, n = Math.floor(n / 10)) {
      for (const end of places) body[end - digit] = 48 + (n % 10);
    }
    return body;
  };
}

function fills(keys) {
  let at = 0;
  return () => {
    if (at >= keys) return undefined;
    const lo = at;
    at = Math.min(keys, lo + KEYS_PER_FILL);
    return framed(fillMessage(lo, at));
  };
}

function pathOf({ call }) {
  return `/etcdserverpb.KV/${PATHS[call] ?? "Range"}`;
}

function passed(seconds) {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
