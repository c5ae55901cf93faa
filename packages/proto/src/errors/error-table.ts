/**
 * Every error that a user of the API can see from us, once. Clients match the texts, so texts are wire format: permanent.
 *
 * A row is itself the outcome that the core returns (a value, frozen, never allocated on the way); the edge puts its `code`
 * and `message` into the trailers. What the gRPC library itself reports (bad frames, sizes, unknown methods) is not here:
 * the engine knows nothing of etcd.
 */

import { Code } from "./code.ts";

/** What goes into the trailers of a call. */
export interface Status {
  readonly code: Code;
  readonly message: string;
}

/**
 * What the original's client does: `never` again by itself; `reads` are asked of another member, writes are not (they may
 * have been applied); `reauthenticate` fetches a new token and asks again, when it has credentials.
 */
export type RetryClass = "never" | "reads" | "reauthenticate";

export interface ErrorRow extends Status {
  /** Name in the original's Go package `rpctypes`; empty when it has none there. */
  readonly constant: string;
  /** The code as clients see it. */
  readonly code: Code;
  /** The code that the constant carries, where the server sends another one. */
  readonly nominalCode: Code;
  /** The code that 3.5 sends. */
  readonly codeIn35: Code;
  readonly retry: RetryClass;
  /** The original's client turns the text back into a typed error. */
  readonly typed: boolean;
  readonly when: string;
}

type RowInput = Pick<ErrorRow, "code" | "message" | "when"> & Partial<ErrorRow>;

function row(input: RowInput): ErrorRow {
  return Object.freeze({
    code: input.code,
    message: input.message,
    constant: input.constant ?? "",
    nominalCode: input.nominalCode ?? input.code,
    codeIn35: input.codeIn35 ?? input.code,
    retry: input.retry ?? "never",
    typed: input.typed ?? true,
    when: input.when,
  });
}

export const ERRORS = {
  // Key-value
  emptyKey: row({
    constant: "ErrGRPCEmptyKey",
    code: Code.InvalidArgument,
    message: "etcdserver: key is not provided",
    when: "Range/Put/DeleteRange/Compare with empty key",
  }),
  keyNotFound: row({
    constant: "ErrGRPCKeyNotFound",
    code: Code.InvalidArgument,
    message: "etcdserver: key not found",
    when: "ignore_value/ignore_lease on a missing key; txn op with no request set",
  }),
  valueProvided: row({
    constant: "ErrGRPCValueProvided",
    code: Code.InvalidArgument,
    message: "etcdserver: value is provided",
    when: "ignore_value with a value",
  }),
  leaseProvided: row({
    constant: "ErrGRPCLeaseProvided",
    code: Code.InvalidArgument,
    message: "etcdserver: lease is provided",
    when: "ignore_lease with a lease",
  }),
  tooManyOps: row({
    constant: "ErrGRPCTooManyOps",
    code: Code.InvalidArgument,
    message: "etcdserver: too many operations in txn request",
    when: "txn larger than max-txn-ops",
  }),
  duplicateKey: row({
    constant: "ErrGRPCDuplicateKey",
    code: Code.InvalidArgument,
    message: "etcdserver: duplicate key given in txn request",
    when: "same key written twice in a txn",
  }),
  invalidClientApiVersion: row({
    constant: "ErrGRPCInvalidClientAPIVersion",
    code: Code.InvalidArgument,
    typed: false,
    message: "etcdserver: invalid client api version",
    when: "client-api-version metadata not UTF-8 (3.6+)",
  }),
  invalidSortOption: row({
    constant: "ErrGRPCInvalidSortOption",
    code: Code.InvalidArgument,
    message: "etcdserver: invalid sort option",
    when: "unknown sort order/target (3.6+)",
  }),
  compacted: row({
    constant: "ErrGRPCCompacted",
    code: Code.OutOfRange,
    message: "etcdserver: mvcc: required revision has been compacted",
    when: "read/compact/hash below the compacted revision",
  }),
  futureRev: row({
    constant: "ErrGRPCFutureRev",
    code: Code.OutOfRange,
    message: "etcdserver: mvcc: required revision is a future revision",
    when: "revision above current",
  }),
  noSpace: row({
    constant: "ErrGRPCNoSpace",
    code: Code.ResourceExhausted,
    message: "etcdserver: mvcc: database space exceeded",
    when: "quota / NOSPACE alarm",
  }),
  requestTooLarge: row({
    constant: "ErrGRPCRequestTooLarge",
    code: Code.InvalidArgument,
    message: "etcdserver: request is too large",
    when: "encoded proposal > max-request-bytes",
  }),
  tooManyRequests: row({
    constant: "ErrGRPCRequestTooManyRequests",
    code: Code.Unknown,
    nominalCode: Code.ResourceExhausted,
    message: "etcdserver: too many requests",
    when: "more than 5000 committed entries wait to be applied",
  }),
  corrupt: row({
    constant: "ErrGRPCCorrupt",
    code: Code.DataLoss,
    message: "etcdserver: corrupt cluster",
    when: "CORRUPT alarm",
  }),
  watchCanceled: row({
    constant: "ErrGRPCWatchCanceled",
    code: Code.Canceled,
    typed: false,
    message: "etcdserver: watch canceled",
    when: "watch stream context cancelled",
  }),

  // Lease
  leaseNotFound: row({
    constant: "ErrGRPCLeaseNotFound",
    code: Code.NotFound,
    message: "etcdserver: requested lease not found",
    when: "Put/LeaseRevoke with unknown lease",
  }),
  leaseExist: row({
    constant: "ErrGRPCLeaseExist",
    code: Code.FailedPrecondition,
    message: "etcdserver: lease already exists",
    when: "LeaseGrant with a used id",
  }),
  leaseTtlTooLarge: row({
    constant: "ErrGRPCLeaseTTLTooLarge",
    code: Code.OutOfRange,
    message: "etcdserver: too large lease TTL",
    when: "TTL > 9000000000",
  }),

  // Cluster
  memberExist: row({
    constant: "ErrGRPCMemberExist",
    code: Code.FailedPrecondition,
    message: "etcdserver: member ID already exist",
    when: "MemberAdd, computed id in use (checked before the URL: adding the same URLs twice within one second)",
  }),
  peerUrlExist: row({
    constant: "ErrGRPCPeerURLExist",
    code: Code.FailedPrecondition,
    message: "etcdserver: Peer URLs already exists",
    when: "add/update with a used peer URL",
  }),
  memberNotEnoughStarted: row({
    constant: "ErrGRPCMemberNotEnoughStarted",
    code: Code.Unknown,
    nominalCode: Code.FailedPrecondition,
    message: "etcdserver: re-configuration failed due to not enough started members",
    when: "strict reconfiguration check",
  }),
  memberBadUrls: row({
    constant: "ErrGRPCMemberBadURLs",
    code: Code.InvalidArgument,
    message: "etcdserver: given member URLs are invalid",
    when: "MemberAdd",
  }),
  memberNotFound: row({
    constant: "ErrGRPCMemberNotFound",
    code: Code.NotFound,
    message: "etcdserver: member not found",
    when: "unknown or removed member id",
  }),
  memberNotLearner: row({
    constant: "ErrGRPCMemberNotLearner",
    code: Code.FailedPrecondition,
    message: "etcdserver: can only promote a learner member",
    when: "promote a voter",
  }),
  learnerNotReady: row({
    constant: "ErrGRPCLearnerNotReady",
    code: Code.FailedPrecondition,
    message: "etcdserver: can only promote a learner member which is in sync with leader",
    when: "promote, < 90 %",
  }),
  tooManyLearners: row({
    constant: "ErrGRPCTooManyLearners",
    code: Code.FailedPrecondition,
    message: "etcdserver: too many learner members in cluster",
    when: "above max-learners",
  }),
  clusterIdMismatch: row({
    constant: "ErrGRPCClusterIDMismatch",
    code: Code.FailedPrecondition,
    message: "etcdserver: cluster ID mismatch",
    when: "peer hash requests only",
  }),

  // Auth
  rootUserNotExist: row({
    constant: "ErrGRPCRootUserNotExist",
    code: Code.FailedPrecondition,
    message: "etcdserver: root user does not exist",
    when: "AuthEnable",
  }),
  rootRoleNotExist: row({
    constant: "ErrGRPCRootRoleNotExist",
    code: Code.FailedPrecondition,
    message: "etcdserver: root user does not have root role",
    when: "AuthEnable",
  }),
  userAlreadyExist: row({
    constant: "ErrGRPCUserAlreadyExist",
    code: Code.FailedPrecondition,
    message: "etcdserver: user name already exists",
    when: "UserAdd",
  }),
  userEmpty: row({
    constant: "ErrGRPCUserEmpty",
    code: Code.InvalidArgument,
    retry: "reauthenticate",
    message: "etcdserver: user name is empty",
    when: "UserAdd without name; call without identity while auth is on",
  }),
  userNotFound: row({
    constant: "ErrGRPCUserNotFound",
    code: Code.FailedPrecondition,
    message: "etcdserver: user name not found",
    when: "user ops; admin check of a deleted user",
  }),
  roleAlreadyExist: row({
    constant: "ErrGRPCRoleAlreadyExist",
    code: Code.FailedPrecondition,
    message: "etcdserver: role name already exists",
    when: "RoleAdd",
  }),
  roleNotFound: row({
    constant: "ErrGRPCRoleNotFound",
    code: Code.FailedPrecondition,
    message: "etcdserver: role name not found",
    when: "role ops",
  }),
  roleEmpty: row({
    constant: "ErrGRPCRoleEmpty",
    code: Code.InvalidArgument,
    message: "etcdserver: role name is empty",
    when: "RoleAdd",
  }),
  authFailed: row({
    constant: "ErrGRPCAuthFailed",
    code: Code.InvalidArgument,
    message: "etcdserver: authentication failed, invalid user ID or password",
    when: "Authenticate",
  }),
  permissionNotGiven: row({
    constant: "ErrGRPCPermissionNotGiven",
    code: Code.InvalidArgument,
    typed: false,
    message: "etcdserver: permission not given",
    when: "RoleGrantPermission without perm",
  }),
  permissionDenied: row({
    constant: "ErrGRPCPermissionDenied",
    code: Code.PermissionDenied,
    message: "etcdserver: permission denied",
    when: "missing permission",
  }),
  roleNotGranted: row({
    constant: "ErrGRPCRoleNotGranted",
    code: Code.FailedPrecondition,
    message: "etcdserver: role is not granted to the user",
    when: "UserRevokeRole",
  }),
  permissionNotGranted: row({
    constant: "ErrGRPCPermissionNotGranted",
    code: Code.FailedPrecondition,
    message: "etcdserver: permission is not granted to the role",
    when: "RoleRevokePermission",
  }),
  authNotEnabled: row({
    constant: "ErrGRPCAuthNotEnabled",
    code: Code.FailedPrecondition,
    message: "etcdserver: authentication is not enabled",
    when: "Authenticate while off",
  }),
  invalidAuthToken: row({
    constant: "ErrGRPCInvalidAuthToken",
    code: Code.Unauthenticated,
    retry: "reauthenticate",
    message: "etcdserver: invalid auth token",
    when: "token unknown, expired, malformed",
  }),
  invalidAuthMgmt: row({
    constant: "ErrGRPCInvalidAuthMgmt",
    code: Code.InvalidArgument,
    message: "etcdserver: invalid auth management",
    when: "removing root user/role while on; bad permission range",
  }),
  authOldRevision: row({
    constant: "ErrGRPCAuthOldRevision",
    code: Code.InvalidArgument,
    retry: "reauthenticate",
    message: "etcdserver: revision of auth store is old",
    when: "auth store changed since the token/check",
  }),

  // Server state
  noLeader: row({
    constant: "ErrGRPCNoLeader",
    code: Code.Unavailable,
    retry: "reads",
    message: "etcdserver: no leader",
    when: "hasleader metadata; lease forwarding",
  }),
  notLeader: row({
    constant: "ErrGRPCNotLeader",
    code: Code.FailedPrecondition,
    message: "etcdserver: not leader",
    when: "MoveLeader on a follower",
  }),
  leaderChanged: row({
    constant: "ErrGRPCLeaderChanged",
    code: Code.Unavailable,
    retry: "reads",
    message: "etcdserver: leader changed",
    when: "during a linearizable read, TimeToLive",
  }),
  notCapable: row({
    constant: "ErrGRPCNotCapable",
    code: Code.FailedPrecondition,
    codeIn35: Code.Unavailable,
    message: "etcdserver: not capable",
    when: "practically never",
  }),
  stopped: row({
    constant: "ErrGRPCStopped",
    code: Code.Unavailable,
    retry: "reads",
    message: "etcdserver: server stopped",
    when: "shutdown",
  }),
  timeout: row({
    constant: "ErrGRPCTimeout",
    code: Code.Unavailable,
    retry: "reads",
    message: "etcdserver: request timed out",
    when: "ReqTimeout",
  }),
  timeoutDueToLeaderFail: row({
    constant: "ErrGRPCTimeoutDueToLeaderFail",
    code: Code.Unavailable,
    retry: "reads",
    message: "etcdserver: request timed out, possibly due to previous leader failure",
    when: "a proposal or read was lost with the previous leader",
  }),
  timeoutDueToConnectionLost: row({
    constant: "ErrGRPCTimeoutDueToConnectionLost",
    code: Code.Unavailable,
    retry: "reads",
    message: "etcdserver: request timed out, possibly due to connection lost",
    when: "the member has lost touch with the others",
  }),
  timeoutWaitAppliedIndex: row({
    constant: "ErrGRPCTimeoutWaitAppliedIndex",
    code: Code.Unavailable,
    retry: "reads",
    typed: false,
    message: "etcdserver: request timed out, waiting for the applied index took too long",
    when: "lease ops, promote (> 1 s)",
  }),
  unhealthy: row({
    constant: "ErrGRPCUnhealthy",
    code: Code.Unavailable,
    retry: "reads",
    message: "etcdserver: unhealthy cluster",
    when: "strict reconfig check",
  }),
  notSupportedForLearner: row({
    constant: "ErrGRPCNotSupportedForLearner",
    code: Code.FailedPrecondition,
    codeIn35: Code.Unavailable,
    message: "etcdserver: rpc not supported for learner",
    when: "any RPC a learner refuses",
  }),
  badLeaderTransferee: row({
    constant: "ErrGRPCBadLeaderTransferee",
    code: Code.FailedPrecondition,
    message: "etcdserver: bad leader transferee",
    when: "MoveLeader",
  }),
  wrongDowngradeVersionFormat: row({
    constant: "ErrGRPCWrongDowngradeVersionFormat",
    code: Code.InvalidArgument,
    message: "etcdserver: wrong downgrade target version format",
    when: "Downgrade with a version that does not parse",
  }),
  invalidDowngradeTargetVersion: row({
    constant: "ErrGRPCInvalidDowngradeTargetVersion",
    code: Code.InvalidArgument,
    message: "etcdserver: invalid downgrade target version",
    when: "Downgrade to anything but one minor version below",
  }),
  clusterVersionUnavailable: row({
    constant: "ErrGRPCClusterVersionUnavailable",
    code: Code.FailedPrecondition,
    codeIn35: Code.Unavailable,
    message: "etcdserver: cluster version not found during downgrade",
    when: "Downgrade before the cluster version is known",
  }),
  downgradeInProcess: row({
    constant: "ErrGRPCDowngradeInProcess",
    code: Code.FailedPrecondition,
    message: "etcdserver: cluster has a downgrade job in progress",
    when: "Downgrade enable or validate while one is running",
  }),
  noInflightDowngrade: row({
    constant: "ErrGRPCNoInflightDowngrade",
    code: Code.FailedPrecondition,
    message: "etcdserver: no inflight downgrade job",
    when: "Downgrade cancel with none running; 3.5 in practice",
  }),
  requestCanceled: row({
    constant: "ErrGRPCCanceled",
    code: Code.Canceled,
    typed: false,
    message: "etcdserver: request canceled",
    when: "3.7: proposal cancelled by the client; otherwise unused",
  }),
  requestDeadlineExceeded: row({
    constant: "ErrGRPCDeadlineExceeded",
    code: Code.DeadlineExceeded,
    typed: false,
    message: "etcdserver: context deadline exceeded",
    when: "unused",
  }),

  // RangeStream
  rangeStreamSortOrder: row({
    code: Code.Unimplemented,
    message: "RangeStream does not support custom sort orders",
    when: "RangeStream with a sort order or target",
    typed: false,
  }),
  rangeStreamRevisionFilters: row({
    code: Code.Unimplemented,
    message: "RangeStream does not support revision filters",
    when: "RangeStream with a minimum or maximum revision",
    typed: false,
  }),

  // The caller's own deadline and cancellation
  contextCanceled: row({
    code: Code.Canceled,
    message: "context canceled",
    when: "the caller went away",
    typed: false,
  }),
  contextDeadlineExceeded: row({
    code: Code.DeadlineExceeded,
    message: "context deadline exceeded",
    when: "the caller's deadline passed",
    typed: false,
  }),

  // Without a place in the original's mapping: they arrive as Unknown
  requestCancelledUnmapped: row({
    code: Code.Unknown,
    message: "etcdserver: request cancelled",
    when: "3.5, 3.6: cancelled while the proposal was pending",
    typed: false,
  }),
  unknownMethod: row({
    code: Code.Unknown,
    message: "etcdserver: unknown method",
    when: "Downgrade with an unknown action",
    typed: false,
  }),
  timeoutLeaderTransfer: row({
    code: Code.Unknown,
    message: "etcdserver: request timed out, leader transfer took too long",
    when: "MoveLeader",
    typed: false,
  }),
  notPrimaryLessor: row({
    code: Code.Unknown,
    message: "not a primary lessor",
    when: "keep-alive on a leader that lost leadership",
    typed: false,
  }),
  leaseRenewIdMismatch: row({
    code: Code.Unknown,
    message: "lease: renew id mismatch",
    when: "a forwarded keep-alive answered for another lease",
    typed: false,
  }),
  noPasswordUser: row({
    code: Code.Unknown,
    message: "auth: authentication failed, password was given for no password user",
    when: "Authenticate for a user without a password; bad base64 password",
    typed: false,
  }),
  verifyOnlyKey: row({
    code: Code.Unknown,
    message: "auth: token signing attempted with verify-only key",
    when: "Authenticate with a JWT public key only",
    typed: false,
  }),
  passwordTooLong: row({
    code: Code.Unknown,
    message: "bcrypt: password length exceeds 72 bytes",
    when: "UserAdd, UserChangePassword",
    typed: false,
  }),
  proposalDropped: row({
    code: Code.Unknown,
    message: "raft proposal dropped",
    when: "proposal during a leader transfer",
    typed: false,
  }),
  raftStopped: row({
    code: Code.Unknown,
    message: "raft: stopped",
    when: "proposal during the stop",
    typed: false,
  }),
  applyTxnCompacted: row({
    code: Code.Unknown,
    message: "applyTxn: failed Range: mvcc: required revision has been compacted",
    when: "compaction overtakes a read-only txn",
    typed: false,
  }),
  applyTxnFutureRev: row({
    code: Code.Unknown,
    message: "applyTxn: failed Range: mvcc: required revision is a future revision",
    when: "a read-only txn reads ahead of its store",
    typed: false,
  }),

  // Lock and Election
  sessionExpired: row({
    code: Code.Unknown,
    message: "mutex: session is expired",
    when: "Lock, its lease ended while waiting",
    typed: false,
  }),
  electionNotLeader: row({
    code: Code.Unknown,
    message: "election: not leader",
    when: "Proclaim, Resign by another than the leader",
    typed: false,
  }),
  electionNoLeader: row({
    code: Code.Unknown,
    message: "election: no leader",
    when: "Leader before an election",
    typed: false,
  }),
  leaderFieldMissing: row({
    code: Code.Unknown,
    message: '"leader" field must be provided',
    when: "Proclaim, Resign without a leader key",
    typed: false,
  }),
  lostWatcher: row({
    code: Code.Unknown,
    message: "lost watcher waiting for delete",
    when: "Lock, Campaign when their watch ends",
    typed: false,
  }),
} as const satisfies Readonly<Record<string, ErrorRow>>;

export type ErrorName = keyof typeof ERRORS;

const byMessage: ReadonlyMap<string, ErrorRow> = new Map(
  Object.values<ErrorRow>(ERRORS).map((error) => [error.message, error]),
);

/** How a client recognises an error: by its text, since the code may have been lost on the way. */
export function errorByMessage(message: string): ErrorRow | undefined {
  return byMessage.get(message);
}
