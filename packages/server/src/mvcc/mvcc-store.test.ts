import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom, utf8Bytes, utf8String } from "@etcd-ts/base";
import {
  createDeleteRangeRequest,
  createPutRequest,
  createRangeRequest,
  createTxnRequest,
  decodeDeleteRangeResponse,
  decodeKeyValue,
  decodeRangeResponse,
  decodeRangeStreamResponse,
  type RangeRequest,
  type RangeResponse,
} from "@etcd-ts/proto";
import { FINISHED_COMPACTION, SCHEDULED_COMPACTION } from "./compaction.ts";
import { FakeBackend } from "./fake-backend.ts";
import { revisionKey } from "./key-value.ts";
import { MvccStore } from "./mvcc-store.ts";
import type { EncodedMessage, HashOutcome, LeaseAttachments, Progress, Task } from "./store-types.ts";

const WHOLE = { key: utf8Bytes("\0"), rangeEnd: utf8Bytes("\0") };

const noLeases: LeaseAttachments = {
  exists: () => false,
  attach: () => assert.fail("nothing is attached"),
  detach: () => assert.fail("nothing is detached"),
};

function openStore(backend: FakeBackend, leases = noLeases): MvccStore {
  return new MvccStore(backend, { clusterId: 1n, memberId: 2n, leases, nodeEntriesMax: 8 });
}

function restored(backend: FakeBackend, leases = noLeases): MvccStore {
  const store = openStore(backend, leases);
  const restoration = store.restore({
    finished: backend.get("meta", FINISHED_COMPACTION),
    scheduled: backend.get("meta", SCHEDULED_COMPACTION),
  });
  backend.scanRecords(0, 0, Number.POSITIVE_INFINITY, restoration.add);
  restoration.end();
  store.invariants();
  return store;
}

function put(store: MvccStore, key: string, value: string): number {
  return store.putOne(utf8Bytes(key), utf8Bytes(value), 0n);
}

function remove(store: MvccStore, key: string, rangeEnd = ""): void {
  runAll(store.deleteRange(createDeleteRangeRequest({ key: utf8Bytes(key), rangeEnd: utf8Bytes(rangeEnd) })));
}

function runAll(task: Task, budget = 1000): Progress[] {
  const progress: Progress[] = [];
  do progress.push(task.run(budget));
  while (progress.at(-1) !== "done");
  return progress;
}

function bytesOf(message: EncodedMessage | undefined): Uint8Array {
  assert.ok(message !== undefined);
  const bytes = new Uint8Array(message.size);
  assert.equal(message.writeTo(bytes, 0), message.size);
  return bytes;
}

function range(store: MvccStore, request: Partial<RangeRequest>): RangeResponse {
  const task = store.range(createRangeRequest(request));
  runAll(task);
  return decodeRangeResponse(bytesOf(task.outcome?.response));
}

function pairs(response: RangeResponse): string[] {
  return response.kvs.map((bytes) => {
    const pair = decodeKeyValue(bytes);
    return `${utf8String(pair.key)}=${utf8String(pair.value)}`;
  });
}

function hash(store: MvccStore, revision: number): HashOutcome | string {
  const task = store.hashKv(revision);
  runAll(task, 7);
  const outcome = task.outcome;
  assert.ok(outcome !== undefined);
  return outcome.error ?? outcome.result;
}

function compact(store: MvccStore, revision: number): string | undefined {
  const error = store.compact(revision);
  while (store.compaction !== undefined) store.compaction.run(3);
  store.invariants();
  return error;
}

test("hashes are those of the original for the same history", () => {
  const store = openStore(new FakeBackend());
  assert.deepEqual(hash(store, 0), {
    hash: 1084519789,
    hashRevision: 1,
    compactRevision: -1,
    currentRevision: 1,
  });
  for (let i = 1; i <= 30; i++) put(store, `k${i}`, `v${i}`);
  remove(store, "k1");
  assert.deepEqual(hash(store, 0), {
    hash: 2570787601,
    hashRevision: 32,
    compactRevision: -1,
    currentRevision: 32,
  });
  assert.equal(hash(store, 33), "ErrGRPCFutureRev");
});

test("a compaction at 0 is possible once, and its hash is remembered", () => {
  const store = openStore(new FakeBackend());
  assert.equal(compact(store, -1), "ErrGRPCCompacted");
  assert.equal(compact(store, 0), undefined);
  assert.equal(compact(store, 0), "ErrGRPCCompacted");
  put(store, "a", "1");
  const ofZero = { hash: 1084519789, hashRevision: 0, compactRevision: -1, currentRevision: 2 };
  assert.deepEqual(hash(store, 0), ofZero);
  assert.deepEqual(hash(store, 2), { ...ofZero, hash: 2587454935, hashRevision: 2, compactRevision: 0 });
});

test("a compaction keeps a tombstone exactly at its revision until the next", () => {
  const backend = new FakeBackend();
  const store = openStore(backend);
  put(store, "a", "1");
  put(store, "b", "1");
  remove(store, "b");
  put(store, "a", "2");
  assert.equal(compact(store, 4), undefined);
  const kept = () => backend.records.map((record) => `${record.main}${record.tombstone ? "t" : ""}`);
  assert.deepEqual(kept(), ["2", "4t", "5"]);
  assert.equal(range(store, { ...WHOLE, revision: 4 }).count, 1);
  assert.equal(compact(store, 5), undefined);
  assert.deepEqual(kept(), ["5"]);
});

test("the revision never falls, whatever a compaction leaves", () => {
  const backend = new FakeBackend();
  const store = openStore(backend);
  for (let i = 0; i < 5; i++) put(store, `k${i}`, "v");
  remove(store, "\0", "\0");
  put(store, "x", "1");
  remove(store, "x");
  compact(store, 9);
  assert.deepEqual(
    backend.records.map((record) => record.main),
    [9],
  );
  assert.equal(restored(backend).currentRevision, 9);
  assert.equal(put(restored(backend), "y", "1"), 10);
});

test("a compaction that was cut off is taken up again, and gives no hash", () => {
  const backend = new FakeBackend();
  const store = openStore(backend);
  for (let i = 0; i < 50; i++) put(store, `k${i % 7}`, `v${i}`);
  assert.equal(store.compact(40), undefined);
  store.compaction?.run(10);
  const again = restored(backend);
  assert.equal(again.compactRevision, 40);
  assert.equal(again.range(createRangeRequest({ ...WHOLE, revision: 39 })).run(1), "done");
  while (again.compaction !== undefined) again.compaction.run(10);
  while (store.compaction !== undefined) store.compaction.run(10);
  assert.deepEqual(backend.get("meta", FINISHED_COMPACTION), revisionKey(40, 0, false));
  assert.equal((hash(again, 40) as HashOutcome).compactRevision, 40);
  again.invariants();
});

test("a record without a value raises the revision", () => {
  const backend = new FakeBackend();
  put(openStore(backend), "a", "1");
  backend.putRecord(1_000_000, 0, false, new Uint8Array(0), 0, 0);
  backend.put("meta", SCHEDULED_COMPACTION, revisionKey(1_000_000, 0, false));
  const store = restored(backend);
  assert.equal(store.currentRevision, 1_000_000);
  assert.equal(store.compactRevision, 1_000_000);
  while (store.compaction !== undefined) store.compaction.run(10);
  assert.deepEqual(pairs(range(store, WHOLE)), ["a=1"]);
  // To the original the record is a key without a name: compactions keep it, and hashes have it.
  assert.equal(backend.records.length, 2);
  assert.equal(restored(backend).currentRevision, 1_000_000);
  assert.equal(put(store, "a", "2"), 1_000_001);
  // A second raise takes its place.
  backend.putRecord(2_000_000, 0, false, new Uint8Array(0), 0, 0);
  backend.put("meta", SCHEDULED_COMPACTION, revisionKey(2_000_000, 0, false));
  const again = restored(backend);
  while (again.compaction !== undefined) again.compaction.run(10);
  assert.equal(backend.records.length, 2);
});

test("leases learn of their keys at the start, of current pairs only", () => {
  const backend = new FakeBackend();
  const attached = new Map<string, bigint>();
  const leases: LeaseAttachments = {
    exists: (id) => id !== 9n,
    attach: (id, key) => attached.set(utf8String(key), id),
    detach: (_id, key) => attached.delete(utf8String(key)),
  };
  const store = openStore(backend, leases);
  store.putOne(utf8Bytes("a"), utf8Bytes("1"), 5n);
  store.putOne(utf8Bytes("b"), utf8Bytes("1"), -6n);
  store.putOne(utf8Bytes("c"), utf8Bytes("1"), 7n);
  store.putOne(utf8Bytes("c"), utf8Bytes("2"), 0n);
  store.putOne(utf8Bytes("d"), utf8Bytes("1"), 7n);
  remove(store, "d");
  assert.equal(store.putOne(utf8Bytes("e"), utf8Bytes("1"), 9n), 0);
  const expected = new Map([
    ["a", 5n],
    ["b", -6n],
  ]);
  assert.deepEqual(attached, expected);
  attached.clear();
  restored(backend, leases);
  assert.deepEqual(attached, expected);
});

test("while many keys are deleted readers see them all", () => {
  const store = openStore(new FakeBackend());
  for (let i = 0; i < 1000; i++) put(store, `k${i}`, "v");
  const before = store.currentRevision;
  const task = store.deleteRange(createDeleteRangeRequest({ ...WHOLE, prevKv: true }));
  let slices = 0;
  while (task.run(60) !== "done") {
    slices++;
    store.reclaim();
    assert.equal(store.currentRevision, before);
    assert.equal(range(store, { ...WHOLE, countOnly: true }).count, 1000);
    assert.deepEqual(pairs(range(store, { ...WHOLE, limit: 2 })), ["k0=v", "k1=v"]);
  }
  assert.ok(slices > 20);
  assert.equal(task.revision, before + 1);
  const response = decodeDeleteRangeResponse(bytesOf(task.outcome?.response));
  assert.equal(response.deleted, 1000);
  assert.equal(response.prevKvs.length, 1000);
  assert.equal(range(store, WHOLE).count, 0);
  assert.equal(range(store, { ...WHOLE, revision: before }).count, 1000);
  store.invariants();
});

test("a range in slices shows one revision, and a compaction waits for it", () => {
  const store = openStore(new FakeBackend(new SeededRandom(1)));
  for (let i = 0; i < 500; i++) put(store, `k${i}`, "old");
  const task = store.range(createRangeRequest(WHOLE));
  assert.equal(task.run(10), "more");
  for (let i = 0; i < 500; i += 2) put(store, `k${i}`, "new");
  remove(store, "k1");
  store.reclaim();
  assert.equal(store.compact(store.currentRevision), undefined);
  assert.equal(store.compaction?.run(1000), "more");
  runAll(task, 10);
  const whole = bytesOf(task.outcome?.response);
  assert.deepEqual(Buffer.concat(task.outcome?.response?.pieces?.() ?? []), Buffer.from(whole));
  const response = decodeRangeResponse(whole);
  assert.equal(response.header?.revision, 501);
  assert.equal(response.count, 500);
  assert.ok(pairs(response).every((pair) => pair.endsWith("=old")));
  while (store.compaction !== undefined) store.compaction.run(1000);
  store.invariants();
});

test("pages at a pinned revision count right while keys come and go", () => {
  const store = openStore(new FakeBackend());
  for (let i = 0; i < 300; i++) put(store, `k${String(i).padStart(3, "0")}`, "v");
  const revision = store.currentRevision;
  let key = WHOLE.key;
  const seen: string[] = [];
  for (let page = 0; ; page++) {
    const response = range(store, { key, rangeEnd: WHOLE.rangeEnd, limit: 25, revision });
    assert.equal(response.count, 300 - seen.length);
    seen.push(...pairs(response));
    if (!response.more) break;
    key = utf8Bytes(`${(seen.at(-1) as string).slice(0, 4)}\0`);
    put(store, `k${page}-new`, "v");
    remove(store, `k${String(page * 9).padStart(3, "0")}`);
  }
  assert.equal(seen.length, 300);
});

test("a count inside a txn is not taken for one of the revision that it makes", () => {
  const store = openStore(new FakeBackend());
  for (const key of ["a", "b", "c"]) put(store, key, "1");
  const page = createRangeRequest({ ...WHOLE, limit: 1 });
  const later = createPutRequest({ key: utf8Bytes("d"), value: utf8Bytes("1") });
  const first = createPutRequest({ key: utf8Bytes("a"), value: utf8Bytes("2") });
  const txn = createTxnRequest({
    success: [
      { case: "requestPut", value: first },
      { case: "requestRange", value: page },
      { case: "requestPut", value: later },
    ],
  });
  runAll(store.txn(txn));
  const { count } = range(store, {
    key: utf8Bytes("a\0"),
    rangeEnd: WHOLE.rangeEnd,
    revision: store.currentRevision,
  });
  assert.equal(count, 3);
});

test("a key with very many revisions is read, put and compacted like any other", () => {
  const backend = new FakeBackend();
  const store = openStore(backend);
  for (let i = 0; i < 5000; i++) put(store, "k", `v${i}`);
  assert.deepEqual(pairs(range(store, { key: utf8Bytes("k"), revision: 1234 })), ["k=v1232"]);
  compact(store, 4990);
  assert.equal(backend.records.length, 12);
  assert.deepEqual(pairs(range(store, { key: utf8Bytes("k"), revision: 4990 })), ["k=v4988"]);
  assert.deepEqual(pairs(range(store, { key: utf8Bytes("k") })), ["k=v4999"]);
  assert.equal(put(store, "k", "x"), 5002);
});

test("a stored record that is no pair ends the start with a clear error", () => {
  const backend = new FakeBackend();
  backend.putRecord(2, 0, false, utf8Bytes("junk"), 0, 4);
  assert.throws(() => restored(backend), /the record of revision 2\.0 .* no key-value pair/);
});

test("a slice of a range is bounded in bytes as well as in keys", () => {
  const store = openStore(new FakeBackend());
  for (let i = 0; i < 20; i++) put(store, `large${10 + i}`, "x".repeat(400_000));
  const task = store.range(createRangeRequest(WHOLE));
  assert.ok(runAll(task, 500).length >= 3);
  const response = task.outcome?.response;
  assert.equal(decodeRangeResponse(bytesOf(response)).kvs.length, 20);
  assert.deepEqual(Buffer.concat(response?.pieces?.() ?? []), Buffer.from(bytesOf(response)));
});

test("a stream sorts each chunk by the target that is asked for, and goes on behind the key that came last", () => {
  const store = openStore(new FakeBackend());
  for (let i = 1; i <= 12; i++) put(store, `k${10 + i}`, `v${10 + ((i * 7) % 13)}`);
  const task = store.rangeStream(createRangeRequest({ ...WHOLE, sortTarget: 4 }), 1_000_000);
  const keys: string[] = [];
  for (;;) {
    runAll(task);
    const chunk = decodeRangeStreamResponse(bytesOf(task.outcome?.response)).rangeResponse;
    keys.push(...pairs(chunk as RangeResponse).map((pair) => pair.slice(0, 3)));
    if (task.ended) break;
    task.next();
  }
  const values = keys.slice(0, 10).map((key) => ((Number(key.slice(1)) - 10) * 7) % 13);
  assert.deepEqual(
    values,
    values.toSorted((a, b) => a - b),
  );
  // Behind k19, which came last: k20 is given once more.
  assert.deepEqual(keys.slice(10).toSorted(), ["k20", "k21", "k22"]);
});
