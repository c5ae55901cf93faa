/**
 * Blocks of a checkpoint into a new index (`FORMAT.md`): most of them are read to where they will stay. Values are cold. What a CRC has passed is
 * taken for what the writer wrote; what is used before that is within bounds.
 */

import { ArenaAssembly } from "../mvcc/arena-image.ts";
import { newSegment, SEGMENT_ENTRIES, type Segment } from "../mvcc/key-hash.ts";
import type { KeyIndex } from "../mvcc/key-index.ts";
import { LIVE, SLOT_BYTES, SLOTS_PER_CHUNK } from "../mvcc/key-slots.ts";
import { BlockKind, type BlockReader, CheckpointDiscarded } from "./checkpoint-format.ts";

const HISTORY_ROW = 5;
const PIECE_WORDS = 4;
const DEPTH_MAX = 20;
const TABLE_WORDS = 2;

export class IndexReader {
  private readonly index: KeyIndex;
  private readonly blocks: BlockReader;
  private readonly records = new ArenaAssembly();
  private readonly segments: Segment[] = [];
  private crowded: Int32Array = new Int32Array(0);

  constructor(index: KeyIndex, blocks: BlockReader) {
    this.index = index;
    this.blocks = blocks;
    index.restoreUnordered();
  }

  /** Takes the block that has begun. */
  add(): void {
    const { blocks } = this;
    switch (blocks.kind) {
      case BlockKind.slots:
        this.addSlots();
        return blocks.end();
      case BlockKind.records:
        this.addRecords();
        return blocks.end();
      case BlockKind.table:
        this.addSegment();
        return blocks.end();
      case BlockKind.crowded:
        this.crowded = words(blocks.takeAll());
        return;
      case BlockKind.histories:
        return this.addHistories(blocks.takeAll());
      case BlockKind.lives:
        return this.addLives(blocks.takeAll());
      default:
        throw new CheckpointDiscarded(`it has a block of kind ${blocks.kind}`);
    }
  }

  /** All blocks have been added; `revision`: the one that they show. */
  end(revision: number): void {
    const { index, segments, crowded } = this;
    index.newestRevision = revision;
    index.arena.adopt(this.records.parts());
    const depth = segments[0]?.depth ?? 0;
    if (segments.length !== 1 << depth) throw new CheckpointDiscarded("its table is not whole");
    const directory = Int32Array.from(segments, (_, i) => i);
    index.hash.adopt({ segments, directory, depth, overflow: new Map(), seed: index.hash.seed });
    for (const slot of crowded) index.hash.insert(index.key(slot), slot);
    index.restoreInOrder(this.entries());
  }

  private addSlots(): void {
    const { blocks, index } = this;
    const count = blocks.left / SLOT_BYTES;
    const isFull = index.slots.end % SLOTS_PER_CHUNK === 0;
    if (!Number.isInteger(count) || count > SLOTS_PER_CHUNK || !isFull)
      throw new CheckpointDiscarded("a block is not of slots");
    blocks.take(index.slots.addImage(count));
  }

  private addRecords(): void {
    const { blocks } = this;
    const [id, sizeClass, slotBytes, offset] = words(
      blocks.take(new Uint8Array(4 * PIECE_WORDS)),
    ) as unknown as Piece;
    const place = this.records.placeOf({ id, sizeClass, slotBytes, offset }, blocks.left);
    if (place === undefined) throw new CheckpointDiscarded("a block is not of records");
    blocks.take(place);
  }

  private addSegment(): void {
    const { blocks, segments } = this;
    const [depth, count] = words(blocks.take(new Uint8Array(4 * TABLE_WORDS))) as unknown as [number, number];
    const isOne = depth >= 0 && depth <= DEPTH_MAX && count >= 0 && count <= SEGMENT_ENTRIES;
    if (!isOne) throw new CheckpointDiscarded("a block is not of the table");
    const segment = newSegment(depth);
    segment.count = count;
    blocks.take(new Uint8Array(segment.words.buffer));
    segments.push(segment);
  }

  /** Numbers in the order of keys, complements for those that are not live. */
  private entries(): Int32Array {
    const { slots } = this.index;
    const entries = new Int32Array(slots.end);
    for (let slot = 0; slot < entries.length; slot++)
      entries[slot] = (slots.flags(slot) & LIVE) === 0 ? ~slot : slot;
    return entries;
  }

  private addHistories(payload: Uint8Array): void {
    const rows = new Float64Array(payload.buffer, payload.byteOffset, payload.length / 8);
    const { history, slots } = this.index;
    for (let at = 0; at + HISTORY_ROW <= rows.length; at += HISTORY_ROW) {
      const slot = rows[at] as number;
      const sub = rows[at + 2] as number;
      if (!(slot < slots.end)) throw new CheckpointDiscarded("a change is of no key");
      history.add(
        slot,
        rows[at + 1] as number,
        sub < 0 ? -1 - sub : sub,
        sub < 0,
        rows[at + 3] as number,
        rows[at + 4] as number,
      );
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
}

type Piece = [id: number, sizeClass: number, slotBytes: number, offset: number];

function words(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
}
