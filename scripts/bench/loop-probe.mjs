/** Loaded into a server by `waits.mjs`: writes the longest turn of its loop, in milliseconds, to the file LOOP_PROBE_FILE on each SIGUSR2, and begins anew. */
import { writeFileSync } from "node:fs";
import { monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

const RESOLUTION_MS = 1;

if (isMainThread) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let longestCollection = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestCollection = Math.max(longestCollection, duration);
  }).observe({ entryTypes: ["gc"] });
  process.on("SIGUSR2", () => {
    const turnMs = Math.max(0, delays.max / 1e6 - RESOLUTION_MS);
    writeFileSync(process.env.LOOP_PROBE_FILE, JSON.stringify({ turnMs, collectionMs: longestCollection }));
    longestCollection = 0;
    delays.reset();
  });
}
