/**
 * The key-value store: every change of every key by revision, the newest in memory, all of them in the database. See
 * `store-types.ts` for what callers must keep to; the parts are
 *
 *     key-index ── key-tree (order, counts) · key-slots (newest changes) · key-history · life-log · arena (bytes)
 *     reads     ── range-read, count-read, compare-read, hash-read         over the index, values from arena or database
 *     writes    ── writer, used by put-write, delete-write, txn-tasks
 *     upkeep    ── compaction, restoration
 */

import { assert } from "@etcd-ts/base";
import type { DeleteRangeRequest, PutRequest, RangeRequest, TxnRequest } from "@etcd-ts/proto";
import { type Backend, type BackendView, MISS, type VisitRecord } from "@etcd-ts/storage";
import { type CompactionHash, type FinishedCompaction, Removal, SCHEDULED_COMPACTION } from "./compaction.ts";
import { HashRead, KnownHash } from "./hash-read.ts";
import { KeyIndex, ResolvedChange } from "./key-index.ts";
import { COLD, LIVE } from "./key-slots.ts";
import { copyBytes, revisionKey, varintSize, writeVarint } from "./key-value.ts";
import { RangeTask, StreamTask } from "./read-tasks.ts";
import { RecordCheck } from "./record-check.ts";
import { ResponseHeaders } from "./response-header.ts";
import { PAIRS_TAG } from "./responses.ts";
import { type CompactionMarks, Restoration } from "./restoration.ts";
import type { StoreCounters } from "./store-counters.ts";
import { StoreState } from "./store-state.ts";
import type {
  ChangeListener,
  HashTask,
  KeyValueStore,
  RangeStreamTask,
  ReadTask,
  RestingIndex,
  StoreError,
  StoreOptions,
  Task,
  WriteTask,
} from "./store-types.ts";
import { ReadTxnTask, TxnTask } from "./txn-tasks.ts";
import { DeleteKeysTask, DeleteRangeTask, PutTask } from "./write-tasks.ts";
import { Writer } from "./writer.ts";

/** An index that a store may adopt is made like its own. */
export const INDEX_SHAPE = { nodeEntriesMax: 64, arenaBytesMax: Number.POSITIVE_INFINITY } as const;
/** Hashes of compactions that are remembered. */
const HASHES_MAX = 10;
/** The arena is dense enough below this much memory that holds nothing. */
const SLACK_BYTES = 32 * 1024 * 1024;
/** `count` of a response with one pair: field 4, value 1. */
const COUNT_ONE = [0x20, 0x01] as const;

const change = new ResolvedChange();

export class MvccStore implements KeyValueStore {
  compactionsFinished = 0;
  compactionsScheduled = 0;
  lastCompaction: FinishedCompaction | undefined;

  private readonly state: StoreState;
  private readonly writer: Writer;
  private readonly removals: Removal[] = [];
  private readonly hashes: CompactionHash[] = [];
  /** The slot that {@link prepareGet} found; −1: none. */
  private preparedSlot = -1;

  constructor(backend: Backend, options: StoreOptions) {
    const index = new KeyIndex({
      nodeEntriesMax: options.nodeEntriesMax ?? INDEX_SHAPE.nodeEntriesMax,
      arenaBytesMax: options.arenaBytesMax ?? INDEX_SHAPE.arenaBytesMax,
      hashSeed: options.hashSeed ?? 0,
    });
    const headers = new ResponseHeaders(options.clusterId, options.memberId);
    this.state = new StoreState(index, backend, options.leases, headers);
    this.writer = new Writer(this.state);
  }

  get currentRevision(): number {
    return this.state.currentRevision;
  }

  get compactRevision(): number {
    return this.state.compactRevision;
  }

  get removedRevision(): number {
    return this.state.removedRevision;
  }

  get keyCount(): number {
    return this.state.index.tree.live;
  }

  get counters(): StoreCounters {
    return this.state.counters;
  }

  get raftTerm(): number {
    return this.state.headers.term;
  }

  set raftTerm(term: number) {
    this.state.headers.term = term;
  }

  get listener(): ChangeListener | undefined {
    return this.state.listener;
  }

  set listener(listener: ChangeListener | undefined) {
    this.state.listener = listener;
  }

  // The fast paths.

  prepareGet(key: Uint8Array): number {
    const { index, headers, currentRevision } = this.state;
    const headerSize = headers.size(currentRevision);
    const slot = index.find(key);
    this.preparedSlot = -1;
    if (slot < 0) return headerSize;
    const flags = index.slots.flags(slot);
    if (index.slots.mod(slot) > currentRevision || (flags & COLD) !== 0) return -1;
    if ((flags & LIVE) === 0) return headerSize;
    this.preparedSlot = slot;
    index.touch(slot);
    const length = index.arena.length(index.slots.record(slot));
    return headerSize + 1 + varintSize(length) + length + COUNT_ONE.length;
  }

  writeGet(target: Uint8Array, position: number): number {
    const { index, headers, currentRevision, counters } = this.state;
    counters.ranges++;
    position = headers.writeTo(target, position, currentRevision);
    if (this.preparedSlot < 0) return position;
    const record = index.slots.record(this.preparedSlot);
    const length = index.arena.length(record);
    target[position++] = PAIRS_TAG;
    position = writeVarint(target, position, length);
    position = copyBytes(target, position, index.arena.bytes(record), index.arena.start(record), length);
    target[position++] = COUNT_ONE[0];
    target[position++] = COUNT_ONE[1];
    return position;
  }

  putOne(key: Uint8Array, value: Uint8Array, lease: bigint): number {
    if (lease !== 0n && !this.state.leases.exists(lease)) return 0;
    this.writer.begin();
    this.writer.put(key, value, lease);
    return this.writer.end();
  }

  putResponseSize(revision: number): number {
    return this.state.headers.size(revision);
  }

  writePutResponse(target: Uint8Array, position: number, revision: number): number {
    return this.state.headers.writeTo(target, position, revision);
  }

  headerSize(revision: number): number {
    return this.state.headers.size(revision);
  }

  writeHeader(target: Uint8Array, position: number, revision: number): number {
    return this.state.headers.writeTo(target, position, revision);
  }

  // Reads.

  range(request: RangeRequest): ReadTask {
    this.state.counters.ranges++;
    return new RangeTask(this.state, request);
  }

  rangeStream(request: RangeRequest, requestBytesMax: number): RangeStreamTask {
    this.state.counters.ranges++;
    return new StreamTask(this.state, request, requestBytesMax);
  }

  readTxn(request: TxnRequest): ReadTask {
    return new ReadTxnTask(this.state, request);
  }

  keyValueAt(key: Uint8Array, revision: number, view: BackendView): Uint8Array | undefined | "miss" {
    const { index } = this.state;
    const slot = index.find(key);
    if (slot < 0 || !index.resolve(slot, revision, change)) return undefined;
    if (change.isNewest && !index.isCold(slot)) return index.arena.view(index.slots.record(slot));
    const pair = view.record(change.main, change.sub, false);
    if (pair === MISS) return "miss";
    assert(pair !== undefined, "the database holds every revision that the index knows");
    return pair;
  }

  // Writes.

  put(request: PutRequest): WriteTask {
    return new PutTask(this.state, this.writer, request);
  }

  deleteRange(request: DeleteRangeRequest): WriteTask {
    return new DeleteRangeTask(this.state, this.writer, request);
  }

  txn(request: TxnRequest): WriteTask {
    return new TxnTask(this.state, this.writer, request);
  }

  deleteKeys(keys: readonly Uint8Array[]): WriteTask {
    return new DeleteKeysTask(this.state, this.writer, keys);
  }

  // Compaction.

  compact(revision: number): StoreError | undefined {
    const { state } = this;
    if (revision <= state.compactRevision) return "ErrGRPCCompacted";
    if (revision > state.currentRevision) return "ErrGRPCFutureRev";
    // The original looks a key up for the answer's header.
    state.counters.ranges++;
    this.schedule(revision, this.removals.length === 0);
    return undefined;
  }

  get compaction(): Task | undefined {
    return this.removals.length === 0 ? undefined : this.runningRemoval;
  }

  hashKv(revision: number): HashTask {
    const known = this.hashes.find((hash) => hash.revision === revision);
    if (known === undefined) return new HashRead(this.state, revision);
    const { hash, compactRevision } = known;
    const { currentRevision } = this.state;
    return new KnownHash({ hash, hashRevision: revision, compactRevision, currentRevision });
  }

  // Start and upkeep.

  /** The start: hand all records of bucket `key` to `add`, in order, then call `end`. Nothing else may come before. */
  restore(marks: CompactionMarks): Restoration {
    assert(this.state.currentRevision === 1 && this.keyCount === 0, "a store is restored when it is new");
    return new Restoration(this.state, marks, (revision) => this.schedule(revision, false));
  }

  get restingIndex(): RestingIndex | undefined {
    const { index, currentRevision: revision, finishedMark, scheduledMark, isWriting } = this.state;
    if (isWriting || this.removals.length > 0) return undefined;
    return { index, revision, finishedMark, scheduledMark };
  }

  warming(): VisitRecord {
    const { index } = this.state;
    const check = new RecordCheck();
    return (main, sub, tombstone, bytes, start, end) => {
      const isPair = check.next(index.livesFrom, main, sub, tombstone, bytes, start, end);
      if (isPair && !tombstone) index.warmRecord(bytes, start, end, main, sub);
      return true;
    };
  }

  reclaim(): void {
    // What an open write has superseded is still referred to by its responses and its changes.
    if (this.state.isWriting) return;
    const { arena } = this.state.index;
    if (arena.retiredRecords > 0) arena.reclaim();
    if (arena.slabBytes > 1.5 * arena.usedBytes + SLACK_BYTES) this.state.index.evacuate();
  }

  describe(): string {
    const { currentRevision, compactRevision, index } = this.state;
    return `revision ${currentRevision} compacted ${compactRevision} removals ${this.removals.length} ${index.describe()}`;
  }

  invariants(): void {
    const { state } = this;
    state.index.invariants();
    assert(state.compactRevision <= state.currentRevision, "nothing is compacted that is not written");
    assert(
      this.compactionsFinished + this.removals.length === this.compactionsScheduled,
      "every compaction is done or due",
    );
    const isOpen = state.isWriting;
    assert(
      isOpen || state.index.newestRevision <= state.currentRevision,
      "only a write is ahead of the revision",
    );
  }

  /** Runs the first removal; when it is done the next is first. */
  private readonly runningRemoval: Task = {
    run: (budget) => {
      const removal = this.removals[0] as Removal;
      const progress = removal.run(budget);
      if (progress !== "done") return progress;
      this.removals.shift();
      this.compactionsFinished++;
      this.lastCompaction = removal;
      if (removal.hash !== undefined) this.rememberHash(removal.hash);
      return "done";
    },
  };

  private schedule(revision: number, isHashed: boolean): void {
    const { state } = this;
    state.backend.put("meta", SCHEDULED_COMPACTION, revisionKey(revision, 0, false));
    state.scheduledMark = revision;
    this.removals.push(new Removal(state, revision, state.compactRevision, isHashed));
    state.compactRevision = revision;
    this.compactionsScheduled++;
  }

  private rememberHash(hash: CompactionHash): void {
    this.hashes.push(hash);
    if (this.hashes.length > HASHES_MAX) this.hashes.shift();
  }
}
