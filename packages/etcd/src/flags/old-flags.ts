/**
 * Flags that earlier releases had and 3.7 has not. Those that were renamed still work, with a warning. Those of the second API and its
 * proxy are accepted as long as they switch nothing on; otherwise they are as unknown as they are to 3.7. Some names of the first
 * releases are swallowed without a word.
 */
import type { GateName } from "./feature-gates.ts";
import type { FlagName } from "./server-flags.ts";

/** Old name to new: a flag that lost its prefix. */
export const RENAMED: Readonly<Record<string, FlagName>> = Object.fromEntries(
  (
    [
      "bootstrap-defrag-threshold-megabytes",
      "compact-hash-check-time",
      "compaction-batch-limit",
      "compaction-sleep-interval",
      "corrupt-check-time",
      "distributed-tracing-address",
      "distributed-tracing-instance-id",
      "distributed-tracing-sampling-rate",
      "distributed-tracing-service-name",
      "downgrade-check-time",
      "enable-distributed-tracing",
      "memory-mlock",
      "peer-skip-client-san-verification",
      "snapshot-catchup-entries",
      "warning-apply-duration",
      "warning-unary-request-duration",
      "watch-progress-notify-interval",
    ] satisfies FlagName[]
  ).map((name) => [`experimental-${name}`, name]),
);

/** Old name to the feature gate that took its place. */
export const BECAME_GATE: Readonly<Record<string, GateName>> = {
  "experimental-compact-hash-check-enabled": "CompactHashCheck",
  "experimental-enable-lease-checkpoint": "LeaseCheckpoint",
  "experimental-enable-lease-checkpoint-persist": "LeaseCheckpointPersist",
  "experimental-initial-corrupt-check": "InitialCorruptCheck",
  "experimental-stop-grpc-service-on-defrag": "StopGRPCServiceOnDefrag",
  "experimental-txn-mode-write-with-shared-buffer": "TxnModeWriteWithSharedBuffer",
};

/** Why an old name and its new one do not go together. */
export function bothNames(old: string, renamed: FlagName): string {
  return `cannot set --${old} and --${renamed} at the same time, please use --${renamed} only`;
}

export function flagAndGate(old: string, text: string, gate: GateName, isOn: boolean): string {
  const fresh = `--feature-gates=${gate}=${isOn}`;
  return `cannot specify both flags: --${old}=${text} and ${fresh} at the same time, please just use ${fresh}`;
}

/** What is logged of an old name that was used. */
export function oldNameWarning(name: string, text: string): string {
  const [renamed, gate] = [RENAMED[name], BECAME_GATE[name]];
  if (gate !== undefined) return `--${name} is deprecated. Use '--feature-gates=${gate}=${text}' instead.`;
  return renamed === undefined
    ? `--${name} has no effect any more.`
    : `--${name} is deprecated. Use '--${renamed}' instead.`;
}

interface Gone {
  /** The values that ask for nothing; undefined: any. */
  readonly harmless?: readonly string[];
  readonly isBool?: boolean;
}

export const GONE: Readonly<Record<string, Gone>> = {
  discovery: { harmless: [""] },
  "discovery-proxy": { harmless: [""] },
  "enable-v2": { harmless: ["false"], isBool: true },
  "experimental-enable-v2v3": { harmless: [""] },
  proxy: { harmless: ["off"] },
  "proxy-dial-timeout": {},
  "proxy-failure-wait": {},
  "proxy-read-timeout": {},
  "proxy-refresh-interval": {},
  "proxy-write-timeout": {},
};

export const IGNORED: ReadonlySet<string> = new Set([
  "cluster-active-size",
  "cluster-remove-delay",
  "cluster-sync-interval",
  "config",
  "force",
  "max-result-buffer",
  "max-retry-attempts",
  "peer-heartbeat-interval",
  "peer-election-timeout",
  "retry-interval",
  "snapshot",
  "v",
  "vv",
  "test.coverprofile",
  "test.outputdir",
]);
