/** From the flags, as they were validated, to what the server is made of. */

import { type Logger, SeededRandom } from "@etcd-ts/base";
import { type Config, effective } from "../config/config.ts";
import { parseInitialCluster } from "../config/initial-cluster.ts";
import { MILLISECOND } from "../flags/duration.ts";
import type { MemberConfig } from "./open-member.ts";

/** Keys that one slice of a large write visits before others have their turn: a few milliseconds. */
const APPLY_SLICE_KEYS = 5000;
const PAGE_CACHE_BYTES_MAX = 64 * 1024 * 1024;

export function memberConfigOf(config: Config, log: Logger): MemberConfig {
  const cluster = parseInitialCluster(config.initialCluster);
  if (!cluster.ok) throw new Error(cluster.reason);
  const { compactionBatchLimit, compactionSleepInterval, watchProgressNotifyInterval } = effective(config);
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
    compactionPace: {
      sliceRecords: compactionBatchLimit,
      pauseMs: milliseconds(compactionSleepInterval),
    },
    log,
    unsafeNoFsync: config.unsafeNoFsync,
    applySliceKeys: APPLY_SLICE_KEYS,
    watchProgressIntervalMs: milliseconds(watchProgressNotifyInterval),
    leaseCheckpoints: config.featureGates.isOn("LeaseCheckpoint"),
    leaseCheckpointsPersist: config.featureGates.isOn("LeaseCheckpointPersist"),
    defragmentBytesMin: config.bootstrapDefragThresholdMegabytes * 1024 * 1024,
    downgradeCheckMs: milliseconds(config.downgradeCheckTime),
    pageCacheBytesMax: PAGE_CACHE_BYTES_MAX,
    startedAtMs: Date.now(),
    random: new SeededRandom(Date.now() * 1000 + process.pid),
  };
}

/** A flag's nanoseconds as milliseconds. */
export function milliseconds(nanoseconds: number): number {
  return nanoseconds / MILLISECOND;
}
