/** Generated from proto/*.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

export * from "./auth.ts";
export * from "./codecs.ts";
export * from "./descriptors.ts";
export * from "./etcdserver.ts";
export * from "./health.ts";
export * from "./kv.ts";
export * from "./lease.ts";
export * from "./membership.ts";
export * from "./raft-internal.ts";
export * from "./raft-request-bodies.ts";
export * from "./rpc.ts";
export * from "./services.ts";
export * from "./v3election.ts";
export * from "./v3lock.ts";
