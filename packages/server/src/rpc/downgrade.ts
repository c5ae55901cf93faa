/**
 * Maintenance.Downgrade (`api-semantics.md` 14): asks whether the cluster may go back by one minor version, begins it, ends it. What
 * follows from a job under way is the version monitor's business.
 */

import type { UnaryCall } from "@etcd-ts/grpc";
import {
  createDowngradeInfoSetRequest,
  DowngradeInfoSetRequestCodec,
  type DowngradeRequest,
  ERRORS,
  encodeDowngradeResponse,
  RaftRequestField,
  type Status,
} from "@etcd-ts/proto";
import { encodedBytes } from "../apply/encoded-bytes.ts";
import { majorMinor, minorBelow } from "../membership/version-order.ts";
import { OwnProposal } from "../node/own-proposal.ts";
import type { Read, ReadProgress } from "../node/read.ts";
import type { ServedMember } from "./served-member.ts";
import { refuse, respond } from "./unary.ts";

const VALIDATE = 0;
const ENABLE = 1;
const CANCEL = 2;

export function answerDowngrade(member: ServedMember, call: UnaryCall, request: DowngradeRequest): void {
  switch (request.action as number) {
    case VALIDATE:
      return whenValid(member, call, request.version, () => answerVersion(member, call));
    case ENABLE:
      return whenValid(member, call, request.version, (target) => enable(member, call, target));
    case CANCEL:
      return member.read(new BarrierRead(call, () => cancel(member, call)));
    default:
      return refuse(call, ERRORS.unknownMethod);
  }
}

function whenValid(
  member: ServedMember,
  call: UnaryCall,
  version: string,
  then: (target: string) => void,
): void {
  const target = majorMinor(version);
  if (target === undefined) return refuse(call, ERRORS.wrongDowngradeVersionFormat);
  member.read(
    new BarrierRead(call, () => {
      const refused = refusal(member, target);
      if (refused === undefined) then(`${target}.0`);
      else refuse(call, refused);
    }),
  );
}

function refusal({ membership }: ServedMember, target: string): Status | undefined {
  if (membership.version === undefined) return ERRORS.clusterVersionUnavailable;
  if (target !== minorBelow(membership.version)) return ERRORS.invalidDowngradeTargetVersion;
  return membership.downgrade.enabled ? ERRORS.downgradeInProcess : undefined;
}

function enable(member: ServedMember, call: UnaryCall, target: string): void {
  setDowngrade(member, { enabled: true, ver: target }, (error) => {
    if (error === undefined) answerVersion(member, call);
    else refuse(call, error);
  });
}

/** Without a job, and whatever becomes of it, the call succeeds: as the original does. */
function cancel(member: ServedMember, call: UnaryCall): void {
  if (!member.membership.downgrade.enabled) return answerVersion(member, call);
  setDowngrade(member, { enabled: false, ver: "" }, () => answerVersion(member, call));
}

function setDowngrade(
  member: ServedMember,
  info: { readonly enabled: boolean; readonly ver: string },
  onEnd: (error: Status | undefined) => void,
): void {
  const request = createDowngradeInfoSetRequest(info);
  member.propose(
    new OwnProposal(RaftRequestField.downgradeInfoSet, DowngradeInfoSetRequestCodec, request, onEnd),
  );
}

function answerVersion({ headers, membership }: ServedMember, call: UnaryCall): void {
  const version = majorMinor(membership.version ?? "") ?? "";
  respond(call, encodedBytes(encodeDowngradeResponse({ header: headers.current(), version })));
}

/** Goes on behind the barrier: everything that was committed when the call came is applied. */
class BarrierRead implements Read {
  readonly linearizable = true;
  arrivedAtMs = 0;
  private readonly call: UnaryCall;
  private readonly goOn: () => void;

  constructor(call: UnaryCall, goOn: () => void) {
    this.call = call;
    this.goOn = goOn;
  }

  get gone(): boolean {
    return this.call.cancelled;
  }

  run(): ReadProgress {
    this.goOn();
    return "answered";
  }

  fail(error: Status): void {
    refuse(this.call, error);
  }

  close(): void {}
}
