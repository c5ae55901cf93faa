/**
 * From a data directory and a configuration to a member that can be stepped (`disk-formats.md` 3): locks, opens or makes the
 * database, then the log, and restores the state machine. What an earlier run left, of whichever release, is looked at before
 * anything is changed.
 *
 * Order of a first start: the database is made and synced, then the log is renamed into place with the cluster's first entries
 * in it. A crash before leaves a directory that starts anew; after, one that restarts.
 */

import { statSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import type { Logger } from "@etcd-ts/base";
import {
  type LogSettings,
  type Member,
  type MemberLog,
  MemberRestore,
  type MemberSettings,
  openMemberLog,
  removeCheckpoint,
  type TakeOver,
  takeOverDatabase,
} from "@etcd-ts/server";
import {
  type DataDirectory,
  type Disk,
  dataDirectory,
  prepareDataDirectory,
  RealDisk,
  SnapFolder,
  type Wal,
  WalThread,
  walExists,
} from "@etcd-ts/storage";
import { type DatabaseListener, DatabaseThreads } from "./database.ts";
import { StartCheckpoint } from "./start-checkpoint.ts";
import type { StartLines } from "./start-lines.ts";

/** How long a second process waits for the directory's locks. */
const LOCK_WAIT_MS = 10_000;

export interface MemberConfig extends MemberSettings, Omit<LogSettings, "wal"> {
  readonly dataDir: string;
  /** Empty: `member/wal` of the data directory. */
  readonly walDir: string;
  readonly walsMax: number;
  readonly snapshotsMax: number;
  readonly unsafeNoFsync: boolean;
  readonly defragmentBytesMin: number;
}

export interface OpenedMember {
  readonly member: Member;
  readonly memberId: bigint;
  readonly clusterId: bigint;
  readonly wal: Wal;
  /** Waits for the log. */
  readonly walThread: Worker;
  readonly database: DatabaseThreads;
  readonly directory: DataDirectory;
  /** The index came from a checkpoint: values are not in memory. */
  readonly isCold: boolean;
}

interface OpenedStorage {
  readonly log: MemberLog;
  readonly takeOver: TakeOver;
  readonly database: DatabaseThreads;
  /** The database came from a leader, and has only now taken its place. */
  readonly isReceived: boolean;
  readonly walThread: Worker;
}

/** `listener` hears of the database from now on. */
export async function openMember(
  config: MemberConfig,
  listener: DatabaseListener,
  logger: Logger,
  lines: StartLines,
): Promise<OpenedMember> {
  const disk = new RealDisk();
  const directory = dataDirectory(config.dataDir, config.walDir);
  prepareDataDirectory(disk, directory);
  const isNew = !walExists(disk, directory.wal);
  const checkpoint = new StartCheckpoint(disk, directory.checkpoint, logger);
  const storage = await openStorage(disk, directory, config, listener, lines);
  const { log, takeOver, database, isReceived, walThread } = storage;
  tell(logger, log, database);
  new SnapFolder(disk, directory.snap).removeLeftovers();
  const restore = new MemberRestore(
    { ...config, databasePath: directory.database },
    log,
    database.opened,
    takeOver,
  );
  const ready = await checkpoint.complete(isReceived, () => restore.checkpointDemand(directory.database));
  if (ready === undefined && !database.opened.created)
    await database.reader.load(database.opened, (chunk) => restore.addRecords(chunk));
  // Who serves needs it soon: it begins while the rest is made ready.
  database.reader.begin();
  const { nodeId, clusterId } = log.metadata;
  lines.restored(isNew, log, database.opened, restore.membership, restore.backend);
  const member = restore.finish(ready);
  if (isNew) member.applyFirst();
  lines.memberMade(member, log);
  return {
    member,
    memberId: nodeId,
    clusterId,
    wal: log.wal,
    walThread,
    database,
    directory,
    isCold: ready !== undefined,
  };
}

/** A database that is missing beside a log is made, or put in place, only when the log has been found to allow it. */
async function openStorage(
  disk: Disk,
  directory: DataDirectory,
  config: MemberConfig,
  listener: DatabaseListener,
  lines: StartLines,
): Promise<OpenedStorage> {
  const path = directory.database;
  const open = async () => {
    const beganAtMs = performance.now();
    const sizeBefore = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    lines.databaseOpening(path);
    const { unsafeNoFsync, defragmentBytesMin } = config;
    const options = { path, sync: !unsafeNoFsync, lockWaitMs: LOCK_WAIT_MS, defragmentBytesMin };
    const database = await DatabaseThreads.open(options, listener);
    lines.databaseOpened(path, performance.now() - beganAtMs);
    const { size, sizeInUse } = database.opened;
    if (defragmentBytesMin > 0 && size === sizeBefore)
      lines.defragmentationSkipped({ bytes: size, bytesInUse: sizeInUse }, defragmentBytesMin);
    return database;
  };
  const settings = { ...config, wal: { segmentsMax: config.walsMax, syncs: !config.unsafeNoFsync } };
  const isNew = !walExists(disk, directory.wal);
  const found = isNew || disk.exists(directory.database) ? await open() : undefined;
  // It begins while the log is read here.
  const walThread = WalThread.begin();
  const log = openMemberLog(disk, directory, settings, found?.opened);
  if (log.takeOver !== undefined) {
    return { log, takeOver: log.takeOver, database: found ?? (await open()), isReceived: false, walThread };
  }
  await found?.close();
  removeCheckpoint(disk, directory.checkpoint);
  disk.rename(new SnapFolder(disk, directory.snap).databasePath(log.snapshot.index), directory.database);
  disk.syncDirectory(directory.snap);
  const database = await open();
  return {
    log,
    takeOver: takeOverDatabase(disk, directory, log, database.opened),
    database,
    isReceived: true,
    walThread,
  };
}

function tell(logger: Logger, { repair }: MemberLog, { locked }: DatabaseThreads): void {
  if (!locked)
    logger.warn(
      "host/open-member.ts:166",
      "there is no flock program: a Go etcd started on this data directory is not kept out",
    );
  if (repair !== undefined)
    logger.warn("host/open-member.ts:170", "repaired WAL: its last record was torn, and has been cut off", {
      path: repair.segment,
      offset: repair.offset,
      copy: repair.copy,
    });
}
