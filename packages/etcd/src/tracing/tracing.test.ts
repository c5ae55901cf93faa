import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { type LogFields, type Logger, SILENT_LOGGER } from "@etcd-ts/base";
import { Code, type TracedCall } from "@etcd-ts/grpc";
import { OtlpExporter } from "./otlp-exporter.ts";
import { encodeExport, type Span } from "./otlp-message.ts";
import { RequestTracer } from "./request-tracer.ts";
import { parseTraceParent } from "./trace-context.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const PARENT = "b7ad6b7169203331";

function call(traceparent?: string): TracedCall {
  const metadata = { get: (name: string) => (name === "traceparent" ? traceparent : undefined) };
  return {
    metadata,
    path: "/etcdserverpb.KV/Put",
    peer: { address: "127.0.0.1:7" },
  } as unknown as TracedCall;
}

function tracer(samplesPerMillion: number) {
  const spans: Span[] = [];
  let nowNs = 100n;
  const options = { samplesPerMillion, onSpan: (span: Span) => spans.push(span), nowNs: () => nowNs++ };
  return { spans, tracer: new RequestTracer(options) };
}

const SPAN: Span = {
  traceId: TRACE,
  spanId: "00f067aa0ba902b7",
  parentSpanId: PARENT,
  name: "etcdserverpb.KV/Put",
  startNs: 1n,
  endNs: 2n,
  attributes: { "rpc.system": "grpc", "rpc.grpc.status_code": 300 },
  isError: true,
};

test("a trace parent is read, and nonsense is not followed", () => {
  const sampled = parseTraceParent(`00-${TRACE}-${PARENT}-01`);
  assert.deepEqual(sampled, { traceId: TRACE, spanId: PARENT, isSampled: true });
  assert.equal(parseTraceParent(`00-${TRACE}-${PARENT}-00`)?.isSampled, false);
  assert.equal(parseTraceParent(`01-${TRACE}-${PARENT}-01-more`)?.isSampled, true);
  const strange = [undefined, "", `ff-${TRACE}-${PARENT}-01`, `00-${"0".repeat(32)}-${PARENT}-01`];
  for (const text of [
    ...strange,
    `00-${TRACE}-${PARENT}-01-more`,
    `00-${TRACE.toUpperCase()}-${PARENT}-01`,
  ]) {
    assert.equal(parseTraceParent(text), undefined, text);
  }
});

test("a call that its client has marked is followed; without a mark the lot decides", () => {
  const none = tracer(0);
  assert.equal(none.tracer.begin(call()), undefined);
  assert.equal(none.tracer.begin(call(`00-${TRACE}-${PARENT}-00`)), undefined);
  none.tracer.begin(call(`00-${TRACE}-${PARENT}-01`))!.end(Code.INTERNAL);
  const [span] = none.spans;
  assert.deepEqual([span!.traceId, span!.parentSpanId, span!.name], [TRACE, PARENT, "etcdserverpb.KV/Put"]);
  assert.deepEqual([span!.startNs, span!.endNs, span!.isError], [100n, 101n, true]);
  const all = tracer(1_000_000);
  all.tracer.begin(call())!.end(Code.NOT_FOUND);
  assert.match(all.spans[0]!.traceId, /^[\da-f]{32}$/);
  assert.equal(all.spans[0]!.isError, false);
});

test("spans are laid out as the protocol has it", () => {
  const span = [
    `0a10${TRACE}`,
    "120800f067aa0ba902b7",
    `2208${PARENT}`,
    `2a13${Buffer.from(SPAN.name).toString("hex")}`,
    "3002",
    "390100000000000000",
    "410200000000000000",
    `4a14${`0a0a${Buffer.from("rpc.system").toString("hex")}`}12060a0467727063`,
    `4a1b${`0a14${Buffer.from("rpc.grpc.status_code").toString("hex")}`}120318ac02`,
    "7a021802",
  ].join("");
  const length = (hex: string) => {
    const bytes = hex.length / 2;
    const low = (bytes & 0x7f) | (bytes > 0x7f ? 0x80 : 0);
    return Buffer.from(bytes > 0x7f ? [low, bytes >> 7] : [low]).toString("hex");
  };
  const scope = "0a030a0173";
  const scopeSpans = `${scope}12${length(span)}${span}`;
  const resource = "0a0b0a090a016e12040a027632";
  const resourceSpans = `${resource}12${length(scopeSpans)}${scopeSpans}`;
  const message = encodeExport({ n: "v2" }, "s", [SPAN]);
  assert.equal(message.toString("hex"), `0a${length(resourceSpans)}${resourceSpans}`);
});

test("a collector gets the spans in one call", async () => {
  const received: Buffer[] = [];
  const collector = createServer();
  collector.on("stream", (stream, headers) => {
    assert.equal(headers[":path"], "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
    stream.on("data", (chunk: Buffer) => received.push(chunk));
    stream.on("end", () => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
      stream.end(Buffer.alloc(5));
    });
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
  const { port } = collector.address() as AddressInfo;
  const resource = { "service.name": "etcd" };
  const exporter = new OtlpExporter({ address: `127.0.0.1:${port}`, resource, log: SILENT_LOGGER });
  exporter.add(SPAN);
  exporter.add(SPAN);
  await exporter.close();
  collector.close();
  const body = Buffer.concat(received);
  assert.equal(body.readUInt32BE(1), body.length - 5);
  assert.deepEqual(body.subarray(5), encodeExport(resource, "etcd-ts", [SPAN, SPAN]));
});

test("a collector that is not there costs the spans and a line", async () => {
  const told: LogFields[] = [];
  const log = { warn: (_caller: string, _message: string, fields: LogFields) => told.push(fields) };
  const options = { address: "127.0.0.1:1", resource: {}, log: log as unknown as Logger };
  const exporter = new OtlpExporter(options);
  for (let i = 0; i < 3; i++) exporter.add(SPAN);
  await exporter.flush();
  assert.equal(told.length, 1);
  assert.equal(told[0]!.spans, 3);
  assert.match(String(told[0]!.error), /ECONNREFUSED/);
  await exporter.close();
});
