/**
 * The configuration of a member: the values of all flags after precedence, validation and adjustment. Durations are nanoseconds,
 * `heartbeatInterval` and `electionTimeout` milliseconds, `authTokenTtl` seconds. Where 0 stands for a default of the storage or of
 * compaction, `effective` tells it.
 */
import { HOUR, MILLISECOND, MINUTE, type Nanoseconds, parseDuration, SECOND } from "../flags/duration.ts";
import { bad, good, type Outcome } from "../flags/outcome.ts";
import type { FlagName, Settings } from "../flags/server-flags.ts";

export interface Config extends Readonly<Settings> {}

/** Whether a flag or setting was given by the user, in whatever form. */
export type IsSet = (name: FlagName) => boolean;

const GIB = 1024 ** 3;
const QUOTA_DEFAULT_BYTES = 2 * GIB;

export interface EffectiveLimits {
  /** Infinity when there is no quota. */
  readonly quotaBytes: number;
  readonly batchInterval: Nanoseconds;
  readonly batchLimit: number;
  readonly compactionBatchLimit: number;
  readonly compactionSleepInterval: Nanoseconds;
  readonly watchProgressNotifyInterval: Nanoseconds;
  readonly raftReadTimeout: Nanoseconds;
}

/** The values that apply where the configuration says 0, or too little. */
export function effective(config: Config): EffectiveLimits {
  const quota = config.quotaBackendBytes;
  return {
    quotaBytes: quota < 0 ? Number.POSITIVE_INFINITY : quota || QUOTA_DEFAULT_BYTES,
    batchInterval: config.backendBatchInterval || 100 * MILLISECOND,
    batchLimit: config.backendBatchLimit || 10_000,
    compactionBatchLimit: config.compactionBatchLimit || 1000,
    compactionSleepInterval: config.compactionSleepInterval || 10 * MILLISECOND,
    watchProgressNotifyInterval: Math.max(
      config.watchProgressNotifyInterval || 10 * MINUTE,
      100 * MILLISECOND,
    ),
    raftReadTimeout: Math.max(config.raftReadTimeout, 5 * SECOND),
  };
}

/** What automatic compaction keeps: a duration in periodic mode, a number of revisions in the other; 0: it is off. */
export function compactionRetention({
  autoCompactionMode,
  autoCompactionRetention,
}: Config): Outcome<number> {
  if (/^\+?\d+$/.test(autoCompactionRetention)) {
    const count = Number(autoCompactionRetention);
    return good(autoCompactionMode === "revision" ? count : count * HOUR);
  }
  const duration = parseDuration(autoCompactionRetention);
  return duration.ok ? duration : bad(`error parsing CompactionRetention: ${duration.reason}`);
}
