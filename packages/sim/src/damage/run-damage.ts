/**
 * Damages one file after the other of a stopped member's directory and starts a member on it. What may come of it:
 *
 * - `refused`: a clear error that names a file, and nothing in the directory was changed;
 * - `started`: everything is there as it was;
 * - `stopped`: it started from its index checkpoint, and ended with a clear error when it came to the damaged place, which it
 *   has not overwritten;
 * - `value`: it started, and what differs lies inside of stored values, which the format of the database cannot show;
 * - `wrong`: anything else, which is a fault.
 */

import { crc32c, SeededRandom } from "@etcd-ts/base";
import {
  checkDatabase,
  dataDirectory,
  FaultyDisk,
  InlineStorage,
  PAGE_BYTES_DEFAULT,
} from "@etcd-ts/storage";
import { readRecords } from "../checkers/record.ts";
import { Caller } from "../crash-images/caller.ts";
import { LOADS } from "../crash-images/loads.ts";
import { runUntil } from "../crash-images/recording.ts";
import { Scheduler } from "../scheduler.ts";
import { SimulatedMember } from "../simulated-member.ts";
import { History } from "../workload/history.ts";
import { type Damage, damageOne } from "./damage.ts";
import { type ByteRange, structuralRanges } from "./structural-ranges.ts";

const ROOT = "/sim.etcd";
const DIRECTORY = dataDirectory(ROOT);

export type Outcome = "refused" | "started" | "stopped" | "value" | "wrong";

export interface Variant {
  readonly damage: Damage;
  readonly outcome: Outcome;
  /** The refusal, or what is wrong. */
  readonly text: string;
}

/** Errors that tell an operator what is wrong; anything else that is thrown is a fault of ours. */
const CLEAR_ERRORS = new Set([
  "CannotStartError",
  "DamagedRecordError",
  "DatabaseError",
  "DiskError",
  "MalformedEntryError",
  "SnapError",
  "WalError",
]);

export class DamageRun {
  private readonly base: FaultyDisk;
  private readonly paths: readonly string[];
  private readonly structure: readonly ByteRange[];
  private readonly expected: string;
  private readonly random: SeededRandom;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    this.base = stoppedMember(this.random);
    this.paths = filesBelow(this.base, ROOT);
    this.structure = structuralRanges(this.base.readFile(DIRECTORY.database));
    this.expected = describe(this.base.fork());
  }

  next(): Variant {
    const disk = this.base.fork();
    const { random, paths } = this;
    // The files in which most is at stake come more often than their number says.
    const path = random.below(2) === 0 ? DIRECTORY.database : paths[random.below(paths.length)]!;
    // Every other start reads all records.
    if (path !== DIRECTORY.checkpoint && random.below(2) === 0) disk.remove(DIRECTORY.checkpoint);
    const damage = damageOne(disk, path, random);
    return { damage, ...this.judge(disk, damage) };
  }

  private judge(disk: FaultyDisk, damage: Damage): { outcome: Outcome; text: string } {
    const before = contentOf(disk);
    const place = placeOf(disk, damage);
    let isQuick = false;
    let after: string;
    try {
      after = start(disk, () => {
        isQuick = true;
      });
    } catch (error) {
      disk.kill();
      if (!isQuick) return judgeEnd(error as Error, "refused", before, contentOf(disk));
      return judgeEnd(error as Error, "stopped", place, placeOf(disk, damage));
    }
    if (after === this.expected) return { outcome: "started", text: "" };
    if (damage.path === DIRECTORY.database && this.isInValue(damage)) return { outcome: "value", text: "" };
    return {
      outcome: "wrong",
      text: `it started with other records: ${firstDifference(this.expected, after)}`,
    };
  }

  private isInValue({ kind, start: from, end: to }: Damage): boolean {
    return kind !== "truncated" && !this.structure.some(({ start, end }) => start < to && from < end);
  }
}

/** Both texts around the place where they part. */
function firstDifference(expected: string, found: string): string {
  let at = 0;
  while (at < expected.length && expected[at] === found[at]) at++;
  const part = (text: string) => text.slice(Math.max(0, at - 40), at + 60);
  return `${part(expected)} | ${part(found)}`;
}

/** `before`, `after`: what must not have changed. */
function judgeEnd(
  error: Error,
  outcome: "refused" | "stopped",
  before: string,
  after: string,
): { outcome: Outcome; text: string } {
  const text = `${error.name}: ${error.message}`;
  if (!CLEAR_ERRORS.has(error.name)) return { outcome: "wrong", text: `${text}\n${error.stack}` };
  if (before !== after) {
    return {
      outcome: "wrong",
      text: `${outcome}, and the directory was changed (${firstDifference(before, after)}): ${text}`,
    };
  }
  return { outcome, text };
}

/** The damaged bytes. */
function placeOf(disk: FaultyDisk, { path, start, end }: Damage): string {
  if (!disk.exists(path)) return "";
  return Buffer.from(disk.readFile(path).subarray(start, end)).toString("hex");
}

/** Overwrites, deletes, compactions, snapshots and several segments, all in the database at the end. */
function stoppedMember(random: SeededRandom): FaultyDisk {
  const disk = new FaultyDisk();
  const scheduler = new Scheduler();
  const member = new SimulatedMember(scheduler, disk, random, undefined);
  member.boot();
  const history = new History();
  for (const name of ["segments-and-snapshots", "large-deletes", "compaction"]) {
    const [phase] = LOADS.find((load) => load.name === name)!.phases(random);
    const callers = phase!.calls.map((calls) => new Caller(scheduler, member, calls.slice(0, 40), history));
    runUntil(scheduler, () => callers.every((caller) => caller.done));
  }
  runUntil(scheduler, () => member.member!.store.compaction === undefined);
  scheduler.runUntil(scheduler.nowMs + 2000);
  member.stopCleanly();
  disk.kill();
  // The file grows in steps; what it has in advance is not worth damaging.
  const { pages } = checkDatabase(disk, DIRECTORY.database);
  const bytes = disk.readFile(DIRECTORY.database);
  disk.writeFile(DIRECTORY.database, bytes.subarray(0, pages * PAGE_BYTES_DEFAULT));
  return disk;
}

/** Starts a member and stops it; returns what its database then holds. */
function start(disk: FaultyDisk, onQuickStart: () => void = () => {}): string {
  const scheduler = new Scheduler();
  const member = new SimulatedMember(scheduler, disk, new SeededRandom(1), undefined);
  member.comparesCheckpoints = false;
  member.boot();
  if (member.startsFromCheckpoint > 0) onQuickStart();
  runUntil(scheduler, () => member.member!.isPublished);
  // Long enough for all values to come back into memory.
  scheduler.runUntil(scheduler.nowMs + 3000);
  member.stopCleanly();
  disk.kill();
  return describe(disk);
}

/** All records, and the members. */
function describe(disk: FaultyDisk): string {
  const storage = InlineStorage.open(disk, DIRECTORY.database, { sync: true })!;
  const { small } = storage.opened;
  storage.close();
  const members = small.filter(({ bucket }) => bucket === "members" || bucket === "members_removed");
  const pairs = members.map(({ key, value }) => [Buffer.from(key).toString(), Buffer.from(value).toString()]);
  return JSON.stringify([pairs, readRecords(disk, DIRECTORY.database)]);
}

function filesBelow(disk: FaultyDisk, folder: string): string[] {
  return disk.list(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    return disk.isDirectory(path) ? filesBelow(disk, path) : [path];
  });
}

function contentOf(disk: FaultyDisk): string {
  return filesBelow(disk, ROOT)
    .map((path) => `${path} ${crc32c(disk.readFile(path))}`)
    .join("\n");
}
