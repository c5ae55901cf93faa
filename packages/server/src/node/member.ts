/**
 * One member, as a state machine: `step(event)`, then the host drains `effects`. Deterministic: the same events give the
 * same effects, in the real host and in the simulated one.
 *
 *     propose ─┐                              ┌─> append ─── log-synced ──┐
 *     read ────┼─ turn-end ─> raft ─ ready ───┼─> messages                ├─> raft ─> apply ─> answers
 *     message ─┘                              └─> fetch ──── pages ───────┘            │
 *                                                            batch ─── committed <─────┘
 *
 * Invariants: an answer leaves only after the log is durable up to its entry (raft hands out only stable entries to apply);
 * entries are applied in order, whole, once; a batch closes only between entries and carries the index of the last.
 *
 * Not responsible for: sockets, files, threads, clocks (the host), what a request means (services, apply chain).
 */

import { SILENT_LOGGER, utf8Bytes } from "@etcd-ts/base";
import {
  type ConfChange,
  type ConfState,
  type Entry,
  ERRORS,
  type LeaseRevokeRequest,
  RaftRequestField,
  type Status,
} from "@etcd-ts/proto";
import type { Logger as RaftLogger, ReadState } from "@etcd-ts/raft";
import type { Backend } from "@etcd-ts/storage";
import type { AlarmStore } from "../alarm/alarm-store.ts";
import { Answers, Headers } from "../apply/answers.ts";
import { Applier, type ApplierContext } from "../apply/applier.ts";
import { effectiveQuota } from "../apply/quota.ts";
import { type OpenWrite, settleWithError } from "../apply/request.ts";
import { statusOfStoreError } from "../apply/store-status.ts";
import { Checkpoints } from "../checkpoint/checkpoints.ts";
import { LeaseKeeper } from "../lease/lease-keeper.ts";
import type { Lessor } from "../lease/lessor.ts";
import { type DatabaseSizes, MemberLines } from "../log/member-lines.ts";
import { raftLines } from "../log/raft-lines.ts";
import type { SlowRequests } from "../log/slow-requests.ts";
import { confStateJson, confStateOf } from "../membership/conf-state.ts";
import type { Membership } from "../membership/membership.ts";
import { ServerMetrics } from "../metrics/server-metrics.ts";
import type { KeyValueStore } from "../mvcc/store-types.ts";
import { LeaderMonitor } from "../rpc/leader-monitor.ts";
import type { MemberStatus, ServedMember } from "../rpc/served-member.ts";
import { WatchHub } from "../watch/watch-hub.ts";
import { AutoCompaction } from "./auto-compaction.ts";
import { Compactions, DEFAULT_COMPACTION_PACE } from "./compactions.ts";
import { encodeProposals, proposalBytes } from "./encode-proposals.ts";
import type { Effects, MemberEvent, SnapshotOrder } from "./events.ts";
import { HeartbeatWatch } from "./heartbeat-watch.ts";
import { LeaderTransfers } from "./leader-transfers.ts";
import type { MemberOptions, MemberParts } from "./member-options.ts";
import { Persistence } from "./persistence.ts";
import type { Proposal } from "./proposal.ts";
import { ProposalQueue } from "./proposal-queue.ts";
import { Publication } from "./publication.ts";
import { RaftDriver, type RaftSink, type RaftStatus } from "./raft-driver.ts";
import type { Read } from "./read.ts";
import { ReadPath } from "./read-path.ts";
import { RequestIds } from "./request-ids.ts";
import { SlicePace } from "./slice-pace.ts";
import { SpaceAlarm } from "./space-alarm.ts";
import { StorageJobs } from "./storage-jobs.ts";
import { StorageLayout } from "./storage-layout.ts";
import { VersionMonitor } from "./version-monitor.ts";

/** Committed and not applied entries above which proposals are refused. */
const APPLY_LAG_MAX = 5000;
/** Bytes applied and not yet durable in the database above which applying stops. */
const OVERLAY_BYTES_MAX = 256 * 1024 * 1024;
/** Entries, and records written by them, that one step applies before others have their turn: at least, at most. */
const APPLY_SLICE_MIN = 64;
const APPLY_SLICE_MAX = 4096;
/** Appends of the log under way above which a turn's proposals wait for the next. */
const APPENDS_UNDER_WAY_MAX = 2;

const META_CONF_STATE = utf8Bytes("confState");

export class Member implements ServedMember, RaftSink, ApplierContext {
  readonly id: bigint;
  readonly store: KeyValueStore;
  readonly lessor: Lessor;
  readonly alarms: AlarmStore;
  readonly membership: Membership;
  readonly backend: Backend;
  readonly headers: Headers;
  readonly answers: Answers;
  readonly requestBytesMax: number;
  readonly txnOpsMax: number;
  readonly learnersMax: number;
  private readonly ranksRevocations: boolean;
  readonly applySliceKeys: number;
  readonly effects: Effects = newEffects();
  readonly lines: MemberLines;
  readonly slow: SlowRequests | undefined;
  readonly raftLog: RaftLogger;
  readonly watches: WatchHub;
  readonly jobs: StorageJobs;
  readonly checkpoints: Checkpoints;
  readonly leaderMonitor: LeaderMonitor;
  readonly metrics = new ServerMetrics();
  /** The host's clock as of the last event that told it. */
  nowMs = 0;

  private readonly options: MemberOptions;
  private readonly quotaBytes: number;
  private readonly requestTimeoutMs: number;
  private readonly electionMs: number;
  private readonly raft: RaftDriver;
  private readonly ids: RequestIds;
  private readonly applier: Applier;
  private readonly applyPace = new SlicePace(APPLY_SLICE_MIN, APPLY_SLICE_MAX);
  private readonly persistence: Persistence;
  private readonly publication: Publication;
  private readonly versions: VersionMonitor;
  private readonly transfers: LeaderTransfers;
  private readonly proposals = new ProposalQueue();
  private readonly reads: ReadPath;
  private readonly compactions: Compactions;
  private readonly heartbeats: HeartbeatWatch;
  private readonly autoCompaction: AutoCompaction;
  /** As it was told last. */
  private leaderSeen = { leader: 0n, term: 0 };
  private readonly spaceAlarm: SpaceAlarm;
  private readonly leases: LeaseKeeper;
  private turnTasks: (() => void)[] = [];
  private applyWaitsForPages = false;
  private readonly layout: StorageLayout;
  /** Leader as of the last turn; 0: none. */
  private lastLeader = 0n;
  /** The term whose first entry this member, as its leader, has applied. */
  private leadsTerm = 0;

  constructor(options: MemberOptions, parts: MemberParts) {
    this.options = options;
    this.id = parts.raft.memberId;
    this.store = parts.store;
    this.lessor = parts.lessor;
    this.alarms = parts.alarms;
    this.membership = parts.membership;
    this.backend = parts.backend;
    const log = options.log ?? SILENT_LOGGER;
    this.slow = options.slow;
    this.lines = new MemberLines(log, this.id, options.clusterId, options.databasePath);
    this.raftLog = raftLines(log);
    this.headers = new Headers(options.clusterId, this.id, this.store);
    this.answers = new Answers(this.store);
    this.requestBytesMax = options.requestBytesMax;
    this.txnOpsMax = options.txnOpsMax;
    this.learnersMax = options.learnersMax;
    this.ranksRevocations = options.ranksRevocations ?? false;
    this.applySliceKeys = options.applySliceKeys;
    this.quotaBytes = effectiveQuota(options.quotaBackendBytes);
    this.electionMs = parts.raft.electionTicks * options.heartbeatMs;
    this.requestTimeoutMs = 5000 + 2 * this.electionMs;
    this.ids = new RequestIds(this.id, options.startedAtMs);
    this.applier = new Applier(this, parts.raft.snapshot.index, parts.raft.snapshot.term);
    this.persistence = new Persistence(
      this.backend,
      options.snapshotEntries,
      parts.raft.snapshot.index,
      parts.snapshotIndexMin,
      options.batchPace,
    );
    this.heartbeats = new HeartbeatWatch(options.heartbeatMs, (to, exceededMs) => {
      this.metrics.heartbeatSendFailures++;
      this.lines.heartbeatLate(to, options.heartbeatMs, exceededMs);
    });
    this.compactions = new Compactions(
      this.store,
      this.persistence,
      this.metrics,
      options.compactionPace ?? DEFAULT_COMPACTION_PACE,
      ({ revision, removed, hash }, tookMs) =>
        this.lines.compacted(revision, tookMs, removed, hash, this.databaseSizes()),
    );
    this.autoCompaction = new AutoCompaction(options.autoCompaction ?? { kind: "off" }, log);
    const propose = (proposal: Proposal) => this.propose(proposal);
    this.spaceAlarm = new SpaceAlarm(this.id, propose);
    this.leases = new LeaseKeeper(this.lessor, propose, () => {
      this.metrics.leasesExpired++;
    });
    this.publication = new Publication({
      memberId: this.id,
      name: options.name,
      clientUrls: options.clientUrls,
    });
    this.layout = new StorageLayout(parts.storageVersion, this.backend, this.persistence, this.lines);
    this.versions = new VersionMonitor(options.downgradeCheckMs, this.lines);
    this.jobs = this.storageJobs();
    this.checkpoints = this.indexCheckpoints();
    if (parts.checkpointTail !== undefined) this.checkpoints.startedFrom(parts.checkpointTail);
    this.transfers = new LeaderTransfers(this.requestTimeoutMs);
    this.raft = new RaftDriver(parts.raft, this);
    this.reads = this.readPath();
    // An earlier run may have ended between the cluster's decision and its own step.
    this.layout.follow(this.membership.version, this.backend.consistentIndex);
    this.leaderMonitor = new LeaderMonitor(this.electionMs);
    this.watches = new WatchHub({
      store: this.store,
      backend: this.backend,
      random: parts.raft.random,
      progressIntervalMs: options.watchProgressIntervalMs,
      requestBytesMax: options.requestBytesMax,
      histograms: this.metrics,
      wake: () => {
        this.effects.again = true;
      },
    });
  }

  // ----- events -----------------------------------------------------------------------------------------------------

  step(event: MemberEvent): void {
    switch (event.kind) {
      case "propose":
        return this.propose(event.proposal);
      case "read":
        return this.read(event.read);
      case "turn-end":
        return this.onTurnEnd(event.nowMs);
      case "tick":
        return this.onTick(event.nowMs);
      case "wake":
        return this.onTurnEnd(event.nowMs);
      case "log-synced":
        this.nowMs = event.nowMs;
        return this.onLogSynced(event.sequence);
      case "committed":
        this.nowMs = event.nowMs;
        this.backend.onCommitted(event.report);
        return this.onDatabaseCommitted();
      case "moved":
        return this.after(() => this.backend.onMoved(event.report));
      case "pages":
        this.nowMs = event.nowMs;
        this.backend.onPages(event.fetch, event.nodes);
        return this.onPages();
      case "hashed":
        return this.after(() => this.jobs.onHash(event.job, event.hash));
      case "snapshot-piece":
        return this.after(() => this.jobs.onPiece(event.job, event.piece));
      case "defragmented":
        return this.after(() => this.jobs.onDefragmented(event.job, event.failure));
      case "snapshot-saved":
        return this.onSnapshotSaved(event.index);
      case "checkpoint-block-written":
        return this.after(() => this.checkpoints.onBlockWritten());
      case "checkpoint-ended":
        return this.after(() => this.checkpoints.onEnd(this.nowMs));
      case "message":
        return this.raft.step(event.message);
    }
  }

  propose(proposal: Proposal): void {
    const lag = this.raft.committedIndex - this.applier.appliedIndex;
    if (lag > APPLY_LAG_MAX && !(this.ranksRevocations && mayRunBehind(proposal, lag))) {
      return settleWithError(proposal, ERRORS.tooManyRequests);
    }
    if (proposalBytes(proposal, this.ids) > this.requestBytesMax) {
      return settleWithError(proposal, ERRORS.requestTooLarge);
    }
    proposal.proposedAtMs = this.nowMs;
    this.proposals.add(proposal);
  }

  read(read: Read): void {
    read.arrivedAtMs = this.nowMs;
    this.reads.add(read);
  }

  resumeRead(read: Read): void {
    this.reads.resume(read);
  }

  atTurnEnd(then: () => void): void {
    this.turnTasks.push(then);
  }

  private onTurnEnd(nowMs: number): void {
    this.nowMs = nowMs;
    this.runTurnTasks();
    this.reads.onTurn();
    this.tendLeases();
    this.proposeQueued();
    this.reads.askRaft(this.nowMs);
    this.pumpAndApply();
  }

  private runTurnTasks(): void {
    const tasks = this.turnTasks;
    this.turnTasks = [];
    for (const run of tasks) run();
  }

  private onTick(nowMs: number): void {
    this.nowMs = nowMs;
    this.raft.tick();
    this.publish();
    this.watchVersions();
    const compaction = this.autoCompaction.takeDue(nowMs, this.isLeader, this.store.currentRevision);
    if (compaction !== undefined) this.propose(compaction);
    this.jobs.onTick(nowMs);
    this.layout.onTick(this.raft.durableAppend);
    this.transfers.onTick(nowMs, this.raft.leader);
    this.expireRequests();
    this.leaderMonitor.onTick(nowMs, this.hasLeader);
    this.onTurnEnd(nowMs);
  }

  private onLogSynced(sequence: number): void {
    this.raft.onSynced(sequence);
    this.proposeQueued();
    this.pumpAndApply();
  }

  private onDatabaseCommitted(): void {
    this.persistence.onCommitted();
    this.pumpAndApply();
  }

  private onPages(): void {
    this.applyWaitsForPages = false;
    this.compactions.waitsForPages = false;
    this.watches.onPages();
    this.reads.onPages();
    this.pumpAndApply();
  }

  /** An order of the jobs is answered; what that leads to is done at once. */
  private after(answer: () => void): void {
    answer();
    this.pumpAndApply();
  }

  private onSnapshotSaved(index: number): void {
    const order = this.persistence.onSnapshotSaved(index);
    if (order !== undefined) this.raft.recordSnapshot(order);
    this.pumpAndApply();
    if (order !== undefined) this.layout.onSnapshotSaved(index, this.raft.lastAppend);
  }

  /** A new member's cluster: applies the first entries of the log, which are committed, before it stands for election. */
  applyFirst(): void {
    this.raft.pump();
    this.apply();
  }

  // ----- proposals and raft -----------------------------------------------------------------------------------------

  private proposeQueued(): void {
    if (this.proposals.queuedCount === 0 || !this.hasLeader) return;
    if (this.raft.appendsUnderWay >= APPENDS_UNDER_WAY_MAX) return;
    const proposals = this.proposals.takeQueued();
    if (this.raft.propose(encodeProposals(proposals, this.ids))) return;
    this.metrics.proposalsFailed += proposals.length;
    for (const proposal of proposals) settleWithError(proposal, ERRORS.proposalDropped);
  }

  /** Everything that raft, the apply chain and the database have to do now. */
  private pumpAndApply(): void {
    this.pumpAndApplyAll();
    this.tellLeader();
  }

  private tellLeader(): void {
    const { leader, term } = this.raft;
    if (leader === this.leaderSeen.leader) return;
    this.lines.leaderChanged(this.leaderSeen, { leader, term });
    this.heartbeats.reset();
    this.leaderSeen = { leader, term };
  }

  private pumpAndApplyAll(): void {
    do {
      this.raft.pump();
      this.campaignAlone();
    } while (this.apply());
    this.publish();
    this.proposals.sweep();
    this.countLeaderChange();
    this.compactions.run(this.nowMs);
    this.checkpoints.run(this.nowMs);
    if (this.watches.onTurn(this.nowMs)) this.effects.again = true;
    this.persist();
    if (this.waitsForPages) this.effects.fetch ??= this.backend.takeMisses();
    if (this.hasWorkForTurn) this.effects.again = true;
    for (const file of this.backend.takeEndedFiles()) this.effects.orders.push({ kind: "close-file", file });
    this.effects.wakeAtMs = this.nextWakeMs();
  }

  private get waitsForPages(): boolean {
    return (
      this.applyWaitsForPages ||
      this.compactions.waitsForPages ||
      this.watches.waitsForPages ||
      this.reads.waitsForPages
    );
  }

  /** Something came up while entries were applied that no event will follow. */
  private get hasWorkForTurn(): boolean {
    if (this.turnTasks.length > 0) return true;
    return (
      this.proposals.queuedCount > 0 && this.hasLeader && this.raft.appendsUnderWay < APPENDS_UNDER_WAY_MAX
    );
  }

  /** As soon as there is a leader: who starts the member waits for it, and finds a new cluster's version decided. */
  private publish(): void {
    const publication = this.publication.takeDue(this.hasLeader);
    if (publication === undefined) return;
    this.propose(publication);
    this.watchVersions();
  }

  private watchVersions(): void {
    if (!this.isLeader) return;
    for (const proposal of this.versions.takeDue(this.nowMs, this.membership)) this.propose(proposal);
  }

  /** The only voter need not wait for a time-out: it stands for election as soon as its log is applied. */
  private campaignAlone(): void {
    if (this.hasLeader || !this.raft.isFollower || !this.isOnlyVoter) return;
    if (this.applier.appliedIndex < this.raft.committedIndex) return;
    this.raft.campaign();
    this.raft.pump();
  }

  private countLeaderChange(): void {
    const { leader } = this.raft;
    if (leader === this.lastLeader) return;
    if (leader !== 0n) this.metrics.leaderChanges++;
    this.lastLeader = leader;
  }

  /** Applies a slice. True when raft may have more to hand out because of it. */
  private apply(): boolean {
    if (this.applier.pending === 0 || this.applyWaitsForPages) return false;
    if (this.backend.overlayBytes > OVERLAY_BYTES_MAX) return false;
    const before = this.applier.appliedIndex;
    this.metrics.beginApplies();
    const progress = this.applier.run(this.applyPace.size);
    this.applyPace.learn(this.metrics.endApplies(), progress === "more");
    this.applyWaitsForPages = progress === "miss";
    if (progress === "more") this.effects.again = true;
    if (this.applier.appliedIndex === before) return false;
    this.raft.onApplied(this.applier.appliedIndex);
    this.raft.trimLog(this.applier.appliedIndex, this.membership.size === 1, this.confState);
    this.reads.onApplied();
    return progress === "idle";
  }

  onCommittedEntries(entries: readonly Entry[]): void {
    this.applier.push(entries);
    this.persistence.countEntries(entries);
  }

  // ----- reads ------------------------------------------------------------------------------------------------------

  private readPath(): ReadPath {
    const member = this;
    return new ReadPath({
      get appliedIndex() {
        return member.applier.appliedIndex;
      },
      get isBarrierPassed() {
        return member.isReadBarrierPassed;
      },
      get mayAskRaft() {
        // Raft lets a leader that is the only voter read at once, even before it knows what its own log has committed.
        return member.isLeader ? member.leadsTerm === member.raft.term : member.hasLeader;
      },
      readIndex: (context) => this.raft.readIndex(context),
      wake: () => {
        this.effects.again = true;
      },
    });
  }

  /**
   * Nobody else can lead, and all that was acknowledged is applied: the barrier is passed by standing here. A member that is quite alone
   * acknowledges only what it has applied itself, so that reads need not wait for a large write that is being applied; a
   * learner may have become a voter, and have acknowledged, by an entry that this member has yet to apply.
   */
  private get isReadBarrierPassed(): boolean {
    if (!this.isOnlyVoter || this.leadsTerm !== this.raft.term) return false;
    return this.membership.size === 1 || this.applier.appliedIndex >= this.raft.committedIndex;
  }

  onReadState(state: ReadState): void {
    this.reads.onReadState(state);
  }

  onHeartbeat(to: bigint): void {
    this.heartbeats.onSent(to, this.nowMs);
  }

  // ----- the apply chain's context ----------------------------------------------------------------------------------

  hasRoomFor(cost: number): boolean {
    return cost === 0 || this.backend.size + cost < this.quotaBytes;
  }

  finishWrite(write: OpenWrite): void {
    const { proposal, task } = write;
    this.metrics.applies.add(write.request.field, task.outcome!.error === undefined);
    if (write.request.field === RaftRequestField.leaseRevoke) {
      this.lessor.remove(leaseIdOf(write));
      this.metrics.leasesRevoked++;
    }
    if (proposal === undefined || proposal.settled) return;
    const outcome = task.outcome!;
    if (outcome.error !== undefined) return settleWithError(proposal, statusOfStoreError(outcome.error));
    if (write.overQuota) return this.raiseNoSpace(() => settleWithError(proposal, ERRORS.noSpace));
    proposal.settled = true;
    const isRevocation = write.request.field === RaftRequestField.leaseRevoke;
    proposal.succeed(isRevocation ? this.answers.header() : outcome.response);
  }

  afterCompactions(then: () => void): void {
    this.compactions.whenFinished(then);
  }

  onCompactionScheduled(): void {
    this.lines.indexCompacted(this.store.compactRevision);
    this.compactions.onScheduled(this.applier.appliedIndex + 1);
  }

  onClusterVersion(version: string): void {
    this.layout.follow(version, this.applier.appliedIndex + 1);
  }

  applyToRaft(change: ConfChange): void {
    const confState = this.raft.applyConfChange(change);
    this.backend.put("meta", META_CONF_STATE, utf8Bytes(confStateJson(confState)));
  }

  onMembershipChanged(): void {}

  onNewTerm(term: number): void {
    this.store.raftTerm = this.raft.term;
    this.reads.onNewTerm();
    if (!this.isLeader || term !== this.raft.term) return;
    this.leadsTerm = term;
    this.lessor.promote(this.nowMs, this.electionMs);
  }

  moveLeader(target: bigint, onEnd: (error: Status | undefined) => void): void {
    const member = this.membership.get(target);
    if (!this.isLeader) return onEnd(ERRORS.notLeader);
    if (member === undefined || member.isLearner) return onEnd(ERRORS.badLeaderTransferee);
    if (target === this.id) return onEnd(undefined);
    this.raft.transferLeader(target);
    this.transfers.add({ target, startedAtMs: this.nowMs, onEnd });
  }

  newLeaseId(): bigint {
    const positive = (1n << 63n) - 1n;
    for (;;) {
      const id = this.ids.whole(this.ids.next()) & positive;
      if (id !== 0n && !this.lessor.exists(id)) return id;
    }
  }

  refuseForSpace(then: () => void): void {
    this.spaceAlarm.raise(then);
  }

  raiseNoSpace(then: () => void): void {
    this.spaceAlarm.raise(then);
  }

  // ----- the database -----------------------------------------------------------------------------------------------

  private persist(): void {
    const applied = this.applier.appliedIndex;
    if (this.persistence.snapshotDue(applied, this.membership.size === 1)) {
      this.persistence.beginSnapshot(this.snapshotOrder(applied), (order) => {
        this.effects.snapshot = order;
      });
    }
    this.effects.commit ??= this.persistence.takeDueBatch(this.nowMs);
  }

  databaseSizes(): DatabaseSizes {
    return { bytes: this.backend.size, bytesInUse: this.backend.sizeInUse };
  }

  private storageJobs(): StorageJobs {
    const member = this;
    return new StorageJobs({
      backend: this.backend,
      orders: this.effects.orders,
      get nowMs() {
        return member.nowMs;
      },
      onSlowSnapshot: (takingMs, bytes) => this.lines.snapshotIsSlow(takingMs, bytes),
      whenAllIsCommitted: (then) => this.persistence.whenAllCommitted(then),
    });
  }

  private indexCheckpoints(): Checkpoints {
    return new Checkpoints({
      clusterId: this.options.clusterId,
      memberId: this.id,
      store: this.store,
      backend: this.backend,
      pace: this.options.checkpointPace,
      order: (order) => this.effects.checkpointOrders.push(order),
      whenCommitted: (index, then) => this.persistence.whenCommitted(index, then),
    });
  }

  private readonly confState = (): ConfState => confStateOf(this.membership.list());

  private snapshotOrder(index: number): SnapshotOrder {
    return {
      index,
      term: this.applier.appliedTerm,
      confState: this.confState(),
      members: this.membership.list(),
      removed: this.membership.removed(),
      clusterVersion: this.membership.version,
    };
  }

  // ----- the clock --------------------------------------------------------------------------------------------------

  private tendLeases(): void {
    if (!this.isLeader || this.leadsTerm !== this.raft.term) return this.lessor.demote();
    if (!this.isApplyFarBehind) this.leases.onTurn(this.nowMs);
  }

  /** Half of what refuses proposals. */
  private get isApplyFarBehind(): boolean {
    return this.raft.committedIndex > this.applier.appliedIndex + APPLY_LAG_MAX / 2;
  }

  private expireRequests(): void {
    const before = this.nowMs - this.requestTimeoutMs;
    for (const proposal of this.proposals.overdue(before)) {
      this.metrics.proposalsFailed++;
      if (proposal.id !== 0)
        this.metrics.requests.observe(proposal.field, false, this.requestTimeoutMs / 1000);
      settleWithError(proposal, proposal.id === 0 ? ERRORS.contextDeadlineExceeded : ERRORS.timeout);
    }
    const overdue = this.reads.takeOverdue(before);
    if (overdue.length > 0) this.metrics.readIndexesFailed++;
    for (const read of overdue) read.fail(ERRORS.timeout);
  }

  private nextWakeMs(): number {
    return Math.min(
      this.checkpoints.wakeAtMs,
      this.compactions.nextWakeMs(),
      this.leases.nextWakeMs(),
      this.watches.nextWakeMs(),
    );
  }

  /** The member stops: whoever waits is told, and the last effects leave the log and the database as a restart likes them. */
  stop(): void {
    this.raft.appendHardState();
    this.effects.commit ??= this.backend.takeBatch(true);
    for (const proposal of this.proposals.takeAll()) settleWithError(proposal, ERRORS.stopped);
    this.reads.failAll(ERRORS.stopped);
  }

  // ----- questions --------------------------------------------------------------------------------------------------

  get isLeader(): boolean {
    return this.raft.isLeader;
  }

  get hasLeader(): boolean {
    return this.raft.leader !== 0n;
  }

  get isLearner(): boolean {
    return this.membership.get(this.id)?.isLearner === true;
  }

  /** Its name and URLs are known to the cluster, and the log is such that anybody can go on with it: clients may be served. */
  get isPublished(): boolean {
    return this.publication.done && this.persistence.snapshotIsRecent;
  }

  get status(): MemberStatus {
    return {
      leader: this.raft.leader,
      term: this.raft.term,
      committedIndex: this.raft.committedIndex,
      appliedIndex: this.applier.appliedIndex,
      databaseBytes: this.backend.size,
      databaseBytesInUse: this.backend.sizeInUse,
      quotaBytes:
        this.quotaBytes === Number.POSITIVE_INFINITY ? this.options.quotaBackendBytes : this.quotaBytes,
      storageVersion: this.layout.version,
    };
  }

  /** Proposals of this member that have no answer yet. */
  get pendingProposals(): number {
    return this.proposals.pendingCount;
  }

  get openDatabaseReaders(): number {
    return this.backend.openReaders;
  }

  /** For debugging: what raft tells of itself. */
  raftStatus(): RaftStatus {
    return this.raft.status();
  }

  private get isOnlyVoter(): boolean {
    const voters = this.membership.voters();
    return voters.length === 1 && voters[0] === this.id;
  }
}

function leaseIdOf(write: OpenWrite): bigint {
  return (write.request.request as LeaseRevokeRequest).id;
}

function newEffects(): Effects {
  return {
    appends: [],
    messages: [],
    commit: undefined,
    fetch: undefined,
    snapshot: undefined,
    orders: [],
    checkpointOrders: [],
    again: false,
    wakeAtMs: Number.POSITIVE_INFINITY,
  };
}

/** What makes room is let through for longer. */
function mayRunBehind(proposal: Proposal, lag: number): boolean {
  return proposal.field === RaftRequestField.leaseRevoke && lag <= 2 * APPLY_LAG_MAX;
}
