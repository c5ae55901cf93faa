/**
 * Memory for many small records: slabs of one size class each, so that the space of a freed record serves the next one of
 * its size, and a slab that has become empty serves any class. Growth adds slabs and copies nothing.
 *
 *     slab:  | slot | slot | slot | ...          slot:  | owner u32 | length i32 | payload ... |
 *     reference (u32):  slab number << 16 | offset in units of 16 bytes;  0 is no reference
 *
 * A record may still be referred to by answers that are not yet written out: `retire` keeps its bytes until the next `reclaim`.
 * The owner is whatever number the user needs to find his reference again when a slab is evacuated. A record larger than
 * {@link SLOT_BYTES_MAX} has a slab of its own.
 */

import { assert } from "@etcd-ts/base";

export const SLAB_SHIFT = 16;
export const UNIT_MASK = (1 << SLAB_SHIFT) - 1;
const UNIT_BYTES = 16;
export const SLAB_BYTES = UNIT_BYTES << SLAB_SHIFT;
export const RECORD_HEADER_BYTES = 8;
export const SLOT_BYTES_MAX = 32 * 1024;
const FREE = -1;
const SPARE_SLABS_MAX = 4;
const CACHE_LINE_WORDS = 16;
/** Records freed by one {@link Arena.reclaim}. */
const RECLAIM_MAX = 16_384;
const RETIRED_ROOM_KEPT = 65_536;

export interface Slab {
  readonly bytes: Buffer;
  /** The same memory as words and as doubles. */
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly id: number;
  slotBytes: number;
  sizeClass: number;
  /** Bytes handed out at least once; the rest was never used since the slab got its class. */
  bump: number;
  live: number;
  /** Unit of the first free slot, linked through the owner word; −1: none. */
  freeHead: number;
  /** On its class's list of slabs with room. */
  listed: boolean;
}

/** An arena taken apart: its memory crosses to another thread without a copy. */
export interface ArenaParts {
  readonly slabs: readonly SlabParts[];
}

export interface SlabParts {
  readonly memory: ArrayBuffer;
  readonly id: number;
  readonly slotBytes: number;
  readonly sizeClass: number;
  readonly bump: number;
  readonly live: number;
  readonly freeHead: number;
}

/** Slot sizes: steps of 16 bytes up to 1 KiB, of 64 up to 4 KiB, of 512 up to 32 KiB. */
export function sizeClassOf(slotBytes: number): number {
  if (slotBytes <= 1024) return (slotBytes + 15) >> 4;
  if (slotBytes <= 4096) return 64 + ((slotBytes - 1024 + 63) >> 6);
  return 112 + ((slotBytes - 4096 + 511) >> 9);
}

export function slotBytesOf(sizeClass: number): number {
  if (sizeClass <= 64) return sizeClass << 4;
  if (sizeClass <= 112) return 1024 + ((sizeClass - 64) << 6);
  return 4096 + ((sizeClass - 112) << 9);
}

export const CLASS_COUNT = 112 + ((SLOT_BYTES_MAX - 4096) >> 9) + 1;
export const LARGE_CLASS = CLASS_COUNT;

export class Arena {
  /** By slab number; number 0 is never used, so that no reference is 0. */
  readonly slabs: (Slab | undefined)[] = [undefined];
  /** Bytes of slots in use, retired ones included. */
  usedBytes = 0;
  /** Bytes of all slabs. */
  slabBytes = 0;

  private readonly current: (Slab | undefined)[] = new Array(CLASS_COUNT).fill(undefined);
  private readonly roomy: Slab[][] = Array.from({ length: CLASS_COUNT }, () => []);
  private readonly spare: Slab[] = [];
  private readonly freeIds: number[] = [];
  /** References that wait for {@link reclaim}, from `retiredFirst` to `retiredEnd`. */
  private retired = new Float64Array(256);
  private retiredFirst = 0;
  private retiredEnd = 0;

  /** A record of `length` payload bytes, whose contents are undefined. */
  allocate(length: number, owner: number): number {
    const slotBytes = length + RECORD_HEADER_BYTES;
    if (slotBytes > SLOT_BYTES_MAX) return this.allocateLarge(length, owner);
    const sizeClass = sizeClassOf(slotBytes);
    let slab = this.current[sizeClass];
    if (slab === undefined || (slab.freeHead < 0 && slab.bump + slab.slotBytes > SLAB_BYTES)) {
      slab = this.slabWithRoom(sizeClass);
    }
    let unit = slab.freeHead;
    if (unit >= 0) {
      slab.freeHead = slab.words[unit << 2] as number;
    } else {
      unit = slab.bump >> 4;
      slab.bump += slab.slotBytes;
    }
    slab.live++;
    slab.words[unit << 2] = owner;
    slab.words[(unit << 2) + 1] = length;
    this.usedBytes += slab.slotBytes;
    return ((slab.id << SLAB_SHIFT) | unit) >>> 0;
  }

  /** Frees at once: nobody refers to the record. */
  free(reference: number): void {
    const slab = this.slabs[reference >>> SLAB_SHIFT] as Slab;
    const unit = reference & UNIT_MASK;
    const word = unit << 2;
    assert((slab.words[word + 1] as number) >= 0, "a record is freed once");
    this.usedBytes -= slab.slotBytes;
    slab.live--;
    if (slab.sizeClass === LARGE_CLASS) {
      this.dropSlab(slab);
      return;
    }
    slab.words[word] = slab.freeHead;
    slab.words[word + 1] = FREE;
    slab.freeHead = unit;
    if (slab === this.current[slab.sizeClass]) return;
    if (slab.live === 0) this.releaseSlab(slab);
    else if (!slab.listed) {
      slab.listed = true;
      (this.roomy[slab.sizeClass] as Slab[]).push(slab);
    }
  }

  /** Frees at the next {@link reclaim}. */
  retire(reference: number): void {
    if (this.retiredEnd === this.retired.length) this.makeRetiredRoom();
    this.retired[this.retiredEnd++] = reference;
  }

  /** Frees what was retired, the oldest first, up to `most` records: a million at once would hold the loop. */
  reclaim(most = RECLAIM_MAX): void {
    const end = Math.min(this.retiredEnd, this.retiredFirst + most);
    for (let i = this.retiredFirst; i < end; i++) this.free(this.retired[i] as number);
    this.retiredFirst = end;
    if (end < this.retiredEnd) return;
    this.retiredFirst = 0;
    this.retiredEnd = 0;
    if (this.retired.length > RETIRED_ROOM_KEPT) this.retired = new Float64Array(256);
  }

  get retiredRecords(): number {
    return this.retiredEnd - this.retiredFirst;
  }

  bytes(reference: number): Buffer {
    return (this.slabs[reference >>> SLAB_SHIFT] as Slab).bytes;
  }

  /** Offset of the payload in {@link bytes}. */
  start(reference: number): number {
    return ((reference & UNIT_MASK) << 4) + RECORD_HEADER_BYTES;
  }

  length(reference: number): number {
    const slab = this.slabs[reference >>> SLAB_SHIFT] as Slab;
    return slab.words[((reference & UNIT_MASK) << 2) + 1] as number;
  }

  /**
   * Lengths of many records, whose bytes are going to be copied next. One tight loop that touches every cache line of them: the
   * processor then waits for all that memory together and not record by record.
   */
  lengths(references: Float64Array, lengths: Int32Array, from: number, to: number): void {
    let touched = 0;
    for (let i = from; i < to; i++) {
      const reference = references[i] as number;
      const { words } = this.slabs[reference >>> SLAB_SHIFT] as Slab;
      const at = (reference & UNIT_MASK) << 2;
      const length = words[at + 1] as number;
      lengths[i] = length;
      const end = at + 2 + (length >> 2);
      for (let word = at + CACHE_LINE_WORDS; word < end; word += CACHE_LINE_WORDS)
        touched ^= words[word] as number;
    }
    // A result that is used somewhere: without it the loop would not have to read.
    if (touched === 0x5bd1e995) this.sparseCursor ^= 0;
  }

  view(reference: number): Uint8Array {
    const slab = this.slabs[reference >>> SLAB_SHIFT] as Slab;
    const unit = reference & UNIT_MASK;
    const start = (unit << 4) + RECORD_HEADER_BYTES;
    return new Uint8Array(slab.bytes.buffer, start, slab.words[(unit << 2) + 1] as number);
  }

  /**
   * A slab worth evacuating: at most a quarter full, of a class that has much room elsewhere, and not the one that serves
   * allocations. Undefined: the arena is dense enough. Looks at `step` slabs a call.
   */
  sparseSlab(step: number): Slab | undefined {
    for (let i = 0; i < step; i++) {
      this.sparseCursor = (this.sparseCursor + 1) % this.slabs.length;
      const slab = this.slabs[this.sparseCursor];
      if (slab === undefined || slab.sizeClass === LARGE_CLASS) continue;
      if (slab === this.current[slab.sizeClass]) continue;
      if (slab.live * slab.slotBytes * 4 <= SLAB_BYTES) return slab;
    }
    return undefined;
  }

  private sparseCursor = 0;

  /** The references of the records in a slab. */
  recordsOf(slab: Slab): number[] {
    const references: number[] = [];
    for (let offset = 0; offset < slab.bump; offset += slab.slotBytes) {
      if ((slab.words[(offset >> 2) + 1] as number) === FREE) continue;
      references.push(((slab.id << SLAB_SHIFT) | (offset >> 4)) >>> 0);
    }
    return references;
  }

  owner(reference: number): number {
    const slab = this.slabs[reference >>> SLAB_SHIFT] as Slab;
    return slab.words[(reference & UNIT_MASK) << 2] as number;
  }

  /** Takes the arena apart; it is not used any more. Nothing is retired. */
  dismantle(): ArenaParts {
    assert(this.retiredRecords === 0, "an arena is taken apart when nothing is retired");
    const slabs: SlabParts[] = [];
    for (const slab of this.slabs) {
      if (slab === undefined || slab.sizeClass < 0) continue;
      const { id, slotBytes, sizeClass, bump, live, freeHead } = slab;
      const memory = slab.words.buffer as ArrayBuffer;
      slabs.push({ memory, id, slotBytes, sizeClass, bump, live, freeHead });
    }
    return { slabs };
  }

  /** Becomes, new as it is, the arena that was taken apart. */
  adopt({ slabs }: ArenaParts): void {
    assert(this.slabBytes === 0, "only a new arena takes another's memory");
    for (const part of slabs) this.adoptSlab(part);
    for (let id = 1; id < this.slabs.length; id++) {
      // Holes would make the array a slow one.
      if (this.slabs[id] !== undefined) continue;
      this.slabs[id] = undefined;
      this.freeIds.push(id);
    }
  }

  private adoptSlab({ memory, ...state }: SlabParts): void {
    const slab: Slab = {
      bytes: Buffer.from(memory),
      words: new Int32Array(memory),
      doubles: new Float64Array(memory),
      ...state,
      listed: false,
    };
    this.slabs[slab.id] = slab;
    this.slabBytes += memory.byteLength;
    this.usedBytes += slab.live * slab.slotBytes;
    if (slab.sizeClass === LARGE_CLASS) return;
    if (slab.freeHead < 0 && slab.bump + slab.slotBytes > SLAB_BYTES) return;
    slab.listed = true;
    (this.roomy[slab.sizeClass] as Slab[]).push(slab);
  }

  /** Free lists, counts and lists of slabs agree with the slots. */
  invariants(): void {
    let used = 0;
    let total = 0;
    for (const slab of this.slabs) {
      if (slab === undefined) continue;
      total += slab.bytes.length;
      if (slab.sizeClass < 0) continue;
      used += slab.live * slab.slotBytes;
      if (slab.sizeClass === LARGE_CLASS) continue;
      let free = 0;
      for (let unit = slab.freeHead; unit >= 0; unit = slab.words[unit << 2] as number) free++;
      assert(free + slab.live === slab.bump / slab.slotBytes, "every slot used before is live or free");
      const hasRoom = free > 0;
      const reachable = slab.listed || slab === this.current[slab.sizeClass];
      assert(!hasRoom || reachable, "a slab with room is found by its class");
    }
    assert(used === this.usedBytes, "used bytes are the live slots'");
    assert(total === this.slabBytes, "slab bytes are counted");
  }

  private makeRetiredRoom(): void {
    const waiting = this.retired.subarray(this.retiredFirst, this.retiredEnd);
    const isHalfFree = waiting.length <= this.retired.length >> 1;
    const room = isHalfFree ? this.retired : new Float64Array(this.retired.length * 2);
    room.set(waiting);
    this.retired = room;
    this.retiredEnd = waiting.length;
    this.retiredFirst = 0;
  }

  private slabWithRoom(sizeClass: number): Slab {
    const previous = this.current[sizeClass];
    const list = this.roomy[sizeClass] as Slab[];
    let slab = list.pop();
    while (slab !== undefined && slab.sizeClass !== sizeClass) {
      // Released since it was listed, and perhaps given to another class.
      slab = list.pop();
    }
    if (slab === undefined) slab = this.takeSlab(sizeClass);
    slab.listed = false;
    this.current[sizeClass] = slab;
    assert(previous === undefined || previous.freeHead < 0, "a slab is left when it is full");
    return slab;
  }

  private takeSlab(sizeClass: number): Slab {
    const slab = this.spare.pop() ?? this.newSlab(SLAB_BYTES);
    slab.sizeClass = sizeClass;
    slab.slotBytes = slotBytesOf(sizeClass);
    slab.bump = 0;
    slab.live = 0;
    slab.freeHead = -1;
    return slab;
  }

  private newSlab(byteLength: number): Slab {
    const buffer = new ArrayBuffer(byteLength);
    const id = this.freeIds.pop() ?? this.slabs.length;
    assert(id < 1 << (32 - SLAB_SHIFT), "the arena is within the reach of its references");
    const slab: Slab = {
      bytes: Buffer.from(buffer),
      words: new Int32Array(buffer),
      doubles: new Float64Array(buffer),
      id,
      slotBytes: 0,
      sizeClass: -1,
      bump: 0,
      live: 0,
      freeHead: -1,
      listed: false,
    };
    this.slabs[id] = slab;
    this.slabBytes += byteLength;
    return slab;
  }

  private releaseSlab(slab: Slab): void {
    if (slab.listed) this.unlist(slab);
    if (this.spare.length >= SPARE_SLABS_MAX) {
      this.dropSlab(slab);
      return;
    }
    slab.sizeClass = -1;
    this.spare.push(slab);
  }

  private unlist(slab: Slab): void {
    const list = this.roomy[slab.sizeClass] as Slab[];
    const at = list.lastIndexOf(slab);
    const last = list.pop() as Slab;
    if (last !== slab) list[at] = last;
    slab.listed = false;
  }

  private dropSlab(slab: Slab): void {
    this.slabs[slab.id] = undefined;
    this.freeIds.push(slab.id);
    this.slabBytes -= slab.bytes.length;
  }

  private allocateLarge(length: number, owner: number): number {
    const slotBytes = (length + RECORD_HEADER_BYTES + 7) & ~7;
    const slab = this.newSlab(slotBytes);
    slab.sizeClass = LARGE_CLASS;
    slab.slotBytes = slotBytes;
    slab.live = 1;
    slab.bump = slotBytes;
    slab.words[0] = owner;
    slab.words[1] = length;
    this.usedBytes += slotBytes;
    return (slab.id << SLAB_SHIFT) >>> 0;
  }
}
