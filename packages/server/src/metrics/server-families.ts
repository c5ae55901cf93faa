/** Families of the member itself: raft, requests, alarms, versions; and those of the features that only exist in other programs. */

import { RaftRequestField } from "@etcd-ts/proto";
import { ALARM_CORRUPT, ALARM_NOSPACE, type AlarmStore } from "../alarm/alarm-store.ts";
import type { Member } from "../node/member.ts";
import { SERVER_VERSION } from "../version.ts";
import { diskFamilies } from "./disk-families.ts";
import {
  counter,
  type Family,
  fact,
  gauge,
  type HistogramValue,
  histogramValue,
  labelled,
  type Sample,
} from "./family.ts";
import type { Histogram } from "./histogram.ts";
import { hex, networkFamilies } from "./network-families.ts";
import type { OperationTimes } from "./operation-times.ts";
import { READ_RANGE, READ_TXN, type ServerMetrics } from "./server-metrics.ts";
import { storeFamilies } from "./store-families.ts";

export interface ServerFamiliesSource {
  readonly member: Member;
  readonly clientReceivedBytes: number;
  readonly clientSentBytes: number;
}

export function serverFamilies(source: ServerFamiliesSource): Family[] {
  const { member } = source;
  const { metrics, status } = member;
  return [
    ...raftFamilies(member, metrics),
    ...requestFamilies(metrics),
    ...memberFamilies(member),
    ...storeFamilies(member),
    ...diskFamilies(metrics, status, member.openDatabaseReaders),
    ...networkFamilies({
      ...source,
      metrics,
      memberId: member.id,
      memberIds: member.membership.list().map(({ id }) => id),
    }),
    ...oldFamilies(),
  ];
}

function raftFamilies(member: Member, metrics: ServerMetrics): Family[] {
  const { status } = member;
  const name = "etcd_server";
  return [
    gauge(`${name}_has_leader`, "Whether there is a leader.", Number(member.hasLeader)),
    gauge(`${name}_is_leader`, "Whether this member leads.", Number(member.isLeader)),
    gauge(`${name}_is_learner`, "Whether this member is a learner.", Number(member.isLearner)),
    counter(`${name}_leader_changes_seen_total`, "Changes of the leader.", metrics.leaderChanges),
    gauge(`${name}_proposals_committed_total`, "Index that is committed.", status.committedIndex),
    gauge(`${name}_proposals_applied_total`, "Index that is applied.", status.appliedIndex),
    gauge(`${name}_proposals_pending`, "Proposals under way.", member.pendingProposals),
    counter(`${name}_proposals_failed_total`, "Proposals that failed.", metrics.proposalsFailed),
    counter(`${name}_read_indexes_failed_total`, "Read barriers that failed.", metrics.readIndexesFailed),
    counter(`${name}_slow_read_indexes_total`, "Read barriers asked again.", metrics.slowReadIndexes),
    counter(`${name}_slow_apply_total`, "Applies that took long.", member.slow?.slowApplies ?? 0),
    counter(
      `${name}_heartbeat_send_failures_total`,
      "Heartbeats that left late.",
      metrics.heartbeatSendFailures,
    ),
    gauge(
      `${name}_snapshot_apply_in_progress_total`,
      "Whether a snapshot is being applied.",
      metrics.snapshotAppliesUnderWay,
    ),
    counter(`${name}_learner_promote_successes`, "Promoted learners.", metrics.learnerPromotions),
    labelled(
      `${name}_learner_promote_failures`,
      "counter",
      "Learners that were not promoted.",
      [...metrics.learnerPromotionFailures].map(([reason, value]) => ({
        labels: [["Reason", reason]],
        value,
      })),
    ),
  ];
}

function requestFamilies(metrics: ServerMetrics): Family[] {
  const counts = metrics.requestCounters.flatMap(({ version, unary, stream }) =>
    [
      { type: "unary", value: unary },
      { type: "stream", value: stream },
    ]
      .filter(({ value }) => value > 0)
      .map(
        ({ type, value }): Sample => ({
          labels: [
            ["type", type],
            ["client_api_version", version],
          ],
          value,
        }),
      ),
  );
  return [
    labelled("etcd_server_client_requests_total", "counter", "Requests by API version.", counts),
    labelled(
      "etcd_server_apply_duration_seconds",
      "histogram",
      "Duration of applying requests.",
      metrics.applies.used().map((times) => ({
        labels: [
          ["version", "v3"],
          ["op", operationName(times.field)],
          ["success", String(times.success)],
        ],
        value: histogramValue(times.histogram),
      })),
    ),
    labelled(
      "etcd_server_request_duration_seconds",
      "histogram",
      "Duration of requests from their arrival.",
      requestSamples(metrics),
    ),
    labelled(
      "etcd_server_range_duration_seconds",
      "histogram",
      "Duration of ranges.",
      [
        rangeSample("true", withInstant(metrics.ranges, metrics.instantRanges)),
        rangeSample("false", metrics.failedRanges),
      ].filter(({ value }) => (value as HistogramValue).counts.some((count) => count > 0)),
    ),
  ];
}

function requestSamples(metrics: ServerMetrics): Sample[] {
  const used = [...metrics.requests.used()];
  const isRange = ({ field, success }: OperationTimes) => field === READ_RANGE && success;
  if (metrics.instantRanges > 0 && !used.some(isRange)) {
    metrics.requests.touch(READ_RANGE, true);
    return requestSamples(metrics);
  }
  return used.map((times) => ({
    labels: [
      ["type", operationName(times.field)],
      ["success", String(times.success)],
    ],
    value: isRange(times)
      ? withInstant(times.histogram, metrics.instantRanges)
      : histogramValue(times.histogram),
  }));
}

/** With so many observations of no duration. */
function withInstant({ bounds, counts, sum }: Histogram, instant: number): HistogramValue {
  const all = Float64Array.from(counts);
  all[0]! += instant;
  return { kind: "histogram", bounds, counts: all, sum };
}

function rangeSample(success: string, value: Histogram | HistogramValue): Sample {
  return { labels: [["success", success]], value: "kind" in value ? value : histogramValue(value) };
}

const OPERATION_NAMES = new Map<number, string>([
  ...Object.entries(RaftRequestField).map(([name, field]): [number, string] => [
    field,
    name[0]!.toUpperCase() + name.slice(1),
  ]),
  [READ_RANGE, "Range"],
  [READ_TXN, "ReadonlyTxn"],
]);

function operationName(field: number): string {
  return OPERATION_NAMES.get(field) ?? "unknown";
}

function memberFamilies(member: Member): Family[] {
  const { metrics, status } = member;
  const version = member.membership.version;
  if (version !== undefined) metrics.knownClusterVersions.add(version.replace(/\.\d+$/, ""));
  const versions = [...metrics.knownClusterVersions].map(
    (known): Sample => ({
      labels: [["cluster_version", known]],
      value: Number(version?.startsWith(`${known}.`) ?? false),
    }),
  );
  return [
    fact("etcd_server_version", "Version of this server.", "server_version", SERVER_VERSION),
    fact("etcd_server_id", "Id of this member.", "server_id", hex(member.id)),
    labelled("etcd_cluster_version", "gauge", "Version of the cluster.", versions),
    gauge("etcd_debugging_auth_revision", "Revision of the auth store.", metrics.authRevision()),
    gauge("etcd_server_quota_backend_bytes", "Quota of the database.", status.quotaBytes),
    labelled("etcd_debugging_server_alarms", "gauge", "Alarms.", alarmSamples(member.alarms)),
  ];
}

/** A cleared alarm shows 0 from then on. */
function alarmSamples(alarms: AlarmStore): Sample[] {
  return alarms.everSeen().map(({ memberId, alarm }) => ({
    labels: [
      ["server_id", hex(memberId)],
      ["alarm_type", alarmName(alarm)],
    ],
    value: Number(alarms.has(memberId, alarm)),
  }));
}

function alarmName(alarm: number): string {
  if (alarm === ALARM_NOSPACE) return "NOSPACE";
  return alarm === ALARM_CORRUPT ? "CORRUPT" : String(alarm);
}

/** The store of API version 2 and the proxy have no part in this server; the original shows them all the same. */
function oldFamilies(): Family[] {
  const store = "etcd_debugging_store";
  const proxy = "etcd_grpc_proxy";
  return [
    counter(`${store}_expires_total`, "Expired keys of API version 2.", 0),
    counter(`${store}_watch_requests_total`, "Watches of API version 2.", 0),
    gauge(`${store}_watchers`, "Watchers of API version 2.", 0),
    gauge(`${proxy}_cache_hits_total`, "Cache hits of the proxy.", 0),
    gauge(`${proxy}_cache_keys_total`, "Cached keys of the proxy.", 0),
    gauge(`${proxy}_cache_misses_total`, "Cache misses of the proxy.", 0),
    gauge(`${proxy}_watchers_coalescing_total`, "Joined watchers of the proxy.", 0),
    counter(`${proxy}_events_coalescing_total`, "Joined events of the proxy.", 0),
  ];
}
