/** V8's garbage collections since the start: how often, how long, how much. */

import { PerformanceObserver } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { Sample } from "@etcd-ts/server";

/** Durations of which quantiles are made. */
const KEPT = 256;

export class CollectionWatch {
  lastSeconds = 0;
  /** As far as the heap's size tells it. */
  freedBytes = 0;
  private count = 0;
  private sum = 0;
  private readonly recent: number[] = [];
  private usedBytes = getHeapStatistics().used_heap_size;

  constructor() {
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.add(duration / 1000);
    }).observe({ entryTypes: ["gc"] });
  }

  summary(): Sample["value"] {
    const sorted = [...this.recent].sort((a, b) => a - b);
    const at = (quantile: number): number => sorted[Math.round(quantile * (sorted.length - 1))] ?? 0;
    return {
      kind: "summary",
      quantiles: [0, 0.25, 0.5, 0.75, 1].map((quantile) => [quantile, at(quantile)] as const),
      sum: this.sum,
      count: this.count,
    };
  }

  private add(seconds: number): void {
    this.count++;
    this.sum += seconds;
    this.lastSeconds = Date.now() / 1000;
    this.recent[this.count % KEPT] = seconds;
    const used = getHeapStatistics().used_heap_size;
    this.freedBytes += Math.max(this.usedBytes - used, 0);
    this.usedBytes = used;
  }
}
