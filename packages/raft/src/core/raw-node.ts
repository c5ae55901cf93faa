/**
 * The door to raft for whoever drives it: calls go in, a {@link Ready} comes out, and the two kinds of bookkeeping between them.
 *
 *     loop: tick / step / propose ... ; while (hasReady()) { handle(ready()); advance() }          synchronous
 *     loop: tick / step / propose ... ; while (hasReady()) handle(ready().messages)                asynchronous storage writes
 *
 * Asynchronous: a MsgStorageAppend is written in the order of their coming, and when it is on the disk each of its `responses` is
 * sent (or stepped, when it is to this node); the same with MsgStorageApply once the entries are applied. A restart begins from
 * storage, which must hold all that was acknowledged so.
 */

import { assert } from "@etcd-ts/base";
import {
  type ConfChange,
  ConfChangeType,
  type ConfChangeV2,
  type ConfState,
  EMPTY_HARD_STATE,
  Entry,
  EntryType,
  encodeConfChange,
  encodeConfChangeV2,
  type HardState,
  isEmptyHardState,
  Message,
  MessageType,
} from "@etcd-ts/proto";
import { asConfChangeV2 } from "../confchange/changer.ts";
import { encodedSizeOf } from "../log/entry-size.ts";
import { confStateOf } from "../tracker/configuration.ts";
import { checkConfig, type RaftConfig } from "./config.ts";
import { campaignAfterTimeout } from "./elections.ts";
import { applyConfChange } from "./membership.ts";
import {
  isLocalMessage,
  isLocalTarget,
  isResponseMessage,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  NONE,
} from "./message-kinds.ts";
import { Raft, type ReadState } from "./raft.ts";
import type { Ready, SoftState, Status } from "./ready.ts";
import { type Refusal, STEP_LOCAL_MESSAGE, STEP_PEER_NOT_FOUND } from "./refusal.ts";

/** A first member of a new cluster. */
export interface Peer {
  readonly id: bigint;
  readonly context: Uint8Array | undefined;
}

const NO_ENTRIES: readonly Entry[] = Object.freeze([]);
const NO_READS: readonly ReadState[] = Object.freeze([]);

export class RawNode {
  /** For inspection. */
  readonly raft: Raft;
  private readonly asynchronous: boolean;
  private previousSoftState: SoftState;
  private previousHardState: HardState;
  /** What `advance` delivers to this node itself. */
  private stepsOnAdvance: Message[] = [];

  constructor(config: RaftConfig) {
    const checked = checkConfig(config);
    this.raft = new Raft(checked);
    this.asynchronous = checked.asyncStorageWrites;
    this.previousSoftState = this.softState();
    this.previousHardState = this.hardState();
  }

  // ----------------------------------------------------------------------------------------------------------- input

  tick(): void {
    this.raft.tick();
  }

  campaign(): void {
    campaignAfterTimeout(this.raft);
  }

  /** Proposes one entry. `decoded` stays with the entry on this node if it leads: see {@link Entry}. */
  propose(data: Uint8Array, decoded?: unknown): Refusal | undefined {
    return this.proposeEntries([new Entry(EntryType.Normal, 0, 0, data, decoded)]);
  }

  /** Proposes many entries as one append: all or none. Entries and array belong to raft from here on, unless refused. */
  proposeEntries(entries: readonly Entry[]): Refusal | undefined {
    const message = new Message(MessageType.Prop, NONE, this.raft.id);
    message.entries = entries;
    return this.raft.step(message);
  }

  proposeConfChange(change: ConfChange | ConfChangeV2, decoded?: unknown): Refusal | undefined {
    const message = new Message(MessageType.Prop);
    message.entries = [
      "changes" in change
        ? new Entry(EntryType.ConfChangeV2, 0, 0, encodeConfChangeV2(change), decoded)
        : new Entry(EntryType.ConfChange, 0, 0, encodeConfChange(change), decoded),
    ];
    return this.raft.step(message);
  }

  /** A configuration-change entry was applied. Returns the configuration that holds now. */
  applyConfChange(change: ConfChange | ConfChangeV2): ConfState {
    return applyConfChange(this.raft, asConfChangeV2(change));
  }

  /** Takes in a message from another member, or from a local thread. */
  step(message: Message): Refusal | undefined {
    const { type, from } = message;
    if (!isLocalTarget(from)) {
      if (isLocalMessage(type)) return STEP_LOCAL_MESSAGE;
      if (isResponseMessage(type) && this.raft.tracker.progressOf(from) === undefined)
        return STEP_PEER_NOT_FOUND;
    }
    return this.raft.step(message);
  }

  /** Asks for a linearizable read; a `ReadState` with this context answers, unless the request is lost on its way. */
  readIndex(context: Uint8Array): void {
    const message = new Message(MessageType.ReadIndex);
    message.entries = [new Entry(EntryType.Normal, 0, 0, context)];
    this.raft.step(message);
  }

  /** The last message to `id` could not be sent. */
  reportUnreachable(id: bigint): void {
    this.raft.step(new Message(MessageType.Unreachable, NONE, id));
  }

  /** The snapshot to `id` has been sent, or failed. Required after each MsgSnap: nothing else is sent to `id` until then. */
  reportSnapshot(id: bigint, failed: boolean): void {
    const message = new Message(MessageType.SnapStatus, NONE, id);
    message.reject = failed;
    this.raft.step(message);
  }

  transferLeader(to: bigint): void {
    this.raft.step(new Message(MessageType.TransferLeader, NONE, to));
  }

  /** A follower that knows better may let an election happen before its leader's lease ends. */
  forgetLeader(): void {
    this.raft.step(new Message(MessageType.ForgetLeader));
  }

  /** Starts a new cluster: its members become the first, committed, entries of an empty log. */
  bootstrap(peers: readonly Peer[]): void {
    const { raft } = this;
    assert(peers.length > 0, "raft: must provide at least one peer to bootstrap");
    assert(raft.config.storage.lastIndex() === 0, "raft: can't bootstrap a nonempty storage");
    // All of it is to be written by the first Ready.
    this.previousHardState = EMPTY_HARD_STATE;
    raft.becomeFollower(1, NONE);
    const changes = peers.map(({ id, context }) => ({
      id: 0n,
      type: ConfChangeType.AddNode,
      nodeId: id,
      context,
    }));
    raft.log.append(changes.map((it, i) => new Entry(EntryType.ConfChange, 1, i + 1, encodeConfChange(it))));
    raft.log.committed = changes.length;
    for (const change of changes) this.applyConfChange(change);
  }

  // ---------------------------------------------------------------------------------------------------------- output

  hasReady(): boolean {
    const { raft } = this;
    const { log } = raft;
    return (
      raft.messages.length > 0 ||
      raft.messagesAfterAppend.length > 0 ||
      log.unstable.hasNextEntries() ||
      log.hasNextCommitted(!this.asynchronous) ||
      log.unstable.nextSnapshot() !== undefined ||
      raft.readStates.length > 0 ||
      this.softStateChanged() ||
      this.hardStateChanged()
    );
  }

  /** What there is to do; raft counts it as handed out from here on. */
  ready(): Ready {
    const { raft } = this;
    const { log } = raft;
    const { unstable } = log;
    const previous = this.previousHardState;
    const entries = unstable.hasNextEntries() ? unstable.nextEntries() : NO_ENTRIES;
    const committedEntries = log.hasNextCommitted(!this.asynchronous)
      ? log.nextCommitted(!this.asynchronous)
      : NO_ENTRIES;
    const work = {
      softState: this.softStateChanged() ? this.softState() : undefined,
      hardState: this.hardStateChanged() ? this.hardState() : EMPTY_HARD_STATE,
      readStates: raft.readStates.length > 0 ? raft.readStates : NO_READS,
      entries,
      snapshot: unstable.nextSnapshot(),
      committedEntries,
      messages: raft.messages,
      mustSync: entries.length > 0 || raft.vote !== previous.vote || raft.term !== previous.term,
    };
    if (this.asynchronous) this.addStorageMessages(work);
    else this.planAdvance(work);
    this.accept(work);
    return work;
  }

  /** The last Ready was handled: written, and its committed entries applied. Synchronous mode only. */
  advance(): void {
    assert(!this.asynchronous, "raft: advance is not for asynchronous storage writes");
    const steps = this.stepsOnAdvance;
    this.stepsOnAdvance = [];
    for (const message of steps) this.raft.step(message);
  }

  private accept(ready: Ready): void {
    const { raft } = this;
    if (ready.softState !== undefined) this.previousSoftState = ready.softState;
    if (!isEmptyHardState(ready.hardState)) this.previousHardState = ready.hardState;
    if (raft.readStates.length > 0) raft.readStates = [];
    raft.messages = [];
    if (raft.messagesAfterAppend.length > 0) raft.messagesAfterAppend = [];
    raft.log.unstable.acceptInProgress();
    const { committedEntries } = ready;
    if (committedEntries.length === 0) return;
    const last = committedEntries[committedEntries.length - 1]!.index;
    raft.log.acceptApplying(last, encodedSizeOf(committedEntries), !this.asynchronous);
  }

  // ---------------------------------------------------------------------------------------------- synchronous writing

  private planAdvance(work: {
    snapshot: Ready["snapshot"];
    committedEntries: readonly Entry[];
    messages: Message[];
  }): void {
    const { raft } = this;
    assert(this.stepsOnAdvance.length === 0, "raft: ready twice without advance");
    for (const message of raft.messagesAfterAppend) {
      (message.to === raft.id ? this.stepsOnAdvance : work.messages).push(message);
    }
    if (this.needsAppendResponse(work.snapshot)) this.stepsOnAdvance.push(this.appendResponse(work.snapshot));
    if (work.committedEntries.length > 0) this.stepsOnAdvance.push(this.applyResponse(work.committedEntries));
  }

  // --------------------------------------------------------------------------------------------- asynchronous writing

  private addStorageMessages(work: Ready & { messages: Message[] }): void {
    const { raft } = this;
    const writesState = !isEmptyHardState(work.hardState);
    if (
      work.entries.length > 0 ||
      writesState ||
      work.snapshot !== undefined ||
      raft.messagesAfterAppend.length > 0
    ) {
      work.messages.push(this.storageAppend(work));
    }
    if (work.committedEntries.length > 0) work.messages.push(this.storageApply(work.committedEntries));
  }

  private storageAppend(ready: Ready): Message {
    const { raft } = this;
    const message = new Message(MessageType.StorageAppend, LOCAL_APPEND_THREAD, raft.id);
    message.entries = ready.entries;
    message.term = ready.hardState.term;
    message.vote = ready.hardState.vote;
    message.commit = ready.hardState.commit;
    message.snapshot = ready.snapshot;
    const responses = raft.messagesAfterAppend;
    if (this.needsAppendResponse(ready.snapshot)) responses.push(this.appendResponse(ready.snapshot));
    if (responses.length > 0) message.responses = responses;
    return message;
  }

  private storageApply(entries: readonly Entry[]): Message {
    const message = new Message(MessageType.StorageApply, LOCAL_APPLY_THREAD, this.raft.id);
    message.entries = entries;
    message.responses = [this.applyResponse(entries)];
    return message;
  }

  private needsAppendResponse(snapshot: Ready["snapshot"]): boolean {
    return this.raft.log.unstable.entries.length > 0 || snapshot !== undefined;
  }

  /**
   * "The log up to its present end is stable": sent with each write while anything is unstable, for an answer that came late, in
   * another term, was ignored.
   */
  private appendResponse(snapshot: Ready["snapshot"]): Message {
    const { raft } = this;
    const message = new Message(MessageType.StorageAppendResp, raft.id, LOCAL_APPEND_THREAD);
    message.term = raft.term;
    if (raft.log.unstable.entries.length > 0) {
      message.index = raft.log.lastIndex();
      message.logTerm = raft.log.lastTerm();
    }
    message.snapshot = snapshot;
    return message;
  }

  private applyResponse(entries: readonly Entry[]): Message {
    const message = new Message(MessageType.StorageApplyResp, this.raft.id, LOCAL_APPLY_THREAD);
    message.entries = entries;
    return message;
  }

  // ------------------------------------------------------------------------------------------------------- inspection

  softState(): SoftState {
    return { lead: this.raft.lead, state: this.raft.state };
  }

  hardState(): HardState {
    return { term: this.raft.term, vote: this.raft.vote, commit: this.raft.log.committed };
  }

  status(): Status {
    const { raft } = this;
    return {
      id: raft.id,
      softState: this.softState(),
      hardState: this.hardState(),
      applied: raft.log.applied,
      leadTransferee: raft.leadTransferee,
      confState: confStateOf(raft.tracker.config),
      progress: raft.state === "StateLeader" ? raft.tracker.ordered.map((it) => it.clone()) : [],
    };
  }

  describe(): string {
    return this.raft.describe();
  }

  invariants(): void {
    this.raft.invariants();
  }

  private softStateChanged(): boolean {
    const { lead, state } = this.previousSoftState;
    return this.raft.lead !== lead || this.raft.state !== state;
  }

  /** Never to the empty state: there is nothing to write in that. */
  private hardStateChanged(): boolean {
    const { term, vote, commit } = this.previousHardState;
    const { raft } = this;
    if (raft.term === term && raft.vote === vote && raft.log.committed === commit) return false;
    return raft.term !== 0 || raft.vote !== NONE || raft.log.committed !== 0;
  }
}
