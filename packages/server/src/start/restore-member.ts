/**
 * From what log and database hold to a member that can be stepped: small buckets, then the records of bucket `key` in chunks as
 * a reader delivers them, then raft. The real host and the simulated one begin here alike.
 */

import { type Random, utf8String } from "@etcd-ts/base";
import { decodeLeaseRecord, encodeLeaseRecord } from "@etcd-ts/proto";
import {
  type Backend,
  type CommittedRoot,
  type OpenedDatabase,
  PagedBackend,
  type RecordChunk,
} from "@etcd-ts/storage";
import { AlarmStore } from "../alarm/alarm-store.ts";
import type { CheckpointDemand } from "../checkpoint/checkpoint-work.ts";
import { type LeaseStorage, Lessor, type LessorOptions } from "../lease/lessor.ts";
import { confStateOf } from "../membership/conf-state.ts";
import { Membership } from "../membership/membership.ts";
import { isBelow } from "../membership/version-order.ts";
import { visitChecked } from "../mvcc/checked-records.ts";
import { TOUCH_MAX } from "../mvcc/key-hash.ts";
import { MvccStore } from "../mvcc/mvcc-store.ts";
import type { ReadyIndex, Restoration } from "../mvcc/restoration.ts";
import { Member } from "../node/member.ts";
import type { MemberOptions } from "../node/member-options.ts";
import { storageVersionOf } from "./storage-version.ts";
import type { FoundLog, TakeOver } from "./take-over.ts";

export interface MemberSettings extends Omit<MemberOptions, "clusterId"> {
  readonly electionMs: number;
  readonly preVote: boolean;
  readonly random: Random;
  /** How old the remaining TTL may be that a new leader knows; undefined: no lease is checkpointed. */
  readonly leaseCheckpointIntervalMs: number | undefined;
  /** Checkpoints are kept in the database whatever the cluster's version. */
  readonly leaseCheckpointsPersist: boolean;
  /** Bound of the loop's cache of database pages. */
  readonly pageCacheBytesMax: number;
}

export class MemberRestore {
  private readonly settings: MemberSettings;
  private readonly log: FoundLog;
  private readonly opened: OpenedDatabase;
  private readonly takeOver: TakeOver;
  private readonly electionTicks: number;
  readonly backend: PagedBackend;
  readonly membership: Membership;
  private readonly alarms: AlarmStore;
  private readonly lessor: Lessor;
  private readonly store: MvccStore;
  private readonly restoration: Restoration;

  constructor(settings: MemberSettings, log: FoundLog, opened: OpenedDatabase, takeOver: TakeOver) {
    this.settings = settings;
    this.log = log;
    this.opened = opened;
    this.takeOver = takeOver;
    this.electionTicks = Math.floor(settings.electionMs / settings.heartbeatMs);
    this.backend = new PagedBackend(opened, { cacheBytesMax: settings.pageCacheBytesMax });
    this.membership = new Membership(this.backend);
    this.alarms = new AlarmStore(this.backend);
    this.lessor = new Lessor(leaseStorage(this.backend), this.lessorOptions());
    this.restoreSmallBuckets();
    if (takeOver.membership !== undefined) this.membership.become(takeOver.membership);
    const { clusterId, nodeId } = log.metadata;
    this.store = new MvccStore(this.backend, {
      clusterId,
      memberId: nodeId,
      leases: this.lessor,
      hashSeed: settings.random.uint32(),
    });
    this.restoration = this.store.restore({
      finished: metaValue(opened, "finishedCompactRev"),
      scheduled: metaValue(opened, "scheduledCompactRev"),
    });
  }

  /** A chunk of bucket `key`, in order. */
  addRecords(chunk: RecordChunk): void {
    for (let lo = 0; lo < chunk.count; lo += TOUCH_MAX) {
      const hi = Math.min(lo + TOUCH_MAX, chunk.count);
      this.restoration.expect(chunk, lo, hi);
      visitChecked(chunk, this.restoration.add, this.opened, lo, hi);
    }
  }

  /** What a checkpoint must fit to take the place of the records. */
  checkpointDemand(databasePath: string): CheckpointDemand {
    const { opened, log } = this;
    const { finished, scheduled } = this.restoration.marks;
    return {
      clusterId: log.metadata.clusterId,
      memberId: log.metadata.nodeId,
      finishedMark: finished,
      scheduledMark: scheduled,
      consistentIndex: opened.consistentIndex,
      database: { path: databasePath, pageBytes: opened.pageBytes, root: rootOf(opened) },
    };
  }

  /** All records have been added, or `ready` takes their place. */
  finish(ready?: ReadyIndex): Member {
    if (ready === undefined) this.restoration.end();
    else this.restoration.adopt(ready);
    const { settings, log } = this;
    const options = { ...settings, clusterId: log.metadata.clusterId };
    return new Member(options, {
      raft: {
        memberId: log.metadata.nodeId,
        random: settings.random,
        electionTicks: this.electionTicks,
        preVote: settings.preVote,
        hardState: log.hardState,
        snapshot: { ...log.snapshot, confState: confStateOf(this.membership.list()) },
        entries: log.entries,
      },
      backend: this.backend,
      store: this.store,
      lessor: this.lessor,
      alarms: this.alarms,
      membership: this.membership,
      storageVersion: storageVersionOf(this.opened),
      snapshotIndexMin: this.takeOver.snapshotIndex,
      checkpointTail: ready?.added,
    });
  }

  private lessorOptions(): LessorOptions {
    const { heartbeatMs, electionMs } = this.settings;
    return {
      ttlSecondsMin: Math.ceil((Math.floor((3 * this.electionTicks) / 2) * heartbeatMs) / 1000),
      revokeRetryMs: 5000 + 2 * electionMs,
      checkpointIntervalMs: this.settings.leaseCheckpointIntervalMs,
      persistsCheckpoints: () => this.settings.leaseCheckpointsPersist || this.clusterKeepsCheckpoints(),
    };
  }

  /** A cluster of old releases has no place for them in the database. */
  private clusterKeepsCheckpoints(): boolean {
    const { version } = this.membership;
    return version !== undefined && !isBelow(version, "3.6.0");
  }

  private restoreSmallBuckets(): void {
    for (const { bucket, key, value } of this.opened.small) {
      this.membership.restore(bucket, key, value);
      if (bucket === "alarm") this.alarms.restore(key);
      if (bucket !== "lease") continue;
      const { id, ttl, remainingTtl } = decodeLeaseRecord(value);
      this.lessor.restore({ id, ttlSeconds: ttl, remainingTtlSeconds: remainingTtl });
    }
  }
}

function leaseStorage(backend: Backend): LeaseStorage {
  return {
    putLease({ id, ttlSeconds, remainingTtlSeconds }) {
      const record = encodeLeaseRecord({ id, ttl: ttlSeconds, remainingTtl: remainingTtlSeconds });
      backend.put("lease", leaseKey(id), record);
    },
    deleteLease(id) {
      backend.delete("lease", leaseKey(id));
    },
  };
}

/** The id as eight bytes, big-endian. Permanent. */
function leaseKey(id: bigint): Uint8Array {
  const key = Buffer.alloc(8);
  key.writeBigInt64BE(id);
  return key;
}

function metaValue(opened: OpenedDatabase, name: string): Uint8Array | undefined {
  return opened.small.find(({ bucket, key }) => bucket === "meta" && utf8String(key) === name)?.value;
}

/** What of the opened database crosses to a thread. */
function rootOf({ file, transaction, root, highWaterMark }: OpenedDatabase): CommittedRoot {
  return { file, transaction, root, highWaterMark };
}
