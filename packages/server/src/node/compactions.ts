/**
 * The removal of compacted records, in slices with the pause that the original keeps between them (`api-semantics.md` 8). Nothing
 * is removed before the schedule is durable, so that a restart goes on where a crash interrupted it; who asked for a
 * `physical` compaction hears when the removal is finished and durable.
 */

import type { ServerMetrics } from "../metrics/server-metrics.ts";
import type { FinishedCompaction } from "../mvcc/compaction.ts";
import type { KeyValueStore } from "../mvcc/store-types.ts";
import type { Persistence } from "./persistence.ts";

export interface CompactionPace {
  /** Records that one slice looks at. */
  readonly sliceRecords: number;
  readonly pauseMs: number;
}

/** The original's. */
export const DEFAULT_COMPACTION_PACE: CompactionPace = { sliceRecords: 1000, pauseMs: 10 };

/** Hears of a removal that is done, and of the time it took. */
export type OnCompactionFinished = (done: FinishedCompaction, tookMs: number) => void;

interface Waiter {
  /** Removals finished since the start. */
  readonly finished: number;
  readonly then: () => void;
}

export class Compactions {
  /** The removal lacks pages; cleared when some have arrived. */
  waitsForPages = false;
  private readonly store: KeyValueStore;
  private readonly persistence: Persistence;
  private readonly metrics: ServerMetrics;
  /** By the metrics' clock. */
  private begunAtMs = 0;
  private scheduleIsDurable = true;
  private resumesAtMs = 0;
  private waiters: Waiter[] = [];
  private readonly pace: CompactionPace;
  private readonly onFinished: OnCompactionFinished;
  /** When the removal under way began. */
  private beganAtMs: number | undefined;

  constructor(
    store: KeyValueStore,
    persistence: Persistence,
    metrics: ServerMetrics,
    pace: CompactionPace,
    onFinished: OnCompactionFinished,
  ) {
    this.store = store;
    this.metrics = metrics;
    this.persistence = persistence;
    this.pace = pace;
    this.onFinished = onFinished;
  }

  /** The entry at `index` has made a removal due. */
  onScheduled(index: number): void {
    this.scheduleIsDurable = false;
    this.metrics.lastCompaction = this.metrics.unixSeconds();
    this.begunAtMs = this.metrics.clockMs();
    this.persistence.whenCommitted(index, () => {
      this.scheduleIsDurable = true;
    });
  }

  /** Runs `then` when all removals that are scheduled by now are finished and durable. */
  whenFinished(then: () => void): void {
    this.waiters.push({ finished: this.store.compactionsScheduled, then });
  }

  /** A slice, if one is due. */
  run(nowMs: number): void {
    if (this.isReady && nowMs >= this.resumesAtMs) this.runSlice(nowMs);
    this.answerFinished();
  }

  private runSlice(nowMs: number): void {
    this.beganAtMs ??= nowMs;
    const { metrics } = this;
    const sliceBegunAtMs = metrics.clockMs();
    const progress = this.store.compaction?.run(this.pace.sliceRecords);
    const endedAtMs = metrics.clockMs();
    // A slice drops records from database and index together: there is one pause for both.
    metrics.compactionPauseMs.observe(endedAtMs - sliceBegunAtMs);
    metrics.indexCompactionPauseMs.observe(endedAtMs - sliceBegunAtMs);
    if (progress === "done") metrics.compactionTotalMs.observe(endedAtMs - this.begunAtMs);
    this.waitsForPages = progress === "miss";
    // The wait for pages is pause enough.
    if (!this.waitsForPages) this.resumesAtMs = nowMs + this.pace.pauseMs;
    if (progress === "done") this.tellFinished(nowMs);
  }

  /** When the next slice is due; Infinity: it waits for something else, or there is none. */
  nextWakeMs(): number {
    return this.isReady ? this.resumesAtMs : Number.POSITIVE_INFINITY;
  }

  private get isReady(): boolean {
    return this.store.compaction !== undefined && this.scheduleIsDurable && !this.waitsForPages;
  }

  private tellFinished(nowMs: number): void {
    const tookMs = nowMs - (this.beganAtMs ?? nowMs);
    this.beganAtMs = undefined;
    if (this.store.lastCompaction !== undefined) this.onFinished(this.store.lastCompaction, tookMs);
  }

  private answerFinished(): void {
    const { compactionsFinished } = this.store;
    if (this.waiters.length === 0 || this.waiters[0]!.finished > compactionsFinished) return;
    const due = this.waiters.filter((waiter) => waiter.finished <= compactionsFinished);
    this.waiters = this.waiters.filter((waiter) => waiter.finished > compactionsFinished);
    for (const { then } of due) this.persistence.whenAllCommitted(then);
  }
}
