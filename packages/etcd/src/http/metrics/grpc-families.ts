/**
 * Families of calls, made of the engine's counters. Every method of the services that the original counts from its start is there
 * with every code; methods of other services come with their first call.
 */

import { CODE_COUNT, Code, type MethodCounters } from "@etcd-ts/grpc";
import { type MethodKind, type Service, services } from "@etcd-ts/proto";
import { type Family, Histogram, histogramValue, labelled, type Sample } from "@etcd-ts/server";

const CODE_NAMES: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(Code).map(([name, code]) => [code, codeName(name)]),
);

/** `INVALID_ARGUMENT` as `InvalidArgument`; OK stays. */
function codeName(name: string): string {
  if (name === "OK") return name;
  return name.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

const LATER_SERVICES = new Set(["v3electionpb.Election", "v3lockpb.Lock"]);
const KIND_NAMES: Readonly<Record<MethodKind, string>> = {
  unary: "unary",
  serverStream: "server_stream",
  clientStream: "client_stream",
  bidi: "bidi_stream",
};

const CALL_SECONDS = Float64Array.of(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10);

interface Counted {
  readonly path: string;
  readonly labels: readonly (readonly [string, string])[];
  readonly counters: MethodCounters | undefined;
}

export function grpcFamilies(counters: readonly MethodCounters[]): Family[] {
  const counted = countedMethods(counters);
  const samples = (value: (counters: MethodCounters) => number): Sample[] =>
    counted.map((it) => ({ labels: it.labels, value: it.counters === undefined ? 0 : value(it.counters) }));
  return [
    labelled(
      "grpc_server_started_total",
      "counter",
      "Calls begun.",
      samples((it) => it.started),
    ),
    labelled("grpc_server_msg_received_total", "counter", "Messages received.", samples(receptions)),
    labelled("grpc_server_msg_sent_total", "counter", "Messages sent.", samples(transmissions)),
    labelled("grpc_server_handled_total", "counter", "Calls ended.", counted.flatMap(handledSamples)),
  ];
}

/** As the original's interceptors count: the end of a client's stream is a reception too, */
function receptions(counters: MethodCounters): number {
  const isStream = counters.kind === "bidi_stream" || counters.kind === "client_stream";
  return counters.received + (isStream ? ended(counters) : 0);
}

/** and an error is what a unary call sends instead of its answer. */
function transmissions(counters: MethodCounters): number {
  return counters.kind === "unary" ? ended(counters) : counters.sent;
}

function ended({ handled }: MethodCounters): number {
  let count = 0;
  for (const ofCode of handled) count += ofCode;
  return count;
}

function handledSamples({ labels, counters }: Counted): Sample[] {
  return Array.from({ length: CODE_COUNT }, (_, code) => ({
    labels: [...labels, ["grpc_code", CODE_NAMES[code]!]],
    value: counters?.handled[code] ?? 0,
  }));
}

function countedMethods(counters: readonly MethodCounters[]): Counted[] {
  const byPath = new Map(counters.map((it) => [it.path, it]));
  return (services as readonly Service[]).flatMap((service) =>
    Object.values(service.methods).flatMap(({ name, path, kind }) => {
      const own = byPath.get(path);
      if (LATER_SERVICES.has(service.name) && (own?.started ?? 0) === 0) return [];
      const labels = [
        ["grpc_type", KIND_NAMES[kind]],
        ["grpc_service", service.name],
        ["grpc_method", name],
      ] as const;
      return [{ path, labels, counters: own }];
    }),
  );
}

/** For `--metrics=extensive`: from now on calls are timed. */
export class CallDurations {
  private readonly durations = new Map<string, Histogram>();

  constructor(counters: readonly MethodCounters[]) {
    for (const method of counters) {
      const histogram = this.of(method.path);
      method.times = {
        begin: () => performance.now(),
        end: (begunAtMs) => histogram.observe((performance.now() - begunAtMs) / 1000),
      };
    }
  }

  family(counters: readonly MethodCounters[]): Family {
    const samples = countedMethods(counters).map(
      ({ labels, path }): Sample => ({ labels, value: histogramValue(this.of(path)) }),
    );
    return labelled("grpc_server_handling_seconds", "histogram", "Duration of calls.", samples);
  }

  private of(path: string): Histogram {
    let histogram = this.durations.get(path);
    if (histogram === undefined) {
      histogram = new Histogram(CALL_SECONDS);
      this.durations.set(path, histogram);
    }
    return histogram;
  }
}

export function trafficOf(counters: readonly MethodCounters[]): {
  readonly receivedBytes: number;
  readonly sentBytes: number;
} {
  let receivedBytes = 0;
  let sentBytes = 0;
  for (const it of counters) {
    receivedBytes += it.receivedBytes;
    sentBytes += it.sentBytes;
  }
  return { receivedBytes, sentBytes };
}
