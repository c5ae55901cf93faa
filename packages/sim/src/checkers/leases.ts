/**
 * Leases: never early, always in the end. No key goes before the TTL has passed since the last renewal that was acknowledged,
 * whatever crashed meanwhile, unless the client gave its lease back; the keys of a lease go in one revision; and nobody's lease
 * outlives its time for ever.
 */

import { type History, LEASED_PREFIX, type LeaseStory } from "../workload/history.ts";
import type { StoredRecord } from "./record.ts";

/** `leasesLeft`: after the run, and long after the last renewal. */
export function checkLeases(
  history: History,
  records: readonly StoredRecord[],
  leasesLeft: number,
): string[] {
  const faults = [...checkNeverEarly(history), ...checkTogether(records), ...checkGone(records)];
  if (leasesLeft > 0) faults.push(`${leasesLeft} leases have outlived their time`);
  return faults;
}

function checkNeverEarly(history: History): string[] {
  const byId = new Map(history.leases.map((story) => [String(story.id), story]));
  const faults: string[] = [];
  for (const { atMs, key, value } of eventsOfLeased(history)) {
    const story = byId.get(leaseOf(key));
    if (value !== undefined || story === undefined) continue;
    if (isEarly(story, atMs)) faults.push(`${key} was deleted ${earliness(story, atMs)} ms before its time`);
  }
  for (const story of history.leases) {
    const { id, lostAtMs } = story;
    if (lostAtMs !== undefined && isEarly(story, lostAtMs)) {
      faults.push(`lease ${id} was lost ${earliness(story, lostAtMs)} ms before its time`);
    }
  }
  return faults;
}

function* eventsOfLeased({ watches }: History) {
  for (const { responses } of watches) {
    for (const { atMs, events } of responses) {
      for (const event of events) if (event.key.startsWith(LEASED_PREFIX)) yield { atMs, ...event };
    }
  }
}

function isEarly(story: LeaseStory, atMs: number): boolean {
  if (story.revokeAskedAtMs !== undefined && story.revokeAskedAtMs <= atMs) return false;
  return earliness(story, atMs) > 0;
}

/** How long before its time; 0 or below: not. */
function earliness({ renewedAtMs, ttlSeconds }: LeaseStory, atMs: number): number {
  const renewed = renewedAtMs.findLast((time) => time <= atMs);
  return renewed === undefined ? 0 : renewed + ttlSeconds * 1000 - atMs;
}

/** A revocation deletes all in one revision. */
function checkTogether(records: readonly StoredRecord[]): string[] {
  const deletedIn = new Map<string, number>();
  const faults: string[] = [];
  for (const { main, key, value } of records) {
    if (value !== undefined || !key.startsWith(LEASED_PREFIX)) continue;
    const lease = leaseOf(key);
    const revision = deletedIn.get(lease) ?? main;
    deletedIn.set(lease, revision);
    if (revision !== main)
      faults.push(`keys of lease ${lease} were deleted in revisions ${revision} and ${main}`);
  }
  return faults;
}

function checkGone(records: readonly StoredRecord[]): string[] {
  const last = new Map<string, StoredRecord>();
  for (const record of records) if (record.key.startsWith(LEASED_PREFIX)) last.set(record.key, record);
  return [...last.values()]
    .filter(({ value }) => value !== undefined)
    .map(({ key }) => `${key} has outlived its lease`);
}

function leaseOf(key: string): string {
  return key.slice(LEASED_PREFIX.length, key.lastIndexOf("/"));
}
