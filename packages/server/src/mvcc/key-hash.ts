/**
 * From a key to its slot without the order: what a get or a put of a known key asks. Extendible hashing: a directory, by the hash's first
 * bits, of segments that split when they fill, so that growth moves one segment's entries at a time.
 *
 *     segment entry (2 words):  hash | slot + 1, 0: free          probed linearly from the hash's last bits, PROBES_MAX at most
 *
 * Keys that find no place within the probes (many with one hash: by malice, for the seed is not known) go to a plain map, so that the worst
 * cost of a look-up stays bounded.
 */

import { assert, keyString } from "@etcd-ts/base";
import { type Arena, RECORD_HEADER_BYTES, SLAB_SHIFT, type Slab, UNIT_MASK } from "./arena.ts";
import type { KeySlots } from "./key-slots.ts";
import { keyLengthAt, keyStartAt } from "./key-value.ts";

const SEGMENT_SHIFT = 12;
export const SEGMENT_ENTRIES = 1 << SEGMENT_SHIFT;
const SEGMENT_MASK = SEGMENT_ENTRIES - 1;
const FILL_MAX = (SEGMENT_ENTRIES * 3) >> 2;
/** So full, on average, are segments that are built at once: most can take some more. */
const FILL_BUILT = SEGMENT_ENTRIES >> 1;
/** A segment emptier than this has its keys in clusters: a split would not part them. */
const FILL_WORTH_SPLITTING = SEGMENT_ENTRIES >> 3;
const PROBES_MAX = 64;
const DEPTH_MAX = 20;
const TAG_KEY = 0x0a;
export const TOUCH_MAX = 256;
/** About where a key in a record ends. */
export const KEY_END_WORDS = 10;

export interface Segment {
  readonly words: Int32Array<ArrayBuffer>;
  /** First bits of the hash that all its entries share. */
  readonly depth: number;
  count: number;
  /** Some of its keys are in the overflow map. */
  overflows: boolean;
}

export interface HashParts {
  readonly segments: readonly Segment[];
  /** The segment of each place of the directory. */
  readonly directory: Int32Array<ArrayBuffer>;
  readonly depth: number;
  readonly overflow: ReadonlyMap<string, number>;
  readonly seed: number;
}

export class KeyHash {
  private directory: Segment[] = [newSegment(0)];
  private depth = 0;
  private overflow = new Map<string, number>();
  private readonly slots: KeySlots;
  private readonly arena: Arena;
  private readonly found = new Int32Array(TOUCH_MAX);
  /** A result that is used somewhere: without it the loops of {@link touch} would not have to read. */
  protected touched = 0;
  /** Not known to clients; that of the index that was adopted. */
  seed: number;

  constructor(slots: KeySlots, arena: Arena, seed: number) {
    this.slots = slots;
    this.arena = arena;
    this.seed = seed;
  }

  /** The slot of a key; −1: unknown. */
  find(key: Uint8Array): number {
    const hash = hashBytes(key, 0, key.length, this.seed);
    const segment = this.segmentOf(hash);
    const { words } = segment;
    let at = (hash & SEGMENT_MASK) << 1;
    for (let probe = 0; probe < PROBES_MAX; probe++) {
      const entry = words[at + 1] as number;
      if (entry === 0) break;
      if (words[at] === hash && this.isKeyOf(entry - 1, key)) return entry - 1;
      at = (at + 2) & (2 * SEGMENT_ENTRIES - 1);
    }
    return segment.overflows ? (this.overflow.get(keyString(key)) ?? -1) : -1;
  }

  /**
   * Goes the ways of many look-ups that are about to come, of the keys in records `lo` to `hi`, side by side: the processor then waits for all that
   * memory together and not key by key. At most {@link TOUCH_MAX}; what is no record is passed over.
   */
  touch(bytes: Uint8Array, starts: Uint32Array, ends: Uint32Array, lo: number, hi: number): void {
    const { found, slots, arena } = this;
    let count = 0;
    for (let i = lo; i < hi; i++) {
      const start = starts[i] as number;
      if (bytes[start] !== TAG_KEY) continue;
      const from = keyStartAt(bytes, start);
      const to = from + keyLengthAt(bytes, start);
      if (to <= (ends[i] as number)) found[count++] = hashBytes(bytes, from, to, this.seed);
    }
    let known = 0;
    for (let i = 0; i < count; i++) {
      const hash = found[i] as number;
      const slot = (this.segmentOf(hash).words[2 * (hash & SEGMENT_MASK) + 1] as number) - 1;
      if (slot >= 0) found[known++] = slot;
    }
    for (let i = 0; i < known; i++) found[i] = slots.record(found[i] as number);
    let touched = 0;
    for (let i = 0; i < known; i++) {
      const reference = (found[i] as number) >>> 0;
      const { words } = arena.slabs[reference >>> SLAB_SHIFT] as Slab;
      const word = (reference & UNIT_MASK) << 2;
      touched ^= (words[word + 1] as number) ^ (words[word + KEY_END_WORDS] as number);
    }
    this.touched = touched;
  }

  /** Adds a key that is not in it; the slot's record holds the key. */
  insert(key: Uint8Array, slot: number): void {
    const hash = hashBytes(key, 0, key.length, this.seed);
    for (;;) {
      const segment = this.segmentOf(hash);
      if (segment.count < FILL_MAX && place(segment, hash, slot)) return;
      if (segment.count < FILL_WORTH_SPLITTING || segment.depth >= DEPTH_MAX) {
        segment.overflows = true;
        this.overflow.set(keyString(key), slot);
        return;
      }
      this.split(segment, hash);
    }
  }

  remove(key: Uint8Array, slot: number): void {
    const hash = hashBytes(key, 0, key.length, this.seed);
    const segment = this.segmentOf(hash);
    let at = hash & SEGMENT_MASK;
    for (let probe = 0; probe < PROBES_MAX; probe++) {
      const entry = segment.words[2 * at + 1] as number;
      if (entry === 0) break;
      if (entry === slot + 1) {
        close(segment, at);
        return;
      }
      at = (at + 1) & SEGMENT_MASK;
    }
    const isGone = this.overflow.delete(keyString(key));
    assert(isGone, "a key that is removed was there");
  }

  /** For another thread. */
  dismantle(): HashParts {
    const segments = [...new Set(this.directory)];
    const numbers = new Map(segments.map((segment, i) => [segment, i]));
    const directory = Int32Array.from(this.directory, (segment) => numbers.get(segment) as number);
    return { segments, directory, depth: this.depth, overflow: this.overflow, seed: this.seed };
  }

  adopt({ segments, directory, depth, overflow, seed }: HashParts): void {
    this.seed = seed;
    this.directory = Array.from(directory, (number) => segments[number] as Segment);
    this.depth = depth;
    this.overflow = new Map(overflow);
  }

  invariants(count: number): void {
    let total = this.overflow.size;
    for (const segment of new Set(this.directory)) {
      let found = 0;
      for (let at = 0; at < SEGMENT_ENTRIES; at++) {
        const entry = segment.words[2 * at + 1] as number;
        if (entry === 0) continue;
        found++;
        const reference = this.slots.record(entry - 1);
        const bytes = this.arena.bytes(reference);
        const start = keyStartAt(bytes, this.arena.start(reference));
        const end = start + keyLengthAt(bytes, this.arena.start(reference));
        assert(
          hashBytes(bytes, start, end, this.seed) === segment.words[2 * at],
          "an entry has its key's hash",
        );
        assert(this.find(bytes.subarray(start, end)) === entry - 1, "an entry is found by its key");
      }
      assert(found === segment.count, "a segment counts its entries");
      total += found;
    }
    assert(total === count, "every key has an entry");
  }

  private segmentOf(hash: number): Segment {
    // Two shifts: at depth 0 one of 32 would shift by nothing.
    return this.directory[(hash >>> 1) >>> (31 - this.depth)] as Segment;
  }

  private isKeyOf(slot: number, key: Uint8Array): boolean {
    const reference = this.slots.record(slot);
    const { bytes } = this.arena.slabs[reference >>> SLAB_SHIFT] as Slab;
    const start = ((reference & UNIT_MASK) << 4) + RECORD_HEADER_BYTES;
    const length = key.length;
    let at = start + 2;
    if (length < 0x80) {
      if (bytes[start + 1] !== length) return false;
    } else {
      if (keyLengthAt(bytes, start) !== length) return false;
      at = keyStartAt(bytes, start);
    }
    for (let i = 0; i < length; i++) if (bytes[at + i] !== key[i]) return false;
    return true;
  }

  private split(segment: Segment, hash: number): void {
    if (segment.depth === this.depth) {
      this.directory = this.directory.flatMap((entry) => [entry, entry]);
      this.depth++;
    }
    const depth = segment.depth + 1;
    const halves = [newSegment(depth), newSegment(depth)] as const;
    halves[0].overflows = halves[1].overflows = segment.overflows;
    // All entries that share the first bits of the hash.
    const span = 1 << (this.depth - segment.depth);
    const from = ((hash >>> 1) >>> (31 - this.depth)) & ~(span - 1);
    for (let i = 0; i < span; i++) this.directory[from + i] = halves[i < span >> 1 ? 0 : 1];
    for (let at = 0; at < SEGMENT_ENTRIES; at++) {
      const entry = segment.words[2 * at + 1] as number;
      if (entry === 0) continue;
      const other = segment.words[2 * at] as number;
      const isPlaced = place(halves[(other >>> (32 - depth)) & 1 ? 1 : 0], other, entry - 1);
      assert(isPlaced, "a half holds what came from the whole");
    }
  }
}

/** So many first bits of the hash tell segments that are built at once apart. */
export function builtDepth(keys: number): number {
  let depth = 0;
  while (FILL_BUILT << depth < keys && depth < DEPTH_MAX) depth++;
  return depth;
}

/**
 * The segments of all keys at once, in the order of the directory: `hashes[slot]` for slots from 0 on. They are sorted by segment first, because a
 * million entries at random places would wait for memory a million times. Slots that find no place are added to `crowded`.
 */
export function* buildSegments(hashes: Int32Array, crowded: number[]): Generator<Segment> {
  const depth = builtDepth(hashes.length);
  const { pairs, ends } = bySegment(hashes, depth);
  let at = 0;
  for (const segmentEnd of ends) {
    const segment = newSegment(depth);
    for (const end = 2 * segmentEnd; at < end; at += 2) {
      const slot = pairs[at + 1] as number;
      if (segment.count < FILL_MAX && place(segment, pairs[at] as number, slot)) continue;
      crowded.push(slot);
    }
    yield segment;
  }
}

/** Hash and slot, one after the other, in the order of their segments, and where each segment ends. */
function bySegment(hashes: Int32Array, depth: number): { pairs: Int32Array; ends: Int32Array } {
  const shift = 31 - depth;
  const ends = new Int32Array(1 << depth);
  for (let slot = 0; slot < hashes.length; slot++) {
    const number = ((hashes[slot] as number) >>> 1) >>> shift;
    ends[number] = (ends[number] as number) + 1;
  }
  let sum = 0;
  for (let number = 0; number < ends.length; number++) {
    const count = ends[number] as number;
    ends[number] = sum;
    sum += count;
  }
  const pairs = new Int32Array(2 * hashes.length);
  for (let slot = 0; slot < hashes.length; slot++) {
    const hash = hashes[slot] as number;
    const number = (hash >>> 1) >>> shift;
    const at = ends[number] as number;
    ends[number] = at + 1;
    pairs[2 * at] = hash;
    pairs[2 * at + 1] = slot;
  }
  return { pairs, ends };
}

export function newSegment(depth: number): Segment {
  return { words: new Int32Array(2 * SEGMENT_ENTRIES), depth, count: 0, overflows: false };
}

/** False: there is no place within the probes. */
function place(segment: Segment, hash: number, slot: number): boolean {
  const { words } = segment;
  let at = hash & SEGMENT_MASK;
  for (let probe = 0; probe < PROBES_MAX; probe++) {
    if (words[2 * at + 1] === 0) {
      words[2 * at] = hash;
      words[2 * at + 1] = slot + 1;
      segment.count++;
      return true;
    }
    at = (at + 1) & SEGMENT_MASK;
  }
  return false;
}

/** Empties a place and moves later entries of the cluster back, so that no probe ends too early. */
function close(segment: Segment, hole: number): void {
  const { words } = segment;
  let free = hole;
  let at = hole;
  for (;;) {
    at = (at + 1) & SEGMENT_MASK;
    const entry = words[2 * at + 1] as number;
    if (entry === 0) break;
    const home = (words[2 * at] as number) & SEGMENT_MASK;
    if (((at - home) & SEGMENT_MASK) < ((at - free) & SEGMENT_MASK)) continue;
    words[2 * free] = words[2 * at] as number;
    words[2 * free + 1] = entry;
    free = at;
  }
  words[2 * free + 1] = 0;
  segment.count--;
}

/** Four bytes a step, each mixed into all that follows; signed. */
export function hashBytes(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let hash = seed ^ (end - start);
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const word = bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    hash = Math.imul(hash ^ word, 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  for (; i < end; i++) {
    hash = Math.imul(hash ^ (bytes[i] as number), 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
  return hash ^ (hash >>> 15);
}
