/**
 * What members that do not keep the leases' deadlines ask the one that does, for their clients (`peer-protocol.md` 8). Nothing is told
 * before all that was committed when the question came has been applied.
 */

import { keyBytes } from "@etcd-ts/base";
import {
  decodeLeaseInternalRequest,
  decodeLeaseKeepAliveRequest,
  ERRORS,
  encodeLeaseInternalResponse,
  encodeLeaseKeepAliveResponse,
  type LeaseTimeToLiveRequest,
  type Status,
} from "@etcd-ts/proto";
import { BarrierRead, renewLease, type ServedMember } from "@etcd-ts/server";
import { answerError, type Exchange, type Handler } from "../exchange.ts";
import type { Routes } from "../routes.ts";
import type { PeerHttpParts } from "./peer-http.ts";

const BODY_BYTES_MAX = 64 * 1024;
const PROTOBUF = [["Content-Type", "application/protobuf"]] as const;
const NOT_CAUGHT_UP = "waiting for node to catch up its applied index has timed out";

export function addLeaseEndpoints(routes: Routes, parts: PeerHttpParts): void {
  routes.add("/leases", answering(parts, decodeLeaseKeepAliveRequest, renew));
  routes.add("/leases/internal", answering(parts, decodeLeaseInternalRequest, tellTimeToLive));
}

type Answer<R> = (exchange: Exchange, member: ServedMember, request: R, expectTurnEnd: () => void) => void;

/** These name no allowed method when they refuse one. */
function answering<R>(parts: PeerHttpParts, decode: (bytes: Uint8Array) => R, answer: Answer<R>): Handler {
  return (exchange) => {
    if (exchange.method !== "POST") return answerError(exchange, 405, "Method Not Allowed");
    exchange.readBody(BODY_BYTES_MAX, (body) => {
      if (body === undefined) return answerError(exchange, 413, "request body too large");
      const request = decoded(decode, body);
      if (request === undefined) return answerError(exchange, 400, "error unmarshalling request");
      const { member, expectTurnEnd } = parts;
      const onApplied = (error: Status | undefined) => {
        if (error !== undefined) answerError(exchange, 408, NOT_CAUGHT_UP);
        else answer(exchange, member, request, expectTurnEnd);
      };
      member.read(new BarrierRead(onApplied));
      expectTurnEnd();
    });
  };
}

function decoded<R>(decode: (bytes: Uint8Array) => R, body: Uint8Array): R | undefined {
  try {
    return decode(body);
  } catch {
    return undefined;
  }
}

function renew(
  exchange: Exchange,
  member: ServedMember,
  { id }: { id: bigint },
  expectTurnEnd: () => void,
): void {
  renewLease(member, id, (outcome) => {
    if (outcome.error === undefined)
      exchange.answer(
        200,
        PROTOBUF,
        encodeLeaseKeepAliveResponse({ header: undefined, id, ttl: outcome.ttlSeconds }),
      );
    else if (outcome.error === ERRORS.leaseNotFound) answerError(exchange, 404, "lease not found");
    else answerError(exchange, 400, "not a primary lessor");
  });
  expectTurnEnd();
}

function tellTimeToLive(
  exchange: Exchange,
  member: ServedMember,
  { leaseTimeToLiveRequest: request }: { leaseTimeToLiveRequest: LeaseTimeToLiveRequest | undefined },
): void {
  // Without a request inside, the original leaves its caller waiting (known bugs).
  if (request === undefined) return answerError(exchange, 400, "error unmarshalling request");
  const { lessor, nowMs } = member;
  const status = lessor.status(request.id, nowMs);
  if (status === undefined) return answerError(exchange, 404, "lease not found");
  const leaseTimeToLiveResponse = {
    header: { clusterId: 0n, memberId: 0n, revision: 0, raftTerm: 0 },
    id: request.id,
    ttl: status.remainingSeconds,
    grantedTtl: status.ttlSeconds,
    keys: request.keys ? lessor.keysOf(request.id).map(keyBytes) : [],
  };
  exchange.answer(200, PROTOBUF, encodeLeaseInternalResponse({ leaseTimeToLiveResponse }));
}
