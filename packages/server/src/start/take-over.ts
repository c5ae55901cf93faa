/**
 * Looks at a log and a database that an earlier run left, whoever wrote them, before anything in the directory is changed:
 * whether they belong together, whether this version can go on with them, and what must be done that releases of today would
 * not find done (`disk-formats.md` 3, 5; the rules are in the tests).
 *
 * What cannot be taken over is a {@link CannotStartError}.
 */

import { utf8String } from "@etcd-ts/base";
import { type ClusterVersionSetRequest, type Entry, EntryType, RaftRequestField } from "@etcd-ts/proto";
import type { OpenedDatabase, WalContents, WalPosition } from "@etcd-ts/storage";
import { decodeRaftRequest, isV2Request } from "../apply/raft-request.ts";
import { canApply } from "../apply/request.ts";
import { decodeMemberRecord, memberKey } from "../membership/member-record.ts";
import { isAbove } from "../membership/version-order.ts";
import { CLUSTER_VERSION } from "../version.ts";
import { CannotStartError } from "./cannot-start-error.ts";
import { type MembershipSnapshot, membershipAt, NO_MEMBERS } from "./log-membership.ts";
import { storageVersionOf } from "./storage-version.ts";

/** A log, read and not changed, and the snapshot record that its entries follow. */
export interface FoundLog extends Pick<WalContents, "metadata" | "hardState" | "entries"> {
  readonly snapshot: WalPosition;
}

export interface TakeOver {
  /** What the membership buckets must say; undefined: what they say. */
  readonly membership: MembershipSnapshot | undefined;
  /**
   * A snapshot at or past this index must be written before clients are served: the entries up to it would stop releases of
   * today. 0: there are none.
   */
  readonly snapshotIndex: number;
}

/** The oldest layout that has a version. */
const OLDEST_LAYOUT = "3.5.0";

/** The snapshot's v2 store, for databases that hold no members. May throw. */
export type ReadV2Store = () => MembershipSnapshot;

/** A log whose first entries never became durable: the member has not begun to be. */
export function isUnborn(log: FoundLog, opened: OpenedDatabase | undefined): boolean {
  const { commit, term, vote } = log.hardState;
  const nothing = commit === 0 && term <= 1 && vote === 0n && log.snapshot.index === 0;
  return nothing && (opened?.consistentIndex ?? 0) === 0;
}

/** Whether a database received from a leader has to take the place of this one. */
export function needsReceivedDatabase(log: FoundLog, opened: OpenedDatabase | undefined): boolean {
  return log.snapshot.index > (opened?.consistentIndex ?? 0);
}

/** `opened`: undefined when a new database is to be made. */
export function inspect(
  log: FoundLog,
  opened: OpenedDatabase | undefined,
  readV2Store: ReadV2Store,
): TakeOver {
  const index = opened?.consistentIndex ?? 0;
  if (opened !== undefined) {
    mustHaveSupportedVersions(opened);
    mustNotUseAuth(opened);
    mustMatch(log, opened);
  }
  const stored = storedMembership(opened);
  const membership = isMembershipStored(opened, stored)
    ? undefined
    : membershipAt(log.snapshot.index === 0 ? NO_MEMBERS : readV2Store(), log.entries, index);
  const toCome = log.entries.slice(Math.max(0, index - log.snapshot.index));
  let snapshotIndex = 0;
  for (const entry of log.entries) if (isV2(entry)) snapshotIndex = entry.index;
  for (const entry of toCome) mustBeApplicable(entry);
  mustBeOwn(log, membership ?? stored, index);
  mustBeAlone(membershipAt(membership ?? stored, toCome, Number.POSITIVE_INFINITY));
  return { membership, snapshotIndex };
}

/** What the buckets say; the version does not matter here. */
function storedMembership(opened: OpenedDatabase | undefined): MembershipSnapshot {
  const pairs = opened?.small ?? [];
  const members = pairs.flatMap(({ bucket, value }) => {
    const member = bucket === "members" ? decodeMemberRecord(utf8String(value)) : undefined;
    return member === undefined ? [] : [member];
  });
  const removed = pairs.flatMap(({ bucket, key }) =>
    bucket === "members_removed" && /^[0-9a-f]{1,16}$/.test(utf8String(key))
      ? [BigInt(`0x${utf8String(key)}`)]
      : [],
  );
  return { members, removed, version: undefined };
}

/** 3.4 reads its members from elsewhere, and its restored databases hold those of another cluster. It writes no term. */
function isMembershipStored(opened: OpenedDatabase | undefined, stored: MembershipSnapshot): boolean {
  if (opened === undefined || opened.consistentIndex === 0) return true;
  return opened.term > 0 && stored.members.length > 0;
}

function mustHaveSupportedVersions(opened: OpenedDatabase): void {
  const version = storageVersionOf(opened);
  if (version !== "" && !isSupported(version))
    throw new CannotStartError(`version "${version}" is not supported`);
  const cluster = opened.small.find(
    ({ bucket, key }) => bucket === "cluster" && utf8String(key) === "clusterVersion",
  );
  if (cluster !== undefined) mustNotBeNewer(utf8String(cluster.value));
}

function isSupported(storageVersion: string): boolean {
  const isVersion = /^[0-9]+\.[0-9]+\.[0-9]+$/.test(storageVersion);
  return isVersion && !isAbove(OLDEST_LAYOUT, storageVersion) && !isAbove(storageVersion, CLUSTER_VERSION);
}

function mustNotBeNewer(clusterVersion: string): void {
  if (!isAbove(clusterVersion, CLUSTER_VERSION)) return;
  throw new CannotStartError(
    `invalid downgrade; server version is lower than determined cluster version (${CLUSTER_VERSION} and ${clusterVersion})`,
  );
}

function mustNotUseAuth(opened: OpenedDatabase): void {
  const pair = opened.small.find(({ bucket, key }) => bucket === "auth" && utf8String(key) === "authEnabled");
  if (pair?.value[0] === 1)
    throw new CannotStartError(
      "auth is enabled in this data directory, and this version cannot check users' rights: disable auth under the release " +
        "that wrote it (etcdctl auth disable), or go on with that release",
    );
}

function mustMatch({ snapshot, entries }: FoundLog, opened: OpenedDatabase): void {
  const { consistentIndex: index, term } = opened;
  const last = snapshot.index + entries.length;
  if (index < snapshot.index)
    throw new CannotStartError(
      `the database, at index ${index}, does not match with the snapshot (index ${snapshot.index})`,
    );
  if (index > last)
    throw new CannotStartError(
      `the database is at index ${index}, but the log ends at ${last}: they do not belong together, or the end of the log is lost`,
    );
  const written = index === snapshot.index ? snapshot.term : entries[index - snapshot.index - 1]!.term;
  if (term > 0 && index > 0 && written !== term)
    throw new CannotStartError(
      `the database is at index ${index} of term ${term}, where the log has term ${written}: they do not belong together`,
    );
}

/** The log's member is one of the cluster. */
function mustBeOwn({ metadata }: FoundLog, { members, removed }: MembershipSnapshot, index: number): void {
  const own = metadata.nodeId;
  if (removed.includes(own))
    throw new CannotStartError("the member has been permanently removed from the cluster");
  if (index > 0 && members.every(({ id }) => id !== own))
    throw new CannotStartError(
      `the log is of member ${memberKey(own)}, but the database knows only ${idsOf(members)}: it is another member's`,
    );
}

/** Members may have come and gone. */
function mustBeAlone({ members }: MembershipSnapshot): void {
  if (members.length > 1) throw ofSeveralMembers(idsOf(members));
}

function idsOf(members: MembershipSnapshot["members"]): string {
  return members.length === 0 ? "no member" : members.map(({ id }) => memberKey(id)).join(", ");
}

export function ofSeveralMembers(members: string): CannotStartError {
  return new CannotStartError(
    `the cluster has several members (${members}), and this version serves clusters of one only`,
  );
}

/** An entry that is yet to be applied. */
function mustBeApplicable(entry: Entry): void {
  if (entry.type === EntryType.ConfChangeV2)
    throw new CannotStartError(`the entry at index ${entry.index} of the log is of an unknown kind`);
  if (entry.type === EntryType.ConfChange || entry.data === undefined || entry.data.length === 0) return;
  const { field, request } = decodeRaftRequest(entry.data, entry.index);
  if (!canApply(field))
    throw new CannotStartError(
      `the entry at index ${entry.index} of the log is a request of kind ${field}, which this version cannot apply: start the ` +
        "directory once under the release that wrote it",
    );
  if (field === RaftRequestField.clusterVersionSet) mustNotBeNewer((request as ClusterVersionSetRequest).ver);
}

function isV2(entry: Entry): boolean {
  return entry.type === EntryType.Normal && entry.data !== undefined && isV2Request(entry.data);
}
