/**
 * The guarantees of watches, judged by what is on the disk after the run: a watcher hears of every change in its range, in order of
 * revisions, once, all of a revision in one response, also across crashes when it resumes where it stopped; and who is told that
 * nothing is missing up to a revision misses nothing.
 *
 * Records tell only what compaction cannot have removed; below it, what was acknowledged must have been heard.
 */

import type { History, Operation, WatchStory } from "../workload/history.ts";
import type { StoredRecord } from "./record.ts";

/** `floor`: at and below it records may be gone. */
export function checkWatch(story: WatchStory, records: readonly StoredRecord[], floor: number): string[] {
  const faults = [...checkOrder(story), ...checkBookmarks(story)];
  const from = Math.max(floor, story.missedBelow - 1, story.firstRevision - 1);
  const expected = records.filter(({ main, key }) => main > from && isWatched(story, key)).map(lineOf);
  const heard = story.responses
    .flatMap(({ events }) => events)
    .filter(({ revision }) => revision > from)
    .map(({ revision, key, value }) => lineOf({ main: revision, key, value }));
  return [...faults.map((fault) => `${story.name}: ${fault}`), ...firstDifference(story, heard, expected)];
}

/** Whoever watches all has heard of every change that a client was told of. */
export function checkHeard(
  { name, responses, firstRevision, missedBelow }: WatchStory,
  history: History,
): string[] {
  const heard = new Map<number, number>();
  for (const { revision } of responses.flatMap(({ events }) => events)) {
    heard.set(revision, (heard.get(revision) ?? 0) + 1);
  }
  const faults: string[] = [];
  for (const { operation, acknowledged } of history.entries) {
    if (acknowledged === undefined || acknowledged.revision < Math.max(firstRevision, missedBelow)) continue;
    const { revision, deleted = 0 } = acknowledged;
    const changes = changesOf(operation, deleted);
    if (changes > 0 && heard.get(revision) !== changes) {
      faults.push(`${name}: heard ${heard.get(revision) ?? 0} of ${changes} changes of revision ${revision}`);
    }
  }
  return faults;
}

function changesOf(operation: Operation, deleted: number): number {
  switch (operation.kind) {
    case "put":
      return 1;
    case "put-group":
      return operation.keys.length;
    case "delete-group":
      return deleted;
    default:
      return 0;
  }
}

/** Revisions ascend from response to response: ordered, unique and atomic in one. */
function checkOrder({ responses }: WatchStory): string[] {
  const faults: string[] = [];
  let told = 0;
  for (const { events } of responses) {
    if (events.length === 0) continue;
    const keys = new Set<string>();
    let within = told;
    for (const { revision, key } of events) {
      if (revision <= told)
        faults.push(`an event of revision ${revision} came after revision ${told} was whole`);
      if (revision < within) faults.push(`an event of revision ${revision} came after one of ${within}`);
      if (keys.size === keys.add(`${revision} ${key}`).size) faults.push(`${key} at ${revision} came twice`);
      within = Math.max(within, revision);
    }
    told = within;
  }
  return faults;
}

/** Progress at a revision: no event up to it comes later, and no event comes with a header older than itself. */
function checkBookmarks({ responses }: WatchStory): string[] {
  const faults: string[] = [];
  let progress = 0;
  for (const { revision, events } of responses) {
    for (const event of events) {
      if (event.revision <= progress) {
        faults.push(`an event of revision ${event.revision} came after progress up to ${progress}`);
      }
      if (event.revision > revision)
        faults.push(`an event of ${event.revision} came with header ${revision}`);
    }
    if (events.length === 0) progress = Math.max(progress, revision);
  }
  return faults;
}

function isWatched({ low, high }: WatchStory, key: string): boolean {
  return high === "" ? key === low : key >= low && key < high;
}

function lineOf({ main, key, value }: Pick<StoredRecord, "main" | "key" | "value">): string {
  return `${main} ${value === undefined ? "delete" : "put"} ${key} ${value ?? ""}`;
}

function firstDifference(story: WatchStory, heard: readonly string[], expected: readonly string[]): string[] {
  const at = expected.findIndex((line, i) => line !== heard[i]);
  if (at === -1 && heard.length === expected.length) return [];
  const short = (line: string | undefined) => line?.slice(0, 40) ?? "nothing";
  const i = at === -1 ? expected.length : at;
  return [`${story.name}: heard ${short(heard[i])} where ${short(expected[i])} happened`];
}
