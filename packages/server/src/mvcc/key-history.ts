/**
 * Older changes of keys, oldest first, packed: most keys have none and pay nothing; a key with a million of them pays for a
 * read what a binary search costs, and for a change or the removal of the oldest a constant.
 *
 *     entry (4 doubles):  main | sub, or −1 − sub of a tombstone | create revision | version   of the generation
 *     short history:      an arena record: first | end | entries ...      capacity doubles up to SHORT_MAX
 *     long history:       chunks of CHUNK entries, named by slot
 *
 * Entries are removed from the front only (compaction) and added at the back only (a newer change).
 */

import { assert } from "@etcd-ts/base";
import { Arena, type ArenaParts, SLAB_SHIFT, type Slab, UNIT_MASK } from "./arena.ts";
import { type KeySlots, LONG_HISTORY } from "./key-slots.ts";

const ENTRY = 4;
const HEAD = 2;
const SHORT_MAX = 64;
/** A long history this short becomes a short one again. */
const SHORT_AGAIN = 16;
const CHUNK = 512;

interface LongHistory {
  chunks: Float64Array<ArrayBuffer>[];
  first: number;
  end: number;
}

export interface HistoryParts {
  readonly arena: ArenaParts;
  readonly long: ReadonlyMap<number, LongHistory>;
}

export class KeyHistory {
  private readonly arena = new Arena();
  private long = new Map<number, LongHistory>();
  private readonly slots: KeySlots;

  // The entry last found or read.
  main = 0;
  sub = 0;
  tombstone = false;
  create = 0;
  version = 0;

  constructor(slots: KeySlots) {
    this.slots = slots;
  }

  get slabBytes(): number {
    return this.arena.slabBytes;
  }

  count(slot: number): number {
    if ((this.slots.flags(slot) & LONG_HISTORY) !== 0) {
      const history = this.long.get(slot) as LongHistory;
      return history.end - history.first;
    }
    const reference = this.slots.history(slot);
    if (reference === 0) return 0;
    const doubles = this.doubles(reference);
    const at = this.at(reference);
    return (doubles[at + 1] as number) - (doubles[at] as number);
  }

  add(slot: number, main: number, sub: number, tombstone: boolean, create: number, version: number): void {
    const storedSub = tombstone ? -1 - sub : sub;
    if ((this.slots.flags(slot) & LONG_HISTORY) !== 0) {
      addLong(this.long.get(slot) as LongHistory, main, storedSub, create, version);
      return;
    }
    const reference = this.slots.history(slot);
    const room = reference === 0 ? this.moveShort(slot, 0, 1) : this.withRoom(slot, reference);
    if (room === 0) {
      addLong(this.long.get(slot) as LongHistory, main, storedSub, create, version);
      return;
    }
    const doubles = this.doubles(room);
    const at = this.at(room);
    const end = doubles[at + 1] as number;
    writeEntry(doubles, at + HEAD + end * ENTRY, main, storedSub, create, version);
    doubles[at + 1] = end + 1;
  }

  /** Reads the newest entry with `main` at or below `revision` into the fields; false: there is none. */
  find(slot: number, revision: number): boolean {
    const position = this.positionAfter(slot, revision);
    if (position === 0) return false;
    this.read(slot, position - 1);
    return true;
  }

  /** Index of the first entry above `revision`. */
  positionAfter(slot: number, revision: number): number {
    let lo = 0;
    let hi = this.count(slot);
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      this.read(slot, middle);
      if (this.main <= revision) lo = middle + 1;
      else hi = middle;
    }
    return lo;
  }

  /** Reads the entry at `index` (0: oldest) into the fields. */
  read(slot: number, index: number): void {
    let doubles: Float64Array;
    let at: number;
    if ((this.slots.flags(slot) & LONG_HISTORY) !== 0) {
      const history = this.long.get(slot) as LongHistory;
      const position = history.first + index;
      doubles = history.chunks[Math.floor(position / CHUNK)] as Float64Array;
      at = (position % CHUNK) * ENTRY;
    } else {
      const reference = this.slots.history(slot);
      doubles = this.doubles(reference);
      at = this.at(reference);
      at += HEAD + ((doubles[at] as number) + index) * ENTRY;
    }
    this.main = doubles[at] as number;
    const sub = doubles[at + 1] as number;
    this.tombstone = sub < 0;
    this.sub = sub < 0 ? -1 - sub : sub;
    this.create = doubles[at + 2] as number;
    this.version = doubles[at + 3] as number;
  }

  /** Forgets the oldest entry. */
  removeFirst(slot: number): void {
    if ((this.slots.flags(slot) & LONG_HISTORY) !== 0) {
      this.removeFirstLong(slot);
      return;
    }
    const reference = this.slots.history(slot);
    assert(reference !== 0, "an entry is there to be removed");
    const doubles = this.doubles(reference);
    const at = this.at(reference);
    const first = (doubles[at] as number) + 1;
    const left = (doubles[at + 1] as number) - first;
    doubles[at] = first;
    if (left === 0) this.clear(slot);
    else if (left * 4 <= this.capacity(reference)) this.moveShort(slot, reference, left);
  }

  clear(slot: number): void {
    if ((this.slots.flags(slot) & LONG_HISTORY) !== 0) {
      this.long.delete(slot);
      this.slots.setFlags(slot, 0, LONG_HISTORY);
      return;
    }
    const reference = this.slots.history(slot);
    if (reference !== 0) this.arena.free(reference);
    this.slots.setHistory(slot, 0);
  }

  /** For another thread. */
  dismantle(): HistoryParts {
    return { arena: this.arena.dismantle(), long: this.long };
  }

  adopt({ arena, long }: HistoryParts): void {
    this.arena.adopt(arena);
    this.long = new Map(long);
  }

  /** Makes room for one more at the back; 0: the history has become a long one. */
  private withRoom(slot: number, reference: number): number {
    const doubles = this.doubles(reference);
    const at = this.at(reference);
    const capacity = this.capacity(reference);
    if ((doubles[at + 1] as number) < capacity) return reference;
    const count = (doubles[at + 1] as number) - (doubles[at] as number);
    if (count * 2 <= capacity) return this.moveShort(slot, reference, capacity);
    if (count < SHORT_MAX) return this.moveShort(slot, reference, capacity * 2);
    this.lengthen(slot, reference);
    return 0;
  }

  private moveShort(slot: number, from: number, capacity: number): number {
    const to = this.arena.allocate((HEAD + capacity * ENTRY) * 8, slot);
    const target = this.doubles(to);
    const targetAt = this.at(to);
    let count = 0;
    if (from !== 0) {
      const source = this.doubles(from);
      const sourceAt = this.at(from);
      const first = source[sourceAt] as number;
      count = (source[sourceAt + 1] as number) - first;
      for (let i = 0; i < count * ENTRY; i++) {
        target[targetAt + HEAD + i] = source[sourceAt + HEAD + first * ENTRY + i] as number;
      }
      this.arena.free(from);
    }
    target[targetAt] = 0;
    target[targetAt + 1] = count;
    this.slots.setHistory(slot, to);
    return to;
  }

  private lengthen(slot: number, reference: number): void {
    const history: LongHistory = { chunks: [], first: 0, end: 0 };
    const count = this.count(slot);
    for (let i = 0; i < count; i++) {
      this.read(slot, i);
      addLong(history, this.main, this.tombstone ? -1 - this.sub : this.sub, this.create, this.version);
    }
    this.arena.free(reference);
    this.slots.setHistory(slot, 0);
    this.slots.setFlags(slot, LONG_HISTORY, 0);
    this.long.set(slot, history);
  }

  private removeFirstLong(slot: number): void {
    const history = this.long.get(slot) as LongHistory;
    history.first++;
    if (history.first === CHUNK) {
      history.chunks.shift();
      history.first = 0;
      history.end -= CHUNK;
    }
    const left = history.end - history.first;
    if (left > SHORT_AGAIN) return;
    const entries: number[][] = [];
    for (let i = 0; i < left; i++) {
      this.read(slot, i);
      entries.push([this.main, this.sub, this.tombstone ? 1 : 0, this.create, this.version]);
    }
    this.clear(slot);
    for (const [main, sub, tombstone, create, version] of entries as [
      number,
      number,
      number,
      number,
      number,
    ][]) {
      this.add(slot, main, sub, tombstone === 1, create, version);
    }
  }

  private doubles(reference: number): Float64Array {
    return (this.arena.slabs[reference >>> SLAB_SHIFT] as Slab).doubles;
  }

  private at(reference: number): number {
    return ((reference & UNIT_MASK) << 1) + 1;
  }

  private capacity(reference: number): number {
    return (this.arena.length(reference) / 8 - HEAD) / ENTRY;
  }
}

function addLong(history: LongHistory, main: number, sub: number, create: number, version: number): void {
  const position = history.end++;
  const chunk = Math.floor(position / CHUNK);
  if (chunk === history.chunks.length) history.chunks.push(new Float64Array(CHUNK * ENTRY));
  writeEntry(history.chunks[chunk] as Float64Array, (position % CHUNK) * ENTRY, main, sub, create, version);
}

function writeEntry(
  doubles: Float64Array,
  at: number,
  main: number,
  sub: number,
  create: number,
  version: number,
): void {
  doubles[at] = main;
  doubles[at + 1] = sub;
  doubles[at + 2] = create;
  doubles[at + 3] = version;
}
