/**
 * What a member does while its disk is recorded. Each load leads it through another part of its storage; sizes are such that
 * a recording has some hundred to a few thousand changes.
 */

import type { Random } from "@etcd-ts/base";
import type { FaultyDisk } from "@etcd-ts/storage";
import type { Call } from "./caller.ts";
import { oldDirectory } from "./old-directory.ts";

/** Clients that call at the same time, and how the process ends after them. */
export interface Phase {
  readonly calls: readonly (readonly Call[])[];
  readonly end: "stop" | "kill";
  /** It is started again. */
  readonly boots: boolean;
}

export interface Load {
  readonly name: string;
  /** Keys of a group: they are written and deleted together or not at all. */
  readonly groupKeys: number;
  /** How long after the start, or after the last one, the database is defragmented, at most. */
  readonly defragmentationPauseMs?: number;
  /** The directory that is found at the beginning; undefined: none. */
  before?(): FaultyDisk;
  phases(random: Random): readonly Phase[];
}

const CLIENTS = 4;

export const LOADS: readonly Load[] = [
  load("first-start", 24, () => [once([], "stop")]),
  load("puts", 24, (random) => [
    once(
      ofClients((i) => puts(random, `k${i}/`, 60, 200)),
      "kill",
    ),
  ]),
  load("large-deletes", 120, (random) => [
    once(
      ofClients((i) => deletes(random, i, 120)),
      "kill",
    ),
  ]),
  load("file-growth", 24, (random) => [
    once(
      ofClients((i) => puts(random, `k${i}/`, 20, 60_000)),
      "kill",
    ),
  ]),
  // The log's segments have 64 KiB, and a snapshot is due every 50 entries.
  load("segments-and-snapshots", 24, (random) => [
    once(
      ofClients((i) => puts(random, `k${i}/`, 120, 3_000)),
      "kill",
    ),
  ]),
  load("compaction", 24, (random) => [
    once(
      ofClients((i) => compactions(random, i)),
      "kill",
    ),
  ]),
  {
    ...load("defragmentation", 120, (random) => [
      {
        calls: ofClients((i) => [...deletes(random, i, 120), ...puts(random, `k${i}/`, 30, 2_000)]),
        end: "kill",
        boots: true,
      },
      once(
        ofClients((i) => puts(random, `k${i}/`, 30, 2_000)),
        "stop",
      ),
    ]),
    defragmentationPauseMs: 20,
  },
  {
    ...load("take-over", 24, (random) => [
      once(
        ofClients((i) => puts(random, `k${i}/`, 40, 1_000)),
        "kill",
      ),
    ]),
    before: oldDirectory,
  },
  load("restarts", 24, (random) => [
    { calls: ofClients((i) => puts(random, `k${i}/`, 15, 2_000)), end: "kill", boots: true },
    { calls: ofClients((i) => puts(random, `k${i}/`, 15, 2_000)), end: "stop", boots: true },
    once(
      ofClients((i) => puts(random, `k${i}/`, 15, 2_000)),
      "stop",
    ),
  ]),
];

function load(name: string, groupKeys: number, phases: (random: Random) => readonly Phase[]): Load {
  return { name, groupKeys, phases };
}

function once(calls: readonly (readonly Call[])[], end: "stop" | "kill"): Phase {
  return { calls: calls.length === 0 ? [[]] : calls, end, boots: false };
}

function ofClients(calls: (client: number) => readonly Call[]): readonly (readonly Call[])[] {
  return Array.from({ length: CLIENTS }, (_, client) => calls(client));
}

function puts(random: Random, prefix: string, count: number, valueBytesMax: number): Call[] {
  return Array.from({ length: count }, (_, i) => ({
    kind: "put",
    key: `${prefix}${random.below(12)}`,
    value: `${prefix}${i}.${"x".repeat(random.below(valueBytesMax))}`,
  }));
}

/** A group is filled by one txn and emptied by one delete that takes many slices. */
function deletes(random: Random, client: number, groupKeys: number): Call[] {
  const calls: Call[] = [];
  for (let round = 0; round < 8; round++) {
    const keys = Array.from({ length: groupKeys }, (_, i) => `g${client}/${String(i).padStart(3, "0")}`);
    calls.push({ kind: "put-group", keys, value: `${client}.${round}.${"y".repeat(random.below(100))}` });
    calls.push({ kind: "delete-group", prefix: `g${client}/` });
  }
  return calls;
}

/** Overwrites, and now and then a compaction a little below what has been written. */
function compactions(random: Random, client: number): Call[] {
  return puts(random, `k${client}/`, 80, 400).flatMap((put, i): Call[] =>
    i % 10 === 9 ? [put, { kind: "compact", revision: i * CLIENTS - 20 + random.below(20) }] : [put],
  );
}
