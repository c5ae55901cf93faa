/**
 * One member's raft: its state, its transitions, and what it does with a message whatever its role. The roles' own handlers are
 * in the files beside this one (`elections`, `follower`, `leader`, `replication`, `membership`, `reads`).
 *
 * Synchronous and deterministic: ticks and messages come in, messages queue up in two lists. `messages` may leave at once;
 * `messagesAfterAppend` promise something (a vote, an acknowledgement) and leave when this member's state up to now is on disk.
 * What it does not do: write, send, apply, or look at a clock. `RawNode` hands those out.
 */

import { assert, type Random } from "@etcd-ts/base";
import type { ConfChangeV2, Snapshot } from "@etcd-ts/proto";
import { Entry, EntryType, type HardState, isEmptyHardState, Message, MessageType } from "@etcd-ts/proto";
import { restoreTracker } from "../confchange/restore.ts";
import { encodedSizeOf, payloadSizeOf } from "../log/entry-size.ts";
import { RaftLog } from "../log/raft-log.ts";
import { type Logger, panic } from "../logger.ts";
import { describeMessageType } from "../text/describe.ts";
import { isJoint, voterIds } from "../tracker/configuration.ts";
import type { ProgressTracker } from "../tracker/tracker.ts";
import type { CheckedConfig } from "./config.ts";
import { campaignAfterTimeout, onVoteRequest, stepCandidate } from "./elections.ts";
import { stepFollower } from "./follower.ts";
import { stepLeader, tickLeader } from "./leader.ts";
import { maybeLeaveJoint, switchToConfiguration } from "./membership.ts";
import { CAMPAIGN_TRANSFER, isVoteMessage, NONE } from "./message-kinds.ts";
import { ReadOnlyQueue } from "./read-only.ts";
import { PROPOSAL_DROPPED, type Refusal } from "./refusal.ts";

export type RaftState = "StateFollower" | "StateCandidate" | "StateLeader" | "StatePreCandidate";

/** The answer to a read request: the state machine must have applied `index` before it answers. */
export interface ReadState {
  readonly index: number;
  readonly context: Uint8Array | undefined;
}

export class Raft {
  readonly id: bigint;
  /** The id as log lines show it. */
  readonly name: string;
  readonly config: CheckedConfig;
  readonly log: RaftLog;
  readonly logger: Logger;
  private readonly random: Random;
  tracker: ProgressTracker;

  term = 0;
  /** Whom this member voted for in `term`. */
  vote = NONE;
  lead = NONE;
  state: RaftState = "StateFollower";
  isLearner = false;

  /** Ticks since this member, as a follower, heard of its leader; as a leader, since the last check of the quorum. */
  electionElapsed = 0;
  heartbeatElapsed = 0;
  /** In [electionTicks, 2 * electionTicks): drawn anew with each reset. */
  randomizedElectionTimeout = 0;

  /** The target of the leadership transfer under way. Leader only. */
  leadTransferee = NONE;
  /** No configuration change may be proposed until this index is applied. Leader only. */
  pendingConfIndex = 0;
  /** Payload of the entries appended in this term and not applied yet. Leader only. */
  uncommittedBytes = 0;

  reads = new ReadOnlyQueue();
  /** Reads that came before the first commit of the term. */
  postponedReads: Message[] = [];
  readStates: ReadState[] = [];

  messages: Message[] = [];
  messagesAfterAppend: Message[] = [];

  constructor(config: CheckedConfig) {
    this.config = config;
    this.id = config.id;
    this.name = config.id.toString(16);
    this.logger = config.logger;
    this.random = config.random;
    this.log = new RaftLog(config.storage, config.logger, config.applyingBytesMax);
    const { hardState, confState } = config.storage.initialState();
    const { inflightMessagesMax, inflightBytesMax } = config;
    this.tracker = restoreTracker(confState, this.log.lastIndex(), inflightMessagesMax, inflightBytesMax);
    switchToConfiguration(this, this.tracker.config, this.tracker.progressMap());
    if (!isEmptyHardState(hardState)) this.loadHardState(hardState);
    if (config.applied > 0) this.appliedTo(config.applied, 0);
    this.becomeFollower(this.term, NONE);
    this.logger.info(`newRaft ${this.name} [${this.describeStart()}]`);
  }

  private loadHardState({ term, vote, commit }: HardState): void {
    const last = this.log.lastIndex();
    if (commit < this.log.committed || commit > last) {
      const range = `[${this.log.committed}, ${last}]`;
      panic(this.logger, `${this.name} state.commit ${commit} is out of range ${range}`);
    }
    this.log.committed = commit;
    this.term = term;
    this.vote = vote;
  }

  private describeStart(): string {
    const { log } = this;
    const peers = voterIds(this.tracker.config).map((id) => id.toString(16));
    const own = `peers: [${peers.join(",")}], term: ${this.term}, commit: ${log.committed}, applied: ${log.applied}`;
    return `${own}, lastindex: ${log.lastIndex()}, lastterm: ${log.lastTerm()}`;
  }

  // ---------------------------------------------------------------------------------------------------- transitions

  becomeFollower(term: number, lead: bigint): void {
    this.reset(term);
    this.lead = lead;
    this.state = "StateFollower";
    this.logger.info(`${this.name} became follower at term ${this.term}`);
  }

  becomeCandidate(): void {
    assert(this.state !== "StateLeader", "raft: a leader does not become candidate");
    this.reset(this.term + 1);
    this.vote = this.id;
    this.state = "StateCandidate";
    this.logger.info(`${this.name} became candidate at term ${this.term}`);
  }

  /** Asking first whether an election could be won: neither term nor vote changes. */
  becomePreCandidate(): void {
    assert(this.state !== "StateLeader", "raft: a leader does not become pre-candidate");
    this.tracker.resetVotes();
    this.lead = NONE;
    this.state = "StatePreCandidate";
    this.logger.info(`${this.name} became pre-candidate at term ${this.term}`);
  }

  /** The new leader appends an empty entry: without one of its own term it could not commit those of earlier terms. */
  becomeLeader(): void {
    assert(this.state !== "StateFollower", "raft: a follower does not become leader");
    this.reset(this.term);
    this.lead = this.id;
    this.state = "StateLeader";
    const own = this.tracker.progressOf(this.id);
    assert(own !== undefined, "raft: a leader has a progress of its own");
    own.becomeReplicate();
    own.recentActive = true;
    // There may be an unapplied change in the log; waiting for all of it is simpler than looking.
    this.pendingConfIndex = this.log.lastIndex();
    const refusal = this.appendEntries([new Entry(EntryType.Normal, 0, 0, undefined)]);
    assert(refusal === undefined, "raft: an empty entry is never refused");
    this.logger.info(`${this.name} became leader at term ${this.term}`);
  }

  private reset(term: number): void {
    if (this.term !== term) {
      this.term = term;
      this.vote = NONE;
    }
    this.lead = NONE;
    this.electionElapsed = 0;
    this.heartbeatElapsed = 0;
    const { electionTicks } = this.config;
    this.randomizedElectionTimeout = electionTicks + this.random.below(electionTicks);
    this.leadTransferee = NONE;
    this.tracker.resetVotes();
    const last = this.log.lastIndex();
    for (const progress of this.tracker.ordered) {
      progress.reset(progress.id === this.id ? last : 0, last + 1);
    }
    this.pendingConfIndex = 0;
    this.uncommittedBytes = 0;
    this.reads = new ReadOnlyQueue();
  }

  // ------------------------------------------------------------------------------------------------------------ time

  tick(): void {
    if (this.state === "StateLeader") {
      tickLeader(this);
      return;
    }
    this.electionElapsed++;
    if (this.electionElapsed >= this.randomizedElectionTimeout && this.promotable()) {
      this.electionElapsed = 0;
      campaignAfterTimeout(this);
    }
  }

  /** This member may become leader: it is a voter that has its whole log at hand. */
  promotable(): boolean {
    const own = this.tracker.progressOf(this.id);
    return own !== undefined && !own.isLearner && this.log.unstable.snapshot === undefined;
  }

  // -------------------------------------------------------------------------------------------------------- messages

  /** Queues `message`, with this member's id and term where they belong. */
  send(message: Message): void {
    const { type } = message;
    if (message.from === NONE) message.from = this.id;
    if (isVoteMessage(type)) {
      // The term of a vote is that of the election, which isn't this member's own before and in a pre-vote.
      assert(message.term !== 0, "raft: a vote message has a term");
    } else {
      assert(message.term === 0, "raft: the sender sets the term");
      // Proposals and reads are forwarded to whoever leads, whatever the term.
      if (type !== MessageType.Prop && type !== MessageType.ReadIndex) message.term = this.term;
    }
    if (this.waitsForAppend(type)) {
      this.messagesAfterAppend = queued(this.messagesAfterAppend, message);
    } else {
      assert(message.to !== this.id, "raft: a message to oneself waits for the append");
      this.messages = queued(this.messages, message);
    }
  }

  /** The message promises what is not on this member's disk yet. */
  private waitsForAppend(type: MessageType): boolean {
    if (type === MessageType.AppResp || type === MessageType.VoteResp || type === MessageType.PreVoteResp)
      return true;
    return type === MessageType.Vote && this.config.asyncStorageWrites && !this.config.earlyVoteRequests;
  }

  /** Takes in a message of the network or of the local threads. */
  step(message: Message): Refusal | undefined {
    if (message.term > this.term) {
      if (!this.onHigherTerm(message)) return undefined;
    } else if (message.term < this.term && message.term !== 0) {
      this.onLowerTerm(message);
      return undefined;
    }
    switch (message.type) {
      case MessageType.Hup:
        campaignAfterTimeout(this);
        return undefined;
      case MessageType.StorageAppendResp:
        this.onStorageAppended(message);
        return undefined;
      case MessageType.StorageApplyResp:
        this.onStorageApplied(message);
        return undefined;
      case MessageType.Vote:
      case MessageType.PreVote:
        onVoteRequest(this, message);
        return undefined;
      default:
        return this.stepAsRole(message);
    }
  }

  private stepAsRole(message: Message): Refusal | undefined {
    if (this.state === "StateLeader") return stepLeader(this, message);
    if (this.state === "StateFollower") return stepFollower(this, message);
    return stepCandidate(this, message);
  }

  /** False when the message is to be ignored. */
  private onHigherTerm(message: Message): boolean {
    const { type } = message;
    const wantsVote = type === MessageType.Vote || type === MessageType.PreVote;
    if (wantsVote && !isTransfer(message) && this.leaseHolds()) {
      const remaining = this.config.electionTicks - this.electionElapsed;
      const reason = `lease is not expired (remaining ticks: ${remaining})`;
      this.logger.info(`${this.describeVote("ignored", message)}: ${reason}`);
      return false;
    }
    // A pre-vote asks about a term that nobody has entered yet, and a granted one answers about it.
    if (type === MessageType.PreVote || (type === MessageType.PreVoteResp && !message.reject)) return true;
    const heard = `received a ${describeMessageType(type)} message with higher term from ${hex(message.from)}`;
    this.logger.info(`${this.name} [term: ${this.term}] ${heard} [term: ${message.term}]`);
    this.becomeFollower(message.term, comesFromLeader(type) ? message.from : NONE);
    return true;
  }

  /** One vote a term; a pre-vote for a later term promises nothing. */
  mayVoteFor(request: Message): boolean {
    if (this.vote === request.from) return true;
    if (this.vote === NONE && this.lead === NONE) return true;
    return request.type === MessageType.PreVote && request.term > this.term;
  }

  /** This member heard from a leader lately, and so does not help to depose it. */
  leaseHolds(): boolean {
    return this.config.checkQuorum && this.lead !== NONE && this.electionElapsed < this.config.electionTicks;
  }

  private onLowerTerm(message: Message): void {
    const { type, from } = message;
    const { checkQuorum, preVote } = this.config;
    if ((checkQuorum || preVote) && (type === MessageType.Heartbeat || type === MessageType.App)) {
      // The sender is a leader of old whom nobody will answer otherwise: the term in this answer deposes it.
      this.send(new Message(MessageType.AppResp, from));
    } else if (type === MessageType.PreVote) {
      this.logger.info(this.describeVote("rejected", message));
      const answer = new Message(MessageType.PreVoteResp, from);
      answer.term = this.term;
      answer.reject = true;
      this.send(answer);
    } else if (type === MessageType.StorageAppendResp) {
      this.onOldStorageAppended(message);
    } else {
      const what = `ignored a ${describeMessageType(type)} message with lower term from ${hex(from)}`;
      this.logger.info(`${this.name} [term: ${this.term}] ${what} [term: ${message.term}]`);
    }
  }

  /** "S [logterm: T, index: I, vote: V] VERB TYPE from X [logterm: MT, index: MI] at term T" */
  describeVote(verb: "ignored" | "rejected" | "cast", message: Message): string {
    const own = `[logterm: ${this.log.lastTerm()}, index: ${this.log.lastIndex()}, vote: ${hex(this.vote)}]`;
    const their = `[logterm: ${message.logTerm}, index: ${message.index}]`;
    const preposition = verb === "cast" ? "for" : "from";
    const what = `${verb} ${describeMessageType(message.type)} ${preposition} ${hex(message.from)}`;
    return `${this.name} ${own} ${what} ${their} at term ${this.term}`;
  }

  // --------------------------------------------------------------------------------------------------------- storage

  private onStorageAppended(message: Message): void {
    if (message.index !== 0) this.log.unstable.stableTo(message.logTerm, message.index);
    if (message.snapshot !== undefined) this.appliedSnapshot(message.snapshot);
  }

  /**
   * Entries written for an earlier term may have been overwritten since by a write that is still under way, even if they look the
   * same: only the write of this term says that they are stable. A snapshot is committed and so never overwritten.
   */
  private onOldStorageAppended(message: Message): void {
    if (message.index !== 0) {
      const what = "ignored entry appends from a MsgStorageAppendResp message with lower term";
      this.logger.info(`${this.name} [term: ${this.term}] ${what} [term: ${message.term}]`);
    }
    if (message.snapshot !== undefined) this.appliedSnapshot(message.snapshot);
  }

  private onStorageApplied(message: Message): void {
    const { entries } = message;
    if (entries.length === 0) return;
    this.appliedTo(entries[entries.length - 1]!.index, encodedSizeOf(entries));
    this.uncommittedBytes = Math.max(0, this.uncommittedBytes - payloadSizeOf(entries));
  }

  private appliedSnapshot(snapshot: Snapshot): void {
    const { index } = snapshot.metadata;
    this.log.unstable.stableSnapshotTo(index);
    this.appliedTo(index, 0);
  }

  appliedTo(index: number, bytes: number): void {
    this.log.appliedTo(Math.max(index, this.log.applied), bytes);
    maybeLeaveJoint(this);
  }

  // ---------------------------------------------------------------------------------------------------- leader's log

  /** Appends to the leader's log, in its term; dropped when over the limit of uncommitted payload. */
  appendEntries(entries: readonly Entry[]): Refusal | undefined {
    const bytes = payloadSizeOf(entries);
    const total = this.uncommittedBytes + bytes;
    // One proposal always gets through, however large, and an empty one is never refused: a new leader needs it.
    if (this.uncommittedBytes > 0 && bytes > 0 && total > this.config.uncommittedBytesMax) {
      const why = "appending new entries to log would exceed uncommitted entry size limit; dropping proposal";
      this.logger.warn(`${this.name} ${why}`);
      return PROPOSAL_DROPPED;
    }
    this.uncommittedBytes = total;
    let index = this.log.lastIndex();
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!;
      entry.term = this.term;
      entry.index = ++index;
    }
    this.log.append(entries);
    // The leader's own acknowledgement waits for its disk as everybody's does.
    const acknowledgement = new Message(MessageType.AppResp, this.id);
    acknowledgement.index = index;
    this.send(acknowledgement);
    return undefined;
  }

  /** Moves the commit index to what a quorum has; false when that is no news. */
  maybeCommit(): boolean {
    const index = this.tracker.committedIndex();
    if (index <= this.log.committed || !this.mayCommit(index)) return false;
    this.log.commitTo(index);
    return true;
  }

  /**
   * Only an entry of its own term may a leader commit by counting (and with it all before): one of an earlier term can be on a quorum
   * and still be overwritten.
   */
  mayCommit(index: number): boolean {
    return this.log.term(index) === this.term;
  }

  /** Somebody's committed entry proves that this leader knows the newest commit index. */
  hasCommittedInTerm(): boolean {
    return this.log.termOrZero(this.log.committed) === this.term;
  }

  /** Why `change` must not be appended now, if so: one change at a time, and a joint configuration is left before the next. */
  reasonAgainst(change: ConfChangeV2): string | undefined {
    const { applied } = this.log;
    const joint = isJoint(this.tracker.config);
    const leave = change.changes.length === 0;
    if (this.pendingConfIndex > applied) {
      return `possible unapplied conf change at index ${this.pendingConfIndex} (applied to ${applied})`;
    }
    if (joint && !leave) return "must transition out of joint config first";
    if (!joint && leave) return "not in joint state; refusing empty conf change";
    return undefined;
  }

  hasUnappliedConfChange(): boolean {
    const { log } = this;
    for (let lo = log.applied + 1; lo <= log.committed; ) {
      const page = log.slice(lo, log.committed + 1, log.applyingBytesMax);
      if (page === undefined) panic(this.logger, "committed entries are compacted before they are applied");
      for (const entry of page) if (entry.type !== EntryType.Normal) return true;
      lo += page.length;
    }
    return false;
  }

  // ------------------------------------------------------------------------------------------------------ inspection

  describe(): string {
    const where = `term=${this.term} vote=${hex(this.vote)} lead=${hex(this.lead)}`;
    return `${this.name} ${this.state} ${where} ${this.log.describe()} ${this.tracker.describe()}`;
  }

  invariants(): void {
    this.log.invariants();
    this.tracker.invariants();
    this.reads.invariants();
    const leads = this.state === "StateLeader";
    assert(leads === (this.lead === this.id), "raft: the leader, and only it, follows itself");
    assert(leads || this.leadTransferee === NONE, "raft: only a leader transfers");
    assert(leads || this.uncommittedBytes === 0, "raft: only a leader counts its uncommitted entries");
    assert(this.state !== "StateCandidate" || this.vote === this.id, "raft: a candidate votes for itself");
    assert(this.log.lastTerm() <= this.term, "raft: no entry of a future term");
    if (!leads) return;
    const own = this.tracker.progressOf(this.id);
    assert(own === undefined || own.match <= this.log.lastIndex(), "raft: own progress within the log");
  }
}

/** Most queues hold one message: a literal has room for that, where `push` on an empty array reserves room for seventeen. */
function queued(queue: Message[], message: Message): Message[] {
  if (queue.length === 0) return [message];
  queue.push(message);
  return queue;
}

function isTransfer(message: Message): boolean {
  const { context } = message;
  return context !== undefined && context.length > 0 && Buffer.compare(context, CAMPAIGN_TRANSFER) === 0;
}

function comesFromLeader(type: MessageType): boolean {
  return type === MessageType.App || type === MessageType.Heartbeat || type === MessageType.Snap;
}

function hex(id: bigint): string {
  return id.toString(16);
}
