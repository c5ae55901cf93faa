/** Events that a cohort has found and not yet sent, for each watcher its own, in order. Events are shared between watchers. */

import type { WatchEvent } from "./watch-event.ts";
import type { Watcher } from "./watcher.ts";

/** Distinct revisions in one response. */
export const REVISIONS_PER_RESPONSE_MAX = 1000;
/** Bytes of distinct events above which a batch is sent, at the next end of a revision. */
const BATCH_BYTES_MAX = 8 * 1024 * 1024;

export class PendingEvents {
  readonly events: WatchEvent[] = [];
  private revisions = 0;
  private lastRevision = 0;

  add(event: WatchEvent): void {
    this.events.push(event);
    if (event.revision === this.lastRevision) return;
    this.lastRevision = event.revision;
    this.revisions++;
  }

  get isFull(): boolean {
    return this.revisions >= REVISIONS_PER_RESPONSE_MAX;
  }
}

export class EventBatch {
  readonly lists = new Map<Watcher, PendingEvents>();
  /** A list holds all that one response may: send before the next revision. */
  isFull = false;
  private bytes = 0;

  get isEmpty(): boolean {
    return this.lists.size === 0;
  }

  /** Counts an event that several watchers may share. */
  count(event: WatchEvent): void {
    this.bytes += event.plain.length;
    if (this.bytes > BATCH_BYTES_MAX) this.isFull = true;
  }

  add(watcher: Watcher, event: WatchEvent): void {
    let list = this.lists.get(watcher);
    if (list === undefined) {
      list = new PendingEvents();
      this.lists.set(watcher, list);
    }
    list.add(event);
    if (list.isFull) this.isFull = true;
  }

  /** Its lists have been sent or given up. */
  clear(): void {
    this.lists.clear();
    this.isFull = false;
    this.bytes = 0;
  }
}
