/**
 * Who belonged to the cluster at an index, told by the log alone: the v2 store of the snapshot that the log begins with, and the
 * entries up to the index. So 3.4 finds its members; its database may hold none of them, or those of another cluster.
 */

import { utf8String } from "@etcd-ts/base";
import {
  type ClusterMemberAttrSetRequest,
  type ClusterVersionSetRequest,
  ConfChangeType,
  decodeConfChange,
  type Entry,
  EntryType,
  RaftRequestField,
} from "@etcd-ts/proto";
import { decodeRaftRequest } from "../apply/raft-request.ts";
import { decodeMemberContext, type MemberRecord } from "../membership/member-record.ts";

export interface MembershipSnapshot {
  readonly members: readonly MemberRecord[];
  readonly removed: readonly bigint[];
  /** Of the cluster; undefined while it has none. */
  readonly version: string | undefined;
}

export const NO_MEMBERS: MembershipSnapshot = { members: [], removed: [], version: undefined };

/** `entries` follow the snapshot; those above `index` do not count. */
export function membershipAt(
  snapshot: MembershipSnapshot,
  entries: readonly Entry[],
  index: number,
): MembershipSnapshot {
  const members = new Map(snapshot.members.map((member) => [member.id, member]));
  const removed = new Set(snapshot.removed);
  let version = snapshot.version;
  for (const entry of entries) {
    if (entry.index > index) break;
    if (entry.type === EntryType.ConfChange) change(members, removed, entry);
    else version = applyRequest(members, entry) ?? version;
  }
  return { members: [...members.values()], removed: [...removed], version };
}

/** What was refused when it was applied is refused here by the same rules: ids and members that do not fit. */
function change(members: Map<bigint, MemberRecord>, removed: Set<bigint>, entry: Entry): void {
  const { type, nodeId, context } = decodeConfChange(entry.data ?? new Uint8Array(0));
  const known = members.get(nodeId);
  if (type === ConfChangeType.RemoveNode) {
    if (members.delete(nodeId)) removed.add(nodeId);
    return;
  }
  const told = decodeMemberContext(utf8String(context ?? new Uint8Array(0)));
  if (told === undefined || told.member.id !== nodeId || removed.has(nodeId)) return;
  if (type === ConfChangeType.UpdateNode) {
    if (known !== undefined) members.set(nodeId, { ...known, peerUrls: told.member.peerUrls });
  } else if (told.isPromote) {
    if (known !== undefined) members.set(nodeId, { ...known, isLearner: false });
  } else if (known === undefined) members.set(nodeId, told.member);
}

/** The cluster version that the entry sets, if it does. */
function applyRequest(members: Map<bigint, MemberRecord>, entry: Entry): string | undefined {
  if (entry.data === undefined || entry.data.length === 0) return undefined;
  const { field, request } = decodeRaftRequest(entry.data, entry.index);
  if (field === RaftRequestField.clusterVersionSet) return (request as ClusterVersionSetRequest).ver;
  if (field !== RaftRequestField.clusterMemberAttrSet) return undefined;
  const { memberId, memberAttributes } = request as ClusterMemberAttrSetRequest;
  const member = members.get(memberId);
  if (member === undefined) return undefined;
  const { name = "", clientUrls = [] } = memberAttributes ?? {};
  members.set(memberId, { ...member, name, clientUrls });
  return undefined;
}
