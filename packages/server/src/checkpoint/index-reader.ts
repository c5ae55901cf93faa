/**
 * Blocks of a checkpoint into a new index (`FORMAT.md`). Values are cold. What a CRC has passed is taken for what the encoder wrote, but a
 * walk never leaves its block.
 */

import { hashBytes } from "../mvcc/key-hash.ts";
import type { KeyIndex } from "../mvcc/key-index.ts";
import { LEASED, LIVE, SLOT_BYTES } from "../mvcc/key-slots.ts";
import { copyBytes, keyFieldSize, writeVarint } from "../mvcc/key-value.ts";
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
  // Where the walk of a block stands.
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;

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
    this.at = 4 + count * SLOT_BYTES;
    this.bytes = payload;
    if (this.at > payload.length) throw new CheckpointDiscarded("a block is too short for its slots");
    slots.addImage(payload.subarray(4, this.at), count);
    this.makeRoom(slots.end);
    let newest = this.index.newestRevision;
    for (let slot = first; slot < slots.end; slot++) {
      const flags = slots.flags(slot);
      this.addKey(slot, (flags & LEASED) !== 0);
      this.entries[slot] = (flags & LIVE) === 0 ? ~slot : slot;
      newest = Math.max(newest, slots.mod(slot));
    }
    this.index.newestRevision = newest;
    if (this.at !== payload.length) throw new CheckpointDiscarded("a block is not as long as its keys");
  }

  private addKey(slot: number, isLeased: boolean): void {
    const { bytes } = this;
    const { arena, slots, hash } = this.index;
    const shared = this.varint();
    const rest = this.varint();
    const length = shared + rest;
    if (this.at + rest > bytes.length) throw new CheckpointDiscarded("a key leaves its block");
    if (length > this.key.length) this.growKey(length);
    const { key } = this;
    copyBytes(key, shared, bytes, this.at, rest);
    this.at += rest;
    const leaseAt = this.at;
    if (isLeased) while ((bytes[this.at++] ?? 0) >= 0x80);
    const leaseBytes = this.at - leaseAt;
    const fieldBytes = keyFieldSize(length);
    const record = arena.allocate(leaseBytes === 0 ? fieldBytes : fieldBytes + 1 + leaseBytes, slot);
    const target = arena.bytes(record);
    let at = arena.start(record);
    target[at++] = TAG_KEY;
    at = writeVarint(target, at, length);
    // By hand: most keys are short, and a call into the run-time costs more.
    if (length > COPIED_BY_HAND_MAX) target.set(key.subarray(0, length), at);
    else for (let i = 0; i < length; i++) target[at + i] = key[i] as number;
    at += length;
    if (leaseBytes > 0) {
      target[at++] = TAG_LEASE;
      copyBytes(target, at, bytes, leaseAt, leaseBytes);
    }
    slots.setRecord(slot, record);
    this.hashes[slot] = hashBytes(key, 0, length, hash.seed);
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
    for (let i = 0; i < count; i++) {
      const entry = entries[i] as number;
      if (entry < 0) lives.died(revisions[i] as number, ~entry);
      else lives.born(revisions[i] as number, entry);
    }
  }

  private varint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++] as number;
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    for (let factor = 0x80; byte >= 0x80; factor *= 0x80) {
      byte = bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * factor;
    }
    return value;
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
