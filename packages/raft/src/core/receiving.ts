/**
 * What a follower does with its leader's appends, heartbeats and snapshots. Each is answered with how far the log is known to match,
 * or with a hint of where it may; the answer leaves after the disk has what it speaks of.
 */

import { EMPTY_SNAPSHOT, Message, MessageType, type Snapshot } from "@etcd-ts/proto";
import { restoreTracker } from "../confchange/restore.ts";
import { describeConfState } from "../text/describe.ts";
import { switchToConfiguration } from "./membership.ts";
import { NONE } from "./message-kinds.ts";
import type { Raft } from "./raft.ts";

export function onAppend(raft: Raft, message: Message): void {
  const { log } = raft;
  const { index, logTerm, from } = message;
  if (index < log.committed) {
    acknowledge(raft, from, log.committed);
    return;
  }
  const last = log.maybeAppend(logTerm, index, message.entries, message.commit);
  if (last >= 0) {
    acknowledge(raft, from, last);
    return;
  }
  const own = `[logterm: ${log.termOrZero(index)}, index: ${index}]`;
  const their = `[logterm: ${logTerm}, index: ${index}]`;
  raft.logger.debug(`${raft.name} ${own} rejected MsgApp ${their} from ${from.toString(16)}`);
  reject(raft, message);
}

function acknowledge(raft: Raft, to: bigint, index: number): void {
  const answer = new Message(MessageType.AppResp, to);
  answer.index = index;
  raft.send(answer);
}

/** Entries of a later term than the leader's at that place cannot match: the hint steps over all of them at once. */
function reject(raft: Raft, message: Message): void {
  const { log } = raft;
  const hint = log.findConflictByTerm(Math.min(message.index, log.lastIndex()), message.logTerm);
  const answer = new Message(MessageType.AppResp, message.from);
  answer.index = message.index;
  answer.reject = true;
  answer.rejectHint = hint;
  answer.logTerm = log.termOrZero(hint);
  raft.send(answer);
}

export function onHeartbeat(raft: Raft, message: Message): void {
  raft.log.commitTo(message.commit);
  const answer = new Message(MessageType.HeartbeatResp, message.from);
  answer.context = message.context;
  raft.send(answer);
}

export function onSnapshot(raft: Raft, message: Message): void {
  const snapshot = message.snapshot ?? EMPTY_SNAPSHOT;
  const { index, term } = snapshot.metadata;
  const restored = restore(raft, snapshot);
  const what = `${restored ? "restored" : "ignored"} snapshot [index: ${index}, term: ${term}]`;
  raft.logger.info(`${raft.name} [commit: ${raft.log.committed}] ${what}`);
  acknowledge(raft, message.from, restored ? raft.log.lastIndex() : raft.log.committed);
}

/** The log and the configuration become those of `snapshot`; false when it isn't needed or not for this member. */
function restore(raft: Raft, snapshot: Snapshot): boolean {
  const { log, logger, name } = raft;
  const { index, term, confState } = snapshot.metadata;
  if (index <= log.committed) return false;
  if (raft.state !== "StateFollower") {
    logger.warn(`${name} attempted to restore snapshot as leader; should never happen`);
    raft.becomeFollower(raft.term + 1, NONE);
    return false;
  }
  const { voters, learners, votersOutgoing } = confState;
  if (!voters.includes(raft.id) && !learners.includes(raft.id) && !votersOutgoing.includes(raft.id)) {
    const state = describeConfState(confState);
    logger.warn(
      `${name} attempted to restore snapshot but it is not in the ConfState ${state}; should never happen`,
    );
    return false;
  }
  if (log.matchTerm(term, index)) {
    logger.info(`${describeLog(raft)} fast-forwarded commit to snapshot [index: ${index}, term: ${term}]`);
    log.commitTo(index);
    return false;
  }
  log.restore(snapshot);
  const { inflightMessagesMax, inflightBytesMax } = raft.config;
  raft.tracker = restoreTracker(confState, log.lastIndex(), inflightMessagesMax, inflightBytesMax);
  switchToConfiguration(raft, raft.tracker.config, raft.tracker.progressMap());
  logger.info(`${describeLog(raft)} restored snapshot [index: ${index}, term: ${term}]`);
  return true;
}

function describeLog(raft: Raft): string {
  const { log, name } = raft;
  return `${name} [commit: ${log.committed}, lastindex: ${log.lastIndex()}, lastterm: ${log.lastTerm()}]`;
}
