/** Events that a cohort has found and not yet sent, for each watcher its own, in order. Events are shared between watchers. */

import type { WatchLimits } from "./limits.ts";
import type { WatchEvent } from "./watch-event.ts";
import type { Watcher } from "./watcher.ts";

export class PendingEvents {
  readonly events: WatchEvent[] = [];
  revisions = 0;
  private lastRevision = 0;

  add(event: WatchEvent): void {
    this.events.push(event);
    if (event.revision === this.lastRevision) return;
    this.lastRevision = event.revision;
    this.revisions++;
  }
}

export class EventBatch {
  /** Enough: a list holds all that one response may, or all of them much. Send before the next revision. */
  isFull = false;
  /** Watchers with a list. */
  size = 0;
  /** Everybody who got a list, in order; some may have lost it since. */
  private watchers: Watcher[] = [];
  private bytes = 0;
  private readonly limits: WatchLimits;

  constructor(limits: WatchLimits) {
    this.limits = limits;
  }

  get isEmpty(): boolean {
    return this.size === 0;
  }

  /** Counts an event that several watchers may share. */
  count(event: WatchEvent): void {
    this.bytes += event.plain.length;
    if (this.bytes > this.limits.batchBytesMax) this.isFull = true;
  }

  add(watcher: Watcher, event: WatchEvent): void {
    let list = watcher.pending;
    if (list === undefined) {
      list = new PendingEvents();
      watcher.pending = list;
      this.watchers.push(watcher);
      this.size++;
    }
    list.add(event);
    if (list.revisions >= this.limits.responseRevisionsMax) this.isFull = true;
  }

  /** Some watcher with a list, the last one; its list stays with it. */
  last(): Watcher | undefined {
    while (this.watchers.length > 0) {
      const watcher = this.watchers[this.watchers.length - 1]!;
      if (watcher.pending !== undefined) return watcher;
      this.watchers.pop();
    }
    return undefined;
  }

  /** Takes a watcher's list out; undefined: it has none. */
  take(watcher: Watcher): PendingEvents | undefined {
    const list = watcher.pending;
    if (list === undefined) return undefined;
    watcher.pending = undefined;
    this.size--;
    if (this.size === 0) this.clear();
    return list;
  }

  /** Gives up what is left. */
  clear(): void {
    for (const watcher of this.watchers) watcher.pending = undefined;
    this.watchers = [];
    this.size = 0;
    this.isFull = false;
    this.bytes = 0;
  }
}
