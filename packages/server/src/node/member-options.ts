/** What a member is told, and what it is made from. */

import type { Logger } from "@etcd-ts/base";
import type { Backend } from "@etcd-ts/storage";
import type { AlarmStore } from "../alarm/alarm-store.ts";
import type { CheckpointPace } from "../checkpoint/checkpoints.ts";
import type { Lessor } from "../lease/lessor.ts";
import type { SlowRequests } from "../log/slow-requests.ts";
import type { Membership } from "../membership/membership.ts";
import type { KeyValueStore } from "../mvcc/store-types.ts";
import type { AutoCompactionMode } from "./auto-compaction.ts";
import type { CompactionPace } from "./compactions.ts";
import type { BatchPace } from "./persistence.ts";
import type { RaftStart } from "./raft-driver.ts";

export interface MemberOptions {
  readonly clusterId: bigint;
  readonly name: string;
  readonly clientUrls: readonly string[];
  /** Wall clock at the start, milliseconds: part of request ids. */
  readonly startedAtMs: number;
  readonly heartbeatMs: number;
  readonly requestBytesMax: number;
  readonly txnOpsMax: number;
  readonly quotaBackendBytes: number;
  readonly snapshotEntries: number;
  readonly learnersMax: number;
  /** How often checkpoints of the index are written. */
  readonly checkpointPace: CheckpointPace;
  /** Keys that one slice of a large write visits before others have their turn. */
  readonly applySliceKeys: number;
  /** `--watch-progress-notify-interval`. */
  readonly watchProgressIntervalMs: number;
  /** `--backend-batch-interval` and `--backend-batch-limit`. */
  readonly batchPace?: BatchPace;
  /** `--compaction-batch-limit` and `--compaction-sleep-interval`. */
  readonly compactionPace?: CompactionPace;
  /** `--auto-compaction-mode` and `--auto-compaction-retention`; undefined: off. */
  readonly autoCompaction?: AutoCompactionMode;
  /** Where it tells what it does. */
  readonly log?: Logger;
  /** Hears of requests that take long. */
  readonly slow?: SlowRequests;
  /** As its lines name the database. */
  readonly databasePath?: string;
  /** `--downgrade-check-time`; 0: a downgrade is never ended by itself. */
  readonly downgradeCheckMs: number;
  /** Feature gate `PriorityRequest`: leases are still revoked when other writes are refused. */
  readonly ranksRevocations?: boolean;
}

/** What was made or restored before the member begins. */
export interface MemberParts {
  readonly raft: RaftStart;
  readonly backend: Backend;
  readonly store: KeyValueStore;
  readonly lessor: Lessor;
  readonly alarms: AlarmStore;
  readonly membership: Membership;
  readonly storageVersion: string;
  /** A snapshot at or past this index precedes all service; 0: none is needed. */
  readonly snapshotIndexMin: number;
  /** The index came from a checkpoint, and so many records of the database were added; undefined: all were read. */
  readonly checkpointTail: number | undefined;
}
