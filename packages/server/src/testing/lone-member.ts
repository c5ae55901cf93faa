/** A member for tests: alone, on a disk in memory, whose log is durable at once and whose turns are given by hand. */

import { SeededRandom } from "@etcd-ts/base";
import {
  type Codec,
  createLeaseGrantRequest,
  LeaseGrantRequestCodec,
  RaftRequestField,
  type Status,
} from "@etcd-ts/proto";
import { dataDirectory, FaultyDisk, InlineStorage, LOG_START, prepareDataDirectory } from "@etcd-ts/storage";
import { CHECKPOINT_PACE } from "../checkpoint/checkpoints.ts";
import type { Member } from "../node/member.ts";
import { OwnProposal } from "../node/own-proposal.ts";
import { bootstrapCluster } from "../start/bootstrap.ts";
import { MemberRestore } from "../start/restore-member.ts";

const HEARTBEAT_MS = 100;

/** Its member's slices, in keys. */
export const APPLY_SLICE_KEYS = 10;

export interface Proposed {
  ended: boolean;
  error: Status | undefined;
}

export class LoneMember {
  readonly member: Member;
  private readonly storage: InlineStorage;
  private nowMs = 0;

  constructor() {
    const disk = new FaultyDisk();
    const directory = dataDirectory("/lone.etcd");
    prepareDataDirectory(disk, directory);
    this.storage = InlineStorage.open(disk, directory.database, { sync: true })!;
    const cluster = bootstrapCluster("lone", [{ name: "lone", peerUrls: ["http://127.0.0.1:1"] }], "lone");
    const { clusterId, memberId, hardState, entries } = cluster;
    const restore = new MemberRestore(
      {
        name: "lone",
        clientUrls: [],
        startedAtMs: 0,
        heartbeatMs: HEARTBEAT_MS,
        electionMs: 10 * HEARTBEAT_MS,
        preVote: true,
        requestBytesMax: 1_572_864,
        txnOpsMax: 128,
        quotaBackendBytes: 0,
        snapshotEntries: 10_000,
        learnersMax: 1,
        checkpointPace: CHECKPOINT_PACE,
        applySliceKeys: APPLY_SLICE_KEYS,
        watchProgressIntervalMs: 600_000,
        leaseCheckpointIntervalMs: undefined,
        leaseCheckpointsPersist: false,
        downgradeCheckMs: 0,
        random: new SeededRandom(1),
        pageCacheBytesMax: 1024 * 1024,
      },
      {
        metadata: { nodeId: memberId, clusterId },
        hardState,
        entries: [...entries],
        snapshot: LOG_START,
      },
      this.storage.opened,
      { membership: undefined, snapshotIndex: 0 },
    );
    this.storage.load(this.storage.opened, (chunk) => restore.addRecords(chunk));
    this.member = restore.finish();
    while (!this.member.isPublished) this.pass(HEARTBEAT_MS);
  }

  /** Time passes; then everything that can be done is. */
  pass(ms: number): void {
    for (const end = this.nowMs + ms; this.nowMs < end; this.settle()) {
      this.nowMs = Math.min(end, this.nowMs + HEARTBEAT_MS);
      this.member.step({ kind: "tick", nowMs: this.nowMs });
    }
  }

  /** Turns until there is nothing left to do. */
  settle(): void {
    do this.turn();
    while (this.member.effects.again || this.member.effects.appends.length > 0);
  }

  /** One turn: what was ordered is done, then the member goes on. */
  turn(): void {
    this.carryOut();
    this.member.effects.again = false;
    this.member.step({ kind: "turn-end", nowMs: this.nowMs });
  }

  /** Proposes, and tells how it went once it is known. */
  propose<T>(field: number, codec: Codec<T>, request: T): Proposed {
    const proposed: Proposed = { ended: false, error: undefined };
    const onEnd = (error: Status | undefined) => {
      proposed.ended = true;
      proposed.error = error;
    };
    this.member.propose(new OwnProposal(field, codec, request, onEnd));
    return proposed;
  }

  grant(id: bigint, ttl: number): void {
    this.propose(RaftRequestField.leaseGrant, LeaseGrantRequestCodec, createLeaseGrantRequest({ id, ttl }));
    this.settle();
  }

  private carryOut(): void {
    const { effects } = this.member;
    for (const { sequence } of effects.appends.splice(0)) {
      this.member.step({ kind: "log-synced", sequence, nowMs: this.nowMs });
    }
    const { commit, fetch } = effects;
    effects.commit = undefined;
    effects.fetch = undefined;
    if (fetch !== undefined) {
      const nodes = this.storage.read(fetch);
      this.member.step({ kind: "pages", fetch: fetch.id, nodes, nowMs: this.nowMs });
    }
    if (commit === undefined) return;
    const report = this.storage.commit(commit);
    this.storage.work();
    this.member.step({ kind: "committed", report, nowMs: this.nowMs });
  }
}
