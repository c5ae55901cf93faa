/** The header `traceparent` of W3C Trace Context: `00-<trace>-<parent span>-<flags>`, ids in lower-case hex. */

export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly isSampled: boolean;
}

const PATTERN = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const VERSION_INVALID = "ff";
const SAMPLED_FLAG = 1;

/** Undefined when there is none, or none that could be followed. */
export function parseTraceParent(text: string | undefined): TraceContext | undefined {
  const match = PATTERN.exec(text ?? "");
  if (match === null) return undefined;
  const [, version, traceId, spanId, flags, rest] = match;
  if (version === VERSION_INVALID || (version === "00" && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId!) || /^0+$/.test(spanId!)) return undefined;
  return {
    traceId: traceId!,
    spanId: spanId!,
    isSampled: (Number.parseInt(flags!, 16) & SAMPLED_FLAG) !== 0,
  };
}
