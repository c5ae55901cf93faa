/**
 * A client that lives by leases: it is granted one, hangs keys on it, keeps it alive for a while, then gives it back or forgets it,
 * and begins anew. It writes down what it was told and when.
 */

import type { Random } from "@etcd-ts/base";
import type { Scheduler } from "../scheduler.ts";
import type { SimulatedMember } from "../simulated-member.ts";
import { type History, LEASED_PREFIX, type LeaseStory, type Operation } from "./history.ts";
import { type Answer, SimulatedProposal } from "./requests.ts";

/** The shortest that is granted, and what is added by chance. */
const TTL_SECONDS_MIN = 2;
const TTL_SECONDS_SPREAD = 3;
const KEYS_MAX = 3;
const RENEWALS_MAX = 8;
/** As clients do it: three renewals a TTL. */
const RENEWALS_PER_TTL = 3;
const PATIENCE_MS = 500;

export class LeaseHolder {
  private readonly scheduler: Scheduler;
  private readonly member: SimulatedMember;
  private readonly random: Random;
  private readonly history: History;
  private readonly name: string;
  private readonly firstId: bigint;
  private granted = 0n;

  /** `number`: no other holder has it. */
  constructor(
    number: number,
    scheduler: Scheduler,
    member: SimulatedMember,
    random: Random,
    history: History,
  ) {
    this.name = `holder${number}`;
    this.firstId = BigInt(number) * 1_000_000n;
    this.scheduler = scheduler;
    this.member = member;
    this.random = random;
    this.history = history;
  }

  start(): void {
    this.scheduler.after(this.random.below(50), () => this.begin());
  }

  private begin(): void {
    if (this.history.closed) return;
    const id = this.firstId + ++this.granted;
    const ttlSeconds = TTL_SECONDS_MIN + this.random.below(TTL_SECONDS_SPREAD);
    const story: LeaseStory = {
      id,
      ttlSeconds,
      renewedAtMs: [],
      revokeAskedAtMs: undefined,
      lostAtMs: undefined,
    };
    this.history.leases.push(story);
    this.ask({ kind: "grant", id, ttlSeconds }, (answer) => {
      if (answer === undefined) return this.beginSoon();
      story.renewedAtMs.push(this.scheduler.nowMs);
      this.attach(story, 1 + this.random.below(KEYS_MAX));
    });
  }

  private attach(story: LeaseStory, keys: number): void {
    if (keys === 0) return this.keepAlive(story, this.random.below(RENEWALS_MAX));
    const key = `${LEASED_PREFIX}${story.id}/${keys}`;
    this.ask({ kind: "put", key, value: this.name, lease: story.id }, () => this.attach(story, keys - 1));
  }

  private keepAlive(story: LeaseStory, renewals: number): void {
    if (this.history.closed) return;
    if (renewals === 0) return this.end(story);
    this.scheduler.after((story.ttlSeconds * 1000) / RENEWALS_PER_TTL, () => {
      this.renew(story);
      if (story.lostAtMs === undefined) this.keepAlive(story, renewals - 1);
      else this.beginSoon();
    });
  }

  /** As the service does it: at the end of a turn. */
  private renew(story: LeaseStory): void {
    this.member.handOver((member) =>
      member.atTurnEnd(() => {
        const renewal = member.lessor.renew(story.id, member.nowMs);
        if (typeof renewal === "number") story.renewedAtMs.push(this.scheduler.nowMs);
        else if (renewal === "checkpointed") {
          this.ask({ kind: "clear-checkpoint", id: story.id }, (answer) => {
            if (answer !== undefined) this.renew(story);
          });
        } else if (renewal === "not-found" || renewal === "expired") story.lostAtMs ??= this.scheduler.nowMs;
      }),
    );
  }

  private end(story: LeaseStory): void {
    if (this.random.below(4) > 0) return this.beginSoon();
    story.revokeAskedAtMs = this.scheduler.nowMs;
    this.ask({ kind: "revoke", id: story.id }, () => this.beginSoon());
  }

  private beginSoon(): void {
    this.scheduler.after(this.random.below(300), () => this.begin());
  }

  private ask(
    operation: Exclude<Operation, { kind: "get" }>,
    then: (answer: Answer | undefined) => void,
  ): void {
    if (this.history.closed) return;
    const entry = this.history.ask(operation, this.scheduler.nowMs);
    let waiting = true;
    const onAnswer = (answer: Answer | undefined) => {
      if (!waiting) return;
      waiting = false;
      if (answer !== undefined) this.history.acknowledge(entry, { atMs: this.scheduler.nowMs, ...answer });
      // Whoever answers is in the middle of something.
      this.scheduler.after(0, () => then(answer));
    };
    this.member.propose(new SimulatedProposal(operation, onAnswer));
    this.scheduler.after(PATIENCE_MS, () => onAnswer(undefined));
  }
}
