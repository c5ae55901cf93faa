/**
 * Where every watcher stands: in the front cohort, in one of the cohorts that catch up, or parked at its stream; and the
 * work of catching up, in slices.
 *
 * Cohorts that catch up wait in a queue. A few at its head read by turns; whoever has had its turn goes to the tail, and
 * joins a cohort that waits near its position. Who has reached the end moves to the front. The front cohort itself falls behind
 * when a revision is too large, or has too many watchers, to be delivered within its apply; then it catches up like any other.
 */

import { assert } from "@etcd-ts/base";
import { Cohort } from "./cohort.ts";
import type { Delivery } from "./delivery.ts";
import type { HistoryReader, HistoryStore } from "./history-reader.ts";
import type { WatchLimits } from "./limits.ts";
import type { WatchEvent } from "./watch-event.ts";
import type { WatchStream } from "./watch-stream.ts";
import { type Watcher, WatchFlag, WatchState } from "./watcher.ts";
import type { WatcherGroup } from "./watcher-group.ts";

/** What it costs, in records, to send so many bytes. */
const BYTES_PER_RECORD = 4096;

export class Cohorts {
  readonly front: Cohort;
  /** The store's revision: what is delivered to all who are not behind. */
  revision: number;
  /** Watchers that catch up or are parked. */
  laggingCount = 0;
  /** Cohorts that catch up; the first ones are reading. */
  private queue: Cohort[] = [];
  /** Cohorts that have not begun their turn, by window: others may join them. */
  private readonly waiting = new Map<number, Cohort>();
  /** Streams with room again, whose parked watchers are due. */
  private returning: WatchStream[] = [];
  private readonly reader: HistoryReader;
  private readonly delivery: Delivery;
  private readonly store: HistoryStore;
  private readonly limits: WatchLimits;

  constructor(
    revision: number,
    reader: HistoryReader,
    delivery: Delivery,
    store: HistoryStore,
    limits: WatchLimits,
  ) {
    this.revision = revision;
    this.limits = limits;
    this.front = new Cohort(revision + 1, limits);
    this.reader = reader;
    this.delivery = delivery;
    this.store = store;
  }

  /** Somebody in it has not been sent all that there is. */
  get isFrontBehind(): boolean {
    return this.front.main <= this.revision || !this.front.isClear;
  }

  /** The first revision that live watchers have not been sent and that is still to be read; Infinity: none. */
  get unservedRevision(): number {
    return this.front.main <= this.revision ? this.front.main : Number.POSITIVE_INFINITY;
  }

  /** Somebody may need the next revision's events later. */
  get needsLog(): boolean {
    return this.laggingCount > 0 || this.isFrontBehind;
  }

  get waitsForPages(): boolean {
    return this.front.waitsForPages || this.queue.some((cohort) => cohort.waitsForPages);
  }

  /** It has been sent every event up to the store's revision. */
  isSynced(watcher: Watcher): boolean {
    return watcher.state === WatchState.LIVE && !this.isFrontBehind;
  }

  // ----- where watchers stand ---------------------------------------------------------------------------------------

  /** Places a watcher that has just been made, by what it needs next. */
  add(watcher: Watcher): void {
    if (watcher.next > this.revision) this.moveToFront(watcher);
    else this.joinWaiting(watcher);
  }

  /** Takes a watcher out of wherever it is. */
  remove(watcher: Watcher, state: WatchState): void {
    this.leave(watcher);
    watcher.state = state;
  }

  /** Its stream is full: it will need everything from `revision` on. */
  park(watcher: Watcher, revision: number): void {
    this.leave(watcher);
    watcher.next = Math.max(watcher.next, revision);
    watcher.state = WatchState.PARKED;
    this.laggingCount++;
    watcher.stream.parked.push(watcher);
  }

  /** It will need everything from `revision` on, and its stream has room. */
  fallBehind(watcher: Watcher, revision: number): void {
    this.leave(watcher);
    watcher.next = Math.max(watcher.next, revision);
    this.joinWaiting(watcher);
  }

  onUnblocked(stream: WatchStream): void {
    if (stream.parked.length > 0) this.returning.push(stream);
  }

  private leave(watcher: Watcher): void {
    const { cohort, state } = watcher;
    if (cohort !== undefined) {
      cohort.index.remove(watcher);
      watcher.cohort = undefined;
    }
    if (state === WatchState.LIVE) watcher.stream.liveCount--;
    else if (state === WatchState.CATCHING_UP || state === WatchState.PARKED) this.laggingCount--;
  }

  private moveToFront(watcher: Watcher): void {
    this.front.index.add(watcher);
    watcher.cohort = this.front;
    watcher.state = WatchState.LIVE;
    watcher.stream.liveCount++;
  }

  private joinWaiting(watcher: Watcher): void {
    const window = this.windowOf(watcher.next);
    let cohort = this.waiting.get(window);
    if (cohort === undefined || cohort.index.size >= this.limits.cohortWatchersMax) {
      cohort = new Cohort(watcher.next, this.limits);
      this.enqueue(cohort);
    }
    this.join(cohort, watcher);
  }

  private join(cohort: Cohort, watcher: Watcher): void {
    cohort.main = Math.min(cohort.main, watcher.next);
    cohort.index.add(watcher);
    watcher.cohort = cohort;
    watcher.state = WatchState.CATCHING_UP;
    this.laggingCount++;
  }

  private windowOf(revision: number): number {
    return Math.floor(revision / this.limits.windowRevisions);
  }

  private enqueue(cohort: Cohort): void {
    cohort.recordsOfTurn = 0;
    this.queue.push(cohort);
    this.waiting.set(this.windowOf(cohort.main), cohort);
  }

  // ----- catching up ------------------------------------------------------------------------------------------------

  /** Works off at most `budget` records. Returns whether there is more that can be done now. */
  run(budget: number): boolean {
    let left = this.takeReturning(budget);
    if (this.isFrontBehind) left = this.advance(this.front, left);
    for (let i = 0; i < Math.min(this.limits.activeCohortsMax, this.queue.length) && left > 0; i++) {
      const cohort = this.queue[i]!;
      this.begin(cohort);
      left = this.advance(cohort, left);
      if (this.queue[i] !== cohort) i--;
    }
    const frontIsRunnable = this.isFrontBehind && isRunnable(this.front);
    return (
      this.returning.length > 0 ||
      frontIsRunnable ||
      this.queue.slice(0, this.limits.activeCohortsMax).some(isRunnable)
    );
  }

  /** Pages have arrived. */
  onPages(): void {
    this.front.waitsForPages = false;
    for (const cohort of this.queue) cohort.waitsForPages = false;
  }

  /** Another store, at `revision`, is in the place of the one that was read: what was not sent is read again from it. */
  rewind(revision: number): void {
    this.revision = revision;
    this.front.rewind();
    for (const cohort of this.queue) cohort.rewind();
  }

  private takeReturning(budget: number): number {
    while (this.returning.length > 0 && budget > 0) {
      const stream = this.returning[this.returning.length - 1]!;
      const watcher = stream.blocked || stream.closed ? undefined : stream.parked.pop();
      if (watcher === undefined) this.returning.pop();
      else if (watcher.state === WatchState.PARKED) {
        this.leave(watcher);
        this.add(watcher);
        budget--;
      }
    }
    return budget;
  }

  /** From here on nobody joins it. */
  private begin(cohort: Cohort): void {
    const window = this.windowOf(cohort.main);
    if (this.waiting.get(window) === cohort) this.waiting.delete(window);
  }

  /** Reads and sends until the budget is used up, pages are lacking, its turn is over or the end is reached. */
  private advance(cohort: Cohort, budget: number): number {
    while (budget > 0 && isRunnable(cohort)) {
      if (cohort.isSending) budget = this.send(cohort, budget);
      else if (this.mustSend(cohort)) cohort.isSending = true;
      else if (cohort.isClear && this.isThrough(cohort)) return this.conclude(cohort, budget);
      else if (!this.canRead(cohort)) budget = this.cancelCompacted(cohort, budget);
      else budget = this.reader.read(cohort, this.revision, budget);
    }
    return budget;
  }

  private mustSend(cohort: Cohort): boolean {
    if (!cohort.isBetweenRevisions || cohort.batch.isEmpty || cohort.unknown.length > 0) return false;
    return cohort.batch.isFull || this.isThrough(cohort) || !this.canRead(cohort);
  }

  private canRead(cohort: Cohort): boolean {
    return this.reader.canRead(cohort, cohort === this.front);
  }

  /** It has read all there is, has nobody left, or its turn is over. */
  private isThrough(cohort: Cohort): boolean {
    if (cohort.main > this.revision) return true;
    if (cohort === this.front) return false;
    return (
      cohort.index.size === 0 ||
      (cohort.recordsOfTurn > this.limits.cohortTurnRecords &&
        this.queue.length > this.limits.activeCohortsMax)
    );
  }

  private conclude(cohort: Cohort, budget: number): number {
    if (cohort === this.front) return budget;
    if (cohort.main <= this.revision && cohort.index.size > 0) {
      this.endTurn(cohort);
      return budget;
    }
    let watcher = cohort.index.first();
    for (; watcher !== undefined && budget > 0; watcher = cohort.index.first()) {
      const next = cohort.positionOf(watcher);
      this.leave(watcher);
      watcher.next = next;
      this.moveToFront(watcher);
      budget--;
    }
    if (watcher === undefined) this.dequeue(cohort);
    return budget;
  }

  /** To the tail of the queue, or into a cohort that waits near by. */
  private endTurn(cohort: Cohort): void {
    this.dequeue(cohort);
    const other = this.waiting.get(this.windowOf(cohort.main));
    if (other === undefined || other.index.size + cohort.index.size > this.limits.cohortWatchersMax) {
      this.enqueue(cohort);
      return;
    }
    for (const watcher of cohort.index.all()) {
      const next = cohort.positionOf(watcher);
      this.leave(watcher);
      watcher.next = next;
      this.join(other, watcher);
    }
  }

  private dequeue(cohort: Cohort): void {
    const at = this.queue.indexOf(cohort);
    assert(at >= 0, "a cohort that is through was in the queue");
    this.queue.splice(at, 1);
  }

  // ----- sending ----------------------------------------------------------------------------------------------------

  private send(cohort: Cohort, budget: number): number {
    const { batch } = cohort;
    for (let group = batch.last(); group !== undefined; group = batch.last()) {
      budget = this.sendToGroup(cohort, group, budget);
      if (budget <= 0) return budget;
      batch.dropLast();
    }
    cohort.isSending = false;
    return budget;
  }

  /** Whoever has its part is known by its `next`: it lies where the cohort stands. */
  private sendToGroup(cohort: Cohort, group: WatcherGroup, budget: number): number {
    const events = group.events!;
    let watcher = group.head;
    while (watcher !== undefined && budget > 0) {
      const { following }: Watcher = watcher;
      if (watcher.next < cohort.main) budget -= this.sendTo(cohort, watcher, events);
      watcher = following;
    }
    return budget;
  }

  /** Sends as much as the stream takes; from the rest on the watcher is parked. Returns what it cost. */
  private sendTo(cohort: Cohort, watcher: Watcher, found: readonly WatchEvent[]): number {
    const { stream } = watcher;
    const events = filtered(watcher, found);
    let lo = firstFrom(events, watcher.next);
    let bytes = 0;
    if (lo === events.length) watcher.next = cohort.main;
    while (lo < events.length && !stream.closed) {
      if (stream.blocked) {
        this.park(watcher, events[lo]!.revision);
        break;
      }
      const hi = this.delivery.endOfResponse(events, lo);
      this.delivery.events(watcher, events, lo, hi, this.revision);
      for (; lo < hi; lo++) bytes += events[lo]!.plain.length;
      watcher.next = hi < events.length ? events[hi]!.revision : cohort.main;
    }
    return 1 + Math.floor(bytes / BYTES_PER_RECORD);
  }

  /** Compaction has passed the cohort: whoever needs what it removed is told so. */
  private cancelCompacted(cohort: Cohort, budget: number): number {
    const { compactRevision } = this.store;
    const watchers = cohort.index.all();
    // A revision that was read in part is not sent.
    cohort.batch.clear();
    cohort.unknown = [];
    for (const watcher of watchers) {
      if (cohort.positionOf(watcher) < compactRevision) this.cancel(cohort, watcher, compactRevision);
    }
    cohort.main = compactRevision;
    cohort.sub = 0;
    return budget - watchers.length;
  }

  private cancel(cohort: Cohort, watcher: Watcher, compactRevision: number): void {
    const { stream } = watcher;
    if (stream.blocked) return this.park(watcher, cohort.positionOf(watcher));
    this.remove(watcher, WatchState.COMPACTED);
    if (!stream.closed) this.delivery.compacted(watcher, compactRevision);
  }

  /** Costly checks; for tests. */
  invariants(): void {
    let catchingUp = 0;
    for (const cohort of [this.front, ...this.queue]) {
      cohort.index.invariants();
      for (const watcher of cohort.index.all()) {
        assert(watcher.cohort === cohort, "a watcher knows its cohort");
        assert((watcher.state === WatchState.LIVE) === (cohort === this.front), "the front cohort is live");
        if (cohort !== this.front) catchingUp++;
      }
    }
    assert(catchingUp <= this.laggingCount, "who catches up is counted");
  }
}

/** Those that a watcher's filters let pass. */
function filtered(watcher: Watcher, events: readonly WatchEvent[]): readonly WatchEvent[] {
  if (!watcher.has(WatchFlag.NO_PUT | WatchFlag.NO_DELETE)) return events;
  return events.filter((event) => !watcher.has(event.isDelete ? WatchFlag.NO_DELETE : WatchFlag.NO_PUT));
}

/** Where the events of `revision` and later begin. */
function firstFrom(events: readonly WatchEvent[], revision: number): number {
  let lo = 0;
  let hi = events.length;
  if (hi > 0 && events[0]!.revision >= revision) return 0;
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    if (events[middle]!.revision < revision) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

function isRunnable(cohort: Cohort): boolean {
  return !cohort.waitsForPages;
}
