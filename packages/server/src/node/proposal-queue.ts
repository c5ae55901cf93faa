/**
 * Proposals of this member: those of the present turn, which become one append, and those under way, until they are answered
 * or time out. All share one time-out, so the oldest is always in front.
 */

import type { Proposal } from "./proposal.ts";

export class ProposalQueue {
  private queued: Proposal[] = [];
  private underWay: Proposal[] = [];
  private head = 0;

  add(proposal: Proposal): void {
    this.queued.push(proposal);
  }

  get queuedCount(): number {
    return this.queued.length;
  }

  get pendingCount(): number {
    return this.queued.length + this.underWay.length - this.head;
  }

  /** Those that wait to be proposed. They count as under way from now on. */
  takeQueued(): readonly Proposal[] {
    const taken = this.queued;
    this.queued = [];
    for (const proposal of taken) this.underWay.push(proposal);
    return taken;
  }

  /** Drops what is settled from the front. */
  sweep(): void {
    const { underWay } = this;
    while (this.head < underWay.length && underWay[this.head]!.settled) this.head++;
    if (this.head === underWay.length) {
      this.underWay = [];
      this.head = 0;
    } else if (this.head > 4096 && this.head * 2 > underWay.length) {
      this.underWay = underWay.slice(this.head);
      this.head = 0;
    }
  }

  /** Unsettled proposals that were queued or proposed before this time, and wait for the log. */
  overdue(beforeMs: number): readonly Proposal[] {
    const late = this.queued.filter((proposal) => proposal.proposedAtMs < beforeMs);
    if (late.length > 0) this.queued = this.queued.filter((proposal) => proposal.proposedAtMs >= beforeMs);
    for (let i = this.head; i < this.underWay.length; i++) {
      const proposal = this.underWay[i]!;
      if (proposal.proposedAtMs >= beforeMs) break;
      if (!proposal.settled && !proposal.awaitsRemoval) late.push(proposal);
    }
    return late;
  }

  /** All that is unsettled; the member stops. */
  takeAll(): readonly Proposal[] {
    const all = [...this.underWay.slice(this.head), ...this.queued].filter((proposal) => !proposal.settled);
    this.queued = [];
    this.underWay = [];
    this.head = 0;
    return all;
  }
}
