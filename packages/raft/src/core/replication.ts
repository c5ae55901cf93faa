/**
 * What a leader sends to its followers: appends, heartbeats, snapshots. Each follower's `Progress` says whether and from where.
 * Broadcasts visit the followers by ascending id.
 */

import { type Entry, Message, MessageType, type Snapshot } from "@etcd-ts/proto";
import { payloadSizeOf } from "../log/entry-size.ts";
import { panic } from "../logger.ts";
import type { Progress } from "../tracker/progress.ts";
import type { Raft } from "./raft.ts";

const NO_ENTRIES: readonly Entry[] = Object.freeze([]);

export function broadcastAppend(raft: Raft): void {
  for (const progress of raft.tracker.ordered) {
    if (progress.id !== raft.id) sendAppend(raft, progress);
  }
}

/** Sends what the follower lacks, or an empty append that tells it the commit index. */
export function sendAppend(raft: Raft, progress: Progress): void {
  maybeSendAppend(raft, progress, true);
}

/** False when nothing was sent: the follower is paused, or there is nothing new and `ifEmpty` is off. */
export function maybeSendAppend(raft: Raft, progress: Progress, ifEmpty: boolean): boolean {
  if (progress.isPaused()) return false;
  const { log } = raft;
  const previous = progress.next - 1;
  const logTerm = log.term(previous);
  if (logTerm < 0) return maybeSendSnapshot(raft, progress);
  let entries: readonly Entry[] | undefined = NO_ENTRIES;
  // A full window does not forbid the empty append: the follower may still need the commit index.
  if (progress.state !== "StateReplicate" || !progress.inflights.full()) {
    entries = log.entriesFrom(progress.next, raft.config.messageBytesMax);
  }
  if (entries === undefined) return maybeSendSnapshot(raft, progress);
  if (entries.length === 0 && !ifEmpty) return false;
  const message = new Message(MessageType.App, progress.id);
  message.index = previous;
  message.logTerm = logTerm;
  message.entries = entries;
  message.commit = log.committed;
  raft.send(message);
  progress.sentEntries(entries.length, payloadSizeOf(entries));
  progress.sentCommit = log.committed;
  return true;
}

function maybeSendSnapshot(raft: Raft, progress: Progress): boolean {
  const { logger, log, name } = raft;
  const to = progress.id.toString(16);
  if (!progress.recentActive) {
    logger.debug(`ignore sending snapshot to ${to} since it is not recently active`);
    return false;
  }
  const snapshot = log.snapshot();
  if (snapshot === undefined) {
    logger.debug(`${name} failed to send snapshot to ${to} because snapshot is temporarily unavailable`);
    return false;
  }
  startSnapshot(raft, progress, snapshot);
  return true;
}

function startSnapshot(raft: Raft, progress: Progress, snapshot: Snapshot): void {
  const { logger, log, name } = raft;
  const { index, term } = snapshot.metadata;
  if (index === 0) panic(logger, "need non-empty snapshot");
  const to = progress.id.toString(16);
  const own = `${name} [firstindex: ${log.firstIndex()}, commit: ${log.committed}]`;
  logger.debug(`${own} sent snapshot[index: ${index}, term: ${term}] to ${to} [${progress.describe()}]`);
  progress.becomeSnapshot(index);
  logger.debug(`${name} paused sending replication messages to ${to} [${progress.describe()}]`);
  const message = new Message(MessageType.Snap, progress.id);
  message.snapshot = snapshot;
  raft.send(message);
}

export function broadcastHeartbeat(raft: Raft): void {
  const context = raft.reads.heartbeatContext();
  for (const progress of raft.tracker.ordered) {
    if (progress.id !== raft.id) sendHeartbeat(raft, progress, context);
  }
}

function sendHeartbeat(raft: Raft, progress: Progress, context: Uint8Array | undefined): void {
  const message = new Message(MessageType.Heartbeat, progress.id);
  // The follower may not have all that is committed: it must not commit what does not match.
  const commit = Math.min(progress.match, raft.log.committed);
  message.commit = commit;
  message.context = context;
  raft.send(message);
  progress.sentCommit = commit;
}

/** The target of a leadership transfer has the whole log and takes over. */
export function sendTimeoutNow(raft: Raft, to: bigint): void {
  raft.send(new Message(MessageType.TimeoutNow, to));
}
