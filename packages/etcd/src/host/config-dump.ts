/** The configuration as the line "starting an etcd server" shows it: the original's fields in the original's order. */

import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { LogFields } from "@etcd-ts/base";
import { type Config, compactionRetention, effective } from "../config/config.ts";
import { BUILD_ID, goArchitecture, goPlatform, SERVER_VERSION } from "../config/version.ts";
import { formatDuration, MILLISECOND } from "../flags/duration.ts";
import type { Url } from "../flags/url.ts";

/** `isInitialized`: a member lives in the data directory. */
export function configDump(config: Config, isInitialized: boolean): LogFields {
  return {
    ...programFields(),
    "member-initialized": isInitialized,
    ...directoryFields(config),
    "force-new-cluster": config.forceNewCluster,
    ...raftFields(config),
    ...addressFields(config),
    "initial-cluster": config.initialCluster,
    "initial-cluster-state": config.initialClusterState,
    "initial-cluster-token": config.initialClusterToken,
    ...limitFields(config),
    "pre-vote": config.preVote,
    ...checkFields(config),
    ...compactionFields(config),
    ...discoveryFields(config),
    "downgrade-check-interval": formatDuration(config.downgradeCheckTime),
    "max-learners": config.maxLearners,
    "v2-deprecation": "write-only",
  };
}

function programFields(): LogFields {
  return {
    "etcd-version": SERVER_VERSION,
    "git-sha": BUILD_ID,
    "go-version": `none (Node ${process.version})`,
    "go-os": goPlatform(),
    "go-arch": goArchitecture(),
    "max-cpu-set": availableParallelism(),
    "max-cpu-available": availableParallelism(),
  };
}

function directoryFields({ name, dataDir, walDir }: Config): LogFields {
  return {
    name,
    "data-dir": dataDir,
    "wal-dir": walDir,
    "wal-dir-dedicated": walDir,
    "member-dir": join(dataDir, "member"),
  };
}

function raftFields(config: Config): LogFields {
  return {
    "heartbeat-interval": formatDuration(config.heartbeatInterval * MILLISECOND),
    "election-timeout": formatDuration(config.electionTimeout * MILLISECOND),
    "initial-election-tick-advance": config.initialElectionTickAdvance,
    "snapshot-count": config.snapshotCount,
    "max-wals": config.maxWals,
    "max-snapshots": config.maxSnapshots,
    "snapshot-catchup-entries": config.snapshotCatchupEntries,
  };
}

function addressFields(config: Config): LogFields {
  return {
    "initial-advertise-peer-urls": texts(config.initialAdvertisePeerUrls),
    "listen-peer-urls": texts(config.listenPeerUrls),
    "advertise-client-urls": texts(config.advertiseClientUrls),
    "listen-client-urls": texts(config.listenClientUrls),
    "listen-metrics-urls": texts(config.listenMetricsUrls),
    "local-address": "",
    cors: [...config.cors],
    "host-whitelist": [...config.hostWhitelist],
  };
}

function limitFields(config: Config): LogFields {
  const { quotaBytes } = effective(config);
  return {
    "quota-backend-bytes": Number.isFinite(quotaBytes) ? quotaBytes : config.quotaBackendBytes,
    "max-request-bytes": config.maxRequestBytes,
    "max-concurrent-streams": config.maxConcurrentStreams,
  };
}

function checkFields(config: Config): LogFields {
  return {
    "feature-gates": String(config.featureGates),
    "initial-corrupt-check": config.featureGates.isOn("InitialCorruptCheck"),
    "corrupt-check-time-interval": formatDuration(config.corruptCheckTime),
    "compact-check-time-interval": formatDuration(config.compactHashCheckTime),
  };
}

function compactionFields(config: Config): LogFields {
  const retention = compactionRetention(config);
  const kept = formatDuration(retention.ok ? retention.value : 0);
  return {
    "auto-compaction-mode": config.autoCompactionMode,
    "auto-compaction-retention": kept,
    "auto-compaction-interval": kept,
  };
}

function discoveryFields(config: Config): LogFields {
  return {
    "discovery-token": config.discoveryToken,
    "discovery-endpoints": config.discoveryEndpoints.join(","),
    "discovery-dial-timeout": formatDuration(config.discoveryDialTimeout),
    "discovery-request-timeout": formatDuration(config.discoveryRequestTimeout),
    "discovery-keepalive-time": formatDuration(config.discoveryKeepaliveTime),
    "discovery-keepalive-timeout": formatDuration(config.discoveryKeepaliveTimeout),
    "discovery-insecure-transport": config.discoveryInsecureTransport,
    "discovery-insecure-skip-tls-verify": config.discoveryInsecureSkipTlsVerify,
    "discovery-cert": config.discoveryCert,
    "discovery-key": config.discoveryKey,
    "discovery-cacert": config.discoveryCacert,
    "discovery-user": config.discoveryUser,
  };
}

export function texts(urls: readonly Url[]): readonly string[] {
  return urls.map(({ text }) => text);
}
