import assert from "node:assert/strict";
import { test } from "node:test";
import { compareBytes, SeededRandom } from "@etcd-ts/base";
import { Arena } from "./arena.ts";
import { KeySlots, LIVE } from "./key-slots.ts";
import { KeyTree } from "./key-tree.ts";
import { keyFieldSize, writeKeyField } from "./key-value.ts";
import { recordKey } from "./record-keys.ts";
import { TreeCursor } from "./tree-cursor.ts";
import { slotOf } from "./tree-nodes.ts";

class Keys {
  readonly arena = new Arena();
  readonly slots = new KeySlots();
  readonly tree: KeyTree;
  readonly model = new Map<string, boolean>();

  constructor(capacity: number) {
    this.tree = new KeyTree(this.slots, this.arena, capacity);
  }

  put(key: Uint8Array): void {
    let slot = this.tree.find(key);
    const name = Buffer.from(key).toString("latin1");
    const known = this.model.get(name);
    assert.equal(slot >= 0, known !== undefined);
    if (slot < 0) {
      slot = this.slots.allocate();
      const record = this.arena.allocate(keyFieldSize(key.length), slot);
      writeKeyField(this.arena.bytes(record), this.arena.start(record), key);
      this.slots.setRecord(slot, record);
      this.slots.setFlags(slot, LIVE, 0);
      this.tree.insert(slot, key, true);
    } else if (known === false) this.tree.setLive(true);
    this.model.set(name, true);
  }

  delete(key: Uint8Array): void {
    const name = Buffer.from(key).toString("latin1");
    if (this.model.get(name) !== true) return;
    this.tree.find(key);
    this.tree.setLive(false);
    this.model.set(name, false);
  }

  forget(key: Uint8Array): void {
    const name = Buffer.from(key).toString("latin1");
    if (this.model.get(name) !== false) return;
    const slot = this.tree.find(key);
    this.tree.remove();
    this.arena.free(this.slots.record(slot));
    this.slots.free(slot);
    this.model.delete(name);
  }

  sorted(): Uint8Array[] {
    return [...this.model.keys()].map((name) => Buffer.from(name, "latin1")).sort(compareBytes);
  }

  check(random: SeededRandom): void {
    this.tree.invariants();
    this.arena.invariants();
    const keys = this.sorted();
    const live = keys.filter((key) => this.model.get(Buffer.from(key).toString("latin1")) === true);
    assert.equal(this.tree.live, live.length);
    const low = randomKey(random);
    const high = random.below(4) === 0 ? undefined : randomKey(random);
    assert.equal(this.tree.rank(low), live.filter((key) => compareBytes(key, low) < 0).length);
    for (const liveOnly of [false, true]) {
      const expected = (liveOnly ? live : keys).filter(
        (key) => compareBytes(key, low) >= 0 && (high === undefined || compareBytes(key, high) < 0),
      );
      assert.deepEqual(
        this.walk(low, high, liveOnly),
        expected.map((key) => Buffer.from(key).toString("latin1")),
      );
    }
  }

  walk(low: Uint8Array, high: Uint8Array | undefined, liveOnly: boolean): string[] {
    const cursor = new TreeCursor(this.tree);
    const found: string[] = [];
    cursor.seek(low, high, liveOnly);
    do {
      for (; cursor.entry < cursor.end; cursor.entry++) {
        const entry = cursor.words[cursor.slots + cursor.entry] as number;
        if (liveOnly && entry < 0) continue;
        found.push(Buffer.from(recordKey(this.arena, this.slots.record(slotOf(entry)))).toString("latin1"));
      }
    } while (cursor.nextLeaf());
    return found;
  }
}

/** Keys with long shared prefixes, zero bytes, prefixes of one another, and single bytes. */
function randomKey(random: SeededRandom): Uint8Array {
  const heads = ["", "/registry/pods/", "/registry/pods/default/a", "/registry/", "\0\0\0", "zz", "\xff\xff"];
  let text = heads[random.below(heads.length)] as string;
  const length = random.below(4) + (text === "" ? 1 : 0);
  for (let i = 0; i < length; i++) text += "\0\x01ab\xff"[random.below(5)];
  if (random.below(8) === 0) text += "x".repeat(random.below(200));
  return Buffer.from(text, "latin1");
}

for (const capacity of [4, 5, 8, 64]) {
  test(`random inserts, deletes and removals keep order and counts, ${capacity} entries a node`, () => {
    const random = new SeededRandom(capacity);
    const keys = new Keys(capacity);
    for (let step = 0; step < 6000; step++) {
      // Grow, then shrink to nothing, then grow again.
      const phase = Math.floor(step / 2000) === 1 ? 2 : 8;
      const key = randomKey(random);
      if (random.below(10) < phase) keys.put(key);
      else {
        const known = [...keys.model.keys()];
        if (known.length === 0) continue;
        const victim = Buffer.from(known[random.below(known.length)] as string, "latin1");
        keys.delete(victim);
        if (random.below(3) > 0) keys.forget(victim);
      }
      if (step % 37 === 0 || capacity === 4) keys.tree.invariants();
      if (step % 97 === 0) keys.check(random);
    }
    keys.check(random);
    for (const key of keys.sorted()) {
      keys.delete(key);
      keys.forget(key);
    }
    keys.check(random);
    assert.equal(keys.tree.count, 0);
  });
}

test("keys in ascending and in descending order", () => {
  for (const descending of [false, true]) {
    const keys = new Keys(8);
    for (let i = 0; i < 3000; i++) {
      keys.put(Buffer.from(`key-${String(descending ? 5000 - i : i + 1000).padStart(8, "0")}`));
    }
    keys.check(new SeededRandom(1));
    if (!descending) assert.ok(keys.tree.leaves.count < 3000 / 6.5, "leaves are left full");
  }
});

test("a queue: keys come at one end and go at the other", () => {
  const keys = new Keys(6);
  const name = (i: number) => Buffer.from(`q/${String(i).padStart(6, "0")}`);
  for (let i = 0; i < 3000; i++) {
    keys.put(name(i));
    if (i < 100) continue;
    keys.delete(name(i - 100));
    keys.forget(name(i - 100));
  }
  keys.check(new SeededRandom(2));
  assert.ok(keys.tree.leaves.count < 60);
});
