/** Generated from proto/*.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

import type { Method, Service } from "../service.ts";
import { type RangeRequest, RangeRequestCodec, type RangeResponse, RangeResponseCodec, type PutRequest, PutRequestCodec, type PutResponse, PutResponseCodec, type DeleteRangeRequest, DeleteRangeRequestCodec, type DeleteRangeResponse, DeleteRangeResponseCodec, type TxnRequest, TxnRequestCodec, type TxnResponse, TxnResponseCodec, type CompactionRequest, CompactionRequestCodec, type CompactionResponse, CompactionResponseCodec, type HashRequest, HashRequestCodec, type HashKVRequest, HashKVRequestCodec, type HashKVResponse, HashKVResponseCodec, type HashResponse, HashResponseCodec, type SnapshotRequest, SnapshotRequestCodec, type SnapshotResponse, SnapshotResponseCodec, type WatchRequest, WatchRequestCodec, type WatchResponse, WatchResponseCodec, type LeaseGrantRequest, LeaseGrantRequestCodec, type LeaseGrantResponse, LeaseGrantResponseCodec, type LeaseRevokeRequest, LeaseRevokeRequestCodec, type LeaseRevokeResponse, LeaseRevokeResponseCodec, type LeaseKeepAliveRequest, LeaseKeepAliveRequestCodec, type LeaseKeepAliveResponse, LeaseKeepAliveResponseCodec, type LeaseTimeToLiveRequest, LeaseTimeToLiveRequestCodec, type LeaseTimeToLiveResponse, LeaseTimeToLiveResponseCodec, type LeaseLeasesRequest, LeaseLeasesRequestCodec, type LeaseLeasesResponse, LeaseLeasesResponseCodec, type MemberAddRequest, MemberAddRequestCodec, type MemberAddResponse, MemberAddResponseCodec, type MemberRemoveRequest, MemberRemoveRequestCodec, type MemberRemoveResponse, MemberRemoveResponseCodec, type MemberUpdateRequest, MemberUpdateRequestCodec, type MemberUpdateResponse, MemberUpdateResponseCodec, type MemberListRequest, MemberListRequestCodec, type MemberListResponse, MemberListResponseCodec, type MemberPromoteRequest, MemberPromoteRequestCodec, type MemberPromoteResponse, MemberPromoteResponseCodec, type DefragmentRequest, DefragmentRequestCodec, type DefragmentResponse, DefragmentResponseCodec, type MoveLeaderRequest, MoveLeaderRequestCodec, type MoveLeaderResponse, MoveLeaderResponseCodec, type AlarmRequest, AlarmRequestCodec, type AlarmResponse, AlarmResponseCodec, type DowngradeRequest, DowngradeRequestCodec, type DowngradeResponse, DowngradeResponseCodec, type StatusRequest, StatusRequestCodec, type StatusResponse, StatusResponseCodec, type AuthEnableRequest, AuthEnableRequestCodec, type AuthDisableRequest, AuthDisableRequestCodec, type AuthStatusRequest, AuthStatusRequestCodec, type AuthenticateRequest, AuthenticateRequestCodec, type AuthUserAddRequest, AuthUserAddRequestCodec, type AuthUserGetRequest, AuthUserGetRequestCodec, type AuthUserDeleteRequest, AuthUserDeleteRequestCodec, type AuthUserChangePasswordRequest, AuthUserChangePasswordRequestCodec, type AuthUserGrantRoleRequest, AuthUserGrantRoleRequestCodec, type AuthUserRevokeRoleRequest, AuthUserRevokeRoleRequestCodec, type AuthRoleAddRequest, AuthRoleAddRequestCodec, type AuthRoleGetRequest, AuthRoleGetRequestCodec, type AuthUserListRequest, AuthUserListRequestCodec, type AuthRoleListRequest, AuthRoleListRequestCodec, type AuthRoleDeleteRequest, AuthRoleDeleteRequestCodec, type AuthRoleGrantPermissionRequest, AuthRoleGrantPermissionRequestCodec, type AuthRoleRevokePermissionRequest, AuthRoleRevokePermissionRequestCodec, type AuthEnableResponse, AuthEnableResponseCodec, type AuthDisableResponse, AuthDisableResponseCodec, type AuthStatusResponse, AuthStatusResponseCodec, type AuthenticateResponse, AuthenticateResponseCodec, type AuthUserAddResponse, AuthUserAddResponseCodec, type AuthUserGetResponse, AuthUserGetResponseCodec, type AuthUserDeleteResponse, AuthUserDeleteResponseCodec, type AuthUserChangePasswordResponse, AuthUserChangePasswordResponseCodec, type AuthUserGrantRoleResponse, AuthUserGrantRoleResponseCodec, type AuthUserRevokeRoleResponse, AuthUserRevokeRoleResponseCodec, type AuthRoleAddResponse, AuthRoleAddResponseCodec, type AuthRoleGetResponse, AuthRoleGetResponseCodec, type AuthRoleListResponse, AuthRoleListResponseCodec, type AuthUserListResponse, AuthUserListResponseCodec, type AuthRoleDeleteResponse, AuthRoleDeleteResponseCodec, type AuthRoleGrantPermissionResponse, AuthRoleGrantPermissionResponseCodec, type AuthRoleRevokePermissionResponse, AuthRoleRevokePermissionResponseCodec, type RangeStreamResponse, RangeStreamResponseCodec } from "./rpc.ts";
import { type LockRequest, LockRequestCodec, type LockResponse, LockResponseCodec, type UnlockRequest, UnlockRequestCodec, type UnlockResponse, UnlockResponseCodec } from "./v3lock.ts";
import { type CampaignRequest, CampaignRequestCodec, type CampaignResponse, CampaignResponseCodec, type LeaderRequest, LeaderRequestCodec, type LeaderResponse, LeaderResponseCodec, type ResignRequest, ResignRequestCodec, type ResignResponse, ResignResponseCodec, type ProclaimRequest, ProclaimRequestCodec, type ProclaimResponse, ProclaimResponseCodec } from "./v3election.ts";
import { type HealthCheckRequest, HealthCheckRequestCodec, type HealthCheckResponse, HealthCheckResponseCodec, type HealthListRequest, HealthListRequestCodec, type HealthListResponse, HealthListResponseCodec } from "./health.ts";

export const KVService = {
  name: "etcdserverpb.KV",
  methods: {
    range: {
      name: "Range",
      path: "/etcdserverpb.KV/Range",
      kind: "unary",
      request: RangeRequestCodec,
      response: RangeResponseCodec,
      gatewayPaths: ["/v3/kv/range"],
    } satisfies Method<RangeRequest, RangeResponse>,
    rangeStream: {
      name: "RangeStream",
      path: "/etcdserverpb.KV/RangeStream",
      kind: "serverStream",
      request: RangeRequestCodec,
      response: RangeStreamResponseCodec,
      gatewayPaths: [],
    } satisfies Method<RangeRequest, RangeStreamResponse>,
    put: {
      name: "Put",
      path: "/etcdserverpb.KV/Put",
      kind: "unary",
      request: PutRequestCodec,
      response: PutResponseCodec,
      gatewayPaths: ["/v3/kv/put"],
    } satisfies Method<PutRequest, PutResponse>,
    deleteRange: {
      name: "DeleteRange",
      path: "/etcdserverpb.KV/DeleteRange",
      kind: "unary",
      request: DeleteRangeRequestCodec,
      response: DeleteRangeResponseCodec,
      gatewayPaths: ["/v3/kv/deleterange"],
    } satisfies Method<DeleteRangeRequest, DeleteRangeResponse>,
    txn: {
      name: "Txn",
      path: "/etcdserverpb.KV/Txn",
      kind: "unary",
      request: TxnRequestCodec,
      response: TxnResponseCodec,
      gatewayPaths: ["/v3/kv/txn"],
    } satisfies Method<TxnRequest, TxnResponse>,
    compact: {
      name: "Compact",
      path: "/etcdserverpb.KV/Compact",
      kind: "unary",
      request: CompactionRequestCodec,
      response: CompactionResponseCodec,
      gatewayPaths: ["/v3/kv/compaction"],
    } satisfies Method<CompactionRequest, CompactionResponse>,
  },
} as const satisfies Service;

export const WatchService = {
  name: "etcdserverpb.Watch",
  methods: {
    watch: {
      name: "Watch",
      path: "/etcdserverpb.Watch/Watch",
      kind: "bidi",
      request: WatchRequestCodec,
      response: WatchResponseCodec,
      gatewayPaths: ["/v3/watch"],
    } satisfies Method<WatchRequest, WatchResponse>,
  },
} as const satisfies Service;

export const LeaseService = {
  name: "etcdserverpb.Lease",
  methods: {
    leaseGrant: {
      name: "LeaseGrant",
      path: "/etcdserverpb.Lease/LeaseGrant",
      kind: "unary",
      request: LeaseGrantRequestCodec,
      response: LeaseGrantResponseCodec,
      gatewayPaths: ["/v3/lease/grant"],
    } satisfies Method<LeaseGrantRequest, LeaseGrantResponse>,
    leaseRevoke: {
      name: "LeaseRevoke",
      path: "/etcdserverpb.Lease/LeaseRevoke",
      kind: "unary",
      request: LeaseRevokeRequestCodec,
      response: LeaseRevokeResponseCodec,
      gatewayPaths: ["/v3/lease/revoke", "/v3/kv/lease/revoke"],
    } satisfies Method<LeaseRevokeRequest, LeaseRevokeResponse>,
    leaseKeepAlive: {
      name: "LeaseKeepAlive",
      path: "/etcdserverpb.Lease/LeaseKeepAlive",
      kind: "bidi",
      request: LeaseKeepAliveRequestCodec,
      response: LeaseKeepAliveResponseCodec,
      gatewayPaths: ["/v3/lease/keepalive"],
    } satisfies Method<LeaseKeepAliveRequest, LeaseKeepAliveResponse>,
    leaseTimeToLive: {
      name: "LeaseTimeToLive",
      path: "/etcdserverpb.Lease/LeaseTimeToLive",
      kind: "unary",
      request: LeaseTimeToLiveRequestCodec,
      response: LeaseTimeToLiveResponseCodec,
      gatewayPaths: ["/v3/lease/timetolive", "/v3/kv/lease/timetolive"],
    } satisfies Method<LeaseTimeToLiveRequest, LeaseTimeToLiveResponse>,
    leaseLeases: {
      name: "LeaseLeases",
      path: "/etcdserverpb.Lease/LeaseLeases",
      kind: "unary",
      request: LeaseLeasesRequestCodec,
      response: LeaseLeasesResponseCodec,
      gatewayPaths: ["/v3/lease/leases", "/v3/kv/lease/leases"],
    } satisfies Method<LeaseLeasesRequest, LeaseLeasesResponse>,
  },
} as const satisfies Service;

export const ClusterService = {
  name: "etcdserverpb.Cluster",
  methods: {
    memberAdd: {
      name: "MemberAdd",
      path: "/etcdserverpb.Cluster/MemberAdd",
      kind: "unary",
      request: MemberAddRequestCodec,
      response: MemberAddResponseCodec,
      gatewayPaths: ["/v3/cluster/member/add"],
    } satisfies Method<MemberAddRequest, MemberAddResponse>,
    memberRemove: {
      name: "MemberRemove",
      path: "/etcdserverpb.Cluster/MemberRemove",
      kind: "unary",
      request: MemberRemoveRequestCodec,
      response: MemberRemoveResponseCodec,
      gatewayPaths: ["/v3/cluster/member/remove"],
    } satisfies Method<MemberRemoveRequest, MemberRemoveResponse>,
    memberUpdate: {
      name: "MemberUpdate",
      path: "/etcdserverpb.Cluster/MemberUpdate",
      kind: "unary",
      request: MemberUpdateRequestCodec,
      response: MemberUpdateResponseCodec,
      gatewayPaths: ["/v3/cluster/member/update"],
    } satisfies Method<MemberUpdateRequest, MemberUpdateResponse>,
    memberList: {
      name: "MemberList",
      path: "/etcdserverpb.Cluster/MemberList",
      kind: "unary",
      request: MemberListRequestCodec,
      response: MemberListResponseCodec,
      gatewayPaths: ["/v3/cluster/member/list"],
    } satisfies Method<MemberListRequest, MemberListResponse>,
    memberPromote: {
      name: "MemberPromote",
      path: "/etcdserverpb.Cluster/MemberPromote",
      kind: "unary",
      request: MemberPromoteRequestCodec,
      response: MemberPromoteResponseCodec,
      gatewayPaths: ["/v3/cluster/member/promote"],
    } satisfies Method<MemberPromoteRequest, MemberPromoteResponse>,
  },
} as const satisfies Service;

export const MaintenanceService = {
  name: "etcdserverpb.Maintenance",
  methods: {
    alarm: {
      name: "Alarm",
      path: "/etcdserverpb.Maintenance/Alarm",
      kind: "unary",
      request: AlarmRequestCodec,
      response: AlarmResponseCodec,
      gatewayPaths: ["/v3/maintenance/alarm"],
    } satisfies Method<AlarmRequest, AlarmResponse>,
    status: {
      name: "Status",
      path: "/etcdserverpb.Maintenance/Status",
      kind: "unary",
      request: StatusRequestCodec,
      response: StatusResponseCodec,
      gatewayPaths: ["/v3/maintenance/status"],
    } satisfies Method<StatusRequest, StatusResponse>,
    defragment: {
      name: "Defragment",
      path: "/etcdserverpb.Maintenance/Defragment",
      kind: "unary",
      request: DefragmentRequestCodec,
      response: DefragmentResponseCodec,
      gatewayPaths: ["/v3/maintenance/defragment"],
    } satisfies Method<DefragmentRequest, DefragmentResponse>,
    hash: {
      name: "Hash",
      path: "/etcdserverpb.Maintenance/Hash",
      kind: "unary",
      request: HashRequestCodec,
      response: HashResponseCodec,
      gatewayPaths: ["/v3/maintenance/hash"],
    } satisfies Method<HashRequest, HashResponse>,
    hashKv: {
      name: "HashKV",
      path: "/etcdserverpb.Maintenance/HashKV",
      kind: "unary",
      request: HashKVRequestCodec,
      response: HashKVResponseCodec,
      gatewayPaths: ["/v3/maintenance/hashkv"],
    } satisfies Method<HashKVRequest, HashKVResponse>,
    snapshot: {
      name: "Snapshot",
      path: "/etcdserverpb.Maintenance/Snapshot",
      kind: "serverStream",
      request: SnapshotRequestCodec,
      response: SnapshotResponseCodec,
      gatewayPaths: ["/v3/maintenance/snapshot"],
    } satisfies Method<SnapshotRequest, SnapshotResponse>,
    moveLeader: {
      name: "MoveLeader",
      path: "/etcdserverpb.Maintenance/MoveLeader",
      kind: "unary",
      request: MoveLeaderRequestCodec,
      response: MoveLeaderResponseCodec,
      gatewayPaths: ["/v3/maintenance/transfer-leadership"],
    } satisfies Method<MoveLeaderRequest, MoveLeaderResponse>,
    downgrade: {
      name: "Downgrade",
      path: "/etcdserverpb.Maintenance/Downgrade",
      kind: "unary",
      request: DowngradeRequestCodec,
      response: DowngradeResponseCodec,
      gatewayPaths: ["/v3/maintenance/downgrade"],
    } satisfies Method<DowngradeRequest, DowngradeResponse>,
  },
} as const satisfies Service;

export const AuthService = {
  name: "etcdserverpb.Auth",
  methods: {
    authEnable: {
      name: "AuthEnable",
      path: "/etcdserverpb.Auth/AuthEnable",
      kind: "unary",
      request: AuthEnableRequestCodec,
      response: AuthEnableResponseCodec,
      gatewayPaths: ["/v3/auth/enable"],
    } satisfies Method<AuthEnableRequest, AuthEnableResponse>,
    authDisable: {
      name: "AuthDisable",
      path: "/etcdserverpb.Auth/AuthDisable",
      kind: "unary",
      request: AuthDisableRequestCodec,
      response: AuthDisableResponseCodec,
      gatewayPaths: ["/v3/auth/disable"],
    } satisfies Method<AuthDisableRequest, AuthDisableResponse>,
    authStatus: {
      name: "AuthStatus",
      path: "/etcdserverpb.Auth/AuthStatus",
      kind: "unary",
      request: AuthStatusRequestCodec,
      response: AuthStatusResponseCodec,
      gatewayPaths: ["/v3/auth/status"],
    } satisfies Method<AuthStatusRequest, AuthStatusResponse>,
    authenticate: {
      name: "Authenticate",
      path: "/etcdserverpb.Auth/Authenticate",
      kind: "unary",
      request: AuthenticateRequestCodec,
      response: AuthenticateResponseCodec,
      gatewayPaths: ["/v3/auth/authenticate"],
    } satisfies Method<AuthenticateRequest, AuthenticateResponse>,
    userAdd: {
      name: "UserAdd",
      path: "/etcdserverpb.Auth/UserAdd",
      kind: "unary",
      request: AuthUserAddRequestCodec,
      response: AuthUserAddResponseCodec,
      gatewayPaths: ["/v3/auth/user/add"],
    } satisfies Method<AuthUserAddRequest, AuthUserAddResponse>,
    userGet: {
      name: "UserGet",
      path: "/etcdserverpb.Auth/UserGet",
      kind: "unary",
      request: AuthUserGetRequestCodec,
      response: AuthUserGetResponseCodec,
      gatewayPaths: ["/v3/auth/user/get"],
    } satisfies Method<AuthUserGetRequest, AuthUserGetResponse>,
    userList: {
      name: "UserList",
      path: "/etcdserverpb.Auth/UserList",
      kind: "unary",
      request: AuthUserListRequestCodec,
      response: AuthUserListResponseCodec,
      gatewayPaths: ["/v3/auth/user/list"],
    } satisfies Method<AuthUserListRequest, AuthUserListResponse>,
    userDelete: {
      name: "UserDelete",
      path: "/etcdserverpb.Auth/UserDelete",
      kind: "unary",
      request: AuthUserDeleteRequestCodec,
      response: AuthUserDeleteResponseCodec,
      gatewayPaths: ["/v3/auth/user/delete"],
    } satisfies Method<AuthUserDeleteRequest, AuthUserDeleteResponse>,
    userChangePassword: {
      name: "UserChangePassword",
      path: "/etcdserverpb.Auth/UserChangePassword",
      kind: "unary",
      request: AuthUserChangePasswordRequestCodec,
      response: AuthUserChangePasswordResponseCodec,
      gatewayPaths: ["/v3/auth/user/changepw"],
    } satisfies Method<AuthUserChangePasswordRequest, AuthUserChangePasswordResponse>,
    userGrantRole: {
      name: "UserGrantRole",
      path: "/etcdserverpb.Auth/UserGrantRole",
      kind: "unary",
      request: AuthUserGrantRoleRequestCodec,
      response: AuthUserGrantRoleResponseCodec,
      gatewayPaths: ["/v3/auth/user/grant"],
    } satisfies Method<AuthUserGrantRoleRequest, AuthUserGrantRoleResponse>,
    userRevokeRole: {
      name: "UserRevokeRole",
      path: "/etcdserverpb.Auth/UserRevokeRole",
      kind: "unary",
      request: AuthUserRevokeRoleRequestCodec,
      response: AuthUserRevokeRoleResponseCodec,
      gatewayPaths: ["/v3/auth/user/revoke"],
    } satisfies Method<AuthUserRevokeRoleRequest, AuthUserRevokeRoleResponse>,
    roleAdd: {
      name: "RoleAdd",
      path: "/etcdserverpb.Auth/RoleAdd",
      kind: "unary",
      request: AuthRoleAddRequestCodec,
      response: AuthRoleAddResponseCodec,
      gatewayPaths: ["/v3/auth/role/add"],
    } satisfies Method<AuthRoleAddRequest, AuthRoleAddResponse>,
    roleGet: {
      name: "RoleGet",
      path: "/etcdserverpb.Auth/RoleGet",
      kind: "unary",
      request: AuthRoleGetRequestCodec,
      response: AuthRoleGetResponseCodec,
      gatewayPaths: ["/v3/auth/role/get"],
    } satisfies Method<AuthRoleGetRequest, AuthRoleGetResponse>,
    roleList: {
      name: "RoleList",
      path: "/etcdserverpb.Auth/RoleList",
      kind: "unary",
      request: AuthRoleListRequestCodec,
      response: AuthRoleListResponseCodec,
      gatewayPaths: ["/v3/auth/role/list"],
    } satisfies Method<AuthRoleListRequest, AuthRoleListResponse>,
    roleDelete: {
      name: "RoleDelete",
      path: "/etcdserverpb.Auth/RoleDelete",
      kind: "unary",
      request: AuthRoleDeleteRequestCodec,
      response: AuthRoleDeleteResponseCodec,
      gatewayPaths: ["/v3/auth/role/delete"],
    } satisfies Method<AuthRoleDeleteRequest, AuthRoleDeleteResponse>,
    roleGrantPermission: {
      name: "RoleGrantPermission",
      path: "/etcdserverpb.Auth/RoleGrantPermission",
      kind: "unary",
      request: AuthRoleGrantPermissionRequestCodec,
      response: AuthRoleGrantPermissionResponseCodec,
      gatewayPaths: ["/v3/auth/role/grant"],
    } satisfies Method<AuthRoleGrantPermissionRequest, AuthRoleGrantPermissionResponse>,
    roleRevokePermission: {
      name: "RoleRevokePermission",
      path: "/etcdserverpb.Auth/RoleRevokePermission",
      kind: "unary",
      request: AuthRoleRevokePermissionRequestCodec,
      response: AuthRoleRevokePermissionResponseCodec,
      gatewayPaths: ["/v3/auth/role/revoke"],
    } satisfies Method<AuthRoleRevokePermissionRequest, AuthRoleRevokePermissionResponse>,
  },
} as const satisfies Service;

export const LockService = {
  name: "v3lockpb.Lock",
  methods: {
    lock: {
      name: "Lock",
      path: "/v3lockpb.Lock/Lock",
      kind: "unary",
      request: LockRequestCodec,
      response: LockResponseCodec,
      gatewayPaths: ["/v3/lock/lock"],
    } satisfies Method<LockRequest, LockResponse>,
    unlock: {
      name: "Unlock",
      path: "/v3lockpb.Lock/Unlock",
      kind: "unary",
      request: UnlockRequestCodec,
      response: UnlockResponseCodec,
      gatewayPaths: ["/v3/lock/unlock"],
    } satisfies Method<UnlockRequest, UnlockResponse>,
  },
} as const satisfies Service;

export const ElectionService = {
  name: "v3electionpb.Election",
  methods: {
    campaign: {
      name: "Campaign",
      path: "/v3electionpb.Election/Campaign",
      kind: "unary",
      request: CampaignRequestCodec,
      response: CampaignResponseCodec,
      gatewayPaths: ["/v3/election/campaign"],
    } satisfies Method<CampaignRequest, CampaignResponse>,
    proclaim: {
      name: "Proclaim",
      path: "/v3electionpb.Election/Proclaim",
      kind: "unary",
      request: ProclaimRequestCodec,
      response: ProclaimResponseCodec,
      gatewayPaths: ["/v3/election/proclaim"],
    } satisfies Method<ProclaimRequest, ProclaimResponse>,
    leader: {
      name: "Leader",
      path: "/v3electionpb.Election/Leader",
      kind: "unary",
      request: LeaderRequestCodec,
      response: LeaderResponseCodec,
      gatewayPaths: ["/v3/election/leader"],
    } satisfies Method<LeaderRequest, LeaderResponse>,
    observe: {
      name: "Observe",
      path: "/v3electionpb.Election/Observe",
      kind: "serverStream",
      request: LeaderRequestCodec,
      response: LeaderResponseCodec,
      gatewayPaths: ["/v3/election/observe"],
    } satisfies Method<LeaderRequest, LeaderResponse>,
    resign: {
      name: "Resign",
      path: "/v3electionpb.Election/Resign",
      kind: "unary",
      request: ResignRequestCodec,
      response: ResignResponseCodec,
      gatewayPaths: ["/v3/election/resign"],
    } satisfies Method<ResignRequest, ResignResponse>,
  },
} as const satisfies Service;

export const HealthService = {
  name: "grpc.health.v1.Health",
  methods: {
    check: {
      name: "Check",
      path: "/grpc.health.v1.Health/Check",
      kind: "unary",
      request: HealthCheckRequestCodec,
      response: HealthCheckResponseCodec,
      gatewayPaths: [],
    } satisfies Method<HealthCheckRequest, HealthCheckResponse>,
    list: {
      name: "List",
      path: "/grpc.health.v1.Health/List",
      kind: "unary",
      request: HealthListRequestCodec,
      response: HealthListResponseCodec,
      gatewayPaths: [],
    } satisfies Method<HealthListRequest, HealthListResponse>,
    watch: {
      name: "Watch",
      path: "/grpc.health.v1.Health/Watch",
      kind: "serverStream",
      request: HealthCheckRequestCodec,
      response: HealthCheckResponseCodec,
      gatewayPaths: [],
    } satisfies Method<HealthCheckRequest, HealthCheckResponse>,
  },
} as const satisfies Service;

export const services = [KVService, WatchService, LeaseService, ClusterService, MaintenanceService, AuthService, LockService, ElectionService, HealthService] as const satisfies readonly Service[];
