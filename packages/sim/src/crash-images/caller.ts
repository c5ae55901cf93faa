/** Calls one after the other, each when the one before was answered, and writes down what it heard. */

import type { Scheduler } from "../scheduler.ts";
import type { SimulatedMember } from "../simulated-member.ts";
import type { History, Operation } from "../workload/history.ts";
import { type Answer, SimulatedProposal } from "../workload/requests.ts";

export type Call = Exclude<Operation, { readonly kind: "get" }>;

export class Caller {
  done = false;
  private next = 0;
  private readonly scheduler: Scheduler;
  private readonly member: SimulatedMember;
  private readonly calls: readonly Call[];
  private readonly history: History;

  constructor(scheduler: Scheduler, member: SimulatedMember, calls: readonly Call[], history: History) {
    this.scheduler = scheduler;
    this.member = member;
    this.calls = calls;
    this.history = history;
    scheduler.after(1, this.ask);
  }

  private readonly ask = (): void => {
    const call = this.calls[this.next];
    // A member that does not lead yet drops what it is asked.
    if (this.member.member?.isPublished !== true) {
      this.scheduler.after(10, this.ask);
      return;
    }
    if (call === undefined) {
      this.done = true;
      return;
    }
    this.next++;
    const entry = this.history.ask(call, this.scheduler.nowMs);
    const proposal = new SimulatedProposal(call, (answer: Answer | undefined) => {
      if (answer !== undefined) {
        this.history.acknowledge(entry, { atMs: this.scheduler.nowMs, ...answer });
      }
      this.scheduler.after(1, this.ask);
    });
    this.member.propose(proposal);
  };
}
