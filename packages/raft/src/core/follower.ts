/** A follower's messages: it obeys its leader, and passes on to it what only a leader can do. */

import { Message, MessageType } from "@etcd-ts/proto";
import { maybeCampaign } from "./elections.ts";
import { NONE } from "./message-kinds.ts";
import type { Raft } from "./raft.ts";
import { onAppend, onHeartbeat, onSnapshot } from "./receiving.ts";
import { PROPOSAL_DROPPED, type Refusal } from "./refusal.ts";

export function stepFollower(raft: Raft, message: Message): Refusal | undefined {
  switch (message.type) {
    case MessageType.Prop:
      return onProposal(raft, message);
    case MessageType.App:
      hearFromLeader(raft, message.from);
      onAppend(raft, message);
      return undefined;
    case MessageType.Heartbeat:
      hearFromLeader(raft, message.from);
      onHeartbeat(raft, message);
      return undefined;
    case MessageType.Snap:
      hearFromLeader(raft, message.from);
      onSnapshot(raft, message);
      return undefined;
    case MessageType.TransferLeader:
      if (raft.lead !== NONE) forward(raft, message);
      else raft.logger.info(`${noLeader(raft)}; dropping leader transfer msg`);
      return undefined;
    case MessageType.ReadIndex:
      if (raft.lead !== NONE) forward(raft, message);
      else raft.logger.info(`${noLeader(raft)}; dropping index reading msg`);
      return undefined;
    case MessageType.ReadIndexResp:
      onReadAnswer(raft, message);
      return undefined;
    case MessageType.ForgetLeader:
      onForgetLeader(raft);
      return undefined;
    case MessageType.TimeoutNow:
      onTimeoutNow(raft, message);
      return undefined;
    default:
      return undefined;
  }
}

function hearFromLeader(raft: Raft, leader: bigint): void {
  raft.electionElapsed = 0;
  raft.lead = leader;
}

function noLeader(raft: Raft): string {
  return `${raft.name} no leader at term ${raft.term}`;
}

function onProposal(raft: Raft, message: Message): Refusal | undefined {
  if (raft.lead === NONE) {
    raft.logger.info(`${noLeader(raft)}; dropping proposal`);
    return PROPOSAL_DROPPED;
  }
  if (raft.config.disableProposalForwarding) {
    const leader = raft.lead.toString(16);
    raft.logger.info(
      `${raft.name} not forwarding to leader ${leader} at term ${raft.term}; dropping proposal`,
    );
    return PROPOSAL_DROPPED;
  }
  forward(raft, message);
  return undefined;
}

/** Sends a copy on to the leader, from whom it came from: the message that came belongs to its sender. */
function forward(raft: Raft, message: Message): void {
  const copy = new Message(message.type, raft.lead, message.from);
  copy.entries = message.entries;
  copy.context = message.context;
  raft.send(copy);
}

function onReadAnswer(raft: Raft, message: Message): void {
  const count = message.entries.length;
  if (count !== 1) {
    const from = message.from.toString(16);
    raft.logger.error(
      `${raft.name} invalid format of MsgReadIndexResp from ${from}, entries count: ${count}`,
    );
    return;
  }
  raft.readStates.push({ index: message.index, context: message.entries[0]!.data });
}

/** Term and vote stay: a member that forgot its leader may vote for another, in another term. */
function onForgetLeader(raft: Raft): void {
  if (raft.config.readOnly === "lease-based") {
    raft.logger.error("ignoring MsgForgetLeader due to ReadOnlyLeaseBased");
  } else if (raft.lead !== NONE) {
    raft.logger.info(`${raft.name} forgetting leader ${raft.lead.toString(16)} at term ${raft.term}`);
    raft.lead = NONE;
  }
}

/** The leader hands over: no pre-vote, for the leader is alive and the others would refuse. */
function onTimeoutNow(raft: Raft, message: Message): void {
  const from = message.from.toString(16);
  const what = `received MsgTimeoutNow from ${from} and starts an election to get leadership.`;
  raft.logger.info(`${raft.name} [term ${raft.term}] ${what}`);
  maybeCampaign(raft, "transfer");
}
