/** Tracing as the flags ask for it. */

import type { Logger } from "@etcd-ts/base";
import type { Config } from "../config/config.ts";
import { OtlpExporter } from "./otlp-exporter.ts";
import { RequestTracer } from "./request-tracer.ts";

export interface Tracing {
  readonly tracer: RequestTracer;
  readonly exporter: OtlpExporter;
}

/** Undefined: it is off. */
export function tracingOf(config: Config, log: Logger): Tracing | undefined {
  if (!config.enableDistributedTracing) return undefined;
  const { distributedTracingAddress: address, distributedTracingInstanceId: instance } = config;
  const exporter = new OtlpExporter({
    address,
    log,
    resource: {
      "service.name": config.distributedTracingServiceName,
      ...(instance === "" ? {} : { "service.instance.id": instance }),
    },
  });
  const tracer = new RequestTracer({
    samplesPerMillion: config.distributedTracingSamplingRate,
    onSpan: (span) => exporter.add(span),
    nowNs: () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n,
  });
  log.info("tracing/tracing.ts:30", "distributed tracing enabled", {
    address,
    "service-name": config.distributedTracingServiceName,
    "service-instance-id": instance,
    "sampling-rate": config.distributedTracingSamplingRate,
  });
  return { tracer, exporter };
}
