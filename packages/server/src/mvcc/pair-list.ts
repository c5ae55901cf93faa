/**
 * Encoded pairs on their way into a response: a repeated field of `mvccpb.KeyValue`. A pair is a record of the arena, spliced when
 * the response is written, or bytes of its own (from the database). A pair whose bytes must first come from the disk is a
 * gap, to be filled.
 *
 * Records are good until the arena's next `reclaim`; a read that goes on in a later turn makes the list independent
 * of the arena before: `detach`.
 */

import { assert } from "@etcd-ts/base";
import type { Arena } from "./arena.ts";
import type { KeySlots } from "./key-slots.ts";
import { copyBytes, keyLengthAt, keyPrefixSize, varintSize, writeVarint } from "./key-value.ts";

const FIRST_CAPACITY = 16;
/** Detached pairs are joined to pieces of about this size. */
const PIECE_BYTES = 256 * 1024;

export class PairList {
  /** Pairs, gaps included. */
  count = 0;
  /** Bytes of the field: tags, lengths, pairs. Gaps do not count. */
  size = 0;
  /** Pairs that are still gaps. */
  gaps = 0;
  private readonly arena: Arena;
  private readonly tag: number;
  /** Encoded bytes of the first pairs. */
  private readonly pieces: Uint8Array[] = [];
  /** The rest: arena references, or −1 − index into `owned`. */
  private references = new Float64Array(FIRST_CAPACITY);
  private lengths = new Int32Array(FIRST_CAPACITY);
  private loose = 0;
  private owned: (Uint8Array | undefined)[] = [];

  /** `tag` is the byte before each pair: field number and wire type. */
  constructor(arena: Arena, tag: number) {
    this.arena = arena;
    this.tag = tag;
  }

  /** The first `length` bytes of a record. */
  addRecord(reference: number, length: number): void {
    this.add(reference, length);
    this.size += 1 + varintSize(length) + length;
  }

  /** Pairs of live slots, whole or without value and lease; false: one of them is cold, and none was added. */
  addSlots(slots: KeySlots, chosen: Int32Array, count: number, keysOnly: boolean): boolean {
    while (this.loose + count > this.references.length) this.grow();
    if (!slots.records(chosen, count, this.references, this.loose)) return false;
    const to = this.loose + count;
    if (keysOnly) this.measurePrefixes(slots, chosen, count);
    else this.arena.lengths(this.references, this.lengths, this.loose, to);
    for (let i = this.loose; i < to; i++) {
      const length = this.lengths[i] as number;
      this.size += 1 + varintSize(length) + length;
    }
    this.loose = to;
    this.count += count;
    return true;
  }

  private measurePrefixes(slots: KeySlots, chosen: Int32Array, count: number): void {
    const { arena } = this;
    for (let i = 0; i < count; i++) {
      const slot = chosen[i] as number;
      const reference = this.references[this.loose + i] as number;
      const keyLength = keyLengthAt(arena.bytes(reference), arena.start(reference));
      const size = keyPrefixSize(keyLength, slots.create(slot), slots.mod(slot), slots.version(slot));
      this.lengths[this.loose + i] = size;
    }
  }

  addBytes(bytes: Uint8Array): void {
    this.owned.push(bytes);
    this.add(-this.owned.length, bytes.length);
    this.size += 1 + varintSize(bytes.length) + bytes.length;
  }

  /** A place to be filled; returns its number. */
  addGap(): number {
    this.owned.push(undefined);
    this.add(-this.owned.length, -1);
    this.gaps++;
    return this.loose - 1;
  }

  fillGap(gap: number, bytes: Uint8Array): void {
    assert(this.lengths[gap] === -1, "a gap is filled once");
    this.owned[-1 - (this.references[gap] as number)] = bytes;
    this.lengths[gap] = bytes.length;
    this.size += 1 + varintSize(bytes.length) + bytes.length;
    this.gaps--;
  }

  /** Copies out of the arena what is in it. Numbers of gaps stay good. */
  detach(): void {
    if (this.gaps === 0) {
      this.joinLoose();
      return;
    }
    for (let i = 0; i < this.loose; i++) {
      const reference = this.references[i] as number;
      if (reference < 0) continue;
      const start = this.arena.start(reference);
      const bytes = this.arena.bytes(reference).subarray(start, start + (this.lengths[i] as number));
      this.owned.push(new Uint8Array(bytes));
      this.references[i] = -this.owned.length;
    }
  }

  writeTo(target: Uint8Array, position: number): number {
    assert(this.gaps === 0, "a list is written when it has no gaps");
    for (const piece of this.pieces) {
      target.set(piece, position);
      position += piece.length;
    }
    return this.writeLoose(target, position, 0, this.loose);
  }

  /** The field as pieces of memory of its own. */
  toPieces(): readonly Uint8Array[] {
    this.detach();
    return this.pieces;
  }

  private writeLoose(target: Uint8Array, position: number, from: number, to: number): number {
    const { arena, tag } = this;
    for (let i = from; i < to; i++) {
      const reference = this.references[i] as number;
      const length = this.lengths[i] as number;
      target[position++] = tag;
      position = writeVarint(target, position, length);
      if (reference >= 0) {
        position = copyBytes(target, position, arena.bytes(reference), arena.start(reference), length);
      } else {
        position = copyBytes(target, position, this.owned[-1 - reference] as Uint8Array, 0, length);
      }
    }
    return position;
  }

  private joinLoose(): void {
    let from = 0;
    while (from < this.loose) {
      let bytes = 0;
      let to = from;
      while (to < this.loose && (bytes < PIECE_BYTES || to === from)) {
        const length = this.lengths[to] as number;
        bytes += 1 + varintSize(length) + length;
        to++;
      }
      const piece = new Uint8Array(bytes);
      this.writeLoose(piece, 0, from, to);
      this.pieces.push(piece);
      from = to;
    }
    this.loose = 0;
    this.owned = [];
  }

  private add(reference: number, length: number): void {
    if (this.loose === this.references.length) this.grow();
    this.references[this.loose] = reference;
    this.lengths[this.loose] = length;
    this.loose++;
    this.count++;
  }

  private grow(): void {
    const references = new Float64Array(this.references.length * 2);
    references.set(this.references);
    this.references = references;
    const lengths = new Int32Array(this.lengths.length * 2);
    lengths.set(this.lengths);
    this.lengths = lengths;
  }
}
