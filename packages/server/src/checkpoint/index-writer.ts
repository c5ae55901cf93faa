/**
 * The blocks of an image (`index-image.ts`) into those of the file, in which keys lie as they will in memory (`FORMAT.md`): whoever reads them has
 * nothing to do for a single key. It holds what a few blocks take, and the hash of each key until the end.
 */

import { ArenaImage } from "../mvcc/arena-image.ts";
import { buildSegments, builtDepth, hashBytes } from "../mvcc/key-hash.ts";
import { LEASED, SLOT_BYTES } from "../mvcc/key-slots.ts";
import { afterVarint, copyBytes, keyFieldSize, readVarint, writeVarint } from "../mvcc/key-value.ts";
import { type Block, BlockKind, type BlockWriter } from "./checkpoint-format.ts";

const TAG_KEY = 0x0a;
const TAG_LEASE = 0x30;
const FIRST_KEY_BYTES = 1024;
const SLOT_WORDS = SLOT_BYTES / 4;
const WORD_RECORD = 7;
const WORD_FLAGS = 9;

export class IndexWriter {
  private readonly blocks: BlockWriter;
  private readonly seed: number;
  private readonly arena = new ArenaImage();
  /** By number: the hash of the key. */
  private hashes: Int32Array;
  private count = 0;
  /** The key last read; the next shares its beginning. */
  private key = new Uint8Array(FIRST_KEY_BYTES);

  /** `keys`: about how many there will be. */
  constructor(blocks: BlockWriter, keys: number, seed: number) {
    this.blocks = blocks;
    this.seed = seed;
    this.hashes = new Int32Array(keys);
  }

  add({ kind, payload }: Block): void {
    if (kind === BlockKind.keys) this.addKeys(payload);
    else this.blocks.add(kind, payload);
  }

  /** All blocks have been added. */
  end(): void {
    const hashes = this.hashes.subarray(0, this.count);
    this.hashes = new Int32Array(0);
    const crowded: number[] = [];
    const depth = builtDepth(hashes.length);
    for (const segment of buildSegments(hashes, crowded)) {
      this.blocks.add(BlockKind.table, bytesOf(Int32Array.of(depth, segment.count)), bytesOf(segment.words));
    }
    this.blocks.add(BlockKind.crowded, bytesOf(Int32Array.from(crowded)));
  }

  private addKeys(payload: Uint8Array<ArrayBuffer>): void {
    const count = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true);
    const slots = payload.slice(4, 4 + count * SLOT_BYTES);
    const words = new Int32Array(slots.buffer);
    this.makeRoom(this.count + count);
    let at = 4 + slots.length;
    for (let i = 0; i < count; i++) at = this.addKey(payload, at, words, i * SLOT_WORDS);
    this.blocks.add(BlockKind.slots, slots);
    for (const { id, sizeClass, slotBytes, offset, bytes } of this.arena.takePieces())
      this.blocks.add(BlockKind.records, bytesOf(Int32Array.of(id, sizeClass, slotBytes, offset)), bytes);
  }

  /** The key at `at`, of the slot whose words begin at `word`; returns where the next key begins. */
  private addKey(source: Uint8Array, at: number, words: Int32Array, word: number): number {
    const shared = readVarint(source, at);
    const restLengthAt = afterVarint(source, at);
    const rest = readVarint(source, restLengthAt);
    const restAt = afterVarint(source, restLengthAt);
    const end = restAt + rest;
    const length = shared + rest;
    if (length > this.key.length) this.growKey(length);
    const { key, arena } = this;
    copyBytes(key, shared, source, restAt, rest);
    const isLeased = ((words[word + WORD_FLAGS] as number) & LEASED) !== 0;
    const next = isLeased ? afterVarint(source, end) : end;
    const fieldBytes = keyFieldSize(length);
    const number = this.count++;
    words[word + WORD_RECORD] = arena.allocate(isLeased ? fieldBytes + 1 + next - end : fieldBytes, number);
    const target = arena.bytes;
    target[arena.start] = TAG_KEY;
    const position = writeVarint(target, arena.start + 1, length);
    for (let i = 0; i < length; i++) target[position + i] = key[i] as number;
    if (isLeased) {
      target[position + length] = TAG_LEASE;
      copyBytes(target, position + length + 1, source, end, next - end);
    }
    this.hashes[number] = hashBytes(key, 0, length, this.seed);
    return next;
  }

  private makeRoom(count: number): void {
    if (count <= this.hashes.length) return;
    const wider = new Int32Array(count * 2);
    wider.set(this.hashes);
    this.hashes = wider;
  }

  private growKey(length: number): void {
    const larger = new Uint8Array(length * 2);
    larger.set(this.key);
    this.key = larger;
  }
}

/** Words as they lie in memory, which is little-endian wherever Node runs. */
function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
