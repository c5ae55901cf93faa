/**
 * Blocks of the checkpoint file (`FORMAT.md`): kinds, head and end, and how blocks are framed and read. Permanent, but for the kind `keys`, which is
 * on its way to the writer only.
 */

import { utf8Bytes } from "@etcd-ts/base";
import type { DiskFile } from "@etcd-ts/storage";
import { crc32 } from "./real-crc32.ts";

export const MAGIC = utf8Bytes("etcdtsIX");
export const VERSION = 2;
export const FRAME_BYTES = 12;

export const BlockKind = {
  head: 1,
  keys: 2,
  histories: 3,
  lives: 4,
  end: 5,
  slots: 6,
  records: 7,
  table: 8,
  crowded: 9,
} as const;
export type BlockKind = (typeof BlockKind)[keyof typeof BlockKind];

export interface Block {
  readonly kind: BlockKind;
  readonly payload: Uint8Array<ArrayBuffer>;
}

/** What the checkpoint belongs to. */
export interface CheckpointIdentity {
  readonly clusterId: bigint;
  readonly memberId: bigint;
  readonly finishedMark: number;
  readonly scheduledMark: number;
}

export interface CheckpointHead extends CheckpointIdentity {
  readonly keys: number;
  readonly revision: number;
  readonly consistentIndex: number;
  readonly hashSeed: number;
}

/** The last records up to the checkpoint's revision. */
export interface RecordTail {
  readonly fromMain: number;
  readonly fromMinor: number;
  readonly count: number;
  readonly crc: number;
}

/** The file is not a checkpoint, or not a whole one, or not this database's: it is left alone. */
export class CheckpointDiscarded extends Error {
  override readonly name = "CheckpointDiscarded";
}

const SYNC_BYTES = 8 * 1024 * 1024;
const HEAD_BYTES = 64;
const END_BYTES = 24;

export function encodeHead(head: CheckpointHead): Block {
  const payload = new Uint8Array(HEAD_BYTES);
  const view = new DataView(payload.buffer);
  view.setUint32(0, VERSION, true);
  view.setUint32(4, head.keys, true);
  view.setBigUint64(8, head.clusterId, true);
  view.setBigUint64(16, head.memberId, true);
  view.setFloat64(24, head.revision, true);
  view.setFloat64(32, head.consistentIndex, true);
  view.setFloat64(40, head.finishedMark, true);
  view.setFloat64(48, head.scheduledMark, true);
  view.setUint32(56, head.hashSeed, true);
  return { kind: BlockKind.head, payload };
}

export function decodeHead({ kind, payload }: Block): CheckpointHead {
  if (kind !== BlockKind.head || payload.length < 4) throw new CheckpointDiscarded("it has no head");
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const version = view.getUint32(0, true);
  if (version !== VERSION) throw new CheckpointDiscarded(`it is of version ${version}`);
  if (payload.length !== HEAD_BYTES) throw new CheckpointDiscarded("its head is not one");
  return {
    keys: view.getUint32(4, true),
    clusterId: view.getBigUint64(8, true),
    memberId: view.getBigUint64(16, true),
    revision: view.getFloat64(24, true),
    consistentIndex: view.getFloat64(32, true),
    finishedMark: view.getFloat64(40, true),
    scheduledMark: view.getFloat64(48, true),
    hashSeed: view.getUint32(56, true),
  };
}

export function encodeEnd({ fromMain, fromMinor, count, crc }: RecordTail): Block {
  const payload = new Uint8Array(END_BYTES);
  const view = new DataView(payload.buffer);
  view.setFloat64(0, fromMain, true);
  view.setFloat64(8, fromMinor, true);
  view.setUint32(16, count, true);
  view.setUint32(20, crc, true);
  return { kind: BlockKind.end, payload };
}

export function decodeEnd(payload: Uint8Array): RecordTail {
  if (payload.length !== END_BYTES) throw new CheckpointDiscarded("its end is not one");
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  return {
    fromMain: view.getFloat64(0, true),
    fromMinor: view.getFloat64(8, true),
    count: view.getUint32(16, true),
    crc: view.getUint32(20, true),
  };
}

/** Appends blocks to a file. What it writes is made durable as it goes, so that no sync has much to do: others wait for the same disk. */
export class BlockWriter {
  private readonly file: DiskFile;
  private position = 0;
  private synced = 0;
  private crc = 0;
  private readonly frame = new Uint8Array(FRAME_BYTES);
  private readonly syncs: boolean;

  constructor(file: DiskFile, syncs: boolean) {
    this.file = file;
    this.syncs = syncs;
    this.write(MAGIC);
  }

  /** The payload may come in pieces. */
  add(kind: BlockKind, ...pieces: readonly Uint8Array[]): void {
    const view = new DataView(this.frame.buffer);
    view.setUint32(0, kind, true);
    view.setUint32(
      4,
      pieces.reduce((sum, piece) => sum + piece.length, 0),
      true,
    );
    this.crc = crc32(this.frame.subarray(0, 8), this.crc);
    for (const piece of pieces) this.crc = crc32(piece, this.crc);
    view.setUint32(8, this.crc, true);
    this.write(this.frame);
    for (const piece of pieces) this.write(piece);
  }

  private write(bytes: Uint8Array): void {
    this.file.write(bytes, 0, bytes.length, this.position);
    this.position += bytes.length;
    if (!this.syncs || this.position - this.synced < SYNC_BYTES) return;
    this.file.sync();
    this.synced = this.position;
  }
}

/** Reads them. What was taken of a block may be relied on when its end has been reached. Throws CheckpointDiscarded on damage. */
export class BlockReader {
  kind: BlockKind = BlockKind.head;
  /** Bytes of the block that are not taken yet. */
  left = 0;
  private readonly file: DiskFile;
  private readonly size: number;
  private position = 0;
  private crc = 0;
  private readonly frame = new Uint8Array(FRAME_BYTES);
  private readonly frameView = new DataView(this.frame.buffer);

  constructor(file: DiskFile) {
    this.file = file;
    this.size = file.size();
    const magic = new Uint8Array(MAGIC.length);
    this.read(magic);
    if (magic.some((byte, i) => byte !== MAGIC[i])) throw new CheckpointDiscarded("it does not begin as one");
  }

  get isAtEnd(): boolean {
    return this.position === this.size;
  }

  /** The next block's kind and length; both may be wrong until its end. */
  begin(): BlockKind {
    this.read(this.frame);
    this.kind = this.frameView.getUint32(0, true) as BlockKind;
    this.left = this.frameView.getUint32(4, true);
    if (this.left > this.size - this.position) throw new CheckpointDiscarded("it is cut off");
    this.crc = crc32(this.frame.subarray(0, 8), this.crc);
    return this.kind;
  }

  /** The next bytes of the block. */
  take<T extends Uint8Array>(target: T): T {
    if (target.length > this.left) throw new CheckpointDiscarded("a block is shorter than what is in it");
    this.read(target);
    this.crc = crc32(target, this.crc);
    this.left -= target.length;
    return target;
  }

  /** All of the block. */
  takeAll(): Uint8Array<ArrayBuffer> {
    const payload = this.take(new Uint8Array(this.left));
    this.end();
    return payload;
  }

  end(): void {
    if (this.left !== 0) throw new CheckpointDiscarded("a block is longer than what is in it");
    if (this.crc !== this.frameView.getUint32(8, true)) throw new CheckpointDiscarded("it is damaged");
  }

  private read(target: Uint8Array): void {
    const got = this.file.read(target, 0, target.length, this.position);
    if (got < target.length) throw new CheckpointDiscarded("it is cut off");
    this.position += got;
  }
}
