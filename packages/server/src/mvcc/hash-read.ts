/** HashKV as a task (`api-semantics.md` 14): over the database's records in slices, with the index saying which are kept. */

import { MISS, type VisitRecord } from "@etcd-ts/storage";
import { keyIn } from "./compaction.ts";
import { CountRead } from "./count-read.ts";
import { ResolvedChange } from "./key-index.ts";
import { RevisionHash } from "./revision-hash.ts";
import type { PinnedReader, StoreState } from "./store-state.ts";
import type { HashOutcome, HashTask, Progress } from "./store-types.ts";

const EVERYTHING = new Uint8Array(0);
const change = new ResolvedChange();

type Outcome = NonNullable<HashTask["outcome"]>;

/** A hash that was computed before: a compaction's. */
export class KnownHash implements HashTask {
  readonly outcome: Outcome;

  constructor(result: HashOutcome) {
    this.outcome = { error: undefined, result };
  }

  run(): Progress {
    return "done";
  }

  close(): void {
    // Nothing is held.
  }
}

export class HashRead implements HashTask, PinnedReader {
  outcome: Outcome | undefined;
  /** As asked for until the first slice fixes it. */
  revision: number;
  private readonly state: StoreState;
  private compactRevision = 0;
  private currentRevision = 0;
  private counting: CountRead | undefined;
  private hashing: RevisionHash | undefined;
  private main = 0;
  private sub = 0;
  private left = 0;

  constructor(state: StoreState, revision: number) {
    this.state = state;
    this.revision = revision;
  }

  run(budget: number): Progress {
    const progress = this.runSlice(budget);
    if (progress === "done") this.close();
    else this.state.readers.add(this);
    return progress;
  }

  close(): void {
    this.state.readers.delete(this);
  }

  private runSlice(budget: number): Progress {
    if (this.hashing === undefined) {
      this.counting ??= this.begin();
      if (this.counting === undefined) return "done";
      if (!this.counting.run(budget)) return "more";
      this.hashing = new RevisionHash(this.compactRevision, this.counting.count === 0);
    }
    this.left = budget;
    const view = this.state.backend.current();
    const missed = view.scanRecords(this.main, this.sub, this.revision + 1, this.visit);
    if (missed === MISS) return "miss";
    if (this.left === 0) return "more";
    const { currentRevision, compactRevision, revision, hashing } = this;
    const result = { hash: hashing.value, hashRevision: revision, compactRevision, currentRevision };
    this.outcome = { error: undefined, result };
    return "done";
  }

  private begin(): CountRead | undefined {
    const { currentRevision, compactRevision, index } = this.state;
    if (this.revision > currentRevision) this.outcome = { error: "ErrGRPCFutureRev" };
    else if (this.revision > 0 && this.revision < compactRevision)
      this.outcome = { error: "ErrGRPCCompacted" };
    if (this.outcome !== undefined) return undefined;
    this.currentRevision = currentRevision;
    this.compactRevision = compactRevision;
    if (this.revision === 0) this.revision = currentRevision;
    return new CountRead(index, EVERYTHING, undefined, this.revision);
  }

  private readonly visit: VisitRecord = (main, sub, tombstone, bytes, start, end) => {
    this.main = main;
    this.sub = sub + 1;
    const hashing = this.hashing as RevisionHash;
    // A record without a value holds the place of a raised revision: to the original it is a key that lives on.
    const isKept = hashing.asksForKept(main) && (end === start || this.isKept(main, sub, bytes, start));
    hashing.add(main, sub, tombstone, isKept, bytes, start, end);
    return --this.left > 0;
  };

  private isKept(main: number, sub: number, bytes: Uint8Array, start: number): boolean {
    const { index } = this.state;
    const slot = index.find(keyIn(bytes, start));
    return (
      slot >= 0 && index.resolve(slot, this.revision, change) && change.main === main && change.sub === sub
    );
  }
}
