/**
 * The table of measurements: which store each needs, and how its load is made. `once` rows measure the server itself, not a load.
 * Names, shapes and targets follow the project's goals; `target` is the ratio to reach (rate of the second over the first), `cpuTarget` that of
 * the server's CPU per request (the first over the second), where the load's own CPU hides the rate; `alternations`, if the usual
 * number is too many.
 */
import {
  benchmarkTool,
  benchmarkWatch,
  delivered,
  generate,
  generateBeside,
  h2load,
  watchersOn,
} from "./load.mjs";
import { getMessage, keyOf, putMessage, txnMessage } from "./requests.mjs";

/** Stores by their number of keys, as shares of `--keys`. */
export const STORES = { empty: 0, mixed: 0, watch: 0, thousand: "1000", half: 0.5, full: 1, tls: 0.1 };

const onHotKey =
  (method, message) =>
  (server, { time }) =>
    h2load(server, method, message, time);
const onRandomKeys =
  (call, options = {}) =>
  (server, { time, keys }) =>
    generate(server, { call, keys, ...time, ...options });
/** Large answers: h2load reads a socket that never runs dry for ever, and then counts nothing. */
const ranges =
  (options) =>
  (server, { time }) =>
    generate(server, { call: "range", ...time, ...options });
/** `share` of the usual number of requests, over so many keys. */
const ofTool =
  (args, { share = 1, keySpace = undefined, clients = 1000 } = {}) =>
  (server, { programs, keys, total }) => {
    const space = args[0] === "range" ? [] : [`--key-space-size=${keySpace ?? keys}`];
    return benchmarkTool(programs.benchmark, server, [
      ...args,
      "--conns=50",
      `--total=${total * share}`,
      `--clients=${clients}`,
      ...space,
    ]);
  };

/** A share of the usual number of requests by 50 clients on as many connections, as the tool spreads them. */
const of50 =
  (args, share) =>
  (server, { programs, total }) =>
    benchmarkTool(programs.benchmark, server, [
      ...args,
      "--conns=50",
      "--clients=50",
      `--total=${total * share}`,
    ]);
const WATCHERS = 1000;
/** Every put is an event for each of the watchers: of one key, on so many connections. Counts events. */
const watchOfTool =
  (connections) =>
  (server, { programs, total }) =>
    benchmarkWatch(programs.benchmark, server, [
      "watch",
      `--conns=${connections}`,
      `--clients=${connections}`,
      `--streams=${Math.max(connections, 10)}`,
      `--watch-per-stream=${WATCHERS / Math.max(connections, 10)}`,
      `--put-total=${(total / 20) * Math.min(1, connections / 10)}`,
    ]);

export const ROWS = [
  {
    id: "put-hot",
    title: "put, one hot key",
    store: "empty",
    target: 4,
    load: onHotKey("Put", putMessage(0)),
  },
  { id: "put-random", title: "put, random keys", store: "empty", target: 4, load: onRandomKeys("put") },
  {
    id: "put-minute",
    title: "put, random keys, for a minute: its p99",
    store: "empty",
    target: 4,
    alternations: 1,
    load: (server, { time, keys }) => generate(server, { call: "put", keys, ...time, seconds: 60 }),
  },
  {
    id: "put-one",
    title: "put, one client, one in flight",
    store: "empty",
    target: 1,
    load: (server, { time, keys }) =>
      generate(server, { call: "put", keys, ...time, connections: 1, streams: 1 }),
  },
  {
    id: "txn-hot",
    title: "txn (compare + put), one hot key",
    store: "empty",
    target: 4,
    load: onHotKey("Txn", txnMessage(0)),
  },
  {
    id: "txn-random",
    title: "txn (compare + put), random keys",
    store: "empty",
    target: 4,
    load: onRandomKeys("txn"),
  },
  {
    id: "tool-put",
    title: "benchmark put, random keys",
    store: "empty",
    target: 4,
    load: ofTool(["put", "--key-size=31", "--val-size=256"]),
  },
  {
    id: "tool-txn-put",
    title: "benchmark txn-put, random keys",
    store: "empty",
    target: 4,
    load: ofTool(["txn-put", "--key-size=31", "--val-size=256"]),
  },
  {
    id: "tool-txn-mixed",
    title: "benchmark txn-mixed, random keys",
    store: "mixed",
    target: 4,
    // Its reads are ranges, which the original answers by walking all keys of the space.
    load: ofTool(["txn-mixed", "--key-size=31", "--val-size=256", "--limit=10"], {
      share: 0.5,
      keySpace: 1000,
    }),
  },
  {
    id: "tool-watch-50",
    title: "watch: events of one key, 1,000 watchers on 50 connections",
    store: "watch",
    target: 1,
    cpuTarget: 5,
    load: watchOfTool(50),
  },
  {
    id: "tool-watch-1",
    title: "watch: events of one key, 1,000 watchers on one connection",
    store: "watch",
    target: 1,
    cpuTarget: 5,
    load: watchOfTool(1),
  },
  {
    id: "watched-put",
    title: "put of a key that 1,000 watchers on 50 connections watch",
    store: "watch",
    target: 1,
    cpuTarget: 5,
    load: watchedPuts,
  },
  {
    id: "tool-watch-latency",
    title: "watch: events at 100 puts/s, for their latency",
    store: "watch",
    target: 1,
    load: (server, { programs, time }) =>
      benchmarkWatch(programs.benchmark, server, [
        "watch-latency",
        "--conns=50",
        "--clients=50",
        `--put-total=${time.seconds * 100}`,
      ]),
  },
  {
    id: "put-beside-watchers",
    title: "put while 100,000 watchers wait on other keys",
    store: "watch",
    target: 4,
    shareTarget: 0.9,
    load: putsBesideIdleWatchers,
  },
  {
    id: "tool-keep-alive",
    title: "lease keep-alive, 50 clients",
    store: "watch",
    target: 1,
    cpuTarget: 5,
    load: of50(["lease-keepalive"], 1),
  },
  {
    id: "tool-stm",
    title: "STM, 50 clients, 1,000 keys",
    store: "watch",
    target: 4,
    load: of50(["stm", "--keys=1000"], 0.5),
  },
  {
    id: "range-1000",
    title: "range of 1,000 keys, nothing behind them",
    store: "thousand",
    target: 3,
    load: ranges({}),
  },
  {
    id: "page",
    title: "page of 1,000 keys, hundreds of thousands behind it",
    store: "half",
    target: 100,
    load: ranges({ limit: 1000, connections: 4, streams: 2 }),
  },
  {
    id: "page-pinned",
    title: "the same page at a pinned revision while puts run",
    store: "half",
    target: 100,
    load: pinnedPage,
  },
  {
    id: "get-hot",
    title: "get, linearizable, one hot key",
    store: "full",
    target: 7,
    load: onHotKey("Range", getMessage(0)),
  },
  {
    id: "get-random",
    title: "get, linearizable, random keys",
    store: "full",
    target: 7,
    load: onRandomKeys("get"),
  },
  {
    id: "get-serializable",
    title: "get, serializable, one hot key",
    store: "full",
    target: 7,
    load: onHotKey("Range", getMessage(0, { serializable: true })),
  },
  {
    id: "get-serializable-random",
    title: "get, serializable, random keys",
    store: "full",
    target: 7,
    load: onRandomKeys("serializable-get"),
  },
  {
    id: "tool-range",
    title: "benchmark range, one key",
    store: "full",
    target: 7,
    load: ofTool(["range", "k"]),
  },
  {
    id: "count",
    title: "count_only over all keys",
    store: "full",
    target: 1000,
    // Few at once: the original answers each by a walk over all keys.
    load: (server, { time }) => generate(server, { call: "count", ...time, connections: 4, streams: 8 }),
  },
  {
    id: "put-tls",
    title: "put over TLS, one hot key",
    store: "tls",
    target: 10,
    load: onHotKey("Put", putMessage(0)),
  },
  {
    id: "get-tls",
    title: "get over TLS, one hot key",
    store: "tls",
    target: 10,
    load: onHotKey("Range", getMessage(0)),
  },
];

/** Puts of the key that 1,000 watchers on 50 connections watch; the CPU is that of puts and events together. */
async function watchedPuts(server, { time }) {
  const watchers = await watchersOn(server, { watchers: WATCHERS, key: keyOf(0).toString() });
  try {
    const eventsBefore = await server.metric("etcd_debugging_mvcc_events_total");
    const putsBefore = await server.metric("etcd_mvcc_put_total");
    const result = await generate(server, { call: "put", streams: 1, ...time });
    const puts = (await server.metric("etcd_mvcc_put_total")) - putsBefore;
    await delivered(server, eventsBefore + puts * WATCHERS);
    return result;
  } finally {
    await watchers.stop();
  }
}

/** The rate with them, and beside it the share that it is of the rate without them. */
async function putsBesideIdleWatchers(server, { time }) {
  const put = () => generate(server, { call: "put", ...time });
  const before = await put();
  const watchers = await watchersOn(server, { watchers: 100_000, streams: 10 });
  let beside;
  try {
    beside = await put();
  } finally {
    await watchers.stop();
  }
  const after = await put();
  // What the server has done since it started makes it faster, with or without watchers.
  return { ...beside, share: (2 * beside.perSecond) / (before.perSecond + after.perSecond) };
}

/** The revision is that of the filled store, before the puts. */
async function pinnedPage(server, { time, keys, filledRevision }) {
  const stop = generateBeside(server, {
    call: "put",
    keys,
    connections: 10,
    streams: 2,
    ratePerSecond: 2000,
  });
  try {
    const shape = { call: "range", limit: 1000, connections: 4, streams: 2 };
    return await generate(server, { ...shape, revision: filledRevision, ...time });
  } finally {
    stop();
  }
}
