/**
 * What the hub knows of one Watch stream: its watchers by id, whether it takes more, and its progress timer.
 *
 * A stream is `blocked` from a send that returned false to the drain. While it is, nothing is sent to it but the answers to
 * requests that were already read, and no more requests are read.
 */

import type { EncodeInto } from "@etcd-ts/grpc";
import type { Watcher, WatchId } from "./watcher.ts";

/**
 * What may wait in a stream's queue, beyond flow control's windows and a last response, before its watchers become positions in
 * history. Small: there may be thousands of streams that nobody reads, and those who are only slow catch up in large responses.
 */
export const STREAM_HIGH_WATER_BYTES = 4 * 1024;

/** Where responses go: a stream call of the engine. */
export interface WatchSink {
  /** False: it is full; wait for the drain. */
  sendInto<T>(size: number, encode: EncodeInto<T>, message: T): boolean;
  /** Bytes sent that have not left. */
  readonly queuedBytes: number;
  pause(): void;
  resume(): void;
}

export class WatchStream {
  readonly sink: WatchSink;
  readonly watchers = new Map<WatchId, Watcher>();
  /** Watchers in the front cohort. */
  liveCount = 0;
  /** Watchers with the flag FUTURE; some of them may have been reached meanwhile. */
  futureCount = 0;
  /** Watchers with the flag PROGRESS. */
  progressCount = 0;
  blocked = false;
  closed = false;
  /** What the sink held when it became blocked; counted in the hub's sum. */
  heldBytes = 0;
  /** Watchers that missed something while it was blocked. Some may be gone. */
  parked: Watcher[] = [];
  /** Drawn once; see `api-semantics` on progress. */
  readonly progressPeriodMs: number;
  readonly openedAtMs: number;
  /** It has a place in the hub's heap of timers. */
  hasTimer = false;
  private nextId = 0;

  constructor(sink: WatchSink, openedAtMs: number, progressPeriodMs: number) {
    this.sink = sink;
    this.openedAtMs = openedAtMs;
    this.progressPeriodMs = progressPeriodMs;
  }

  /** The next id that is free, in turn. */
  takeId(): WatchId {
    while (this.watchers.has(this.nextId)) this.nextId++;
    return this.nextId++;
  }

  /** When the timer fires next, from `nowMs` on. */
  nextTickMs(nowMs: number): number {
    const ticks = Math.floor((nowMs - this.openedAtMs) / this.progressPeriodMs) + 1;
    return this.openedAtMs + ticks * this.progressPeriodMs;
  }
}
