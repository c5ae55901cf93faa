import assert from "node:assert/strict";
import { test } from "node:test";
import { compareBytes, SeededRandom, utf8Bytes } from "@etcd-ts/base";
import { Arena } from "./arena.ts";
import { hashBytes, KeyHash } from "./key-hash.ts";
import { KeyHistory } from "./key-history.ts";
import { KeyIndex, ResolvedChange } from "./key-index.ts";
import { KeySlots } from "./key-slots.ts";
import { KeySort } from "./key-sort.ts";
import { keyFieldSize, writeKeyField } from "./key-value.ts";
import { LifeLog } from "./life-log.ts";
import { MergeSort } from "./merge-sort.ts";
import { recordKey } from "./record-keys.ts";

function addKey(slots: KeySlots, arena: Arena, key: Uint8Array): number {
  const slot = slots.allocate();
  const record = arena.allocate(keyFieldSize(key.length), slot);
  writeKeyField(arena.bytes(record), arena.start(record), key);
  slots.setRecord(slot, record);
  return slot;
}

test("the arena gives space of freed records to others, of any size", () => {
  const arena = new Arena();
  const random = new SeededRandom(3);
  const live: number[] = [];
  for (let step = 0; step < 20_000; step++) {
    // Sizes wander, so that slabs of one class must serve another.
    const size = 10 + random.below(200) + (step > 10_000 ? 3000 : 0) + (random.below(500) === 0 ? 70_000 : 0);
    const record = arena.allocate(size, step);
    arena.bytes(record).fill(step, arena.start(record), arena.start(record) + size);
    assert.equal(arena.length(record), size);
    assert.equal(arena.owner(record), step);
    live.push(record);
    if (live.length > 300) {
      const [gone] = live.splice(random.below(live.length), 1);
      if (random.below(2) === 0) arena.free(gone as number);
      else arena.retire(gone as number);
    }
    if (step % 100 === 0) arena.reclaim();
  }
  arena.reclaim();
  arena.invariants();
  for (const record of live) arena.free(record);
  arena.invariants();
  assert.equal(arena.usedBytes, 0);
});

test("a retired record keeps its bytes until it is reclaimed", () => {
  const arena = new Arena();
  const record = arena.allocate(5, 1);
  arena.bytes(record).write("hello", arena.start(record));
  arena.retire(record);
  arena.bytes(arena.allocate(5, 2)).write("other", arena.start(record) + 16);
  assert.equal(Buffer.from(arena.view(record)).toString(), "hello");
  arena.reclaim();
  assert.equal(arena.allocate(5, 3), record);
});

test("sparse slabs are evacuated, and their memory serves others", () => {
  const index = new KeyIndex({ nodeEntriesMax: 64, arenaBytesMax: Number.POSITIVE_INFINITY, hashSeed: 1 });
  const small = Buffer.alloc(200, "s");
  const large = Buffer.alloc(2000, "l");
  let revision = 1;
  for (let i = 0; i < 40_000; i++) index.put(utf8Bytes(`key-${i}`), small, 0n, ++revision, 0);
  // All but every twentieth key outgrow their slots.
  for (let i = 0; i < 40_000; i++)
    if (i % 20 !== 0) index.put(utf8Bytes(`key-${i}`), large, 0n, ++revision, 0);
  while (index.arena.retiredRecords > 0) index.arena.reclaim();
  const before = index.arena.slabBytes - index.arena.usedBytes;
  for (let i = 0; i < 200; i++) {
    index.evacuate();
    index.arena.reclaim();
  }
  index.invariants();
  assert.ok(index.arena.slabBytes - index.arena.usedBytes < before - 5e6, "memory was given back");
  assert.equal(Buffer.from(index.key(index.find(utf8Bytes("key-20")))).toString(), "key-20");
});

test("values beyond the bound become cold, those just read last", () => {
  const index = new KeyIndex({ nodeEntriesMax: 8, arenaBytesMax: 20_000, hashSeed: 1 });
  for (let i = 0; i < 200; i++) {
    index.put(utf8Bytes(`key-${i}`), Buffer.alloc(300, "v"), i % 2 === 0 ? 5n : 0n, i + 2, 0);
    index.touch(index.find(utf8Bytes("key-0")));
    index.keepWithinBound();
    index.arena.reclaim();
  }
  index.invariants();
  assert.ok(index.arena.usedBytes < 21_000);
  assert.equal(index.isCold(index.find(utf8Bytes("key-0"))), false);
  assert.equal(index.isCold(index.find(utf8Bytes("key-2"))), true);
  assert.equal(index.lease(index.find(utf8Bytes("key-2"))), 5n, "a cold pair still knows its lease");
});

test("a history of any length finds what a revision sees and forgets from the front", () => {
  const slots = new KeySlots();
  const history = new KeyHistory(slots);
  const random = new SeededRandom(5);
  const slot = slots.allocate();
  const other = slots.allocate();
  const model: number[] = [];
  let main = 0;
  for (let step = 0; step < 6000; step++) {
    const grows = Math.floor(step / 1500) % 2 === 0 ? 8 : 2;
    if (random.below(10) < grows || model.length === 0) {
      main += 1 + random.below(3);
      history.add(slot, main, 7, main % 5 === 0, main - 1, main * 2);
      if (step % 3 === 0) history.add(other, main, 0, false, 1, 1);
      model.push(main);
    } else {
      history.removeFirst(slot);
      model.shift();
    }
    assert.equal(history.count(slot), model.length);
    const revision = random.below(main + 2);
    const expected = model.findLast((entry) => entry <= revision);
    assert.equal(history.find(slot, revision), expected !== undefined);
    if (expected === undefined) continue;
    assert.equal(history.main, expected);
    assert.equal(history.sub, 7);
    assert.equal(history.tombstone, expected % 5 === 0);
    assert.equal(history.create, expected - 1);
    assert.equal(history.version, expected * 2);
  }
});

test("versions beyond 32 bits are kept", () => {
  const index = new KeyIndex({ nodeEntriesMax: 8, arenaBytesMax: 1e6, hashSeed: 0 });
  const slot = index.put(utf8Bytes("k"), utf8Bytes("v"), 0n, 2 ** 40, 0);
  index.slots.setChange(slot, 2 ** 40, 2 ** 40, 0, 2 ** 33);
  index.put(utf8Bytes("k"), utf8Bytes("w"), 0n, 2 ** 40 + 1, 0);
  const change = new ResolvedChange();
  assert.equal(index.resolve(slot, 2 ** 40, change), true);
  assert.equal(change.version, 2 ** 33);
  assert.equal(index.slots.version(slot), 2 ** 33 + 1);
});

test("known keys are found, through splits, removals and floods of keys with one place", () => {
  const seed = 77;
  const flood: string[] = [];
  for (let i = 0; flood.length < 150; i++) {
    const key = utf8Bytes(`f${i}`);
    if ((hashBytes(key, 0, key.length, seed) & 0xfff) === 5) flood.push(`f${i}`);
  }
  const ordinary = Array.from({ length: 12_000 }, (_, i) => `k${i}`);
  for (const names of [ordinary, flood, [...ordinary, ...flood]]) {
    const slots = new KeySlots();
    const arena = new Arena();
    const hash = new KeyHash(slots, arena, seed);
    const random = new SeededRandom(2);
    const keys = new Map<string, number>();
    for (let step = 0; step < 30_000; step++) {
      const name = names[random.below(names.length)] as string;
      const key = utf8Bytes(name);
      const known = keys.get(name);
      assert.equal(hash.find(key), known ?? -1);
      if (known === undefined) {
        const slot = addKey(slots, arena, key);
        hash.insert(key, slot);
        keys.set(name, slot);
      } else if (random.below(4) === 0) {
        hash.remove(key, known);
        keys.delete(name);
      }
    }
    hash.invariants(keys.size);
  }
});

test("slots are sorted by their keys, whatever these share", () => {
  const random = new SeededRandom(9);
  for (const count of [0, 1, 5, 600, 20_000]) {
    const slots = new KeySlots();
    const arena = new Arena();
    const names = new Set<string>();
    const heads = [
      "",
      "/registry/pods/default/",
      "/registry/pods/",
      "\0\0\0\0\0\0\0\0\0\0",
      "/registry/leases/kube-system/",
    ];
    for (let i = 0; i < count; i++) {
      const head = heads[random.below(5)] as string;
      const tail = "\0ab\xff"[random.below(4)]!.repeat(1 + random.below(12));
      names.add(head + tail + (random.below(3) > 0 ? random.below(9000).toString() : ""));
    }
    const keys = [...names].map((name) => Buffer.from(name, "latin1"));
    const all = Int32Array.from(keys, (key) => addKey(slots, arena, key));
    new KeySort(slots, arena).sort(all);
    const sorted = Array.from(all, (slot) =>
      Buffer.from(recordKey(arena, slots.record(slot))).toString("hex"),
    );
    assert.deepEqual(
      sorted,
      keys.sort(compareBytes).map((key) => key.toString("hex")),
    );
  }
});

test("a merge sort in slices is stable", () => {
  const random = new SeededRandom(4);
  for (const count of [0, 1, 2, 3, 17, 1000]) {
    const values = Array.from({ length: count }, () => random.below(10));
    const sorting = new MergeSort(count, (a, b) => (values[a] as number) - (values[b] as number));
    while (!sorting.run(1 + random.below(7)));
    const expected = values
      .map((_, i) => i)
      .sort((a, b) => (values[a] as number) - (values[b] as number) || a - b);
    assert.deepEqual([...sorting.items], expected);
  }
});

test("the log of lives keeps positions when it is trimmed", () => {
  const lives = new LifeLog();
  for (let revision = 1; revision <= 20_000; revision++) {
    if (revision % 3 === 0) lives.died(revision, revision);
    else lives.born(revision, revision);
  }
  const position = lives.positionAfter(15_000);
  lives.trim(9000);
  assert.equal(lives.positionAfter(15_000), position);
  assert.equal(lives.revisionAt(position), 15_001);
  assert.equal(lives.entryAt(position), 15_001);
  assert.equal(lives.length, 20_000 - 8999);
});
