/**
 * When the database is written, and what waits for it: batches at a pace of time and operations, or at once when somebody
 * waits; snapshots of the log every so many entries, each after the database is durable at or past its index.
 *
 * Not responsible for: what is in a batch (the backend) and for the files (the host).
 */

import type { Entry } from "@etcd-ts/proto";
import type { Backend, CommitBatch } from "@etcd-ts/storage";
import type { SnapshotOrder } from "./events.ts";

/** When a batch is due though nobody waits for it. */
export interface BatchPace {
  readonly intervalMs: number;
  readonly operations: number;
}

/** The original's. */
export const DEFAULT_BATCH_PACE: BatchPace = { intervalMs: 100, operations: 10_000 };

/**
 * Bytes of entries that make a snapshot due for a member without others: a start reads and checks what follows the last one, and entries may be
 * large. With others it would lose the entries that a start keeps for those that lag.
 */
const SNAPSHOT_BYTES_ALONE = 16 * 1024 * 1024;

/** Waits until so many batches are committed, and an index with them. */
interface Waiter {
  readonly index: number;
  readonly batches: number;
  readonly then: () => void;
}

export class Persistence {
  private readonly backend: Backend;
  private readonly snapshotEntries: number;
  private lastBatchMs = 0;
  private waiters: Waiter[] = [];
  /** Batches that went to the commit thread, and those of them that are durable. */
  private batchesTaken = 0;
  private batchesCommitted = 0;
  /** Index of the last snapshot whose record is, or will be, in the log. */
  private snapshotIndex: number;
  private snapshotting: SnapshotOrder | undefined;
  /** Of committed entries, since the last snapshot began. */
  private bytesSinceSnapshot = 0;
  /** A snapshot at or past it is due as soon as it can be, and is waited for. */
  private readonly snapshotIndexMin: number;
  private snapshotIsForced = false;

  private readonly pace: BatchPace;

  constructor(
    backend: Backend,
    snapshotEntries: number,
    snapshotIndex: number,
    snapshotIndexMin: number,
    pace: BatchPace = DEFAULT_BATCH_PACE,
  ) {
    this.backend = backend;
    this.pace = pace;
    this.snapshotEntries = snapshotEntries;
    this.snapshotIndex = snapshotIndex;
    this.snapshotIndexMin = snapshotIndexMin;
  }

  /** The snapshot that had to be made first is there. */
  get snapshotIsRecent(): boolean {
    return this.snapshotIndex >= this.snapshotIndexMin;
  }

  /** The batch that is due now, if any. */
  takeDueBatch(nowMs: number): CommitBatch | undefined {
    const { backend } = this;
    const waiting = this.waiters.length > 0;
    if (backend.pendingOperations === 0 && !waiting) return undefined;
    const due =
      nowMs - this.lastBatchMs >= this.pace.intervalMs || backend.pendingOperations >= this.pace.operations;
    if (!due && !waiting) return undefined;
    const batch = backend.takeBatch(waiting);
    if (batch !== undefined) {
      this.lastBatchMs = nowMs;
      this.batchesTaken++;
    }
    return batch;
  }

  /** Runs `then` when the database is durable at or past `index`; a batch is forced for it. */
  whenCommitted(index: number, then: () => void): void {
    this.wait({ index, batches: 0, then });
  }

  /** Runs `then` when all that is written by now is durable: entries, and what came outside of entries. */
  whenAllCommitted(then: () => void): void {
    const open = this.backend.pendingOperations > 0 ? 1 : 0;
    this.wait({ index: this.backend.consistentIndex, batches: this.batchesTaken + open, then });
  }

  onCommitted(): void {
    this.batchesCommitted++;
    const due = this.waiters.filter((waiter) => this.isOver(waiter));
    if (due.length === 0) return;
    this.waiters = this.waiters.filter((waiter) => !this.isOver(waiter));
    for (const waiter of due) waiter.then();
  }

  private wait(waiter: Waiter): void {
    if (this.isOver(waiter)) waiter.then();
    else this.waiters.push(waiter);
  }

  private isOver({ index, batches }: Waiter): boolean {
    return index <= this.backend.committedIndex && batches <= this.batchesCommitted;
  }

  /** Entries are committed. */
  countEntries(entries: readonly Entry[]): void {
    for (const { data } of entries) if (data !== undefined) this.bytesSinceSnapshot += data.length;
  }

  snapshotDue(appliedIndex: number, isAlone: boolean): boolean {
    if (this.snapshotting !== undefined) return false;
    const entries = appliedIndex - this.snapshotIndex;
    if (!this.snapshotIsRecent && appliedIndex >= this.snapshotIndexMin) return true;
    if (entries >= this.snapshotEntries || (this.snapshotIsForced && entries > 0)) return true;
    return isAlone && this.bytesSinceSnapshot >= SNAPSHOT_BYTES_ALONE && entries > 0;
  }

  /** The next snapshot is due now, however few entries there are. */
  forceSnapshot(): void {
    this.snapshotIsForced = true;
  }

  /** Calls `save` with the order once the database is durable at its index. One at a time. */
  beginSnapshot(order: SnapshotOrder, save: (order: SnapshotOrder) => void): void {
    this.snapshotting = order;
    this.snapshotIsForced = false;
    this.bytesSinceSnapshot = 0;
    this.whenCommitted(order.index, () => save(order));
  }

  /** The file is durable; returns what to record in the log. */
  onSnapshotSaved(index: number): SnapshotOrder | undefined {
    const order = this.snapshotting;
    if (order?.index !== index) return undefined;
    this.snapshotting = undefined;
    this.snapshotIndex = index;
    return order;
  }
}
