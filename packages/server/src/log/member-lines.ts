/**
 * What a member tells operators of its cluster, its versions and its long jobs, in the original's words. Lines are told where the
 * thing has happened: after a change is applied, not when it is asked for.
 */

import { formatMilliseconds, humanBytes, type LogFields, type Logger } from "@etcd-ts/base";
import type { MemberRecord } from "../membership/member-record.ts";
import { majorMinor } from "../membership/version-order.ts";
import type { CompactionHash } from "../mvcc/compaction.ts";
import { SERVER_VERSION } from "../version.ts";

/** Sizes of the database at a moment. */
export interface DatabaseSizes {
  readonly bytes: number;
  readonly bytesInUse: number;
}

export interface LeaderSeen {
  readonly leader: bigint;
  readonly term: number;
}

export class MemberLines {
  readonly log: Logger;
  private readonly raftLog: Logger;
  private readonly member: string;
  private readonly cluster: LogFields;

  private readonly databasePath: string;

  constructor(log: Logger, memberId: bigint, clusterId: bigint, databasePath = "db") {
    this.databasePath = databasePath;
    this.log = log;
    this.raftLog = log.named("raft");
    this.member = hex(memberId);
    this.cluster = { "cluster-id": hex(clusterId), "local-member-id": this.member };
  }

  // ----- raft and membership ------------------------------------------------------------------------------------------

  leaderChanged(before: LeaderSeen, { leader, term }: LeaderSeen): void {
    const old = hex(before.leader);
    const is =
      leader === 0n
        ? `lost leader ${old}`
        : before.leader === 0n
          ? `elected leader ${hex(leader)}`
          : `changed leader from ${old} to ${hex(leader)}`;
    this.raftLog.info("log/member-lines.ts:49", `raft.node: ${this.member} ${is} at term ${term}`);
  }

  added(record: MemberRecord): void {
    this.log.info("log/member-lines.ts:53", "added member", { ...this.cluster, ...addition(record) });
  }

  /** An entry that is replayed after a restart. */
  addedBefore(record: MemberRecord): void {
    this.log.info("log/member-lines.ts:58", "ignore already added member", {
      ...this.cluster,
      ...addition(record),
    });
  }

  promoted(id: bigint): void {
    this.log.info("log/member-lines.ts:65", "promote member", {
      ...this.cluster,
      "promoted-member-id": hex(id),
    });
  }

  removed({ id, peerUrls, isLearner }: MemberRecord): void {
    this.log.info("log/member-lines.ts:72", "removed member", {
      ...this.cluster,
      "removed-remote-peer-id": hex(id),
      "removed-remote-peer-urls": peerUrls,
      "removed-remote-peer-is-learner": isLearner,
    });
  }

  peerUrlsUpdated({ id, isLearner }: MemberRecord, peerUrls: readonly string[]): void {
    this.log.info("log/member-lines.ts:81", "updated member", {
      ...this.cluster,
      "updated-remote-peer-id": hex(id),
      "updated-remote-peer-urls": peerUrls,
      "updated-remote-peer-is-learner": isLearner,
    });
  }

  recovered({ id, peerUrls, isLearner }: MemberRecord): void {
    this.log.info("log/member-lines.ts:90", "recovered/added member from store", {
      ...this.cluster,
      "recovered-remote-peer-id": hex(id),
      "recovered-remote-peer-urls": peerUrls,
      "recovered-remote-peer-is-learner": isLearner,
    });
  }

  // ----- versions -----------------------------------------------------------------------------------------------------

  settingVersion(before: string | undefined, version: string): void {
    if (before !== undefined) {
      this.log.info("log/member-lines.ts:102", "updating cluster version using v3 API", {
        from: majorMinor(before),
        to: majorMinor(version),
      });
      return;
    }
    this.log.info("log/member-lines.ts:108", "setting up initial cluster version using v3 API", {
      "cluster-version": majorMinor(version),
    });
  }

  versionRecovered(version: string): void {
    this.versionEnabled(version);
    this.log.info("log/member-lines.ts:115", "set cluster version from store", {
      "cluster-version": majorMinor(version),
    });
  }

  /** `before`: undefined when the cluster had none. */
  versionSet(before: string | undefined, version: string): void {
    const to = majorMinor(version);
    if (before === undefined) {
      this.log.info("log/member-lines.ts:124", "set initial cluster version", {
        ...this.cluster,
        "cluster-version": to,
      });
    } else {
      const from = majorMinor(before);
      this.log.info("log/member-lines.ts:130", "updated cluster version", { ...this.cluster, from, to });
    }
    if (before !== version) this.versionEnabled(version);
  }

  versionDecided(version: string): void {
    this.log.info("log/member-lines.ts:136", "cluster version is updated", {
      "cluster-version": majorMinor(version),
    });
  }

  storageVersionBehind(clusterVersion: string, storageVersion: string): void {
    this.log.info("log/member-lines.ts:142", "cluster version differs from storage version.", {
      "cluster-version": clusterVersion,
      "storage-version": storageVersion,
    });
  }

  storageVersionSet(version: string): void {
    this.log.info("log/member-lines.ts:149", "updated storage version", { "new-storage-version": version });
  }

  readyToDowngrade(targetVersion: string): void {
    this.log.info("log/member-lines.ts:153", "The server is ready to downgrade", {
      "target-version": targetVersion,
      "server-version": SERVER_VERSION,
    });
  }

  downgraded(version: string): void {
    this.log.info("log/member-lines.ts:160", "the cluster has been downgraded", {
      "cluster-version": version,
    });
  }

  private versionEnabled(version: string): void {
    this.log.info("log/member-lines.ts:166", "enabled capabilities for version", {
      "cluster-version": majorMinor(version),
    });
  }

  // ----- compaction, defragmentation, snapshots -----------------------------------------------------------------------

  indexCompacted(revision: number): void {
    this.log.info("log/member-lines.ts:174", "compact tree index", { revision });
  }

  compacted(
    revision: number,
    tookMs: number,
    removed: number,
    hash: CompactionHash | undefined,
    sizes: DatabaseSizes,
  ): void {
    this.log.info("log/member-lines.ts:184", "finished scheduled compaction", {
      "compact-revision": revision,
      took: formatMilliseconds(tookMs),
      "number-of-keys-compacted": removed,
      hash: hash?.hash,
      ...sizeFields(sizes),
    });
    if (hash === undefined) return;
    this.log.info("log/member-lines.ts:192", "storing new hash", {
      hash: hash.hash,
      revision: hash.revision,
      "compact-revision": hash.compactRevision,
    });
  }

  defragmentationBegins(sizes: DatabaseSizes): void {
    this.log.info("log/member-lines.ts:200", "starting defragment");
    this.log.info("log/member-lines.ts:201", "defragmenting", {
      path: this.databasePath,
      ...sizeFields(sizes),
    });
  }

  defragmentationEnded(before: DatabaseSizes, after: DatabaseSizes, tookMs: number): void {
    const path = this.databasePath;
    const database = this.log.named("bbolt");
    database.info(
      "log/member-lines.ts:211",
      `Opening db file (${path}) with mode -rw------- and with options: {}`,
    );
    database.info("log/member-lines.ts:214", `Opening bbolt db (${path}) successfully`);
    this.log.info("log/member-lines.ts:215", "finished defragmenting directory", {
      path,
      "current-db-size-bytes-diff": after.bytes - before.bytes,
      "current-db-size-bytes": after.bytes,
      "current-db-size": humanBytes(after.bytes),
      "current-db-size-in-use-bytes-diff": after.bytesInUse - before.bytesInUse,
      "current-db-size-in-use-bytes": after.bytesInUse,
      "current-db-size-in-use": humanBytes(after.bytesInUse),
      took: formatMilliseconds(tookMs),
    });
    this.log.info("log/member-lines.ts:225", "finished defragment");
  }

  defragmentationFailed(error: string): void {
    this.log.warn("log/member-lines.ts:229", "failed to defragment", { error });
  }

  serviceStatus(status: string): void {
    this.log.info("log/member-lines.ts:233", "grpc service status changed", { service: "", status });
  }

  snapshotBegins(bytes: number, storageVersion: string): void {
    this.log.info("log/member-lines.ts:237", "sending database snapshot to client", {
      "total-bytes": bytes,
      size: humanBytes(bytes),
      "storage-version": storageVersion,
    });
  }

  snapshotChecksum(bytes: number, checksumBytes: number): void {
    this.log.info("log/member-lines.ts:245", "sending database sha256 checksum to client", {
      "total-bytes": bytes,
      "checksum-size": checksumBytes,
    });
  }

  snapshotSent(bytes: number, storageVersion: string, tookMs: number): void {
    this.log.info("log/member-lines.ts:252", "successfully sent database snapshot to client", {
      "total-bytes": bytes,
      size: humanBytes(bytes),
      took: formatMilliseconds(tookMs),
      "storage-version": storageVersion,
    });
  }

  /** A snapshot pins pages; one that takes long makes the file grow. */
  snapshotIsSlow(takingMs: number, bytes: number): void {
    this.log.warn("log/member-lines.ts:262", "snapshotting taking too long to transfer", {
      taking: formatMilliseconds(takingMs),
      bytes,
      size: humanBytes(bytes),
    });
  }

  slowSync(tookMs: number, expectedMs: number): void {
    this.log.warn("log/member-lines.ts:270", "slow fdatasync", {
      took: formatMilliseconds(tookMs),
      "expected-duration": formatMilliseconds(expectedMs),
    });
  }

  // ----- leadership ---------------------------------------------------------------------------------------------------

  transferSkipped(leader: bigint): void {
    this.log.info("log/member-lines.ts:279", "skipped leadership transfer for single voting member cluster", {
      "local-member-id": this.member,
      "current-leader-member-id": hex(leader),
    });
  }

  /** The leader's heartbeats leave later than twice their interval after the ones before. */
  heartbeatLate(to: bigint, heartbeatMs: number, exceededMs: number): void {
    this.log.warn(
      "log/member-lines.ts:288",
      "leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk",
      {
        to: hex(to),
        "heartbeat-interval": formatMilliseconds(heartbeatMs),
        "expected-duration": formatMilliseconds(2 * heartbeatMs),
        "exceeded-duration": formatMilliseconds(exceededMs),
      },
    );
  }
}

export function sizeFields({ bytes, bytesInUse }: DatabaseSizes): LogFields {
  return {
    "current-db-size-bytes": bytes,
    "current-db-size": humanBytes(bytes),
    "current-db-size-in-use-bytes": bytesInUse,
    "current-db-size-in-use": humanBytes(bytesInUse),
  };
}

function addition({ id, peerUrls, isLearner }: MemberRecord): LogFields {
  return {
    "added-peer-id": hex(id),
    "added-peer-peer-urls": peerUrls,
    "added-peer-is-learner": isLearner,
  };
}

export function hex(id: bigint): string {
  return id.toString(16);
}
