/**
 * An arena that is written out while it fills and is never in memory as a whole: records get the references that they will have when its pieces have
 * been put together again ({@link ArenaAssembly}). Nothing in it is ever freed.
 */

import { assert } from "@etcd-ts/base";
import {
  type ArenaParts,
  CLASS_COUNT,
  LARGE_CLASS,
  RECORD_HEADER_BYTES,
  SLAB_BYTES,
  SLAB_SHIFT,
  SLOT_BYTES_MAX,
  type SlabParts,
  sizeClassOf,
  slotBytesOf,
} from "./arena.ts";

const SLAB_IDS = 1 << (32 - SLAB_SHIFT);
const PIECE_BYTES_FIRST = 16 * 1024;

/** Whole slots of one slab. */
export interface SlabPiece {
  readonly id: number;
  readonly sizeClass: number;
  readonly slotBytes: number;
  readonly offset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface OpenSlab {
  readonly id: number;
  readonly slotBytes: number;
  /** Where in the slab the piece under way begins. */
  offset: number;
  piece: Uint8Array<ArrayBuffer>;
  words: Int32Array;
  used: number;
}

export class ArenaImage {
  /** Payload of the record just allocated. */
  bytes: Uint8Array = new Uint8Array(0);
  start = 0;
  private readonly open: (OpenSlab | undefined)[] = new Array(CLASS_COUNT).fill(undefined);
  private full: SlabPiece[] = [];
  private nextId = 1;

  /** A record of `length` payload bytes; {@link bytes} from {@link start} on are its payload, to be written before the next is allocated. */
  allocate(length: number, owner: number): number {
    const wanted = length + RECORD_HEADER_BYTES;
    if (wanted > SLOT_BYTES_MAX) return this.allocateLarge(length, owner);
    const sizeClass = sizeClassOf(wanted);
    const slab = this.slabWithRoom(sizeClass);
    const at = slab.used;
    const { slotBytes } = slab;
    if (at + slotBytes > slab.piece.length) widen(slab);
    slab.used += slotBytes;
    slab.words[at >> 2] = owner;
    slab.words[(at >> 2) + 1] = length;
    this.bytes = slab.piece;
    this.start = at + RECORD_HEADER_BYTES;
    return ((slab.id << SLAB_SHIFT) | ((slab.offset + at) >> 4)) >>> 0;
  }

  /** All that was allocated since the last call. */
  takePieces(): SlabPiece[] {
    for (const [sizeClass, slab] of this.open.entries()) if (slab !== undefined) this.close(sizeClass, slab);
    const pieces = this.full;
    this.full = [];
    return pieces;
  }

  private slabWithRoom(sizeClass: number): OpenSlab {
    const slab = this.open[sizeClass];
    if (slab !== undefined && slab.offset + slab.used + slab.slotBytes <= SLAB_BYTES) return slab;
    if (slab !== undefined) this.close(sizeClass, slab);
    const opened: OpenSlab = {
      id: this.takeId(),
      slotBytes: slotBytesOf(sizeClass),
      offset: 0,
      piece: new Uint8Array(0),
      words: new Int32Array(0),
      used: 0,
    };
    this.open[sizeClass] = opened;
    return opened;
  }

  private close(sizeClass: number, slab: OpenSlab): void {
    if (slab.used === 0) return;
    const { id, slotBytes, offset, piece, used } = slab;
    this.full.push({ id, sizeClass, slotBytes, offset, bytes: piece.subarray(0, used) });
    slab.offset += used;
    slab.used = 0;
    slab.piece = new Uint8Array(0);
  }

  private allocateLarge(length: number, owner: number): number {
    const slotBytes = (length + RECORD_HEADER_BYTES + 7) & ~7;
    const bytes = new Uint8Array(slotBytes);
    new Int32Array(bytes.buffer, 0, 2).set([owner, length]);
    this.bytes = bytes;
    this.start = RECORD_HEADER_BYTES;
    const id = this.takeId();
    this.full.push({ id, sizeClass: LARGE_CLASS, slotBytes, offset: 0, bytes });
    return (id << SLAB_SHIFT) >>> 0;
  }

  private takeId(): number {
    assert(this.nextId < SLAB_IDS, "an image is within the reach of its references");
    return this.nextId++;
  }
}

function widen(slab: OpenSlab): void {
  const wider = new Uint8Array(Math.max(PIECE_BYTES_FIRST, 2 * slab.piece.length, slab.slotBytes));
  wider.set(slab.piece);
  slab.piece = wider;
  slab.words = new Int32Array(wider.buffer, 0, wider.length >> 2);
}

/** The pieces put together again. */
export class ArenaAssembly {
  private readonly slabs = new Map<number, { -readonly [Field in keyof SlabParts]: SlabParts[Field] }>();

  /** Where a piece of so many bytes belongs; undefined: it is none of an image's, and would lie beyond its slab. */
  placeOf(
    { id, sizeClass, slotBytes, offset }: Omit<SlabPiece, "bytes">,
    length: number,
  ): Uint8Array | undefined {
    const isLarge = sizeClass === LARGE_CLASS;
    if (!isLarge && !(sizeClass > 0 && sizeClass < CLASS_COUNT && slotBytes === slotBytesOf(sizeClass)))
      return undefined;
    const slabBytes = isLarge ? slotBytes : SLAB_BYTES;
    const isWithin = id > 0 && id < SLAB_IDS && slotBytes > 0 && length % slotBytes === 0;
    if (!isWithin || offset + length > slabBytes) return undefined;
    const slab = this.slabs.get(id) ?? this.begin(id, sizeClass, slotBytes, slabBytes);
    if (offset !== slab.bump || slab.sizeClass !== sizeClass) return undefined;
    slab.bump += length;
    slab.live += length / slotBytes;
    return new Uint8Array(slab.memory, offset, length);
  }

  parts(): ArenaParts {
    return { slabs: [...this.slabs.values()] };
  }

  private begin(id: number, sizeClass: number, slotBytes: number, slabBytes: number) {
    const memory = new ArrayBuffer(slabBytes);
    const slab = { memory, id, sizeClass, slotBytes, bump: 0, live: 0, freeHead: -1 };
    this.slabs.set(id, slab);
    return slab;
  }
}
