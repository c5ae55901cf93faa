/**
 * What the generator decides by name: how declared names become TypeScript names, and which 64-bit fields are `bigint`.
 */

/** 64-bit fields that hold ids, where all 64 bits count. Every other 64-bit field is a count, a revision or a time. */
const BIG_FIELDS = new Set([
  "ID",
  "NodeID",
  "ClusterID",
  "cluster_id",
  "member_id",
  "memberID",
  "member_ID",
  "targetID",
  "leader",
  "lease",
  // Chosen by the client, any 64 bits of it.
  "watch_id",
]);

/** Message and enum types whose own name would be taken twice or says too little without its package. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  "authpb.User": "AuthUser",
  "authpb.Role": "AuthRole",
  "authpb.Permission.Type": "PermissionType",
  "membershippb.Member": "MembershipMember",
  "membershippb.Attributes": "MembershipAttributes",
  "membershippb.RaftAttributes": "MembershipRaftAttributes",
  "leasepb.Lease": "LeaseRecord",
  "etcdserverpb.Metadata": "WalMetadata",
  "etcdserverpb.Request": "V2Request",
  "grpc.health.v1.HealthListResponse.StatusesEntry": "HealthListEntry",
};

/** proto2 fields of which absence is a third state; all other proto2 scalars are always written. */
const NULLABLE_FIELDS = new Set(["PrevExist", "Refresh"]);

export function isBigField(name: string): boolean {
  return BIG_FIELDS.has(name);
}

export function isNullableField(name: string): boolean {
  return NULLABLE_FIELDS.has(name);
}

/** `range_end` rangeEnd · `member_ID` memberId · `grantedTTL` grantedTtl · `peerURLs` peerUrls · `ID` id. */
export function propertyName(declared: string): string {
  const words = declared.match(/URLs|[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? [];
  return words.map((word, i) => (i === 0 ? word.toLowerCase() : capitalized(word.toLowerCase()))).join("");
}

export function typeName(fullName: string): string {
  return TYPE_NAMES[fullName] ?? (fullName.split(".").at(-1) as string);
}

/** `raft_internal.proto` becomes the module `raft-internal`. */
export function moduleName(protoFile: string): string {
  return protoFile.replace(/\.proto$/, "").replaceAll("_", "-");
}

export function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
