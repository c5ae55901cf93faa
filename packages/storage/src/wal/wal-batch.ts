/**
 * What one turn wants in the log: entries, then a hard state, then perhaps a snapshot record, in the order in which they are
 * added. It is encoded at once into one flat buffer, so that handing it to another thread costs nothing an entry.
 *
 *     batch  = { record }
 *     record = type (1 byte)  length (u32 LE)  data
 *
 * Framing and checksums are the log's: a record's checksum depends on all before it, and its size on its checksum.
 *
 * Batches one after the other in a buffer are one batch: that is how they are joined while the disk is busy. The buffer comes
 * from a supply, so that a thread can be handed shared memory; it grows by doubling.
 */

import { assert } from "@etcd-ts/base";
import {
  type Entry,
  type HardState,
  isEmptyHardState,
  sizeOfEntry,
  sizeOfHardState,
  writeEntry,
  writeHardState,
} from "@etcd-ts/proto";
import { RecordType } from "./record.ts";
import { encodeWalSnapshot, type WalSnapshot } from "./walpb.ts";

export const BATCH_RECORD_HEADER_BYTES = 5;
const FIRST_SIZE_BYTES = 65_536;

export interface BufferSupply {
  take(sizeMin: number): Uint8Array;
  /** The batch is done with a buffer that it has outgrown. */
  giveBack(buffer: Uint8Array): void;
}

const PLAIN_BUFFERS: BufferSupply = {
  take: (sizeMin) => new Uint8Array(sizeMin),
  giveBack: () => {},
};

export class WalBatch {
  bytes: Uint8Array;
  length = 0;
  readonly #supply: BufferSupply;

  constructor(supply: BufferSupply = PLAIN_BUFFERS) {
    this.#supply = supply;
    this.bytes = supply.take(FIRST_SIZE_BYTES);
  }

  isEmpty(): boolean {
    return this.length === 0;
  }

  addEntry(entry: Entry): void {
    const size = sizeOfEntry(entry);
    const position = this.#beginRecord(RecordType.Entry, size);
    writeEntry(entry, this.bytes, position);
  }

  addEntries(entries: readonly Entry[]): void {
    for (let i = 0; i < entries.length; i++) this.addEntry(entries[i]!);
  }

  /** An empty state says nothing and is not written. */
  addHardState(state: HardState): void {
    if (isEmptyHardState(state)) return;
    const position = this.#beginRecord(RecordType.State, sizeOfHardState(state));
    writeHardState(state, this.bytes, position);
  }

  /** The log must hold a hard state with `commit` at or past the snapshot's index before this record. */
  addSnapshot(snapshot: WalSnapshot): void {
    assert(
      snapshot.index === 0 || snapshot.confState !== undefined,
      "a snapshot record names its conf state",
    );
    const data = encodeWalSnapshot(snapshot);
    this.bytes.set(data, this.#beginRecord(RecordType.Snapshot, data.length));
  }

  /** Gives away the buffer with its content and goes on, empty, in another one. */
  detach(): Uint8Array {
    const { bytes } = this;
    this.bytes = this.#supply.take(FIRST_SIZE_BYTES);
    this.length = 0;
    return bytes;
  }

  clear(): void {
    this.length = 0;
  }

  #beginRecord(type: RecordType, size: number): number {
    const start = this.length;
    const end = start + BATCH_RECORD_HEADER_BYTES + size;
    if (end > this.bytes.length) this.#grow(end);
    const { bytes } = this;
    bytes[start] = type;
    bytes[start + 1] = size & 0xff;
    bytes[start + 2] = (size >>> 8) & 0xff;
    bytes[start + 3] = (size >>> 16) & 0xff;
    bytes[start + 4] = size >>> 24;
    this.length = end;
    return start + BATCH_RECORD_HEADER_BYTES;
  }

  #grow(sizeMin: number): void {
    const narrow = this.bytes;
    this.bytes = this.#supply.take(Math.max(sizeMin, narrow.length * 2));
    this.bytes.set(narrow.subarray(0, this.length));
    this.#supply.giveBack(narrow);
  }
}
