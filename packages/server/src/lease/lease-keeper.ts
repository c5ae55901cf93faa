/**
 * The leader's duties to leases: their end is proposed when they expire, each as an entry of its own, and what is left of long
 * ones is written through raft from time to time, so that a new leader does not begin their time anew. What is refused or lost
 * comes due again.
 */

import {
  createLeaseCheckpointRequest,
  createLeaseRevokeRequest,
  LeaseCheckpointRequestCodec,
  LeaseRevokeRequestCodec,
  RaftRequestField,
} from "@etcd-ts/proto";
import { OwnProposal } from "../node/own-proposal.ts";
import type { Proposal } from "../node/proposal.ts";
import type { Lessor } from "./lessor.ts";
import { RevocationPace } from "./revocation-pace.ts";

/** Leases in one checkpoint entry, and the pause before the next entry. */
const CHECKPOINT_LEASES_MAX = 1000;
const CHECKPOINT_PAUSE_MS = 20;

export class LeaseKeeper {
  private readonly lessor: Lessor;
  private readonly propose: (proposal: Proposal) => void;
  private readonly onExpired: () => void;
  private readonly pace = new RevocationPace();
  /** As of the last turn. */
  private nowMs = 0;
  /** When the next checkpoint may be proposed. */
  private checkpointsResumeAtMs = 0;

  /** `onExpired` hears of each lease that was revoked. */
  constructor(lessor: Lessor, propose: (proposal: Proposal) => void, onExpired: () => void) {
    this.lessor = lessor;
    this.propose = propose;
    this.onExpired = onExpired;
  }

  /** A turn of a leader that has applied all before its term. */
  onTurn(nowMs: number): void {
    this.nowMs = nowMs;
    if (this.lessor.nextExpiryMs() <= nowMs) this.revokeExpired();
    if (this.nextCheckpointMs() <= nowMs) this.checkpoint();
  }

  /** When it wants a turn; Infinity: not before something happens. */
  nextWakeMs(): number {
    const expiryMs = this.lessor.nextExpiryMs();
    const revocationMs = expiryMs > this.nowMs ? expiryMs : this.pace.readyAtMs;
    return Math.min(revocationMs, this.nextCheckpointMs());
  }

  private revokeExpired(): void {
    const expired = this.lessor.takeExpired(this.nowMs, this.pace.limit(this.nowMs));
    this.pace.use(expired.length);
    for (const id of expired) {
      const request = createLeaseRevokeRequest({ id });
      this.propose(
        new OwnProposal(RaftRequestField.leaseRevoke, LeaseRevokeRequestCodec, request, (error) => {
          if (error === undefined) this.onExpired();
        }),
      );
    }
  }

  private checkpoint(): void {
    const due = this.lessor.takeCheckpoints(this.nowMs, CHECKPOINT_LEASES_MAX);
    if (due.length === 0) return;
    this.checkpointsResumeAtMs = this.nowMs + CHECKPOINT_PAUSE_MS;
    const checkpoints = due.map(({ id, remainingTtlSeconds }) => ({ id, remainingTtl: remainingTtlSeconds }));
    const request = createLeaseCheckpointRequest({ checkpoints });
    const field = RaftRequestField.leaseCheckpoint;
    this.propose(new OwnProposal(field, LeaseCheckpointRequestCodec, request, () => {}));
  }

  private nextCheckpointMs(): number {
    return Math.max(this.lessor.nextCheckpointMs(), this.checkpointsResumeAtMs);
  }
}
