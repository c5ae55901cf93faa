/** Generated from proto/*.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

import type { EnumDescriptor, MessageDescriptor } from "../descriptor.ts";

const messages: readonly MessageDescriptor[] = [
  { typeName: "mvccpb.KeyValue", fields: [
      { name: "key", jsonName: "key", property: "key", number: 1, type: "bytes" },
      { name: "create_revision", jsonName: "createRevision", property: "createRevision", number: 2, type: "int64" },
      { name: "mod_revision", jsonName: "modRevision", property: "modRevision", number: 3, type: "int64" },
      { name: "version", jsonName: "version", property: "version", number: 4, type: "int64" },
      { name: "value", jsonName: "value", property: "value", number: 5, type: "bytes" },
      { name: "lease", jsonName: "lease", property: "lease", number: 6, type: "int64", big: true },
    ], since: "3.0" },
  { typeName: "mvccpb.Event", fields: [
      { name: "type", jsonName: "type", property: "type", number: 1, type: "enum", typeName: "mvccpb.Event.EventType" },
      { name: "kv", jsonName: "kv", property: "kv", number: 2, type: "message", typeName: "mvccpb.KeyValue", encoded: true },
      { name: "prev_kv", jsonName: "prevKv", property: "prevKv", number: 3, type: "message", typeName: "mvccpb.KeyValue", encoded: true },
    ], since: "3.0" },
  { typeName: "authpb.UserAddOptions", fields: [
      { name: "no_password", jsonName: "noPassword", property: "noPassword", number: 1, type: "bool" },
    ], since: "3.4" },
  { typeName: "authpb.User", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "bytes" },
      { name: "password", jsonName: "password", property: "password", number: 2, type: "bytes" },
      { name: "roles", jsonName: "roles", property: "roles", number: 3, type: "string", repeated: true },
      { name: "options", jsonName: "options", property: "options", number: 4, type: "message", typeName: "authpb.UserAddOptions" },
    ] },
  { typeName: "authpb.Permission", fields: [
      { name: "permType", jsonName: "permType", property: "permType", number: 1, type: "enum", typeName: "authpb.Permission.Type" },
      { name: "key", jsonName: "key", property: "key", number: 2, type: "bytes" },
      { name: "range_end", jsonName: "rangeEnd", property: "rangeEnd", number: 3, type: "bytes" },
    ] },
  { typeName: "authpb.Role", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "bytes" },
      { name: "keyPermission", jsonName: "keyPermission", property: "keyPermission", number: 2, type: "message", typeName: "authpb.Permission", repeated: true },
    ] },
  { typeName: "membershippb.RaftAttributes", fields: [
      { name: "peer_urls", jsonName: "peerUrls", property: "peerUrls", number: 1, type: "string", repeated: true },
      { name: "is_learner", jsonName: "isLearner", property: "isLearner", number: 2, type: "bool" },
    ], since: "3.5" },
  { typeName: "membershippb.Attributes", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "string" },
      { name: "client_urls", jsonName: "clientUrls", property: "clientUrls", number: 2, type: "string", repeated: true },
    ], since: "3.5" },
  { typeName: "membershippb.Member", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "uint64", big: true },
      { name: "raft_attributes", jsonName: "raftAttributes", property: "raftAttributes", number: 2, type: "message", typeName: "membershippb.RaftAttributes" },
      { name: "member_attributes", jsonName: "memberAttributes", property: "memberAttributes", number: 3, type: "message", typeName: "membershippb.Attributes" },
    ], since: "3.5" },
  { typeName: "membershippb.ClusterVersionSetRequest", fields: [
      { name: "ver", jsonName: "ver", property: "ver", number: 1, type: "string" },
    ], since: "3.5" },
  { typeName: "membershippb.ClusterMemberAttrSetRequest", fields: [
      { name: "member_ID", jsonName: "memberID", property: "memberId", number: 1, type: "uint64", big: true },
      { name: "member_attributes", jsonName: "memberAttributes", property: "memberAttributes", number: 2, type: "message", typeName: "membershippb.Attributes" },
    ], since: "3.5" },
  { typeName: "membershippb.DowngradeInfoSetRequest", fields: [
      { name: "enabled", jsonName: "enabled", property: "enabled", number: 1, type: "bool" },
      { name: "ver", jsonName: "ver", property: "ver", number: 2, type: "string" },
    ], since: "3.5" },
  { typeName: "etcdserverpb.ResponseHeader", fields: [
      { name: "cluster_id", jsonName: "clusterId", property: "clusterId", number: 1, type: "uint64", big: true },
      { name: "member_id", jsonName: "memberId", property: "memberId", number: 2, type: "uint64", big: true },
      { name: "revision", jsonName: "revision", property: "revision", number: 3, type: "int64" },
      { name: "raft_term", jsonName: "raftTerm", property: "raftTerm", number: 4, type: "uint64" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.RangeRequest", fields: [
      { name: "key", jsonName: "key", property: "key", number: 1, type: "bytes" },
      { name: "range_end", jsonName: "rangeEnd", property: "rangeEnd", number: 2, type: "bytes" },
      { name: "limit", jsonName: "limit", property: "limit", number: 3, type: "int64" },
      { name: "revision", jsonName: "revision", property: "revision", number: 4, type: "int64" },
      { name: "sort_order", jsonName: "sortOrder", property: "sortOrder", number: 5, type: "enum", typeName: "etcdserverpb.RangeRequest.SortOrder" },
      { name: "sort_target", jsonName: "sortTarget", property: "sortTarget", number: 6, type: "enum", typeName: "etcdserverpb.RangeRequest.SortTarget" },
      { name: "serializable", jsonName: "serializable", property: "serializable", number: 7, type: "bool" },
      { name: "keys_only", jsonName: "keysOnly", property: "keysOnly", number: 8, type: "bool" },
      { name: "count_only", jsonName: "countOnly", property: "countOnly", number: 9, type: "bool" },
      { name: "min_mod_revision", jsonName: "minModRevision", property: "minModRevision", number: 10, type: "int64", since: "3.1" },
      { name: "max_mod_revision", jsonName: "maxModRevision", property: "maxModRevision", number: 11, type: "int64", since: "3.1" },
      { name: "min_create_revision", jsonName: "minCreateRevision", property: "minCreateRevision", number: 12, type: "int64", since: "3.1" },
      { name: "max_create_revision", jsonName: "maxCreateRevision", property: "maxCreateRevision", number: 13, type: "int64", since: "3.1" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.RangeResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "kvs", jsonName: "kvs", property: "kvs", number: 2, type: "message", typeName: "mvccpb.KeyValue", repeated: true, encoded: true },
      { name: "more", jsonName: "more", property: "more", number: 3, type: "bool" },
      { name: "count", jsonName: "count", property: "count", number: 4, type: "int64" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.PutRequest", fields: [
      { name: "key", jsonName: "key", property: "key", number: 1, type: "bytes" },
      { name: "value", jsonName: "value", property: "value", number: 2, type: "bytes" },
      { name: "lease", jsonName: "lease", property: "lease", number: 3, type: "int64", big: true },
      { name: "prev_kv", jsonName: "prevKv", property: "prevKv", number: 4, type: "bool", since: "3.1" },
      { name: "ignore_value", jsonName: "ignoreValue", property: "ignoreValue", number: 5, type: "bool", since: "3.2" },
      { name: "ignore_lease", jsonName: "ignoreLease", property: "ignoreLease", number: 6, type: "bool", since: "3.2" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.PutResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "prev_kv", jsonName: "prevKv", property: "prevKv", number: 2, type: "message", typeName: "mvccpb.KeyValue", encoded: true, since: "3.1" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.DeleteRangeRequest", fields: [
      { name: "key", jsonName: "key", property: "key", number: 1, type: "bytes" },
      { name: "range_end", jsonName: "rangeEnd", property: "rangeEnd", number: 2, type: "bytes" },
      { name: "prev_kv", jsonName: "prevKv", property: "prevKv", number: 3, type: "bool", since: "3.1" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.DeleteRangeResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "deleted", jsonName: "deleted", property: "deleted", number: 2, type: "int64" },
      { name: "prev_kvs", jsonName: "prevKvs", property: "prevKvs", number: 3, type: "message", typeName: "mvccpb.KeyValue", repeated: true, encoded: true, since: "3.1" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.RequestOp", fields: [
      { name: "request_range", jsonName: "requestRange", property: "requestRange", number: 1, type: "message", typeName: "etcdserverpb.RangeRequest", oneof: "request" },
      { name: "request_put", jsonName: "requestPut", property: "requestPut", number: 2, type: "message", typeName: "etcdserverpb.PutRequest", oneof: "request" },
      { name: "request_delete_range", jsonName: "requestDeleteRange", property: "requestDeleteRange", number: 3, type: "message", typeName: "etcdserverpb.DeleteRangeRequest", oneof: "request" },
      { name: "request_txn", jsonName: "requestTxn", property: "requestTxn", number: 4, type: "message", typeName: "etcdserverpb.TxnRequest", oneof: "request", since: "3.3" },
    ], oneof: { form: "whole", property: "request" }, since: "3.0" },
  { typeName: "etcdserverpb.ResponseOp", fields: [
      { name: "response_range", jsonName: "responseRange", property: "responseRange", number: 1, type: "message", typeName: "etcdserverpb.RangeResponse", oneof: "response" },
      { name: "response_put", jsonName: "responsePut", property: "responsePut", number: 2, type: "message", typeName: "etcdserverpb.PutResponse", oneof: "response" },
      { name: "response_delete_range", jsonName: "responseDeleteRange", property: "responseDeleteRange", number: 3, type: "message", typeName: "etcdserverpb.DeleteRangeResponse", oneof: "response" },
      { name: "response_txn", jsonName: "responseTxn", property: "responseTxn", number: 4, type: "message", typeName: "etcdserverpb.TxnResponse", oneof: "response", since: "3.3" },
    ], oneof: { form: "whole", property: "response" }, since: "3.0" },
  { typeName: "etcdserverpb.Compare", fields: [
      { name: "result", jsonName: "result", property: "result", number: 1, type: "enum", typeName: "etcdserverpb.Compare.CompareResult" },
      { name: "target", jsonName: "target", property: "target", number: 2, type: "enum", typeName: "etcdserverpb.Compare.CompareTarget" },
      { name: "key", jsonName: "key", property: "key", number: 3, type: "bytes" },
      { name: "version", jsonName: "version", property: "version", number: 4, type: "int64", oneof: "target_union" },
      { name: "create_revision", jsonName: "createRevision", property: "createRevision", number: 5, type: "int64", oneof: "target_union" },
      { name: "mod_revision", jsonName: "modRevision", property: "modRevision", number: 6, type: "int64", oneof: "target_union" },
      { name: "value", jsonName: "value", property: "value", number: 7, type: "bytes", oneof: "target_union" },
      { name: "lease", jsonName: "lease", property: "lease", number: 8, type: "int64", oneof: "target_union", big: true, since: "3.3" },
      { name: "range_end", jsonName: "rangeEnd", property: "rangeEnd", number: 64, type: "bytes", since: "3.3" },
    ], oneof: { form: "flat", property: "targetUnion" }, since: "3.0" },
  { typeName: "etcdserverpb.TxnRequest", fields: [
      { name: "compare", jsonName: "compare", property: "compare", number: 1, type: "message", typeName: "etcdserverpb.Compare", repeated: true },
      { name: "success", jsonName: "success", property: "success", number: 2, type: "message", typeName: "etcdserverpb.RequestOp", repeated: true },
      { name: "failure", jsonName: "failure", property: "failure", number: 3, type: "message", typeName: "etcdserverpb.RequestOp", repeated: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.TxnResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "succeeded", jsonName: "succeeded", property: "succeeded", number: 2, type: "bool" },
      { name: "responses", jsonName: "responses", property: "responses", number: 3, type: "message", typeName: "etcdserverpb.ResponseOp", repeated: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.CompactionRequest", fields: [
      { name: "revision", jsonName: "revision", property: "revision", number: 1, type: "int64" },
      { name: "physical", jsonName: "physical", property: "physical", number: 2, type: "bool" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.CompactionResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.HashRequest", fields: [], since: "3.0" },
  { typeName: "etcdserverpb.HashKVRequest", fields: [
      { name: "revision", jsonName: "revision", property: "revision", number: 1, type: "int64" },
    ], since: "3.3" },
  { typeName: "etcdserverpb.HashKVResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "hash", jsonName: "hash", property: "hash", number: 2, type: "uint32" },
      { name: "compact_revision", jsonName: "compactRevision", property: "compactRevision", number: 3, type: "int64" },
      { name: "hash_revision", jsonName: "hashRevision", property: "hashRevision", number: 4, type: "int64", since: "3.6" },
    ], since: "3.3" },
  { typeName: "etcdserverpb.HashResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "hash", jsonName: "hash", property: "hash", number: 2, type: "uint32" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.SnapshotRequest", fields: [], since: "3.3" },
  { typeName: "etcdserverpb.SnapshotResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "remaining_bytes", jsonName: "remainingBytes", property: "remainingBytes", number: 2, type: "uint64" },
      { name: "blob", jsonName: "blob", property: "blob", number: 3, type: "bytes" },
      { name: "version", jsonName: "version", property: "version", number: 4, type: "string", since: "3.6" },
    ], since: "3.3" },
  { typeName: "etcdserverpb.WatchRequest", fields: [
      { name: "create_request", jsonName: "createRequest", property: "createRequest", number: 1, type: "message", typeName: "etcdserverpb.WatchCreateRequest", oneof: "request_union" },
      { name: "cancel_request", jsonName: "cancelRequest", property: "cancelRequest", number: 2, type: "message", typeName: "etcdserverpb.WatchCancelRequest", oneof: "request_union" },
      { name: "progress_request", jsonName: "progressRequest", property: "progressRequest", number: 3, type: "message", typeName: "etcdserverpb.WatchProgressRequest", oneof: "request_union", since: "3.4" },
    ], oneof: { form: "whole", property: "requestUnion" }, since: "3.0" },
  { typeName: "etcdserverpb.WatchCreateRequest", fields: [
      { name: "key", jsonName: "key", property: "key", number: 1, type: "bytes" },
      { name: "range_end", jsonName: "rangeEnd", property: "rangeEnd", number: 2, type: "bytes" },
      { name: "start_revision", jsonName: "startRevision", property: "startRevision", number: 3, type: "int64" },
      { name: "progress_notify", jsonName: "progressNotify", property: "progressNotify", number: 4, type: "bool" },
      { name: "filters", jsonName: "filters", property: "filters", number: 5, type: "enum", typeName: "etcdserverpb.WatchCreateRequest.FilterType", repeated: true, since: "3.1" },
      { name: "prev_kv", jsonName: "prevKv", property: "prevKv", number: 6, type: "bool", since: "3.1" },
      { name: "watch_id", jsonName: "watchId", property: "watchId", number: 7, type: "int64", big: true, since: "3.4" },
      { name: "fragment", jsonName: "fragment", property: "fragment", number: 8, type: "bool", since: "3.4" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.WatchCancelRequest", fields: [
      { name: "watch_id", jsonName: "watchId", property: "watchId", number: 1, type: "int64", big: true, since: "3.1" },
    ], since: "3.1" },
  { typeName: "etcdserverpb.WatchProgressRequest", fields: [], since: "3.4" },
  { typeName: "etcdserverpb.WatchResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "watch_id", jsonName: "watchId", property: "watchId", number: 2, type: "int64", big: true },
      { name: "created", jsonName: "created", property: "created", number: 3, type: "bool" },
      { name: "canceled", jsonName: "canceled", property: "canceled", number: 4, type: "bool" },
      { name: "compact_revision", jsonName: "compactRevision", property: "compactRevision", number: 5, type: "int64" },
      { name: "cancel_reason", jsonName: "cancelReason", property: "cancelReason", number: 6, type: "string", since: "3.4" },
      { name: "fragment", jsonName: "fragment", property: "fragment", number: 7, type: "bool", since: "3.4" },
      { name: "events", jsonName: "events", property: "events", number: 11, type: "message", typeName: "mvccpb.Event", repeated: true, encoded: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.LeaseGrantRequest", fields: [
      { name: "TTL", jsonName: "TTL", property: "ttl", number: 1, type: "int64" },
      { name: "ID", jsonName: "ID", property: "id", number: 2, type: "int64", big: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.LeaseGrantResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "ID", jsonName: "ID", property: "id", number: 2, type: "int64", big: true },
      { name: "TTL", jsonName: "TTL", property: "ttl", number: 3, type: "int64" },
      { name: "error", jsonName: "error", property: "error", number: 4, type: "string" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.LeaseRevokeRequest", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "int64", big: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.LeaseRevokeResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.LeaseCheckpoint", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "int64", big: true },
      { name: "remaining_TTL", jsonName: "remainingTTL", property: "remainingTtl", number: 2, type: "int64" },
    ], since: "3.4" },
  { typeName: "etcdserverpb.LeaseCheckpointRequest", fields: [
      { name: "checkpoints", jsonName: "checkpoints", property: "checkpoints", number: 1, type: "message", typeName: "etcdserverpb.LeaseCheckpoint", repeated: true },
    ], since: "3.4" },
  { typeName: "etcdserverpb.LeaseCheckpointResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.4" },
  { typeName: "etcdserverpb.LeaseKeepAliveRequest", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "int64", big: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.LeaseKeepAliveResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "ID", jsonName: "ID", property: "id", number: 2, type: "int64", big: true },
      { name: "TTL", jsonName: "TTL", property: "ttl", number: 3, type: "int64" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.LeaseTimeToLiveRequest", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "int64", big: true },
      { name: "keys", jsonName: "keys", property: "keys", number: 2, type: "bool" },
    ], since: "3.1" },
  { typeName: "etcdserverpb.LeaseTimeToLiveResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "ID", jsonName: "ID", property: "id", number: 2, type: "int64", big: true },
      { name: "TTL", jsonName: "TTL", property: "ttl", number: 3, type: "int64" },
      { name: "grantedTTL", jsonName: "grantedTTL", property: "grantedTtl", number: 4, type: "int64" },
      { name: "keys", jsonName: "keys", property: "keys", number: 5, type: "bytes", repeated: true },
    ], since: "3.1" },
  { typeName: "etcdserverpb.LeaseLeasesRequest", fields: [], since: "3.3" },
  { typeName: "etcdserverpb.LeaseStatus", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "int64", big: true },
    ], since: "3.3" },
  { typeName: "etcdserverpb.LeaseLeasesResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "leases", jsonName: "leases", property: "leases", number: 2, type: "message", typeName: "etcdserverpb.LeaseStatus", repeated: true },
    ], since: "3.3" },
  { typeName: "etcdserverpb.Member", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "uint64", big: true },
      { name: "name", jsonName: "name", property: "name", number: 2, type: "string" },
      { name: "peerURLs", jsonName: "peerURLs", property: "peerUrls", number: 3, type: "string", repeated: true },
      { name: "clientURLs", jsonName: "clientURLs", property: "clientUrls", number: 4, type: "string", repeated: true },
      { name: "isLearner", jsonName: "isLearner", property: "isLearner", number: 5, type: "bool", since: "3.4" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.MemberAddRequest", fields: [
      { name: "peerURLs", jsonName: "peerURLs", property: "peerUrls", number: 1, type: "string", repeated: true },
      { name: "isLearner", jsonName: "isLearner", property: "isLearner", number: 2, type: "bool", since: "3.4" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.MemberAddResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "member", jsonName: "member", property: "member", number: 2, type: "message", typeName: "etcdserverpb.Member" },
      { name: "members", jsonName: "members", property: "members", number: 3, type: "message", typeName: "etcdserverpb.Member", repeated: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.MemberRemoveRequest", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "uint64", big: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.MemberRemoveResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "members", jsonName: "members", property: "members", number: 2, type: "message", typeName: "etcdserverpb.Member", repeated: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.MemberUpdateRequest", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "uint64", big: true },
      { name: "peerURLs", jsonName: "peerURLs", property: "peerUrls", number: 2, type: "string", repeated: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.MemberUpdateResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "members", jsonName: "members", property: "members", number: 2, type: "message", typeName: "etcdserverpb.Member", repeated: true, since: "3.1" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.MemberListRequest", fields: [
      { name: "linearizable", jsonName: "linearizable", property: "linearizable", number: 1, type: "bool", since: "3.5" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.MemberListResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "members", jsonName: "members", property: "members", number: 2, type: "message", typeName: "etcdserverpb.Member", repeated: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.MemberPromoteRequest", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "uint64", big: true },
    ], since: "3.4" },
  { typeName: "etcdserverpb.MemberPromoteResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "members", jsonName: "members", property: "members", number: 2, type: "message", typeName: "etcdserverpb.Member", repeated: true },
    ], since: "3.4" },
  { typeName: "etcdserverpb.DefragmentRequest", fields: [], since: "3.0" },
  { typeName: "etcdserverpb.DefragmentResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.MoveLeaderRequest", fields: [
      { name: "targetID", jsonName: "targetID", property: "targetId", number: 1, type: "uint64", big: true },
    ], since: "3.3" },
  { typeName: "etcdserverpb.MoveLeaderResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.3" },
  { typeName: "etcdserverpb.AlarmRequest", fields: [
      { name: "action", jsonName: "action", property: "action", number: 1, type: "enum", typeName: "etcdserverpb.AlarmRequest.AlarmAction" },
      { name: "memberID", jsonName: "memberID", property: "memberId", number: 2, type: "uint64", big: true },
      { name: "alarm", jsonName: "alarm", property: "alarm", number: 3, type: "enum", typeName: "etcdserverpb.AlarmType" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AlarmMember", fields: [
      { name: "memberID", jsonName: "memberID", property: "memberId", number: 1, type: "uint64", big: true },
      { name: "alarm", jsonName: "alarm", property: "alarm", number: 2, type: "enum", typeName: "etcdserverpb.AlarmType" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AlarmResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "alarms", jsonName: "alarms", property: "alarms", number: 2, type: "message", typeName: "etcdserverpb.AlarmMember", repeated: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.DowngradeRequest", fields: [
      { name: "action", jsonName: "action", property: "action", number: 1, type: "enum", typeName: "etcdserverpb.DowngradeRequest.DowngradeAction" },
      { name: "version", jsonName: "version", property: "version", number: 2, type: "string" },
    ], since: "3.5" },
  { typeName: "etcdserverpb.DowngradeResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "version", jsonName: "version", property: "version", number: 2, type: "string" },
    ], since: "3.5" },
  { typeName: "etcdserverpb.DowngradeVersionTestRequest", fields: [
      { name: "ver", jsonName: "ver", property: "ver", number: 1, type: "string" },
    ], since: "3.6" },
  { typeName: "etcdserverpb.StatusRequest", fields: [], since: "3.0" },
  { typeName: "etcdserverpb.StatusResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "version", jsonName: "version", property: "version", number: 2, type: "string" },
      { name: "dbSize", jsonName: "dbSize", property: "dbSize", number: 3, type: "int64" },
      { name: "leader", jsonName: "leader", property: "leader", number: 4, type: "uint64", big: true },
      { name: "raftIndex", jsonName: "raftIndex", property: "raftIndex", number: 5, type: "uint64" },
      { name: "raftTerm", jsonName: "raftTerm", property: "raftTerm", number: 6, type: "uint64" },
      { name: "raftAppliedIndex", jsonName: "raftAppliedIndex", property: "raftAppliedIndex", number: 7, type: "uint64", since: "3.4" },
      { name: "errors", jsonName: "errors", property: "errors", number: 8, type: "string", repeated: true, since: "3.4" },
      { name: "dbSizeInUse", jsonName: "dbSizeInUse", property: "dbSizeInUse", number: 9, type: "int64", since: "3.4" },
      { name: "isLearner", jsonName: "isLearner", property: "isLearner", number: 10, type: "bool", since: "3.4" },
      { name: "storageVersion", jsonName: "storageVersion", property: "storageVersion", number: 11, type: "string", since: "3.6" },
      { name: "dbSizeQuota", jsonName: "dbSizeQuota", property: "dbSizeQuota", number: 12, type: "int64", since: "3.6" },
      { name: "downgradeInfo", jsonName: "downgradeInfo", property: "downgradeInfo", number: 13, type: "message", typeName: "etcdserverpb.DowngradeInfo", since: "3.6" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.DowngradeInfo", fields: [
      { name: "enabled", jsonName: "enabled", property: "enabled", number: 1, type: "bool" },
      { name: "targetVersion", jsonName: "targetVersion", property: "targetVersion", number: 2, type: "string" },
    ] },
  { typeName: "etcdserverpb.AuthEnableRequest", fields: [], since: "3.0" },
  { typeName: "etcdserverpb.AuthDisableRequest", fields: [], since: "3.0" },
  { typeName: "etcdserverpb.AuthStatusRequest", fields: [], since: "3.5" },
  { typeName: "etcdserverpb.AuthenticateRequest", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "string" },
      { name: "password", jsonName: "password", property: "password", number: 2, type: "string" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserAddRequest", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "string" },
      { name: "password", jsonName: "password", property: "password", number: 2, type: "string" },
      { name: "options", jsonName: "options", property: "options", number: 3, type: "message", typeName: "authpb.UserAddOptions", since: "3.4" },
      { name: "hashedPassword", jsonName: "hashedPassword", property: "hashedPassword", number: 4, type: "string", since: "3.5" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserGetRequest", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "string" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserDeleteRequest", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "string" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserChangePasswordRequest", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "string" },
      { name: "password", jsonName: "password", property: "password", number: 2, type: "string" },
      { name: "hashedPassword", jsonName: "hashedPassword", property: "hashedPassword", number: 3, type: "string", since: "3.5" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserGrantRoleRequest", fields: [
      { name: "user", jsonName: "user", property: "user", number: 1, type: "string" },
      { name: "role", jsonName: "role", property: "role", number: 2, type: "string" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserRevokeRoleRequest", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "string" },
      { name: "role", jsonName: "role", property: "role", number: 2, type: "string" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthRoleAddRequest", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "string" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthRoleGetRequest", fields: [
      { name: "role", jsonName: "role", property: "role", number: 1, type: "string" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserListRequest", fields: [], since: "3.0" },
  { typeName: "etcdserverpb.AuthRoleListRequest", fields: [], since: "3.0" },
  { typeName: "etcdserverpb.AuthRoleDeleteRequest", fields: [
      { name: "role", jsonName: "role", property: "role", number: 1, type: "string" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthRoleGrantPermissionRequest", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "string" },
      { name: "perm", jsonName: "perm", property: "perm", number: 2, type: "message", typeName: "authpb.Permission" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthRoleRevokePermissionRequest", fields: [
      { name: "role", jsonName: "role", property: "role", number: 1, type: "string" },
      { name: "key", jsonName: "key", property: "key", number: 2, type: "bytes" },
      { name: "range_end", jsonName: "rangeEnd", property: "rangeEnd", number: 3, type: "bytes" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthEnableResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthDisableResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthStatusResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "enabled", jsonName: "enabled", property: "enabled", number: 2, type: "bool" },
      { name: "authRevision", jsonName: "authRevision", property: "authRevision", number: 3, type: "uint64" },
    ], since: "3.5" },
  { typeName: "etcdserverpb.AuthenticateResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "token", jsonName: "token", property: "token", number: 2, type: "string" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserAddResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserGetResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "roles", jsonName: "roles", property: "roles", number: 2, type: "string", repeated: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserDeleteResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserChangePasswordResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserGrantRoleResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserRevokeRoleResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthRoleAddResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthRoleGetResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader", since: "3.0" },
      { name: "perm", jsonName: "perm", property: "perm", number: 2, type: "message", typeName: "authpb.Permission", repeated: true, since: "3.0" },
    ] },
  { typeName: "etcdserverpb.AuthRoleListResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "roles", jsonName: "roles", property: "roles", number: 2, type: "string", repeated: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthUserListResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "users", jsonName: "users", property: "users", number: 2, type: "string", repeated: true },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthRoleDeleteResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthRoleGrantPermissionResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.AuthRoleRevokePermissionResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.RangeStreamResponse", fields: [
      { name: "range_response", jsonName: "rangeResponse", property: "rangeResponse", number: 1, type: "message", typeName: "etcdserverpb.RangeResponse" },
    ], since: "3.7" },
  { typeName: "etcdserverpb.RequestHeader", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "uint64", big: true },
      { name: "username", jsonName: "username", property: "username", number: 2, type: "string" },
      { name: "auth_revision", jsonName: "authRevision", property: "authRevision", number: 3, type: "uint64", since: "3.1" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.InternalRaftRequest", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "uint64", big: true },
      { name: "range", jsonName: "range", property: "range", number: 3, type: "message", typeName: "etcdserverpb.RangeRequest" },
      { name: "put", jsonName: "put", property: "put", number: 4, type: "message", typeName: "etcdserverpb.PutRequest" },
      { name: "delete_range", jsonName: "deleteRange", property: "deleteRange", number: 5, type: "message", typeName: "etcdserverpb.DeleteRangeRequest" },
      { name: "txn", jsonName: "txn", property: "txn", number: 6, type: "message", typeName: "etcdserverpb.TxnRequest" },
      { name: "compaction", jsonName: "compaction", property: "compaction", number: 7, type: "message", typeName: "etcdserverpb.CompactionRequest" },
      { name: "lease_grant", jsonName: "leaseGrant", property: "leaseGrant", number: 8, type: "message", typeName: "etcdserverpb.LeaseGrantRequest" },
      { name: "lease_revoke", jsonName: "leaseRevoke", property: "leaseRevoke", number: 9, type: "message", typeName: "etcdserverpb.LeaseRevokeRequest" },
      { name: "alarm", jsonName: "alarm", property: "alarm", number: 10, type: "message", typeName: "etcdserverpb.AlarmRequest" },
      { name: "lease_checkpoint", jsonName: "leaseCheckpoint", property: "leaseCheckpoint", number: 11, type: "message", typeName: "etcdserverpb.LeaseCheckpointRequest", since: "3.4" },
      { name: "header", jsonName: "header", property: "header", number: 100, type: "message", typeName: "etcdserverpb.RequestHeader" },
      { name: "auth_enable", jsonName: "authEnable", property: "authEnable", number: 1000, type: "message", typeName: "etcdserverpb.AuthEnableRequest" },
      { name: "auth_disable", jsonName: "authDisable", property: "authDisable", number: 1011, type: "message", typeName: "etcdserverpb.AuthDisableRequest" },
      { name: "authenticate", jsonName: "authenticate", property: "authenticate", number: 1012, type: "message", typeName: "etcdserverpb.InternalAuthenticateRequest" },
      { name: "auth_status", jsonName: "authStatus", property: "authStatus", number: 1013, type: "message", typeName: "etcdserverpb.AuthStatusRequest", since: "3.5" },
      { name: "auth_user_add", jsonName: "authUserAdd", property: "authUserAdd", number: 1100, type: "message", typeName: "etcdserverpb.AuthUserAddRequest" },
      { name: "auth_user_delete", jsonName: "authUserDelete", property: "authUserDelete", number: 1101, type: "message", typeName: "etcdserverpb.AuthUserDeleteRequest" },
      { name: "auth_user_get", jsonName: "authUserGet", property: "authUserGet", number: 1102, type: "message", typeName: "etcdserverpb.AuthUserGetRequest" },
      { name: "auth_user_change_password", jsonName: "authUserChangePassword", property: "authUserChangePassword", number: 1103, type: "message", typeName: "etcdserverpb.AuthUserChangePasswordRequest" },
      { name: "auth_user_grant_role", jsonName: "authUserGrantRole", property: "authUserGrantRole", number: 1104, type: "message", typeName: "etcdserverpb.AuthUserGrantRoleRequest" },
      { name: "auth_user_revoke_role", jsonName: "authUserRevokeRole", property: "authUserRevokeRole", number: 1105, type: "message", typeName: "etcdserverpb.AuthUserRevokeRoleRequest" },
      { name: "auth_user_list", jsonName: "authUserList", property: "authUserList", number: 1106, type: "message", typeName: "etcdserverpb.AuthUserListRequest" },
      { name: "auth_role_list", jsonName: "authRoleList", property: "authRoleList", number: 1107, type: "message", typeName: "etcdserverpb.AuthRoleListRequest" },
      { name: "auth_role_add", jsonName: "authRoleAdd", property: "authRoleAdd", number: 1200, type: "message", typeName: "etcdserverpb.AuthRoleAddRequest" },
      { name: "auth_role_delete", jsonName: "authRoleDelete", property: "authRoleDelete", number: 1201, type: "message", typeName: "etcdserverpb.AuthRoleDeleteRequest" },
      { name: "auth_role_get", jsonName: "authRoleGet", property: "authRoleGet", number: 1202, type: "message", typeName: "etcdserverpb.AuthRoleGetRequest" },
      { name: "auth_role_grant_permission", jsonName: "authRoleGrantPermission", property: "authRoleGrantPermission", number: 1203, type: "message", typeName: "etcdserverpb.AuthRoleGrantPermissionRequest" },
      { name: "auth_role_revoke_permission", jsonName: "authRoleRevokePermission", property: "authRoleRevokePermission", number: 1204, type: "message", typeName: "etcdserverpb.AuthRoleRevokePermissionRequest" },
      { name: "cluster_version_set", jsonName: "clusterVersionSet", property: "clusterVersionSet", number: 1300, type: "message", typeName: "membershippb.ClusterVersionSetRequest", since: "3.5" },
      { name: "cluster_member_attr_set", jsonName: "clusterMemberAttrSet", property: "clusterMemberAttrSet", number: 1301, type: "message", typeName: "membershippb.ClusterMemberAttrSetRequest", since: "3.5" },
      { name: "downgrade_info_set", jsonName: "downgradeInfoSet", property: "downgradeInfoSet", number: 1302, type: "message", typeName: "membershippb.DowngradeInfoSetRequest", since: "3.5" },
      { name: "downgrade_version_test", jsonName: "downgradeVersionTest", property: "downgradeVersionTest", number: 9900, type: "message", typeName: "etcdserverpb.DowngradeVersionTestRequest", since: "3.6" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.EmptyResponse", fields: [] },
  { typeName: "etcdserverpb.InternalAuthenticateRequest", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "string" },
      { name: "password", jsonName: "password", property: "password", number: 2, type: "string" },
      { name: "simple_token", jsonName: "simpleToken", property: "simpleToken", number: 3, type: "string" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.Request", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "uint64", big: true },
      { name: "Method", jsonName: "Method", property: "method", number: 2, type: "string" },
      { name: "Path", jsonName: "Path", property: "path", number: 3, type: "string" },
      { name: "Val", jsonName: "Val", property: "val", number: 4, type: "string" },
      { name: "Dir", jsonName: "Dir", property: "dir", number: 5, type: "bool" },
      { name: "PrevValue", jsonName: "PrevValue", property: "prevValue", number: 6, type: "string" },
      { name: "PrevIndex", jsonName: "PrevIndex", property: "prevIndex", number: 7, type: "uint64" },
      { name: "PrevExist", jsonName: "PrevExist", property: "prevExist", number: 8, type: "bool", nullable: true },
      { name: "Expiration", jsonName: "Expiration", property: "expiration", number: 9, type: "int64" },
      { name: "Wait", jsonName: "Wait", property: "wait", number: 10, type: "bool" },
      { name: "Since", jsonName: "Since", property: "since", number: 11, type: "uint64" },
      { name: "Recursive", jsonName: "Recursive", property: "recursive", number: 12, type: "bool" },
      { name: "Sorted", jsonName: "Sorted", property: "sorted", number: 13, type: "bool" },
      { name: "Quorum", jsonName: "Quorum", property: "quorum", number: 14, type: "bool" },
      { name: "Time", jsonName: "Time", property: "time", number: 15, type: "int64" },
      { name: "Stream", jsonName: "Stream", property: "stream", number: 16, type: "bool" },
      { name: "Refresh", jsonName: "Refresh", property: "refresh", number: 17, type: "bool", nullable: true },
    ] },
  { typeName: "etcdserverpb.Metadata", fields: [
      { name: "NodeID", jsonName: "NodeID", property: "nodeId", number: 1, type: "uint64", big: true },
      { name: "ClusterID", jsonName: "ClusterID", property: "clusterId", number: 2, type: "uint64", big: true },
    ] },
  { typeName: "leasepb.Lease", fields: [
      { name: "ID", jsonName: "ID", property: "id", number: 1, type: "int64", big: true },
      { name: "TTL", jsonName: "TTL", property: "ttl", number: 2, type: "int64" },
      { name: "RemainingTTL", jsonName: "RemainingTTL", property: "remainingTtl", number: 3, type: "int64" },
    ] },
  { typeName: "leasepb.LeaseInternalRequest", fields: [
      { name: "LeaseTimeToLiveRequest", jsonName: "LeaseTimeToLiveRequest", property: "leaseTimeToLiveRequest", number: 1, type: "message", typeName: "etcdserverpb.LeaseTimeToLiveRequest" },
    ] },
  { typeName: "leasepb.LeaseInternalResponse", fields: [
      { name: "LeaseTimeToLiveResponse", jsonName: "LeaseTimeToLiveResponse", property: "leaseTimeToLiveResponse", number: 1, type: "message", typeName: "etcdserverpb.LeaseTimeToLiveResponse" },
    ] },
  { typeName: "v3lockpb.LockRequest", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "bytes" },
      { name: "lease", jsonName: "lease", property: "lease", number: 2, type: "int64", big: true },
    ], since: "3.2" },
  { typeName: "v3lockpb.LockResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "key", jsonName: "key", property: "key", number: 2, type: "bytes" },
    ], since: "3.2" },
  { typeName: "v3lockpb.UnlockRequest", fields: [
      { name: "key", jsonName: "key", property: "key", number: 1, type: "bytes" },
    ], since: "3.2" },
  { typeName: "v3lockpb.UnlockResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.2" },
  { typeName: "v3electionpb.CampaignRequest", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "bytes" },
      { name: "lease", jsonName: "lease", property: "lease", number: 2, type: "int64", big: true },
      { name: "value", jsonName: "value", property: "value", number: 3, type: "bytes" },
    ], since: "3.2" },
  { typeName: "v3electionpb.CampaignResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "leader", jsonName: "leader", property: "leader", number: 2, type: "message", typeName: "v3electionpb.LeaderKey" },
    ], since: "3.2" },
  { typeName: "v3electionpb.LeaderKey", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "bytes" },
      { name: "key", jsonName: "key", property: "key", number: 2, type: "bytes" },
      { name: "rev", jsonName: "rev", property: "rev", number: 3, type: "int64" },
      { name: "lease", jsonName: "lease", property: "lease", number: 4, type: "int64", big: true },
    ], since: "3.2" },
  { typeName: "v3electionpb.LeaderRequest", fields: [
      { name: "name", jsonName: "name", property: "name", number: 1, type: "bytes" },
    ], since: "3.2" },
  { typeName: "v3electionpb.LeaderResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
      { name: "kv", jsonName: "kv", property: "kv", number: 2, type: "message", typeName: "mvccpb.KeyValue", encoded: true },
    ], since: "3.2" },
  { typeName: "v3electionpb.ResignRequest", fields: [
      { name: "leader", jsonName: "leader", property: "leader", number: 1, type: "message", typeName: "v3electionpb.LeaderKey" },
    ], since: "3.2" },
  { typeName: "v3electionpb.ResignResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.2" },
  { typeName: "v3electionpb.ProclaimRequest", fields: [
      { name: "leader", jsonName: "leader", property: "leader", number: 1, type: "message", typeName: "v3electionpb.LeaderKey" },
      { name: "value", jsonName: "value", property: "value", number: 2, type: "bytes" },
    ], since: "3.2" },
  { typeName: "v3electionpb.ProclaimResponse", fields: [
      { name: "header", jsonName: "header", property: "header", number: 1, type: "message", typeName: "etcdserverpb.ResponseHeader" },
    ], since: "3.2" },
  { typeName: "grpc.health.v1.HealthCheckRequest", fields: [
      { name: "service", jsonName: "service", property: "service", number: 1, type: "string" },
    ] },
  { typeName: "grpc.health.v1.HealthCheckResponse", fields: [
      { name: "status", jsonName: "status", property: "status", number: 1, type: "enum", typeName: "grpc.health.v1.HealthCheckResponse.ServingStatus" },
    ] },
  { typeName: "grpc.health.v1.HealthListRequest", fields: [] },
  { typeName: "grpc.health.v1.HealthListResponse", fields: [
      { name: "statuses", jsonName: "statuses", property: "statuses", number: 1, type: "message", typeName: "grpc.health.v1.HealthListResponse.StatusesEntry", repeated: true },
    ] },
  { typeName: "grpc.health.v1.HealthListResponse.StatusesEntry", fields: [
      { name: "key", jsonName: "key", property: "key", number: 1, type: "string" },
      { name: "value", jsonName: "value", property: "value", number: 2, type: "message", typeName: "grpc.health.v1.HealthCheckResponse" },
    ] },
];

const enums: readonly EnumDescriptor[] = [
  { typeName: "mvccpb.Event.EventType", values: [
      { name: "PUT", number: 0 },
      { name: "DELETE", number: 1 },
    ], since: "3.0" },
  { typeName: "authpb.Permission.Type", values: [
      { name: "READ", number: 0 },
      { name: "WRITE", number: 1 },
      { name: "READWRITE", number: 2 },
    ] },
  { typeName: "etcdserverpb.AlarmType", values: [
      { name: "NONE", number: 0 },
      { name: "NOSPACE", number: 1 },
      { name: "CORRUPT", number: 2, since: "3.3" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.RangeRequest.SortOrder", values: [
      { name: "NONE", number: 0 },
      { name: "ASCEND", number: 1 },
      { name: "DESCEND", number: 2 },
    ], since: "3.0" },
  { typeName: "etcdserverpb.RangeRequest.SortTarget", values: [
      { name: "KEY", number: 0 },
      { name: "VERSION", number: 1 },
      { name: "CREATE", number: 2 },
      { name: "MOD", number: 3 },
      { name: "VALUE", number: 4 },
    ], since: "3.0" },
  { typeName: "etcdserverpb.Compare.CompareResult", values: [
      { name: "EQUAL", number: 0 },
      { name: "GREATER", number: 1 },
      { name: "LESS", number: 2 },
      { name: "NOT_EQUAL", number: 3, since: "3.1" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.Compare.CompareTarget", values: [
      { name: "VERSION", number: 0 },
      { name: "CREATE", number: 1 },
      { name: "MOD", number: 2 },
      { name: "VALUE", number: 3 },
      { name: "LEASE", number: 4, since: "3.3" },
    ], since: "3.0" },
  { typeName: "etcdserverpb.WatchCreateRequest.FilterType", values: [
      { name: "NOPUT", number: 0 },
      { name: "NODELETE", number: 1 },
    ], since: "3.1" },
  { typeName: "etcdserverpb.AlarmRequest.AlarmAction", values: [
      { name: "GET", number: 0 },
      { name: "ACTIVATE", number: 1 },
      { name: "DEACTIVATE", number: 2 },
    ], since: "3.0" },
  { typeName: "etcdserverpb.DowngradeRequest.DowngradeAction", values: [
      { name: "VALIDATE", number: 0 },
      { name: "ENABLE", number: 1 },
      { name: "CANCEL", number: 2 },
    ], since: "3.5" },
  { typeName: "grpc.health.v1.HealthCheckResponse.ServingStatus", values: [
      { name: "UNKNOWN", number: 0 },
      { name: "SERVING", number: 1 },
      { name: "NOT_SERVING", number: 2 },
      { name: "SERVICE_UNKNOWN", number: 3 },
    ] },
];

/** By full name. */
export const messageDescriptors: ReadonlyMap<string, MessageDescriptor> = new Map(messages.map((m) => [m.typeName, m]));

/** By full name. */
export const enumDescriptors: ReadonlyMap<string, EnumDescriptor> = new Map(enums.map((e) => [e.typeName, e]));
