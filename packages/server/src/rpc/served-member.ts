/** What the services see of a member. */

import type { Status } from "@etcd-ts/proto";
import type { AlarmStore } from "../alarm/alarm-store.ts";
import type { Headers } from "../apply/answers.ts";
import type { Lessor } from "../lease/lessor.ts";
import type { DatabaseSizes, MemberLines } from "../log/member-lines.ts";
import type { Membership } from "../membership/membership.ts";
import type { KeyValueStore } from "../mvcc/store-types.ts";
import type { Proposal } from "../node/proposal.ts";
import type { Read } from "../node/read.ts";
import type { StorageJobs } from "../node/storage-jobs.ts";
import type { GuardedMember } from "./guard.ts";
import type { LeaderMonitor } from "./leader-monitor.ts";

export interface ServedMember extends GuardedMember {
  readonly id: bigint;
  readonly store: KeyValueStore;
  readonly membership: Membership;
  readonly alarms: AlarmStore;
  readonly headers: Headers;
  readonly requestBytesMax: number;
  readonly txnOpsMax: number;
  readonly status: MemberStatus;
  readonly lessor: Lessor;
  readonly leaderMonitor: LeaderMonitor;
  /** Long work on committed pages. */
  readonly jobs: StorageJobs;
  /** Where the member tells what it does. */
  readonly lines: MemberLines;
  /** The host's clock as of the last event that told it; true at the end of a turn. */
  readonly nowMs: number;
  /** Runs `then` at the end of this turn, or of the next if this one is ending. */
  atTurnEnd(then: () => void): void;
  /** An id for a lease whose client leaves the choice to us: positive, not in use. */
  newLeaseId(): bigint;
  propose(proposal: Proposal): void;
  read(read: Read): void;
  /** Goes on with a read that was parked; it has passed the barrier before. */
  resumeRead(read: Read): void;
  hasRoomFor(cost: number): boolean;
  databaseSizes(): DatabaseSizes;
  /** `onEnd` hears how it went. */
  moveLeader(target: bigint, onEnd: (error: Status | undefined) => void): void;
  /** Raises NOSPACE for this member, then runs `then`. */
  refuseForSpace(then: () => void): void;
}

/** Numbers of the moment. */
export interface MemberStatus {
  readonly leader: bigint;
  readonly term: number;
  readonly committedIndex: number;
  readonly appliedIndex: number;
  readonly databaseBytes: number;
  readonly databaseBytesInUse: number;
  readonly quotaBytes: number;
  readonly storageVersion: string;
}
