/**
 * One watch: what it wants, and how far it has got. There may be a million of them, so this is one small object of one
 * shape; everything else about it is found through its stream or its cohort.
 *
 * Keys are latin1 strings (one character a byte, see `keyString`): they order as bytes do, and the same string serves the key
 * map and the interval tree.
 *
 * Invariant: every wanted event before `next` has been sent, none from `next` on (what its cohort has found for it may wait in the batch).
 */

import type { Cohort } from "./cohort.ts";
import type { WatchStream } from "./watch-stream.ts";

/** A signed 64-bit integer; a bigint only beyond the safe integers, so that equal ids are equal values. */
export type WatchId = number | bigint;

/** As `end`: a watch of one key. */
export const ONE_KEY = "";
/** As `end`: every key from `key` on. Behind all keys in the order of strings. */
export const NO_END = "\uffff";

/** What a client asked for, and one bit of progress state. */
export const WatchFlag = {
  NO_PUT: 1,
  NO_DELETE: 2,
  PREV_KV: 4,
  FRAGMENT: 8,
  PROGRESS: 16,
  /** No events since the last tick of the stream's progress timer. */
  QUIET: 32,
  /** The start revision that was asked for has not been reached; cleared lazily. */
  FUTURE: 64,
} as const;

export const WatchState = {
  /** In the front cohort: gets events as they are made. */
  LIVE: 0,
  /** In another cohort: is served from the log or from history. */
  CATCHING_UP: 1,
  /** Its stream is full: waits in no cohort for the drain. */
  PARKED: 2,
  /** Cancelled by compaction; the id stays taken until the client cancels it. */
  COMPACTED: 3,
  GONE: 4,
} as const;
export type WatchState = (typeof WatchState)[keyof typeof WatchState];

export class Watcher {
  readonly stream: WatchStream;
  readonly id: WatchId;
  readonly key: string;
  readonly end: string;
  /** The first revision that it still needs; moves when events are sent, and when it leaves a cohort that has passed it. */
  next: number;
  flags: number;
  state: WatchState = WatchState.GONE;
  /** Where it is found by key; defined while it is live or catching up. */
  cohort: Cohort | undefined = undefined;
  /** Its neighbours in its group. */
  following: Watcher | undefined = undefined;
  previous: Watcher | undefined = undefined;

  constructor(stream: WatchStream, id: WatchId, key: string, end: string, next: number, flags: number) {
    this.stream = stream;
    this.id = id;
    this.key = key;
    this.end = end;
    this.next = next;
    this.flags = flags;
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }
}
