/**
 * What happens to a member, and what it wants done. `step(event)` moves the state machine; the host then drains the
 * effects, before it steps again. All time is the host's monotonic clock in milliseconds.
 *
 * Answers to callers are not in here: they are written straight into the caller's output (see `caller.ts`), because they
 * splice bytes that the next write may move.
 */

import type { ConfState, Entry, HardState, Message } from "@etcd-ts/proto";
import type { CommitBatch, CommitReport, MoveReport, PageFetch, PageNode } from "@etcd-ts/storage";
import type { CheckpointOrder } from "../checkpoint/checkpoints.ts";
import type { MemberRecord } from "../membership/member-record.ts";
import type { Proposal } from "./proposal.ts";
import type { Read } from "./read.ts";
import type { SnapshotPiece, StorageOrder } from "./storage-jobs.ts";

export type MemberEvent =
  | { readonly kind: "propose"; readonly proposal: Proposal }
  | { readonly kind: "read"; readonly read: Read }
  /** Everything that arrived in this turn of the host's loop has been stepped: batch it. */
  | { readonly kind: "turn-end"; readonly nowMs: number }
  /** One heartbeat interval has passed. */
  | { readonly kind: "tick"; readonly nowMs: number }
  /** The time asked for by `wakeAtMs` has come. */
  | { readonly kind: "wake"; readonly nowMs: number }
  /** The log is durable up to and including this append. */
  | { readonly kind: "log-synced"; readonly sequence: number; readonly nowMs: number }
  | { readonly kind: "committed"; readonly report: CommitReport; readonly nowMs: number }
  | {
      readonly kind: "pages";
      readonly fetch: number;
      readonly nodes: readonly PageNode[];
      readonly nowMs: number;
    }
  /** A defragmented file has taken the place of the database's. */
  | { readonly kind: "moved"; readonly report: MoveReport }
  /** Answers to `StorageOrder`s. */
  | { readonly kind: "hashed"; readonly job: number; readonly hash: number }
  | { readonly kind: "snapshot-piece"; readonly job: number; readonly piece: SnapshotPiece }
  | { readonly kind: "defragmented"; readonly job: number; readonly failure: string | undefined }
  /** The `.snap` file of this index is durable. */
  | { readonly kind: "snapshot-saved"; readonly index: number }
  /** A block of the checkpoint under way is written; the checkpoint is durable, or could not be made. */
  | { readonly kind: "checkpoint-block-written" }
  | { readonly kind: "checkpoint-ended" }
  /** From a peer. */
  | { readonly kind: "message"; readonly message: Message };

/** One write of the log: everything in it is durable before `log-synced` tells its sequence number. */
export interface LogAppend {
  readonly sequence: number;
  readonly entries: readonly Entry[];
  readonly hardState: HardState | undefined;
  /** A snapshot record; after it, segments that end before `index` may go. */
  readonly snapshot: SnapshotRecord | undefined;
}

export interface SnapshotRecord {
  readonly index: number;
  readonly term: number;
  readonly confState: ConfState;
}

/** A `.snap` file to write: the conf state and the membership at its index. */
export interface SnapshotOrder extends SnapshotRecord {
  readonly members: readonly MemberRecord[];
  readonly removed: readonly bigint[];
  readonly clusterVersion: string | undefined;
}

export interface Effects {
  readonly appends: LogAppend[];
  readonly messages: Message[];
  commit: CommitBatch | undefined;
  fetch: PageFetch | undefined;
  snapshot: SnapshotOrder | undefined;
  /** For the database's threads, in order. */
  readonly orders: StorageOrder[];
  /** For the thread that writes checkpoints, in order. */
  readonly checkpointOrders: CheckpointOrder[];
  /** There is work left that needs no event: step `turn-end` again after the sockets had their turn. */
  again: boolean;
  /** Step `wake` at this time; Infinity: not needed. */
  wakeAtMs: number;
}
