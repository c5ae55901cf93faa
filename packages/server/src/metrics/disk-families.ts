/** Families of the log, the database and snapshots. */

import type { MemberStatus } from "../rpc/served-member.ts";
import { type Family, gauge, histogram } from "./family.ts";
import type { ServerMetrics } from "./server-metrics.ts";

export function diskFamilies(metrics: ServerMetrics, status: MemberStatus, openReaders: number): Family[] {
  return [
    ...logFamilies(metrics),
    ...databaseFamilies(metrics, status, openReaders),
    ...snapFamilies(metrics),
  ];
}

function logFamilies(metrics: ServerMetrics): Family[] {
  return [
    histogram("etcd_disk_wal_fsync_duration_seconds", "Duration of syncing the log.", metrics.walFsync),
    histogram("etcd_disk_wal_write_duration_seconds", "Duration of writing the log.", metrics.walWrite),
    gauge("etcd_disk_wal_write_bytes_total", "Bytes written to the log.", metrics.walBytes),
  ];
}

function databaseFamilies(metrics: ServerMetrics, status: MemberStatus, openReaders: number): Family[] {
  const part = "etcd_debugging_disk_backend_commit";
  return [
    histogram("etcd_disk_backend_commit_duration_seconds", "Duration of a commit.", metrics.commit),
    histogram(`${part}_rebalance_duration_seconds`, "Rebalancing within a commit.", metrics.commitRebalance),
    histogram(`${part}_spill_duration_seconds`, "Splitting within a commit.", metrics.commitSpill),
    histogram(`${part}_write_duration_seconds`, "Writing within a commit.", metrics.commitWrite),
    histogram(
      "etcd_disk_backend_defrag_duration_seconds",
      "Duration of a defragmentation.",
      metrics.defragmentation,
    ),
    histogram(
      "etcd_disk_backend_snapshot_duration_seconds",
      "Duration of sending the database.",
      metrics.databaseSnapshot,
    ),
    gauge("etcd_disk_defrag_inflight", "Defragmentations under way.", metrics.defragmentationsUnderWay),
    gauge("etcd_mvcc_db_open_read_transactions", "Open readers of the database.", openReaders),
    gauge("etcd_mvcc_db_total_size_in_bytes", "Size of the database.", status.databaseBytes),
    gauge("etcd_mvcc_db_total_size_in_use_in_bytes", "Bytes of it in use.", status.databaseBytesInUse),
  ];
}

function snapFamilies(metrics: ServerMetrics): Family[] {
  return [
    histogram("etcd_snap_fsync_duration_seconds", "Duration of syncing a snapshot file.", metrics.snapFsync),
    histogram(
      "etcd_snap_db_fsync_duration_seconds",
      "Duration of syncing a received database.",
      metrics.receivedSnapFsync,
    ),
    histogram(
      "etcd_snap_db_save_total_duration_seconds",
      "Duration of saving a received database.",
      metrics.receivedSnapSave,
    ),
    histogram(
      "etcd_debugging_snap_save_total_duration_seconds",
      "Duration of saving a snapshot file.",
      metrics.snapSave,
    ),
    histogram(
      "etcd_debugging_snap_save_marshalling_duration_seconds",
      "Duration of encoding a snapshot file.",
      metrics.snapMarshal,
    ),
  ];
}
