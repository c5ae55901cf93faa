/**
 * Spans of calls (`--enable-distributed-tracing`): one for each call that a client's `traceparent` marks as sampled, and for so many
 * in a million of those that come without one.
 */

import { randomBytes } from "node:crypto";
import { type CallSpan, type CallTracer, Code, type TracedCall } from "@etcd-ts/grpc";
import type { Span } from "./otlp-message.ts";
import { parseTraceParent, type TraceContext } from "./trace-context.ts";

const SERVER_ERRORS: ReadonlySet<Code> = new Set([
  Code.UNKNOWN,
  Code.DEADLINE_EXCEEDED,
  Code.UNIMPLEMENTED,
  Code.INTERNAL,
  Code.UNAVAILABLE,
  Code.DATA_LOSS,
]);
const MILLION = 1_000_000;

export interface TracerOptions {
  readonly samplesPerMillion: number;
  readonly onSpan: (span: Span) => void;
  /** Nanoseconds since 1970. */
  readonly nowNs: () => bigint;
}

export class RequestTracer implements CallTracer {
  private readonly options: TracerOptions;

  constructor(options: TracerOptions) {
    this.options = options;
  }

  begin(call: TracedCall): CallSpan | undefined {
    const parent = parseTraceParent(call.metadata.get("traceparent"));
    const isSampled = parent === undefined ? this.drawsLot() : parent.isSampled;
    return isSampled ? this.span(call, parent) : undefined;
  }

  /** As often as was asked for. */
  private drawsLot(): boolean {
    const { samplesPerMillion } = this.options;
    return samplesPerMillion > 0 && randomBytes(4).readUInt32BE() % MILLION < samplesPerMillion;
  }

  private span({ path, peer }: TracedCall, parent: TraceContext | undefined): CallSpan {
    const { onSpan, nowNs } = this.options;
    const startNs = nowNs();
    const [service = "", method = ""] = path.slice(1).split("/");
    return {
      end: (code) =>
        onSpan({
          traceId: parent?.traceId ?? randomBytes(16).toString("hex"),
          spanId: randomBytes(8).toString("hex"),
          parentSpanId: parent?.spanId ?? "",
          name: path.slice(1),
          startNs,
          endNs: nowNs(),
          attributes: {
            "rpc.system": "grpc",
            "rpc.service": service,
            "rpc.method": method,
            "client.address": peer.address,
            "rpc.grpc.status_code": code,
          },
          isError: SERVER_ERRORS.has(code),
        }),
    };
  }
}
