/** From the flags, as they were validated, to what the server is made of. */

import { type Logger, SeededRandom } from "@etcd-ts/base";
import { type AutoCompactionMode, CHECKPOINT_PACE } from "@etcd-ts/server";
import { type Config, compactionRetention, effective } from "../config/config.ts";
import { parseInitialCluster } from "../config/initial-cluster.ts";
import { MILLISECOND } from "../flags/duration.ts";
import type { MemberConfig } from "./open-member.ts";

/** Keys that one slice of a large write visits before others have their turn: a few milliseconds. */
const APPLY_SLICE_KEYS = 2000;
const PAGE_CACHE_BYTES_MAX = 64 * 1024 * 1024;
/** With feature gate `LeaseCheckpoint`. */
const LEASE_CHECKPOINT_INTERVAL_MS = 5 * 60 * 1000;

export function memberConfigOf(config: Config, log: Logger): MemberConfig {
  const cluster = parseInitialCluster(config.initialCluster);
  if (!cluster.ok) throw new Error(cluster.reason);
  const {
    batchInterval,
    batchLimit,
    compactionBatchLimit,
    compactionSleepInterval,
    watchProgressNotifyInterval,
  } = effective(config);
  return {
    name: config.name,
    dataDir: config.dataDir,
    walDir: config.walDir,
    initialCluster: [...cluster.value].map(([name, urls]) => ({
      name,
      peerUrls: urls.map(({ text }) => text),
    })),
    initialClusterToken: config.initialClusterToken,
    clientUrls: config.advertiseClientUrls.map(({ text }) => text),
    heartbeatMs: config.heartbeatInterval,
    electionMs: config.electionTimeout,
    preVote: config.preVote,
    requestBytesMax: config.maxRequestBytes,
    txnOpsMax: config.maxTxnOps,
    quotaBackendBytes: config.quotaBackendBytes,
    snapshotEntries: config.snapshotCount,
    snapshotsMax: config.maxSnapshots,
    walsMax: config.maxWals,
    learnersMax: config.maxLearners,
    batchPace: { intervalMs: milliseconds(batchInterval), operations: batchLimit },
    compactionPace: {
      sliceRecords: compactionBatchLimit,
      pauseMs: milliseconds(compactionSleepInterval),
    },
    autoCompaction: autoCompactionOf(config),
    log,
    unsafeNoFsync: config.unsafeNoFsync,
    checkpointPace: CHECKPOINT_PACE,
    applySliceKeys: APPLY_SLICE_KEYS,
    watchProgressIntervalMs: milliseconds(watchProgressNotifyInterval),
    leaseCheckpointIntervalMs: config.featureGates.isOn("LeaseCheckpoint")
      ? LEASE_CHECKPOINT_INTERVAL_MS
      : undefined,
    leaseCheckpointsPersist: config.featureGates.isOn("LeaseCheckpointPersist"),
    defragmentBytesMin: config.bootstrapDefragThresholdMegabytes * 1024 * 1024,
    downgradeCheckMs: milliseconds(config.downgradeCheckTime),
    ranksRevocations: config.featureGates.isOn("PriorityRequest"),
    pageCacheBytesMax: PAGE_CACHE_BYTES_MAX,
    startedAtMs: Date.now(),
    random: new SeededRandom(Date.now() * 1000 + process.pid),
  };
}

function autoCompactionOf(config: Config): AutoCompactionMode {
  const retention = compactionRetention(config);
  if (!retention.ok) throw new Error(retention.reason);
  if (retention.value <= 0) return { kind: "off" };
  return config.autoCompactionMode === "revision"
    ? { kind: "revision", retention: retention.value }
    : { kind: "periodic", retentionMs: milliseconds(retention.value) };
}

/** A flag's nanoseconds as milliseconds. */
export function milliseconds(nanoseconds: number): number {
  return nanoseconds / MILLISECOND;
}
