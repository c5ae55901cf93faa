/**
 * Opens a member's log, or makes a new one, over any disk: the real host and the simulated one begin here alike. Whatever is
 * there is inspected before it is changed.
 *
 *     no log                       a new one, with the cluster's first entries in it
 *     a log that never began       a new one, if the flags say the same member and cluster
 *     a log                        taken over
 */

import {
  type DataDirectory,
  type Disk,
  decodeV2Store,
  LOG_START,
  type OpenedDatabase,
  SnapError,
  SnapFolder,
  Wal,
  WalBatch,
  type WalMetadata,
  type WalOptions,
  type WalRepair,
  walExists,
} from "@etcd-ts/storage";
import { memberKey } from "../membership/member-record.ts";
import { bootstrapCluster, type InitialMember, type NewCluster } from "./bootstrap.ts";
import { CannotStartError } from "./cannot-start-error.ts";
import {
  type FoundLog,
  inspect,
  isUnborn,
  needsReceivedDatabase,
  ofSeveralMembers,
  type TakeOver,
} from "./take-over.ts";

export interface LogSettings {
  readonly name: string;
  readonly initialCluster: readonly InitialMember[];
  readonly initialClusterToken: string;
  readonly wal: WalOptions;
}

export interface MemberLog extends FoundLog {
  readonly wal: Wal;
  /** What a torn end lost, if it had one. */
  readonly repair: WalRepair | undefined;
  /** Undefined: the database received from a leader must take its place first, then {@link takeOverDatabase} tells. */
  readonly takeOver: TakeOver | undefined;
}

const NOTHING_TO_DO: TakeOver = { membership: undefined, snapshotIndex: 0 };

/** `opened`: undefined when there is no database yet. */
export function openMemberLog(
  disk: Disk,
  directory: DataDirectory,
  settings: LogSettings,
  opened: OpenedDatabase | undefined,
): MemberLog {
  if (!walExists(disk, directory.wal)) {
    mustBeEmpty(directory, opened);
    return createLog(disk, directory, settings);
  }
  let takeOver: TakeOver | undefined;
  let unborn = false;
  const { wal, position, contents, repair } = Wal.open(
    disk,
    directory.wal,
    "newest",
    settings.wal,
    undefined,
    (contents, snapshot) => {
      const log = { ...contents, snapshot };
      unborn = isUnborn(log, opened);
      if (unborn) mustBeSameMember(directory, log.metadata, newCluster(settings));
      else if (needsReceivedDatabase(log, opened)) mustHaveReceivedDatabase(disk, directory, snapshot.index);
      else takeOver = takeOverDatabase(disk, directory, log, opened);
    },
  );
  if (unborn) {
    wal.close();
    return createLog(disk, directory, settings);
  }
  return { ...contents, snapshot: position, wal, repair, takeOver };
}

/** What the database that goes with the log needs. Throws when they do not go together. */
export function takeOverDatabase(
  disk: Disk,
  directory: DataDirectory,
  log: FoundLog,
  opened: OpenedDatabase | undefined,
): TakeOver {
  const { term, index } = log.snapshot;
  return inspect(log, opened, () => {
    const found = new SnapFolder(disk, directory.snap).at(term, index);
    if (found?.data === undefined)
      throw new CannotStartError(
        `${directory.snap} has no snapshot of index ${index}, and the database does not say who is in the cluster`,
      );
    try {
      return decodeV2Store(found.data);
    } catch (cause) {
      throw new SnapError(directory.snap, cause instanceof Error ? cause.message : String(cause));
    }
  });
}

function createLog(disk: Disk, directory: DataDirectory, settings: LogSettings): MemberLog {
  const cluster = newCluster(settings);
  const { hardState, entries } = cluster;
  const first = new WalBatch();
  first.addEntries(entries);
  first.addHardState(hardState);
  const metadata = { nodeId: cluster.memberId, clusterId: cluster.clusterId };
  const wal = Wal.create(disk, directory.wal, metadata, settings.wal, first);
  return {
    wal,
    metadata,
    hardState,
    entries: [...entries],
    snapshot: LOG_START,
    repair: undefined,
    takeOver: NOTHING_TO_DO,
  };
}

function newCluster({ name, initialCluster, initialClusterToken }: LogSettings): NewCluster {
  if (initialCluster.length > 1)
    throw ofSeveralMembers(initialCluster.map((member) => member.name).join(", "));
  return bootstrapCluster(name, initialCluster, initialClusterToken);
}

function mustBeEmpty(directory: DataDirectory, opened: OpenedDatabase | undefined): void {
  if (opened === undefined || opened.consistentIndex === 0) return;
  throw new CannotStartError(
    `${directory.database} holds what was written up to index ${opened.consistentIndex}, but there is no log in ` +
      `${directory.wal}: give the --wal-dir that it was written with`,
  );
}

function mustBeSameMember(directory: DataDirectory, found: WalMetadata, cluster: NewCluster): void {
  if (found.nodeId === cluster.memberId && found.clusterId === cluster.clusterId) return;
  throw new CannotStartError(
    `the log in ${directory.wal} was begun by member ${memberKey(found.nodeId)} of cluster ${memberKey(found.clusterId)}, but the ` +
      `flags make this member ${memberKey(cluster.memberId)} of cluster ${memberKey(cluster.clusterId)}: remove the directory, or ` +
      "give the flags that it was begun with",
  );
}

function mustHaveReceivedDatabase(disk: Disk, directory: DataDirectory, index: number): void {
  const path = new SnapFolder(disk, directory.snap).databasePath(index);
  if (disk.exists(path)) return;
  throw new CannotStartError(
    "failed to recover v3 backend from snapshot: failed to find database snapshot file " +
      `(snap: snapshot file doesn't exist): ${path}; ${directory.database} ends before the snapshot at index ${index} of the log`,
  );
}
