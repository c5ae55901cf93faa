/**
 * The watchers of one key or one range within a cohort. They see the same events, so what the cohort has found for them is
 * kept once, and each takes of it what its `next` and its filters tell when it is sent.
 */

import type { WatchEvent } from "./watch-event.ts";
import { type Watcher, WatchFlag } from "./watcher.ts";

export class WatcherGroup {
  head: Watcher | undefined = undefined;
  /** Members. */
  size = 0;
  /** Members that want to know what was before. */
  askers = 0;
  /** What was found and is not sent yet, in order; undefined: nothing. */
  events: WatchEvent[] | undefined = undefined;
  /** Distinct revisions in `events`. */
  revisions = 0;

  get isEmpty(): boolean {
    return this.head === undefined;
  }

  link(watcher: Watcher): void {
    watcher.following = this.head;
    if (this.head !== undefined) this.head.previous = watcher;
    this.head = watcher;
    this.size++;
    if (watcher.has(WatchFlag.PREV_KV)) this.askers++;
  }

  unlink(watcher: Watcher): void {
    const { following, previous } = watcher;
    if (following !== undefined) following.previous = previous;
    if (previous !== undefined) previous.following = following;
    else this.head = following;
    watcher.following = undefined;
    watcher.previous = undefined;
    this.size--;
    if (watcher.has(WatchFlag.PREV_KV)) this.askers--;
  }

  appendTo(found: Watcher[]): void {
    for (let watcher = this.head; watcher !== undefined; watcher = watcher.following) found.push(watcher);
  }
}
