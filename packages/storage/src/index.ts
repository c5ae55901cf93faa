export * from "./backend/backend-types.ts";
export * from "./backend/commit-thread.ts";
export * from "./backend/committer.ts";
export type { KeptRevisions, RecordHashOptions } from "./backend/database-hash.ts";
export * from "./backend/inline-storage.ts";
export * from "./backend/node-file.ts";
export * from "./backend/paged-backend.ts";
export * from "./backend/reader-thread.ts";
export { type ReaderReply, type ReaderRequest, ReaderWork } from "./backend/reader-work.ts";
export { RecordChunk } from "./backend/record-chunk.ts";
export { decodeRecordKey, encodeRecordKey } from "./backend/record-key.ts";
export { RecordLoader } from "./backend/record-loader.ts";
export * from "./bbolt/index.ts";
export * from "./disk/disk.ts";
export * from "./disk/faulty-disk.ts";
export * from "./disk/path.ts";
export * from "./disk/real-disk.ts";
export * from "./lock/data-directory.ts";
export * from "./lock/directory-lock.ts";
export * from "./lock/real-patience.ts";
export * from "./snap/snap-file.ts";
export * from "./snap/snap-folder.ts";
export * from "./snap/v2-store.ts";
export { SEGMENT_SIZE_BYTES } from "./wal/record.ts";
export type { WalRepair } from "./wal/segment-file.ts";
export * from "./wal/wal.ts";
export * from "./wal/wal-batch.ts";
export * from "./wal/wal-error.ts";
export {
  LOG_START,
  listWalSnapshots,
  newestWalSnapshot,
  readWal,
  type WalContents,
  type WalPosition,
  walExists,
} from "./wal/wal-reader.ts";
export { DEFAULT_WAL_OPTIONS, type WalOptions, type WalState } from "./wal/wal-state.ts";
export * from "./wal/wal-thread.ts";
export * from "./wal/wal-writer.ts";
export type { WalMetadata, WalSnapshot } from "./wal/walpb.ts";
