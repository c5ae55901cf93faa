/** One renewal of a lease on the member that keeps its deadline, as another member asks for it on behalf of a client. */

import {
  createLeaseCheckpointRequest,
  ERRORS,
  LeaseCheckpointRequestCodec,
  RaftRequestField,
  type Status,
} from "@etcd-ts/proto";
import { OwnProposal } from "../node/own-proposal.ts";
import type { ServedMember } from "./served-member.ts";

export type RenewalOutcome =
  | { readonly error: undefined; readonly ttlSeconds: number }
  | { readonly error: Status };

/** `onEnd` is told once; not before the end of this turn, when the time is known. */
export function renewLease(member: ServedMember, id: bigint, onEnd: (outcome: RenewalOutcome) => void): void {
  const again = () => renewLease(member, id, onEnd);
  member.atTurnEnd(() => {
    const renewal = member.lessor.renew(id, member.nowMs);
    switch (renewal) {
      case "not-found":
        return onEnd({ error: ERRORS.leaseNotFound });
      case "not-primary":
        return onEnd({ error: ERRORS.notPrimaryLessor });
      case "expired":
        return member.lessor.whenRemoved(id, (gone) =>
          onEnd({ error: gone ? ERRORS.leaseNotFound : ERRORS.notPrimaryLessor }),
        );
      case "checkpointed":
        return clearCheckpoint(member, id, (error) => (error === undefined ? again() : onEnd({ error })));
      default:
        member.metrics.leasesRenewed++;
        return onEnd({ error: undefined, ttlSeconds: renewal });
    }
  });
}

/** The whole TTL counts from now, on every member, before the renewal does. */
export function clearCheckpoint(
  member: ServedMember,
  id: bigint,
  onEnd: (error: Status | undefined) => void,
): void {
  const request = createLeaseCheckpointRequest({ checkpoints: [{ id, remainingTtl: 0 }] });
  member.propose(
    new OwnProposal(RaftRequestField.leaseCheckpoint, LeaseCheckpointRequestCodec, request, onEnd),
  );
}
