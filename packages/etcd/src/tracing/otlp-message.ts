/**
 * Spans as OpenTelemetry's protocol carries them: `ExportTraceServiceRequest` of `opentelemetry.proto.collector.trace.v1`. The numbers of
 * its fields are permanent.
 */

export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty: it is the first of its trace. */
  readonly parentSpanId: string;
  readonly name: string;
  /** Nanoseconds since 1970. */
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Attributes;
  readonly isError: boolean;
}

export type Attributes = Readonly<Record<string, string | number>>;

const KIND_SERVER = 2;
const STATUS_ERROR = 2;
const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;

export function encodeExport(resource: Attributes, scope: string, spans: readonly Span[]): Buffer {
  const scopeSpans = [bytes(1, bytes(1, text(scope))), ...spans.map((span) => bytes(2, encodeSpan(span)))];
  const resourceSpans = [bytes(1, encodeAttributes(1, resource)), bytes(2, Buffer.concat(scopeSpans))];
  return bytes(1, Buffer.concat(resourceSpans));
}

function encodeSpan(span: Span): Buffer {
  return Buffer.concat([
    bytes(1, Buffer.from(span.traceId, "hex")),
    bytes(2, Buffer.from(span.spanId, "hex")),
    span.parentSpanId === "" ? Buffer.alloc(0) : bytes(4, Buffer.from(span.parentSpanId, "hex")),
    bytes(5, text(span.name)),
    number(6, KIND_SERVER),
    fixed64(7, span.startNs),
    fixed64(8, span.endNs),
    encodeAttributes(9, span.attributes),
    span.isError ? bytes(15, number(3, STATUS_ERROR)) : Buffer.alloc(0),
  ]);
}

function encodeAttributes(field: number, attributes: Attributes): Buffer {
  const pairs = Object.entries(attributes).map(([key, value]) => {
    const any = typeof value === "string" ? bytes(1, text(value)) : number(3, value);
    return bytes(field, Buffer.concat([bytes(1, text(key)), bytes(2, any)]));
  });
  return Buffer.concat(pairs);
}

function text(value: string): Buffer {
  return Buffer.from(value, "utf8");
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | BYTES), varint(value.length), value]);
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint((field << 3) | VARINT), varint(value)]);
}

function fixed64(field: number, value: bigint): Buffer {
  const eight = Buffer.alloc(8);
  eight.writeBigUInt64LE(value);
  return Buffer.concat([varint((field << 3) | FIXED_64), eight]);
}

function varint(value: number): Buffer {
  const digits: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) digits.push((rest % 0x80) | 0x80);
  return Buffer.from([...digits, rest]);
}
