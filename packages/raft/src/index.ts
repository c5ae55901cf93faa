/** Raft as etcd runs it: pure and deterministic, equal to the original message for message. Start at `RawNode`. */

export type { RaftConfig, ReadOnlyOption } from "./core/config.ts";
export {
  isLocalMessage,
  isLocalTarget,
  isResponseMessage,
  LOCAL_APPEND_THREAD,
  LOCAL_APPLY_THREAD,
  NONE,
} from "./core/message-kinds.ts";
export type { RaftState, ReadState } from "./core/raft.ts";
export { type Peer, RawNode } from "./core/raw-node.ts";
export type { Ready, SoftState, Status } from "./core/ready.ts";
export {
  PROPOSAL_DROPPED,
  type Refusal,
  STEP_LOCAL_MESSAGE,
  STEP_PEER_NOT_FOUND,
} from "./core/refusal.ts";
export { type Logger, SILENT_LOGGER } from "./logger.ts";
export { MemoryStorage, type StorageRefusal } from "./storage/memory-storage.ts";
export { type InitialState, type Storage, TERM_COMPACTED, TERM_UNAVAILABLE } from "./storage/storage.ts";
export { describeConfState, describeEntry, describeMessage, describeSnapshot } from "./text/describe.ts";
export type { Progress, ProgressState } from "./tracker/progress.ts";
