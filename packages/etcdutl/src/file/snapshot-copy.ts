/**
 * The snapshot's database, copied to its place and checked on the way. A snapshot that a server sent ends in the SHA-256 of what comes
 * before; a database that was copied out of a data directory does not: its size is a whole number of sectors.
 */

import { createHash } from "node:crypto";
import { type DataDirectory, type Disk, type DiskFile, parentOf } from "@etcd-ts/storage";

const DIGEST_BYTES = 32;
const SECTOR_BYTES = 512;
const PIECE_BYTES = 1024 * 1024;

export function copySnapshot(disk: Disk, path: string, directory: DataDirectory, skipsCheck: boolean): void {
  if (!disk.exists(path)) throw new Error(`open ${path}: no such file or directory`);
  const source = disk.open(path, "read");
  try {
    const size = source.size();
    // What the original comes to when it looks for the digest.
    if (size < DIGEST_BYTES) throw new Error(`seek ${path}: invalid argument`);
    const hasDigest = size % SECTOR_BYTES === DIGEST_BYTES;
    if (!hasDigest && !skipsCheck) throw new Error("snapshot missing hash but --skip-hash-check=false");
    disk.makeDirectory(directory.snap);
    const target = disk.open(directory.database, "create");
    const bytes = hasDigest ? size - DIGEST_BYTES : size;
    const digest = copy(source, target, bytes);
    target.sync();
    target.close();
    if (!skipsCheck) mustEqual(digestAt(source, bytes), digest);
    disk.syncDirectory(parentOf(directory.database));
  } finally {
    source.close();
  }
}

/** Copies the first `bytes` bytes; returns their SHA-256. */
function copy(source: DiskFile, target: DiskFile, bytes: number): Uint8Array {
  const hash = createHash("sha256");
  const piece = new Uint8Array(PIECE_BYTES);
  for (let at = 0; at < bytes; ) {
    const length = source.read(piece, 0, Math.min(PIECE_BYTES, bytes - at), at);
    if (length === 0) throw new Error(`read ${source.path}: unexpected EOF`);
    target.write(piece, 0, length, at);
    hash.update(piece.subarray(0, length));
    at += length;
  }
  return hash.digest();
}

function digestAt(source: DiskFile, position: number): Uint8Array {
  const digest = new Uint8Array(DIGEST_BYTES);
  source.read(digest, 0, DIGEST_BYTES, position);
  return digest;
}

function mustEqual(expected: Uint8Array, digest: Uint8Array): void {
  if (Buffer.compare(expected, digest) === 0) return;
  throw new Error(`expected sha256 [${expected.join(" ")}], got [${digest.join(" ")}]`);
}
