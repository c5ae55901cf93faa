/**
 * What the store knows of each key without the database: order, newest change, older changes, births and deaths, and the bytes
 * of current pairs. Changes come in order of revisions; an older revision R is read by looking, for each key, for its newest
 * change at or below R.
 *
 * Invariants: the newest change of a slot is newer than all of its history; a key is live when its newest change is a put; a
 * live key's record is its encoded pair, or key and lease alone when cold; a dead key's is the key alone.
 *
 * Not its business: the database, what a revision makes visible, compaction's choice of what goes.
 */

import { assert } from "@etcd-ts/base";
import { Arena, type ArenaParts, SLAB_SHIFT, type Slab, UNIT_MASK } from "./arena.ts";
import { type HashParts, KEY_END_WORDS, KeyHash } from "./key-hash.ts";
import { type HistoryParts, KeyHistory } from "./key-history.ts";
import { COLD, KeySlots, LEASED, LIVE, type SlotsParts, TOUCHED } from "./key-slots.ts";
import { KeySort } from "./key-sort.ts";
import { KeyTree, type TreeParts } from "./key-tree.ts";
import {
  bigVarintSize,
  copyBytes,
  keyFieldSize,
  keyLengthAt,
  keyPrefixSize,
  keyStartAt,
  keyValueSize,
  leaseOf,
  parsed,
  parseKeyValue,
  readLease,
  writeKeyField,
  writeKeyValue,
  writeLeaseField,
} from "./key-value.ts";
import { LifeLog, type LifeParts } from "./life-log.ts";
import { recordKey } from "./record-keys.ts";
import { TreeCursor } from "./tree-cursor.ts";
import { NODE_ENTRIES_LIMIT, slotOf } from "./tree-nodes.ts";

const LOWEST_KEY = new Uint8Array(0);
/** A pair with a value this short is not worth making cold. */
const COLD_SAVING_MIN = 64;
/** Slots that the clock hand passes for each value that must go. */
const EVICTION_STEPS = 16;
/** Slabs looked at and records moved by one step of evacuation. */
const EVACUATION_LOOK = 4;

/** An index taken apart: its memory crosses to another thread without a copy. */
export interface IndexParts {
  readonly arena: ArenaParts;
  readonly slots: SlotsParts;
  readonly tree: TreeParts;
  readonly hash: HashParts;
  readonly history: HistoryParts;
  readonly lives: LifeParts;
  readonly newestRevision: number;
}

export interface KeyIndexOptions {
  readonly nodeEntriesMax: number;
  readonly arenaBytesMax: number;
  readonly hashSeed: number;
}

export interface LeaseKeeper {
  /** The pair of a slot, of revision `mod`, is superseded; it had this lease. */
  keep(slot: number, mod: number, lease: bigint): void;
}

/** The change of a key that a revision sees, as {@link KeyIndex.resolve} leaves it. */
export class ResolvedChange {
  main = 0;
  sub = 0;
  create = 0;
  version = 0;
  /** It is the newest change of its key: the record of the slot is its pair, if not cold. */
  isNewest = false;
}

export class KeyIndex {
  readonly arena = new Arena();
  readonly slots = new KeySlots();
  readonly tree: KeyTree;
  readonly hash: KeyHash;
  readonly history: KeyHistory;
  readonly lives = new LifeLog();
  /** Births and deaths below this revision are of no interest: it is compacted. Moved by the restore at start. */
  livesFrom = 0;
  /** Main revision of the newest change: a reader at or above it sees what is newest of each key. */
  newestRevision = 0;
  /** Puts and deletes since the index was made or restored. */
  changes = 0;
  /** Lease that the last change took away or kept; 0n: none. */
  previousLease = 0n;
  /** The pair that the last change superseded, if it was in memory; 0: none, or it is cold. Retired with the change. */
  previousRecord = 0;
  private readonly arenaBytesMax: number;
  /** Values may have to leave memory. */
  readonly isBounded: boolean;
  /** Values of restored records stay in the database: somebody brings them later. */
  restoresCold = false;
  /** Hears of leases that are superseded while a checkpoint needs them. */
  leaseKeeper: LeaseKeeper | undefined;
  private clockHand = 0;
  private readonly references = new Float64Array(NODE_ENTRIES_LIMIT);
  /** A result that is used somewhere: without it the loops of {@link touchKeys} would not have to read. */
  protected touched = 0;
  /** The tree holds the keys: not yet while a restore reads records. */
  private isOrdered = true;

  constructor(options: KeyIndexOptions) {
    this.tree = new KeyTree(this.slots, this.arena, options.nodeEntriesMax);
    this.hash = new KeyHash(this.slots, this.arena, options.hashSeed);
    this.history = new KeyHistory(this.slots);
    this.arenaBytesMax = options.arenaBytesMax;
    this.isBounded = Number.isFinite(options.arenaBytesMax);
  }

  // Changes.

  /** A put at revision (`main`, `sub`); returns the slot. {@link previousLease} is the lease that the key had. */
  put(key: Uint8Array, value: Uint8Array, lease: bigint, main: number, sub: number): number {
    const slots = this.slots;
    let slot = this.hash.find(key);
    this.previousLease = 0n;
    this.previousRecord = 0;
    this.newestRevision = main;
    this.changes++;
    if (slot < 0) {
      slot = slots.allocate();
      slots.setChange(slot, main, main, sub, 1);
      this.storePair(slot, key, main, main, 1, value, lease);
      this.hash.insert(key, slot);
      this.tree.find(key);
      this.tree.insert(slot, key, true);
      this.lives.born(main, slot);
      return slot;
    }
    let create = slots.create(slot);
    let version = slots.version(slot) + 1;
    const flags = slots.flags(slot);
    const wasLive = (flags & LIVE) !== 0;
    this.history.add(slot, slots.mod(slot), slots.sub(slot), !wasLive, create, version - 1);
    if (!wasLive) {
      create = main;
      version = 1;
      this.tree.find(key);
      this.tree.setLive(true);
      this.lives.born(main, slot);
    } else if ((flags & LEASED) !== 0) {
      this.previousLease = this.lease(slot);
      this.leaseKeeper?.keep(slot, slots.mod(slot), this.previousLease);
    }
    if (wasLive && (flags & COLD) === 0) this.previousRecord = slots.record(slot);
    slots.setChange(slot, create, main, sub, version);
    this.arena.retire(slots.record(slot));
    this.storePair(slot, key, create, main, version, value, lease);
    return slot;
  }

  /** A delete at revision (`main`, `sub`) of a live key. {@link previousLease} is the lease that it had. */
  tombstone(key: Uint8Array, main: number, sub: number): number {
    const slot = this.tree.find(key);
    assert(slot >= 0, "a key that is deleted is known");
    assert((this.slots.flags(slot) & LIVE) !== 0, "a key that is deleted is live");
    this.newestRevision = main;
    this.changes++;
    this.previousLease = this.lease(slot);
    if (this.previousLease !== 0n) this.leaseKeeper?.keep(slot, this.slots.mod(slot), this.previousLease);
    this.tree.setLive(false);
    this.bury(slot, key, main, sub);
    return slot;
  }

  /** Makes a tombstone the newest change of a live slot; the tree is not told. */
  private bury(slot: number, key: Uint8Array, main: number, sub: number): void {
    const { slots } = this;
    const create = slots.create(slot);
    const version = slots.version(slot);
    this.history.add(slot, slots.mod(slot), slots.sub(slot), false, create, version);
    if (main >= this.livesFrom) this.lives.died(main, slot);
    const previous = slots.record(slot);
    this.previousRecord = (slots.flags(slot) & COLD) === 0 ? previous : 0;
    slots.setChange(slot, create, main, sub, version);
    slots.setFlags(slot, 0, LIVE | LEASED | COLD | TOUCHED);
    slots.setRecord(slot, this.coldRecord(slot, key, 0n));
    this.arena.retire(previous);
  }

  /** Forgets the oldest change of a slot; false: that was its only one, and the key is gone with it. */
  forgetOldest(slot: number): boolean {
    if (this.history.count(slot) > 0) {
      this.history.removeFirst(slot);
      return true;
    }
    const reference = this.slots.record(slot);
    const key = recordKey(this.arena, reference);
    const found = this.tree.find(key);
    assert(found === slot, "a slot is found by its key");
    this.tree.remove();
    this.hash.remove(key, slot);
    this.arena.retire(reference);
    this.slots.free(slot);
    return false;
  }

  // A record of the database, at start.

  /**
   * Takes a put as it is stored: `bytes[start, end)`, already parsed into {@link parsed}. The value stays in memory while there is
   * room.
   */
  restorePut(bytes: Uint8Array, start: number, end: number, main: number, sub: number): void {
    const slots = this.slots;
    const { create, version, leaseStart, keyStart, keyEnd } = parsed;
    const key = bytes.subarray(keyStart, keyEnd);
    const known = this.hash.find(key);
    const slot = known < 0 ? slots.allocate() : known;
    const flags = known >= 0 ? slots.flags(slot) : 0;
    const wasLive = (flags & LIVE) !== 0;
    // A cold record without a lease is the key alone.
    const staysAsItIs =
      this.restoresCold && leaseStart === 0 && (flags & (LIVE | LEASED | COLD)) === (LIVE | COLD);
    if (known >= 0) {
      this.history.add(
        slot,
        slots.mod(slot),
        slots.sub(slot),
        !wasLive,
        slots.create(slot),
        slots.version(slot),
      );
      if (!staysAsItIs) this.arena.retire(slots.record(slot));
    }
    this.newestRevision = main;
    slots.setChange(slot, create, main, sub, version);
    if (!staysAsItIs) this.restoreRecord(slot, key, bytes, start, end, leaseStart);
    if (known < 0) this.hash.insert(key, slot);
    if (!wasLive && main >= this.livesFrom) this.lives.born(main, slot);
    if (this.isOrdered && !wasLive) this.placeRestored(slot, key, true, known < 0);
  }

  /** Takes a tombstone. One whose puts were compacted away is all that is known of its key. */
  restoreTombstone(key: Uint8Array, main: number, sub: number): void {
    const { slots } = this;
    const known = this.hash.find(key);
    if (known >= 0 && (slots.flags(known) & LIVE) === 0) return;
    this.newestRevision = main;
    if (known >= 0) {
      this.bury(known, key, main, sub);
      if (this.isOrdered) this.placeRestored(known, key, false, false);
      return;
    }
    const slot = slots.allocate();
    slots.setChange(slot, 0, main, sub, 0);
    slots.setRecord(slot, this.coldRecord(slot, key, 0n));
    this.hash.insert(key, slot);
    if (this.isOrdered) this.placeRestored(slot, key, false, true);
  }

  private placeRestored(slot: number, key: Uint8Array, isLive: boolean, isNew: boolean): void {
    this.tree.find(key);
    if (isNew) this.tree.insert(slot, key, isLive);
    else this.tree.setLive(isLive);
  }

  /** A restore of many records begins: the keys are put in order at its end, all at once. */
  restoreUnordered(): void {
    assert(this.slots.end === 0, "only the keys of a new index may wait for their order");
    this.isOrdered = false;
  }

  /** The end of it. */
  restoreOrder(): void {
    const { slots } = this;
    const all = new Int32Array(slots.count);
    let count = 0;
    for (let slot = 0; slot < slots.end; slot++) if (slots.isUsed(slot)) all[count++] = slot;
    new KeySort(slots, this.arena).sort(all);
    for (let i = 0; i < count; i++) {
      const slot = all[i] as number;
      if ((slots.flags(slot) & LIVE) === 0) all[i] = ~slot;
    }
    this.restoreInOrder(all);
  }

  /** The same by who knows the order: all slots, complements of those that are not live. */
  restoreInOrder(entries: Int32Array): void {
    this.isOrdered = true;
    this.tree.build(entries);
  }

  /** For another thread; a new index that was only restored. */
  dismantle(): IndexParts {
    this.arena.reclaim(Number.POSITIVE_INFINITY);
    return {
      arena: this.arena.dismantle(),
      slots: this.slots.dismantle(),
      tree: this.tree.dismantle(),
      hash: this.hash.dismantle(),
      history: this.history.dismantle(),
      lives: this.lives.dismantle(),
      newestRevision: this.newestRevision,
    };
  }

  adopt(parts: IndexParts): void {
    this.isOrdered = true;
    this.arena.adopt(parts.arena);
    this.slots.adopt(parts.slots);
    this.tree.adoptParts(parts.tree);
    this.hash.adopt(parts.hash);
    this.history.adopt(parts.history);
    this.lives.adopt(parts.lives);
    this.newestRevision = parts.newestRevision;
  }

  private restoreRecord(
    slot: number,
    key: Uint8Array,
    bytes: Uint8Array,
    start: number,
    end: number,
    leaseStart: number,
  ): void {
    const isCold = this.restoresCold || this.arena.usedBytes + end - start > this.arenaBytesMax;
    if (isCold) {
      const lease = leaseStart === 0 ? 0n : readLease(bytes, leaseStart);
      this.slots.setRecord(slot, this.coldRecord(slot, key, lease));
    } else {
      const record = this.arena.allocate(end - start, slot);
      copyBytes(this.arena.bytes(record), this.arena.start(record), bytes, start, end - start);
      this.slots.setRecord(slot, record);
    }
    const flags = LIVE | (leaseStart === 0 ? 0 : LEASED) | (isCold ? COLD : 0);
    this.slots.setFlags(slot, flags, LEASED | COLD | TOUCHED);
  }

  // Reading.

  /** The slot of a key, live or not; −1: unknown. */
  find(key: Uint8Array): number {
    return this.hash.find(key);
  }

  /** Finds the change of a slot that revision `revision` sees; false: it sees no pair. */
  resolve(slot: number, revision: number, into: ResolvedChange): boolean {
    const slots = this.slots;
    const mod = slots.mod(slot);
    if (mod <= revision) {
      if ((slots.flags(slot) & LIVE) === 0) return false;
      into.main = mod;
      into.sub = slots.sub(slot);
      into.create = slots.create(slot);
      into.version = slots.version(slot);
      into.isNewest = true;
      return true;
    }
    const history = this.history;
    if (!history.find(slot, revision) || history.tombstone) return false;
    into.main = history.main;
    into.sub = history.sub;
    into.create = history.create;
    into.version = history.version;
    into.isNewest = false;
    return true;
  }

  /**
   * Whether the change (`main`, `sub`) of a slot is its newest at or below `revision`, tombstone or not: what a compaction there
   * would look at.
   */
  isNewestAt(slot: number, main: number, sub: number, revision: number): boolean {
    const slots = this.slots;
    const mod = slots.mod(slot);
    if (mod <= revision) return mod === main && slots.sub(slot) === sub;
    return this.history.find(slot, revision) && this.history.main === main && this.history.sub === sub;
  }

  /** Whether the oldest change known of a slot is (`main`, `sub`). */
  isOldest(slot: number, main: number, sub: number): boolean {
    if (this.history.count(slot) === 0) return this.slots.mod(slot) === main && this.slots.sub(slot) === sub;
    this.history.read(slot, 0);
    return this.history.main === main && this.history.sub === sub;
  }

  /** The key's bytes, as a view of the arena. */
  key(slot: number): Uint8Array {
    return recordKey(this.arena, this.slots.record(slot));
  }

  /**
   * The keys of the tree's entries `from` to `to` are going to be read: one loop over slots and one over records, in which the processor waits for
   * all that memory together.
   */
  touchKeys(entries: Int32Array, from: number, to: number): void {
    const { slots, arena, references } = this;
    for (let i = from; i < to; i++) references[i - from] = slots.record(slotOf(entries[i] as number));
    let touched = 0;
    for (let i = 0; i < to - from; i++) {
      const reference = references[i] as number;
      const { words } = arena.slabs[reference >>> SLAB_SHIFT] as Slab;
      const word = (reference & UNIT_MASK) << 2;
      touched ^= (words[word + 1] as number) ^ (words[word + KEY_END_WORDS] as number);
    }
    this.touched = touched;
  }

  /** Lease of the current pair; known of cold ones, too. */
  lease(slot: number): bigint {
    if ((this.slots.flags(slot) & LEASED) === 0) return 0n;
    const reference = this.slots.record(slot);
    const start = this.arena.start(reference);
    return leaseOf(this.arena.bytes(reference), start, start + this.arena.length(reference));
  }

  isCold(slot: number): boolean {
    return (this.slots.flags(slot) & COLD) !== 0;
  }

  /** The record is being read: the clock hand passes it by once. */
  touch(slot: number): void {
    if (this.isBounded) this.slots.setFlags(slot, TOUCHED, 0);
  }

  /** Live keys in `[low, high)`; `high` undefined: to the end. */
  countLive(low: Uint8Array, high: Uint8Array | undefined): number {
    const below = this.tree.rank(low);
    return (high === undefined ? this.tree.live : this.tree.rank(high)) - below;
  }

  /** Size of the pair without value and lease. */
  prefixSize(slot: number): number {
    const { slots, arena } = this;
    const reference = slots.record(slot);
    const keyLength = keyLengthAt(arena.bytes(reference), arena.start(reference));
    return keyPrefixSize(keyLength, slots.create(slot), slots.mod(slot), slots.version(slot));
  }

  // Memory.

  /** Makes values cold while the arena is above its bound: those not read since the hand passed last. */
  keepWithinBound(): void {
    if (!this.isBounded) return;
    let steps = EVICTION_STEPS;
    while (this.arena.usedBytes > this.arenaBytesMax && steps-- > 0) {
      if (this.clockHand >= this.slots.end) this.clockHand = 0;
      const slot = this.clockHand++;
      const flags = this.slots.flags(slot);
      if ((flags & (LIVE | COLD)) !== LIVE) continue;
      if ((flags & TOUCHED) !== 0) this.slots.setFlags(slot, 0, TOUCHED);
      else this.makeCold(slot);
    }
  }

  /** A record of the database, `bytes[start, end)`, is warmed if it is the newest pair of its key, cold, and there is room. */
  warmRecord(bytes: Uint8Array, start: number, end: number, main: number, sub: number): void {
    const slot = this.hash.find(
      bytes.subarray(keyStartAt(bytes, start), keyStartAt(bytes, start) + keyLengthAt(bytes, start)),
    );
    if (slot < 0 || (this.slots.flags(slot) & COLD) === 0) return;
    if (this.slots.mod(slot) !== main || this.slots.sub(slot) !== sub) return;
    this.warm(slot, bytes.subarray(start, end));
  }

  /** A cold pair was read from the database: keeps its bytes if there is room. */
  warm(slot: number, pair: Uint8Array): void {
    if (this.arena.usedBytes + pair.length > this.arenaBytesMax) return;
    const record = this.arena.allocate(pair.length, slot);
    this.arena.bytes(record).set(pair, this.arena.start(record));
    this.arena.retire(this.slots.record(slot));
    this.slots.setRecord(slot, record);
    this.slots.setFlags(slot, TOUCHED, COLD);
  }

  /** Moves the records of one sparse slab elsewhere, if there is one, so that its memory serves others. */
  evacuate(): boolean {
    const slab = this.arena.sparseSlab(EVACUATION_LOOK);
    if (slab === undefined) return false;
    for (const reference of this.arena.recordsOf(slab)) {
      const slot = this.arena.owner(reference);
      // Retired records wait in their slab for the next reclaim.
      if (!this.slots.isUsed(slot) || this.slots.record(slot) !== reference) continue;
      const length = this.arena.length(reference);
      const copy = this.arena.allocate(length, slot);
      const start = this.arena.start(reference);
      this.arena
        .bytes(copy)
        .set(this.arena.bytes(reference).subarray(start, start + length), this.arena.start(copy));
      this.slots.setRecord(slot, copy);
      this.arena.retire(reference);
    }
    return true;
  }

  describe(): string {
    return `${this.tree.describe()} lives ${this.lives.length} arena ${this.arena.usedBytes}/${this.arena.slabBytes} history ${this.history.slabBytes}`;
  }

  invariants(): void {
    this.tree.invariants();
    this.arena.invariants();
    assert(this.tree.count === this.slots.count, "every key in the tree has a slot of its own");
    this.hash.invariants(this.slots.count);
    const cursor = new TreeCursor(this.tree);
    cursor.seek(LOWEST_KEY, undefined, false);
    do {
      for (; cursor.entry < cursor.end; cursor.entry++) {
        const entry = cursor.words[cursor.slots + cursor.entry] as number;
        this.checkSlot(slotOf(entry), entry >= 0);
      }
    } while (cursor.nextLeaf());
  }

  private checkSlot(slot: number, isLive: boolean): void {
    const { slots, history } = this;
    assert(slots.isUsed(slot), "a key in the tree has a slot in use");
    assert(((slots.flags(slot) & LIVE) !== 0) === isLive, "tree and slot agree on liveness");
    let main = -1;
    let sub = -1;
    for (let i = 0; i < history.count(slot); i++) {
      history.read(slot, i);
      assert(history.main > main || (history.main === main && history.sub > sub), "history ascends");
      main = history.main;
      sub = history.sub;
    }
    assert(
      slots.mod(slot) > main || (slots.mod(slot) === main && slots.sub(slot) > sub),
      "the newest change is newest",
    );
    const reference = slots.record(slot);
    assert(this.arena.owner(reference) === slot, "a record knows its slot");
    const start = this.arena.start(reference);
    const isPair = parseKeyValue(this.arena.bytes(reference), start, start + this.arena.length(reference));
    assert(isPair, "a record is a pair");
    assert((parsed.leaseStart !== 0) === ((slots.flags(slot) & LEASED) !== 0), "the flag tells of the lease");
    if (!isLive || this.isCold(slot)) return;
    assert(parsed.mod === slots.mod(slot) && parsed.create === slots.create(slot), "record and slot agree");
    assert(parsed.version === slots.version(slot), "record and slot agree on the version");
  }

  private storePair(
    slot: number,
    key: Uint8Array,
    create: number,
    mod: number,
    version: number,
    value: Uint8Array,
    lease: bigint,
  ): void {
    const size = keyValueSize(key.length, create, mod, version, value.length, lease);
    const record = this.arena.allocate(size, slot);
    writeKeyValue(
      this.arena.bytes(record),
      this.arena.start(record),
      key,
      create,
      mod,
      version,
      value,
      lease,
    );
    this.slots.setRecord(slot, record);
    this.slots.setFlags(slot, lease === 0n ? LIVE : LIVE | LEASED, LEASED | COLD | TOUCHED);
  }

  private makeCold(slot: number): void {
    const reference = this.slots.record(slot);
    const key = recordKey(this.arena, reference);
    const isWorthIt = this.arena.length(reference) - keyFieldSize(key.length) >= COLD_SAVING_MIN;
    if (!isWorthIt) return;
    this.slots.setRecord(slot, this.coldRecord(slot, key, this.lease(slot)));
    this.slots.setFlags(slot, COLD, 0);
    this.arena.retire(reference);
  }

  private coldRecord(slot: number, key: Uint8Array, lease: bigint): number {
    const keySize = keyFieldSize(key.length);
    const size = lease === 0n ? keySize : keySize + 1 + bigVarintSize(lease);
    const record = this.arena.allocate(size, slot);
    const bytes = this.arena.bytes(record);
    const position = writeKeyField(bytes, this.arena.start(record), key);
    if (lease !== 0n) writeLeaseField(bytes, position, lease);
    return record;
  }
}
