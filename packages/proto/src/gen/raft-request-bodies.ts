/** Generated from proto/raft_internal.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

import type { Codec } from "../codec.ts";
import { ClusterVersionSetRequestCodec, ClusterMemberAttrSetRequestCodec, DowngradeInfoSetRequestCodec } from "./membership.ts";
import { RangeRequestCodec, PutRequestCodec, DeleteRangeRequestCodec, TxnRequestCodec, CompactionRequestCodec, LeaseGrantRequestCodec, LeaseRevokeRequestCodec, LeaseCheckpointRequestCodec, AlarmRequestCodec, DowngradeVersionTestRequestCodec, AuthEnableRequestCodec, AuthDisableRequestCodec, AuthStatusRequestCodec, AuthUserAddRequestCodec, AuthUserGetRequestCodec, AuthUserDeleteRequestCodec, AuthUserChangePasswordRequestCodec, AuthUserGrantRoleRequestCodec, AuthUserRevokeRoleRequestCodec, AuthRoleAddRequestCodec, AuthRoleGetRequestCodec, AuthUserListRequestCodec, AuthRoleListRequestCodec, AuthRoleDeleteRequestCodec, AuthRoleGrantPermissionRequestCodec, AuthRoleRevokePermissionRequestCodec } from "./rpc.ts";
import { InternalAuthenticateRequestCodec } from "./raft-internal.ts";

/** Numbers of the fields of an InternalRaftRequest that hold its body. Permanent: they are in every log. */
export const RaftRequestField = {
  range: 3,
  put: 4,
  deleteRange: 5,
  txn: 6,
  compaction: 7,
  leaseGrant: 8,
  leaseRevoke: 9,
  alarm: 10,
  leaseCheckpoint: 11,
  authEnable: 1000,
  authDisable: 1011,
  authenticate: 1012,
  authStatus: 1013,
  authUserAdd: 1100,
  authUserDelete: 1101,
  authUserGet: 1102,
  authUserChangePassword: 1103,
  authUserGrantRole: 1104,
  authUserRevokeRole: 1105,
  authUserList: 1106,
  authRoleList: 1107,
  authRoleAdd: 1200,
  authRoleDelete: 1201,
  authRoleGet: 1202,
  authRoleGrantPermission: 1203,
  authRoleRevokePermission: 1204,
  clusterVersionSet: 1300,
  clusterMemberAttrSet: 1301,
  downgradeInfoSet: 1302,
  downgradeVersionTest: 9900,
} as const;

/** How the body in a field is read. */
export const raftRequestBodyCodecs: ReadonlyMap<number, Codec<unknown>> = new Map<number, Codec<unknown>>([
  [3, RangeRequestCodec as Codec<unknown>],
  [4, PutRequestCodec as Codec<unknown>],
  [5, DeleteRangeRequestCodec as Codec<unknown>],
  [6, TxnRequestCodec as Codec<unknown>],
  [7, CompactionRequestCodec as Codec<unknown>],
  [8, LeaseGrantRequestCodec as Codec<unknown>],
  [9, LeaseRevokeRequestCodec as Codec<unknown>],
  [10, AlarmRequestCodec as Codec<unknown>],
  [11, LeaseCheckpointRequestCodec as Codec<unknown>],
  [1000, AuthEnableRequestCodec as Codec<unknown>],
  [1011, AuthDisableRequestCodec as Codec<unknown>],
  [1012, InternalAuthenticateRequestCodec as Codec<unknown>],
  [1013, AuthStatusRequestCodec as Codec<unknown>],
  [1100, AuthUserAddRequestCodec as Codec<unknown>],
  [1101, AuthUserDeleteRequestCodec as Codec<unknown>],
  [1102, AuthUserGetRequestCodec as Codec<unknown>],
  [1103, AuthUserChangePasswordRequestCodec as Codec<unknown>],
  [1104, AuthUserGrantRoleRequestCodec as Codec<unknown>],
  [1105, AuthUserRevokeRoleRequestCodec as Codec<unknown>],
  [1106, AuthUserListRequestCodec as Codec<unknown>],
  [1107, AuthRoleListRequestCodec as Codec<unknown>],
  [1200, AuthRoleAddRequestCodec as Codec<unknown>],
  [1201, AuthRoleDeleteRequestCodec as Codec<unknown>],
  [1202, AuthRoleGetRequestCodec as Codec<unknown>],
  [1203, AuthRoleGrantPermissionRequestCodec as Codec<unknown>],
  [1204, AuthRoleRevokePermissionRequestCodec as Codec<unknown>],
  [1300, ClusterVersionSetRequestCodec as Codec<unknown>],
  [1301, ClusterMemberAttrSetRequestCodec as Codec<unknown>],
  [1302, DowngradeInfoSetRequestCodec as Codec<unknown>],
  [9900, DowngradeVersionTestRequestCodec as Codec<unknown>],
]);
