/**
 * What raft reads of its log: the part that is stable. Whoever drives a `RawNode` writes it, as each `Ready` or storage message asks,
 * and must do so in order. Everything is synchronous and in memory: a log that lives on a disk keeps its recent part at hand.
 */

import type { ConfState, Entry, HardState, Snapshot } from "@etcd-ts/proto";

/** `term` of an index that was compacted away. */
export const TERM_COMPACTED = -1;
/** `term` of an index behind the end of the log. */
export const TERM_UNAVAILABLE = -2;

export interface InitialState {
  readonly hardState: HardState;
  readonly confState: ConfState;
}

export interface Storage {
  initialState(): InitialState;
  /** The first index that `entries` can give; the entry before it is known by its term only. */
  firstIndex(): number;
  lastIndex(): number;
  /** The term of an entry in [firstIndex - 1, lastIndex], else one of the two constants above. */
  term(index: number): number;
  /**
   * Entries in [lo, hi) up to `bytesMax` of encoded size, but at least one; undefined when `lo` was compacted. The array is
   * the caller's. `lo < hi <= lastIndex + 1`.
   */
  entries(lo: number, hi: number, bytesMax: number): Entry[] | undefined;
  /** A snapshot to send to a follower; undefined when it is still being made, then raft asks again later. */
  snapshot(): Snapshot | undefined;
}
