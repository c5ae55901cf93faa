/**
 * Configuration changes of the log: validated against the membership, then given to raft and to the membership alike, so that the
 * two never disagree (`peer-protocol.md` 12). An invalid change still reaches raft, with no node in it: that clears the
 * pending change.
 */

import { utf8String } from "@etcd-ts/base";
import { type ConfChange, ConfChangeType, type Entry } from "@etcd-ts/proto";
import type { MemberLines } from "../log/member-lines.ts";
import { decodeMemberContext, type MemberRecord } from "../membership/member-record.ts";
import type { Membership, MembershipError } from "../membership/membership.ts";
import type { Proposal } from "../node/proposal.ts";

export interface ConfChangeContext {
  readonly membership: Membership;
  readonly lines: MemberLines;
  readonly learnersMax: number;
  /** Gives the change to raft and keeps the resulting configuration with the next batch. */
  applyToRaft(change: ConfChange): void;
  /** A leader's first entry of a term was applied. */
  onNewTerm(term: number): void;
  onMembershipChanged(): void;
}

export interface ConfChangeProposal extends Proposal {
  onApplied(members: readonly MemberRecord[]): void;
  onRefused(error: MembershipError): void;
}

export function applyConfChange(context: ConfChangeContext, change: ConfChange, entry: Entry): void {
  const proposal = entry.decoded as ConfChangeProposal | undefined;
  const error = refusal(context, change);
  if (error !== undefined) {
    context.applyToRaft({ ...change, nodeId: 0n });
    proposal?.onRefused(error);
    return;
  }
  context.applyToRaft(change);
  changeMembership(context, change);
  context.onMembershipChanged();
  proposal?.onApplied(context.membership.list());
}

function refusal(context: ConfChangeContext, change: ConfChange): MembershipError | undefined {
  const { membership, learnersMax } = context;
  switch (change.type) {
    case ConfChangeType.AddNode:
    case ConfChangeType.AddLearnerNode: {
      const { member, isPromote } = contextOf(change);
      return isPromote ? membership.checkPromote(member.id) : membership.checkAdd(member, learnersMax);
    }
    case ConfChangeType.RemoveNode:
      return membership.checkRemove(change.nodeId);
    case ConfChangeType.UpdateNode:
      return membership.checkUpdate(change.nodeId, contextOf(change).member.peerUrls);
  }
}

function changeMembership({ membership, lines }: ConfChangeContext, change: ConfChange): void {
  switch (change.type) {
    case ConfChangeType.AddNode:
    case ConfChangeType.AddLearnerNode: {
      const { member, isPromote } = contextOf(change);
      if (isPromote) lines.promoted(member.id);
      else lines.added(member);
      return isPromote ? membership.promote(member.id) : membership.add(member);
    }
    case ConfChangeType.RemoveNode:
      lines.removed(membership.get(change.nodeId)!);
      return membership.remove(change.nodeId);
    case ConfChangeType.UpdateNode: {
      const { peerUrls } = contextOf(change).member;
      lines.peerUrlsUpdated(membership.get(change.nodeId)!, peerUrls);
      return membership.updatePeerUrls(change.nodeId, peerUrls);
    }
  }
}

/** The change was applied before a restart. */
export function tellReplayedChange(lines: MemberLines, change: ConfChange): void {
  const isAddition = change.type === ConfChangeType.AddNode || change.type === ConfChangeType.AddLearnerNode;
  if (!isAddition) return;
  const { member, isPromote } = contextOf(change);
  if (!isPromote) lines.addedBefore(member);
}

function contextOf(change: ConfChange): { readonly member: MemberRecord; readonly isPromote: boolean } {
  const context = decodeMemberContext(utf8String(change.context ?? new Uint8Array(0)));
  if (context === undefined || context.member.id !== change.nodeId) {
    throw new Error(`a configuration change of node ${change.nodeId.toString(16)} carries no such member`);
  }
  return context;
}
