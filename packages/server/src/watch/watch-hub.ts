/**
 * All watches of a member. Changes come in by {@link WatchHub.onChange} while they are applied; each matching watcher gets
 * header, id and the shared bytes of its events at once, as long as its stream takes them.
 *
 *     create ──> front cohort ── onChange: found by key, sent ──┐
 *        │            ^    │ the stream is full                 v
 *        │            │    └──> parked at the stream ── drain ──┤
 *        │            │ caught up                               v
 *        └─ past ─> cohorts: one scan of the log or of history each, in slices, a turn at a time
 *
 * Guarantees: events of a watcher come in order of revisions, each once, none left out, all of a revision together, and
 * progress is told only of revisions whose events were sent before. A client that does not read costs what the connection
 * holds for it: its watchers are positions in history, not queues. Only compaction cancels.
 *
 * Not responsible for: requests as they come over the wire and permissions (the watch service), when a turn is (the member).
 */

import { assert, keyString, type Random } from "@etcd-ts/base";
import { DeadlineHeap } from "../lease/deadline-heap.ts";
import type { ChangeListener, Changes, KeyValueStore } from "../mvcc/store-types.ts";
import { Cohorts } from "./cohorts.ts";
import { Delivery } from "./delivery.ts";
import { type DeliveryHistograms, DeliveryTimes } from "./delivery-times.ts";
import { EventLog } from "./event-log.ts";
import { type HistoryBackend, HistoryReader, wants } from "./history-reader.ts";
import { DEFAULT_WATCH_LIMITS, type WatchLimits } from "./limits.ts";
import { EventEncoder, type WatchEvent } from "./watch-event.ts";
import type { HeaderSource } from "./watch-response.ts";
import { type WatchSink, WatchStream } from "./watch-stream.ts";
import { NO_END, ONE_KEY, Watcher, WatchFlag, type WatchId, WatchState } from "./watcher.ts";
import type { WatcherGroup } from "./watcher-group.ts";

const PROGRESS_INTERVAL_MS_MIN = 100;

export type WatchedStore = HeaderSource &
  Pick<KeyValueStore, "currentRevision" | "compactRevision" | "removedRevision" | "keyValueAt" | "listener">;

export interface WatchHubOptions {
  readonly store: WatchedStore;
  readonly backend: HistoryBackend;
  readonly random: Random;
  /** `--watch-progress-notify-interval`. */
  readonly progressIntervalMs: number;
  /** `--max-request-bytes`; a fragment is smaller than this and half a MiB. */
  readonly requestBytesMax: number;
  /** Take what sending took. */
  readonly histograms: DeliveryHistograms;
  /** Work has come up outside of a turn: call `onTurn` soon. */
  readonly wake: () => void;
  readonly limits?: Partial<WatchLimits>;
}

/** What a client wants to watch; `key` and `end` as of {@link Watcher}. */
export interface WatchOrder {
  readonly key: string;
  readonly end: string;
  /** 0: from the next revision on. */
  readonly startRevision: number;
  /** 0: the hub chooses. */
  readonly id: WatchId;
  /** Of {@link WatchFlag}, what a client can ask for. */
  readonly flags: number;
}

const FRAGMENT_EXTRA_BYTES = 512 * 1024;

const REASON_COMPACTED = "etcdserver: mvcc: required revision has been compacted";
const REASON_EMPTY_RANGE = "mvcc: watcher range is empty";
const REASON_DUPLICATE_ID = "mvcc: duplicate watch ID provided on the WatchStream";

export class WatchHub implements ChangeListener {
  private readonly options: WatchHubOptions;
  private readonly limits: WatchLimits;
  private readonly log: EventLog;
  private readonly reader: HistoryReader;
  private readonly delivery: Delivery;
  private readonly times: DeliveryTimes;
  private readonly cohorts: Cohorts;
  private readonly encoder = new EventEncoder();
  private readonly timers = new DeadlineHeap<WatchStream>();
  /** Ended streams whose watchers are still to be taken out. */
  private closing: WatchStream[] = [];
  private nowMs = 0;
  private deliveriesOfTurn = 0;
  private streams = 0;
  private watchers = 0;
  /** Watchers that want to know what was before. */
  private askers = 0;
  // What the change at hand has found: watcher and index of its change, side by side. Used within one call.
  private readonly groups: WatcherGroup[] = [];
  private readonly found: Watcher[] = [];
  private readonly foundChange: number[] = [];

  /** Becomes the store's listener. */
  constructor(options: WatchHubOptions) {
    const { store, backend } = options;
    const limits = { ...DEFAULT_WATCH_LIMITS, ...options.limits };
    this.options = options;
    this.limits = limits;
    this.log = new EventLog(store.currentRevision + 1, limits.logBytesMax);
    this.reader = new HistoryReader(this.log, store, backend);
    this.delivery = new Delivery(store, options.requestBytesMax + FRAGMENT_EXTRA_BYTES, limits);
    this.times = new DeliveryTimes(options.histograms);
    this.cohorts = new Cohorts(store.currentRevision, this.reader, this.delivery, store, limits);
    store.listener = this;
  }

  get streamCount(): number {
    return this.streams;
  }

  get watcherCount(): number {
    return this.watchers;
  }

  /** Watchers that lag behind the store. */
  get slowWatcherCount(): number {
    return this.cohorts.laggingCount;
  }

  /** Events handed to streams since the start. */
  get eventsSent(): number {
    return this.delivery.eventsSent;
  }

  // ----- requests ---------------------------------------------------------------------------------------------------

  openStream(sink: WatchSink): WatchStream {
    this.streams++;
    const interval = Math.max(this.options.progressIntervalMs, PROGRESS_INTERVAL_MS_MIN);
    const jitter = this.options.random.below(Math.floor(interval / 10) + 1);
    return new WatchStream(sink, this.nowMs, interval + jitter);
  }

  create(stream: WatchStream, order: WatchOrder): void {
    const { revision } = this.cohorts;
    const refused = reasonToRefuse(stream, order);
    if (refused !== undefined)
      return this.times.control(() => this.delivery.refused(stream, refused, revision));
    const id = order.id === 0 ? stream.takeId() : order.id;
    const isFuture = order.startRevision > revision;
    const next = order.startRevision === 0 ? revision + 1 : order.startRevision;
    const flags = order.flags | WatchFlag.QUIET | (isFuture ? WatchFlag.FUTURE : 0);
    const watcher = new Watcher(stream, id, order.key, order.end, next, flags);
    stream.watchers.set(id, watcher);
    this.watchers++;
    if (watcher.has(WatchFlag.PREV_KV)) this.askers++;
    if (isFuture) stream.futureCount++;
    if (watcher.has(WatchFlag.PROGRESS)) this.addProgress(stream);
    this.times.control(() => this.delivery.created(stream, id, revision));
    this.cohorts.add(watcher);
    if (watcher.state === WatchState.CATCHING_UP) this.options.wake();
  }

  /** An id that is not in use is not answered. */
  cancel(stream: WatchStream, id: WatchId): void {
    const watcher = stream.watchers.get(id);
    if (watcher === undefined) return;
    this.forget(watcher);
    this.times.control(() => this.delivery.canceled(stream, id, this.cohorts.revision));
  }

  /** Answered only when every watcher of the stream has been sent everything up to now, and wants what comes now. */
  requestProgress(stream: WatchStream): void {
    const count = stream.watchers.size;
    if (count === 0 || stream.liveCount !== count || this.cohorts.isFrontBehind || stream.blocked) return;
    if (stream.futureCount > 0 && this.waitsForFuture(stream)) return;
    this.times.progress(() => this.delivery.progress(stream, -1, this.cohorts.revision));
  }

  /** The stream takes more. */
  onDrain(stream: WatchStream): void {
    if (!stream.blocked) return;
    this.delivery.onUnblocked(stream);
    this.cohorts.onUnblocked(stream);
    stream.sink.resume();
    this.options.wake();
  }

  /** The stream has ended; its watchers are taken out by and by. */
  close(stream: WatchStream): void {
    if (stream.closed) return;
    stream.closed = true;
    this.streams--;
    this.delivery.onUnblocked(stream);
    this.closing.push(stream);
    this.options.wake();
  }

  private forget(watcher: Watcher): void {
    const { stream } = watcher;
    this.cohorts.remove(watcher, WatchState.GONE);
    stream.watchers.delete(watcher.id);
    this.watchers--;
    if (watcher.has(WatchFlag.PREV_KV)) this.askers--;
    if (watcher.has(WatchFlag.FUTURE)) stream.futureCount--;
    if (watcher.has(WatchFlag.PROGRESS)) stream.progressCount--;
  }

  private waitsForFuture(stream: WatchStream): boolean {
    for (const watcher of stream.watchers.values()) if (this.isFuture(watcher)) return true;
    return false;
  }

  /** The start revision that it asked for lies ahead. */
  private isFuture(watcher: Watcher): boolean {
    if (!watcher.has(WatchFlag.FUTURE)) return false;
    if (watcher.next > this.cohorts.revision) return true;
    watcher.flags &= ~WatchFlag.FUTURE;
    watcher.stream.futureCount--;
    return false;
  }

  // ----- changes ----------------------------------------------------------------------------------------------------

  onChange(revision: number, changes: Changes): void {
    const { cohorts } = this;
    assert(revision === cohorts.revision + 1, "revisions come one by one");
    if (cohorts.front.index.size === 0 && !cohorts.needsLog) return this.passOver(revision);
    const wasBehind = cohorts.isFrontBehind;
    if (wasBehind || changes.length > this.limits.liveChangesMax) {
      cohorts.revision = revision;
      this.logUnseen(revision, changes);
      return;
    }
    if (changes.length === 1) this.onOneChange(revision, changes);
    else this.onManyChanges(revision, changes);
  }

  private onOneChange(revision: number, changes: Changes): void {
    const { groups } = this;
    groups.length = 0;
    const { index } = this.cohorts.front;
    index.find(keyString(changes.key(0)), groups);
    let deliveries = 0;
    for (let i = 0; i < groups.length; i++) deliveries += groups[i]!.size;
    const events = this.begin(revision, changes, deliveries);
    if (events === undefined) return;
    const isTimed = this.times.begin(this.delivery);
    for (let i = 0; i < groups.length; i++) this.deliverToGroup(groups[i]!, revision, events);
    if (isTimed) this.times.end(this.delivery);
    this.afterDelivery(revision, events);
  }

  private onManyChanges(revision: number, changes: Changes): void {
    const { found, foundChange } = this;
    this.find(changes);
    const events = this.begin(revision, changes, found.length);
    if (events !== undefined) {
      const isTimed = this.times.begin(this.delivery);
      this.deliverMany(revision, events);
      if (isTimed) this.times.end(this.delivery);
      this.afterDelivery(revision, events);
    }
    found.length = 0;
    foundChange.length = 0;
  }

  /** The events to deliver now; undefined: there are none, or they will be delivered in slices. */
  private begin(revision: number, changes: Changes, deliveries: number): WatchEvent[] | undefined {
    const { cohorts } = this;
    if (deliveries === 0 && !cohorts.needsLog) {
      this.passOver(revision);
      return undefined;
    }
    cohorts.revision = revision;
    const events = this.encode(revision, changes);
    this.deliveriesOfTurn += deliveries;
    if (this.deliveriesOfTurn <= this.limits.liveDeliveriesMax) {
      cohorts.front.main = revision + 1;
      return events;
    }
    this.log.append(revision, events);
    this.options.wake();
    return undefined;
  }

  /** Nobody waits for this revision. */
  private passOver(revision: number): void {
    const { cohorts } = this;
    cohorts.revision = revision;
    cohorts.front.main = revision + 1;
    this.log.restart(revision + 1);
  }

  /** Keeps the events if somebody has not been sent them. */
  private afterDelivery(revision: number, events: readonly WatchEvent[]): void {
    if (this.cohorts.needsLog) this.log.append(revision, events);
    else this.log.restart(revision + 1);
  }

  get unservedRevision(): number {
    return this.cohorts.unservedRevision;
  }

  /** The front cohort will read this revision in slices; too large a one from the database. */
  private logUnseen(revision: number, changes: Changes): void {
    if (changes.length > this.limits.liveChangesMax) this.log.restart(revision + 1);
    else this.log.append(revision, this.encode(revision, changes));
    this.options.wake();
  }

  private find(changes: Changes): void {
    const { found, foundChange, groups } = this;
    const { index } = this.cohorts.front;
    if (index.size === 0) return;
    for (let i = 0; i < changes.length; i++) {
      groups.length = 0;
      index.find(keyString(changes.key(i)), groups);
      for (const group of groups) group.appendTo(found);
      for (let k = foundChange.length; k < found.length; k++) foundChange.push(i);
    }
  }

  private encode(revision: number, changes: Changes): WatchEvent[] {
    const events: WatchEvent[] = [];
    for (let i = 0; i < changes.length; i++) {
      const key = keyString(changes.key(i));
      const pair = changes.keyValue(i);
      const isDelete = changes.isDelete(i);
      const event = this.encoder.encode(revision, key, isDelete, changes.isCreate(i), pair, 0, pair.length);
      const previous = this.askers > 0 ? changes.previousKeyValue(i) : undefined;
      if (previous !== undefined) event.setPrevious(previous);
      events.push(event);
    }
    return events;
  }

  private deliverToGroup(group: WatcherGroup, revision: number, events: readonly WatchEvent[]): void {
    const { isDelete } = events[0]!;
    let watcher = group.head;
    while (watcher !== undefined) {
      // Whoever cannot take it leaves the group.
      const { following }: Watcher = watcher;
      if (wants(watcher, revision, isDelete)) this.deliverOrLag(watcher, revision, events);
      watcher = following;
    }
  }

  /** Gathers for each watcher its events of the revision, in order. */
  private deliverMany(revision: number, events: readonly WatchEvent[]): void {
    const { found, foundChange } = this;
    const lists = new Map<Watcher, WatchEvent[]>();
    for (let i = 0; i < found.length; i++) {
      const event = events[foundChange[i]!]!;
      const watcher = found[i]!;
      if (!wants(watcher, revision, event.isDelete)) continue;
      const list = lists.get(watcher);
      if (list === undefined) lists.set(watcher, [event]);
      else list.push(event);
    }
    for (const [watcher, list] of lists) this.deliverOrLag(watcher, revision, list);
  }

  private deliverOrLag(watcher: Watcher, revision: number, events: readonly WatchEvent[]): void {
    const { stream } = watcher;
    if (stream.closed) return;
    if (stream.blocked) return this.cohorts.park(watcher, revision);
    if (watcher.has(WatchFlag.PREV_KV) && !this.knowPrevious(events)) {
      this.cohorts.fallBehind(watcher, revision);
      return this.options.wake();
    }
    this.delivery.events(watcher, events, 0, events.length, revision);
    watcher.next = revision + 1;
  }

  private knowPrevious(events: readonly WatchEvent[]): boolean {
    let known = true;
    for (const event of events) known = this.reader.lookUp(event) && known;
    return known;
  }

  /**
   * The store has become another's, at a later revision (a snapshot was received): what lies between is read from it, and
   * nothing that was sent is sent again.
   */
  onStoreReplaced(): void {
    const { currentRevision } = this.options.store;
    assert(currentRevision >= this.cohorts.revision, "a store that takes another's place is not older");
    this.log.restart(currentRevision + 1);
    this.cohorts.rewind(currentRevision);
    this.options.wake();
  }

  // ----- turns ------------------------------------------------------------------------------------------------------

  /** A slice of what is to be done. True: there is more that can be done at once. */
  onTurn(nowMs: number): boolean {
    this.nowMs = nowMs;
    this.deliveriesOfTurn = 0;
    this.settleTimes();
    this.delivery.onTurn();
    this.tickTimers();
    const left = this.takeOutClosed(this.limits.turnBudgetRecords);
    const isTimed = this.times.begin(this.delivery);
    const more = this.cohorts.run(left);
    if (isTimed) this.times.end(this.delivery);
    if (!this.cohorts.needsLog) this.log.restart(this.cohorts.revision + 1);
    return more || this.closing.length > 0;
  }

  /** The metrics are going to be read. */
  settleTimes(): void {
    this.times.settle(this.delivery);
  }

  /** Whether watchers need pages that the backend has noted as lacking. */
  get waitsForPages(): boolean {
    return this.cohorts.waitsForPages;
  }

  /** Pages have arrived; call `onTurn`. */
  onPages(): void {
    this.cohorts.onPages();
  }

  /** When `onTurn` has to be called at the latest; Infinity: when something happens. */
  nextWakeMs(): number {
    return this.timers.peek()?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Costly checks; for tests. */
  invariants(): void {
    this.cohorts.invariants();
  }

  private takeOutClosed(budget: number): number {
    while (this.closing.length > 0 && budget > 0) {
      const stream = this.closing[this.closing.length - 1]!;
      for (const watcher of stream.watchers.values()) {
        if (budget <= 0) break;
        this.forget(watcher);
        budget--;
      }
      if (stream.watchers.size === 0) this.closing.pop();
    }
    return budget;
  }

  private addProgress(stream: WatchStream): void {
    stream.progressCount++;
    if (stream.hasTimer) return;
    stream.hasTimer = true;
    this.timers.push(stream.nextTickMs(this.nowMs), stream);
  }

  private tickTimers(): void {
    for (
      let top = this.timers.peek();
      top !== undefined && top.atMs <= this.nowMs;
      top = this.timers.peek()
    ) {
      this.timers.pop();
      const stream = top.item;
      stream.hasTimer = !stream.closed && stream.progressCount > 0;
      if (!stream.hasTimer) continue;
      this.timers.push(stream.nextTickMs(this.nowMs), stream);
      this.notifyProgress(stream);
    }
  }

  /** Who has had no events since the last tick, and lacks none, is told the revision. */
  private notifyProgress(stream: WatchStream): void {
    const { revision } = this.cohorts;
    for (const watcher of stream.watchers.values()) {
      if (!watcher.has(WatchFlag.PROGRESS)) continue;
      const isDue = watcher.has(WatchFlag.QUIET) && this.cohorts.isSynced(watcher) && !this.isFuture(watcher);
      watcher.flags |= WatchFlag.QUIET;
      if (isDue && !stream.blocked)
        this.times.progress(() => this.delivery.progress(stream, watcher.id, revision));
    }
  }
}

function reasonToRefuse(stream: WatchStream, order: WatchOrder): string | undefined {
  if (order.startRevision < 0) return REASON_COMPACTED;
  if (order.end !== ONE_KEY && order.end !== NO_END && order.key >= order.end) return REASON_EMPTY_RANGE;
  return order.id !== 0 && stream.watchers.has(order.id) ? REASON_DUPLICATE_ID : undefined;
}
