/**
 * Moves a cohort on through history, a slice at a time: from the log of recent events where it reaches back far enough, else
 * from the records of the database. What matches goes into the cohort's batch.
 *
 * It reads revisions that are whole only: a write in progress lies behind the revision that the hub knows. Pages that are
 * lacking are noted with the backend and the cohort waits; it goes on at the record where it stopped.
 */

import { asBuffer, assert, keyBytes } from "@etcd-ts/base";
import { type Backend, MISS } from "@etcd-ts/storage";
import { keyLengthAt, keyStartAt, parsed, parseKeyValue } from "../mvcc/key-value.ts";
import type { KeyValueStore } from "../mvcc/store-types.ts";
import type { Cohort } from "./cohort.ts";
import type { EventLog } from "./event-log.ts";
import { EventEncoder, type WatchEvent } from "./watch-event.ts";
import { type Watcher, WatchFlag } from "./watcher.ts";
import type { WatcherGroup } from "./watcher-group.ts";

export type HistoryStore = Pick<KeyValueStore, "compactRevision" | "removedRevision" | "keyValueAt">;
/** A record of the database costs as much as so many events of the log. */
const RECORD_COST = 4;

export type HistoryBackend = Pick<Backend, "current">;

export class HistoryReader {
  private readonly log: EventLog;
  private readonly store: HistoryStore;
  private readonly backend: HistoryBackend;
  private readonly encoder = new EventEncoder();
  private readonly found: WatcherGroup[] = [];

  constructor(log: EventLog, store: HistoryStore, backend: HistoryBackend) {
    this.log = log;
    this.store = store;
    this.backend = backend;
  }

  /**
   * Whether the cohort's position can be read: compaction has not passed it, or the log has it still. Who `isLive` was there when the
   * change was made, and gets it though it is compacted: its removal waits.
   */
  canRead(cohort: Cohort, isLive: boolean): boolean {
    const { compactRevision, removedRevision } = this.store;
    const lost = isLive ? removedRevision : compactRevision;
    return cohort.main >= lost || cohort.main >= this.log.completeFrom;
  }

  /** Reads for about `budget` events of the log up to and including `lastRevision`. Returns what is left of the budget. */
  read(cohort: Cohort, lastRevision: number, budget: number): number {
    if (!this.lookUpUnknown(cohort)) return budget;
    const left =
      cohort.main >= this.log.completeFrom
        ? this.readLog(cohort, lastRevision, budget)
        : this.readRecords(cohort, budget);
    cohort.recordsOfTurn += budget - left;
    this.lookUpUnknown(cohort);
    return left;
  }

  /** Finds out what was before the events that need it. False: pages are lacking. */
  lookUpUnknown(cohort: Cohort): boolean {
    if (cohort.unknown.length === 0) return true;
    // All of them are tried, so that the pages that are lacking are fetched together.
    cohort.unknown = cohort.unknown.filter((event) => !this.lookUp(event));
    if (cohort.unknown.length > 0) cohort.waitsForPages = true;
    return cohort.unknown.length === 0;
  }

  /** Finds out what was before an event. False: pages are lacking. */
  lookUp(event: WatchEvent): boolean {
    if (event.withPrevious !== undefined) return true;
    const revision = event.revision - 1;
    if (revision < this.store.compactRevision) {
      event.setPrevious(undefined);
      return true;
    }
    const pair = this.store.keyValueAt(keyBytes(event.key), revision, this.backend.current());
    if (pair === "miss") return false;
    event.setPrevious(pair);
    return true;
  }

  private readLog(cohort: Cohort, lastRevision: number, budget: number): number {
    while (cohort.main <= lastRevision && !(cohort.isBetweenRevisions && cohort.batch.isFull)) {
      const events = this.log.at(cohort.main);
      while (cohort.sub < events.length) {
        if (budget <= 0) return budget;
        budget--;
        const event = events[cohort.sub]!;
        cohort.sub++;
        if (this.findGroups(cohort, event.key)) this.addToBatch(cohort, event);
      }
      cohort.main++;
      cohort.sub = 0;
    }
    return budget;
  }

  /** Reads records up to where the log begins. */
  private readRecords(cohort: Cohort, budget: number): number {
    const mainEnd = this.log.completeFrom;
    let stopped = false;
    const outcome = this.backend
      .current()
      .scanRecords(cohort.main, cohort.sub, mainEnd, (main, sub, tombstone, bytes, start, end) => {
        if (main !== cohort.main) {
          cohort.main = main;
          cohort.sub = 0;
        }
        if (budget <= 0 || (cohort.isBetweenRevisions && cohort.batch.isFull)) {
          stopped = true;
          return false;
        }
        budget -= RECORD_COST;
        // Between here and the end of the revision the position is within it, even before its first record.
        cohort.sub = sub + 1;
        this.onRecord(cohort, main, tombstone, bytes, start, end);
        return true;
      });
    if (outcome === MISS) {
      cohort.waitsForPages = true;
    } else if (!stopped) {
      cohort.main = mainEnd;
      cohort.sub = 0;
    }
    return budget;
  }

  private onRecord(
    cohort: Cohort,
    revision: number,
    tombstone: boolean,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const keyStart = keyStartAt(bytes, start);
    const key = asBuffer(bytes).latin1Slice(keyStart, keyStart + keyLengthAt(bytes, start));
    if (!this.findGroups(cohort, key)) return;
    if (tombstone) {
      this.addToBatch(cohort, this.encoder.encodeTombstone(revision, key, bytes, start, end));
      return;
    }
    const isPair = parseKeyValue(bytes, start, end);
    assert(isPair, "a record of the database is a pair");
    const isCreate = parsed.create === revision;
    this.addToBatch(cohort, this.encoder.encode(revision, key, false, isCreate, bytes, start, end));
  }

  /** Leaves in `found` who may want an event of this key; false: nobody. */
  private findGroups(cohort: Cohort, key: string): boolean {
    this.found.length = 0;
    cohort.index.find(key, this.found);
    return this.found.length > 0;
  }

  private addToBatch(cohort: Cohort, event: WatchEvent): void {
    cohort.batch.count(event);
    let asked = false;
    for (const group of this.found) {
      cohort.batch.add(group, event);
      asked ||= group.askers > 0;
    }
    if (asked && event.withPrevious === undefined) cohort.unknown.push(event);
  }
}

export function wants(watcher: Watcher, revision: number, isDelete: boolean): boolean {
  return revision >= watcher.next && !watcher.has(isDelete ? WatchFlag.NO_DELETE : WatchFlag.NO_PUT);
}
