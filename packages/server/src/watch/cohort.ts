/**
 * Watchers that read history together: one position, one scan for all, each taking what its key and its `next` tell. The
 * front cohort is the one that stands behind the last revision, and gets events as they are made.
 *
 *     position (main, sub): the next record to read. Sub 0: every revision before `main` has been read whole.
 *
 * Invariants: no member needs anything before the position but what lies in the batch; a batch is sent only between
 * revisions, when nothing that was asked for about its events is still unknown.
 */

import { EventBatch } from "./event-batch.ts";
import type { WatchLimits } from "./limits.ts";
import type { WatchEvent } from "./watch-event.ts";
import type { Watcher } from "./watcher.ts";
import { WatcherIndex } from "./watcher-index.ts";

export class Cohort {
  readonly index = new WatcherIndex();
  main: number;
  sub = 0;
  readonly batch: EventBatch;
  /** Events of the batch for which somebody wants to know what was before, and which has not been found out yet. */
  unknown: WatchEvent[] = [];
  /** The batch is being sent, in slices; nothing is read meanwhile. */
  isSending = false;
  /** Pages are lacking: it goes on when some have arrived. */
  waitsForPages = false;
  /** Records read since its turn among the cohorts began. */
  recordsOfTurn = 0;

  constructor(main: number, limits: WatchLimits) {
    this.main = main;
    this.batch = new EventBatch(limits);
  }

  get isBetweenRevisions(): boolean {
    return this.sub === 0;
  }

  /** Everything before the position has been sent. */
  get isClear(): boolean {
    return this.isBetweenRevisions && this.batch.isEmpty && !this.isSending;
  }

  /** The first revision that a member still needs from the store, as far as reading goes. */
  positionOf(watcher: Watcher): number {
    return Math.max(watcher.next, this.main);
  }

  /**
   * Forgets what was read and not sent, and goes back to read it again: another store may be in the place of the one that it
   * was read from.
   */
  rewind(): void {
    this.main = Math.min(this.main, this.batch.firstRevision());
    this.batch.clear();
    this.unknown = [];
    this.isSending = false;
    this.waitsForPages = false;
    this.sub = 0;
  }
}
