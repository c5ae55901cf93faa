/** Segment files as a whole: made, locked, set aside; and the zeros that are written ahead. */

import type { Disk, DiskFile } from "../disk/disk.ts";
import type { SegmentName } from "./segment-name.ts";
import { WalError } from "./wal-error.ts";

/** What a repaired log lost: the torn end of its last segment, which is kept as a copy. */
export interface WalRepair {
  readonly segment: string;
  readonly offset: number;
  readonly copy: string;
}

const COPY_PIECE_BYTES = 1_048_576;

export function createSegment(disk: Disk, path: string, sizeBytes: number): DiskFile {
  const file = disk.open(path, "create");
  mustLock(file);
  file.truncate(sizeBytes);
  return file;
}

export function openLocked(disk: Disk, path: string): DiskFile {
  const file = disk.open(path, "write");
  if (file.tryLock("ofd-write")) return file;
  file.close();
  throw lockedError(path);
}

/** The same file, still locked, under its new name. */
export function reopen(disk: Disk, file: DiskFile, path: string): DiskFile {
  const renamed = disk.open(path, "write");
  file.close();
  mustLock(renamed);
  return renamed;
}

function mustLock(file: DiskFile): void {
  if (!file.tryLock("ofd-write")) throw lockedError(file.path);
}

function lockedError(path: string): WalError {
  return new WalError("locked", path, undefined, "another process uses this segment");
}

/** Keeps a copy of a segment with a torn end beside it before that end is cut off. */
export function setAside(
  disk: Disk,
  directory: string,
  file: DiskFile,
  segment: SegmentName,
  offset: number,
): WalRepair {
  const copyPath = `${directory}/${segment.name}.broken`;
  const copy = disk.open(copyPath, "create");
  const piece = new Uint8Array(Math.min(file.size(), COPY_PIECE_BYTES));
  for (let position = 0; ; ) {
    const count = file.read(piece, 0, piece.length, position);
    if (count === 0) break;
    copy.write(piece, 0, count, position);
    position += count;
  }
  copy.sync();
  copy.close();
  disk.syncDirectory(directory);
  return { segment: segment.name, offset, copy: copyPath };
}

let zeroBytes = new Uint8Array(0);

export function zeros(length: number): Uint8Array {
  if (zeroBytes.length < length) zeroBytes = new Uint8Array(length);
  return zeroBytes;
}
