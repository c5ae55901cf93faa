/**
 * One request of the log, applied: the links of the chain that look at the request (corrupt, auth, quota) and the dispatch
 * to the part of the state machine that owns it.
 *
 * Everything is answered here but writes that may take several slices: those come back as an {@link OpenWrite}, and the
 * applier finishes them.
 */

import { keyBytes } from "@etcd-ts/base";
import {
  type AlarmRequest,
  type ClusterMemberAttrSetRequest,
  type ClusterVersionSetRequest,
  type CompactionRequest,
  type DeleteRangeRequest,
  type DowngradeInfoSetRequest,
  ERRORS,
  encodeAlarmResponse,
  encodeLeaseGrantResponse,
  type LeaseCheckpointRequest,
  type LeaseGrantRequest,
  type LeaseRevokeRequest,
  type PutRequest,
  RaftRequestField,
  type Status,
  type TxnRequest,
} from "@etcd-ts/proto";
import {
  ALARM_CORRUPT,
  ALARM_NONE,
  ALARM_NOSPACE,
  type AlarmRecord,
  type AlarmStore,
} from "../alarm/alarm-store.ts";
import type { Lessor } from "../lease/lessor.ts";
import type { MemberLines } from "../log/member-lines.ts";
import type { Membership } from "../membership/membership.ts";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
import type { KeyValueStore, WriteTask } from "../mvcc/store-types.ts";
import type { Proposal } from "../node/proposal.ts";
import type { Answers, Headers } from "./answers.ts";
import { encodedBytes } from "./encoded-bytes.ts";
import { costOf } from "./quota.ts";
import type { RaftRequest } from "./raft-request.ts";
import { statusOfStoreError } from "./store-status.ts";

export interface RequestContext {
  readonly metrics: ServerMetrics;
  readonly store: KeyValueStore;
  readonly lessor: Lessor;
  readonly alarms: AlarmStore;
  readonly membership: Membership;
  readonly lines: MemberLines;
  readonly headers: Headers;
  readonly answers: Answers;
  /** Clock of the turn; moves lease deadlines of the leader and nothing that is replicated. */
  readonly nowMs: number;
  /** The database, at its present size, has room for a request of this cost. */
  hasRoomFor(cost: number): boolean;
  /** A request was applied though there was no room for it: raise the alarm, then run `then`. */
  raiseNoSpace(then: () => void): void;
  /** The removal of compacted records that this makes due is finished and committed: run `then`. */
  afterCompactions(then: () => void): void;
  /** The entry being applied has made a compaction due: nothing is removed before it is durable. */
  onCompactionScheduled(): void;
  onClusterVersion(version: string): void;
  finishWrite(write: OpenWrite): void;
}

/** A write that has begun; when its task is done the context answers its proposal. */
export interface OpenWrite {
  readonly task: WriteTask;
  readonly request: RaftRequest;
  readonly proposal: Proposal | undefined;
  /** Applied, but there was no room for it by the quota. */
  readonly overQuota: boolean;
}

/** An entry of a kind that this build does not know how to apply. The member stops before its index moves. */
export class UnsupportedEntryError extends Error {
  override readonly name = "UnsupportedEntryError";
}

/** The kinds of request that {@link applyRequest} knows. */
const APPLICABLE: ReadonlySet<number> = new Set([
  RaftRequestField.range,
  RaftRequestField.put,
  RaftRequestField.deleteRange,
  RaftRequestField.txn,
  RaftRequestField.compaction,
  RaftRequestField.leaseGrant,
  RaftRequestField.leaseRevoke,
  RaftRequestField.leaseCheckpoint,
  RaftRequestField.alarm,
  RaftRequestField.clusterVersionSet,
  RaftRequestField.clusterMemberAttrSet,
  RaftRequestField.downgradeInfoSet,
  RaftRequestField.downgradeVersionTest,
]);

export function canApply(field: number): boolean {
  return APPLICABLE.has(field);
}

export function applyRequest(
  context: RequestContext,
  request: RaftRequest,
  proposal: Proposal | undefined,
): OpenWrite | undefined {
  const refused = alarmRefusal(context.alarms, request);
  if (refused !== undefined) {
    context.metrics.applies.add(request.field, false);
    settleWithError(proposal, refused);
    return undefined;
  }
  const overQuota = !context.hasRoomFor(costOf(request.field, request.request));
  if (request.field === RaftRequestField.put && !overQuota) {
    if (applyPlainPut(context, request.request as PutRequest, proposal)) return undefined;
  }
  const task = writeTaskOf(context, request);
  if (task !== undefined) return { task, request, proposal, overQuota };
  const succeeded = applyOther(context, request, proposal, overQuota);
  context.metrics.applies.add(request.field, succeeded);
  return undefined;
}

/** What an active alarm makes of a request; undefined: it goes on. CORRUPT wins. */
function alarmRefusal(alarms: AlarmStore, request: RaftRequest): Status | undefined {
  if (alarms.isActive(ALARM_CORRUPT) && changesKeysOrLeases(request.field)) return ERRORS.corrupt;
  if (!alarms.isActive(ALARM_NOSPACE)) return undefined;
  switch (request.field) {
    case RaftRequestField.put:
    case RaftRequestField.leaseGrant:
      return ERRORS.noSpace;
    case RaftRequestField.txn:
      return costOf(request.field, request.request) > 0 ? ERRORS.noSpace : undefined;
    default:
      return undefined;
  }
}

function changesKeysOrLeases(field: number): boolean {
  return field >= RaftRequestField.range && field <= RaftRequestField.leaseRevoke;
}

/** The hot path: a put without options allocates no task. False: it has options. */
function applyPlainPut(context: RequestContext, put: PutRequest, proposal: Proposal | undefined): boolean {
  if (put.prevKv || put.ignoreValue || put.ignoreLease) return false;
  const revision = context.store.putOne(put.key, put.value, put.lease);
  context.metrics.applies.add(RaftRequestField.put, revision !== 0);
  if (proposal === undefined || proposal.settled) return true;
  proposal.settled = true;
  if (revision === 0) proposal.fail(ERRORS.leaseNotFound);
  else proposal.succeed(context.answers.put(revision));
  return true;
}

function writeTaskOf(context: RequestContext, request: RaftRequest): WriteTask | undefined {
  switch (request.field) {
    case RaftRequestField.put:
      return context.store.put(request.request as PutRequest);
    case RaftRequestField.deleteRange:
      return context.store.deleteRange(request.request as DeleteRangeRequest);
    case RaftRequestField.txn:
      return context.store.txn(request.request as TxnRequest);
    case RaftRequestField.leaseRevoke:
      return leaseRevocation(context, request.request as LeaseRevokeRequest);
    default:
      return undefined;
  }
}

function leaseRevocation(context: RequestContext, request: LeaseRevokeRequest): WriteTask | undefined {
  const keys = context.lessor.takeKeys(request.id);
  return keys === undefined ? undefined : context.store.deleteKeys(keys.map(keyBytes));
}

/** False: counted as one that failed. */
function applyOther(
  context: RequestContext,
  request: RaftRequest,
  proposal: Proposal | undefined,
  overQuota: boolean,
): boolean {
  switch (request.field) {
    case RaftRequestField.range:
      // Nothing to do: whoever wants an answer reads it behind the barrier.
      settleWithHeader(context, proposal);
      return true;
    case RaftRequestField.compaction:
      applyCompaction(context, request.request as CompactionRequest, proposal);
      return true;
    case RaftRequestField.leaseGrant:
      return applyLeaseGrant(context, request.request as LeaseGrantRequest, proposal, overQuota);
    case RaftRequestField.leaseRevoke:
      settleWithError(proposal, ERRORS.leaseNotFound);
      return false;
    case RaftRequestField.leaseCheckpoint:
      applyLeaseCheckpoint(context, request.request as LeaseCheckpointRequest, proposal);
      return true;
    case RaftRequestField.alarm:
      applyAlarm(context, request.request as AlarmRequest, proposal);
      return true;
    case RaftRequestField.clusterVersionSet:
      applyClusterVersion(context, request.request as ClusterVersionSetRequest, proposal);
      return true;
    case RaftRequestField.clusterMemberAttrSet:
      applyMemberAttributes(context, request.request as ClusterMemberAttrSetRequest, proposal);
      return true;
    case RaftRequestField.downgradeInfoSet:
      applyDowngrade(context, request.request as DowngradeInfoSetRequest, proposal);
      return true;
    case RaftRequestField.downgradeVersionTest:
      settleWithHeader(context, proposal);
      return true;
    default:
      throw new UnsupportedEntryError(
        `the log holds a request of kind ${request.field} (see InternalRaftRequest), which this version cannot apply`,
      );
  }
}

function applyCompaction(
  context: RequestContext,
  request: CompactionRequest,
  proposal: Proposal | undefined,
): void {
  const error = context.store.compact(request.revision);
  if (error === undefined) context.onCompactionScheduled();
  const answer = () =>
    error === undefined
      ? settleWithHeader(context, proposal)
      : settleWithError(proposal, statusOfStoreError(error));
  if (error !== undefined || !request.physical || proposal === undefined) return answer();
  proposal.awaitsRemoval = true;
  context.afterCompactions(answer);
}

function applyLeaseGrant(
  context: RequestContext,
  request: LeaseGrantRequest,
  proposal: Proposal | undefined,
  overQuota: boolean,
): boolean {
  const granted = context.lessor.grant(request.id, request.ttl, context.nowMs);
  if (!granted.ok) {
    settleWithError(proposal, granted.error);
    return false;
  }
  context.metrics.grantLease(granted.ttlSeconds);
  if (overQuota) {
    context.raiseNoSpace(() => settleWithError(proposal, ERRORS.noSpace));
    return false;
  }
  const header = context.headers.current();
  settle(proposal, encodeLeaseGrantResponse({ header, id: request.id, ttl: granted.ttlSeconds, error: "" }));
  return true;
}

function applyLeaseCheckpoint(
  context: RequestContext,
  request: LeaseCheckpointRequest,
  proposal: Proposal | undefined,
): void {
  for (const { id, remainingTtl } of request.checkpoints) {
    context.lessor.checkpoint(id, remainingTtl);
  }
  settleWithHeader(context, proposal);
}

const ALARM_GET = 0;
const ALARM_ACTIVATE = 1;
const ALARM_DEACTIVATE = 2;

function applyAlarm(context: RequestContext, request: AlarmRequest, proposal: Proposal | undefined): void {
  const alarms = changedAlarms(context.alarms, request);
  settle(proposal, encodeAlarmResponse({ header: context.headers.current(), alarms: [...alarms] }));
}

/** An action that no release knows changes nothing: the API refuses it, but a log may hold it. */
function changedAlarms(store: AlarmStore, request: AlarmRequest): readonly AlarmRecord[] {
  switch (request.action) {
    case ALARM_GET:
      return store.list(request.alarm);
    case ALARM_ACTIVATE:
      return request.alarm === ALARM_NONE ? [] : [store.activate(request.memberId, request.alarm)];
    case ALARM_DEACTIVATE: {
      const record = store.deactivate(request.memberId, request.alarm);
      return record === undefined ? [] : [record];
    }
    default:
      return [];
  }
}

function applyClusterVersion(
  context: RequestContext,
  request: ClusterVersionSetRequest,
  proposal: Proposal | undefined,
): void {
  context.lines.versionSet(context.membership.version, request.ver);
  context.membership.setVersion(request.ver);
  context.onClusterVersion(request.ver);
  settleWithHeader(context, proposal);
}

function applyMemberAttributes(
  context: RequestContext,
  request: ClusterMemberAttrSetRequest,
  proposal: Proposal | undefined,
): void {
  const attributes = request.memberAttributes;
  context.membership.setAttributes(request.memberId, attributes?.name ?? "", attributes?.clientUrls ?? []);
  settleWithHeader(context, proposal);
}

function applyDowngrade(
  context: RequestContext,
  request: DowngradeInfoSetRequest,
  proposal: Proposal | undefined,
): void {
  if (request.enabled) context.lines.readyToDowngrade(request.ver);
  context.membership.setDowngrade({ targetVersion: request.ver, enabled: request.enabled });
  settleWithHeader(context, proposal);
}

function settle(proposal: Proposal | undefined, bytes: Uint8Array): void {
  if (proposal === undefined || proposal.settled) return;
  proposal.settled = true;
  proposal.succeed(encodedBytes(bytes));
}

function settleWithHeader(context: RequestContext, proposal: Proposal | undefined): void {
  if (proposal === undefined || proposal.settled) return;
  proposal.settled = true;
  proposal.succeed(context.answers.header());
}

export function settleWithError(proposal: Proposal | undefined, error: Status): void {
  if (proposal === undefined || proposal.settled) return;
  proposal.settled = true;
  proposal.fail(error);
}
