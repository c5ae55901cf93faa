/**
 * No acknowledged write is missing, and every write is whole.
 *
 * Looks only above the highest revision that a compaction was asked for: below it records may rightly be gone.
 */

import type { History } from "../workload/history.ts";
import type { StoredRecord } from "./record.ts";

/** What is wrong; empty when nothing is. */
export function checkDurability(history: History, records: readonly StoredRecord[]): string[] {
  const faults: string[] = [];
  const floor = compactedAtMost(history);
  const byRevision = groupByRevision(records);
  for (const { operation, acknowledged } of history.entries) {
    if (acknowledged === undefined || acknowledged.revision <= floor) continue;
    const { revision } = acknowledged;
    const stored = byRevision.get(revision) ?? [];
    if (operation.kind === "put") {
      const record = stored.find(({ key }) => key === operation.key);
      if (record?.value !== operation.value)
        faults.push(`put of ${operation.key} at revision ${revision} is missing`);
    }
    if (operation.kind === "put-group") {
      const whole = stored.filter(({ value }) => value === operation.value).length === operation.keys.length;
      if (!whole) faults.push(`txn at revision ${revision} is not whole`);
    }
    if (operation.kind === "delete-group" && acknowledged.deleted! > 0) {
      const tombstones = stored.filter(({ value }) => value === undefined).length;
      if (tombstones !== acknowledged.deleted) {
        faults.push(
          `delete at revision ${revision} left ${tombstones} tombstones, not ${acknowledged.deleted}`,
        );
      }
    }
  }
  return faults;
}

/** Group writes and deletes touch a group whole, acknowledged or not: no revision holds half of one. */
export function checkAtomicity(
  history: History,
  records: readonly StoredRecord[],
  groupKeys: number,
): string[] {
  const faults: string[] = [];
  const floor = compactedAtMost(history);
  for (const [revision, stored] of groupByRevision(records)) {
    if (revision <= floor) continue;
    const ofGroups = stored.filter(({ key }) => key.startsWith("g"));
    if (ofGroups.length !== 0 && ofGroups.length !== groupKeys) {
      faults.push(`revision ${revision} changes ${ofGroups.length} keys of a group of ${groupKeys}`);
    }
    if (stored.some(({ sub }, i) => sub !== i)) faults.push(`sub revisions of ${revision} have gaps`);
  }
  return faults;
}

function groupByRevision(records: readonly StoredRecord[]): Map<number, StoredRecord[]> {
  const byRevision = new Map<number, StoredRecord[]>();
  for (const record of records) {
    const stored = byRevision.get(record.main);
    if (stored === undefined) byRevision.set(record.main, [record]);
    else stored.push(record);
  }
  return byRevision;
}

/** Above this no compaction can have removed anything. */
export function compactedAtMost(history: History): number {
  let floor = 0;
  for (const { operation } of history.entries) {
    if (operation.kind === "compact") floor = Math.max(floor, operation.revision);
  }
  return floor;
}
