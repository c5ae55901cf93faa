/**
 * Service `etcdserverpb.Lease` (`api-semantics.md` 10). Grants and revocations go through the log; the rest is answered by this
 * member's lessor, which, on the leader, knows the deadlines.
 */

import { keyBytes } from "@etcd-ts/base";
import {
  CancelReason,
  type GrpcServer,
  type StreamCall,
  type StreamListener,
  type UnaryCall,
} from "@etcd-ts/grpc";
import {
  decodeLeaseGrantRequest,
  decodeLeaseKeepAliveRequest,
  decodeLeaseLeasesRequest,
  decodeLeaseRevokeRequest,
  decodeLeaseTimeToLiveRequest,
  ERRORS,
  encodeLeaseGrantRequest,
  encodeLeaseLeasesResponse,
  encodeLeaseTimeToLiveResponse,
  type LeaseGrantRequest,
  LeaseService,
  type LeaseTimeToLiveRequest,
  RaftRequestField,
  type Status,
  sizeOfBigVarint,
  sizeOfVarint,
  writeBigVarint,
  writeVarint,
} from "@etcd-ts/proto";
import { costOf } from "../apply/quota.ts";
import type { KeyValueStore } from "../mvcc/store-types.ts";
import { AnswerRead } from "./answer-read.ts";
import { decodeMessage, decodeRequest } from "./decode.ts";
import { guardCall, guardStream, requiresLeader } from "./guard.ts";
import { clearCheckpoint } from "./lease-renewal.ts";
import type { ServedMember } from "./served-member.ts";
import { refuse, UnaryProposal } from "./unary.ts";

export function serveLease(server: GrpcServer, member: ServedMember): void {
  const { leaseGrant, leaseRevoke, leaseKeepAlive, leaseTimeToLive, leaseLeases } = LeaseService.methods;
  server.addUnary(leaseGrant.path, (call, bytes) => onGrant(member, call, bytes));
  server.addUnary(leaseRevoke.path, (call, bytes) => onRevoke(member, call, bytes));
  server.addStream(leaseKeepAlive.path, (call) => onKeepAlive(member, call));
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
  // At the end of the turn, when the time is known.
  member.atTurnEnd(() => member.read(new AnswerRead(call, true, () => timeToLive(member, request))));
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

function onKeepAlive(member: ServedMember, call: StreamCall): StreamListener {
  const refused = guardStream(member, call.metadata, false);
  if (refused === undefined) return new KeepAliveCall(member, call);
  call.end(refused.code, refused.message);
  return NOBODY;
}

/** Requests of one stream that wait behind one which cannot be answered yet; above it the client is not read. */
const WAITING_MAX = 1024;

/**
 * One keep-alive stream: an answer a request, in order. Renewals are made at the end of the turn: a deadline must count from
 * the true time, and a turn may begin long after the last one.
 */
class KeepAliveCall implements StreamListener {
  private readonly member: ServedMember;
  private readonly call: StreamCall;
  private readonly response: KeepAliveResponse;
  private readonly forgetLeader: () => void;
  /** Not answered yet. */
  private readonly waiting: bigint[] = [];
  private turnIsAsked = false;
  /** The request in front waits for the log. */
  private busy = false;
  private halfClosed = false;
  /** The client does not read its answers. */
  private full = false;

  constructor(member: ServedMember, call: StreamCall) {
    this.member = member;
    this.call = call;
    this.response = new KeepAliveResponse(member.store);
    this.forgetLeader = requiresLeader(member, call.metadata)
      ? member.leaderMonitor.add(() => this.fail(ERRORS.noLeader))
      : nothing;
  }

  onMessage(message: Buffer): void {
    const request = decodeMessage(this.call, decodeLeaseKeepAliveRequest, message);
    if (request === undefined) return this.onMalformed();
    this.waiting.push(request.id);
    if (this.waiting.length >= WAITING_MAX) this.call.pause();
    if (!this.busy) this.askForTurn();
  }

  private onMalformed(): void {
    this.member.metrics.countStreamFailure("receive", "lease-keepalive");
    this.forgetLeader();
  }

  onHalfClose(): void {
    this.halfClosed = true;
    this.askForTurn();
  }

  onCancel(reason: CancelReason): void {
    if (reason === CancelReason.REFUSED) this.member.metrics.countStreamFailure("receive", "lease-keepalive");
    this.waiting.length = 0;
    this.forgetLeader();
  }

  onDrain(): void {
    this.full = false;
    this.readOn();
  }

  private readOn(): void {
    if (!this.full && this.waiting.length < WAITING_MAX) this.call.resume();
  }

  private askForTurn(): void {
    if (this.turnIsAsked) return;
    this.turnIsAsked = true;
    this.member.atTurnEnd(this.renewAll);
  }

  private readonly renewAll = (): void => {
    this.turnIsAsked = false;
    const { waiting } = this;
    let answered = 0;
    while (answered < waiting.length && !this.busy && !this.call.finished) this.renew(waiting[answered++]!);
    waiting.splice(0, answered);
    this.readOn();
    if (this.halfClosed && !this.busy && waiting.length === 0) this.end();
  };

  private renew(id: bigint): void {
    const { lessor, nowMs, hasLeader } = this.member;
    const renewal = lessor.renew(id, nowMs);
    switch (renewal) {
      case "not-found":
        return this.answer(id, 0);
      case "expired":
        this.busy = true;
        return lessor.whenRemoved(id, (gone) => this.goOn(id, gone ? undefined : ERRORS.notPrimaryLessor));
      case "checkpointed":
        this.busy = true;
        return clearCheckpoint(this.member, id, (error) => this.goOn(id, error));
      case "not-primary":
        return this.fail(hasLeader ? ERRORS.notPrimaryLessor : ERRORS.noLeader);
      default:
        this.member.metrics.leasesRenewed++;
        return this.answer(id, renewal);
    }
  }

  /** What the request in front waited for has come: it is tried again, and then those behind it. */
  private goOn(id: bigint, error: Status | undefined): void {
    if (this.call.finished) return;
    if (error !== undefined) return this.fail(error);
    this.busy = false;
    this.waiting.unshift(id);
    this.askForTurn();
  }

  private answer(id: bigint, ttlSeconds: number): void {
    const { response, call } = this;
    if (call.sendInto(response.of(id, ttlSeconds), writeResponse, response)) return;
    this.full = true;
    call.pause();
  }

  private fail(error: Status): void {
    this.forgetLeader();
    this.waiting.length = 0;
    this.call.end(error.code, error.message);
  }

  private end(): void {
    this.forgetLeader();
    this.call.end();
  }
}

const TAG_ID = 0x10;
const TAG_TTL = 0x18;

/** `LeaseKeepAliveResponse` (1 header · 2 ID · 3 TTL) on its way out; one object a stream, filled again and again. */
class KeepAliveResponse {
  private id = 0n;
  private ttlSeconds = 0;
  private readonly store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.store = store;
  }

  /** Returns its size. */
  of(id: bigint, ttlSeconds: number): number {
    this.id = id;
    this.ttlSeconds = ttlSeconds;
    const ofId = id === 0n ? 0 : 1 + sizeOfBigVarint(id);
    const ofTtl = ttlSeconds === 0 ? 0 : 1 + sizeOfVarint(ttlSeconds);
    return this.store.headerSize(this.store.currentRevision) + ofId + ofTtl;
  }

  writeTo(target: Buffer, position: number): number {
    position = this.store.writeHeader(target, position, this.store.currentRevision);
    if (this.id !== 0n) {
      target[position++] = TAG_ID;
      position = writeBigVarint(target, position, this.id);
    }
    if (this.ttlSeconds !== 0) {
      target[position++] = TAG_TTL;
      position = writeVarint(target, position, this.ttlSeconds);
    }
    return position;
  }
}

function writeResponse(response: KeepAliveResponse, target: Buffer, position: number): number {
  return response.writeTo(target, position);
}

/** Listens to a stream that was refused. */
const NOBODY: StreamListener = { onMessage() {}, onHalfClose() {}, onCancel() {}, onDrain() {} };

function nothing(): void {}
