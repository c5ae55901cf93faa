/** Families of keys, watchers, leases and compaction. */

import type { Lessor } from "../lease/lessor.ts";
import type { StoreCounters } from "../mvcc/store-counters.ts";
import type { KeyValueStore } from "../mvcc/store-types.ts";
import type { WatchHub } from "../watch/watch-hub.ts";
import { counter, type Family, gauge, histogram } from "./family.ts";
import type { ServerMetrics } from "./server-metrics.ts";

export interface StoreSource {
  readonly metrics: ServerMetrics;
  readonly store: KeyValueStore;
  readonly lessor: Lessor;
  readonly watches: WatchHub;
}

export function storeFamilies(source: StoreSource): Family[] {
  return [
    ...keyFamilies(source.store, source.store.counters),
    ...compactionFamilies(source.metrics, source.store),
    ...watchFamilies(source.metrics, source.watches),
    ...leaseFamilies(source.metrics),
  ];
}

function keyFamilies(store: KeyValueStore, counters: StoreCounters): Family[] {
  return [
    counter("etcd_mvcc_put_total", "Puts seen by this member.", counters.puts),
    counter("etcd_mvcc_delete_total", "Deletes seen by this member.", counters.deletes),
    counter("etcd_mvcc_range_total", "Ranges seen by this member.", counters.ranges),
    counter("etcd_mvcc_txn_total", "Txns of more than one operation seen by this member.", counters.txns),
    gauge("etcd_debugging_mvcc_keys_total", "Live keys.", store.keyCount),
    gauge("etcd_debugging_mvcc_current_revision", "Current revision of the store.", store.currentRevision),
    gauge(
      "etcd_debugging_mvcc_compact_revision",
      "Revision of the last compaction.",
      Math.max(store.compactRevision, 0),
    ),
    gauge(
      "etcd_debugging_mvcc_total_put_size_in_bytes",
      "Keys and values put by this member, in bytes.",
      counters.putBytes,
    ),
  ];
}

function compactionFamilies(metrics: ServerMetrics, store: KeyValueStore): Family[] {
  return [
    counter(
      "etcd_debugging_mvcc_db_compaction_keys_total",
      "Records removed by compactions.",
      store.counters.compactedRecords,
    ),
    gauge(
      "etcd_debugging_mvcc_db_compaction_last",
      "Unix time of the last compaction; 0 since none.",
      metrics.lastCompaction,
    ),
    histogram(
      "etcd_debugging_mvcc_db_compaction_pause_duration_milliseconds",
      "Duration of one slice of a compaction.",
      metrics.compactionPauseMs,
    ),
    histogram(
      "etcd_debugging_mvcc_db_compaction_total_duration_milliseconds",
      "Duration of a whole compaction.",
      metrics.compactionTotalMs,
    ),
    histogram(
      "etcd_debugging_mvcc_index_compaction_pause_duration_milliseconds",
      "Duration of a compaction's part in the index.",
      metrics.indexCompactionPauseMs,
    ),
    histogram(
      "etcd_mvcc_hash_duration_seconds",
      "Duration of hashing the whole database.",
      metrics.hashWhole,
    ),
    histogram(
      "etcd_mvcc_hash_rev_duration_seconds",
      "Duration of hashing the keys at a revision.",
      metrics.hashRevision,
    ),
  ];
}

function watchFamilies(metrics: ServerMetrics, watches: WatchHub): Family[] {
  watches.settleTimes();
  const loop = "etcd_debugging_server_watch_send_loop";
  return [
    gauge("etcd_debugging_mvcc_watch_stream_total", "Open watch streams.", watches.streamCount),
    gauge("etcd_debugging_mvcc_watcher_total", "Watchers.", watches.watcherCount),
    gauge("etcd_debugging_mvcc_slow_watcher_total", "Watchers that are behind.", watches.slowWatcherCount),
    // Slow watchers hold a position in history, not a queue.
    gauge("etcd_debugging_mvcc_pending_events_total", "Events that wait in queues.", 0),
    counter("etcd_debugging_mvcc_events_total", "Events sent to watchers.", watches.eventsSent),
    histogram(
      `${loop}_watch_stream_duration_seconds`,
      "Duration of sending one response of events.",
      metrics.watchResponse,
    ),
    histogram(
      `${loop}_watch_stream_duration_per_event_seconds`,
      "The same, divided by the number of events.",
      metrics.watchResponsePerEvent,
    ),
    histogram(
      `${loop}_control_stream_duration_seconds`,
      "Duration of sending one response of control.",
      metrics.watchControl,
    ),
    histogram(
      `${loop}_progress_duration_seconds`,
      "Duration of sending one progress notification.",
      metrics.watchProgress,
    ),
  ];
}

function leaseFamilies(metrics: ServerMetrics): Family[] {
  return [
    counter("etcd_debugging_lease_granted_total", "Leases granted.", metrics.leasesGranted),
    counter("etcd_debugging_lease_revoked_total", "Leases revoked.", metrics.leasesRevoked),
    counter("etcd_debugging_lease_renewed_total", "Renewals seen by the leader.", metrics.leasesRenewed),
    counter("etcd_debugging_server_lease_expired_total", "Leases that expired.", metrics.leasesExpired),
    histogram("etcd_debugging_lease_ttl_total", "Times to live of granted leases.", metrics.leaseTtl),
  ];
}
