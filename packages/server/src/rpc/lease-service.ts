/**
 * Service `etcdserverpb.Lease` (`api-semantics.md` 10). Grants and revocations go through the log; the rest is answered by this
 * member's lessor, which, on the leader, knows the deadlines.
 */

import { keyBytes } from "@etcd-ts/base";
import type { GrpcServer, StreamCall, StreamListener, UnaryCall } from "@etcd-ts/grpc";
import {
  createLeaseCheckpointRequest,
  createLeaseKeepAliveResponse,
  decodeLeaseGrantRequest,
  decodeLeaseKeepAliveRequest,
  decodeLeaseLeasesRequest,
  decodeLeaseRevokeRequest,
  decodeLeaseTimeToLiveRequest,
  ERRORS,
  encodeLeaseGrantRequest,
  encodeLeaseLeasesResponse,
  encodeLeaseTimeToLiveResponse,
  LeaseCheckpointRequestCodec,
  type LeaseGrantRequest,
  LeaseService,
  type LeaseTimeToLiveRequest,
  RaftRequestField,
  type ResponseHeader,
  type Status,
  sizeOfLeaseKeepAliveResponse,
  writeLeaseKeepAliveResponse,
} from "@etcd-ts/proto";
import { costOf } from "../apply/quota.ts";
import { OwnProposal } from "../node/own-proposal.ts";
import { AnswerRead } from "./answer-read.ts";
import { decodeMessage, decodeRequest } from "./decode.ts";
import { guardCall, guardStream } from "./guard.ts";
import type { ServedMember } from "./served-member.ts";
import { refuse, UnaryProposal } from "./unary.ts";

export function serveLease(server: GrpcServer, member: ServedMember): void {
  const { leaseGrant, leaseRevoke, leaseKeepAlive, leaseTimeToLive, leaseLeases } = LeaseService.methods;
  server.addUnary(leaseGrant.path, (call, bytes) => onGrant(member, call, bytes));
  server.addUnary(leaseRevoke.path, (call, bytes) => onRevoke(member, call, bytes));
  server.addStream(leaseKeepAlive.path, (call) => new KeepAliveStream(member, call));
  server.addUnary(leaseTimeToLive.path, (call, bytes) => onTimeToLive(member, call, bytes));
  server.addUnary(leaseLeases.path, (call, bytes) => onLeases(member, call, bytes));
}

function onGrant(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  const request = decodeRequest(call, decodeLeaseGrantRequest, bytes);
  if (request === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  if (!member.hasRoomFor(costOf(RaftRequestField.leaseGrant, request))) {
    return member.refuseForSpace(() => refuse(call, ERRORS.noSpace));
  }
  const chosen: LeaseGrantRequest = request.id === 0n ? { ...request, id: member.newLeaseId() } : request;
  const body = chosen === request ? bytes : encodeLeaseGrantRequest(chosen);
  member.propose(new UnaryProposal(call, RaftRequestField.leaseGrant, chosen, body));
}

function onRevoke(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  const request = decodeRequest(call, decodeLeaseRevokeRequest, bytes);
  if (request === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  member.propose(new UnaryProposal(call, RaftRequestField.leaseRevoke, request, bytes));
}

function onTimeToLive(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  const request = decodeRequest(call, decodeLeaseTimeToLiveRequest, bytes);
  if (request === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  member.read(new AnswerRead(call, true, () => timeToLive(member, request)));
}

function timeToLive(member: ServedMember, request: LeaseTimeToLiveRequest): Uint8Array {
  const header = member.headers.current();
  const status = member.lessor.status(request.id, member.nowMs);
  if (status === undefined) {
    return encodeLeaseTimeToLiveResponse({ header, id: request.id, ttl: -1, grantedTtl: 0, keys: [] });
  }
  return encodeLeaseTimeToLiveResponse({
    header,
    id: request.id,
    ttl: status.remainingSeconds,
    grantedTtl: status.ttlSeconds,
    keys: request.keys ? member.lessor.keysOf(request.id).map(keyBytes) : [],
  });
}

function onLeases(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  if (decodeRequest(call, decodeLeaseLeasesRequest, bytes) === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  const leases = () => member.lessor.list().map((id) => ({ id }));
  member.read(
    new AnswerRead(call, false, () =>
      encodeLeaseLeasesResponse({ header: member.headers.current(), leases: leases() }),
    ),
  );
}

/** Requests of one stream that wait behind one which cannot be answered yet; above it the client is not read. */
const WAITING_MAX = 1024;

/** One keep-alive stream: an answer a request, in order. */
class KeepAliveStream implements StreamListener {
  private readonly member: ServedMember;
  private readonly call: StreamCall;
  /** Behind the request that waits for the log, if one does. */
  private readonly waiting: bigint[] = [];
  private busy = false;
  private halfClosed = false;

  constructor(member: ServedMember, call: StreamCall) {
    this.member = member;
    this.call = call;
    const refused = guardStream(member, call.metadata, false);
    if (refused !== undefined) call.end(refused.code, refused.message);
  }

  onMessage(message: Buffer): void {
    const request = decodeMessage(this.call, decodeLeaseKeepAliveRequest, message);
    if (request === undefined) return;
    if (!this.busy) return this.renew(request.id);
    this.waiting.push(request.id);
    if (this.waiting.length >= WAITING_MAX) this.call.pause();
  }

  onHalfClose(): void {
    this.halfClosed = true;
    this.endIfDone();
  }

  onCancel(): void {
    this.waiting.length = 0;
  }

  onDrain(): void {
    this.call.resume();
  }

  private renew(id: bigint): void {
    const header = this.member.headers.current();
    const renewal = this.member.lessor.renew(id, this.member.nowMs);
    switch (renewal.outcome) {
      case "renewed":
        this.member.metrics.leasesRenewed++;
        return this.answer(header, id, renewal.ttlSeconds);
      case "not-found":
        return this.answer(header, id, 0);
      case "expired":
        this.busy = true;
        return this.member.lessor.whenRemoved(id, () => this.goOn(() => this.answer(header, id, 0)));
      case "clear-checkpoint-first":
        this.busy = true;
        return this.clearCheckpoint(id);
    }
  }

  private clearCheckpoint(id: bigint): void {
    const request = createLeaseCheckpointRequest({ checkpoints: [{ id, remainingTtl: 0 }] });
    const onEnd = (error: Status | undefined) => {
      if (error === undefined) this.goOn(() => this.renew(id));
      else this.call.end(error.code, error.message);
    };
    this.member.propose(
      new OwnProposal(RaftRequestField.leaseCheckpoint, LeaseCheckpointRequestCodec, request, onEnd),
    );
  }

  /** The request in front has its answer; on with those behind it. */
  private goOn(answerFront: () => void): void {
    this.busy = false;
    answerFront();
    while (!this.busy && this.waiting.length > 0) this.renew(this.waiting.shift()!);
    if (this.waiting.length === 0) this.call.resume();
    this.endIfDone();
  }

  private answer(header: ResponseHeader, id: bigint, ttl: number): void {
    const response = createLeaseKeepAliveResponse({ header, id, ttl });
    const taken = this.call.sendInto(
      sizeOfLeaseKeepAliveResponse(response),
      writeLeaseKeepAliveResponse,
      response,
    );
    if (!taken) this.call.pause();
  }

  private endIfDone(): void {
    if (this.halfClosed && !this.busy && this.waiting.length === 0) this.call.end();
  }
}
