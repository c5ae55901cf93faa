/** A leader's messages: proposals, its followers' answers, transfers of leadership, and its own timers. */

import { assert } from "@etcd-ts/base";
import {
  type ConfChangeV2,
  decodeConfChange,
  decodeConfChangeV2,
  Entry,
  EntryType,
  type Message,
  MessageType,
} from "@etcd-ts/proto";
import { asConfChangeV2 } from "../confchange/changer.ts";
import { describeConfChange } from "../text/describe.ts";
import { describeConfiguration } from "../tracker/configuration.ts";
import type { Progress } from "../tracker/progress.ts";
import { NONE } from "./message-kinds.ts";
import type { Raft } from "./raft.ts";
import { onReadConfirmation, onReadRequest, releasePostponedReads } from "./reads.ts";
import { PROPOSAL_DROPPED, type Refusal } from "./refusal.ts";
import {
  broadcastAppend,
  broadcastHeartbeat,
  maybeSendAppend,
  sendAppend,
  sendTimeoutNow,
} from "./replication.ts";

const NO_PAYLOAD = new Uint8Array(0);

export function tickLeader(raft: Raft): void {
  const { electionTicks, heartbeatTicks, checkQuorum } = raft.config;
  raft.heartbeatElapsed++;
  raft.electionElapsed++;
  if (raft.electionElapsed >= electionTicks) {
    raft.electionElapsed = 0;
    if (checkQuorum) onCheckQuorum(raft);
    // A transfer that takes longer than an election has failed.
    raft.leadTransferee = NONE;
  }
  if (raft.state !== "StateLeader" || raft.heartbeatElapsed < heartbeatTicks) return;
  raft.heartbeatElapsed = 0;
  broadcastHeartbeat(raft);
}

export function stepLeader(raft: Raft, message: Message): Refusal | undefined {
  switch (message.type) {
    case MessageType.Beat:
      broadcastHeartbeat(raft);
      return undefined;
    case MessageType.CheckQuorum:
      onCheckQuorum(raft);
      return undefined;
    case MessageType.Prop:
      return onProposal(raft, message);
    case MessageType.ReadIndex:
      onReadRequest(raft, message);
      return undefined;
    case MessageType.ForgetLeader:
      return undefined;
    default:
      stepFromMember(raft, message);
      return undefined;
  }
}

/** Messages that make sense only from a member. */
function stepFromMember(raft: Raft, message: Message): void {
  const progress = raft.tracker.progressOf(message.from);
  if (progress === undefined) {
    raft.logger.debug(`${raft.name} no progress available for ${message.from.toString(16)}`);
    return;
  }
  switch (message.type) {
    case MessageType.AppResp:
      onAppendAnswer(raft, progress, message);
      return;
    case MessageType.HeartbeatResp:
      onHeartbeatAnswer(raft, progress, message);
      return;
    case MessageType.SnapStatus:
      onSnapshotStatus(raft, progress, message);
      return;
    case MessageType.Unreachable:
      onUnreachable(raft, progress);
      return;
    case MessageType.TransferLeader:
      onTransfer(raft, progress);
      return;
    default:
      return;
  }
}

/** Without a quorum within an election timeout, somebody else may lead already. */
function onCheckQuorum(raft: Raft): void {
  if (!raft.tracker.quorumActive()) {
    raft.logger.warn(`${raft.name} stepped down to follower since quorum is not active`);
    raft.becomeFollower(raft.term, NONE);
  }
  for (const progress of raft.tracker.ordered) {
    if (progress.id !== raft.id) progress.recentActive = false;
  }
}

// --------------------------------------------------------------------------------------------------------- proposals

function onProposal(raft: Raft, message: Message): Refusal | undefined {
  assert(message.entries.length > 0, "raft: empty proposal");
  // A leader that was removed must not grow the log any more.
  if (raft.tracker.progressOf(raft.id) === undefined) return PROPOSAL_DROPPED;
  if (raft.leadTransferee !== NONE) {
    const to = raft.leadTransferee.toString(16);
    raft.logger.debug(
      `${raft.name} [term ${raft.term}] transfer leadership to ${to} is in progress; dropping proposal`,
    );
    return PROPOSAL_DROPPED;
  }
  const refusal = raft.appendEntries(checkedEntries(raft, ownedEntries(raft, message)));
  if (refusal === undefined) broadcastAppend(raft);
  return refusal;
}

/** The own proposals are appended as they are; those of another member stay the sender's, copies are appended. */
function ownedEntries(raft: Raft, message: Message): readonly Entry[] {
  const { entries, from } = message;
  if (from === raft.id || from === NONE) return entries;
  return entries.map((it) => new Entry(it.type, 0, 0, it.data));
}

/** The entries, with each configuration change that must not be appended now replaced by an empty entry. */
function checkedEntries(raft: Raft, entries: readonly Entry[]): readonly Entry[] {
  let checked: Entry[] | undefined;
  for (let i = 0; i < entries.length; i++) {
    const entry = entries[i]!;
    if (entry.type === EntryType.Normal) continue;
    const change = changeOf(entry);
    const reason = raft.reasonAgainst(change);
    if (reason === undefined || raft.config.disableConfChangeValidation) {
      raft.pendingConfIndex = raft.log.lastIndex() + i + 1;
      continue;
    }
    const config = describeConfiguration(raft.tracker.config);
    const what = `ignoring conf change ${describeConfChange(change)} at config ${config}: ${reason}`;
    raft.logger.info(`${raft.name} ${what}`);
    checked ??= entries.slice();
    checked[i] = new Entry(EntryType.Normal, 0, 0, undefined);
  }
  return checked ?? entries;
}

function changeOf(entry: Entry): ConfChangeV2 {
  const data = entry.data ?? NO_PAYLOAD;
  return entry.type === EntryType.ConfChange
    ? asConfChangeV2(decodeConfChange(data))
    : decodeConfChangeV2(data);
}

// ----------------------------------------------------------------------------------------------------------- answers

function onAppendAnswer(raft: Raft, progress: Progress, message: Message): void {
  progress.recentActive = true;
  if (message.reject) onAppendRejected(raft, progress, message);
  else onAppendAccepted(raft, progress, message.index);
}

/** Both sides skip what cannot match: the follower by its hint, the leader by its own terms. One round trip a term, not an entry. */
function onAppendRejected(raft: Raft, progress: Progress, message: Message): void {
  const from = message.from.toString(16);
  const { rejectHint, logTerm, index } = message;
  const hint = `(rejected, hint: (index ${rejectHint}, term ${logTerm}))`;
  raft.logger.debug(`${raft.name} received MsgAppResp${hint} from ${from} for index ${index}`);
  const probe = logTerm > 0 ? raft.log.findConflictByTerm(rejectHint, logTerm) : rejectHint;
  if (!progress.maybeDecreaseTo(index, probe)) return;
  raft.logger.debug(`${raft.name} decreased progress of ${from} to [${progress.describe()}]`);
  if (progress.state === "StateReplicate") progress.becomeProbe();
  sendAppend(raft, progress);
}

function onAppendAccepted(raft: Raft, progress: Progress, index: number): void {
  // A probe's answer counts even when it is no news: it was asked to find out just that.
  const news = progress.maybeUpdate(index) || (progress.match === index && progress.state === "StateProbe");
  if (!news) return;
  advanceState(raft, progress, index);
  const self = progress.id === raft.id;
  if (raft.maybeCommit()) {
    releasePostponedReads(raft);
    broadcastAppend(raft);
  } else if (!self && progress.canBumpCommit(raft.log.committed)) {
    sendAppend(raft, progress);
  }
  if (self) return;
  // Room in the window may allow more than one append: each is limited in size.
  while (maybeSendAppend(raft, progress, false));
  if (progress.id === raft.leadTransferee && progress.match === raft.log.lastIndex()) {
    const to = progress.id.toString(16);
    raft.logger.info(`${raft.name} sent MsgTimeoutNow to ${to} after received MsgAppResp`);
    sendTimeoutNow(raft, progress.id);
  }
}

function advanceState(raft: Raft, progress: Progress, index: number): void {
  if (progress.state === "StateProbe") {
    progress.becomeReplicate();
  } else if (progress.state === "StateReplicate") {
    progress.inflights.freeTo(index);
  } else if (progress.match + 1 >= raft.log.firstIndex()) {
    // The follower caught up by other means than the snapshot under way, enough for the log to go on from there.
    const what = "recovered from needing snapshot, resumed sending replication messages to";
    raft.logger.debug(`${raft.name} ${what} ${progress.id.toString(16)} [${progress.describe()}]`);
    progress.becomeProbe();
    progress.becomeReplicate();
  }
}

function onHeartbeatAnswer(raft: Raft, progress: Progress, message: Message): void {
  progress.recentActive = true;
  progress.appendPaused = false;
  if (progress.match < raft.log.lastIndex() || progress.state === "StateProbe") sendAppend(raft, progress);
  const { context } = message;
  if (raft.config.readOnly === "safe" && context !== undefined && context.length > 0) {
    onReadConfirmation(raft, message.from, context);
  }
}

function onSnapshotStatus(raft: Raft, progress: Progress, message: Message): void {
  if (progress.state !== "StateSnapshot") return;
  // A snapshot that failed is not behind the next probe.
  if (message.reject) progress.pendingSnapshot = 0;
  progress.becomeProbe();
  const what = `snapshot ${message.reject ? "failed" : "succeeded"}, resumed sending replication messages to`;
  raft.logger.debug(`${raft.name} ${what} ${progress.id.toString(16)} [${progress.describe()}]`);
  // Its answer, or else the next heartbeat's, starts the probe.
  progress.appendPaused = true;
}

function onUnreachable(raft: Raft, progress: Progress): void {
  // Optimistic sending would only lose more.
  if (progress.state === "StateReplicate") progress.becomeProbe();
  const what = `failed to send message to ${progress.id.toString(16)} because it is unreachable`;
  raft.logger.debug(`${raft.name} ${what} [${progress.describe()}]`);
}

// ---------------------------------------------------------------------------------------------------------- transfer

function onTransfer(raft: Raft, target: Progress): void {
  const { logger, name } = raft;
  const to = target.id.toString(16);
  if (target.isLearner) {
    logger.debug(`${name} is learner. Ignored transferring leadership`);
    return;
  }
  if (raft.leadTransferee === target.id) {
    const what = `transfer leadership to ${to} is in progress, ignores request to same node ${to}`;
    logger.info(`${name} [term ${raft.term}] ${what}`);
    return;
  }
  if (raft.leadTransferee !== NONE) {
    const before = raft.leadTransferee.toString(16);
    raft.leadTransferee = NONE;
    logger.info(`${name} [term ${raft.term}] abort previous transferring leadership to ${before}`);
  }
  if (target.id === raft.id) {
    logger.debug(`${name} is already leader. Ignored transferring leadership to self`);
    return;
  }
  logger.info(`${name} [term ${raft.term}] starts to transfer leadership to ${to}`);
  // It must be over within an election timeout.
  raft.electionElapsed = 0;
  raft.leadTransferee = target.id;
  if (target.match === raft.log.lastIndex()) {
    sendTimeoutNow(raft, target.id);
    logger.info(`${name} sends MsgTimeoutNow to ${to} immediately as ${to} already has up-to-date log`);
  } else {
    sendAppend(raft, target);
  }
}
