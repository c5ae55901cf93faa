/**
 * Who belongs to the cluster, which version it runs and whether a downgrade is under way: the buckets `members`,
 * `members_removed` and `cluster`, held in memory and written through to the open batch.
 *
 * Invariants: an id is never both present and removed; a removed id never comes back; at most one member has a given
 * peer URL; every change is made by the apply chain, in log order, so that all members hold the same.
 *
 * Not responsible for: raft's configuration (it follows the same entries) and for connections to peers.
 */

import { equalBytes, utf8Bytes, utf8String } from "@etcd-ts/base";
import type { Backend, BucketName } from "@etcd-ts/storage";
import { goJsonString, parseGoJson } from "./go-json.ts";
import { decodeMemberRecord, encodeMemberRecord, type MemberRecord, memberKey } from "./member-record.ts";

export type MembershipError =
  | "ID removed"
  | "ID exists"
  | "ID not found"
  | "peerURL exists"
  | "can only promote a learner member"
  | "too many learner members in cluster";

export interface DowngradeInfo {
  /** `3.6.0`-style, empty when none was ever asked for. */
  readonly targetVersion: string;
  readonly enabled: boolean;
}

const NO_DOWNGRADE: DowngradeInfo = { targetVersion: "", enabled: false };
const REMOVED = utf8Bytes("removed");
const CLUSTER_VERSION_KEY = utf8Bytes("clusterVersion");
const DOWNGRADE_KEY = utf8Bytes("downgrade");

export class Membership {
  /** By id; replaced whole when a member changes. */
  private readonly present = new Map<bigint, MemberRecord>();
  private readonly removedIds = new Set<bigint>();
  /** What {@link list} and {@link voters} answer until a member changes. */
  private sorted: readonly MemberRecord[] | undefined;
  private voterIds: readonly bigint[] | undefined;
  private versionText: string | undefined;
  private downgradeInfo: DowngradeInfo = NO_DOWNGRADE;
  private readonly backend: Backend;

  constructor(backend: Backend) {
    this.backend = backend;
  }

  /** A pair of one of the three buckets, found at start; others are none of its business. */
  restore(bucket: BucketName, key: Uint8Array, value: Uint8Array): void {
    switch (bucket) {
      case "members":
        return this.restoreMember(utf8String(key), utf8String(value));
      case "members_removed":
        this.removedIds.add(BigInt(`0x${utf8String(key)}`));
        return;
      case "cluster":
        if (equalBytes(key, CLUSTER_VERSION_KEY)) this.versionText = utf8String(value);
        else if (equalBytes(key, DOWNGRADE_KEY)) this.downgradeInfo = decodeDowngrade(utf8String(value));
        return;
      default:
        return;
    }
  }

  private restoreMember(key: string, json: string): void {
    const record = decodeMemberRecord(json);
    if (record === undefined)
      throw new Error(`bucket members: the record of ${key} is not the JSON of a member`);
    this.present.set(record.id, record);
    this.forgetLists();
  }

  get size(): number {
    return this.present.size;
  }

  /** Ascending by id. */
  list(): readonly MemberRecord[] {
    this.sorted ??= [...this.present.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
    return this.sorted;
  }

  get(id: bigint): MemberRecord | undefined {
    return this.present.get(id);
  }

  isRemoved(id: bigint): boolean {
    return this.removedIds.has(id);
  }

  removed(): readonly bigint[] {
    return [...this.removedIds].sort((a, b) => (a < b ? -1 : 1));
  }

  /** `3.7.0`-style; undefined while the cluster has not decided. */
  get version(): string | undefined {
    return this.versionText;
  }

  get downgrade(): DowngradeInfo {
    return this.downgradeInfo;
  }

  voters(): readonly bigint[] {
    this.voterIds ??= this.list().flatMap((m) => (m.isLearner ? [] : [m.id]));
    return this.voterIds;
  }

  learners(): readonly bigint[] {
    return this.list().flatMap((m) => (m.isLearner ? [m.id] : []));
  }

  /** Why adding this member would be wrong; undefined when it is right. */
  checkAdd(member: MemberRecord, learnersMax: number): MembershipError | undefined {
    if (this.removedIds.has(member.id)) return "ID removed";
    if (this.present.has(member.id)) return "ID exists";
    if (this.ownerOfAny(member.peerUrls) !== undefined) return "peerURL exists";
    if (member.isLearner && this.learners().length + 1 > learnersMax)
      return "too many learner members in cluster";
    return undefined;
  }

  checkPromote(id: bigint): MembershipError | undefined {
    if (this.removedIds.has(id)) return "ID removed";
    const member = this.present.get(id);
    if (member === undefined) return "ID not found";
    return member.isLearner ? undefined : "can only promote a learner member";
  }

  checkRemove(id: bigint): MembershipError | undefined {
    if (this.removedIds.has(id)) return "ID removed";
    return this.present.has(id) ? undefined : "ID not found";
  }

  checkUpdate(id: bigint, peerUrls: readonly string[]): MembershipError | undefined {
    if (this.removedIds.has(id)) return "ID removed";
    if (!this.present.has(id)) return "ID not found";
    const owner = this.ownerOfAny(peerUrls);
    return owner === undefined || owner === id ? undefined : "peerURL exists";
  }

  add(member: MemberRecord): void {
    this.store(member);
  }

  promote(id: bigint): void {
    this.store({ ...this.mustGet(id), isLearner: false });
  }

  updatePeerUrls(id: bigint, peerUrls: readonly string[]): void {
    this.store({ ...this.mustGet(id), peerUrls });
  }

  remove(id: bigint): void {
    const key = utf8Bytes(memberKey(id));
    this.present.delete(id);
    this.forgetLists();
    this.removedIds.add(id);
    this.backend.delete("members", key);
    this.backend.put("members_removed", key, REMOVED);
  }

  /** What a member publishes of itself. False when it was removed meanwhile: the entry is then without effect. */
  setAttributes(id: bigint, name: string, clientUrls: readonly string[]): boolean {
    const member = this.present.get(id);
    if (member === undefined) {
      if (this.removedIds.has(id)) return false;
      throw new Error(`an entry sets attributes of member ${memberKey(id)}, which was never in the cluster`);
    }
    this.store({ ...member, name, clientUrls });
    return true;
  }

  setVersion(version: string): void {
    this.versionText = version;
    this.backend.put("cluster", CLUSTER_VERSION_KEY, utf8Bytes(version));
  }

  setDowngrade(info: DowngradeInfo): void {
    this.downgradeInfo = info;
    const json = `{"target-version":${goJsonString(info.targetVersion)},"enabled":${info.enabled}}`;
    this.backend.put("cluster", DOWNGRADE_KEY, utf8Bytes(json));
  }

  /** Makes members, removed ids and version just these; what is stored already is not written again. */
  become(wanted: {
    readonly members: readonly MemberRecord[];
    readonly removed: readonly bigint[];
    readonly version: string | undefined;
  }): void {
    const ids = new Set(wanted.members.map(({ id }) => id));
    for (const id of [...this.present.keys()]) if (!ids.has(id)) this.forget(id);
    for (const id of [...this.removedIds]) if (!wanted.removed.includes(id)) this.forgetRemoved(id);
    for (const member of wanted.members) {
      const known = this.present.get(member.id);
      if (known === undefined || encodeMemberRecord(known) !== encodeMemberRecord(member)) this.store(member);
    }
    for (const id of wanted.removed) if (!this.removedIds.has(id)) this.remove(id);
    if (wanted.version !== undefined && wanted.version !== this.versionText) this.setVersion(wanted.version);
  }

  private forget(id: bigint): void {
    this.present.delete(id);
    this.forgetLists();
    this.backend.delete("members", utf8Bytes(memberKey(id)));
  }

  private forgetRemoved(id: bigint): void {
    this.removedIds.delete(id);
    this.backend.delete("members_removed", utf8Bytes(memberKey(id)));
  }

  private store(member: MemberRecord): void {
    this.present.set(member.id, member);
    this.forgetLists();
    this.backend.put("members", utf8Bytes(memberKey(member.id)), utf8Bytes(encodeMemberRecord(member)));
  }

  private forgetLists(): void {
    this.sorted = undefined;
    this.voterIds = undefined;
  }

  private mustGet(id: bigint): MemberRecord {
    const member = this.present.get(id);
    if (member === undefined) throw new Error(`member ${memberKey(id)} is not in the cluster`);
    return member;
  }

  private ownerOfAny(peerUrls: readonly string[]): bigint | undefined {
    for (const member of this.present.values()) {
      if (member.peerUrls.some((url) => peerUrls.includes(url))) return member.id;
    }
    return undefined;
  }
}

function decodeDowngrade(text: string): DowngradeInfo {
  const fields = parseGoJson(text) as Readonly<Record<string, unknown>>;
  return { targetVersion: String(fields["target-version"] ?? ""), enabled: fields.enabled === true };
}
