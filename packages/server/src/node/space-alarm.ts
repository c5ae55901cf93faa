/** This member's NOSPACE alarm: raised once through the log, however many requests find the database full meanwhile. */

import { AlarmRequestCodec, createAlarmRequest, RaftRequestField } from "@etcd-ts/proto";
import { ALARM_NOSPACE } from "../alarm/alarm-store.ts";
import { OwnProposal } from "./own-proposal.ts";
import type { Proposal } from "./proposal.ts";

const ACTIVATE = 1;

export class SpaceAlarm {
  private readonly memberId: bigint;
  private readonly propose: (proposal: Proposal) => void;
  /** Undefined: it is not being raised. */
  private waiters: (() => void)[] | undefined;

  constructor(memberId: bigint, propose: (proposal: Proposal) => void) {
    this.memberId = memberId;
    this.propose = propose;
  }

  /** Runs `then` when the alarm is raised, or could not be. */
  raise(then: () => void): void {
    if (this.waiters !== undefined) {
      this.waiters.push(then);
      return;
    }
    this.waiters = [then];
    const request = createAlarmRequest({ action: ACTIVATE, memberId: this.memberId, alarm: ALARM_NOSPACE });
    this.propose(new OwnProposal(RaftRequestField.alarm, AlarmRequestCodec, request, () => this.onEnd()));
  }

  private onEnd(): void {
    const waiters = this.waiters ?? [];
    this.waiters = undefined;
    for (const waiter of waiters) waiter();
  }
}
