/**
 * The rules between and on the values of a configuration, in the original's order and words: the first that is broken is the
 * answer. Syntax was judged before; what needs files, sockets or names is judged at the start. Warnings go to the log.
 */
import { isIPv4, isIPv6 } from "node:net";
import type { Logger } from "@etcd-ts/base";
import { formatDuration } from "../flags/duration.ts";
import { GATE_NAMES, GATES, type Gate } from "../flags/feature-gates.ts";
import { NO_GATES } from "../flags/kind.ts";
import { FLAG_NAMES, FLAGS, type FlagName, settingKey } from "../flags/server-flags.ts";
import { isUnix, showUrls, splitHostPort, type Url } from "../flags/url.ts";
import type { Config, IsSet } from "./config.ts";

const ELECTION_MS_MAX = 50_000;
const ELECTION_PER_HEARTBEAT_MIN = 5;
const SAMPLING_RATE_MAX = 1_000_000;
const TLS_VERSIONS = ["TLS1.2", "TLS1.3"];

export const UNSET_ADVERTISE_CLIENT_URLS =
  "--advertise-client-urls is required when --listen-client-urls is set explicitly";

type Rule = (config: Config, isSet: IsSet) => string | undefined;

/** Returns what is wrong, if anything. `fromFile`: the configuration came from a file, where one rule does not hold. */
export function validate(config: Config, isSet: IsSet, fromFile: boolean, log: Logger): string | undefined {
  const rules: readonly Rule[] = [
    ({ listenPeerUrls }) => bindingObjection(listenPeerUrls),
    ({ listenClientUrls }) => bindingObjection(listenClientUrls),
    ({ listenClientHttpUrls }) => {
      warnOfSinglePort(listenClientHttpUrls, log);
      return bindingObjection(listenClientHttpUrls);
    },
    ({ listenMetricsUrls }) => bindingObjection(listenMetricsUrls),
    advertisedPeerObjection,
    advertisedClientObjection,
    clusterStateObjection,
    discoveryObjection,
    timingObjection,
    (_, set) => (fromFile ? undefined : unsetAdvertiseObjection(set)),
    compactionModeObjection,
    tracingObjection,
    checkpointObjection,
    hashCheckObjection,
    (given, set) => {
      warn(given, set, log);
      return tlsObjection(given);
    },
    laterObjection,
  ];
  for (const rule of rules) {
    const objection = rule(config, isSet);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

function warnOfSinglePort(listenClientHttpUrls: readonly Url[], log: Logger): void {
  if (listenClientHttpUrls.length > 0) return;
  log.warn(
    "config/validate.ts:60",
    "Running http and grpc server on single port. This is not recommended for production.",
  );
}

/** Members listen on addresses, not on names that may change. */
function bindingObjection(urls: readonly Url[]): string | undefined {
  const stranger = urls.find((url) => !isUnix(url) && !isAddress(splitHostPort(url.host)?.host ?? ""));
  return stranger && `expected IP in URL for binding (${stranger.text})`;
}

function isAddress(host: string): boolean {
  return host === "localhost" || isIPv4(host) || (isIPv6(host) && !host.includes("%"));
}

function advertisedPeerObjection({ initialAdvertisePeerUrls: urls }: Config): string | undefined {
  const reason = hostObjection(urls);
  return reason && `--initial-advertise-peer-urls ${quoted(showUrls(urls))} must be "host:port" (${reason})`;
}

function advertisedClientObjection({ advertiseClientUrls: urls }: Config): string | undefined {
  const reason = hostObjection(urls);
  const forms = 'must be in the format "host:port", "unix:/path/to/socket" or "unixs:/path/to/socket"';
  return reason && `--advertise-client-urls ${quoted(showUrls(urls))} ${forms} (${reason})`;
}

function hostObjection(urls: readonly Url[]): string | undefined {
  const empty = urls.find((url) => !isUnix(url) && splitHostPort(url.host)?.host === "");
  return empty && `unexpected empty host (${empty.text})`;
}

/** A file gives any text; a flag was judged when it was read. */
function clusterStateObjection({ initialClusterState: state }: Config): string | undefined {
  return state === "new" || state === "existing" ? undefined : `unexpected clusterState ${quoted(state)}`;
}

function discoveryObjection(config: Config): string | undefined {
  const { initialCluster, discoverySrv, discoveryToken, discoveryEndpoints } = config;
  const ways = [initialCluster !== "", discoverySrv !== "", discoveryEndpoints.length > 0];
  if (ways.filter(Boolean).length > 1) {
    return 'multiple discovery or bootstrap flags are set. Choose one of "initial-cluster", "discovery-endpoints" or "discovery-srv"';
  }
  if ((discoveryToken === "") !== (discoveryEndpoints.length === 0)) {
    return "both --discovery-token and --discovery-endpoints must be set";
  }
  if (discoveryEndpoints.includes("")) return "--discovery-endpoints must not contain empty endpoints";
  return undefined;
}

function timingObjection({
  heartbeatInterval: heartbeat,
  electionTimeout: election,
}: Config): string | undefined {
  if (heartbeat === 0) return `--heartbeat-interval must be >0 (set to ${heartbeat}ms)`;
  if (election === 0) return `--election-timeout must be >0 (set to ${election}ms)`;
  if (ELECTION_PER_HEARTBEAT_MIN * heartbeat > election) {
    return `--election-timeout[${election}ms] should be at least as 5 times as --heartbeat-interval[${heartbeat}ms]`;
  }
  if (election > ELECTION_MS_MAX) {
    return `--election-timeout[${election}ms] is too long, and should be set less than ${ELECTION_MS_MAX}ms`;
  }
  return undefined;
}

function unsetAdvertiseObjection(isSet: IsSet): string | undefined {
  return isSet("listen-client-urls") && !isSet("advertise-client-urls")
    ? UNSET_ADVERTISE_CLIENT_URLS
    : undefined;
}

function compactionModeObjection({ autoCompactionMode: mode }: Config): string | undefined {
  if (mode === "periodic" || mode === "revision") return undefined;
  return mode === "" ? "undefined auto-compaction-mode" : `unknown auto-compaction-mode ${quoted(mode)}`;
}

function tracingObjection({
  enableDistributedTracing,
  distributedTracingSamplingRate: rate,
}: Config): string | undefined {
  if (!enableDistributedTracing) return undefined;
  const reason =
    rate < 0 ? "must be positive" : rate > SAMPLING_RATE_MAX ? "must be less than 1000000" : undefined;
  return reason && `distributed tracing configurition is not valid: (tracing sampling rate ${reason})`;
}

function checkpointObjection({ featureGates }: Config): string | undefined {
  if (!featureGates.isOn("LeaseCheckpointPersist") || featureGates.isOn("LeaseCheckpoint")) return undefined;
  return "enabling feature gate LeaseCheckpointPersist requires enabling feature gate LeaseCheckpoint";
}

function hashCheckObjection({ compactHashCheckTime: time }: Config): string | undefined {
  return time <= 0 ? `--compact-hash-check-time must be >0 (set to ${formatDuration(time)})` : undefined;
}

function tlsObjection({ tlsMinVersion, tlsMaxVersion, cipherSuites }: Config): string | undefined {
  const stranger = [tlsMinVersion, tlsMaxVersion].find(
    (version) => version !== "" && !TLS_VERSIONS.includes(version),
  );
  if (stranger !== undefined)
    return `unexpected TLS version ${quoted(stranger)} (must be one of: ${TLS_VERSIONS.join(", ")})`;
  if (tlsMaxVersion !== "" && tlsMinVersion > tlsMaxVersion) {
    return `min version (${tlsMinVersion}) is greater than max version (${tlsMaxVersion})`;
  }
  if (cipherSuites.length > 0 && tlsMinVersion === "TLS1.3")
    return "cipher suites cannot be configured when only TLS1.3 is enabled";
  return undefined;
}

/** Features of later versions are refused, not passed over. */
function laterObjection(config: Config): string | undefined {
  const name = FLAG_NAMES.find(
    (candidate) => FLAGS[candidate].refused !== undefined && !isInitial(config, candidate),
  );
  return name && `--${name} is not supported yet: ${FLAGS[name].refused}`;
}

function isInitial(config: Config, name: FlagName): boolean {
  const [value, initial]: readonly unknown[] = [config[settingKey(name)], FLAGS[name].initial];
  return Array.isArray(value) && Array.isArray(initial) ? value.join() === initial.join() : value === initial;
}

function warn(config: Config, isSet: IsSet, log: Logger): void {
  const { featureGates = NO_GATES, name } = config;
  if (featureGates.isOn("LeaseCheckpoint") && !featureGates.isOn("LeaseCheckpointPersist")) {
    log.warn(
      "config/validate.ts:185",
      "Detected that checkpointing is enabled without persistence. Consider enabling feature gate LeaseCheckpointPersist",
    );
  }
  for (const flag of FLAG_NAMES.filter((candidate) => isSet(candidate) && !isInitial(config, candidate))) {
    const { idle, pending } = FLAGS[flag];
    if (idle !== undefined) log.info("config/validate.ts:191", `--${flag} has no effect: ${idle}`);
    if (pending !== undefined) log.info("config/validate.ts:192", `--${flag} has no effect yet: ${pending}`);
  }
  for (const gate of GATE_NAMES.filter((candidate) => featureGates.isOn(candidate) !== GATES[candidate].on)) {
    const { idle, pending }: Gate = GATES[gate];
    if (idle !== undefined) log.info("config/validate.ts:196", `feature gate ${gate} has no effect: ${idle}`);
    if (pending !== undefined)
      log.info("config/validate.ts:198", `feature gate ${gate} has no effect yet: ${pending}`);
  }
  if (name !== FLAGS.name.initial) return;
  log.warn(
    "config/validate.ts:202",
    "it isn't recommended to use default name, please set a value for --name. Note that etcd might run into issue when multiple members have the same default name",
    { name },
  );
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
