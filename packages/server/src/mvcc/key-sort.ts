/**
 * Sorts slots by their keys, a million in a fraction of a second: by the eight bytes after what all share, as numbers, digit by digit;
 * then each group that is still equal by the eight bytes after that. Small groups are compared key by key.
 */

import { compareBytes } from "@etcd-ts/base";
import type { Arena } from "./arena.ts";
import type { KeySlots } from "./key-slots.ts";
import { keyLengthAt, keyStartAt } from "./key-value.ts";
import { MergeSort } from "./merge-sort.ts";
import { recordKey } from "./record-keys.ts";

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const HEAD_BYTES = 8;
/** Groups up to this size are sorted by comparing keys. */
const SMALL = 512;

export class KeySort {
  private readonly slots: KeySlots;
  private readonly arena: Arena;
  private readonly counts = new Int32Array(DIGITS);

  constructor(slots: KeySlots, arena: Arena) {
    this.slots = slots;
    this.arena = arena;
  }

  sort(slots: Int32Array): void {
    this.sortGroup(slots, 0);
  }

  /** Sorts keys that share their first `prefix` bytes. */
  private sortGroup(group: Int32Array, prefix: number): void {
    if (group.length < 2) return;
    if (group.length <= SMALL) {
      this.sortSmall(group);
      return;
    }
    const shared = this.sharedPrefix(group, prefix);
    const { order, high, low } = this.sortByHeads(group, shared);
    const sorted = group.map((_, i) => group[order[i] as number] as number);
    group.set(sorted);
    let from = 0;
    for (let to = 1; to <= group.length; to++) {
      const isSame =
        to < group.length &&
        high[order[to] as number] === high[order[from] as number] &&
        low[order[to] as number] === low[order[from] as number];
      if (isSame) continue;
      this.sortEqualHeads(group.subarray(from, to), shared + HEAD_BYTES);
      from = to;
    }
  }

  /** Keys that end within the eight bytes come first, the shorter before the longer: all bytes that they lack are zero. */
  private sortEqualHeads(group: Int32Array, prefix: number): void {
    if (group.length <= SMALL) {
      this.sortGroup(group, prefix);
      return;
    }
    const short = group.filter((slot) => this.keyLength(slot) < prefix);
    if (short.length === 0) {
      this.sortGroup(group, prefix);
      return;
    }
    const long = group.filter((slot) => this.keyLength(slot) >= prefix);
    this.sortGroup(short, 0);
    this.sortGroup(long, prefix);
    group.set(short);
    group.set(long, short.length);
  }

  private sortSmall(group: Int32Array): void {
    const keys = Array.from(group, (slot) => recordKey(this.arena, this.slots.record(slot)));
    const sorting = new MergeSort(group.length, (a, b) =>
      compareBytes(keys[a] as Uint8Array, keys[b] as Uint8Array),
    );
    sorting.run(Number.POSITIVE_INFINITY);
    group.set(sorting.items.map((item) => group[item] as number));
  }

  /** Positions in the order of their heads, which it has read; stable. */
  private sortByHeads(
    group: Int32Array,
    prefix: number,
  ): { order: Int32Array; high: Uint32Array; low: Uint32Array } {
    const count = group.length;
    const high = new Uint32Array(count);
    const low = new Uint32Array(count);
    let order = new Int32Array(count);
    let other = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      order[i] = i;
      const reference = this.slots.record(group[i] as number);
      const bytes = this.arena.bytes(reference);
      const start = this.arena.start(reference);
      const keyStart = keyStartAt(bytes, start);
      const end = keyStart + keyLengthAt(bytes, start);
      high[i] = wordAt(bytes, keyStart + prefix, end);
      low[i] = wordAt(bytes, keyStart + prefix + 4, end);
    }
    for (const words of [low, high]) {
      for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
        if (!this.sortByDigit(words, shift, order, other)) continue;
        [order, other] = [other, order];
      }
    }
    return { order, high, low };
  }

  /** False: all have the same digit, and nothing was moved. */
  private sortByDigit(words: Uint32Array, shift: number, from: Int32Array, to: Int32Array): boolean {
    const { counts } = this;
    const mask = DIGITS - 1;
    counts.fill(0);
    for (let i = 0; i < from.length; i++) {
      const digit = ((words[i] as number) >>> shift) & mask;
      counts[digit] = (counts[digit] as number) + 1;
    }
    if (counts[((words[0] as number) >>> shift) & mask] === from.length) return false;
    let sum = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const count = counts[digit] as number;
      counts[digit] = sum;
      sum += count;
    }
    for (let i = 0; i < from.length; i++) {
      const position = from[i] as number;
      const digit = ((words[position] as number) >>> shift) & mask;
      const at = counts[digit] as number;
      counts[digit] = at + 1;
      to[at] = position;
    }
    return true;
  }

  private sharedPrefix(group: Int32Array, prefix: number): number {
    const first = recordKey(this.arena, this.slots.record(group[0] as number));
    let shared = first.length;
    for (let i = 1; i < group.length && shared > prefix; i++) {
      const reference = this.slots.record(group[i] as number);
      const bytes = this.arena.bytes(reference);
      const start = this.arena.start(reference);
      const keyStart = keyStartAt(bytes, start);
      const length = Math.min(shared, keyLengthAt(bytes, start));
      let at = prefix;
      while (at < length && bytes[keyStart + at] === first[at]) at++;
      shared = at;
    }
    return Math.max(shared, prefix);
  }

  private keyLength(slot: number): number {
    const reference = this.slots.record(slot);
    return keyLengthAt(this.arena.bytes(reference), this.arena.start(reference));
  }
}

/** Four bytes as a number, zeros for those beyond the end. */
function wordAt(bytes: Uint8Array, at: number, end: number): number {
  let word = 0;
  for (let i = at; i < at + 4; i++) word = (word << 8) | (i < end ? (bytes[i] as number) : 0);
  return word;
}
