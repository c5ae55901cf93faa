/**
 * Raft with one rule left out, for showing that the properties would notice. Each bug replaces one method for as long as it is
 * planted; nothing in raft itself knows of them.
 */

import type { Message } from "@etcd-ts/proto";
import { MessageType } from "@etcd-ts/proto";
import { Raft } from "../core/raft.ts";
import { RaftLog } from "../log/raft-log.ts";
import { Unstable } from "../log/unstable.ts";
import { majorityIndex, majorityVote } from "../quorum/quorum.ts";
import { Progress } from "../tracker/progress.ts";
import { ProgressTracker } from "../tracker/tracker.ts";
import type { Schedule } from "./schedule.ts";
import type { PropertyName } from "./violation.ts";

export interface PlantedBug {
  readonly rule: string;
  /** The properties that may be the first to notice. */
  readonly caughtBy: readonly PropertyName[];
  /** Plants the bug and returns how to take it out again. */
  readonly plant: () => () => void;
  /** What schedules need so that the rule matters. */
  readonly schedule?: Partial<Schedule>;
  /** A seed whose schedule notices; others do too, but may be rare. */
  readonly seed: number;
}

/** Replaces `target[name]` until the returned function is called. */
function replace<T extends object, K extends keyof T>(target: T, name: K, by: T[K]): () => void {
  const original = target[name];
  target[name] = by;
  return () => {
    target[name] = original;
  };
}

/** Answers that promise something go out with the rest, before the disk has what they promise. */
function sendAtOnce(type: typeof MessageType.AppResp | typeof MessageType.VoteResp): () => void {
  const { send } = Raft.prototype;
  return replace(Raft.prototype, "send", function (this: Raft, message: Message) {
    send.call(this, message);
    if (message.type !== type || message.to === this.id) return;
    this.messages.push(this.messagesAfterAppend.pop()!);
  });
}

const CRASHING: Partial<Schedule> = {
  asynchronous: true,
  slowDisks: true,
  crashes: 15,
  campaigns: 10,
  cuts: 3,
  changes: 0,
  voters: 3,
  preVote: false,
  checkQuorum: false,
};

const CHANGING: Partial<Schedule> = {
  changes: 20,
  campaigns: 30,
  cuts: 10,
  crashes: 0,
  voters: 3,
  preVote: false,
  checkQuorum: false,
};

export const PLANTED_BUGS: readonly PlantedBug[] = [
  {
    rule: "one vote a term",
    seed: 52,
    caughtBy: ["election safety"],
    plant: () =>
      replace(Raft.prototype, "mayVoteFor", function (this: Raft) {
        return this.state === "StateFollower";
      }),
    schedule: { campaigns: 20 },
  },
  {
    rule: "a vote is on the disk before it is sent",
    seed: 112,
    caughtBy: ["election safety"],
    plant: () => sendAtOnce(MessageType.VoteResp),
    schedule: CRASHING,
  },
  {
    rule: "the own vote is on the disk before others are asked for theirs",
    seed: 928,
    caughtBy: ["log matching"],
    plant: () => () => {},
    schedule: { ...CRASHING, slowDisks: false, campaigns: 20, earlyVoteRequests: true },
  },
  {
    rule: "an acknowledged entry is on the disk",
    seed: 21,
    caughtBy: ["leader completeness", "state machine safety"],
    plant: () => sendAtOnce(MessageType.AppResp),
    schedule: CRASHING,
  },
  {
    rule: "a vote needs an up-to-date log",
    seed: 18,
    caughtBy: ["leader completeness", "state machine safety"],
    plant: () => replace(RaftLog.prototype, "isUpToDate", () => true),
  },
  {
    rule: "only entries of the own term are committed by counting",
    seed: 15,
    caughtBy: ["leader completeness", "state machine safety"],
    plant: () => replace(Raft.prototype, "mayCommit", (index: number) => Number.isFinite(index)),
    schedule: {
      crashes: 5,
      campaigns: 30,
      voters: 3,
      tight: true,
      changes: 0,
      preVote: false,
      checkQuorum: false,
    },
  },
  {
    rule: "a joint configuration commits with both majorities",
    seed: 884,
    caughtBy: ["leader completeness", "state machine safety"],
    plant: () =>
      replace(ProgressTracker.prototype, "committedIndex", function (this: ProgressTracker) {
        return majorityIndex(this.config.incoming, this);
      }),
    schedule: CHANGING,
  },
  {
    rule: "a joint configuration elects with both majorities",
    seed: 584,
    caughtBy: ["election safety", "leader completeness", "state machine safety"],
    plant: () =>
      replace(ProgressTracker.prototype, "voteResult", function (this: ProgressTracker, votes) {
        return majorityVote(this.config.incoming, votes);
      }),
    schedule: CHANGING,
  },
  {
    rule: "one configuration change at a time",
    seed: 323,
    caughtBy: ["election safety", "leader completeness", "state machine safety", "configuration agreement"],
    plant: () => replace(Raft.prototype, "reasonAgainst", () => undefined),
    schedule: { ...CHANGING, changes: 60 },
  },
  {
    rule: "an append goes on from an entry that matches",
    seed: 18,
    caughtBy: ["log matching"],
    plant: () =>
      replace(RaftLog.prototype, "matchTerm", function (this: RaftLog, _term, index) {
        return index <= this.lastIndex();
      }),
  },
  {
    rule: "an append that overlaps the log replaces only what conflicts",
    seed: 5,
    caughtBy: ["leader completeness", "state machine safety", "invariants"],
    plant: () =>
      replace(RaftLog.prototype, "maybeAppend", function (this: RaftLog, term, index, entries, committed) {
        if (!this.matchTerm(term, index)) return -1;
        this.append(entries);
        this.commitTo(Math.min(committed, index + entries.length));
        return index + entries.length;
      }),
  },
  {
    rule: "a heartbeat commits only what is known to match",
    seed: 9,
    caughtBy: ["state machine safety", "invariants"],
    plant: () => {
      const { send } = Raft.prototype;
      return replace(Raft.prototype, "send", function (this: Raft, message: Message) {
        if (message.type === MessageType.Heartbeat) message.commit = this.log.committed;
        send.call(this, message);
      });
    },
  },
  {
    rule: "entries are applied when they are on the disk",
    seed: 5,
    caughtBy: ["applied is durable"],
    plant: () => {
      const { hasNextCommitted, nextCommitted } = RaftLog.prototype;
      const has = replace(RaftLog.prototype, "hasNextCommitted", function (this: RaftLog) {
        return hasNextCommitted.call(this, true);
      });
      const next = replace(RaftLog.prototype, "nextCommitted", function (this: RaftLog) {
        return nextCommitted.call(this, true);
      });
      return () => {
        has();
        next();
      };
    },
    schedule: { asynchronous: true },
  },
  {
    rule: "a write that was overtaken by another does not count as stable",
    seed: 2501,
    caughtBy: ["leader completeness", "state machine safety", "applied is durable", "invariants"],
    plant: () =>
      replace(Unstable.prototype, "stableTo", function (this: Unstable, _term, index) {
        const count = index + 1 - this.offset;
        if (count <= 0 || count > this.entries.length) return;
        this.entries = this.entries.slice(count);
        this.offset = index + 1;
        this.offsetInProgress = Math.max(this.offsetInProgress, this.offset);
      }),
    schedule: CRASHING,
  },
  {
    rule: "a read waits until a quorum has confirmed the leader, unless clocks are known to agree",
    seed: 428,
    caughtBy: ["linearizable reads"],
    plant: () => () => {},
    schedule: { readOnly: "lease-based", checkQuorum: true, voters: 3, changes: 0 },
  },
  {
    rule: "a read waits for the first commit of the term",
    seed: 9,
    caughtBy: ["linearizable reads"],
    plant: () => replace(Raft.prototype, "hasCommittedInTerm", () => true),
  },
  {
    rule: "a rejected probe steps back",
    seed: 1,
    caughtBy: ["progress after the storm"],
    plant: () => replace(Progress.prototype, "maybeDecreaseTo", () => false),
  },
  {
    rule: "a higher term ends leadership",
    seed: 8,
    caughtBy: [
      "leader append-only",
      "log matching",
      "election safety",
      "invariants",
      "progress after the storm",
    ],
    plant: () => {
      const { becomeFollower } = Raft.prototype;
      return replace(Raft.prototype, "becomeFollower", function (this: Raft, term, lead) {
        if (this.state !== "StateLeader") becomeFollower.call(this, term, lead);
      });
    },
  },
];
