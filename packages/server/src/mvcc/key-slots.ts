/**
 * One record per known key, forty bytes, in chunks that never move: what the newest change of the key was and where its
 * bytes are. A slot number names the key as long as the index knows it; freed numbers are used again.
 *
 *     f64: create revision | mod revision (main) | version       of the newest change
 *     i32: sub revision | arena reference | history reference | flags
 *
 * For a deleted key the newest change is its tombstone: `mod`/`sub` are the tombstone's, `create` and `version` those of the
 * generation that it ended.
 */

import { assert } from "@etcd-ts/base";

const CHUNK_SHIFT = 15;
const CHUNK_MASK = (1 << CHUNK_SHIFT) - 1;
const DOUBLES = 5;
const WORDS = 10;
export const SLOTS_PER_CHUNK = 1 << CHUNK_SHIFT;
export const SLOT_BYTES = 8 * DOUBLES;

export const LIVE = 1;
/** The stored pair names a lease. */
export const LEASED = 2;
/** The value is not in memory: the arena holds the key (and the lease) only. */
export const COLD = 4;
/** Read since the clock hand passed. */
export const TOUCHED = 8;
/** The history is a {@link LongHistory}. */
export const LONG_HISTORY = 16;
/** The slot is in use. */
const USED = 32;

export interface SlotsParts {
  readonly chunks: readonly ArrayBuffer[];
  readonly end: number;
}

export class KeySlots {
  /** One past the largest slot number ever used. */
  end = 0;
  count = 0;
  private readonly doubles: Float64Array[] = [];
  private readonly words: Int32Array[] = [];
  private freeHead = -1;

  allocate(): number {
    let slot = this.freeHead;
    if (slot >= 0) this.freeHead = this.word(slot, 6);
    else {
      slot = this.end++;
      assert(slot < 0x7fffffff, "slot numbers fit a word");
      if (slot >> CHUNK_SHIFT === this.doubles.length) this.addChunk();
    }
    this.setWord(slot, 8, 0);
    this.setWord(slot, 9, USED);
    this.count++;
    return slot;
  }

  free(slot: number): void {
    assert((this.word(slot, 9) & USED) !== 0, "a slot is freed once");
    this.setWord(slot, 9, 0);
    this.setWord(slot, 6, this.freeHead);
    this.freeHead = slot;
    this.count--;
  }

  isUsed(slot: number): boolean {
    return (this.word(slot, 9) & USED) !== 0;
  }

  create(slot: number): number {
    return (this.doubles[slot >> CHUNK_SHIFT] as Float64Array)[(slot & CHUNK_MASK) * DOUBLES] as number;
  }

  mod(slot: number): number {
    return (this.doubles[slot >> CHUNK_SHIFT] as Float64Array)[(slot & CHUNK_MASK) * DOUBLES + 1] as number;
  }

  version(slot: number): number {
    return (this.doubles[slot >> CHUNK_SHIFT] as Float64Array)[(slot & CHUNK_MASK) * DOUBLES + 2] as number;
  }

  sub(slot: number): number {
    return (this.words[slot >> CHUNK_SHIFT] as Int32Array)[(slot & CHUNK_MASK) * WORDS + 6] as number;
  }

  /** Arena reference of the newest record. */
  record(slot: number): number {
    return (this.words[slot >> CHUNK_SHIFT] as Int32Array)[(slot & CHUNK_MASK) * WORDS + 7]! >>> 0;
  }

  history(slot: number): number {
    return (this.words[slot >> CHUNK_SHIFT] as Int32Array)[(slot & CHUNK_MASK) * WORDS + 8]! >>> 0;
  }

  flags(slot: number): number {
    return (this.words[slot >> CHUNK_SHIFT] as Int32Array)[(slot & CHUNK_MASK) * WORDS + 9] as number;
  }

  /**
   * Arena references of many slots, from `from` on in `references`; false: a value among them is cold. A tight loop, for the same
   * reason as {@link Arena.lengths}.
   */
  records(slots: Int32Array, count: number, references: Float64Array, from: number): boolean {
    let flags = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i] as number;
      const words = this.words[slot >> CHUNK_SHIFT] as Int32Array;
      const at = (slot & CHUNK_MASK) * WORDS;
      references[from + i] = words[at + 7]! >>> 0;
      flags |= words[at + 9] as number;
    }
    return (flags & COLD) === 0;
  }

  setRecord(slot: number, reference: number): void {
    this.setWord(slot, 7, reference);
  }

  setHistory(slot: number, reference: number): void {
    this.setWord(slot, 8, reference);
  }

  /** Sets `on` and clears `off`. */
  setFlags(slot: number, on: number, off: number): void {
    const chunk = this.words[slot >> CHUNK_SHIFT] as Int32Array;
    const at = (slot & CHUNK_MASK) * WORDS + 9;
    chunk[at] = ((chunk[at] as number) & ~off) | on;
  }

  /** The newest change; record and flags are set apart. */
  setChange(slot: number, create: number, mod: number, sub: number, version: number): void {
    const doubles = this.doubles[slot >> CHUNK_SHIFT] as Float64Array;
    const at = (slot & CHUNK_MASK) * DOUBLES;
    doubles[at] = create;
    doubles[at + 1] = mod;
    doubles[at + 2] = version;
    (this.words[slot >> CHUNK_SHIFT] as Int32Array)[(slot & CHUNK_MASK) * WORDS + 6] = sub;
  }

  /** For another thread; no slot was ever freed. */
  dismantle(): SlotsParts {
    assert(this.count === this.end, "slots are taken apart when all are in use");
    return { chunks: this.words.map(({ buffer }) => buffer as ArrayBuffer), end: this.end };
  }

  adopt({ chunks, end }: SlotsParts): void {
    assert(this.end === 0, "only new slots take others' memory");
    for (const chunk of chunks) this.addChunk(chunk);
    this.end = end;
    this.count = end;
  }

  /**
   * Memory for so many slots, to be filled as another's memory shows them; their numbers count on from {@link end}: chunk by chunk, all but the last
   * full.
   */
  addImage(count: number): Uint8Array {
    assert((this.end & CHUNK_MASK) === 0 && this.freeHead < 0, "images are added chunk by chunk");
    assert(count <= SLOTS_PER_CHUNK, "an image is of one chunk");
    this.addChunk();
    this.end += count;
    this.count += count;
    return new Uint8Array((this.words.at(-1) as Int32Array).buffer, 0, count * SLOT_BYTES);
  }

  private addChunk(buffer = new ArrayBuffer((8 * DOUBLES) << CHUNK_SHIFT)): void {
    this.doubles.push(new Float64Array(buffer));
    this.words.push(new Int32Array(buffer));
  }

  private word(slot: number, field: number): number {
    return (this.words[slot >> CHUNK_SHIFT] as Int32Array)[(slot & CHUNK_MASK) * WORDS + field] as number;
  }

  private setWord(slot: number, field: number, value: number): void {
    (this.words[slot >> CHUNK_SHIFT] as Int32Array)[(slot & CHUNK_MASK) * WORDS + field] = value;
  }
}
