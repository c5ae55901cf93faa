/**
 * What a member begins with: a new cluster's first entries, or what log and database of an earlier run say
 * (`peer-protocol.md` 11.1, `disk-formats.md` 3). Pure: files are read and written by the host.
 */

import { utf8Bytes } from "@etcd-ts/base";
import { ConfChangeType, Entry, EntryType, encodeConfChange, type HardState } from "@etcd-ts/proto";
import { computeClusterId, computeMemberId } from "../membership/identity.ts";
import { encodeMemberRecord, type MemberRecord } from "../membership/member-record.ts";

export interface InitialMember {
  readonly name: string;
  readonly peerUrls: readonly string[];
}

/** A cluster that does not exist yet; all its members compute the same from the same flags. */
export interface NewCluster {
  readonly clusterId: bigint;
  readonly memberId: bigint;
  readonly hardState: HardState;
  readonly entries: readonly Entry[];
}

const FIRST_TERM = 1;

/** `name` must be among `members`. */
export function bootstrapCluster(name: string, members: readonly InitialMember[], token: string): NewCluster {
  const records = initialMemberRecords(members, token);
  const own = records.find((record) => record.name === name);
  if (own === undefined) throw new Error(`member ${name} is not in the initial cluster`);
  return {
    clusterId: computeClusterId(records.map((record) => record.id)),
    memberId: own.id,
    hardState: { term: FIRST_TERM, vote: 0n, commit: records.length },
    entries: records.map((record, i) => additionOf(record, i + 1)),
  };
}

/** Ascending by id. */
export function initialMemberRecords(
  members: readonly InitialMember[],
  token: string,
): readonly MemberRecord[] {
  return members.map((member) => newMember(member, token)).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function newMember(member: InitialMember, token: string): MemberRecord {
  const id = computeMemberId(member.peerUrls, token);
  return { id, name: member.name, peerUrls: member.peerUrls, isLearner: false, clientUrls: [] };
}

function additionOf(record: MemberRecord, index: number): Entry {
  const change = encodeConfChange({
    id: 0n,
    type: ConfChangeType.AddNode,
    nodeId: record.id,
    context: utf8Bytes(encodeMemberRecord(record)),
  });
  return new Entry(EntryType.ConfChange, FIRST_TERM, index, change);
}
