/** Events that a cohort has found and not yet sent, kept with the groups that want them. */

import type { WatchLimits } from "./limits.ts";
import type { WatchEvent } from "./watch-event.ts";
import type { WatcherGroup } from "./watcher-group.ts";

export class EventBatch {
  /** Enough: a group has all that one response may hold, or all of them much. Send before the next revision. */
  isFull = false;
  /** Groups with events; their watchers may have left since. */
  private groups: WatcherGroup[] = [];
  private bytes = 0;
  private readonly limits: WatchLimits;

  constructor(limits: WatchLimits) {
    this.limits = limits;
  }

  get isEmpty(): boolean {
    return this.groups.length === 0;
  }

  /** Counts an event that several groups may share. */
  count(event: WatchEvent): void {
    this.bytes += event.plain.length;
    if (this.bytes > this.limits.batchBytesMax) this.isFull = true;
  }

  add(group: WatcherGroup, event: WatchEvent): void {
    const { events } = group;
    if (events === undefined) {
      group.events = [event];
      group.revisions = 1;
      this.groups.push(group);
    } else {
      if (events[events.length - 1]!.revision !== event.revision) group.revisions++;
      events.push(event);
    }
    if (group.revisions >= this.limits.responseRevisionsMax) this.isFull = true;
  }

  /** The last group with events. */
  last(): WatcherGroup | undefined {
    return this.groups[this.groups.length - 1];
  }

  /** Lets go of the last group's events; the batch begins anew when it was the only one. */
  dropLast(): void {
    const group = this.groups.pop();
    if (group !== undefined) group.events = undefined;
    if (this.groups.length === 0) this.clear();
  }

  /** The first revision in the batch; Infinity when it is empty. */
  firstRevision(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { events } of this.groups) first = Math.min(first, events![0]!.revision);
    return first;
  }

  /** Gives up what is left. */
  clear(): void {
    for (const group of this.groups) group.events = undefined;
    this.groups = [];
    this.isFull = false;
    this.bytes = 0;
  }
}
