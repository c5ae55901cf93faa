/**
 * What a member counts while it works: plain numbers, incremented where things happen and read when somebody asks for the metrics.
 * Exact: every event is counted once, where the original counts it.
 *
 * The core keeps no clock: durations come from the host's, through {@link ServerMetrics.clockMs}, which in a simulation stands still
 * within a step.
 */

import { APPLY_SECONDS, DISK_SECONDS, exponentialBounds, Histogram } from "./histogram.ts";
import { OperationTable } from "./operation-times.ts";

/** Requests of clients of one API version. */
export interface RequestCounter {
  readonly version: string;
  unary: number;
  stream: number;
}

/** What passed between this member and another. */
export class PeerMetrics {
  readonly id: bigint;
  active = false;
  disconnects = 0;
  sentBytes = 0;
  receivedBytes = 0;
  sentFailures = 0;
  receivedFailures = 0;
  roundTrip: Histogram | undefined;
  readonly sentSnapshots = new SnapshotTransfers();
  readonly receivedSnapshots = new SnapshotTransfers();

  constructor(id: bigint) {
    this.id = id;
  }

  observeRoundTrip(seconds: number): void {
    this.roundTrip ??= new Histogram(exponentialBounds(0.0001, 2, 16));
    this.roundTrip.observe(seconds);
  }
}

export class SnapshotTransfers {
  inflight = 0;
  successes = 0;
  failures = 0;
  readonly seconds = new Histogram(exponentialBounds(0.1, 2, 10));

  get any(): boolean {
    return this.inflight + this.successes + this.failures > 0;
  }
}

/** Types of requests that are no entries of the log, beside the fields of InternalRaftRequest. */
export const READ_RANGE = 2046;
export const READ_TXN = 2047;

/** Clients name their version as they like: more names than this count as unknown. */
const API_VERSIONS_MAX = 100;

export class ServerMetrics {
  /** Monotonic, for durations; the host sets its own. */
  clockMs: () => number = () => 0;
  /** Wall clock, seconds. */
  unixSeconds: () => number = () => 0;

  /** Time in the apply chain, by field of InternalRaftRequest. */
  readonly applies = new OperationTable(APPLY_SECONDS);
  /** From the proposal of a request, or the arrival of a read, to its end. */
  readonly requests = new OperationTable(DISK_SECONDS);
  readonly ranges = new Histogram(APPLY_SECONDS);
  readonly failedRanges = new Histogram(APPLY_SECONDS);
  /** Ranges answered in the call that brought them: no time to speak of. */
  instantRanges = 0;

  private applyBegunAtMs = 0;
  leaderChanges = 0;
  proposalsFailed = 0;
  readIndexesFailed = 0;
  slowReadIndexes = 0;
  heartbeatSendFailures = 0;
  snapshotAppliesUnderWay = 0;
  learnerPromotions = 0;
  readonly learnerPromotionFailures = new Map<string, number>();
  /** Of streams that ended for the transport's sake; keys `receive watch`, `send lease-keepalive`, ... */
  readonly streamFailures = new Map<string, number>();

  leasesGranted = 0;
  leasesRevoked = 0;
  leasesRenewed = 0;
  leasesExpired = 0;
  readonly leaseTtl = new Histogram(exponentialBounds(1, 2, 24));

  readonly hashRevision = new Histogram(exponentialBounds(0.01, 2, 15));
  readonly hashWhole = new Histogram(exponentialBounds(0.01, 2, 15));
  readonly compactionPauseMs = new Histogram(exponentialBounds(1, 2, 13));
  readonly compactionTotalMs = new Histogram(exponentialBounds(100, 2, 14));
  readonly indexCompactionPauseMs = new Histogram(exponentialBounds(0.5, 2, 14));
  /** Wall clock of the last compaction's beginning, seconds. */
  lastCompaction = 0;

  readonly walFsync = new Histogram(DISK_SECONDS);
  readonly walWrite = new Histogram(DISK_SECONDS);
  walBytes = 0;
  readonly commit = new Histogram(DISK_SECONDS);
  readonly commitWrite = new Histogram(DISK_SECONDS);
  readonly commitSpill = new Histogram(DISK_SECONDS);
  readonly commitRebalance = new Histogram(DISK_SECONDS);
  readonly defragmentation = new Histogram(exponentialBounds(0.1, 2, 13));
  defragmentationsUnderWay = 0;
  readonly databaseSnapshot = new Histogram(exponentialBounds(0.01, 2, 17));
  readonly snapSave = new Histogram(DISK_SECONDS);
  readonly snapMarshal = new Histogram(DISK_SECONDS);
  readonly snapFsync = new Histogram(DISK_SECONDS);
  readonly receivedSnapFsync = new Histogram(DISK_SECONDS);
  readonly receivedSnapSave = new Histogram(exponentialBounds(0.1, 2, 10));

  readonly watchResponse = new Histogram(DISK_SECONDS);
  readonly watchResponsePerEvent = new Histogram(DISK_SECONDS);
  readonly watchControl = new Histogram(DISK_SECONDS);
  readonly watchProgress = new Histogram(DISK_SECONDS);

  readonly requestCounters: RequestCounter[] = [{ version: "unknown", unary: 0, stream: 0 }];
  readonly peers = new Map<bigint, PeerMetrics>();
  /** Of the auth store; 1 while nobody has ever changed it. */
  authRevision: () => number = () => 1;
  readonly knownClusterVersions = new Set<string>();

  requestCounter(version: string): RequestCounter {
    let counter = this.requestCounters.find((it) => it.version === version);
    if (counter === undefined && this.requestCounters.length >= API_VERSIONS_MAX) {
      return this.requestCounter("unknown");
    }
    if (counter === undefined) {
      counter = { version, unary: 0, stream: 0 };
      this.requestCounters.push(counter);
    }
    return counter;
  }

  peer(id: bigint): PeerMetrics {
    let peer = this.peers.get(id);
    if (peer === undefined) {
      peer = new PeerMetrics(id);
      this.peers.set(id, peer);
    }
    return peer;
  }

  countStreamFailure(type: "receive" | "send", api: "watch" | "lease-keepalive"): void {
    const key = `${type} ${api}`;
    this.streamFailures.set(key, (this.streamFailures.get(key) ?? 0) + 1);
  }

  /** A range has its answer, or an error. */
  countRange(seconds: number, success: boolean): void {
    (success ? this.ranges : this.failedRanges).observe(seconds);
    this.requests.observe(READ_RANGE, success, seconds);
  }

  /** The same of a range or of a txn that only reads. */
  countRead(kind: number, seconds: number, success: boolean): void {
    if (kind === READ_RANGE) this.countRange(seconds, success);
    else this.requests.observe(kind, success, seconds);
  }

  /** A proposal of this member has been applied; how it ended is another matter. */
  countRequest(field: number, proposedAtMs: number): void {
    this.requests.observe(field, true, Math.max(this.applyBegunAtMs - proposedAtMs, 0) / 1000);
  }

  grantLease(ttlSeconds: number): void {
    this.leasesGranted++;
    this.leaseTtl.observe(ttlSeconds);
  }

  beginApplies(): void {
    this.applyBegunAtMs = this.clockMs();
  }

  /** Milliseconds since they began. */
  endApplies(): number {
    const elapsedMs = this.clockMs() - this.applyBegunAtMs;
    this.applies.endTurn(elapsedMs / 1000);
    return elapsedMs;
  }
}
