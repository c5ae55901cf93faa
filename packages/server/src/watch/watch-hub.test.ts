import assert from "node:assert/strict";
import { test } from "node:test";
import { keyBytes } from "@etcd-ts/base";
import { WatchWorld } from "./watch-world.ts";
import { NO_END, ONE_KEY, WatchFlag } from "./watcher.ts";

const last = <T>(items: readonly T[]): T => items.at(-1)!;

function shape(response: ReturnType<WatchWorld["client"]>["read"][number]): object {
  const { watchId, created, canceled, compactRevision, cancelReason, fragment, events } = response;
  return {
    revision: response.header?.revision,
    watchId: Number(watchId),
    ...(created ? { created } : {}),
    ...(canceled ? { canceled } : {}),
    ...(compactRevision === 0 ? {} : { compactRevision }),
    ...(cancelReason === "" ? {} : { cancelReason }),
    ...(fragment ? { fragment } : {}),
    ...(events.length === 0 ? {} : { events: events.length }),
  };
}

// Requests.

test("created comes first, then one response a revision, with that revision in its header", () => {
  const world = new WatchWorld();
  const client = world.client();
  client.watch("a", ONE_KEY, { id: 7 });
  world.put("a", "1");
  world.put("b", "1");
  world.delete("a");
  client.readSome();
  assert.deepEqual(client.read.map(shape), [
    { revision: 1, watchId: 7, created: true },
    { revision: 2, watchId: 7, events: 1 },
    { revision: 4, watchId: 7, events: 1 },
  ]);
  assert.deepEqual(client.texts(7), ["2 put a=1", "4 delete a"]);
});

test("ids are given in turn, past those that clients chose", () => {
  const world = new WatchWorld();
  const client = world.client();
  const order = { key: "a", end: ONE_KEY, startRevision: 0, flags: 0 };
  for (const id of [1, 0, 0, 0]) world.hub.create(client.stream, { ...order, id });
  world.hub.cancel(client.stream, 0);
  world.hub.create(client.stream, { ...order, id: 0 });
  world.hub.create(client.stream, { ...order, id: -5 });
  world.hub.create(client.stream, { ...order, id: 2n ** 62n });
  client.readSome();
  const ids = client.read.map((response) => response.watchId);
  assert.deepEqual(ids, [1n, 0n, 2n, 3n, 0n, 4n, -5n, 2n ** 62n]);
});

test("a start before all, an empty range and an id in use are refused, and make no watch", () => {
  const world = new WatchWorld();
  const client = world.client();
  const order = { key: "b", end: ONE_KEY, startRevision: 0, id: 0, flags: 0 };
  world.hub.create(client.stream, { ...order, startRevision: -1 });
  world.hub.create(client.stream, { ...order, end: "a" });
  world.hub.create(client.stream, { ...order, id: 3 });
  world.hub.create(client.stream, { ...order, id: 3 });
  client.readSome();
  const refused = { revision: 1, watchId: -1, created: true, canceled: true };
  assert.deepEqual(client.read.map(shape), [
    { ...refused, cancelReason: "etcdserver: mvcc: required revision has been compacted" },
    { ...refused, cancelReason: "mvcc: watcher range is empty" },
    { revision: 1, watchId: 3, created: true },
    { ...refused, cancelReason: "mvcc: duplicate watch ID provided on the WatchStream" },
  ]);
  assert.equal(world.hub.watcherCount, 1);
});

test("a cancelled watch is silent and its id is free", () => {
  const world = new WatchWorld();
  const client = world.client();
  client.watch("a", ONE_KEY, { id: 1 });
  client.cancel(1);
  client.cancel(1);
  world.put("a");
  client.readSome();
  assert.deepEqual(client.read.map(shape), [
    { revision: 1, watchId: 1, created: true },
    { revision: 1, watchId: 1, canceled: true },
  ]);
  client.watches.clear();
  client.watch("a", ONE_KEY, { id: 1 });
  client.readSome();
  assert.deepEqual(shape(last(client.read)), { revision: 2, watchId: 1, created: true });
});

test("filters drop puts or deletes, and a response that they empty is not sent", () => {
  const world = new WatchWorld();
  const client = world.client();
  const puts = client.watch("a", NO_END, { flags: WatchFlag.NO_DELETE });
  const deletes = client.watch("a", NO_END, { flags: WatchFlag.NO_PUT });
  const nothing = client.watch("a", NO_END, { flags: WatchFlag.NO_PUT | WatchFlag.NO_DELETE });
  world.put("a", "1");
  world.apply([
    { kind: "put", key: "b", value: "1" },
    { kind: "delete", key: "a", end: ONE_KEY },
  ]);
  client.readSome();
  assert.deepEqual(client.texts(puts), ["2 put a=1", "3 put b=1"]);
  assert.deepEqual(client.texts(deletes), ["3 delete a"]);
  assert.deepEqual(client.texts(nothing), []);
});

test("a history comes a thousand revisions at a time, each response with the revision of now", () => {
  const world = new WatchWorld();
  for (let n = 0; n < 1101; n++) world.put("h", `${n}`);
  const client = world.client();
  client.watch("h", ONE_KEY, { id: 1, start: 2 });
  world.settle();
  client.readSome();
  assert.deepEqual(client.read.map(shape), [
    { revision: 1102, watchId: 1, created: true },
    { revision: 1102, watchId: 1, events: 1000 },
    { revision: 1102, watchId: 1, events: 101 },
  ]);
  client.assertComplete();
});

test("fragments are as large as may be and all but the last say so", () => {
  const world = new WatchWorld({ requestBytesMax: -512 * 1024 + 250 });
  const client = world.client();
  client.watch("k", NO_END, { id: 1, flags: WatchFlag.FRAGMENT });
  client.watch("k", NO_END, { id: 2 });
  world.apply(["k1", "k2", "k3", "k4", "k5"].map((key) => ({ kind: "put", key, value: "x".repeat(70) })));
  client.readSome();
  const events = { revision: 2, watchId: 1 };
  const sent = client.read.slice(2).map(shape);
  assert.deepEqual(
    sent.filter((response) => "watchId" in response && response.watchId === 1),
    [
      { ...events, fragment: true, events: 2 },
      { ...events, fragment: true, events: 2 },
      { ...events, events: 1 },
    ],
  );
  assert.ok(sent.some((response) => "events" in response && response.events === 5));
  client.assertComplete();
});

// Progress.

test("progress is told to quiet watches once a period, and one period after events", () => {
  const world = new WatchWorld({ progressIntervalMs: 1000 });
  const client = world.client();
  const { progressPeriodMs } = client.stream;
  assert.ok(progressPeriodMs >= 1000 && progressPeriodMs <= 1100);
  client.watch("a", ONE_KEY, { id: 1, flags: WatchFlag.PROGRESS });
  client.watch("b", ONE_KEY, { id: 2, flags: WatchFlag.PROGRESS });
  client.watch("c", ONE_KEY, { id: 3 });
  client.watch("d", ONE_KEY, { id: 4, start: 1000, flags: WatchFlag.PROGRESS });
  client.readSome();
  assert.equal(world.hub.nextWakeMs(), progressPeriodMs);
  world.put("a");
  world.turn(progressPeriodMs);
  client.readSome();
  assert.deepEqual(client.read.slice(4).map(shape), [
    { revision: 2, watchId: 1, events: 1 },
    { revision: 2, watchId: 2 },
  ]);
  world.turn(progressPeriodMs);
  client.readSome();
  assert.deepEqual(client.read.slice(6).map(shape), [
    { revision: 2, watchId: 1 },
    { revision: 2, watchId: 2 },
  ]);
  world.turn(progressPeriodMs - 1);
  assert.equal(client.readSome(), 0);
});

test("periods below 100 ms are raised, and a stream without such watches has no timer", () => {
  const world = new WatchWorld({ progressIntervalMs: 1 });
  const client = world.client();
  assert.ok(client.stream.progressPeriodMs >= 100);
  assert.equal(world.hub.nextWakeMs(), Number.POSITIVE_INFINITY);
  client.watch("a", ONE_KEY, { id: 1, flags: WatchFlag.PROGRESS });
  client.cancel(1);
  world.turn(1000);
  assert.equal(world.hub.nextWakeMs(), Number.POSITIVE_INFINITY);
});

test("manual progress: for all watches of the stream or not at all", () => {
  const world = new WatchWorld();
  const client = world.client();
  client.askProgress();
  assert.equal(client.readSome(), 0, "nobody watches");
  client.watch("a", ONE_KEY, { id: 1 });
  client.askProgress();
  client.readSome();
  assert.deepEqual(shape(last(client.read)), { revision: 1, watchId: -1 });
  client.watch("b", ONE_KEY, { id: 2, start: 2 });
  client.readSome();
  client.askProgress();
  assert.equal(client.readSome(), 0, "one waits for the next revision");
  world.put("c");
  client.askProgress();
  client.readSome();
  assert.deepEqual(shape(last(client.read)), { revision: 2, watchId: -1 });
});

// Clients that do not read.

test("a full stream costs one event list: its watchers become positions and nothing is sent", () => {
  const world = new WatchWorld();
  const slow = world.client(0);
  slow.watch("a", ONE_KEY, { id: 1 });
  assert.ok(slow.isPaused, "no more requests are read");
  const queued = slow.queuedBytes;
  for (let n = 0; n < 100; n++) world.put("a", `${n}`);
  world.settle();
  assert.equal(slow.queuedBytes, queued);
  assert.equal(world.hub.slowWatcherCount, 1);
  slow.readSome();
  assert.ok(world.wakes > 0, "the drain asks for a turn");
  for (world.settle(); slow.readSome() > 0; world.settle());
  assert.equal(slow.isPaused, false);
  slow.assertComplete();
});

test("a slow stream delays no other", () => {
  const world = new WatchWorld();
  const slow = world.client(0);
  const quick = world.client();
  slow.watch("a", ONE_KEY, { id: 1 });
  quick.watch("a", ONE_KEY, { id: 1 });
  for (let n = 0; n < 10; n++) {
    world.put("a", `${n}`);
    quick.readSome();
    assert.equal(quick.texts(1).length, n + 1);
  }
});

test("when much waits for clients that do not read, histories come in small pieces", () => {
  const world = new WatchWorld({ limits: { heldBytesHigh: 100, smallResponseBytes: 50 } });
  const full = world.client(0);
  full.watch("z", ONE_KEY, { id: 1 });
  for (let n = 0; n < 30; n++) world.put("a", "x".repeat(20));
  world.put("z", "x".repeat(200));
  full.readSome(1);
  for (let n = 0; n < 3; n++) world.put("z", "x".repeat(200));
  world.settle();
  const client = world.client(0);
  client.watch("a", ONE_KEY, { id: 1, start: 2 });
  for (world.settle(); client.readSome() > 0; world.settle());
  assert.ok(client.read.every((response) => response.events.length < 5));
  client.assertComplete();
});

test("a stream that ends leaves nothing behind", () => {
  const world = new WatchWorld();
  const client = world.client(0);
  for (let n = 0; n < 10; n++) client.watch("a", n % 2 === 0 ? ONE_KEY : NO_END, { id: n + 1 });
  world.put("a");
  client.end();
  world.put("a");
  world.settle();
  assert.deepEqual([world.hub.watcherCount, world.hub.slowWatcherCount, world.hub.streamCount], [0, 0, 0]);
  world.hub.invariants();
});

test("a huge delete is delivered in slices, whole, and writes behind it come after it", () => {
  const world = new WatchWorld({ limits: { liveChangesMax: 10, turnBudgetRecords: 20 } });
  for (let n = 0; n < 100; n++) world.put(`k${n}`);
  const client = world.client();
  client.watch("k", NO_END, { id: 1, flags: WatchFlag.PREV_KV });
  client.readSome();
  world.delete("k", NO_END);
  world.put("k", "behind");
  assert.equal(client.readSome(), 0, "nothing within the apply");
  client.askProgress();
  assert.equal(client.readSome(), 0, "no progress before the events");
  world.turn();
  assert.equal(client.readSome(), 0, "not all of it is read");
  world.settle();
  client.readSome();
  assert.equal(client.texts(1).length, 101);
  client.assertComplete();
});

test("a change that nobody watches costs a look-up and is not encoded", () => {
  const world = new WatchWorld();
  world.client().watch("a", ONE_KEY, { id: 1 });
  const unread = (): never => {
    throw new Error("nobody asked for it");
  };
  world.hub.onChange(world.revision + 1, {
    length: 1,
    key: () => keyBytes("b"),
    isDelete: unread,
    isCreate: unread,
    keyValue: unread,
    previousKeyValue: unread,
  });
});
