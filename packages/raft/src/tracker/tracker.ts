/**
 * The configuration together with the progress of each of its members and the votes of the running election.
 *
 * Invariants: every member of the configuration has a progress and nobody else has one; `ordered` holds them by ascending id, which is
 * the order of every broadcast.
 */

import { assert } from "@etcd-ts/base";
import { jointIndex, jointVote, type VoteResult } from "../quorum/quorum.ts";
import {
  type Configuration,
  compareIds,
  describeConfiguration,
  EMPTY_CONFIGURATION,
  isVoter,
} from "./configuration.ts";
import type { Progress } from "./progress.ts";

export type ProgressMap = ReadonlyMap<bigint, Progress>;

export interface Tally {
  readonly granted: number;
  readonly rejected: number;
  readonly result: VoteResult;
}

export class ProgressTracker {
  readonly inflightMessagesMax: number;
  readonly inflightBytesMax: number;
  config: Configuration = EMPTY_CONFIGURATION;
  ordered: readonly Progress[] = [];
  private progress: ProgressMap = new Map();
  private readonly votes = new Map<bigint, boolean>();

  constructor(inflightMessagesMax: number, inflightBytesMax: number) {
    this.inflightMessagesMax = inflightMessagesMax;
    this.inflightBytesMax = inflightBytesMax;
  }

  switchTo(config: Configuration, progress: ProgressMap): void {
    this.config = config;
    this.progress = progress;
    this.ordered = [...progress.values()].sort((a, b) => compareIds(a.id, b.id));
  }

  progressOf(id: bigint): Progress | undefined {
    return this.progress.get(id);
  }

  progressMap(): ProgressMap {
    return this.progress;
  }

  ackedIndex(id: bigint): number {
    return this.progress.get(id)?.match ?? 0;
  }

  /** The largest index on the disks of a quorum. */
  committedIndex(): number {
    return jointIndex(this.config.incoming, this.config.outgoing, this);
  }

  resetVotes(): void {
    this.votes.clear();
  }

  /** The first vote of a node counts. */
  recordVote(id: bigint, granted: boolean): void {
    if (!this.votes.has(id)) this.votes.set(id, granted);
  }

  tallyVotes(): Tally {
    let granted = 0;
    let rejected = 0;
    for (const progress of this.ordered) {
      const vote = progress.isLearner ? undefined : this.votes.get(progress.id);
      if (vote === true) granted++;
      else if (vote === false) rejected++;
    }
    return { granted, rejected, result: this.voteResult(this.votes) };
  }

  voteResult(votes: ReadonlyMap<bigint, boolean>): VoteResult {
    return jointVote(this.config.incoming, this.config.outgoing, votes);
  }

  /** A quorum of voters was heard from since the last check. */
  quorumActive(): boolean {
    const active = new Map<bigint, boolean>();
    for (const progress of this.ordered) {
      if (!progress.isLearner) active.set(progress.id, progress.recentActive);
    }
    return this.voteResult(active) === "VoteWon";
  }

  describe(): string {
    const members = this.ordered.map((it) => `${it.id.toString(16)}: ${it.describe()}`);
    return `${describeConfiguration(this.config)} {${members.join("; ")}}`;
  }

  invariants(): void {
    const { incoming, outgoing, learners, learnersNext, autoLeave } = this.config;
    for (const id of incoming) assert(this.progress.has(id), "tracker: voter without progress");
    for (const id of outgoing) assert(this.progress.has(id), "tracker: outgoing voter without progress");
    for (const id of learners) assert(this.progress.has(id), "tracker: learner without progress");
    for (const progress of this.ordered) {
      const { id } = progress;
      assert(isVoter(this.config, id) || learners.has(id), "tracker: progress without member");
      assert(progress.isLearner === learners.has(id), "tracker: learner flag as configured");
      progress.invariants();
    }
    for (const id of learners) assert(!isVoter(this.config, id), "tracker: learner and voter");
    for (const id of learnersNext) assert(outgoing.has(id), "tracker: next learner is an outgoing voter");
    if (outgoing.size === 0)
      assert(learnersNext.size === 0 && !autoLeave, "tracker: joint fields only when joint");
  }
}
