/**
 * Families of the process and of the run-time. The original's `go_*` have stand-ins with the nearest value that V8 and Node know, so
 * that its dashboards show something true; Node's own families stand beside them under `process_nodejs_*`.
 *
 *     go_memstats_heap_inuse_bytes, _alloc_bytes   V8's used heap        go_goroutines   active resources of the event loop
 *     go_memstats_heap_sys_bytes                   V8's total heap       go_threads      threads of the process
 *     go_memstats_next_gc_bytes                    V8's heap limit       go_gc_*         V8's collections
 *     go_memstats_mallocs_total, _frees_total      no counterpart: 0
 */

import { readdirSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import { counter, type Family, gauge, labelled } from "@etcd-ts/server";
import { fileDescriptorLimit } from "../debug-vars.ts";
import type { CollectionWatch } from "./collection-watch.ts";

/** Ticks of the kernel's clock in a second, as it tells user programs. */
const TICKS_PER_SECOND = 100;
const KIBIBYTE = 1024;

export class ProcessFamilies {
  private readonly collections: CollectionWatch;
  private readonly delay = monitorEventLoopDelay({ resolution: 20 });

  constructor(collections: CollectionWatch) {
    this.collections = collections;
    this.delay.enable();
  }

  families(): Family[] {
    return [
      ...processFamilies(),
      ...fileDescriptorFamilies(),
      ...heapFamilies(this.collections),
      ...collectorFamilies(this.collections),
      ...threadFamilies(),
      ...nodeFamilies(this.delay),
    ];
  }
}

function processFamilies(): Family[] {
  const { user, system } = process.cpuUsage();
  const memory = statusValues();
  const traffic = networkTraffic();
  return [
    counter("process_cpu_seconds_total", "CPU time of the process.", (user + system) / 1e6),
    gauge("process_resident_memory_bytes", "Resident memory.", process.memoryUsage.rss()),
    gauge("process_virtual_memory_bytes", "Virtual memory.", memory.virtualBytes),
    gauge("process_virtual_memory_max_bytes", "Limit of virtual memory.", addressSpaceLimit()),
    gauge("process_start_time_seconds", "Unix time of the start.", startTimeSeconds()),
    counter("process_network_receive_bytes_total", "Bytes received by the system.", traffic.received),
    counter("process_network_transmit_bytes_total", "Bytes sent by the system.", traffic.sent),
  ];
}

function fileDescriptorFamilies(): Family[] {
  const limit = fileDescriptorLimit();
  const used = openFileDescriptors();
  return [
    gauge("process_max_fds", "Limit of open files.", limit),
    gauge("process_open_fds", "Open files.", used),
    gauge("os_fd_limit", "Limit of open files.", limit),
    gauge("os_fd_used", "Open files.", used),
  ];
}

function heapFamilies(collections: CollectionWatch): Family[] {
  const heap = getHeapStatistics();
  const { external, arrayBuffers, rss } = process.memoryUsage();
  const memory: readonly (readonly [string, number])[] = [
    ["alloc_bytes", heap.used_heap_size],
    ["sys_bytes", rss],
    ["heap_alloc_bytes", heap.used_heap_size],
    ["heap_inuse_bytes", heap.used_heap_size],
    ["heap_idle_bytes", heap.total_heap_size - heap.used_heap_size],
    ["heap_released_bytes", heap.total_heap_size - heap.total_physical_size],
    ["heap_sys_bytes", heap.total_heap_size],
    ["heap_objects", heap.number_of_native_contexts],
    ["next_gc_bytes", heap.heap_size_limit],
    ["last_gc_time_seconds", collections.lastSeconds],
    ["gc_sys_bytes", heap.malloced_memory],
    ["other_sys_bytes", external],
    ["buck_hash_sys_bytes", arrayBuffers],
    ["mcache_inuse_bytes", 0],
    ["mcache_sys_bytes", 0],
    ["mspan_inuse_bytes", 0],
    ["mspan_sys_bytes", 0],
    ["stack_inuse_bytes", 0],
    ["stack_sys_bytes", 0],
  ];
  const help = "Stand-in of the run-time's memory statistics.";
  return [
    ...memory.map(([name, value]) => gauge(`go_memstats_${name}`, help, Math.max(value, 0))),
    counter("go_memstats_alloc_bytes_total", help, heap.used_heap_size + collections.freedBytes),
    counter("go_memstats_mallocs_total", help, 0),
    counter("go_memstats_frees_total", help, 0),
  ];
}

function collectorFamilies(collections: CollectionWatch): Family[] {
  return [
    labelled("go_gc_duration_seconds", "summary", "Pauses of V8's collections.", [
      { labels: [], value: collections.summary() },
    ]),
    gauge("go_gc_gogc_percent", "Stand-in: V8 chooses itself when to collect.", 100),
    gauge("go_gc_gomemlimit_bytes", "Limit of V8's heap.", getHeapStatistics().heap_size_limit),
  ];
}

function threadFamilies(): Family[] {
  return [
    gauge(
      "go_goroutines",
      "Stand-in: what keeps the event loop busy.",
      process.getActiveResourcesInfo().length,
    ),
    gauge("go_threads", "Threads of the process.", statusValues().threads),
    gauge("go_sched_gomaxprocs_threads", "Processors that the process may use.", availableParallelism()),
    labelled("go_info", "gauge", "Version of the run-time.", [
      { labels: [["version", process.version]], value: 1 },
    ]),
  ];
}

function nodeFamilies(delay: ReturnType<typeof monitorEventLoopDelay>): Family[] {
  const heap = getHeapStatistics();
  const { external, arrayBuffers } = process.memoryUsage();
  return [
    labelled("process_nodejs_version_info", "gauge", "Version of Node.", [
      { labels: [["version", process.version]], value: 1 },
    ]),
    gauge("process_nodejs_heap_size_total_bytes", "V8's heap.", heap.total_heap_size),
    gauge("process_nodejs_heap_size_used_bytes", "V8's heap in use.", heap.used_heap_size),
    gauge("process_nodejs_external_memory_bytes", "Memory of objects outside of the heap.", external),
    gauge("process_nodejs_array_buffers_bytes", "Memory of buffers.", arrayBuffers),
    gauge(
      "process_nodejs_eventloop_lag_mean_seconds",
      "Mean delay of the event loop.",
      (delay.mean || 0) / 1e9,
    ),
    gauge("process_nodejs_eventloop_lag_max_seconds", "Largest delay of the event loop.", delay.max / 1e9),
    gauge("process_nodejs_eventloop_lag_p99_seconds", "99th percentile of it.", delay.percentile(99) / 1e9),
  ];
}

// What only the system knows; 0 where it does not tell.

function fileText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function statusValues(): { readonly virtualBytes: number; readonly threads: number } {
  const status = fileText("/proc/self/status");
  return {
    virtualBytes: Number(/^VmSize:\s+(\d+)/m.exec(status)?.[1] ?? 0) * KIBIBYTE,
    threads: Number(/^Threads:\s+(\d+)/m.exec(status)?.[1] ?? 0),
  };
}

function openFileDescriptors(): number {
  try {
    // Less the one that reads the directory.
    return readdirSync("/proc/self/fd").length - 1;
  } catch {
    return 0;
  }
}

/** Unlimited is the largest number of 64 bits, as the original shows it. */
function addressSpaceLimit(): number {
  const limit = /^Max address space\s+(\S+)/m.exec(fileText("/proc/self/limits"))?.[1];
  return limit === undefined || limit === "unlimited" ? 2 ** 64 : Number(limit);
}

function startTimeSeconds(): number {
  const bootSeconds = Number(/^btime (\d+)/m.exec(fileText("/proc/stat"))?.[1] ?? 0);
  const behindName = fileText("/proc/self/stat")
    .replace(/^.*\) /s, "")
    .split(" ");
  const ticks = Number(behindName[19] ?? 0);
  if (bootSeconds === 0) return Math.round(Date.now() / 1000 - process.uptime());
  return bootSeconds + ticks / TICKS_PER_SECOND;
}

function networkTraffic(): { readonly received: number; readonly sent: number } {
  const lines = fileText("/proc/self/net/netstat").split("\n");
  const at = lines.findIndex((line) => line.startsWith("IpExt:"));
  const names = lines[at]?.split(" ") ?? [];
  const values = lines[at + 1]?.split(" ") ?? [];
  const of = (name: string) => Number(values[names.indexOf(name)] ?? 0);
  return at < 0 ? { received: 0, sent: 0 } : { received: of("InOctets"), sent: of("OutOctets") };
}
