/**
 * Where a member keeps what. The names are etcd's, and permanent.
 *
 *     <data-dir>/member/wal/         the log, or `--wal-dir`
 *     <data-dir>/member/snap/        snapshots
 *     <data-dir>/member/snap/db      the database
 *     <data-dir>/member/index-checkpoint     our own: with it a start reads less
 */

import type { Disk } from "../disk/disk.ts";
import { parentOf, withoutTrailingSlash } from "../disk/path.ts";

export interface DataDirectory {
  readonly root: string;
  readonly member: string;
  readonly wal: string;
  readonly snap: string;
  readonly database: string;
  readonly checkpoint: string;
}

export function dataDirectory(root: string, walDirectory?: string): DataDirectory {
  const trimmed = withoutTrailingSlash(root);
  const member = `${trimmed}/member`;
  const wal =
    walDirectory === undefined || walDirectory === "" ? `${member}/wal` : withoutTrailingSlash(walDirectory);
  return {
    root: trimmed,
    member,
    wal,
    snap: `${member}/snap`,
    database: `${member}/snap/db`,
    checkpoint: `${member}/index-checkpoint`,
  };
}

/** Makes the folders that are missing, their names durable, and proves that all can be written. The log makes its own. */
export function prepareDataDirectory(disk: Disk, directory: DataDirectory): void {
  disk.makeDirectory(directory.snap);
  for (const folder of [directory.root, directory.member, directory.snap]) proveWritable(disk, folder);
  disk.makeDirectory(parentOf(directory.wal));
  proveWritable(disk, disk.exists(directory.wal) ? directory.wal : parentOf(directory.wal));
  for (const folder of [directory.snap, directory.member, directory.root, parentOf(directory.wal)]) {
    disk.syncDirectory(parentOf(folder));
  }
}

/** Throws the `DiskError` that any write there would. */
export function proveWritable(disk: Disk, folder: string): void {
  const path = `${folder}/.touch`;
  disk.open(path, "create").close();
  disk.remove(path);
}
