/** Linearizable reads at the leader: at once when it decides alone, else when a quorum has confirmed that it leads. */

import { Message, MessageType } from "@etcd-ts/proto";
import { isSingleton } from "../tracker/configuration.ts";
import { NONE } from "./message-kinds.ts";
import type { Raft } from "./raft.ts";
import { broadcastHeartbeat } from "./replication.ts";

/**
 * Before its first commit of the term a leader may not know the newest commit index. That holds for the only voter too, whose disk may
 * have missed the last commit index before a restart; the original answers at once there, and so may serve an old read.
 */
export function onReadRequest(raft: Raft, request: Message): void {
  if (raft.hasCommittedInTerm()) startRead(raft, request);
  else raft.postponedReads.push(request);
}

function startRead(raft: Raft, request: Message): void {
  if (raft.config.readOnly === "lease-based" || isSingleton(raft.tracker.config)) {
    answerRead(raft, request, raft.log.committed);
    return;
  }
  raft.reads.add(request, raft.log.committed, raft.id);
  broadcastHeartbeat(raft);
}

/** The commit index has moved: the first commit of the term releases the reads that came before it. */
export function releasePostponedReads(raft: Raft): void {
  if (raft.postponedReads.length === 0) return;
  if (!raft.hasCommittedInTerm()) {
    raft.logger.error("pending MsgReadIndex should be released only after first commit in current term");
    return;
  }
  const requests = raft.postponedReads;
  raft.postponedReads = [];
  for (const request of requests) startRead(raft, request);
}

export function onReadConfirmation(raft: Raft, from: bigint, context: Uint8Array): void {
  raft.reads.acknowledge(from, context);
  for (const { message, commit } of raft.reads.takeConfirmed(raft.tracker.config)) {
    answerRead(raft, message, commit);
  }
}

function answerRead(raft: Raft, request: Message, index: number): void {
  if (request.from === NONE || request.from === raft.id) {
    raft.readStates.push({ index, context: request.entries[0]?.data });
    return;
  }
  const answer = new Message(MessageType.ReadIndexResp, request.from);
  answer.index = index;
  answer.entries = request.entries;
  raft.send(answer);
}
