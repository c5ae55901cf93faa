/**
 * What of an HTTP request's headers reaches the service as metadata, and how long the call may last (`http-endpoints.md` 8,
 * Metadata). The same mapping serves plain requests and WebSocket handshakes.
 */

import type { Status } from "@etcd-ts/proto";
import type { Exchange } from "../exchange.ts";
import { badRequest } from "./gateway-error.ts";
import { LocalMetadata } from "./local-metadata.ts";

/** Headers of HTTP itself; services see them behind a prefix. */
const PERMANENT = new Set(
  (
    "accept accept-charset accept-language accept-ranges authorization cache-control content-type cookie date expect from " +
    "if-match if-modified-since if-none-match if-schedule-tag-match if-unmodified-since max-forwards origin pragma referer " +
    "user-agent via warning"
  ).split(" "),
);
const PREFIX = "grpc-metadata-";

export interface CallContext {
  readonly metadata: LocalMetadata;
  /** Infinity: none. */
  readonly timeoutMs: number;
}

export type ContextOutcome =
  | { readonly ok: true; readonly context: CallContext }
  | { readonly ok: false; readonly refused: Status };

export function callContext(exchange: Exchange): ContextOutcome {
  const fields: string[] = [];
  for (let i = 0; i < exchange.fields.length; i += 2) {
    const refused = addField(fields, exchange.fields[i]!, exchange.fields[i + 1]!);
    if (refused !== undefined) return { ok: false, refused };
  }
  fields.push("x-forwarded-for", forwardedFor(exchange), "x-forwarded-host", exchange.host);
  const timeout = exchange.header("grpc-timeout");
  const timeoutMs = timeout === undefined ? Number.POSITIVE_INFINITY : timeoutOf(timeout);
  if (timeoutMs === undefined) return { ok: false, refused: badRequest(`invalid grpc-timeout: ${timeout}`) };
  return { ok: true, context: { metadata: new LocalMetadata(fields), timeoutMs } };
}

function addField(fields: string[], name: string, value: string): Status | undefined {
  const key = name.toLowerCase();
  if (key === "authorization") fields.push(key, value);
  if (PERMANENT.has(key)) fields.push(`grpcgateway-${key}`, value);
  if (!key.startsWith(PREFIX)) return undefined;
  if (key.endsWith("-bin")) {
    const broken = brokenBase64At(value);
    if (broken >= 0) {
      const reason = `illegal base64 data at input byte ${broken}`;
      return badRequest(`invalid binary header ${canonicalName(key)}: ${reason}`);
    }
  }
  fields.push(key.slice(PREFIX.length), value);
  return undefined;
}

function forwardedFor(exchange: Exchange): string {
  const before = exchange.header("x-forwarded-for");
  const address = exchange.peer.address.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return before === undefined ? address : `${before}, ${address}`;
}

/** `grpc-metadata-some-bin` as `Grpc-Metadata-Some-Bin`. */
function canonicalName(key: string): string {
  return key.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

/** The offset of what is no base64; −1 when it is whole, with its padding or without. */
function brokenBase64At(value: string): number {
  const padded = value.length % 4 === 0;
  const letters = /^[A-Za-z\d+/]*/.exec(value)![0].length;
  const rest = value.slice(letters);
  if (rest === "") return !padded && letters % 4 === 1 ? letters - 1 : -1;
  return padded && (rest === "=" || rest === "==") ? -1 : letters;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

function timeoutOf(text: string): number | undefined {
  const match = /^([+-]?\d+)([HMSmun])$/.exec(text);
  return match === null ? undefined : Number(match[1]) * UNIT_MS[match[2]!]!;
}
