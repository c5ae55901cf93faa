/**
 * The events of recent revisions, in memory, shared by all who lag a little. It is a cache of history: what it does not hold
 * is read from the database.
 *
 * Invariant: it holds every event of every revision from `completeFrom` to the last one appended. A revision that nobody
 * needs is not kept, and then nothing before it is either.
 */

import { assert } from "@etcd-ts/base";
import type { WatchEvent } from "./watch-event.ts";

/** Memory of an event beside its bytes, and of a revision. */
const EVENT_OVERHEAD_BYTES = 250;

export class EventLog {
  /** The first revision that is in here. */
  completeFrom: number;
  private revisions: (readonly WatchEvent[])[] = [];
  /** Revisions before it have been dropped. */
  private head = 0;
  private bytes = 0;
  private readonly bytesMax: number;

  constructor(firstRevision: number, bytesMax: number) {
    this.completeFrom = firstRevision;
    this.bytesMax = bytesMax;
  }

  append(revision: number, events: readonly WatchEvent[]): void {
    assert(
      revision === this.completeFrom + this.revisions.length - this.head,
      "revisions are logged one by one",
    );
    this.revisions.push(events);
    this.bytes += sizeInMemory(events);
    while (this.bytes > this.bytesMax && this.revisions.length - this.head > 1) this.dropFirst();
  }

  /** Forgets everything before `revision`, which is the next one. */
  restart(revision: number): void {
    if (this.revisions.length > 0) {
      this.revisions = [];
      this.head = 0;
      this.bytes = 0;
    }
    this.completeFrom = revision;
  }

  /** The events of a revision from {@link completeFrom} on. */
  at(revision: number): readonly WatchEvent[] {
    const events = this.revisions[this.head + revision - this.completeFrom];
    assert(events !== undefined, "the revision is in the log");
    return events;
  }

  private dropFirst(): void {
    this.bytes -= sizeInMemory(this.revisions[this.head]!);
    this.revisions[this.head++] = NO_EVENTS;
    this.completeFrom++;
    if (this.head < 1024 || this.head * 2 < this.revisions.length) return;
    this.revisions = this.revisions.slice(this.head);
    this.head = 0;
  }
}

const NO_EVENTS: readonly WatchEvent[] = [];

function sizeInMemory(events: readonly WatchEvent[]): number {
  let bytes = EVENT_OVERHEAD_BYTES;
  for (const event of events) bytes += event.plain.length + EVENT_OVERHEAD_BYTES;
  return bytes;
}
