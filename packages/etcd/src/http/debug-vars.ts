/** `/debug/vars`: what the process is doing, as JSON: its command line, limits, memory, and raft's state. */

import { readFileSync } from "node:fs";
import { getHeapStatistics } from "node:v8";
import type { RaftStatus } from "@etcd-ts/server";
import type { Handler } from "./exchange.ts";

const TYPE: readonly [string, string] = ["Content-Type", "application/json; charset=utf-8"];

export function debugVarsEndpoint(raftStatus: () => RaftStatus): Handler {
  return (exchange) => {
    const variables = {
      cmdline: process.argv.slice(1),
      file_descriptor_limit: fileDescriptorLimit(),
      memstats: memoryStatistics(),
      "raft.status": raftStatusJson(raftStatus()),
    };
    const lines = Object.entries(variables).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`);
    exchange.begin(200, [TYPE]);
    exchange.write(`{\n${lines.join(",\n")}\n}\n`);
    exchange.end();
  };
}

/** The soft limit of open files; 0 where the system does not tell. */
export function fileDescriptorLimit(): number {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Under the original's names, in so far as the run-time knows such a number. */
function memoryStatistics(): Readonly<Record<string, number>> {
  const heap = getHeapStatistics();
  const { rss, external, arrayBuffers } = process.memoryUsage();
  return {
    Alloc: heap.used_heap_size,
    Sys: rss,
    HeapAlloc: heap.used_heap_size,
    HeapSys: heap.total_heap_size,
    HeapInuse: heap.total_physical_size,
    HeapIdle: heap.total_heap_size - heap.used_heap_size,
    OtherSys: external,
    BuffHashSys: arrayBuffers,
  };
}

function raftStatusJson(status: RaftStatus): unknown {
  const { id, softState, hardState, applied, leadTransferee } = status;
  const progress = status.progress.map((it) => [
    it.id.toString(16),
    { match: it.match, next: it.next, state: it.state },
  ]);
  return {
    id: id.toString(16),
    term: hardState.term,
    vote: hardState.vote.toString(16),
    commit: hardState.commit,
    lead: softState.lead.toString(16),
    raftState: softState.state,
    applied,
    progress: Object.fromEntries(progress),
    leadtransferee: leadTransferee.toString(16),
  };
}
