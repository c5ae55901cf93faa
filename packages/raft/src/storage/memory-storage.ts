/**
 * A log in memory: what a test, the simulator and the server (behind its write-ahead log) read from.
 *
 *     base      index and term of the last entry compacted away, or of the snapshot; 0, 0 in a fresh log
 *     entries   base.index + 1 ... lastIndex, without gaps
 *
 * It keeps no promise about disks: what is appended here counts as stable.
 */

import { assert } from "@etcd-ts/base";
import {
  type ConfState,
  EMPTY_HARD_STATE,
  EMPTY_SNAPSHOT,
  type Entry,
  type HardState,
  type Snapshot,
} from "@etcd-ts/proto";
import { countWithin } from "../log/entry-size.ts";
import { type InitialState, type Storage, TERM_COMPACTED, TERM_UNAVAILABLE } from "./storage.ts";

export type StorageRefusal =
  | "requested index is older than the existing snapshot"
  | "requested index is unavailable due to compaction";

export class MemoryStorage implements Storage {
  private hardState: HardState = EMPTY_HARD_STATE;
  private latestSnapshot: Snapshot = EMPTY_SNAPSHOT;
  private baseIndex = 0;
  private baseTerm = 0;
  private log: Entry[] = [];

  initialState(): InitialState {
    return { hardState: this.hardState, confState: this.latestSnapshot.metadata.confState };
  }

  firstIndex(): number {
    return this.baseIndex + 1;
  }

  lastIndex(): number {
    return this.baseIndex + this.log.length;
  }

  term(index: number): number {
    if (index === this.baseIndex) return this.baseTerm;
    if (index < this.baseIndex) return TERM_COMPACTED;
    const entry = this.log[index - this.baseIndex - 1];
    return entry === undefined ? TERM_UNAVAILABLE : entry.term;
  }

  entries(lo: number, hi: number, bytesMax: number): Entry[] | undefined {
    if (lo <= this.baseIndex) return undefined;
    assert(hi <= this.lastIndex() + 1, "raft storage: entries behind the end of the log");
    const start = lo - this.baseIndex - 1;
    return this.log.slice(start, start + countWithin(this.log, start, hi - this.baseIndex - 1, bytesMax));
  }

  snapshot(): Snapshot | undefined {
    return this.latestSnapshot;
  }

  setHardState(state: HardState): void {
    this.hardState = state;
  }

  /** Appends; entries from the first new index on are replaced, those already compacted are left out. */
  append(entries: readonly Entry[]): void {
    if (entries.length === 0) return;
    const first = entries[0]!.index;
    const skip = Math.max(0, this.baseIndex + 1 - first);
    if (skip >= entries.length) return;
    const keep = first + skip - this.baseIndex - 1;
    assert(keep <= this.log.length, "raft storage: gap in the log");
    if (keep < this.log.length) this.log.length = keep;
    for (let i = skip; i < entries.length; i++) this.log.push(entries[i]!);
  }

  /** The log becomes `snapshot`. */
  applySnapshot(snapshot: Snapshot): StorageRefusal | undefined {
    const { index, term } = snapshot.metadata;
    const existing = this.latestSnapshot.metadata.index;
    if (existing !== 0 && existing >= index) return "requested index is older than the existing snapshot";
    this.latestSnapshot = snapshot;
    this.baseIndex = index;
    this.baseTerm = term;
    this.log = [];
    return undefined;
  }

  /** Makes the snapshot at `index`, an applied entry; `confState` undefined: unchanged since the last one. */
  createSnapshot(
    index: number,
    confState: ConfState | undefined,
    data: Uint8Array | undefined,
  ): Snapshot | StorageRefusal {
    const { metadata } = this.latestSnapshot;
    if (index <= metadata.index) return "requested index is older than the existing snapshot";
    const term = this.term(index);
    assert(term >= 0, "raft storage: snapshot of an index that is not in the log");
    this.latestSnapshot = { data, metadata: { confState: confState ?? metadata.confState, index, term } };
    return this.latestSnapshot;
  }

  /** Forgets the entries up to and with `index`. */
  compact(index: number): StorageRefusal | undefined {
    if (index <= this.baseIndex) return "requested index is unavailable due to compaction";
    assert(index <= this.lastIndex(), "raft storage: compaction behind the end of the log");
    this.baseTerm = this.term(index);
    this.log = this.log.slice(index - this.baseIndex);
    this.baseIndex = index;
    return undefined;
  }

  /** The size of the log in memory, in entries. */
  length(): number {
    return this.log.length;
  }

  describe(): string {
    const { term, vote, commit } = this.hardState;
    const range = `(${this.baseIndex}, ${this.lastIndex()}]`;
    return `storage ${range} base term=${this.baseTerm} hard state=${term}/${vote.toString(16)}/${commit}`;
  }

  invariants(): void {
    for (let i = 0; i < this.log.length; i++) {
      const entry = this.log[i]!;
      const before = i === 0 ? this.baseTerm : this.log[i - 1]!.term;
      assert(entry.index === this.baseIndex + 1 + i, "storage: indexes without gaps");
      assert(entry.term >= before, "storage: terms do not fall");
    }
  }
}
