/** Wire messages, their codecs and services, and the table of errors. */

export * from "./codec.ts";
export * from "./descriptor.ts";
export * from "./errors/code.ts";
export * from "./errors/error-table.ts";
export * from "./errors/etcd-error.ts";
export * from "./gen/index.ts";
export * from "./raft-request.ts";
export * from "./raftpb/index.ts";
export * from "./service.ts";
export * from "./wire/proto-error.ts";
export { NESTING_DEPTH_MAX } from "./wire/reader.ts";
export * from "./wire/words.ts";
export * from "./wire/writer.ts";
