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
  readonly lists = new Map<Watcher, PendingEvents>();
  /** Enough: a list holds all that one response may: send before the next revision. */
  isFull = false;
  private bytes = 0;
  private readonly limits: WatchLimits;

  constructor(limits: WatchLimits) {
    this.limits = limits;
  }

  get isEmpty(): boolean {
    return this.lists.size === 0;
  }

  /** Counts an event that several watchers may share. */
  count(event: WatchEvent): void {
    this.bytes += event.plain.length;
    if (this.bytes > this.limits.batchBytesMax) this.isFull = true;
  }

  add(watcher: Watcher, event: WatchEvent): void {
    let list = this.lists.get(watcher);
    if (list === undefined) {
      list = new PendingEvents();
      this.lists.set(watcher, list);
    }
    list.add(event);
    if (list.revisions >= this.limits.responseRevisionsMax) this.isFull = true;
  }

  remove(watcher: Watcher): void {
    if (this.lists.delete(watcher) && this.lists.size === 0) this.clear();
  }

  /** Its lists have been sent or given up. */
  clear(): void {
    this.lists.clear();
    this.isFull = false;
    this.bytes = 0;
  }
}
