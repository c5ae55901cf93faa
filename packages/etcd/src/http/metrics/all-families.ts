/** Everything that `/metrics` shows, collected from where it is counted. */

import type { GrpcServer } from "@etcd-ts/grpc";
import { type Family, labelled, type Member, type Sample, serverFamilies } from "@etcd-ts/server";
import { type FeatureGates, GATE_NAMES, GATES } from "../../flags/feature-gates.ts";
import type { CheckCounters } from "../checks.ts";
import type { HealthCounters } from "../health.ts";
import { CollectionWatch } from "./collection-watch.ts";
import { CallDurations, grpcFamilies, trafficOf } from "./grpc-families.ts";
import { healthFamilies } from "./metrics-endpoint.ts";
import { ProcessFamilies } from "./process-families.ts";

export interface MetricsSources {
  readonly member: Member;
  readonly server: GrpcServer;
  readonly gates: FeatureGates;
  /** `--metrics=extensive`. */
  readonly extensive: boolean;
  readonly health: HealthCounters;
  readonly checks: readonly CheckCounters[];
}

export function familyCollector(sources: MetricsSources): () => Family[] {
  const processes = new ProcessFamilies(new CollectionWatch());
  const durations = sources.extensive ? new CallDurations(sources.server.counters()) : undefined;
  return () => {
    const counters = sources.server.counters();
    const { receivedBytes, sentBytes } = trafficOf(counters);
    return [
      ...serverFamilies({
        member: sources.member,
        clientReceivedBytes: receivedBytes,
        clientSentBytes: sentBytes,
      }),
      ...grpcFamilies(counters),
      ...(durations === undefined ? [] : [durations.family(counters)]),
      ...healthFamilies(sources.health.success, sources.health.failures),
      ...checkFamilies(sources.checks),
      ...programFamilies(sources.gates),
      ...processes.families(),
    ];
  };
}

function checkFamilies(checks: readonly CheckCounters[]): Family[] {
  const labelsOf = ({ kind, name }: CheckCounters): [string, string][] => [
    ["type", kind],
    ["name", name],
  ];
  const totals = checks.flatMap((check): Sample[] =>
    (["success", "error"] as const)
      .filter((status) => check[status] > 0)
      .map((status) => ({ labels: [...labelsOf(check), ["status", status]], value: check[status] })),
  );
  const last = checks.map((check): Sample => ({ labels: labelsOf(check), value: Number(check.passes) }));
  return [
    labelled("etcd_server_healthcheck", "gauge", "Last results of the checks.", last),
    labelled("etcd_server_healthchecks_total", "counter", "Results of the checks.", totals),
  ];
}

function programFamilies(gates: FeatureGates): Family[] {
  const samples = GATE_NAMES.map((name): Sample => gateSample(name, GATES[name].stage, gates.isOn(name)));
  samples.push(gateSample("AllAlpha", "ALPHA", gates.isStageOn("AllAlpha")));
  samples.push(gateSample("AllBeta", "BETA", gates.isStageOn("AllBeta")));
  return [
    labelled("etcd_server_feature_enabled", "gauge", "Feature gates.", samples),
    labelled("etcd_server_go_version", "gauge", "Version of the run-time.", [
      { labels: [["server_go_version", process.version]], value: 1 },
    ]),
  ];
}

function gateSample(name: string, stage: string, on: boolean): Sample {
  return {
    labels: [
      ["name", name],
      ["stage", stage],
    ],
    value: Number(on),
  };
}
