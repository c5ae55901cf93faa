/**
 * From a data directory and a configuration to a member that can be stepped (`disk-formats.md` 3): locks, opens or makes the
 * database, then the log, and restores the state machine.
 *
 * Order of a first start: the database is made and synced, then the log is renamed into place with the cluster's first entries
 * in it. A crash before leaves a directory that starts anew; after, one that restarts.
 */

import {
  bootstrapCluster,
  type InitialMember,
  type Member,
  MemberRestore,
  type MemberSettings,
  type OpenedLog,
} from "@etcd-ts/server";
import {
  type DataDirectory,
  dataDirectory,
  LOG_START,
  newestWalSnapshot,
  prepareDataDirectory,
  RealDisk,
  Wal,
  WalBatch,
  walExists,
} from "@etcd-ts/storage";
import { type DatabaseListener, DatabaseThreads } from "./database.ts";

/** How long a second process waits for the directory's locks. */
const LOCK_WAIT_MS = 10_000;

export interface MemberConfig extends MemberSettings {
  readonly dataDir: string;
  /** Empty: `member/wal` of the data directory. */
  readonly walDir: string;
  readonly initialCluster: readonly InitialMember[];
  readonly initialClusterToken: string;
  readonly walsMax: number;
  readonly snapshotsMax: number;
  readonly unsafeNoFsync: boolean;
}

export interface OpenedMember {
  readonly member: Member;
  readonly memberId: bigint;
  readonly clusterId: bigint;
  readonly wal: Wal;
  readonly database: DatabaseThreads;
  readonly directory: DataDirectory;
}

interface OpenedWalLog extends OpenedLog {
  readonly wal: Wal;
}

/** `listener` hears of the database from now on. */
export async function openMember(config: MemberConfig, listener: DatabaseListener): Promise<OpenedMember> {
  const disk = new RealDisk();
  const directory = dataDirectory(config.dataDir, config.walDir);
  prepareDataDirectory(disk, directory);
  const options = { path: directory.database, sync: !config.unsafeNoFsync, lockWaitMs: LOCK_WAIT_MS };
  const database = await DatabaseThreads.open(options, listener);
  const log = walExists(disk, directory.wal)
    ? openLog(disk, directory.wal, config)
    : createLog(disk, directory.wal, config);
  const restore = new MemberRestore(config, log, database.opened);
  await database.reader.load(database.opened, (chunk) => restore.addRecords(chunk));
  const { nodeId, clusterId } = log.metadata;
  const member = restore.finish();
  return { member, memberId: nodeId, clusterId, wal: log.wal, database, directory };
}

function createLog(disk: RealDisk, directory: string, config: MemberConfig): OpenedWalLog {
  const cluster = bootstrapCluster(config.name, config.initialCluster, config.initialClusterToken);
  const { hardState, entries } = cluster;
  const first = new WalBatch();
  first.addEntries(entries);
  first.addHardState(hardState);
  const metadata = { nodeId: cluster.memberId, clusterId: cluster.clusterId };
  const wal = Wal.create(disk, directory, metadata, walOptions(config), first);
  return { wal, metadata, hardState, entries: [...entries], snapshot: LOG_START };
}

function openLog(disk: RealDisk, directory: string, config: MemberConfig): OpenedWalLog {
  const snapshot = newestWalSnapshot(disk, directory) ?? LOG_START;
  const { wal, contents } = Wal.open(disk, directory, snapshot, walOptions(config));
  return { wal, ...contents, snapshot };
}

function walOptions(config: MemberConfig): { readonly segmentsMax: number; readonly syncs: boolean } {
  return { segmentsMax: config.walsMax, syncs: !config.unsafeNoFsync };
}
