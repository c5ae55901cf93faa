/**
 * The log as raft sees it: storage's entries, overlaid by the unstable ones, and three watermarks.
 *
 *     applied <= applying <= committed <= lastIndex
 *
 * committed: on the disks of a quorum, as far as this member knows. applying: handed out to be applied. applied: done.
 * What is handed out and not yet applied is limited in bytes (`applyingBytesMax`), so that a slow state machine holds
 * back its own log and nothing else.
 */

import { assert } from "@etcd-ts/base";
import type { Entry, Snapshot } from "@etcd-ts/proto";
import { type Logger, panic } from "../logger.ts";
import { type Storage, TERM_COMPACTED, TERM_UNAVAILABLE } from "../storage/storage.ts";
import { countWithin, encodedSizeOf } from "./entry-size.ts";
import { TERM_NOT_HERE, Unstable } from "./unstable.ts";

export class RaftLog {
  readonly storage: Storage;
  readonly unstable: Unstable;
  committed: number;
  applying: number;
  applied: number;
  readonly applyingBytesMax: number;
  private applyingBytes = 0;
  private applyingPaused = false;
  private readonly logger: Logger;

  constructor(storage: Storage, logger: Logger, applyingBytesMax: number) {
    this.storage = storage;
    this.logger = logger;
    this.applyingBytesMax = applyingBytesMax;
    this.unstable = new Unstable(storage.lastIndex() + 1, logger);
    const base = storage.firstIndex() - 1;
    this.committed = base;
    this.applying = base;
    this.applied = base;
  }

  firstIndex(): number {
    const snapshot = this.unstable.snapshot;
    return snapshot === undefined ? this.storage.firstIndex() : snapshot.metadata.index + 1;
  }

  lastIndex(): number {
    const last = this.unstable.maybeLastIndex();
    return last >= 0 ? last : this.storage.lastIndex();
  }

  /** The term of the entry at `index`, or one of storage's negative answers. */
  term(index: number): number {
    const term = this.unstable.maybeTerm(index);
    if (term !== TERM_NOT_HERE) return term;
    if (index + 1 < this.firstIndex()) return TERM_COMPACTED;
    if (index > this.lastIndex()) return TERM_UNAVAILABLE;
    return this.storage.term(index);
  }

  /** The term at `index`, 0 when it is not known. */
  termOrZero(index: number): number {
    const term = this.term(index);
    return term < 0 ? 0 : term;
  }

  lastTerm(): number {
    const term = this.term(this.lastIndex());
    assert(term >= 0, "raft: the term of the last entry is known");
    return term;
  }

  matchTerm(term: number, index: number): boolean {
    return this.term(index) === term;
  }

  /** A candidate whose log ends at (term, index) may lead this one: no committed entry would be lost. */
  isUpToDate(term: number, index: number): boolean {
    const own = this.lastTerm();
    return term > own || (term === own && index >= this.lastIndex());
  }

  append(entries: readonly Entry[]): number {
    if (entries.length === 0) return this.lastIndex();
    const after = entries[0]!.index - 1;
    if (after < this.committed) {
      panic(this.logger, `after(${after}) is out of range [committed(${this.committed})]`);
    }
    this.unstable.truncateAndAppend(entries);
    return this.lastIndex();
  }

  /**
   * A follower's append after the entry (prevTerm, prevIndex): the index of the last new entry, or -1 when that entry is not
   * in the log.
   */
  maybeAppend(prevTerm: number, prevIndex: number, entries: readonly Entry[], committed: number): number {
    if (!this.matchTerm(prevTerm, prevIndex)) return -1;
    const lastNew = prevIndex + entries.length;
    const conflict = this.findConflict(entries);
    if (conflict > 0) {
      if (conflict <= this.committed) {
        panic(this.logger, `entry ${conflict} conflict with committed entry [committed(${this.committed})]`);
      }
      const skip = conflict - prevIndex - 1;
      this.append(skip === 0 ? entries : entries.slice(skip));
    }
    this.commitTo(Math.min(committed, lastNew));
    return lastNew;
  }

  /** The first of `entries` that is not in the log, by index or by term; 0 when all are. */
  private findConflict(entries: readonly Entry[]): number {
    for (let i = 0; i < entries.length; i++) {
      const { index, term } = entries[i]!;
      if (this.matchTerm(term, index)) continue;
      if (index <= this.lastIndex()) {
        const existing = this.termOrZero(index);
        this.logger.info(
          `found conflict at index ${index} [existing term: ${existing}, conflicting term: ${term}]`,
        );
      }
      return index;
    }
    return 0;
  }

  /**
   * The largest index up to `index` whose term is not above `term`: the other log cannot agree with this one behind it. An entry
   * of unknown term ends the search: see {@link termOrZero} for its term.
   */
  findConflictByTerm(index: number, term: number): number {
    let at = index;
    while (at > 0) {
      const own = this.term(at);
      if (own < 0 || own <= term) return at;
      at--;
    }
    return 0;
  }

  commitTo(index: number): void {
    if (index <= this.committed) return;
    const last = this.lastIndex();
    if (index > last) {
      const range = `tocommit(${index}) is out of range [lastIndex(${last})]`;
      panic(this.logger, `${range}. Was the raft log corrupted, truncated, or lost?`);
    }
    this.committed = index;
  }

  /** Entries from `index` on, up to `bytesMax`; undefined when they are compacted. */
  entriesFrom(index: number, bytesMax: number): Entry[] | undefined {
    const end = this.lastIndex() + 1;
    return index >= end ? [] : this.slice(index, end, bytesMax);
  }

  /** Entries in [lo, hi) up to `bytesMax`, at least one; undefined when `lo` is compacted. A copy. */
  slice(lo: number, hi: number, bytesMax: number): Entry[] | undefined {
    if (lo < this.firstIndex()) return undefined;
    const { offset } = this.unstable;
    if (lo >= offset) return limited(this.unstable.slice(lo, hi), bytesMax);
    const stableEnd = Math.min(hi, offset);
    const stable = this.storage.entries(lo, stableEnd, bytesMax);
    if (stable === undefined || hi <= offset || stable.length < stableEnd - lo) return stable;
    return this.extend(stable, hi, bytesMax);
  }

  /** `stable` and the unstable entries below `hi` that fit behind it. */
  private extend(stable: Entry[], hi: number, bytesMax: number): Entry[] {
    const room = bytesMax - (bytesMax === Number.POSITIVE_INFINITY ? 0 : encodedSizeOf(stable));
    if (room <= 0) return stable;
    const more = limited(this.unstable.slice(this.unstable.offset, hi), room);
    if (more.length === 1 && encodedSizeOf(more) > room) return stable;
    for (let i = 0; i < more.length; i++) stable.push(more[i]!);
    return stable;
  }

  /** The end of what may be handed out; without `unstable`, only what storage has. */
  private maxAppliable(unstable: boolean): number {
    return unstable ? this.committed : Math.min(this.committed, this.unstable.offset - 1);
  }

  hasNextCommitted(unstable: boolean): boolean {
    if (this.applyingPaused || this.unstable.snapshot !== undefined) return false;
    return this.applying < this.maxAppliable(unstable);
  }

  nextCommitted(unstable: boolean): Entry[] {
    if (!this.hasNextCommitted(unstable)) return [];
    const room = this.applyingBytesMax - this.applyingBytes;
    assert(room > 0, "raft: applying is not paused though it is at its limit");
    const entries = this.slice(this.applying + 1, this.maxAppliable(unstable) + 1, room);
    if (entries === undefined) panic(this.logger, "committed entries are compacted before they are applied");
    return entries;
  }

  /** The entries up to `index`, of `bytes` encoded, were handed out. */
  acceptApplying(index: number, bytes: number, unstable: boolean): void {
    assert(index <= this.committed, "raft: applying beyond the commit index");
    this.applying = index;
    this.applyingBytes += bytes;
    // Short of the end: the page was full, and the rest waits until some of it is applied.
    this.applyingPaused = this.applyingBytes >= this.applyingBytesMax || index < this.maxAppliable(unstable);
  }

  appliedTo(index: number, bytes: number): void {
    if (index > this.committed || index < this.applied) {
      const bounds = `[prevApplied(${this.applied}), committed(${this.committed})]`;
      panic(this.logger, `applied(${index}) is out of range ${bounds}`);
    }
    this.applied = index;
    this.applying = Math.max(this.applying, index);
    this.applyingBytes = Math.max(0, this.applyingBytes - bytes);
    this.applyingPaused = this.applyingBytes >= this.applyingBytesMax;
  }

  /** The snapshot that a lagging follower needs; undefined when it is not ready. */
  snapshot(): Snapshot | undefined {
    return this.unstable.snapshot ?? this.storage.snapshot();
  }

  restore(snapshot: Snapshot): void {
    const { index, term } = snapshot.metadata;
    this.logger.info(`log [${this.positions()}] starts to restore snapshot [index: ${index}, term: ${term}]`);
    this.committed = index;
    this.unstable.restore(snapshot);
  }

  private positions(): string {
    const { offset, offsetInProgress, entries } = this.unstable;
    const own = `committed=${this.committed}, applied=${this.applied}, applying=${this.applying}`;
    const rest = `unstable.offset=${offset}, unstable.offsetInProgress=${offsetInProgress}`;
    return `${own}, ${rest}, len(unstable.Entries)=${entries.length}`;
  }

  describe(): string {
    return `log first=${this.firstIndex()} last=${this.lastIndex()} ${this.positions()}`;
  }

  invariants(): void {
    assert(this.applied <= this.applying, "log: applied <= applying");
    assert(this.applying <= this.committed, "log: applying <= committed");
    assert(this.committed <= this.lastIndex(), "log: committed <= lastIndex");
    assert(
      this.firstIndex() <= this.applied + 1 || this.unstable.snapshot !== undefined,
      "log: compacted only what is applied",
    );
    this.unstable.invariants();
  }
}

function limited(entries: Entry[], bytesMax: number): Entry[] {
  const count = countWithin(entries, 0, entries.length, bytesMax);
  return count === entries.length ? entries : entries.slice(0, count);
}
