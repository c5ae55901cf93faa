/**
 * Starts a member from an image and looks whether anything is wrong: that it starts, that every write acknowledged before the
 * failure is there and whole, that the revision has not gone back, that pages and log are as they must be, and that it takes and
 * keeps a write.
 */

import { SeededRandom } from "@etcd-ts/base";
import type { Member } from "@etcd-ts/server";
import { checkDatabase, dataDirectory, type FaultyDisk, newestWalSnapshot, readWal } from "@etcd-ts/storage";
import { checkAtomicity, checkDurability } from "../checkers/durability.ts";
import { readRecords, type StoredRecord } from "../checkers/record.ts";
import { Scheduler } from "../scheduler.ts";
import { SimulatedMember } from "../simulated-member.ts";
import { History } from "../workload/history.ts";
import { Caller } from "./caller.ts";
import { runUntil } from "./recording.ts";

const DIRECTORY = dataDirectory("/sim.etcd");

/** What is wrong; empty when nothing is. The image is used up. */
export function checkImage(disk: FaultyDisk, known: History, groupKeys: number): string[] {
  try {
    const after = new History();
    const revision = startAndWrite(disk, after);
    if (revision < known.revisionSeen) return [`the revision fell from ${known.revisionSeen} to ${revision}`];
    const records = readRecords(disk, DIRECTORY.database);
    return [
      ...checkDatabase(disk, DIRECTORY.database).problems.map(({ text }) => text),
      ...checkDurability(known, records),
      ...checkDurability(after, records),
      ...checkAtomicity(known, withoutOwn(records), groupKeys),
      ...checkLog(disk),
    ];
  } catch (error) {
    return [error instanceof Error ? `${error.name}: ${error.message}` : String(error)];
  }
}

/** Returns the revision with which the member began to serve. */
function startAndWrite(disk: FaultyDisk, history: History): number {
  const scheduler = new Scheduler();
  const member = new SimulatedMember(scheduler, disk, new SeededRandom(1), undefined);
  member.boot();
  runUntil(scheduler, () => member.member!.isPublished);
  const revision = member.member!.store.currentRevision;
  const caller = new Caller(scheduler, member, [{ kind: "put", key: OWN_KEY, value: "there" }], history);
  runUntil(scheduler, () => caller.done && isCommitted(member.member!));
  member.stopCleanly();
  return revision;
}

/** All that is applied has reached the database. */
function isCommitted({ backend }: Member): boolean {
  return backend.pendingOperations === 0 && backend.committedIndex === backend.consistentIndex;
}

const OWN_KEY = "after-the-failure";

function withoutOwn(records: readonly StoredRecord[]): StoredRecord[] {
  return records.filter(({ key }) => key !== OWN_KEY);
}

/** The chain of checksums, from the newest snapshot to the end; the log was stopped cleanly. */
function checkLog(disk: FaultyDisk): string[] {
  const snapshot = newestWalSnapshot(disk, DIRECTORY.wal);
  if (snapshot === undefined) return ["the log has no snapshot record"];
  const { entries, hardState } = readWal(disk, DIRECTORY.wal, snapshot);
  const last = snapshot.index + entries.length;
  return hardState.commit > last ? [`the log ends at ${last}, below its commit ${hardState.commit}`] : [];
}
