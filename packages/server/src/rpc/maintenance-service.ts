/**
 * Service `etcdserverpb.Maintenance` (`api-semantics.md` 14, 15): alarms, status, hashes, snapshots, defragmentation, moving the
 * leader, downgrades.
 */

import { Code, type GrpcServer, type StreamCall, type UnaryCall } from "@etcd-ts/grpc";
import {
  type AlarmRequest,
  createDowngradeInfo,
  decodeAlarmRequest,
  decodeDefragmentRequest,
  decodeDowngradeRequest,
  decodeHashKVRequest,
  decodeHashRequest,
  decodeMoveLeaderRequest,
  decodeSnapshotRequest,
  decodeStatusRequest,
  ERRORS,
  encodeAlarmResponse,
  encodeDefragmentResponse,
  encodeHashKVResponse,
  encodeHashResponse,
  encodeMoveLeaderResponse,
  encodeStatusResponse,
  MaintenanceService,
  RaftRequestField,
} from "@etcd-ts/proto";
import { ALARM_CORRUPT, ALARM_NONE, ALARM_NOSPACE, type AlarmRecord } from "../alarm/alarm-store.ts";
import { encodedBytes } from "../apply/encoded-bytes.ts";
import type { HashOutcome } from "../mvcc/store-types.ts";
import { SERVER_VERSION } from "../version.ts";
import { decodeMessage, decodeRequest } from "./decode.ts";
import { answerDowngrade } from "./downgrade.ts";
import { guardCall, guardStream } from "./guard.ts";
import { HashKvRead } from "./hash-kv-read.ts";
import type { HealthStatus } from "./health-service.ts";
import type { ServedMember } from "./served-member.ts";
import { SnapshotStream } from "./snapshot-stream.ts";
import { refuse, respond, UnaryProposal } from "./unary.ts";

const ALARM_ACTION_GET = 0;
const ALARM_ACTION_MAX = 2;

/** `stopped`: what says that the server does not serve while it defragments; undefined: it goes on serving. */
export function serveMaintenance(server: GrpcServer, member: ServedMember, stopped?: HealthStatus): void {
  const methods = MaintenanceService.methods;
  server.addUnary(methods.alarm.path, (call, bytes) => onAlarm(member, call, bytes));
  server.addUnary(methods.status.path, (call, bytes) => onStatus(member, call, bytes));
  server.addUnary(methods.hash.path, (call, bytes) => onHash(member, call, bytes));
  server.addUnary(methods.hashKv.path, (call, bytes) => onHashKv(member, call, bytes));
  server.addServerStream(methods.snapshot.path, (call, bytes) => onSnapshot(member, call, bytes));
  server.addUnary(methods.defragment.path, (call, bytes) => onDefragment(member, call, bytes, stopped));
  server.addUnary(methods.moveLeader.path, (call, bytes) => onMoveLeader(member, call, bytes));
  server.addUnary(methods.downgrade.path, (call, bytes) => onDowngrade(member, call, bytes));
}

function onAlarm(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  const request = decodeRequest(call, decodeAlarmRequest, bytes);
  if (request === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  if (request.action < ALARM_ACTION_GET || request.action > ALARM_ACTION_MAX) {
    // The original ends its process here (known bugs); a clear refusal instead.
    return call.fail(Code.INVALID_ARGUMENT, `etcdserver: unknown alarm action ${request.action}`);
  }
  if (request.action === ALARM_ACTION_GET) return answerAlarms(member, call, request);
  member.propose(new UnaryProposal(call, RaftRequestField.alarm, request, bytes));
}

/** GET is the state of this member as it is applied. */
function answerAlarms(member: ServedMember, call: UnaryCall, request: AlarmRequest): void {
  const alarms = [...member.alarms.list(request.alarm)];
  respond(call, encodedBytes(encodeAlarmResponse({ header: member.headers.current(), alarms })));
}

function onStatus(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  if (decodeRequest(call, decodeStatusRequest, bytes) === undefined) return;
  const refused = guardCall(member, call.metadata, true);
  if (refused !== undefined) return refuse(call, refused);
  respond(call, encodedBytes(statusResponse(member)));
}

function statusResponse(member: ServedMember): Uint8Array {
  const status = member.status;
  const downgrade = member.membership.downgrade;
  return encodeStatusResponse({
    header: member.headers.current(),
    version: SERVER_VERSION,
    dbSize: status.databaseBytes,
    leader: status.leader,
    raftIndex: status.committedIndex,
    raftTerm: status.term,
    raftAppliedIndex: status.appliedIndex,
    errors: statusErrors(member),
    dbSizeInUse: status.databaseBytesInUse,
    isLearner: member.isLearner,
    storageVersion: status.storageVersion,
    dbSizeQuota: status.quotaBytes,
    downgradeInfo: createDowngradeInfo({
      enabled: downgrade.enabled,
      targetVersion: downgrade.targetVersion,
    }),
  });
}

function statusErrors(member: ServedMember): string[] {
  const alarms = member.alarms.list(ALARM_NONE).map(alarmText);
  return member.hasLeader ? alarms : [ERRORS.noLeader.message, ...alarms];
}

/** As the original's protobuf text has it: fields with their default value are left out. */
function alarmText(alarm: AlarmRecord): string {
  const fields: string[] = [];
  if (alarm.memberId !== 0n) fields.push(`memberID:${alarm.memberId}`);
  if (alarm.alarm !== ALARM_NONE) fields.push(`alarm:${alarmName(alarm.alarm)}`);
  return fields.join(" ");
}

function alarmName(type: number): string {
  if (type === ALARM_NOSPACE) return "NOSPACE";
  return type === ALARM_CORRUPT ? "CORRUPT" : String(type);
}

function onHash(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  if (decodeRequest(call, decodeHashRequest, bytes) === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  const header = member.headers.current();
  const { metrics } = member;
  const begunAtMs = metrics.clockMs();
  member.jobs.hash((hash) => {
    metrics.hashWhole.observe((metrics.clockMs() - begunAtMs) / 1000);
    respond(call, encodedBytes(encodeHashResponse({ header, hash })));
  });
}

function onSnapshot(member: ServedMember, call: StreamCall, bytes: Buffer): SnapshotStream | undefined {
  if (decodeMessage(call, decodeSnapshotRequest, bytes) === undefined) return undefined;
  const refused = guardStream(member, call.metadata, false);
  if (refused === undefined) return new SnapshotStream(call, member);
  call.end(refused.code, refused.message);
  return undefined;
}

function onDefragment(
  member: ServedMember,
  call: UnaryCall,
  bytes: Buffer,
  stopped: HealthStatus | undefined,
): void {
  if (decodeRequest(call, decodeDefragmentRequest, bytes) === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  const { metrics, lines } = member;
  const before = member.databaseSizes();
  const beganAtMs = member.nowMs;
  lines.defragmentationBegins(before);
  if (stopped !== undefined) lines.serviceStatus("NOT_SERVING");
  stopped?.setServing(false);
  const begunAtMs = metrics.clockMs();
  metrics.defragmentationsUnderWay++;
  member.jobs.defragment((failure) => {
    stopped?.setServing(true);
    if (failure !== undefined) lines.defragmentationFailed(failure);
    else lines.defragmentationEnded(before, member.databaseSizes(), member.nowMs - beganAtMs);
    lines.serviceStatus("SERVING");
    metrics.defragmentationsUnderWay--;
    metrics.defragmentation.observe((metrics.clockMs() - begunAtMs) / 1000);
    if (failure !== undefined) call.fail(Code.UNKNOWN, failure);
    else respond(call, encodedBytes(encodeDefragmentResponse({ header: undefined })));
  });
}

function onMoveLeader(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  const request = decodeRequest(call, decodeMoveLeaderRequest, bytes);
  if (request === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  member.moveLeader(request.targetId, (error) => {
    if (error !== undefined) refuse(call, error);
    else respond(call, encodedBytes(encodeMoveLeaderResponse({ header: undefined })));
  });
}

function onDowngrade(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  const request = decodeRequest(call, decodeDowngradeRequest, bytes);
  if (request === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  answerDowngrade(member, call, request);
}

function onHashKv(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  const request = decodeRequest(call, decodeHashKVRequest, bytes);
  if (request === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  member.read(
    new HashKvRead(member, request.revision, {
      isGone: () => call.cancelled,
      onEnd: (outcome) => {
        if (outcome.error !== undefined) refuse(call, outcome.error);
        else respond(call, encodedBytes(encodeHashKVResponse(hashKvResponse(member, outcome.result))));
      },
    }),
  );
}

function hashKvResponse(
  member: ServedMember,
  { hash, hashRevision, compactRevision, currentRevision }: HashOutcome,
) {
  return { header: member.headers.at(currentRevision), hash, compactRevision, hashRevision };
}
