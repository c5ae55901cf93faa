/** One member: its state machine, the apply chain, the services. Start at `node/member.ts`. */

export { AlarmStore } from "./alarm/alarm-store.ts";
export { MalformedEntryError } from "./apply/raft-request.ts";
export { UnsupportedEntryError } from "./apply/request.ts";
export {
  type CheckpointOutcome,
  CheckpointReader,
  CheckpointWriter,
} from "./checkpoint/checkpoint-thread.ts";
export {
  type CheckpointDemand,
  CheckpointReading,
  CheckpointWriting,
  type CommittedDatabase,
  removeCheckpoint,
} from "./checkpoint/checkpoint-work.ts";
export {
  CHECKPOINT_PACE,
  type CheckpointOrder,
  type CheckpointPace,
  type LastCheckpoint,
} from "./checkpoint/checkpoints.ts";
export { type LeaseRecord, Lessor, type LessorOptions } from "./lease/lessor.ts";
export { type DatabaseSizes, hex, MemberLines, sizeFields } from "./log/member-lines.ts";
export { isExactFor, type SlowRequestLimits, SlowRequests } from "./log/slow-requests.ts";
export { confStateOf } from "./membership/conf-state.ts";
export { computeClusterId, computeMemberId } from "./membership/identity.ts";
export { encodeMemberRecord, type MemberRecord, memberKey } from "./membership/member-record.ts";
export { Membership } from "./membership/membership.ts";
export {
  counter,
  type Family,
  gauge,
  histogramValue,
  labelled,
  type Sample,
  sortedFamilies,
} from "./metrics/family.ts";
export { exponentialBounds, Histogram } from "./metrics/histogram.ts";
export { metricsProtobuf } from "./metrics/protobuf-format.ts";
export { serverFamilies } from "./metrics/server-families.ts";
export { PeerMetrics, ServerMetrics } from "./metrics/server-metrics.ts";
export { metricsText } from "./metrics/text-format.ts";
export { type RecordSource, visitChecked } from "./mvcc/checked-records.ts";
export { contentsOf } from "./mvcc/index-contents.ts";
export { INDEX_SHAPE } from "./mvcc/mvcc-store.ts";
export type { ReadyIndex } from "./mvcc/restoration.ts";
export type { EncodedMessage, KeyValueStore } from "./mvcc/store-types.ts";
export type { AutoCompactionMode } from "./node/auto-compaction.ts";
export type { Effects, LogAppend, MemberEvent, SnapshotOrder, SnapshotRecord } from "./node/events.ts";
export { Member } from "./node/member.ts";
export type { MemberOptions, MemberParts } from "./node/member-options.ts";
export type { Proposal } from "./node/proposal.ts";
export type { RaftStart, RaftStatus } from "./node/raft-driver.ts";
export type { Read, ReadProgress } from "./node/read.ts";
export type { SnapshotPiece, StorageOrder } from "./node/storage-jobs.ts";
export { BarrierRead } from "./rpc/barrier-read.ts";
export { serveCluster } from "./rpc/cluster-service.ts";
export { serveElection } from "./rpc/election-service.ts";
export { HashKvRead } from "./rpc/hash-kv-read.ts";
export { HealthStatus, serveHealth } from "./rpc/health-service.ts";
export { serveKv } from "./rpc/kv-service.ts";
export { renewLease } from "./rpc/lease-renewal.ts";
export { serveLease } from "./rpc/lease-service.ts";
export { serveLock } from "./rpc/lock-service.ts";
export { serveMaintenance } from "./rpc/maintenance-service.ts";
export { ProbeRead } from "./rpc/probe-read.ts";
export type { ServedMember } from "./rpc/served-member.ts";
export { serveWatch } from "./rpc/watch-service.ts";
export { bootstrapCluster, type InitialMember, initialMemberRecords } from "./start/bootstrap.ts";
export { CannotStartError } from "./start/cannot-start-error.ts";
export { type LogSettings, type MemberLog, openMemberLog, takeOverDatabase } from "./start/member-log.ts";
export { MemberRestore, type MemberSettings } from "./start/restore-member.ts";
export { storageVersionOf } from "./start/storage-version.ts";
export type { FoundLog, TakeOver } from "./start/take-over.ts";
export { CLUSTER_VERSION, SERVER_VERSION } from "./version.ts";
export type { WatchSink } from "./watch/watch-stream.ts";
export { NO_END, ONE_KEY } from "./watch/watcher.ts";
