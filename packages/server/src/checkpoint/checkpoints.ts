/**
 * When index checkpoints are written, and the writing of one in slices: a block is handed to the host's thread when it is full, a few at a
 * time. Before the last, the database is made durable at the checkpoint's revision, and its root pinned while the thread reads
 * what the checkpoint must fit.
 *
 * One is due when the last is so far behind that a start would notice, or of no use any more because of a compaction, and not sooner than in
 * proportion to what writing it costs, about two hundredths of the loop's time, however many keys there are. A compaction that is
 * scheduled meanwhile ends the one under way.
 */

import { assert } from "@etcd-ts/base";
import type { Backend, CommittedRoot, PinnedRoot } from "@etcd-ts/storage";
import type { KeyValueStore, RestingIndex } from "../mvcc/store-types.ts";
import { type Block, encodeHead } from "./checkpoint-format.ts";
import { IndexImage } from "./index-image.ts";

/** How often checkpoints are written. */
export interface CheckpointPace {
  /** Smaller stores are read as quickly as a checkpoint. */
  readonly keysMin: number;
  /** Changes since the last one that make one due. */
  readonly changes: number;
  /** The same after {@link leisureMs}. */
  readonly changesAtLeisure: number;
  /** The same at a clean stop, which has to wait for it. */
  readonly changesAtStop: number;
  readonly leisureMs: number;
  /** Between the end of one and the beginning of the next, at least. */
  readonly pauseMsMin: number;
  readonly pauseMsPerKey: number;
}

/** A start adds 100,000 changes to a checkpoint in about a tenth of a second; a checkpoint of 1,000,000 keys takes half a second at a stop. */
export const CHECKPOINT_PACE: CheckpointPace = {
  keysMin: 10_000,
  changes: 50_000,
  changesAtLeisure: 5_000,
  changesAtStop: 100_000,
  leisureMs: 300_000,
  pauseMsMin: 10_000,
  pauseMsPerKey: 0.02,
};

/** Keys or changes that one slice visits: a millisecond, several while the code is cold. */
const SLICE = 1000;
const SLICE_PAUSE_MS = 2;
const BLOCKS_UNDER_WAY_MAX = 4;

/** What the host's thread is asked to do with the one checkpoint under way. */
export type CheckpointOrder =
  | { readonly kind: "checkpoint-block"; readonly block: Block }
  /** The last order: everything is in, and the database durable. */
  | { readonly kind: "end-checkpoint"; readonly revision: number; readonly root: CommittedRoot }
  | { readonly kind: "abandon-checkpoint" };

export interface CheckpointsContext {
  readonly clusterId: bigint;
  readonly memberId: bigint;
  readonly store: KeyValueStore;
  readonly backend: Backend;
  readonly pace: CheckpointPace;
  order(order: CheckpointOrder): void;
  /** Runs `then` when the database is durable at or past the index. */
  whenCommitted(index: number, then: () => void): void;
}

export interface LastCheckpoint {
  readonly revision: number;
  /** Index up to which the database must be durable before the checkpoint's end is written. */
  readonly consistentIndex: number;
  blocks(): Iterable<Block>;
}

interface Writing {
  readonly image: IndexImage;
  readonly consistentIndex: number;
  readonly compactionsScheduled: number;
  blocksUnderWay: number;
  /** All blocks are out; undefined until the database is durable. */
  ending: "no" | "waits" | PinnedRoot;
}

export class Checkpoints {
  private readonly context: CheckpointsContext;
  private writing: Writing | undefined;
  /** The index's changes at the last checkpoint, of this run or of the one before, and the compaction that it knew. */
  private lastChanges = Number.NEGATIVE_INFINITY;
  private lastMark = 0;
  private lastEndMs = Number.NEGATIVE_INFINITY;
  private resumesAtMs = 0;
  /** The member stops: the last one is made at once, and none is begun. */
  private stopped = false;

  constructor(context: CheckpointsContext) {
    this.context = context;
  }

  /** The member was started from one, to which the start added so many records. */
  startedFrom(addedRecords: number): void {
    this.lastChanges = -addedRecords;
    this.lastMark = this.context.store.compactRevision;
  }

  /** A slice, or the beginning of a checkpoint, if one is due. */
  run(nowMs: number): void {
    if (this.lastEndMs === Number.NEGATIVE_INFINITY) this.lastEndMs = nowMs;
    if (this.writing === undefined) {
      if (!this.stopped && this.isDue(nowMs)) this.begin();
      return;
    }
    if (nowMs < this.resumesAtMs) return;
    this.resumesAtMs = nowMs + SLICE_PAUSE_MS;
    this.runSlice(this.writing);
  }

  /** When it wants to run again; Infinity: something else will happen before. */
  get wakeAtMs(): number {
    const { writing } = this;
    const isWaiting =
      writing === undefined || writing.ending !== "no" || writing.blocksUnderWay >= BLOCKS_UNDER_WAY_MAX;
    return isWaiting ? Number.POSITIVE_INFINITY : this.resumesAtMs;
  }

  onBlockWritten(): void {
    if (this.writing !== undefined) this.writing.blocksUnderWay--;
  }

  /** The checkpoint is durable, or could not be made. */
  onEnd(nowMs: number): void {
    const { writing } = this;
    if (writing === undefined) return;
    if (typeof writing.ending !== "string") writing.ending.release();
    // One that failed counts, too: the next comes when it is due again.
    this.close(nowMs);
  }

  /**
   * At a clean stop, after the last write: what to put into a checkpoint now, all at once; undefined when the last one is good enough. The
   * last block is made when the database is durable.
   */
  atStop(): LastCheckpoint | undefined {
    this.stopped = true;
    this.abandon(this.lastEndMs);
    const resting = this.context.store.restingIndex;
    if (resting === undefined || !this.isBehind(resting, this.context.pace.changesAtStop)) return undefined;
    const { head, image } = this.imageOf(resting);
    return {
      revision: image.revision,
      consistentIndex: this.context.backend.consistentIndex,
      *blocks() {
        yield head;
        while (!image.isDone) {
          const block = image.run(Number.POSITIVE_INFINITY);
          if (block !== undefined) yield block;
        }
      },
    };
  }

  private isDue(nowMs: number): boolean {
    const { pauseMsMin, pauseMsPerKey, leisureMs, changes, changesAtLeisure } = this.context.pace;
    const sinceMs = nowMs - this.lastEndMs;
    if (sinceMs < pauseMsMin) return false;
    const resting = this.context.store.restingIndex;
    if (resting === undefined || sinceMs < resting.index.slots.count * pauseMsPerKey) return false;
    return this.isBehind(resting, sinceMs < leisureMs ? changes : changesAtLeisure);
  }

  private isBehind({ index }: RestingIndex, changes: number): boolean {
    if (index.slots.count < this.context.pace.keysMin) return false;
    return (
      index.changes - this.lastChanges >= changes || this.context.store.compactRevision !== this.lastMark
    );
  }

  private begin(): void {
    const resting = this.context.store.restingIndex;
    assert(resting !== undefined, "a checkpoint begins between writes");
    const { head, image } = this.imageOf(resting);
    this.lastMark = this.context.store.compactRevision;
    this.lastChanges = resting.index.changes;
    this.writing = {
      image,
      consistentIndex: this.context.backend.consistentIndex,
      compactionsScheduled: this.context.store.compactionsScheduled,
      blocksUnderWay: 0,
      ending: "no",
    };
    this.hand(this.writing, head);
  }

  private imageOf({ index, revision, finishedMark, scheduledMark }: RestingIndex): {
    head: Block;
    image: IndexImage;
  } {
    const { clusterId, memberId, backend } = this.context;
    const { consistentIndex } = backend;
    const keys = index.slots.count;
    const head = encodeHead({
      clusterId,
      memberId,
      keys,
      revision,
      consistentIndex,
      finishedMark,
      scheduledMark,
      hashSeed: index.hash.seed,
    });
    return { head, image: new IndexImage(index, revision) };
  }

  private runSlice(writing: Writing): void {
    const { store } = this.context;
    if (store.compactionsScheduled !== writing.compactionsScheduled) {
      this.abandon(this.resumesAtMs);
      return;
    }
    if (writing.ending !== "no" || writing.blocksUnderWay >= BLOCKS_UNDER_WAY_MAX) return;
    // Between the slices of a write the index is ahead of the revision, which the image passes over.
    const block = writing.image.run(SLICE);
    if (block !== undefined) this.hand(writing, block);
    else if (writing.image.isDone) this.end(writing);
  }

  private hand(writing: Writing, block: Block): void {
    writing.blocksUnderWay++;
    this.context.order({ kind: "checkpoint-block", block });
  }

  private end(writing: Writing): void {
    writing.image.close();
    writing.ending = "waits";
    this.context.whenCommitted(writing.consistentIndex, () => {
      if (this.writing !== writing) return;
      const pinned = this.context.backend.pinCommitted();
      writing.ending = pinned;
      const { file, transaction, root, highWaterMark } = pinned;
      this.context.order({
        kind: "end-checkpoint",
        revision: writing.image.revision,
        root: { file, transaction, root, highWaterMark },
      });
    });
  }

  /** A compaction has made it useless, or the member stops. What the thread is asked last it finishes. */
  private abandon(nowMs: number): void {
    if (this.writing === undefined || typeof this.writing.ending !== "string") return;
    this.context.order({ kind: "abandon-checkpoint" });
    this.lastMark = Number.NaN;
    this.close(nowMs);
  }

  private close(nowMs: number): void {
    this.writing?.image.close();
    this.writing = undefined;
    this.lastEndMs = nowMs;
  }
}
