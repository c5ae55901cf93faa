/**
 * Drives raft with asynchronous storage writes: turns its messages to the local threads into appends of the log and into entries
 * for the apply chain, and their completions into its answers.
 *
 *     propose, step, tick ─> raft ─ ready ─┬─ StorageAppend ─> LogAppend ... log-synced ─> answers (to itself and to peers)
 *                                          ├─ StorageApply ──> entries ... applied ─────> answer
 *                                          └─ the rest ──────> peers, at once
 *
 * Invariants: entries enter the in-memory log only when they are durable; answers that promise durability follow their append.
 */

import { assert, type Random } from "@etcd-ts/base";
import {
  type ConfChange,
  type ConfState,
  type Entry,
  type HardState,
  type Message,
  MessageType,
} from "@etcd-ts/proto";
import {
  MemoryStorage,
  type Logger as RaftLogger,
  type Status as RaftStatus,
  RawNode,
  type ReadState,
} from "@etcd-ts/raft";

export type { RaftStatus };

import type { Effects, LogAppend, SnapshotRecord } from "./events.ts";

/** Entries kept in memory before the applied one, for followers that lag; and when there is none to follow. */
const CATCH_UP_ENTRIES = 5000;
const CATCH_UP_ENTRIES_ALONE = 100;
/** The log is trimmed when it is so much longer than it need be. */
const TRIM_ENTRIES = 1000;
const MESSAGE_BYTES_MAX = 1024 * 1024;
const INFLIGHT_MESSAGES_MAX = 512;

/** What is known of the log when a member starts. */
export interface RaftStart {
  readonly memberId: bigint;
  readonly random: Random;
  readonly electionTicks: number;
  readonly preVote: boolean;
  readonly hardState: HardState;
  /** Index, term and configuration that the entries follow; index 0 and no voters: nothing precedes them. */
  readonly snapshot: SnapshotRecord;
  readonly entries: readonly Entry[];
}

/** Where the driver's output goes. */
export interface RaftSink {
  readonly raftLog: RaftLogger;
  readonly effects: Effects;
  onCommittedEntries(entries: readonly Entry[]): void;
  onReadState(state: ReadState): void;
  /** A heartbeat leaves. */
  onHeartbeat(to: bigint): void;
}

/** Waits for its append to be durable. */
interface PendingAppend {
  readonly sequence: number;
  readonly message: Message;
}

export class RaftDriver {
  private readonly storage: MemoryStorage;
  private readonly node: RawNode;
  private readonly memberId: bigint;
  private readonly sink: RaftSink;
  private readonly appending: PendingAppend[] = [];
  /** Applies handed out, in order; `index` is the last entry of each. */
  private readonly applying: { readonly index: number; readonly message: Message }[] = [];
  private lastSequence = 0;
  private syncedSequence = 0;
  /** A snapshot record to go out with the next append. */
  private snapshotRecord: SnapshotRecord | undefined;

  constructor(start: RaftStart, sink: RaftSink) {
    this.memberId = start.memberId;
    this.sink = sink;
    this.storage = storageOf(start);
    this.node = new RawNode({
      id: start.memberId,
      storage: this.storage,
      random: start.random,
      electionTicks: start.electionTicks,
      heartbeatTicks: 1,
      asyncStorageWrites: true,
      messageBytesMax: MESSAGE_BYTES_MAX,
      inflightMessagesMax: INFLIGHT_MESSAGES_MAX,
      checkQuorum: true,
      preVote: start.preVote,
      applied: start.snapshot.index,
      logger: sink.raftLog,
    });
  }

  get leader(): bigint {
    return this.node.raft.lead;
  }

  get isLeader(): boolean {
    return this.leader === this.memberId;
  }

  /** Neither leads nor stands for election. */
  get isFollower(): boolean {
    return this.node.raft.state === "StateFollower";
  }

  get term(): number {
    return this.node.raft.term;
  }

  get committedIndex(): number {
    return this.node.raft.log.committed;
  }

  /** Appends that are not known to be durable. */
  get appendsUnderWay(): number {
    return this.appending.length;
  }

  /** Sequence of the last append that was handed out, and of the last that is durable. */
  get lastAppend(): number {
    return this.lastSequence;
  }

  get durableAppend(): number {
    return this.syncedSequence;
  }

  status(): RaftStatus {
    return this.node.status();
  }

  tick(): void {
    this.node.tick();
  }

  campaign(): void {
    this.node.campaign();
  }

  transferLeader(to: bigint): void {
    this.node.transferLeader(to);
  }

  /** False: dropped, because there is no leader. */
  propose(entries: readonly Entry[]): boolean {
    return this.node.proposeEntries(entries) === undefined;
  }

  step(message: Message): void {
    this.node.step(message);
  }

  readIndex(context: Uint8Array): void {
    this.node.readIndex(context);
  }

  applyConfChange(change: ConfChange): ConfState {
    return this.node.applyConfChange(change);
  }

  /** Hands out all that raft has ready. */
  pump(): void {
    while (this.node.hasReady()) {
      const ready = this.node.ready();
      for (const state of ready.readStates) this.sink.onReadState(state);
      for (const message of ready.messages) this.route(message);
    }
    if (this.snapshotRecord !== undefined) this.append([], undefined, undefined);
  }

  onSynced(sequence: number): void {
    this.syncedSequence = sequence;
    while (this.appending.length > 0 && this.appending[0]!.sequence <= sequence) {
      const { message } = this.appending.shift()!;
      if (message.entries.length > 0) this.storage.append(message.entries);
      for (const response of message.responses) this.deliver(response);
    }
  }

  /** The apply chain has reached `index`. */
  onApplied(index: number): void {
    while (this.applying.length > 0 && this.applying[0]!.index <= index) {
      for (const response of this.applying.shift()!.message.responses) this.deliver(response);
    }
  }

  /** The member stops cleanly: leaves the commit index in the log, which is otherwise written only when something else is. */
  appendHardState(): void {
    this.append([], this.hardState(), undefined);
  }

  /** The snapshot at this index is on disk; its record enters the log with the next append. */
  recordSnapshot(record: SnapshotRecord): void {
    this.snapshotRecord = record;
  }

  /**
   * Forgets entries that no follower should need any more, now and then. Who lags further gets a snapshot: the one of the applied
   * index, whose configuration `confState` tells.
   */
  trimLog(appliedIndex: number, isAlone: boolean, confState: () => ConfState): void {
    const target = appliedIndex - (isAlone ? CATCH_UP_ENTRIES_ALONE : CATCH_UP_ENTRIES);
    if (target - this.storage.firstIndex() < TRIM_ENTRIES) return;
    const made = this.storage.createSnapshot(appliedIndex, confState(), undefined);
    assert(typeof made !== "string", "snapshots are made in order");
    this.storage.compact(target);
  }

  private route(message: Message): void {
    switch (message.type) {
      case MessageType.StorageAppend:
        return this.append(message.entries, hardStateOf(message), message);
      case MessageType.StorageApply:
        this.applying.push({ index: message.entries.at(-1)!.index, message });
        return this.sink.onCommittedEntries(message.entries);
      case MessageType.Heartbeat:
        this.sink.onHeartbeat(message.to);
        return void this.sink.effects.messages.push(message);
      default:
        this.sink.effects.messages.push(message);
    }
  }

  private append(
    entries: readonly Entry[],
    hardState: HardState | undefined,
    message: Message | undefined,
  ): void {
    const snapshot = this.snapshotRecord;
    const append: LogAppend = {
      sequence: ++this.lastSequence,
      entries,
      // A snapshot record counts only below the commit of a hard state that precedes it.
      hardState: snapshot === undefined ? hardState : this.hardState(),
      snapshot,
    };
    this.snapshotRecord = undefined;
    this.sink.effects.appends.push(append);
    if (message !== undefined) this.appending.push({ sequence: append.sequence, message });
  }

  private hardState(): HardState {
    const { term, vote, log } = this.node.raft;
    return { term, vote, commit: log.committed };
  }

  private deliver(response: Message): void {
    if (response.to === this.memberId) this.node.step(response);
    else this.sink.effects.messages.push(response);
  }
}

function storageOf(start: RaftStart): MemoryStorage {
  const storage = new MemoryStorage();
  const { index, term, confState } = start.snapshot;
  storage.applySnapshot({ data: undefined, metadata: { index, term, confState } });
  storage.setHardState(start.hardState);
  storage.append(start.entries);
  return storage;
}

/** The hard state that goes with the entries; undefined when it has not changed. */
function hardStateOf(message: Message): HardState | undefined {
  const { term, vote, commit } = message;
  return term === 0 && vote === 0n && commit === 0 ? undefined : { term, vote, commit };
}
