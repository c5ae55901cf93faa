/**
 * A `.snap` file: a raft snapshot with a checksum. Its data is the membership as a v2 store (`v2-store.ts`), never the keys.
 *
 *     File = 08 crc  12 length data        crc = CRC-32C of data; data is an encoded raftpb.Snapshot
 *
 *     TTTTTTTTTTTTTTTT-IIIIIIIIIIIIIIII.snap      term, then index, 16 hex digits each
 */

import { asBuffer, crc32c } from "@etcd-ts/base";
import { decodeSnapshot, encodeSnapshot, type Snapshot } from "@etcd-ts/proto";
import { hex16 } from "../wal/segment-name.ts";
import { decodeFields, varint } from "../wal/walpb.ts";

export class SnapError extends Error {
  override readonly name = "SnapError";
  readonly path: string;

  constructor(path: string, reason: string) {
    super(`snap: ${path}: ${reason}`);
    this.path = path;
  }
}

export function encodeSnapFile(snapshot: Snapshot): Uint8Array {
  const data = encodeSnapshot(snapshot);
  const head = [0x08, ...varint(BigInt(crc32c(data))), 0x12, ...varint(BigInt(data.length))];
  return Buffer.concat([Uint8Array.from(head), asBuffer(data)]);
}

/** Throws a {@link SnapError} that names `path` when the bytes are no snapshot, or not the ones that were written. */
export function decodeSnapFile(path: string, bytes: Uint8Array): Snapshot {
  if (bytes.length === 0) throw new SnapError(path, "the file is empty");
  try {
    const fields = decodeFields(bytes);
    const crc = Number(fields.scalars.get(1) ?? 0n);
    const data = fields.messages.get(2);
    if (data === undefined || data.length === 0 || crc === 0)
      throw new SnapError(path, "the snapshot is empty");
    if (crc32c(data) !== crc) throw new SnapError(path, "crc mismatch");
    return decodeSnapshot(data);
  } catch (error) {
    if (error instanceof SnapError) throw error;
    throw new SnapError(path, error instanceof Error ? error.message : String(error));
  }
}

export interface SnapName {
  readonly name: string;
  readonly term: number;
  readonly index: number;
}

export function snapName(term: number, index: number): string {
  return `${hex16(term)}-${hex16(index)}.snap`;
}

const PATTERN = /^([0-9a-f]{16})-([0-9a-f]{16})\.snap$/;

/** The snapshots among the names of a folder, newest first. */
export function snapsAmong(names: readonly string[]): SnapName[] {
  const snaps: SnapName[] = [];
  for (const name of [...names].sort().reverse()) {
    const match = PATTERN.exec(name);
    if (match === null) continue;
    snaps.push({ name, term: Number.parseInt(match[1]!, 16), index: Number.parseInt(match[2]!, 16) });
  }
  return snaps;
}

/** A database received from the leader, before it takes the place of `db`. */
export function snapDatabaseName(index: number): string {
  return `${hex16(index)}.snap.db`;
}

const DATABASE_PATTERN = /^([0-9a-f]{16})\.snap\.db$/;

/** The index in the name of a received database; undefined for other names. */
export function snapDatabaseIndex(name: string): number | undefined {
  const match = DATABASE_PATTERN.exec(name);
  return match === null ? undefined : Number.parseInt(match[1]!, 16);
}
