/**
 * The removal of compacted records, in slices with the pause that the original keeps between them (`api-semantics.md` 8). Nothing
 * is removed before the schedule is durable, so that a restart goes on where a crash interrupted it; who asked for a
 * `physical` compaction hears when the removal is finished and durable.
 */

import type { ServerMetrics } from "../metrics/server-metrics.ts";
import type { KeyValueStore } from "../mvcc/store-types.ts";
import type { Persistence } from "./persistence.ts";

const SLICE_RECORDS = 1000;
const PAUSE_MS = 10;

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

  constructor(store: KeyValueStore, persistence: Persistence, metrics: ServerMetrics) {
    this.store = store;
    this.metrics = metrics;
    this.persistence = persistence;
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
  run(nowMs: number, appliedIndex: number): void {
    if (this.isReady && nowMs >= this.resumesAtMs) {
      this.runSlice();
      this.resumesAtMs = nowMs + PAUSE_MS;
    }
    this.answerFinished(appliedIndex);
  }

  private runSlice(): void {
    const { metrics } = this;
    const sliceBegunAtMs = metrics.clockMs();
    const progress = this.store.compaction?.run(SLICE_RECORDS);
    const endedAtMs = metrics.clockMs();
    metrics.compactionPauseMs.observe(endedAtMs - sliceBegunAtMs);
    if (progress === "done") metrics.compactionTotalMs.observe(endedAtMs - this.begunAtMs);
    this.waitsForPages = progress === "miss";
  }

  /** When the next slice is due; Infinity: it waits for something else, or there is none. */
  nextWakeMs(): number {
    return this.isReady ? this.resumesAtMs : Number.POSITIVE_INFINITY;
  }

  private get isReady(): boolean {
    return this.store.compaction !== undefined && this.scheduleIsDurable && !this.waitsForPages;
  }

  private answerFinished(appliedIndex: number): void {
    const { compactionsFinished } = this.store;
    if (this.waiters.length === 0 || this.waiters[0]!.finished > compactionsFinished) return;
    const due = this.waiters.filter((waiter) => waiter.finished <= compactionsFinished);
    this.waiters = this.waiters.filter((waiter) => waiter.finished > compactionsFinished);
    for (const { then } of due) this.persistence.whenCommitted(appliedIndex, then);
  }
}
