/**
 * A request over HTTP and its answer, whatever carries them: HTTP/1.1 by Node's server (`http1-exchange.ts`) or HTTP/2 by the gRPC
 * engine (`http2-exchange.ts`). Handlers see nothing else, so one set of routes serves every port.
 *
 * An answer is either whole (`answer`) or begun and written in pieces (`begin`, `write`, `end`); never both. Answering when the
 * client is gone is allowed and does nothing.
 */

import type { Peer } from "@etcd-ts/grpc";

/** Name and value, in any order; they leave sorted by name. */
export type HeaderFields = readonly (readonly [string, string])[];

export interface Exchange {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** What the client calls this server: the `Host` header, or its HTTP/2 equal. */
  readonly host: string;
  readonly tls: boolean;
  readonly peer: Peer;
  /** First value; the name in lower case. */
  header(name: string): string | undefined;
  /** All fields, name, value, name, value; names as sent. */
  readonly fields: readonly string[];
  /** Added to whatever the answer brings. */
  readonly extraHeaders: [string, string][];
  /** The client left before the answer had ended. Set by the handler. */
  onGone: () => void;
  /** The client takes more, after a `write` that returned false. Set by the handler. */
  onDrain: () => void;
  readonly gone: boolean;
  /** Of what was written, so much has not left this process, as far as the carrier knows. */
  readonly queuedBytes: number;
  /** Collects the body. `then` gets undefined when it is longer than allowed; it is not called when the client leaves before. */
  readBody(bytesMax: number, then: (body: Buffer | undefined) => void): void;
  answer(status: number, headers: HeaderFields, body: string | Uint8Array): void;
  begin(status: number, headers: HeaderFields): void;
  /** False when more than a buffer's worth waits to leave. */
  write(chunk: string | Uint8Array): boolean;
  end(): void;
}

export type Handler = (exchange: Exchange, url: RequestUrl) => void;

/** The request's target, taken apart. */
export interface RequestUrl {
  /** Percent escapes decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
}

export const PLAIN_TEXT: readonly [string, string] = ["Content-Type", "text/plain; charset=utf-8"];
export const NO_SNIFF: readonly [string, string] = ["X-Content-Type-Options", "nosniff"];
export const JSON_TYPE: readonly [string, string] = ["Content-Type", "application/json"];

/** The plain form in which errors are told. */
export function answerError(exchange: Exchange, status: number, text: string): void {
  exchange.answer(status, [PLAIN_TEXT, NO_SNIFF], `${text}\n`);
}

/** Serves GET only, as all endpoints for clients but the metrics do. */
export function onlyGet(handler: Handler): Handler {
  return only("GET", handler);
}

export function only(method: "GET" | "POST", handler: Handler): Handler {
  return (exchange, url) => {
    if (exchange.method === method) return handler(exchange, url);
    exchange.extraHeaders.push(["Allow", method]);
    answerError(exchange, 405, "Method Not Allowed");
  };
}

/** As they leave: sorted by name, then the date. */
export function sortedFields(extra: HeaderFields, own: HeaderFields): (readonly [string, string])[] {
  const fields = [...extra, ...own].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  fields.push(["Date", new Date().toUTCString()]);
  return fields;
}
