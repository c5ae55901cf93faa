/**
 * What the rest of the member sees of the key-value store: tasks that run in slices, outcomes that are values, responses
 * that are already bytes.
 *
 * - Nothing below blocks. A task is run again and again: `done` (its outcome is there), `more` (the budget is used up; run it
 *   again, in this turn or a later one) or `miss` (pages must come from the disk; `backend.takeMisses()` names them; run it
 *   again when they have arrived). A budget is counted in keys visited, not in time: the core has no clock.
 * - Writes are applied one after another. A write task that answers `more` or `miss` stays open: its changes are in the index
 *   under the revision that it is going to make, every reader still sees the revision before, and no other write and no
 *   compaction step may run until it is done. No batch may be taken from the backend meanwhile.
 * - The first slice of a read fixes its revision; writes may run between its slices. Compaction does not remove what a read
 *   still needs: the removal waits until the task has ended, so a task that is given up must be `close`d.
 * - Responses refer to the arena. They stay valid until {@link KeyValueStore.reclaim}, which the core calls once a turn, after
 *   the answers were written to the sockets' buffers.
 */

import type { DeleteRangeRequest, PutRequest, RangeRequest, TxnRequest } from "@etcd-ts/proto";
import type { BackendView, VisitRecord } from "@etcd-ts/storage";
import type { FinishedCompaction } from "./compaction.ts";
import type { KeyIndex } from "./key-index.ts";
import type { StoreCounters } from "./store-counters.ts";

export type Progress = "done" | "more" | "miss";

/** Names of the error table of `proto`, the ones that the store itself can answer. */
export type StoreError =
  | "ErrGRPCCompacted"
  | "ErrGRPCFutureRev"
  | "ErrGRPCKeyNotFound"
  | "ErrGRPCLeaseNotFound";

/** An encoded protobuf message; see above for how long it lives. */
export interface EncodedMessage {
  readonly size: number;
  /** Writes `size` bytes at `position` and returns the position after them. */
  writeTo(target: Uint8Array, position: number): number;
  /**
   * The same bytes as pieces of memory of their own, which outlive the next reclaim: for a message too large to be written at once.
   * What a read gathered in earlier slices is handed out without a copy.
   */
  pieces?(): readonly Uint8Array[];
}

export type Outcome =
  | { readonly error: undefined; readonly response: EncodedMessage }
  | { readonly error: StoreError; readonly response: undefined };

export interface Task {
  run(budget: number): Progress;
}

/** A read; read the outcome after `done`. */
export interface ReadTask extends Task {
  readonly outcome: Outcome | undefined;
  /** Lets go of what the task pins. `run` does it itself when it answers `done`; closing twice is harmless. */
  close(): void;
}

export interface WriteTask extends Task {
  readonly outcome: Outcome | undefined;
  /** The revision that the write made; 0 when it changed nothing or was refused. */
  readonly revision: number;
}

/** Chunks of a RangeStream: `done` means that a chunk is ready, and `ended` that it was the last. */
export interface RangeStreamTask extends ReadTask {
  readonly ended: boolean;
  /** Starts on the next chunk; only after `done` and while not `ended`. */
  next(): void;
}

export interface HashOutcome {
  readonly hash: number;
  readonly hashRevision: number;
  readonly compactRevision: number;
  /** The store's revision at the first slice, for the header. */
  readonly currentRevision: number;
}

export interface HashTask extends Task {
  readonly outcome:
    | { readonly error: undefined; readonly result: HashOutcome }
    | { readonly error: StoreError }
    | undefined;
  close(): void;
}

// Seams to the neighbours.

/** The lessor, as far as keys hang on leases. */
export interface LeaseAttachments {
  exists(id: bigint): boolean;
  attach(id: bigint, key: Uint8Array): void;
  detach(id: bigint, key: Uint8Array): void;
}

/** What one revision changed, in order of sub revisions. Valid within the call of {@link ChangeListener.onChange} only. */
export interface Changes {
  readonly length: number;
  isDelete(index: number): boolean;
  /** A put of a key that did not exist. */
  isCreate(index: number): boolean;
  /** A view of the key's bytes. */
  key(index: number): Uint8Array;
  /** A view of the encoded `mvccpb.KeyValue` of the event: of a delete, key and mod revision only. */
  keyValue(index: number): Uint8Array;
  /** A view of the pair before, if it is in memory; else ask {@link KeyValueStore.keyValueAt}. */
  previousKeyValue(index: number): Uint8Array | undefined;
}

export interface ChangeListener {
  onChange(revision: number, changes: Changes): void;
  /** The first revision whose records it will still read although they may be compacted by then; Infinity: none. */
  readonly unservedRevision: number;
}

export interface StoreOptions {
  /** Constant parts of every response header. */
  readonly clusterId: bigint;
  readonly memberId: bigint;
  /** Bytes of current values held in memory; beyond it cold ones are read from the database. */
  readonly arenaBytesMax?: number;
  /** Any 32 bits: keeps key hashes from being foreseen. */
  readonly hashSeed?: number;
  /** Entries of an index node; small in tests. */
  readonly nodeEntriesMax?: number;
  readonly leases: LeaseAttachments;
}

/** An index between two writes, with what the database has, or will have, for its marks of compactions. */
export interface RestingIndex {
  readonly index: KeyIndex;
  readonly revision: number;
  /** −1 and 0 when there are none. */
  readonly finishedMark: number;
  readonly scheduledMark: number;
}

export interface KeyValueStore {
  readonly currentRevision: number;
  /** −1 before any compaction. */
  readonly compactRevision: number;
  /** As `compactRevision`, but of the newest compaction whose removal has begun: from here on every record is still there. */
  readonly removedRevision: number;
  /** Live keys at the current revision. */
  readonly keyCount: number;
  readonly counters: StoreCounters;
  /** The term that response headers carry; the core moves it. */
  raftTerm: number;
  /** Undefined: nobody watches, and changes cost nothing. */
  listener: ChangeListener | undefined;

  // The two fast paths: one key, current revision, no option set. They allocate nothing.

  /**
   * Finds the key at the current revision and returns the size of its RangeResponse, or −1: its value must come from the disk (use
   * {@link range}). {@link writeGet} then writes that response; nothing may come between the two.
   */
  prepareGet(key: Uint8Array): number;
  writeGet(target: Uint8Array, position: number): number;
  /** Puts and returns the new revision, or 0: ErrGRPCLeaseNotFound. Lease 0n is none. The key is not empty. */
  putOne(key: Uint8Array, value: Uint8Array, lease: bigint): number;
  /** PutResponse without `prev_kv`. */
  putResponseSize(revision: number): number;
  writePutResponse(target: Uint8Array, position: number, revision: number): number;
  /** A header alone, as field 1: with `revision` and the current term. For CompactionResponse and the like. */
  headerSize(revision: number): number;
  writeHeader(target: Uint8Array, position: number, revision: number): number;

  // Reads. Requests have passed validation.

  range(request: RangeRequest): ReadTask;
  rangeStream(request: RangeRequest, requestBytesMax: number): RangeStreamTask;
  /** A txn all of whose operations are ranges. */
  readTxn(request: TxnRequest): ReadTask;

  // Writes, one at a time, in the order of the log.

  put(request: PutRequest): WriteTask;
  deleteRange(request: DeleteRangeRequest): WriteTask;
  txn(request: TxnRequest): WriteTask;
  /** Deletes these keys, in order of keys, in one revision (a lease's revocation). */
  deleteKeys(keys: readonly Uint8Array[]): WriteTask;

  // Compaction.

  /** Takes effect for reads at once; the removal becomes {@link compaction}. */
  compact(revision: number): StoreError | undefined;
  /** The removal that is due or under way; run it in slices (budget: records). Undefined: none. */
  readonly compaction: Task | undefined;
  /** Count of removals finished since the start; for `physical` waiters. */
  readonly compactionsFinished: number;
  /** The one finished last. */
  readonly lastCompaction: FinishedCompaction | undefined;
  /** Count of removals scheduled since the start. */
  readonly compactionsScheduled: number;

  hashKv(revision: number): HashTask;

  /** The pair of a key at a revision, from memory or the database; for watchers (`prev_kv`). */
  keyValueAt(key: Uint8Array, revision: number, view: BackendView): Uint8Array | undefined | "miss";

  /** The index, to be written to a checkpoint; undefined while a write is open or a compaction's removal is due. */
  readonly restingIndex: RestingIndex | undefined;
  /**
   * Takes values that are not in memory from the database's records, which come all and in order. A start from a checkpoint has not
   * seen them: they are checked as any other start would have, and one that is damaged is a DamagedRecordError.
   */
  warming(): VisitRecord;

  /** Space of overwritten values becomes free: every response made before has been written out. */
  reclaim(): void;
}
