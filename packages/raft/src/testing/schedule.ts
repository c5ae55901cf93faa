/**
 * A random schedule: which member does what, which message arrives, is lost, doubled or overtaken, who crashes, is cut off or proposes
 * what. All of it follows from the seed, so a schedule of fewer events is a prefix of one of more: shrinking the number of
 * events finds the first one that goes wrong.
 *
 * First the storm, which checks safety; then a calm, in which the cluster must elect a leader and agree on everything.
 */

import { SeededRandom } from "@etcd-ts/base";
import {
  type ConfChangeSingle,
  ConfChangeTransition,
  ConfChangeType,
  type Message,
  MessageType,
} from "@etcd-ts/proto";
import type { ReadOnlyOption } from "../core/config.ts";
import type { RawNode } from "../core/raw-node.ts";
import { describeConfState } from "../text/describe.ts";
import { Checker } from "./checker.ts";
import { CrashableDisk, formattedDisk } from "./disk.ts";
import { Member, type MemberOptions, numberBytes } from "./member.ts";
import { Violation } from "./violation.ts";

export interface Schedule {
  readonly seed: number;
  readonly events: number;
  /** The first voters; two more members may be added later. */
  readonly voters: number;
  readonly asynchronous: boolean;
  /** See `RaftConfig`: unsafe. */
  readonly earlyVoteRequests: boolean;
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
  /** Small limits of sizes and windows. */
  readonly tight: boolean;
  readonly slowDisks: boolean;
  readonly readOnly: ReadOnlyOption;
  /** How often somebody crashes, is cut off, stands for election, or proposes a new configuration, in thousandths of the events. */
  readonly crashes: number;
  readonly cuts: number;
  readonly campaigns: number;
  readonly changes: number;
}

/** The schedule that `seed` stands for: the options are drawn from it too. */
export function scheduleOf(seed: number, events: number, fixed: Partial<Schedule> = {}): Schedule {
  const random = new SeededRandom(seed + 1);
  const flag = (): boolean => random.below(2) === 0;
  const oneOf = (values: readonly number[]): number => values[random.below(values.length)]!;
  return {
    seed,
    events,
    voters: 1 + random.below(5),
    asynchronous: random.below(4) > 0,
    earlyVoteRequests: false,
    preVote: flag(),
    checkQuorum: flag(),
    tight: random.below(3) === 0,
    slowDisks: random.below(4) === 0,
    readOnly: "safe",
    crashes: oneOf([0, 2, 15]),
    cuts: oneOf([0, 3, 15]),
    campaigns: oneOf([0, 2, 20]),
    changes: oneOf([0, 6, 30]),
    ...fixed,
  };
}

export interface Outcome {
  readonly events: number;
  readonly committed: number;
}

const SPARE_MEMBERS = 2;
const IN_FLIGHT_MAX = 200;
const CALM_ROUNDS_MAX = 400;
/** How many times in a row a tick's messages may lead to others. */
const HOPS_MAX = 1000;

/** Runs the schedule; throws a {@link Violation} when a property does not hold. */
export function runSchedule(schedule: Schedule): Outcome {
  const storm = new Storm(schedule);
  let event = 0;
  try {
    while (event < schedule.events) {
      event++;
      storm.event();
    }
    storm.calm();
  } catch (error) {
    if (error instanceof Violation) error.schedule = { ...schedule, events: event };
    throw error;
  }
  return { events: schedule.events, committed: storm.checker.commit };
}

/** What goes wrong in `schedule`; undefined when nothing does. */
export function violationOf(schedule: Schedule): Violation | undefined {
  try {
    runSchedule(schedule);
    return undefined;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}

class Storm {
  readonly checker = new Checker();
  private readonly schedule: Schedule;
  private readonly random: SeededRandom;
  private readonly members: Member[] = [];
  private inFlight: Message[] = [];
  /** Members whose messages get lost. */
  private readonly cut = new Set<bigint>();
  private counter = 0;

  constructor(schedule: Schedule) {
    this.schedule = schedule;
    this.random = new SeededRandom(schedule.seed);
    const voters = Array.from({ length: schedule.voters }, (_, i) => BigInt(i + 1));
    const options = memberOptions(schedule);
    const size = schedule.voters + (schedule.changes > 0 ? SPARE_MEMBERS : 0);
    for (let id = 1n; id <= BigInt(size); id++) {
      const disk = id <= schedule.voters ? formattedDisk(voters) : new CrashableDisk();
      const send = (message: Message): void => this.post(message);
      this.members.push(new Member(id, disk, options, this.checker, this.random, send));
    }
  }

  // ---------------------------------------------------------------------------------------------------------- storm

  event(): void {
    const { crashes, cuts, campaigns, changes } = this.schedule;
    const member = this.anyone();
    const dice = this.random.below(1000);
    const starts = 3 * crashes;
    const cut = starts + 2 * cuts;
    if (dice < crashes) this.crash(member);
    else if (dice < starts) this.startAny();
    else if (dice < cut) this.cutOff(dice < starts + cuts ? member : undefined);
    else if (dice < cut + campaigns) member.run((node) => node.campaign());
    else if (dice < cut + campaigns + changes) this.proposeChange(this.leader());
    else this.usualEvent(this.random.below(1000), member);
  }

  private usualEvent(dice: number, member: Member): void {
    if (dice < 540) this.deliverAny();
    else if (dice < 740) this.useDisk(dice - 540, member);
    else if (dice < 780) member.applyNext();
    else if (dice < 880) member.run((node) => node.tick());
    else if (dice < 960) this.leader().run((node) => this.propose(node));
    else if (dice < 985) this.askRead(dice < 972 ? member : this.leader());
    else this.rareEvent(dice - 985, member);
  }

  private rareEvent(dice: number, member: Member): void {
    if (dice < 4) member.run((node) => this.propose(node));
    else if (dice < 11) member.compact();
    else if (dice < 13) this.leader().run((node) => node.transferLeader(this.anyone().id));
    else if (dice < 14) member.run((node) => node.forgetLeader());
    else member.run((node) => node.reportUnreachable(this.anyone().id));
  }

  private useDisk(dice: number, member: Member): void {
    if (this.schedule.slowDisks && this.random.below(4) > 0) return;
    if (dice < 100) {
      // The threads keep up for once.
      member.writeNext();
      member.writeNext();
      member.sync();
      member.applyNext();
    } else if (dice < 160) member.writeNext();
    else member.sync();
  }

  /** Cuts off one member, sometimes two, instead of those that were. */
  private cutOff(member: Member | undefined): void {
    this.cut.clear();
    if (member === undefined) return;
    this.cut.add(member.id);
    if (this.random.below(3) === 0) this.cut.add(this.anyone().id);
  }

  private anyone(): Member {
    return this.members[this.random.below(this.members.length)]!;
  }

  /** Some member that thinks it leads, else any. */
  private leader(): Member {
    const start = this.random.below(this.members.length);
    for (let i = 0; i < this.members.length; i++) {
      const member = this.members[(start + i) % this.members.length]!;
      if (member.node?.raft.state === "StateLeader") return member;
    }
    return this.members[start]!;
  }

  private propose(node: RawNode): void {
    node.propose(numberBytes(++this.counter));
  }

  private askRead(member: Member): void {
    const id = ++this.counter;
    this.checker.readAsked(id);
    member.run((node) => node.readIndex(numberBytes(id)));
  }

  private proposeChange(member: Member): void {
    const changes = this.random.below(2) === 0 ? this.replacement() : this.someChanges();
    const transition = this.random.below(3) as ConfChangeTransition;
    const [first] = changes;
    if (changes.length === 1 && transition === ConfChangeTransition.Auto && first !== undefined) {
      member.run((node) => node.proposeConfChange({ id: 0n, ...first, context: undefined }));
    } else {
      member.run((node) => node.proposeConfChange({ transition, changes, context: undefined }));
    }
  }

  /** Up to three changes that have nothing to do with each other; none: leave a joint configuration. */
  private someChanges(): ConfChangeSingle[] {
    const count = this.random.below(3) === 0 ? this.random.below(4) : 1;
    return Array.from({ length: count }, () => {
      const type = ([0, 0, 1, 3] as const)[this.random.below(4)]!;
      return { type, nodeId: this.anyone().id };
    });
  }

  /** Another set of voters altogether. */
  private replacement(): ConfChangeSingle[] {
    return this.members.map(({ id }) => {
      const stays = this.random.below(2) === 0;
      return { type: stays ? ConfChangeType.AddNode : ConfChangeType.RemoveNode, nodeId: id };
    });
  }

  private crash(member: Member): void {
    if (member.node !== undefined) member.crash();
  }

  private startAny(): void {
    this.members.find((it) => it.node === undefined)?.start();
  }

  // -------------------------------------------------------------------------------------------------------- network

  private post(message: Message): void {
    this.inFlight.push(message);
    // A full network loses what is oldest.
    if (this.inFlight.length > IN_FLIGHT_MAX) this.lose(this.inFlight.shift()!);
  }

  private deliverAny(): void {
    const { inFlight, random } = this;
    if (inFlight.length === 0) return;
    // Mostly the older ones, as a network does; sometimes any.
    const reach = random.below(4) === 0 ? inFlight.length : Math.min(inFlight.length, 4);
    const at = random.below(reach);
    const message = inFlight[at]!;
    const chance = random.below(100);
    if (chance < 5) {
      this.deliver(message); // and once more later
      return;
    }
    inFlight.splice(at, 1);
    if (chance < 12) this.lose(message);
    else this.deliver(message);
  }

  private deliver(message: Message): void {
    const { to, from } = message;
    const target = this.members[Number(to) - 1];
    if (target?.node === undefined || this.cut.has(to) || this.cut.has(from)) {
      this.lose(message);
      return;
    }
    target.run((node) => node.step(message));
    if (message.type === MessageType.Snap) this.reportSnapshot(message, false);
  }

  private lose(message: Message): void {
    if (message.type === MessageType.Snap) this.reportSnapshot(message, true);
  }

  private reportSnapshot({ from, to }: Message, failed: boolean): void {
    this.members[Number(from) - 1]?.run((node) => node.reportSnapshot(to, failed));
  }

  // ------------------------------------------------------------------------------------------------------------ calm

  /** Everybody is up, nothing gets lost: the members of the configuration must come to agree, and commit something new. */
  calm(): void {
    this.cut.clear();
    for (const member of this.members) if (member.node === undefined) member.start();
    for (let round = 0; round < CALM_ROUNDS_MAX; round++) {
      this.calmRound();
      if (this.agreed()) return;
    }
    if (this.divided()) return;
    const states = this.members.map((it) => it.node!.describe());
    throw new Violation("progress after the storm", `no agreement:\n  ${states.join("\n  ")}`);
  }

  private calmRound(): void {
    for (const member of this.participants()) member.run((node) => node.tick());
    for (let busy = true, hops = 0; busy; hops++) {
      if (hops > HOPS_MAX) throw new Violation("progress after the storm", "messages go round and round");
      const messages = this.inFlight;
      this.inFlight = [];
      for (const message of messages) this.deliver(message);
      for (const member of this.members) {
        member.writeNext();
        member.sync();
        member.applyNext();
      }
      busy = messages.length > 0 || this.inFlight.length > 0;
    }
  }

  /** Removed members are switched off, as an operator would. */
  private participants(): Member[] {
    const { voters, votersOutgoing, learners } = this.newest().configuration();
    const ids = new Set([...voters, ...votersOutgoing, ...learners]);
    return this.members.filter((it) => ids.has(it.id));
  }

  private newest(): Member {
    return this.members.reduce((a, b) => (b.appliedIndex > a.appliedIndex ? b : a));
  }

  /**
   * Some member has not heard of the newest configuration and may need the vote of one that was removed by it, and that has no reason to
   * vote: raft promises nothing then.
   */
  private divided(): boolean {
    const newest = describeConfState(this.newest().configuration());
    return this.participants().some((it) => describeConfState(it.configuration()) !== newest);
  }

  private agreed(): boolean {
    const leader = this.members.find(
      (it) => it.node!.raft.state === "StateLeader" && it.node!.raft.hasCommittedInTerm(),
    );
    if (leader === undefined) return false;
    const { log, term } = leader.node!.raft;
    if (log.committed < log.lastIndex()) return false;
    return this.participants().every(
      (it) => it.appliedIndex === log.committed && it.node!.raft.term === term,
    );
  }
}

function memberOptions(schedule: Schedule): MemberOptions {
  const { asynchronous, earlyVoteRequests, preVote, checkQuorum, readOnly, tight } = schedule;
  const limits = tight
    ? { inflightMessagesMax: 2, messageBytesMax: 30, applyingBytesMax: 30, uncommittedBytesMax: 40 }
    : { inflightMessagesMax: 64 };
  return {
    electionTicks: 5,
    heartbeatTicks: 1,
    asyncStorageWrites: asynchronous,
    earlyVoteRequests,
    preVote,
    checkQuorum,
    readOnly,
    stepDownOnRemoval: true,
    ...limits,
  };
}
