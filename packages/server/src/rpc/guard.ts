/**
 * What is checked of every call before its method sees it (`api-semantics.md` 1): a learner's few methods, the client's API
 * version, and whether the caller insists on a leader. Calls of one connection with equal metadata share the result of what
 * depends on the metadata alone.
 */

import type { Metadata } from "@etcd-ts/grpc";
import { ERRORS, type Status } from "@etcd-ts/proto";
import type { RequestCounter, ServerMetrics } from "../metrics/server-metrics.ts";

/** What the guard asks of the member. */
export interface GuardedMember {
  readonly isLearner: boolean;
  readonly hasLeader: boolean;
  readonly metrics: ServerMetrics;
}

interface CheckedMetadata {
  readonly requiresLeader: boolean;
  readonly refused: Status | undefined;
  /** Of calls of this API version. */
  readonly counter: RequestCounter;
}

/** Why a call is refused; undefined: it may go on. `onLearner`: the method is one that a learner serves. */
export function guardCall(member: GuardedMember, metadata: Metadata, onLearner: boolean): Status | undefined {
  if (member.isLearner && !onLearner) return ERRORS.notSupportedForLearner;
  const checked = checkedMetadata(member, metadata);
  if (checked.refused !== undefined) return checked.refused;
  checked.counter.unary++;
  return checked.requiresLeader && !member.hasLeader ? ERRORS.noLeader : undefined;
}

/** The same for a call with a stream. */
export function guardStream(
  member: GuardedMember,
  metadata: Metadata,
  onLearner: boolean,
): Status | undefined {
  if (member.isLearner && !onLearner) return ERRORS.notSupportedForLearner;
  const checked = checkedMetadata(member, metadata);
  if (checked.refused !== undefined) return checked.refused;
  checked.counter.stream++;
  return checked.requiresLeader && !member.hasLeader ? ERRORS.noLeader : undefined;
}

/** The call is to end when there is no leader any more. */
export function requiresLeader(member: GuardedMember, metadata: Metadata): boolean {
  return checkedMetadata(member, metadata).requiresLeader;
}

function checkedMetadata(member: GuardedMember, metadata: Metadata): CheckedMetadata {
  const known = metadata.memo as CheckedMetadata | undefined;
  if (known !== undefined) return known;
  const version = metadata.get("client-api-version");
  const checked: CheckedMetadata = {
    requiresLeader: metadata.get("hasleader") === "true",
    refused: version === undefined || isUtf8(version) ? undefined : ERRORS.invalidClientApiVersion,
    counter: member.metrics.requestCounter(version ?? "unknown"),
  };
  metadata.memo = checked;
  return checked;
}

/** `text` has one character a byte. */
function isUtf8(text: string): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(text, "latin1"));
    return true;
  } catch {
    return false;
  }
}
