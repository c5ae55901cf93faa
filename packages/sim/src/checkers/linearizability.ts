/**
 * Reads and writes of one key are linearizable. Every answer carries the revision at which it holds, which makes the order
 * known: it is enough to look whether real time agrees with it, and whether reads say what the records say.
 */

import type { History } from "../workload/history.ts";
import type { StoredRecord } from "./record.ts";

export function checkLinearizability(history: History, records: readonly StoredRecord[]): string[] {
  return [...checkRealTime(history), ...checkReads(history, records)];
}

/** Whatever was acknowledged before something was asked has a revision that is not larger. */
function checkRealTime(history: History): string[] {
  const faults: string[] = [];
  const answered = history.entries
    .filter((entry) => entry.acknowledged !== undefined)
    .sort((a, b) => a.acknowledged!.atMs - b.acknowledged!.atMs);
  const asked = [...answered].sort((a, b) => a.askedAtMs - b.askedAtMs);
  let next = 0;
  let revisionBefore = 0;
  for (const entry of asked) {
    while (next < answered.length && answered[next]!.acknowledged!.atMs < entry.askedAtMs) {
      revisionBefore = Math.max(revisionBefore, answered[next++]!.acknowledged!.revision);
    }
    const { revision } = entry.acknowledged!;
    if (revision < revisionBefore) {
      faults.push(
        `a ${entry.operation.kind} asked after revision ${revisionBefore} was known answers at ${revision}`,
      );
    }
  }
  return faults;
}

/** A get at revision R tells the last value of its key up to R, where the records still hold it. */
function checkReads(history: History, records: readonly StoredRecord[]): string[] {
  const faults: string[] = [];
  for (const { operation, acknowledged } of history.entries) {
    if (operation.kind !== "get" || acknowledged === undefined) continue;
    const { value } = acknowledged;
    const revision = operation.atRevision > 0 ? operation.atRevision : acknowledged.revision;
    const stored = records.findLast(({ key, main }) => key === operation.key && main <= revision);
    if (stored !== undefined && stored.value !== value) {
      faults.push(`get of ${operation.key} at revision ${revision} read what was not its value`);
    }
  }
  return faults;
}
