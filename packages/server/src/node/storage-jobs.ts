/**
 * Work on committed pages that is too long for the loop: hashes, snapshots, defragmentation. The host's threads do it; this
 * is the core's side: it waits for a commit, pins a root, gives orders, and hands on what comes back.
 *
 * A snapshot is pulled, one piece at a time, so that a slow client costs the memory of one piece. Its root keeps pages from being
 * used again, so few run at once, and one whose client takes nothing for {@link STALL_MS} is cut off.
 *
 * Not responsible for: what is in a piece, threads, files.
 */

import { assert } from "@etcd-ts/base";
import type { Backend, CommittedRoot, PinnedRoot } from "@etcd-ts/storage";

const SNAPSHOTS_MAX = 4;
/** A snapshot that takes longer is told, and again after as long: this, or what its bytes take at this rate. */
const SLOW_SNAPSHOT_MS = 30_000;
const SNAPSHOT_BYTES_PER_MS = 100_000;
/** How long a snapshot's client may leave a piece untaken. */
const STALL_MS = 60_000;

/** What the host's threads are asked to do. Answers are events with the same job number. */
export type StorageOrder =
  | { readonly kind: "hash"; readonly job: number; readonly root: CommittedRoot }
  | { readonly kind: "open-snapshot"; readonly job: number; readonly root: CommittedRoot }
  | { readonly kind: "next-piece"; readonly job: number; readonly bytesMax: number }
  /** Read to its end or not. */
  | { readonly kind: "end-snapshot"; readonly job: number }
  | { readonly kind: "defragment"; readonly job: number }
  /** Of the database's files this one is read no more. */
  | { readonly kind: "close-file"; readonly file: number };

export interface SnapshotPiece {
  readonly bytes: Uint8Array;
  /** SHA-256 of all pieces, with the last one. */
  readonly digest: Uint8Array | undefined;
}

/** Hears of a snapshot. */
export interface SnapshotTaker {
  /** It may be read: so many bytes in all. May be called before `openSnapshot` returns. */
  onOpen(job: SnapshotJob, bytes: number): void;
  onPiece(piece: SnapshotPiece): void;
  /** It was not read for too long, and is over. */
  onCutOff(): void;
}

/** A snapshot that is being read. */
export interface SnapshotJob {
  /** Asks for the next piece; one at a time. */
  next(bytesMax: number): void;
  /** At the end or before it. */
  end(): void;
}

/** What the jobs see of the member. */
export interface StorageJobsContext {
  readonly backend: Backend;
  readonly nowMs: number;
  readonly orders: StorageOrder[];
  /** Hears of a snapshot that takes long. */
  onSlowSnapshot(takingMs: number, bytes: number): void;
  /** Runs `then` when everything that is written now is in durable pages. */
  whenAllIsCommitted(then: () => void): void;
}

export class StorageJobs {
  private readonly context: StorageJobsContext;
  private lastJob = 0;
  private readonly hashes = new Map<number, (hash: number) => void>();
  private readonly snapshots = new Map<number, Snapshot>();
  private defragmentation:
    | { readonly job: number; onEnd: ((failure: string | undefined) => void)[] }
    | undefined;

  constructor(context: StorageJobsContext) {
    this.context = context;
  }

  /** The hash over all that is applied now. */
  hash(onHash: (hash: number) => void): void {
    const { context } = this;
    context.whenAllIsCommitted(() => {
      const pinned = context.backend.pinCommitted();
      const job = ++this.lastJob;
      this.hashes.set(job, (hash) => {
        pinned.release();
        onHash(hash);
      });
      context.orders.push({ kind: "hash", job, root: plainRoot(pinned) });
    });
  }

  /** The database with all that is applied now; undefined when too many are being read. */
  openSnapshot(taker: SnapshotTaker): SnapshotJob | undefined {
    if (this.snapshots.size >= SNAPSHOTS_MAX) return undefined;
    const job = ++this.lastJob;
    const snapshot = new Snapshot(job, this.context, taker, () => this.snapshots.delete(job));
    this.snapshots.set(job, snapshot);
    this.context.whenAllIsCommitted(() => snapshot.open());
    return snapshot;
  }

  /** `onEnd` hears why it failed, if it did. Who asks while one is under way waits for that one. */
  defragment(onEnd: (failure: string | undefined) => void): void {
    if (this.defragmentation !== undefined) {
      this.defragmentation.onEnd.push(onEnd);
      return;
    }
    const job = ++this.lastJob;
    this.defragmentation = { job, onEnd: [onEnd] };
    // What was removed a moment ago is not worth copying.
    this.context.whenAllIsCommitted(() => this.context.orders.push({ kind: "defragment", job }));
  }

  onHash(job: number, hash: number): void {
    const onHash = this.hashes.get(job);
    assert(onHash !== undefined, "a hash that nobody asked for");
    this.hashes.delete(job);
    onHash(hash);
  }

  /** The snapshot may have ended meanwhile. */
  onPiece(job: number, piece: SnapshotPiece): void {
    this.snapshots.get(job)?.onPiece(piece);
  }

  onDefragmented(job: number, failure: string | undefined): void {
    const done = this.defragmentation;
    assert(done?.job === job, "a defragmentation that nobody asked for");
    this.defragmentation = undefined;
    for (const onEnd of done.onEnd) onEnd(failure);
  }

  /** Call it now and then. */
  onTick(nowMs: number): void {
    for (const snapshot of this.snapshots.values()) snapshot.onTick(nowMs);
  }
}

class Snapshot implements SnapshotJob {
  private readonly job: number;
  private readonly context: StorageJobsContext;
  private readonly taker: SnapshotTaker;
  private readonly forget: () => void;
  private pinned: PinnedRoot | undefined;
  private ended = false;
  private bytes = 0;
  private openedAtMs = 0;
  /** When to tell that it takes long. */
  private slowAtMs = 0;
  /** Since when a piece lies with the taker; undefined while one is being read. */
  private waitingSinceMs: number | undefined;

  constructor(job: number, context: StorageJobsContext, taker: SnapshotTaker, forget: () => void) {
    this.job = job;
    this.context = context;
    this.taker = taker;
    this.forget = forget;
  }

  /** Everything it is to hold is committed. */
  open(): void {
    if (this.ended) return;
    const { backend, orders, nowMs } = this.context;
    this.pinned = backend.pinCommitted();
    orders.push({ kind: "open-snapshot", job: this.job, root: plainRoot(this.pinned) });
    this.waitingSinceMs = nowMs;
    this.openedAtMs = nowMs;
    this.bytes = backend.size;
    this.slowAtMs = nowMs + slowSnapshotMs(this.bytes);
    this.taker.onOpen(this, backend.size);
  }

  next(bytesMax: number): void {
    assert(this.waitingSinceMs !== undefined && !this.ended, "one piece of an open snapshot at a time");
    this.waitingSinceMs = undefined;
    this.context.orders.push({ kind: "next-piece", job: this.job, bytesMax });
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.forget();
    if (this.pinned === undefined) return;
    this.context.orders.push({ kind: "end-snapshot", job: this.job });
    this.pinned.release();
  }

  onPiece(piece: SnapshotPiece): void {
    this.waitingSinceMs = this.context.nowMs;
    this.taker.onPiece(piece);
  }

  onTick(nowMs: number): void {
    this.tellWhenSlow(nowMs);
    this.cutOffWhenStalled(nowMs);
  }

  private tellWhenSlow(nowMs: number): void {
    if (this.pinned === undefined || nowMs < this.slowAtMs) return;
    this.context.onSlowSnapshot(nowMs - this.openedAtMs, this.bytes);
    this.slowAtMs = nowMs + slowSnapshotMs(this.bytes);
  }

  private cutOffWhenStalled(nowMs: number): void {
    if (this.waitingSinceMs === undefined || nowMs - this.waitingSinceMs < STALL_MS) return;
    this.end();
    this.taker.onCutOff();
  }
}

function slowSnapshotMs(bytes: number): number {
  return Math.max(SLOW_SNAPSHOT_MS, bytes / SNAPSHOT_BYTES_PER_MS);
}

/** What of a pinned root goes to a thread. */
function plainRoot({ file, transaction, root, highWaterMark }: CommittedRoot): CommittedRoot {
  return { file, transaction, root, highWaterMark };
}
