/** What a `RawNode` hands out, and what it tells about itself. */

import type { ConfState, Entry, HardState, Message, Snapshot } from "@etcd-ts/proto";
import type { Progress } from "../tracker/progress.ts";
import type { RaftState, ReadState } from "./raft.ts";

/** State that need not survive a crash. */
export interface SoftState {
  readonly lead: bigint;
  readonly state: RaftState;
}

/**
 * Work for the driver. Synchronous: write `hardState`, `entries` and `snapshot` (and sync if `mustSync`), then send `messages`, apply
 * `committedEntries`, and call `advance`. Asynchronous: only `messages` matters, in which MsgStorageAppend and MsgStorageApply
 * say the same to the local threads; other messages may leave at once.
 */
export interface Ready {
  /** Undefined: unchanged. */
  readonly softState: SoftState | undefined;
  /** Empty: unchanged. */
  readonly hardState: HardState;
  readonly readStates: readonly ReadState[];
  readonly entries: readonly Entry[];
  readonly snapshot: Snapshot | undefined;
  readonly committedEntries: readonly Entry[];
  readonly messages: readonly Message[];
  /** What is to be written must be on the disk before anything that follows from it. */
  readonly mustSync: boolean;
}

export interface Status {
  readonly id: bigint;
  readonly softState: SoftState;
  readonly hardState: HardState;
  readonly applied: number;
  readonly leadTransferee: bigint;
  readonly confState: ConfState;
  /** Copies, ascending by id; empty unless this member leads. */
  readonly progress: readonly Progress[];
}
