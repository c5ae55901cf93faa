/**
 * An index as one revision saw it, in blocks (`FORMAT.md`), a slice at a time while writes go on: changes above the revision are passed
 * over. Three walks: the keys in order; the older changes of those that have any; births and deaths.
 *
 * Holds as long as nothing is compacted: who finds a compaction scheduled gives the image up. Leases are known of current pairs
 * only; the index tells of those that are superseded meanwhile.
 */

import { assert } from "@etcd-ts/base";
import type { KeyIndex, LeaseKeeper } from "../mvcc/key-index.ts";
import { COLD, KeySlots, LEASED, LIVE, SLOT_BYTES, SLOTS_PER_CHUNK } from "../mvcc/key-slots.ts";
import { copyBytes, writeBigVarint, writeVarint } from "../mvcc/key-value.ts";
import { sharedLength } from "../mvcc/record-keys.ts";
import { TreeCursor } from "../mvcc/tree-cursor.ts";
import { slotOf } from "../mvcc/tree-nodes.ts";
import { type Block, BlockKind } from "./checkpoint-format.ts";

const LOWEST_KEY = new Uint8Array(0);
const FIRST_KEY_BYTES = 512 * 1024;
/** A varint of 64 bits twice, and lengths. */
const KEY_OVERHEAD_BYTES = 32;
const HISTORY_ROW = 5;
const HISTORY_ROWS = 16 * 1024;
const LIFE_ENTRIES = 64 * 1024;
const NO_NUMBER = -1;

export class IndexImage implements LeaseKeeper {
  readonly revision: number;
  private readonly index: KeyIndex;
  private readonly leases = new Map<number, bigint>();
  private phase: "keys" | "histories" | "lives" | "done" = "keys";

  // The keys of the block under way.
  private slots = new KeySlots();
  private keys = new Uint8Array(FIRST_KEY_BYTES);
  private keysEnd = 0;
  /** The key before, if it is in the block: what the next shares with it is left out. */
  private keyBefore: Uint8Array = LOWEST_KEY;
  /** Where the walk has come to; views of the arena within a slice. */
  private lastKey: Uint8Array = LOWEST_KEY;
  private lastSlot = -1;

  /** By number: the slot; and the other way round. */
  private readonly slotOfNumber: Int32Array;
  private readonly numberOfSlot: Int32Array;
  private count = 0;

  // The older changes: of which number the next is, and which.
  private number = 0;
  private entry = 0;
  private rows = new Float64Array(HISTORY_ROWS * HISTORY_ROW);
  private rowCount = 0;

  private lifePosition: number;

  constructor(index: KeyIndex, revision: number) {
    assert(index.leaseKeeper === undefined, "one image at a time");
    this.index = index;
    this.revision = revision;
    this.slotOfNumber = new Int32Array(index.slots.count);
    this.numberOfSlot = new Int32Array(index.slots.end).fill(NO_NUMBER);
    this.lifePosition = index.lives.positionAfter(-1);
    index.leaseKeeper = this;
  }

  keep(slot: number, mod: number, lease: bigint): void {
    if (mod <= this.revision) this.leases.set(slot, lease);
  }

  /** No more is wanted of it, finished or not. */
  close(): void {
    if (this.index.leaseKeeper === this) this.index.leaseKeeper = undefined;
    this.phase = "done";
  }

  get isDone(): boolean {
    return this.phase === "done";
  }

  /** Goes on for about `budget` keys or changes; hands out at most one block. */
  run(budget: number): Block | undefined {
    switch (this.phase) {
      case "keys":
        return this.runKeys(budget);
      case "histories":
        return this.runHistories(budget);
      case "lives":
        return this.runLives();
      case "done":
        return undefined;
    }
  }

  // ----- keys -------------------------------------------------------------------------------------------------------

  private runKeys(budget: number): Block | undefined {
    const block = this.walkKeys(budget);
    this.lastKey = Uint8Array.from(this.lastKey);
    this.keyBefore = Uint8Array.from(this.keyBefore);
    return block;
  }

  private walkKeys(budget: number): Block | undefined {
    const cursor = new TreeCursor(this.index.tree);
    cursor.seek(this.lastKey, undefined, false);
    let left = budget;
    do {
      this.index.touchKeys(cursor.words, cursor.slots + cursor.entry, cursor.slots + cursor.end);
      for (; cursor.entry < cursor.end; cursor.entry++) {
        const slot = slotOf(cursor.words[cursor.slots + cursor.entry] as number);
        if (slot === this.lastSlot) continue;
        if (this.slots.count === SLOTS_PER_CHUNK) return this.takeKeys();
        if (left-- <= 0) return undefined;
        this.addKey(slot);
      }
    } while (cursor.nextLeaf());
    this.phase = "histories";
    return this.slots.count > 0 ? this.takeKeys() : undefined;
  }

  private addKey(slot: number): void {
    const { index, revision } = this;
    const { slots, history } = index;
    const key = index.key(slot);
    this.lastSlot = slot;
    this.lastKey = key;
    let lease = 0n;
    if (slots.mod(slot) <= revision) {
      const isLive = (slots.flags(slot) & LIVE) !== 0;
      if (isLive) lease = index.lease(slot);
      this.addSlot(slots.create(slot), slots.mod(slot), slots.sub(slot), slots.version(slot), isLive, lease);
    } else if (history.find(slot, revision)) {
      const { create, main, sub, version, tombstone } = history;
      if (!tombstone) lease = this.leases.get(slot) ?? 0n;
      this.addSlot(create, main, sub, version, !tombstone, lease);
    } else return;
    this.addKeyBytes(key, lease);
    this.slotOfNumber[this.count] = slot;
    this.numberOfSlot[slot] = this.count++;
  }

  private addSlot(
    create: number,
    mod: number,
    sub: number,
    version: number,
    isLive: boolean,
    lease: bigint,
  ): void {
    const slot = this.slots.allocate();
    this.slots.setChange(slot, create, mod, sub, version);
    if (isLive) this.slots.setFlags(slot, lease === 0n ? LIVE | COLD : LIVE | COLD | LEASED, 0);
  }

  private addKeyBytes(key: Uint8Array, lease: bigint): void {
    const shared = sharedLength(this.keyBefore, key);
    this.keyBefore = key;
    const rest = key.length - shared;
    this.makeKeyRoom(rest + KEY_OVERHEAD_BYTES);
    const { keys } = this;
    let at = writeVarint(keys, this.keysEnd, shared);
    at = writeVarint(keys, at, rest);
    at = copyBytes(keys, at, key, shared, rest);
    if (lease !== 0n) at = writeBigVarint(keys, at, lease);
    this.keysEnd = at;
  }

  private makeKeyRoom(bytes: number): void {
    if (this.keysEnd + bytes <= this.keys.length) return;
    const larger = new Uint8Array(Math.max(this.keys.length * 2, this.keysEnd + bytes));
    larger.set(this.keys.subarray(0, this.keysEnd));
    this.keys = larger;
  }

  private takeKeys(): Block {
    const { count } = this.slots;
    const slotBytes = count * SLOT_BYTES;
    const payload = new Uint8Array(4 + slotBytes + this.keysEnd);
    new DataView(payload.buffer).setUint32(0, count, true);
    payload.set(new Uint8Array(this.slots.dismantle().chunks[0] as ArrayBuffer, 0, slotBytes), 4);
    payload.set(this.keys.subarray(0, this.keysEnd), 4 + slotBytes);
    this.slots = new KeySlots();
    this.keysEnd = 0;
    this.keyBefore = LOWEST_KEY;
    return { kind: BlockKind.keys, payload };
  }

  // ----- older changes ----------------------------------------------------------------------------------------------

  private runHistories(budget: number): Block | undefined {
    let left = budget;
    while (this.number < this.count) {
      if (this.rowCount === HISTORY_ROWS) return this.takeHistories();
      if (left-- <= 0) return undefined;
      this.addHistoryEntry(this.slotOfNumber[this.number] as number);
    }
    this.phase = "lives";
    return this.rowCount > 0 ? this.takeHistories() : undefined;
  }

  /** The next older change of a slot, or on to the next slot when there is none. */
  private addHistoryEntry(slot: number): void {
    const { history, slots } = this.index;
    const isNewest = slots.mod(slot) <= this.revision;
    const end = isNewest ? history.count(slot) : history.positionAfter(slot, this.revision) - 1;
    if (this.entry >= end) {
      this.number++;
      this.entry = 0;
      return;
    }
    history.read(slot, this.entry++);
    const { main, sub, tombstone, create, version } = history;
    const at = this.rowCount++ * HISTORY_ROW;
    this.rows[at] = this.number;
    this.rows[at + 1] = main;
    this.rows[at + 2] = tombstone ? -1 - sub : sub;
    this.rows[at + 3] = create;
    this.rows[at + 4] = version;
  }

  private takeHistories(): Block {
    const payload = new Uint8Array(this.rows.slice(0, this.rowCount * HISTORY_ROW).buffer);
    this.rowCount = 0;
    return { kind: BlockKind.histories, payload };
  }

  // ----- births and deaths ------------------------------------------------------------------------------------------

  private runLives(): Block | undefined {
    const { lives } = this.index;
    const end = lives.positionAfter(this.revision);
    const count = Math.min(end - this.lifePosition, LIFE_ENTRIES);
    if (count === 0) {
      this.close();
      return undefined;
    }
    const payload = new Uint8Array(8 + 12 * count);
    new DataView(payload.buffer).setUint32(0, count, true);
    const revisions = new Float64Array(payload.buffer, 8, count);
    const entries = new Int32Array(payload.buffer, 8 + 8 * count, count);
    for (let i = 0; i < count; i++) {
      const position = this.lifePosition++;
      const entry = lives.entryAt(position);
      const number = this.numberOfSlot[slotOf(entry)] as number;
      assert(number !== NO_NUMBER, "who was born or died is known");
      revisions[i] = lives.revisionAt(position);
      entries[i] = entry < 0 ? ~number : number;
    }
    return { kind: BlockKind.lives, payload };
  }
}
