/**
 * A run of a member with every change of its disk written down, and with every question and answer of its clients placed among
 * them: what was known when the power failed at any of these changes.
 */

import { SeededRandom } from "@etcd-ts/base";
import { type DiskOperation, dataDirectory, FaultyDisk } from "@etcd-ts/storage";
import { readRecords } from "../checkers/record.ts";
import { diskFault } from "../disk-fault.ts";
import type { PlantedBug } from "../planted-bugs.ts";
import { Scheduler } from "../scheduler.ts";
import { SimulatedMember } from "../simulated-member.ts";
import { type Acknowledgement, History, type HistoryEntry, type Operation } from "../workload/history.ts";
import { Caller } from "./caller.ts";
import type { Load } from "./loads.ts";

export interface Recording {
  readonly load: Load;
  readonly operations: readonly DiskOperation[];
  /** The disk before the first of them. */
  readonly before: FaultyDisk;
  /** What clients had asked and heard when so many changes were made. */
  historyAt(operations: number): History;
}

const DIRECTORY = dataDirectory("/sim.etcd");
/** Virtual time within which every load has ended. */
const TIME_MAX_MS = 600_000;

/** `before`: a disk with a directory on it that somebody has left; it is taken over. */
export function record(
  load: Load,
  seed: number,
  bug?: PlantedBug,
  before = load.before?.() ?? new FaultyDisk(),
): Recording {
  const random = new SeededRandom(seed);
  const scheduler = new Scheduler();
  const disk = before.fork({ record: true });
  disk.intercept = diskFault(bug);
  const history = new PlacedHistory(disk);
  const member = new SimulatedMember(scheduler, disk, random, bug);
  member.defragmentationPauseMs = load.defragmentationPauseMs ?? member.defragmentationPauseMs;
  addFound(history, before);
  member.boot();
  for (const phase of load.phases(random)) {
    const callers = phase.calls.map((calls) => new Caller(scheduler, member, calls, history));
    runUntil(scheduler, () => callers.every((caller) => caller.done));
    if (phase.end === "kill") member.kill();
    else member.stopCleanly();
    if (phase.boots) member.boot();
  }
  return { load, operations: disk.operations, before, historyAt: (operations) => history.at(operations) };
}

/** What the directory held counts as acknowledged before the first change. */
function addFound(history: History, before: FaultyDisk): void {
  if (!before.exists(DIRECTORY.database)) return;
  const disk = before.fork();
  const scheduler = new Scheduler();
  const member = new SimulatedMember(scheduler, disk, new SeededRandom(1), undefined);
  member.boot();
  runUntil(scheduler, () => member.member!.isPublished);
  member.stopCleanly();
  disk.kill();
  for (const { key, value, main } of readRecords(disk, DIRECTORY.database)) {
    if (value === undefined) continue;
    const entry = history.ask({ kind: "put", key, value }, 0);
    history.acknowledge(entry, { atMs: 0, revision: main });
  }
}

export function runUntil(scheduler: Scheduler, isDone: () => boolean): void {
  const endMs = scheduler.nowMs + TIME_MAX_MS;
  while (!isDone()) {
    if (scheduler.nowMs > endMs) throw new Error("the member does not go on");
    scheduler.runUntil(scheduler.nowMs + 20);
  }
}

class PlacedHistory extends History {
  private readonly disk: FaultyDisk;
  private readonly asked: number[] = [];
  private readonly answered: number[] = [];
  private readonly positions = new Map<HistoryEntry, number>();

  constructor(disk: FaultyDisk) {
    super();
    this.disk = disk;
  }

  override ask(operation: Operation, atMs: number): HistoryEntry {
    const entry = super.ask(operation, atMs);
    this.positions.set(entry, this.asked.length);
    this.asked.push(this.disk.operations.length);
    this.answered.push(Number.POSITIVE_INFINITY);
    return entry;
  }

  override acknowledge(entry: HistoryEntry, acknowledgement: Acknowledgement): void {
    super.acknowledge(entry, acknowledgement);
    this.answered[this.positions.get(entry)!] = this.disk.operations.length;
  }

  at(operations: number): History {
    const past = new History();
    for (const [i, entry] of this.entries.entries()) {
      if (this.asked[i]! > operations) break;
      const known = past.ask(entry.operation, entry.askedAtMs);
      if (this.answered[i]! <= operations) past.acknowledge(known, entry.acknowledged!);
    }
    return past;
  }
}
