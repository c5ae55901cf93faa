/** Clients of the workload: each asks one thing at a time, by chance from the seed, and writes down what it heard. */

import type { Random } from "@etcd-ts/base";
import type { Scheduler } from "../scheduler.ts";
import type { SimulatedMember } from "../simulated-member.ts";
import type { History, Operation } from "./history.ts";
import { type Answer, SimulatedGet, SimulatedProposal } from "./requests.ts";

const KEYS = 20;
const GROUPS = 3;
const GROUP_KEYS = 24;
/** A client that hears nothing (its member has crashed) asks something else after this time. */
const PATIENCE_MS = 500;

export class Client {
  private readonly scheduler: Scheduler;
  private readonly member: SimulatedMember;
  private readonly random: Random;
  private readonly history: History;
  private readonly name: string;
  private asked = 0;

  constructor(name: string, scheduler: Scheduler, member: SimulatedMember, random: Random, history: History) {
    this.name = name;
    this.scheduler = scheduler;
    this.member = member;
    this.random = random;
    this.history = history;
  }

  start(): void {
    this.scheduler.after(this.random.below(20), () => this.ask());
  }

  private ask(): void {
    if (this.history.closed) return;
    const member = this.member.member;
    if (member === undefined) {
      this.scheduler.after(10, () => this.ask());
      return;
    }
    const operation = this.choose();
    const entry = this.history.ask(operation, this.scheduler.nowMs);
    let waiting = true;
    const goOn = () => {
      if (!waiting) return;
      waiting = false;
      this.scheduler.after(this.random.below(10), () => this.ask());
    };
    const onAnswer = (answer: Answer | undefined) => {
      if (waiting && answer !== undefined) {
        this.history.acknowledge(entry, { atMs: this.scheduler.nowMs, ...answer });
      }
      goOn();
    };
    if (operation.kind === "get") this.member.read(new SimulatedGet(member, operation, onAnswer));
    else this.member.propose(new SimulatedProposal(operation, onAnswer));
    this.scheduler.after(PATIENCE_MS, goOn);
  }

  private choose(): Operation {
    const dice = this.random.below(100);
    const value = `${this.name}.${++this.asked}.${"x".repeat(this.random.below(400))}`;
    if (dice < 50) return { kind: "put", key: `k/${this.random.below(KEYS)}`, value };
    if (dice < 75)
      return { kind: "get", key: `k/${this.random.below(KEYS)}`, atRevision: this.chooseRevision() };
    const prefix = `g${this.random.below(GROUPS)}/`;
    if (dice < 88) {
      const keys = Array.from({ length: GROUP_KEYS }, (_, i) => `${prefix}${String(i).padStart(3, "0")}`);
      return { kind: "put-group", keys, value };
    }
    if (dice < 99) return { kind: "delete-group", prefix };
    return {
      kind: "compact",
      revision: Math.max(1, this.history.revisionSeen - 300 - this.random.below(600)),
    };
  }

  /** 0: now; else one of the past, which the database must still know. */
  private chooseRevision(): number {
    if (this.random.below(2) === 0) return 0;
    return Math.max(1, this.history.revisionSeen - this.random.below(700));
  }
}
