/**
 * Elections: standing, asking, granting, counting.
 *
 * A pre-vote asks for the next term without entering it, so that a member that cannot win disturbs nobody. A member votes once a
 * term, and only for a log that holds at least its own. A vote counts from the disk on: even the own one comes back as a
 * message after the hard state was written.
 */

import { Message, MessageType } from "@etcd-ts/proto";
import { describeMessageType } from "../text/describe.ts";
import { voterIds } from "../tracker/configuration.ts";
import { CAMPAIGN_TRANSFER, NONE } from "./message-kinds.ts";
import type { Raft } from "./raft.ts";
import { onAppend, onHeartbeat, onSnapshot } from "./receiving.ts";
import { PROPOSAL_DROPPED, type Refusal } from "./refusal.ts";
import { broadcastAppend } from "./replication.ts";

type Campaign = "pre-election" | "election" | "transfer";

/** The election timeout has passed, or somebody wants an election. */
export function campaignAfterTimeout(raft: Raft): void {
  maybeCampaign(raft, raft.config.preVote ? "pre-election" : "election");
}

export function maybeCampaign(raft: Raft, kind: Campaign): void {
  const { logger, name } = raft;
  if (raft.state === "StateLeader") {
    logger.debug(`${name} ignoring MsgHup because already leader`);
    return;
  }
  if (!raft.promotable()) {
    logger.warn(`${name} is unpromotable and can not campaign`);
    return;
  }
  if (raft.hasUnappliedConfChange()) {
    const why = "since there are still pending configuration changes to apply";
    logger.warn(`${name} cannot campaign at term ${raft.term} ${why}`);
    return;
  }
  logger.info(`${name} is starting a new election at term ${raft.term}`);
  campaign(raft, kind);
}

function campaign(raft: Raft, kind: Campaign): void {
  const preVote = kind === "pre-election";
  if (preVote) raft.becomePreCandidate();
  else raft.becomeCandidate();
  const term = preVote ? raft.term + 1 : raft.term;
  for (const id of voterIds(raft.tracker.config)) {
    if (id === raft.id) {
      const own = new Message(preVote ? MessageType.PreVoteResp : MessageType.VoteResp, id);
      own.term = term;
      raft.send(own);
    } else {
      requestVote(raft, id, preVote ? MessageType.PreVote : MessageType.Vote, term, kind);
    }
  }
}

function requestVote(raft: Raft, to: bigint, type: MessageType, term: number, kind: Campaign): void {
  const request = new Message(type, to);
  request.term = term;
  request.logTerm = raft.log.lastTerm();
  request.index = raft.log.lastIndex();
  if (kind === "transfer") request.context = CAMPAIGN_TRANSFER;
  const log = `[logterm: ${request.logTerm}, index: ${request.index}]`;
  const what = `sent ${describeMessageType(type)} request to ${to.toString(16)} at term ${raft.term}`;
  raft.logger.info(`${raft.name} ${log} ${what}`);
  raft.send(request);
}

/** A vote or pre-vote request of this term, or for a pre-vote a later one. Learners vote too: they may not know that they are voters. */
export function onVoteRequest(raft: Raft, request: Message): void {
  const preVote = request.type === MessageType.PreVote;
  const answer = new Message(preVote ? MessageType.PreVoteResp : MessageType.VoteResp, request.from);
  if (raft.mayVoteFor(request) && raft.log.isUpToDate(request.logTerm, request.index)) {
    raft.logger.info(raft.describeVote("cast", request));
    // The request's term, not the own: for a pre-vote they differ, and the candidate ignores answers about its current term.
    answer.term = request.term;
    raft.send(answer);
    if (preVote) return;
    raft.electionElapsed = 0;
    raft.vote = request.from;
  } else {
    raft.logger.info(raft.describeVote("rejected", request));
    answer.term = raft.term;
    answer.reject = true;
    raft.send(answer);
  }
}

/** A candidate's or pre-candidate's message. */
export function stepCandidate(raft: Raft, message: Message): Refusal | undefined {
  switch (message.type) {
    case MessageType.Prop:
      raft.logger.info(`${raft.name} no leader at term ${raft.term}; dropping proposal`);
      return PROPOSAL_DROPPED;
    case MessageType.App:
      raft.becomeFollower(message.term, message.from);
      onAppend(raft, message);
      return undefined;
    case MessageType.Heartbeat:
      raft.becomeFollower(message.term, message.from);
      onHeartbeat(raft, message);
      return undefined;
    case MessageType.Snap:
      raft.becomeFollower(message.term, message.from);
      onSnapshot(raft, message);
      return undefined;
    case MessageType.VoteResp:
      if (raft.state === "StateCandidate") onVoteAnswer(raft, message);
      return undefined;
    case MessageType.PreVoteResp:
      if (raft.state === "StatePreCandidate") onVoteAnswer(raft, message);
      return undefined;
    case MessageType.TimeoutNow: {
      const where = `[term ${raft.term} state ${raft.state}]`;
      raft.logger.debug(`${raft.name} ${where} ignored MsgTimeoutNow from ${message.from.toString(16)}`);
      return undefined;
    }
    default:
      return undefined;
  }
}

function onVoteAnswer(raft: Raft, answer: Message): void {
  const type = describeMessageType(answer.type);
  const from = `from ${answer.from.toString(16)} at term ${raft.term}`;
  raft.logger.info(`${raft.name} received ${type}${answer.reject ? " rejection" : ""} ${from}`);
  raft.tracker.recordVote(answer.from, !answer.reject);
  const { granted, rejected, result } = raft.tracker.tallyVotes();
  raft.logger.info(`${raft.name} has received ${granted} ${type} votes and ${rejected} vote rejections`);
  if (result === "VoteWon") {
    if (raft.state === "StatePreCandidate") {
      campaign(raft, "election");
    } else {
      raft.becomeLeader();
      broadcastAppend(raft);
    }
  } else if (result === "VoteLost") {
    raft.becomeFollower(raft.term, NONE);
  }
}
