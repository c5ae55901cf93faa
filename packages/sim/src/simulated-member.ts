/**
 * The simulated host of one member: the real state machine, the real log and the real database engine, over a disk that forgets
 * and a clock that nobody waits for. It delays what the real host's threads would delay, by chance from the seed.
 *
 * `crash` is a power failure: whatever the disk had not synced may be lost, and everything in memory is.
 */

import { assert, type Random, SeededRandom } from "@etcd-ts/base";
import {
  type CheckpointPace,
  type LogAppend,
  type Member,
  type MemberEvent,
  type MemberLog,
  MemberRestore,
  type Proposal,
  type Read,
  type SnapshotOrder,
  type StorageOrder,
  type TakeOver,
  visitChecked,
} from "@etcd-ts/server";
import {
  type CommitBatch,
  dataDirectory,
  encodeV2Store,
  type FaultyDisk,
  type InlineStorage,
  InlineWalWriter,
  type PageFetch,
  prepareDataDirectory,
  RecordChunk,
  RecordLoader,
  SnapFolder,
} from "@etcd-ts/storage";
import { plantInMember } from "./member-fault.ts";
import type { PlantedBug } from "./planted-bugs.ts";
import type { Cancellable, Scheduler } from "./scheduler.ts";
import { mustBeAlike, readSimulatedCheckpoint, SimulatedCheckpoint } from "./simulated-checkpoint.ts";
import { openSimulatedStorage } from "./simulated-storage.ts";

const HEARTBEAT_MS = 100;
const DIRECTORY = dataDirectory("/sim.etcd");
const SNAPSHOTS_MAX = 5;
/** Short, so that what short leases have left is written down too. */
const LEASE_CHECKPOINT_INTERVAL_MS = 700;
/** As often as a short run needs it. */
const CHECKPOINT_PACE: CheckpointPace = {
  keysMin: 1,
  changes: 60,
  changesAtLeisure: 10,
  changesAtStop: 10,
  leisureMs: 1500,
  pauseMsMin: 150,
  pauseMsPerKey: 0,
};

export class SimulatedMember {
  private readonly scheduler: Scheduler;
  private readonly disk: FaultyDisk;
  private readonly random: Random;
  private readonly bug: PlantedBug | undefined;
  private life: Life | undefined;
  /** Starts that took their index from a checkpoint. */
  startsFromCheckpoint = 0;
  /** False: the database may be damaged where nobody but a full read can see it. */
  comparesCheckpoints = true;
  /** How long after a start, or after the last one, a defragmentation is asked for, at most. */
  defragmentationPauseMs = 2000;

  constructor(scheduler: Scheduler, disk: FaultyDisk, random: Random, bug: PlantedBug | undefined) {
    this.scheduler = scheduler;
    this.disk = disk;
    this.random = random;
    this.bug = bug;
  }

  /** Undefined while it is down. */
  get member(): Member | undefined {
    return this.life?.member;
  }

  boot(): void {
    assert(this.life === undefined, "a member is booted when it is down");
    this.life = new Life(this.scheduler, this.disk, this.random, this.bug, this);
    if (this.life.isCold) this.startsFromCheckpoint++;
  }

  crash(): void {
    this.life?.end();
    this.life = undefined;
    this.disk.crash(this.random);
  }

  /** As SIGKILL does it: the process is gone, the disk is not. */
  kill(): void {
    this.life?.end();
    this.life = undefined;
    this.disk.kill();
  }

  /** As SIGTERM does it: everything reaches the disk. */
  stopCleanly(): void {
    this.life?.stopCleanly();
    this.life = undefined;
  }

  propose(proposal: Proposal): void {
    this.life?.handOver((member) => member.propose(proposal));
  }

  read(read: Read): void {
    this.life?.handOver((member) => member.read(read));
  }

  /** Anything else that a service asks of it; it has a turn afterwards. */
  handOver(step: (member: Member) => void): void {
    this.life?.handOver(step);
  }
}

interface FreedPages {
  freed(transaction: number, page: number, pages: number): void;
  giveBack(page: number, pages: number): void;
}

interface LifeOptions {
  readonly comparesCheckpoints: boolean;
  readonly defragmentationPauseMs: number;
}

/** From one boot to the next crash. Whatever it has planned dies with it. */
class Life {
  readonly member: Member;
  /** The index came from a checkpoint: values are not in memory. */
  isCold = false;
  private readonly scheduler: Scheduler;
  private readonly disk: FaultyDisk;
  private readonly random: Random;
  private readonly bug: PlantedBug | undefined;
  private readonly options: LifeOptions;
  private readonly storage: InlineStorage;
  private readonly wal: InlineWalWriter;
  private readonly checkpoint: SimulatedCheckpoint;
  private readonly checkpointWork: (() => void)[] = [];
  private ended = false;
  private isDefragmenting = false;
  private readonly replies: ((nowMs: number) => MemberEvent)[] = [];
  private turnIsPlanned = false;
  private walIsPlanned = false;
  private readonly appended: { readonly sequence: number; readonly number: number }[] = [];
  private lastNumber = 0;
  private posted: CommitBatch | undefined;
  private wakeAtMs = Number.POSITIVE_INFINITY;
  private waking: Cancellable | undefined;

  constructor(
    scheduler: Scheduler,
    disk: FaultyDisk,
    random: Random,
    bug: PlantedBug | undefined,
    options: LifeOptions,
  ) {
    this.scheduler = scheduler;
    this.disk = disk;
    this.random = random;
    this.bug = bug;
    this.options = options;
    prepareDataDirectory(disk, DIRECTORY);
    const { storage, log, takeOver } = openSimulatedStorage(disk, DIRECTORY);
    this.storage = storage;
    this.wal = new InlineWalWriter(log.wal, {
      onSynced: (upTo) => this.onSynced(upTo),
      onFailure: (error) => {
        throw error;
      },
    });
    this.checkpoint = this.checkpointWriter();
    this.member = this.restore(log, takeOver);
    if (this.isCold) this.warmLater();
    if (bug === "snapshot-before-commit") this.neverAwaitCommits();
    plantInMember(bug, this.member);
    this.tick();
    this.defragmentLater();
  }

  end(): void {
    this.ended = true;
  }

  stopCleanly(): void {
    this.member.stop();
    this.carryOut();
    this.wal.close(() => {});
    this.commitAll();
    this.saveLastCheckpoint();
    this.storage.close();
    this.end();
  }

  handOver(step: (member: Member) => void): void {
    step(this.member);
    this.planTurn();
  }

  private restore(log: MemberLog, takeOver: TakeOver): Member {
    const restore = this.begunRestore(log, takeOver, this.random);
    const demand = restore.checkpointDemand(DIRECTORY.database);
    const ready = readSimulatedCheckpoint(this.disk, DIRECTORY.checkpoint, demand, this.bug);
    if (ready === undefined) return this.restoreAll(restore);
    this.isCold = true;
    const member = restore.finish(ready);
    if (this.options.comparesCheckpoints)
      this.compare(member, this.begunRestore(log, takeOver, new SeededRandom(1)));
    return member;
  }

  private compare(member: Member, other: MemberRestore): void {
    mustBeAlike(member, this.restoreAll(other));
  }

  private restoreAll(restore: MemberRestore): Member {
    this.storage.load(this.storage.opened, (chunk) => restore.addRecords(chunk));
    return restore.finish();
  }

  private begunRestore(log: MemberLog, takeOver: TakeOver, random: Random): MemberRestore {
    return new MemberRestore(
      {
        name: "sim",
        clientUrls: ["http://127.0.0.1:2379"],
        startedAtMs: this.scheduler.nowMs,
        heartbeatMs: HEARTBEAT_MS,
        electionMs: 10 * HEARTBEAT_MS,
        preVote: true,
        requestBytesMax: 1_572_864,
        txnOpsMax: 128,
        quotaBackendBytes: 0,
        snapshotEntries: 50,
        learnersMax: 1,
        checkpointPace: CHECKPOINT_PACE,
        applySliceKeys: 4,
        watchProgressIntervalMs: 600_000,
        leaseCheckpointIntervalMs: LEASE_CHECKPOINT_INTERVAL_MS,
        leaseCheckpointsPersist: false,
        downgradeCheckMs: 5000,
        random,
        pageCacheBytesMax: 16 * 1024,
      },
      log,
      this.storage.opened,
      takeOver,
    );
  }

  private tick(): void {
    this.member.step({ kind: "tick", nowMs: this.scheduler.nowMs });
    this.carryOut();
    this.later(HEARTBEAT_MS, () => this.tick());
  }

  private planTurn(): void {
    if (this.turnIsPlanned) return;
    this.turnIsPlanned = true;
    this.later(this.upTo(0.2), () => {
      this.turnIsPlanned = false;
      this.member.step({ kind: "turn-end", nowMs: this.scheduler.nowMs });
      this.carryOut();
    });
  }

  private carryOut(): void {
    const { effects } = this.member;
    for (const append of effects.appends) this.append(append);
    effects.appends.length = 0;
    const batch = effects.commit ?? this.batchInsideEntry();
    effects.commit = undefined;
    if (batch !== undefined) this.commit(batch);
    if (effects.fetch !== undefined) this.fetch(effects.fetch);
    effects.fetch = undefined;
    const order = effects.snapshot;
    effects.snapshot = undefined;
    if (order !== undefined) {
      this.later(this.upTo(20), () => this.saveSnapshot(order));
    }
    for (const order of effects.orders.splice(0)) this.obey(order);
    for (const order of effects.checkpointOrders.splice(0)) this.checkpoint.carryOut(order);
    if (effects.again) this.planTurn();
    effects.again = false;
    this.wakeAt(effects.wakeAtMs);
    this.member.store.reclaim();
  }

  private saveSnapshot({ index, term, confState, members, removed, clusterVersion }: SnapshotOrder): void {
    const data = encodeV2Store({ members, removed, version: clusterVersion });
    const folder = new SnapFolder(this.disk, DIRECTORY.snap);
    folder.save({ data, metadata: { index, term, confState } });
    folder.purge(SNAPSHOTS_MAX);
    this.member.step({ kind: "snapshot-saved", index });
    this.carryOut();
  }

  // ----- the log's thread -------------------------------------------------------------------------------------------

  private append(append: LogAppend): void {
    const { batch } = this.wal;
    batch.addEntries(append.entries);
    if (append.hardState !== undefined) batch.addHardState(append.hardState);
    if (append.snapshot !== undefined) batch.addSnapshot(append.snapshot);
    if (!batch.isEmpty()) this.lastNumber = this.wal.append();
    if (append.snapshot !== undefined) this.wal.release(append.snapshot.index);
    this.appended.push({ sequence: append.sequence, number: this.lastNumber });
    if (this.bug === "answer-before-sync") this.onSynced(this.lastNumber);
    this.planWal();
  }

  private planWal(): void {
    if (this.walIsPlanned) return;
    this.walIsPlanned = true;
    this.later(this.upTo(4), () => {
      this.walIsPlanned = false;
      if (this.wal.hasWork()) this.wal.run();
      else this.onSynced(this.lastNumber);
      if (this.wal.hasWork()) this.planWal();
    });
  }

  private onSynced(upTo: number): void {
    let sequence = 0;
    while (this.appended.length > 0 && this.appended[0]!.number <= upTo)
      sequence = this.appended.shift()!.sequence;
    if (sequence === 0) return;
    // The report takes its time to the loop.
    this.later(this.upTo(1), () => {
      this.member.step({ kind: "log-synced", sequence, nowMs: this.scheduler.nowMs });
      this.carryOut();
    });
  }

  // ----- the database's threads -------------------------------------------------------------------------------------

  private commit(batch: CommitBatch): void {
    const posted =
      this.bug === "early-page-reuse" ? { ...batch, oldestReader: Number.MAX_SAFE_INTEGER } : batch;
    this.posted = posted;
    this.later(this.upTo(30), () => this.commitPosted());
  }

  private commitPosted(): void {
    const { posted } = this;
    // A clean stop has been quicker.
    if (posted === undefined) return;
    this.posted = undefined;
    if (this.bug === "page-reused-at-once") this.reusePagesAtOnce();
    const report = this.storage.commit(posted);
    if (!this.isDefragmenting) this.storage.work();
    this.reply((nowMs) => ({ kind: "committed", report, nowMs }));
  }

  /** All that is applied reaches the database. */
  private commitAll(): void {
    const { backend } = this.member;
    for (;;) {
      this.commitPosted();
      for (const event of this.replies.splice(0)) this.member.step(event(this.scheduler.nowMs));
      if (backend.committedIndex === backend.consistentIndex) return;
      this.posted = this.member.effects.commit ?? backend.takeBatch(true);
      this.member.effects.commit = undefined;
    }
  }

  /** What the commit thread tells arrives in order. */
  private reply(event: (nowMs: number) => MemberEvent): void {
    this.replies.push(event);
    this.later(this.upTo(60), () => {
      this.member.step(this.replies.shift()!(this.scheduler.nowMs));
      this.carryOut();
    });
  }

  private obey(order: StorageOrder): void {
    if (order.kind === "close-file") this.storage.closeFile(order.file);
    else {
      assert(order.kind === "defragment", "nobody in a simulation asks for anything else");
      this.isDefragmenting = true;
      this.storage.committer.defragment();
      this.defragmentSlice(order.job);
    }
  }

  private defragmentSlice(job: number): void {
    this.later(this.upTo(10), () => {
      const end = this.storage.work();
      if (end === undefined) return this.defragmentSlice(job);
      this.isDefragmenting = false;
      if ("moved" in end) this.reply(() => ({ kind: "moved", report: end.moved }));
      const failure = "failure" in end ? end.failure : undefined;
      this.reply(() => ({ kind: "defragmented", job, failure }));
    });
  }

  private defragmentLater(): void {
    this.later(this.upTo(this.options.defragmentationPauseMs), () => {
      this.member.jobs.defragment(() => this.defragmentLater());
      this.planTurn();
    });
  }

  private fetch(fetch: PageFetch): void {
    // Now and then a disk takes long enough for several commits.
    const delayMs = this.random.below(4) === 0 ? this.upTo(800) : this.upTo(40);
    this.later(delayMs, () => {
      const nodes = this.storage.read(fetch);
      this.later(this.upTo(5), () => {
        this.member.step({ kind: "pages", fetch: fetch.id, nodes, nowMs: this.scheduler.nowMs });
        this.carryOut();
      });
    });
  }

  // ----- the checkpoint's threads -----------------------------------------------------------------------------------

  private checkpointWriter(): SimulatedCheckpoint {
    const inTurn = (work: () => void) => {
      this.checkpointWork.push(work);
      this.later(this.upTo(20), () => this.checkpointWork.shift()!());
    };
    return new SimulatedCheckpoint(this.disk, DIRECTORY, this.storage.opened.pageBytes, inTurn, (event) => {
      if (this.ended) return;
      this.member.step(event);
      this.carryOut();
    });
  }

  private saveLastCheckpoint(): void {
    const { backend, checkpoints } = this.member;
    const last = checkpoints.atStop();
    if (last === undefined) return;
    const pinned = backend.pinCommitted();
    this.checkpoint.save(last, pinned);
    pinned.release();
  }

  /** Values come back into memory some time after the start, from the database as it is then. */
  private warmLater(): void {
    this.later(this.upTo(1500), () => {
      const { backend, store } = this.member;
      const pinned = backend.pinCommitted();
      const loader = new RecordLoader(this.storage.fileOf(pinned), pinned);
      const warm = store.warming();
      const warmSlice = (): void => {
        if (loader.isDone) return pinned.release();
        const chunk = new RecordChunk(RecordChunk.memoryFor(loader.nodeBytes));
        loader.fill(chunk);
        this.later(this.upTo(5), () => {
          visitChecked(chunk, warm, this.storage.opened);
          store.reclaim();
          warmSlice();
        });
      };
      warmSlice();
    });
  }

  /** The planted bug: a batch closes whatever is open. */
  private batchInsideEntry(): CommitBatch | undefined {
    if (this.bug !== "batch-inside-entry") return undefined;
    const backend = this.member.backend as unknown as { entryIsOpen: boolean };
    if (!backend.entryIsOpen) return undefined;
    backend.entryIsOpen = false;
    const batch = this.member.backend.takeBatch();
    backend.entryIsOpen = true;
    return batch;
  }

  /** The planted bug: what a commit frees is not pending. */
  private reusePagesAtOnce(): void {
    const { freeList } = (this.storage.committer.database as unknown as { store: { freeList: FreedPages } })
      .store;
    freeList.freed = (_transaction, page, pages) => freeList.giveBack(page, pages);
  }

  /** The planted bug: what waits for the database to be durable does not wait. */
  private neverAwaitCommits(): void {
    const { persistence } = this.member as unknown as {
      persistence: { whenCommitted(index: number, then: () => void): void };
    };
    persistence.whenCommitted = (_index, then) => then();
  }

  // ----- time -------------------------------------------------------------------------------------------------------

  private wakeAt(atMs: number): void {
    if (atMs === this.wakeAtMs) return;
    this.wakeAtMs = atMs;
    this.waking?.cancel();
    if (atMs === Number.POSITIVE_INFINITY) return;
    this.waking = this.later(Math.max(atMs - this.scheduler.nowMs, 0.01), () => {
      this.wakeAtMs = Number.POSITIVE_INFINITY;
      this.member.step({ kind: "wake", nowMs: this.scheduler.nowMs });
      this.carryOut();
    });
  }

  private later(delayMs: number, run: () => void): Cancellable {
    return this.scheduler.after(delayMs, () => {
      if (!this.ended) run();
    });
  }

  private upTo(ms: number): number {
    return (this.random.below(1000) / 1000) * ms + 0.001;
  }
}
