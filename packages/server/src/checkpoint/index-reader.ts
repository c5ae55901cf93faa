/**
 * Blocks of a checkpoint into a new index (`FORMAT.md`). Values are cold. What a CRC has passed is taken for what the encoder wrote, but a
 * walk never leaves its block.
 */

import { hashBytes } from "../mvcc/key-hash.ts";
import type { KeyIndex } from "../mvcc/key-index.ts";
import { LEASED, LIVE, SLOT_BYTES } from "../mvcc/key-slots.ts";
import { afterVarint, copyBytes, keyFieldSize, readVarint, writeVarint } from "../mvcc/key-value.ts";
import { type Block, BlockKind, CheckpointDiscarded } from "./checkpoint-format.ts";

const TAG_KEY = 0x0a;
const TAG_LEASE = 0x30;
const HISTORY_ROW = 5;
const FIRST_KEY_BYTES = 1024;
const COPIED_BY_HAND_MAX = 96;

export class IndexReader {
  readonly index: KeyIndex;
  /** Numbers in the order of keys, complements for those that are not live. */
  private entries: Int32Array;
  /** By number: the hash of the key. */
  private hashes: Int32Array;
  /** The key last read; the next shares its beginning. */
  private key = new Uint8Array(FIRST_KEY_BYTES);

  /** `keys`: about how many there will be. */
  constructor(index: KeyIndex, keys: number) {
    this.index = index;
    this.entries = new Int32Array(keys);
    this.hashes = new Int32Array(keys);
    index.restoreUnordered();
  }

  add(block: Block): void {
    switch (block.kind) {
      case BlockKind.keys:
        return this.addKeys(block.payload);
      case BlockKind.histories:
        return this.addHistories(block.payload);
      case BlockKind.lives:
        return this.addLives(block.payload);
      default:
        throw new CheckpointDiscarded(`it has a block of kind ${block.kind}`);
    }
  }

  /** All blocks have been added. */
  end(): KeyIndex {
    const { index } = this;
    const { count } = index.slots;
    index.hash.build(this.hashes.subarray(0, count), (slot) => index.key(slot));
    index.restoreInOrder(this.entries.subarray(0, count));
    return index;
  }

  private addKeys(payload: Uint8Array): void {
    const { slots } = this.index;
    const first = slots.end;
    const count = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true);
    let at = 4 + count * SLOT_BYTES;
    if (at > payload.length) throw new CheckpointDiscarded("a block is too short for its slots");
    slots.addImage(payload.subarray(4, at), count);
    this.makeRoom(slots.end);
    let newest = this.index.newestRevision;
    for (let slot = first; slot < slots.end; slot++) {
      const flags = slots.flags(slot);
      at = this.addKey(payload, at, slot, (flags & LEASED) !== 0);
      this.entries[slot] = (flags & LIVE) === 0 ? ~slot : slot;
      newest = Math.max(newest, slots.mod(slot));
    }
    this.index.newestRevision = newest;
    if (at !== payload.length) throw new CheckpointDiscarded("a block is not as long as its keys");
  }

  /** The key at `at`; returns where the next begins. */
  private addKey(bytes: Uint8Array, at: number, slot: number, isLeased: boolean): number {
    const shared = readVarint(bytes, at);
    const restLengthAt = afterVarint(bytes, at);
    const rest = readVarint(bytes, restLengthAt);
    const restAt = afterVarint(bytes, restLengthAt);
    const end = restAt + rest;
    // What lies beyond the block reads as nothing, and makes this not a number.
    if (!(end <= bytes.length)) throw new CheckpointDiscarded("a key leaves its block");
    const length = shared + rest;
    if (length > this.key.length) this.growKey(length);
    const { key } = this;
    copyBytes(key, shared, bytes, restAt, rest);
    const next = isLeased ? afterVarint(bytes, end) : end;
    const { arena, slots, hash } = this.index;
    const fieldBytes = keyFieldSize(length);
    const record = arena.allocate(isLeased ? fieldBytes + 1 + next - end : fieldBytes, slot);
    const target = arena.bytes(record);
    let position = arena.start(record);
    target[position++] = TAG_KEY;
    position = writeVarint(target, position, length);
    // By hand: most keys are short, and a call into the run-time costs more.
    if (length > COPIED_BY_HAND_MAX) target.set(key.subarray(0, length), position);
    else for (let i = 0; i < length; i++) target[position + i] = key[i] as number;
    if (isLeased) {
      target[position + length] = TAG_LEASE;
      copyBytes(target, position + length + 1, bytes, end, next - end);
    }
    slots.setRecord(slot, record);
    this.hashes[slot] = hashBytes(key, 0, length, hash.seed);
    return next;
  }

  private addHistories(payload: Uint8Array): void {
    const rows = new Float64Array(payload.buffer, payload.byteOffset, payload.length / 8);
    const { history, slots } = this.index;
    for (let at = 0; at + HISTORY_ROW <= rows.length; at += HISTORY_ROW) {
      const [slot, main, sub, create, version] = rows.subarray(at, at + HISTORY_ROW) as unknown as Row;
      if (!(slot < slots.end)) throw new CheckpointDiscarded("a change is of no key");
      history.add(slot, main, sub < 0 ? -1 - sub : sub, sub < 0, create, version);
    }
  }

  private addLives(payload: Uint8Array): void {
    const { lives } = this.index;
    const count = new DataView(payload.buffer, payload.byteOffset).getUint32(0, true);
    if (payload.length !== 8 + 12 * count)
      throw new CheckpointDiscarded("a block is not as long as its lives");
    const revisions = new Float64Array(payload.buffer, payload.byteOffset + 8, count);
    const entries = new Int32Array(payload.buffer, payload.byteOffset + 8 + 8 * count, count);
    lives.append(revisions, entries);
  }

  private makeRoom(count: number): void {
    if (count <= this.entries.length) return;
    const { entries, hashes } = this;
    this.entries = new Int32Array(count * 2);
    this.entries.set(entries);
    this.hashes = new Int32Array(count * 2);
    this.hashes.set(hashes);
  }

  private growKey(length: number): void {
    const larger = new Uint8Array(length * 2);
    larger.set(this.key);
    this.key = larger;
  }
}

type Row = [slot: number, main: number, sub: number, create: number, version: number];
