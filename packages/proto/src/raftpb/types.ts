/**
 * The messages of the replicated log (`raftpb`, proto2) as the program holds them. Terms, indexes and sizes are `number`
 * (safe integers; the decoder refuses larger ones), node and request ids are `bigint` (64 bits).
 *
 * `bytes` fields keep the difference between absent (`undefined`) and present but empty, because it is visible on the wire
 * and in the log: the empty entry of a new leader has no data field at all.
 *
 * Every number in the enumerations below is permanent: it reaches disk and wire.
 */

export const EntryType = { Normal: 0, ConfChange: 1, ConfChangeV2: 2 } as const;
export type EntryType = (typeof EntryType)[keyof typeof EntryType];

export const MessageType = {
  Hup: 0,
  Beat: 1,
  Prop: 2,
  App: 3,
  AppResp: 4,
  Vote: 5,
  VoteResp: 6,
  Snap: 7,
  Heartbeat: 8,
  HeartbeatResp: 9,
  Unreachable: 10,
  SnapStatus: 11,
  CheckQuorum: 12,
  TransferLeader: 13,
  TimeoutNow: 14,
  ReadIndex: 15,
  ReadIndexResp: 16,
  PreVote: 17,
  PreVoteResp: 18,
  StorageAppend: 19,
  StorageAppendResp: 20,
  StorageApply: 21,
  StorageApplyResp: 22,
  ForgetLeader: 23,
} as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

export const ConfChangeType = { AddNode: 0, RemoveNode: 1, UpdateNode: 2, AddLearnerNode: 3 } as const;
export type ConfChangeType = (typeof ConfChangeType)[keyof typeof ConfChangeType];

export const ConfChangeTransition = { Auto: 0, JointImplicit: 1, JointExplicit: 2 } as const;
export type ConfChangeTransition = (typeof ConfChangeTransition)[keyof typeof ConfChangeTransition];

/**
 * One entry of the log. It is never changed after its append, but for `decoded`: a slot where the leader keeps the decoded
 * form of `data` until the entry is applied. It lives and dies with this object, so a new leader's entry at the same index
 * cannot be mistaken for it; it is never encoded.
 */
export class Entry {
  type: EntryType;
  term: number;
  index: number;
  data: Uint8Array | undefined;
  decoded: unknown;

  constructor(type: EntryType, term: number, index: number, data: Uint8Array | undefined, decoded?: unknown) {
    this.type = type;
    this.term = term;
    this.index = index;
    this.data = data;
    this.decoded = decoded;
  }
}

/** What a member must remember through a crash. All zero is "empty": nothing to write. */
export interface HardState {
  readonly term: number;
  readonly vote: bigint;
  readonly commit: number;
}

export interface ConfState {
  readonly voters: readonly bigint[];
  readonly learners: readonly bigint[];
  /** The old voters while in a joint configuration; empty otherwise. */
  readonly votersOutgoing: readonly bigint[];
  /** Old voters that become learners when the joint configuration is left. */
  readonly learnersNext: readonly bigint[];
  readonly autoLeave: boolean;
}

export interface SnapshotMetadata {
  readonly confState: ConfState;
  readonly index: number;
  readonly term: number;
}

/** A snapshot; index 0 counts as none. */
export interface Snapshot {
  readonly data: Uint8Array | undefined;
  readonly metadata: SnapshotMetadata;
}

const NO_ENTRIES: readonly Entry[] = Object.freeze([]);
const NO_MESSAGES: readonly Message[] = Object.freeze([]);

/**
 * A raft message. One class and one order of fields, so that every message has the same hidden shape. `entries` belongs to
 * the message: nobody changes that array after the message was made.
 */
export class Message {
  type: MessageType;
  to: bigint;
  from: bigint;
  term = 0;
  logTerm = 0;
  index = 0;
  entries: readonly Entry[] = NO_ENTRIES;
  commit = 0;
  snapshot: Snapshot | undefined = undefined;
  reject = false;
  rejectHint = 0;
  context: Uint8Array | undefined = undefined;
  /** Only in messages to the local append thread. */
  vote = 0n;
  /** Only in messages to the local threads: what to deliver when the work is done. */
  responses: readonly Message[] = NO_MESSAGES;

  constructor(type: MessageType, to = 0n, from = 0n) {
    this.type = type;
    this.to = to;
    this.from = from;
  }
}

export interface ConfChange {
  /** The id of the request that asked for the change; raft does not look at it. */
  readonly id: bigint;
  readonly type: ConfChangeType;
  readonly nodeId: bigint;
  readonly context: Uint8Array | undefined;
}

export interface ConfChangeSingle {
  readonly type: ConfChangeType;
  readonly nodeId: bigint;
}

export interface ConfChangeV2 {
  readonly transition: ConfChangeTransition;
  readonly changes: readonly ConfChangeSingle[];
  readonly context: Uint8Array | undefined;
}

export const EMPTY_HARD_STATE: HardState = Object.freeze({ term: 0, vote: 0n, commit: 0 });

export const EMPTY_CONF_STATE: ConfState = Object.freeze({
  voters: Object.freeze([]),
  learners: Object.freeze([]),
  votersOutgoing: Object.freeze([]),
  learnersNext: Object.freeze([]),
  autoLeave: false,
});

export const EMPTY_SNAPSHOT: Snapshot = Object.freeze({
  data: undefined,
  metadata: Object.freeze({ confState: EMPTY_CONF_STATE, index: 0, term: 0 }),
});

export function isEmptyHardState(state: HardState): boolean {
  return state.term === 0 && state.vote === 0n && state.commit === 0;
}
