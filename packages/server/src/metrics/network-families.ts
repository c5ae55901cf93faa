/** Families of what passes between members. */

import { counter, type Family, histogramValue, labelled, type Sample } from "./family.ts";
import type { PeerMetrics, ServerMetrics, SnapshotTransfers } from "./server-metrics.ts";

export interface NetworkSource {
  readonly metrics: ServerMetrics;
  readonly memberId: bigint;
  /** All members, this one too. */
  readonly memberIds: readonly bigint[];
  /** Bytes of calls over gRPC. */
  readonly clientReceivedBytes: number;
  readonly clientSentBytes: number;
}

export function networkFamilies(source: NetworkSource): Family[] {
  const peers = [...source.metrics.peers.values()];
  return [
    counter(
      "etcd_network_client_grpc_received_bytes_total",
      "Bytes received from clients.",
      source.clientReceivedBytes,
    ),
    counter("etcd_network_client_grpc_sent_bytes_total", "Bytes sent to clients.", source.clientSentBytes),
    ...linkFamilies(source, peers),
    ...byteFamilies(peers),
    ...snapshotFamilies("send", "To", peers, (peer) => peer.sentSnapshots),
    ...snapshotFamilies("receive", "From", peers, (peer) => peer.receivedSnapshots),
    streamFailures(source.metrics),
  ];
}

function linkFamilies(source: NetworkSource, peers: readonly PeerMetrics[]): Family[] {
  const link = (remote: bigint, value: number): Sample => ({
    labels: [
      ["Local", hex(source.memberId)],
      ["Remote", hex(remote)],
    ],
    value,
  });
  const roundTrips = peers.flatMap(({ id, roundTrip }) =>
    roundTrip === undefined ? [] : [to(id, histogramValue(roundTrip))],
  );
  return [
    labelled(
      "etcd_network_known_peers",
      "gauge",
      "Members that this one knows.",
      source.memberIds.map((id) => link(id, 1)),
    ),
    labelled(
      "etcd_network_active_peers",
      "gauge",
      "Members with a working connection.",
      peers.map((peer) => link(peer.id, peer.active ? 1 : 0)),
    ),
    labelled(
      "etcd_network_disconnected_peers_total",
      "counter",
      "Lost connections to members.",
      peers.filter((peer) => peer.disconnects > 0).map((peer) => link(peer.id, peer.disconnects)),
    ),
    labelled("etcd_network_peer_round_trip_time_seconds", "histogram", "Round trips to members.", roundTrips),
  ];
}

function byteFamilies(peers: readonly PeerMetrics[]): Family[] {
  const used = (value: (peer: PeerMetrics) => number, sample: typeof to | typeof from) =>
    peers.filter((peer) => value(peer) > 0).map((peer) => sample(peer.id, value(peer)));
  const name = "etcd_network_peer";
  return [
    labelled(
      `${name}_sent_bytes_total`,
      "counter",
      "Bytes sent to members.",
      used((it) => it.sentBytes, to),
    ),
    labelled(
      `${name}_received_bytes_total`,
      "counter",
      "Bytes received from members.",
      used((it) => it.receivedBytes, from),
    ),
    labelled(
      `${name}_sent_failures_total`,
      "counter",
      "Messages to members that were lost.",
      used((it) => it.sentFailures, to),
    ),
    labelled(
      `${name}_received_failures_total`,
      "counter",
      "Broken receptions from members.",
      used((it) => it.receivedFailures, from),
    ),
  ];
}

function snapshotFamilies(
  direction: "send" | "receive",
  label: "To" | "From",
  peers: readonly PeerMetrics[],
  transfers: (peer: PeerMetrics) => SnapshotTransfers,
): Family[] {
  const used = peers.filter((peer) => transfers(peer).any);
  const samples = (value: (it: SnapshotTransfers) => Sample["value"]): Sample[] =>
    used.map((peer) => ({ labels: [[label, hex(peer.id)]], value: value(transfers(peer)) }));
  const name = `etcd_network_snapshot_${direction}`;
  return [
    labelled(
      `${name}_success`,
      "counter",
      "Snapshots that arrived.",
      samples((it) => it.successes),
    ),
    labelled(
      `${name}_failures`,
      "counter",
      "Snapshots that did not.",
      samples((it) => it.failures),
    ),
    labelled(
      `${name}_inflights_total`,
      "gauge",
      "Snapshots under way.",
      samples((it) => it.inflight),
    ),
    labelled(
      `${name}_total_duration_seconds`,
      "histogram",
      "Duration of a snapshot's way.",
      samples((it) => histogramValue(it.seconds)),
    ),
  ];
}

function streamFailures(metrics: ServerMetrics): Family {
  const samples = [...metrics.streamFailures].map(([key, value]): Sample => {
    const [type = "", api = ""] = key.split(" ");
    return {
      labels: [
        ["Type", type],
        ["API", api],
      ],
      value,
    };
  });
  const help = "Streams of clients that broke.";
  return labelled("etcd_network_server_stream_failures_total", "counter", help, samples);
}

function to(id: bigint, value: Sample["value"]): Sample {
  return { labels: [["To", hex(id)]], value };
}

function from(id: bigint, value: Sample["value"]): Sample {
  return { labels: [["From", hex(id)]], value };
}

export function hex(id: bigint): string {
  return id.toString(16);
}
