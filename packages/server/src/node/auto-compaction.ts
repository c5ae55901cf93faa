/**
 * Compaction by itself (`api-semantics.md` 19): by age, or by number of revisions. Only the leader proposes; others look at the
 * revisions all the same, so that a new leader knows what was how long ago.
 *
 *     periodic   every min(retention, 1 h), to the revision that was seen a retention ago, at the look before; nothing within
 *                the first retention
 *     revision   every 5 minutes, to the present revision less the retention
 *
 * What fails is tried again a tenth of the interval later; what was compacted before counts as done.
 */

import { formatMilliseconds, type Logger } from "@etcd-ts/base";
import {
  CompactionRequestCodec,
  createCompactionRequest,
  ERRORS,
  RaftRequestField,
  type Status,
} from "@etcd-ts/proto";
import { OwnProposal } from "./own-proposal.ts";
import type { Proposal } from "./proposal.ts";

export type AutoCompactionMode =
  | { readonly kind: "off" }
  | { readonly kind: "periodic"; readonly retentionMs: number }
  | { readonly kind: "revision"; readonly retention: number };

const HOUR_MS = 60 * 60 * 1000;
const REVISION_INTERVAL_MS = 5 * 60 * 1000;
/** Revisions are looked at, and failures tried again, so many times an interval. */
const STEPS = 10;

/** When to compact to what. */
interface Schedule {
  /** The revision that is due; undefined: none, or it is not the time. `mayCompact`: false, only look. */
  due(nowMs: number, revision: number, mayCompact: boolean): number | undefined;
  onDone(revision: number): void;
  readonly name: string;
  readonly fields: Readonly<Record<string, string | number>>;
  readonly retryMs: number;
}

export class AutoCompaction {
  private readonly schedule: Schedule | undefined;
  private readonly log: Logger;
  private underWay = false;
  private nowMs = 0;

  constructor(mode: AutoCompactionMode, log: Logger) {
    this.schedule = scheduleOf(mode);
    this.log = log;
  }

  /** What to propose now, if anything. Call it every heartbeat. */
  takeDue(nowMs: number, isLeader: boolean, currentRevision: number): Proposal | undefined {
    this.nowMs = nowMs;
    const { schedule } = this;
    const revision = schedule?.due(nowMs, currentRevision, isLeader && !this.underWay);
    return schedule === undefined || revision === undefined ? undefined : this.propose(schedule, revision);
  }

  private propose(schedule: Schedule, revision: number): Proposal {
    const { name, fields } = schedule;
    const startedAtMs = this.nowMs;
    this.underWay = true;
    this.log.info("node/auto-compaction.ts:66", `starting auto ${name} compaction`, { revision, ...fields });
    const request = createCompactionRequest({ revision });
    return new OwnProposal(RaftRequestField.compaction, CompactionRequestCodec, request, (error) => {
      this.underWay = false;
      this.onEnd(schedule, revision, startedAtMs, error);
    });
  }

  private onEnd(schedule: Schedule, revision: number, startedAtMs: number, error: Status | undefined): void {
    const { name, fields, retryMs } = schedule;
    if (error === undefined || error === ERRORS.compacted) {
      schedule.onDone(revision);
      const took = formatMilliseconds(this.nowMs - startedAtMs);
      this.log.info("node/auto-compaction.ts:79", `completed auto ${name} compaction`, {
        revision,
        ...fields,
        took,
      });
      return;
    }
    this.log.warn("node/auto-compaction.ts:86", `failed auto ${name} compaction`, {
      revision,
      ...fields,
      "retry-interval": formatMilliseconds(retryMs),
      error: error.message,
    });
  }
}

function scheduleOf(mode: AutoCompactionMode): Schedule | undefined {
  switch (mode.kind) {
    case "off":
      return undefined;
    case "periodic":
      return new PeriodicSchedule(mode.retentionMs);
    case "revision":
      return new RevisionSchedule(mode.retention);
  }
}

class PeriodicSchedule implements Schedule {
  readonly name = "periodic";
  readonly fields: Readonly<Record<string, string>>;
  readonly retryMs: number;
  private readonly intervalMs: number;
  private readonly samplesMax: number;
  /** Revisions, one a step, the oldest first. */
  private readonly samples: number[] = [];
  private nextLookMs = Number.NEGATIVE_INFINITY;
  /** Before it nothing is due. */
  private notBeforeMs = Number.NEGATIVE_INFINITY;
  private lookedAtMs = 0;
  private last = 0;

  constructor(retentionMs: number) {
    this.intervalMs = Math.min(retentionMs, HOUR_MS);
    this.retryMs = this.intervalMs / STEPS;
    this.samplesMax = Math.floor(retentionMs / this.retryMs) + 1;
    this.fields = { "compact-period": formatMilliseconds(retentionMs) };
  }

  due(nowMs: number, revision: number, mayCompact: boolean): number | undefined {
    if (nowMs < this.nextLookMs) return undefined;
    const isFirst = this.samples.length === 0;
    const oldest = this.samples[0];
    if (isFirst) this.notBeforeMs = nowMs + this.retryMs * (this.samplesMax - 1);
    this.samples.push(revision);
    if (this.samples.length > this.samplesMax) this.samples.shift();
    this.nextLookMs = nowMs + this.retryMs;
    this.lookedAtMs = nowMs;
    const isDue = oldest !== undefined && oldest !== this.last && nowMs >= this.notBeforeMs;
    return isDue && mayCompact ? oldest : undefined;
  }

  onDone(revision: number): void {
    this.last = revision;
    this.notBeforeMs = this.lookedAtMs + this.intervalMs;
  }
}

class RevisionSchedule implements Schedule {
  readonly name = "revision";
  readonly fields: Readonly<Record<string, number>>;
  readonly retryMs = REVISION_INTERVAL_MS;
  private readonly retention: number;
  private nextLookMs: number | undefined;
  private last = 0;

  constructor(retention: number) {
    this.retention = retention;
    this.fields = { "revision-compaction-retention": retention };
  }

  due(nowMs: number, revision: number, mayCompact: boolean): number | undefined {
    this.nextLookMs ??= nowMs + REVISION_INTERVAL_MS;
    if (nowMs < this.nextLookMs) return undefined;
    this.nextLookMs = nowMs + REVISION_INTERVAL_MS;
    const target = revision - this.retention;
    return mayCompact && target > 0 && target !== this.last ? target : undefined;
  }

  onDone(revision: number): void {
    this.last = revision;
  }
}
