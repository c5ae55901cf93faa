/**
 * One run: a member under load, crashed and restarted again and again, then stopped and judged. The seed is all that a run
 * depends on.
 */

import { SeededRandom, setVerifying } from "@etcd-ts/base";
import { NO_END, ONE_KEY } from "@etcd-ts/server";
import { checkDatabase, type DiskOperation, FaultyDisk, type Intercept } from "@etcd-ts/storage";
import { checkAtomicity, checkDurability, compactedAtMost } from "./checkers/durability.ts";
import { checkLeases } from "./checkers/leases.ts";
import { checkLinearizability } from "./checkers/linearizability.ts";
import { readRecords } from "./checkers/record.ts";
import { checkHeard, checkWatch } from "./checkers/watches.ts";
import { CheckpointFate } from "./checkpoint-fate.ts";
import { databaseFilter, diskFault } from "./disk-fault.ts";
import type { PlantedBug } from "./planted-bugs.ts";
import { PowerCut } from "./power-cut.ts";
import { Scheduler } from "./scheduler.ts";
import { SimulatedMember } from "./simulated-member.ts";
import { Client } from "./workload/clients.ts";
import { History, type WatchStory } from "./workload/history.ts";
import { LeaseHolder } from "./workload/lease-holder.ts";
import { WatchingClient } from "./workload/watching-client.ts";

export interface SimulationOptions {
  readonly seed: number;
  readonly crashes: number;
  readonly clients: number;
  readonly bug?: PlantedBug;
}

export interface SimulationResult {
  /** What the checkers found, or the failure that ended the run; empty when all is well. */
  readonly faults: readonly string[];
  readonly acknowledged: number;
  readonly revision: number;
  readonly records: number;
  readonly startsFromCheckpoint: number;
}

const DATABASE = "/sim.etcd/member/snap/db";
const GROUP_KEYS = 24;
const LEASE_HOLDERS = 3;
/** After the clients: every lease ends meanwhile, every watcher hears of all, and all reaches the database. */
const QUIET_MS = 8000;

export function runSimulation(options: SimulationOptions): SimulationResult {
  setVerifying(true);
  const random = new SeededRandom(options.seed);
  const scheduler = new Scheduler();
  const disk = new FaultyDisk();
  const power = new PowerSwitch(disk, diskFault(options.bug));
  const history = new History();
  const member = new SimulatedMember(scheduler, disk, random, options.bug);
  for (let i = 0; i < options.clients; i++) new Client(`c${i}`, scheduler, member, random, history).start();
  for (let i = 1; i <= LEASE_HOLDERS; i++) new LeaseHolder(i, scheduler, member, random, history).start();
  for (const story of watchStories(history)) new WatchingClient(story, scheduler, member, random).start();
  const faults: string[] = [];
  try {
    const leasesLeft = liveAndCrash(options, disk, power, scheduler, member, random, history, faults);
    if (faults.length === 0) faults.push(...judge(disk, history, leasesLeft));
  } catch (error) {
    faults.push(`the run ended: ${error instanceof Error ? error.message : String(error)}`);
  }
  const acknowledged = history.entries.filter((entry) => entry.acknowledged !== undefined).length;
  const records = faults.length === 0 ? readRecords(disk, DATABASE).length : 0;
  const { startsFromCheckpoint } = member;
  return { faults, acknowledged, revision: history.revisionSeen, records, startsFromCheckpoint };
}

function watchStories(history: History): WatchStory[] {
  return [
    history.watch("watch of all", "\0", NO_END),
    history.watch("watch of a group", "g0/", "g00"),
    history.watch("watch of a key", "k/0", ONE_KEY),
  ];
}

/** Cuts the power in the middle of whatever the member does next with its disk. */
class PowerSwitch {
  /** Changes that still happen; counted down by those that `counts`. */
  private left = Number.POSITIVE_INFINITY;
  private counts: (operation: DiskOperation, kind: "database" | "other") => boolean = () => true;

  constructor(disk: FaultyDisk, fault: Intercept) {
    const isOfDatabase = databaseFilter();
    disk.intercept = (operation, index) => {
      const kind = isOfDatabase(operation) ? "database" : "other";
      // Nothing happens any more once the power is off.
      if (this.left < 0 || (this.counts(operation, kind) && this.left-- === 0)) throw new PowerCut();
      return fault(operation, index);
    };
  }

  /**
   * Runs until the time is up, or until a change of the disk by chance: any, or a sync of the database, of which there are
   * few and before which much is at stake.
   */
  runUntilOff(scheduler: Scheduler, endMs: number, random: SeededRandom): void {
    const amongSyncs = random.below(2) === 0;
    this.counts = amongSyncs ? ({ kind }, of) => kind === "sync" && of === "database" : () => true;
    this.left = random.below(amongSyncs ? 4 : 60);
    try {
      scheduler.runUntil(endMs);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
    this.left = Number.POSITIVE_INFINITY;
  }
}

/** Returns how many leases are left when all should have ended. */
function liveAndCrash(
  options: SimulationOptions,
  disk: FaultyDisk,
  power: PowerSwitch,
  scheduler: Scheduler,
  member: SimulatedMember,
  random: SeededRandom,
  history: History,
  faults: string[],
): number {
  const checkpoints = new CheckpointFate();
  member.boot();
  for (let crash = 0; crash < options.crashes; crash++) {
    scheduler.runUntil(scheduler.nowMs + 100 + random.below(900));
    power.runUntilOff(scheduler, scheduler.nowMs + 500, random);
    member.crash();
    checkpoints.afterCrash(disk, random);
    scheduler.runUntil(scheduler.nowMs + random.below(50));
    const known = history.revisionSeen;
    member.boot();
    // Long enough to elect itself and to apply its log again.
    scheduler.runUntil(scheduler.nowMs + 1500);
    const revision = member.member!.store.currentRevision;
    if (revision < known)
      faults.push(`after crash ${crash + 1} the revision fell from ${known} to ${revision}`);
  }
  history.closed = true;
  scheduler.runUntil(scheduler.nowMs + QUIET_MS);
  const leasesLeft = member.member!.lessor.count;
  member.stopCleanly();
  scheduler.clear();
  return leasesLeft;
}

function judge(disk: FaultyDisk, history: History, leasesLeft: number): string[] {
  const page = checkDatabase(disk, DATABASE);
  const records = readRecords(disk, DATABASE);
  return [
    ...page.problems.map(({ page: id, text }) => `page ${id}: ${text}`),
    ...checkDurability(history, records),
    ...checkAtomicity(history, records, GROUP_KEYS),
    ...checkLinearizability(history, records),
    ...checkLeases(history, records, leasesLeft),
    ...history.watches.flatMap((story) => checkWatch(story, records, compactedAtMost(history))),
    ...checkHeard(history.watches[0]!, history),
  ];
}
