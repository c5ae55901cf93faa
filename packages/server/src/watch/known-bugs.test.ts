/** Scenarios in which the original once went wrong, by what went wrong; the numbers are those of its issues. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { keyBytes } from "@etcd-ts/base";
import { createWatchCreateRequest } from "@etcd-ts/proto";
import { watchedRange } from "../rpc/watch-service.ts";
import { WatchWorld } from "./watch-world.ts";
import { NO_END, ONE_KEY, WatchFlag } from "./watcher.ts";

test("15220: progress does not run ahead of events while a watch catches up", () => {
  const world = new WatchWorld({ limits: { turnBudgetRecords: 10 }, progressIntervalMs: 100 });
  for (let n = 0; n < 100; n++) world.put("a", `${n}`);
  const client = world.client();
  client.watch("a", ONE_KEY, { id: 1, start: 2, flags: WatchFlag.PROGRESS });
  for (let more = true; more; ) {
    client.askProgress();
    more = world.turn(200);
    client.readSome();
  }
  client.askProgress();
  client.readSome();
  assert.equal(client.watches.get(1)!.through, 101);
  client.assertComplete();
});

test("15220: nor when the stream was full a moment ago", () => {
  const world = new WatchWorld();
  const client = world.client(0);
  client.watch("a", ONE_KEY, { id: 1, flags: WatchFlag.PROGRESS });
  world.put("a");
  client.readSome();
  client.askProgress();
  world.turn(700_000);
  client.readSome();
  for (world.settle(); client.readSome() > 0; world.settle());
  client.askProgress();
  client.readSome();
  assert.deepEqual([client.texts(1), client.watches.get(1)!.bookmarks > 0], [["2 put a="], true]);
});

test("15271: a store that takes another's place sends nothing again and leaves nothing out", () => {
  const world = new WatchWorld({ limits: { liveChangesMax: 2 } });
  const client = world.client();
  const slow = world.client(0);
  client.watch("a", NO_END, { id: 1 });
  slow.watch("a", NO_END, { id: 1 });
  for (const key of ["a", "b"]) world.put(key);
  // What happens while the member is cut off reaches it as a snapshot: nothing is told of the changes.
  world.store.listener = undefined;
  for (const key of ["c", "d", "e"]) world.put(key);
  world.store.listener = world.hub;
  world.hub.onStoreReplaced();
  client.askProgress();
  world.put("f");
  for (world.settle(); client.readSome() + slow.readSome() > 0; world.settle());
  assert.equal(client.texts(1).length, 6);
  client.assertComplete();
  slow.assertComplete();
});

test("15271: it may have been compacted past what a watch needs, and then says so", () => {
  const world = new WatchWorld();
  const client = world.client();
  client.watch("a", ONE_KEY, { id: 1 });
  world.put("a");
  world.store.listener = undefined;
  for (let n = 0; n < 5; n++) world.put("a", `${n}`);
  world.compact(5);
  world.finishCompaction();
  world.store.listener = world.hub;
  world.hub.onStoreReplaced();
  world.settle();
  client.readSome();
  assert.deepEqual([client.watches.get(1)!.compactRevision, client.texts(1)], [5, ["2 put a="]]);
});

test("17247: a txn's events come once, though it is read from the log and from the database", () => {
  const world = new WatchWorld({ limits: { logBytesMax: 1 } });
  const client = world.client(0);
  client.watch("a", NO_END, { id: 1 });
  for (let n = 0; n < 5; n++) {
    world.apply([
      { kind: "put", key: "a", value: `${n}` },
      { kind: "put", key: "b", value: `${n}` },
    ]);
    world.turn();
    client.readSome(1);
  }
  for (world.settle(); client.readSome() > 0; world.settle());
  assert.equal(client.texts(1).length, 10);
  client.assertComplete();
});

test("17529: a starved stream loses nothing, or is told that compaction has passed it", () => {
  const world = new WatchWorld({ limits: { logBytesMax: 2000, turnBudgetRecords: 10 } });
  const client = world.client(0);
  client.watch("a", ONE_KEY, { id: 1 });
  for (let n = 0; n < 50; n++) world.put("a", `${n}`);
  client.readSome(1);
  for (world.settle(); client.readSome(1) > 0; world.settle()) {
    if (world.revision < 100) for (let n = 0; n < 10; n++) world.put("a", `${n}`);
  }
  client.assertComplete();
  const starved = world.client(0);
  starved.watch("a", ONE_KEY, { id: 1 });
  for (let n = 0; n < 50; n++) world.put("a", `${n}`);
  world.compact(world.revision - 5);
  world.finishCompaction();
  for (world.settle(); starved.readSome() > 0; world.settle());
  const watch = starved.watches.get(1)!;
  assert.equal(watch.compactRevision, world.revision - 5);
});

test("18089: a watch from before a delete sees it, or is cancelled, when compaction removes its tombstone", () => {
  for (const compactAt of [3, 4, 5]) {
    const world = new WatchWorld();
    world.put("a"); // 2
    world.delete("a"); // 3
    world.put("b"); // 4
    world.put("b"); // 5
    const client = world.client();
    client.watch("a", ONE_KEY, { id: 1, start: 3 });
    world.compact(compactAt);
    world.finishCompaction();
    world.settle();
    client.readSome();
    const watch = client.watches.get(1)!;
    if (compactAt === 3) assert.deepEqual(client.texts(1), ["3 delete a"]);
    else assert.equal(watch.compactRevision, compactAt);
  }
});

test("19179: a watch that begins at the compacted revision sees the delete made there", () => {
  const world = new WatchWorld({ limits: { logBytesMax: 1 } });
  world.put("a");
  world.delete("a");
  world.put("b");
  world.compact(3);
  world.finishCompaction();
  const client = world.client();
  client.watch("a", ONE_KEY, { id: 1, start: 3 });
  world.settle();
  client.readSome();
  assert.deepEqual(client.texts(1), ["3 delete a"]);
});

test("20221: a watch of the future gets neither what is before nor progress, also when its stream was full", () => {
  const world = new WatchWorld({ progressIntervalMs: 100 });
  const client = world.client(0);
  client.watch("a", ONE_KEY, { id: 1, start: 6, flags: WatchFlag.PROGRESS });
  for (let n = 2; n <= 8; n++) {
    world.put("a", `${n}`);
    client.readSome();
    client.askProgress();
    world.turn(200);
    if (n === 4) world.hub.onStoreReplaced();
  }
  for (world.settle(); client.readSome() > 0; world.settle());
  assert.deepEqual(client.texts(1), ["6 put a=6", "7 put a=7", "8 put a=8"]);
});

test("GHSA-xg4h-6gfc-h4m8: one reading of a range serves whoever checks it and whoever watches it", () => {
  const range = (key: string, rangeEnd: string) =>
    watchedRange(createWatchCreateRequest({ key: keyBytes(key), rangeEnd: keyBytes(rangeEnd) }));
  assert.deepEqual(range("a", ""), { key: "a", end: ONE_KEY });
  assert.deepEqual(range("a", "\0"), { key: "a", end: NO_END });
  assert.deepEqual(range("a", "\0\0"), { key: "a", end: "\0\0" });
  assert.deepEqual(range("", ""), { key: "\0", end: ONE_KEY });
  assert.deepEqual(range("", "z"), { key: "\0", end: "z" });
});

test("a compaction right behind a large delete takes nothing from live watches", () => {
  const world = new WatchWorld({ limits: { liveChangesMax: 2 } });
  const client = world.client();
  client.watch("a", NO_END, { id: 1 });
  for (const key of ["a", "b", "c", "d"]) world.put(key);
  client.readSome();
  world.delete("a", NO_END);
  world.put("e");
  world.compact(world.revision);
  // A watch that is behind of its own will is told; one that was there when the change was made is served.
  const late = world.client();
  late.watch("a", NO_END, { id: 1, start: 2 });
  world.finishCompaction();
  for (world.settle(); client.readSome() + late.readSome() > 0; world.settle());
  world.finishCompaction();
  assert.equal(world.store.compaction, undefined);
  assert.deepEqual([client.texts(1).length, client.watches.get(1)!.canceled], [9, false]);
  assert.equal(late.watches.get(1)!.compactRevision, world.store.compactRevision);
  client.assertComplete();
});
