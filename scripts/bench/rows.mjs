/**
 * The table of measurements: which store each needs, and how its load is made. `once` rows measure the server itself, not a load.
 * Names, shapes and targets follow the project's goals; `target` is the ratio to reach (rate of the second over the first); `alternations`,
 * if the usual number is too many.
 */
import { benchmarkTool, generate, generateBeside, h2load } from "./load.mjs";
import { getMessage, putMessage, txnMessage } from "./requests.mjs";

/** Stores by their number of keys, as shares of `--keys`. */
export const STORES = { empty: 0, mixed: 0, thousand: "1000", half: 0.5, full: 1, tls: 0.1 };

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
      `--total=${total * share}`,
      `--clients=${clients}`,
      ...space,
    ]);
  };

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
