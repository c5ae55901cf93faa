/**
 * The real host of a member: it gives it time, disk and turns, and carries out its effects.
 *
 * A turn of the event loop is the unit of batching. Requests are stepped as they arrive; when the loop has read all its sockets,
 * the engine calls {@link MemberHost.endTurn}: one append of the log, one apply, then one write a socket.
 */

import type { LogAppend, Member, MemberEvent, SnapshotOrder } from "@etcd-ts/server";
import type { CommitReport, MoveReport, PageFetch, PageNode, WalListener, WalWriter } from "@etcd-ts/storage";
import { CheckpointFile, type CheckpointPlace } from "./checkpoint-file.ts";
import type { DatabaseListener, DatabaseThreads } from "./database.ts";
import { StorageOrders } from "./storage-orders.ts";
import { warmValues } from "./warm-values.ts";

/** A sync of the log that takes longer is told. */
const SLOW_SYNC_MS = 1000;

export interface MemberHostOptions {
  readonly heartbeatMs: number;
}

export interface HostPorts {
  readonly wal: WalWriter;
  readonly database: DatabaseThreads;
  readonly checkpoint: CheckpointPlace;
  /** Writes the `.snap` file; resolves when it is durable. */
  saveSnapshot(order: SnapshotOrder): Promise<void>;
  /** The member cannot go on. */
  onFatal(error: Error): void;
  /** Monotonic, milliseconds. */
  nowMs(): number;
}

export class MemberHost implements WalListener, DatabaseListener {
  private readonly member: Member;
  private readonly options: MemberHostOptions;
  private ports!: HostPorts;
  private orders!: StorageOrders;
  private checkpoint!: CheckpointFile;
  /** Appends that the log has taken: the member's number of each, and the log's. */
  private readonly appended: {
    readonly sequence: number;
    readonly number: number;
    readonly snapshotIndex: number;
  }[] = [];
  private committingSinceMs = 0;
  private lastNumber = 0;
  private ticker: NodeJS.Timeout | undefined;
  private wakeTimer: NodeJS.Timeout | undefined;
  private wakeAtMs = Number.POSITIVE_INFINITY;
  private turnIsDue = false;
  /** Pages have been asked for in this turn. */
  private hasFetched = false;
  private stopped = false;
  private readonly published: Promise<void>;
  private tellPublished: (() => void) | undefined;
  private tellCommitted: (() => void) | undefined;

  constructor(member: Member, options: MemberHostOptions) {
    this.member = member;
    this.options = options;
    this.published = new Promise((resolve) => {
      this.tellPublished = resolve;
    });
  }

  /** Resolves when the cluster knows the member: clients may be served. */
  whenPublished(): Promise<void> {
    return this.published;
  }

  start(ports: HostPorts): void {
    this.ports = ports;
    this.orders = new StorageOrders(ports.database, this.tell);
    this.checkpoint = new CheckpointFile(ports.checkpoint, this.tell);
    this.member.metrics.clockMs = ports.nowMs;
    this.member.metrics.unixSeconds = () => Date.now() / 1000;
    this.ticker = setInterval(() => this.onTick(), this.options.heartbeatMs);
    this.onTick();
  }

  /** All that arrived in this turn has been stepped. */
  endTurn = (): void => {
    if (this.stopped) return;
    this.turnIsDue = false;
    this.member.step({ kind: "turn-end", nowMs: this.ports.nowMs() });
    this.carryOut();
  };

  /** For requests that do not come through the engine. */
  expectTurnEnd(): void {
    if (this.turnIsDue) return;
    this.turnIsDue = true;
    setImmediate(this.endTurn);
  }

  onSynced(upTo: number): void {
    const { appended } = this;
    let sequence = 0;
    while (appended.length > 0 && appended[0]!.number <= upTo) {
      const done = appended.shift()!;
      sequence = done.sequence;
      if (done.snapshotIndex > 0) this.ports.wal.release(done.snapshotIndex);
    }
    if (sequence === 0) return;
    this.member.step({ kind: "log-synced", sequence, nowMs: this.ports.nowMs() });
    this.carryOut();
  }

  onWritten(writeMs: number, syncMs: number): void {
    const { metrics, lines } = this.member;
    if (writeMs > 0) metrics.walWrite.observe(writeMs / 1000);
    if (syncMs > 0) metrics.walFsync.observe(syncMs / 1000);
    if (syncMs > SLOW_SYNC_MS) lines.slowSync(syncMs, SLOW_SYNC_MS);
  }

  onCommitted(report: CommitReport): void {
    this.observeCommit(report);
    this.member.step({ kind: "committed", report, nowMs: this.ports.nowMs() });
    this.carryOut();
    this.tellCommitted?.();
  }

  private observeCommit({ times }: CommitReport): void {
    const { metrics } = this.member;
    metrics.commit.observe((this.ports.nowMs() - this.committingSinceMs) / 1000);
    if (times === undefined) return;
    metrics.commitRebalance.observe(times.takeMs / 1000);
    metrics.commitSpill.observe(times.treesMs / 1000);
    metrics.commitWrite.observe(times.writeMs / 1000);
  }

  onMoved(report: MoveReport): void {
    this.tell({ kind: "moved", report });
  }

  onPages(fetch: number, nodes: readonly PageNode[]): void {
    this.member.step({ kind: "pages", fetch, nodes, nowMs: this.ports.nowMs() });
    this.carryOut();
  }

  private readonly tell = (event: MemberEvent): void => {
    if (this.stopped) return;
    this.member.step(event);
    this.carryOut();
  };

  onFailure(error: Error): void {
    if (!this.stopped) this.ports.onFatal(error);
  }

  /** After a start from a checkpoint: brings the values into memory, in the background. */
  warmValues(): void {
    const { backend, store } = this.member;
    const { reader, opened } = this.ports.database;
    warmValues(reader, backend.pinCommitted(), opened, store, () => this.stopped).catch((error: Error) =>
      this.onFailure(error),
    );
  }

  /** Tells all who wait, leaves log and database as a restart likes them, and closes both. */
  async stop(): Promise<void> {
    clearInterval(this.ticker);
    clearTimeout(this.wakeTimer);
    this.member.stop();
    this.carryOut();
    this.stopped = true;
    const walClosed = new Promise<void>((resolve) => this.ports.wal.close(resolve));
    await Promise.all([walClosed, this.saveLastCheckpoint()]);
    await this.ports.database.close();
  }

  /** What a start would have to read again is put into a checkpoint. The last batch is under way, or one before it. */
  private async saveLastCheckpoint(): Promise<void> {
    const { backend, checkpoints } = this.member;
    const last = checkpoints.atStop();
    if (last === undefined) return;
    await this.checkpoint.save(last, async () => {
      while (backend.committedIndex < last.consistentIndex) await this.nextCommit();
      return backend.pinCommitted();
    });
  }

  private nextCommit(): Promise<void> {
    const batch = this.member.backend.takeBatch(true);
    if (batch !== undefined) this.ports.database.commit(batch);
    return new Promise((resolve) => {
      this.tellCommitted = resolve;
    });
  }

  private onTick(): void {
    this.member.step({ kind: "tick", nowMs: this.ports.nowMs() });
    this.carryOut();
  }

  private carryOut(): void {
    if (this.stopped) return;
    const { effects } = this.member;
    for (const append of effects.appends) this.append(append);
    effects.appends.length = 0;
    // One member: nobody to send to.
    effects.messages.length = 0;
    if (effects.commit !== undefined) {
      this.committingSinceMs = this.ports.nowMs();
      this.ports.database.commit(effects.commit);
    }
    if (effects.fetch !== undefined) this.fetch(effects.fetch);
    if (effects.snapshot !== undefined) this.saveSnapshot(effects.snapshot);
    effects.commit = undefined;
    effects.fetch = undefined;
    effects.snapshot = undefined;
    // What answers at once adds orders behind.
    for (let order = effects.orders.shift(); order !== undefined; order = effects.orders.shift())
      this.orders.carryOut(order);
    for (const order of effects.checkpointOrders.splice(0)) this.checkpoint.carryOut(order);
    if (effects.again) this.expectTurnEnd();
    effects.again = false;
    this.wakeAt(effects.wakeAtMs);
    this.member.store.reclaim();
    if (this.tellPublished !== undefined && this.member.isPublished) {
      this.tellPublished();
      this.tellPublished = undefined;
    }
  }

  /** One fetch a turn: pages come so quickly that asking again at once would go on and on within the turn. */
  private fetch(fetch: PageFetch): void {
    if (this.hasFetched) {
      setImmediate(() => {
        if (!this.stopped) this.fetch(fetch);
      });
      return;
    }
    this.hasFetched = true;
    setImmediate(() => {
      this.hasFetched = false;
    });
    this.ports.database.fetch(fetch);
  }

  private append(append: LogAppend): void {
    const { batch } = this.ports.wal;
    const before = batch.length;
    batch.addEntries(append.entries);
    if (append.hardState !== undefined) batch.addHardState(append.hardState);
    if (append.snapshot !== undefined) batch.addSnapshot(append.snapshot);
    this.member.metrics.walBytes += batch.length - before;
    if (batch.length > before) this.lastNumber = this.ports.wal.append();
    const snapshotIndex = append.snapshot?.index ?? 0;
    this.appended.push({ sequence: append.sequence, number: this.lastNumber, snapshotIndex });
    // Nothing to write: it is durable when all before it is.
    if (batch.length === before && this.ports.wal.synced >= this.lastNumber) {
      setImmediate(() => this.onSynced(this.lastNumber));
    }
  }

  private saveSnapshot(order: SnapshotOrder): void {
    this.ports.saveSnapshot(order).then(
      () => {
        this.member.step({ kind: "snapshot-saved", index: order.index });
        this.carryOut();
      },
      (error: Error) => this.onFailure(error),
    );
  }

  private wakeAt(atMs: number): void {
    if (atMs === this.wakeAtMs) return;
    clearTimeout(this.wakeTimer);
    this.wakeAtMs = atMs;
    if (atMs === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(Math.ceil(atMs - this.ports.nowMs()), 1), 60_000);
    this.wakeTimer = setTimeout(() => {
      this.wakeAtMs = Number.POSITIVE_INFINITY;
      this.endTurn();
    }, delayMs);
  }
}
