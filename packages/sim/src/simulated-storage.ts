/**
 * A member's database and log on the simulated disk, opened in the order in which the real host opens them: a database that is
 * missing beside a log is made only when the log has been found to allow it.
 */

import { type MemberLog, openMemberLog, type TakeOver, takeOverDatabase } from "@etcd-ts/server";
import {
  type DataDirectory,
  type FaultyDisk,
  InlineStorage,
  type OpenedDatabase,
  SnapFolder,
  walExists,
} from "@etcd-ts/storage";

/** Small, so that logs are cut and released, and a defragmentation takes a while, within a short run. */
const SEGMENT_BYTES = 64 * 1024;
const DEFRAGMENTATION_SLICE_BYTES = 16 * 1024;

export interface SimulatedStorage {
  readonly storage: InlineStorage;
  readonly log: MemberLog;
  readonly takeOver: TakeOver;
}

export function openSimulatedStorage(disk: FaultyDisk, directory: DataDirectory): SimulatedStorage {
  const open = () =>
    InlineStorage.open(disk, directory.database, { sync: true, sliceBytes: DEFRAGMENTATION_SLICE_BYTES })!;
  const isNew = !walExists(disk, directory.wal);
  const found = isNew || disk.exists(directory.database) ? open() : undefined;
  const log = openLog(disk, directory, found?.opened);
  if (log.takeOver !== undefined) return { storage: found ?? open(), log, takeOver: log.takeOver };
  found?.close();
  disk.rename(new SnapFolder(disk, directory.snap).databasePath(log.snapshot.index), directory.database);
  disk.syncDirectory(directory.snap);
  const storage = open();
  return { storage, log, takeOver: takeOverDatabase(disk, directory, log, storage.opened) };
}

function openLog(disk: FaultyDisk, directory: DataDirectory, opened: OpenedDatabase | undefined): MemberLog {
  const settings = {
    name: "sim",
    initialCluster: [{ name: "sim", peerUrls: ["http://127.0.0.1:2380"] }],
    initialClusterToken: "sim",
    wal: { segmentSizeBytes: SEGMENT_BYTES, fillPieceBytes: 4096 },
  };
  return openMemberLog(disk, directory, settings, opened);
}
