/**
 * The JSON gateway: `POST /v3/...` to calls of the services, in the process itself (`http-endpoints.md` 8). Unary calls answer with one
 * message; streams with lines of `{"result":...}`, and `{"error":...}` as the last one if they fail.
 *
 * A body is read to its end before anything is called, as the original does over HTTP/1.1; who wants to send while he
 * receives uses a WebSocket (`gateway-socket.ts`).
 */

import { Code, type GrpcServer } from "@etcd-ts/grpc";
import type { Status } from "@etcd-ts/proto";
import { type Exchange, type HeaderFields, JSON_TYPE, type RequestUrl } from "../exchange.ts";
import {
  errorJson,
  errorLine,
  httpStatusOf,
  METHOD_NOT_ALLOWED,
  NOT_FOUND,
  resultLine,
} from "./gateway-error.ts";
import { LocalStreamCall, LocalUnaryCall, type UnaryResult } from "./local-call.ts";
import { type CallContext, callContext } from "./request-metadata.ts";
import { nextRequest, onlyRequest } from "./requests.ts";
import { type GatewayRoute, gatewayRoutes } from "./routes-of-services.ts";
import { wireToJson } from "./wire-to-json.ts";

/** How much longer than its message JSON may be. */
const BODY_EXPANSION = 4;
/** Deadlines so near are over before a call could be made. */
const TIMEOUT_MS_MIN = 0.01;

export const DEADLINE_EXCEEDED: Status = {
  code: Code.DEADLINE_EXCEEDED,
  message: "context deadline exceeded",
};
const BODY_TOO_LARGE: Status = { code: Code.RESOURCE_EXHAUSTED, message: "http: request body too large" };

export interface GatewayParts {
  readonly server: GrpcServer;
  /** A call was begun outside of the engine's turn. */
  expectTurnEnd(): void;
  /** Headers of answers on a TLS port that serves gRPC too: the original's inner call passes its own HTTP server. */
  readonly tlsHeaders: HeaderFields;
}

export class Gateway {
  readonly bodyBytesMax: number;
  readonly parts: GatewayParts;
  private readonly routes = gatewayRoutes();

  constructor(parts: GatewayParts) {
    this.parts = parts;
    this.bodyBytesMax = parts.server.options.maxReceiveMessageBytes * BODY_EXPANSION;
  }

  find(path: string): GatewayRoute | undefined {
    return this.routes.get(path);
  }

  serve(exchange: Exchange, url: RequestUrl): void {
    const route = this.find(url.path);
    if (route === undefined) return answerStatus(exchange, NOT_FOUND);
    if (exchange.method !== "POST") return answerStatus(exchange, METHOD_NOT_ALLOWED);
    const outcome = callContext(exchange);
    if (!outcome.ok) return answerStatus(exchange, outcome.refused);
    const textMode = isTextMode(exchange, url);
    exchange.readBody(this.bodyBytesMax, (body) => {
      if (body === undefined) answerStatus(exchange, BODY_TOO_LARGE);
      else if (route.kind === "unary") this.unary(exchange, route, outcome.context, body, textMode);
      else this.stream(exchange, route, outcome.context, body, textMode);
    });
  }

  /** Why a call cannot be made at all. */
  objection(context: CallContext, message: Buffer): Status | undefined {
    const { maxReceiveMessageBytes } = this.parts.server.options;
    if (message.length > maxReceiveMessageBytes) {
      const text = `grpc: received message larger than max (${message.length} vs. ${maxReceiveMessageBytes})`;
      return { code: Code.RESOURCE_EXHAUSTED, message: text };
    }
    return context.timeoutMs < TIMEOUT_MS_MIN ? DEADLINE_EXCEEDED : undefined;
  }

  private unary(
    exchange: Exchange,
    route: GatewayRoute,
    context: CallContext,
    body: Buffer,
    textMode: boolean,
  ): void {
    const request = onlyRequest(body, route.request, textMode);
    if (!Buffer.isBuffer(request)) return answerStatus(exchange, request);
    const { server } = this.parts;
    const method = server.methods.find(route.path);
    if (method?.kind !== "unary") return answerStatus(exchange, this.unknown(route));
    const objection = this.objection(context, request);
    if (objection !== undefined) return answerStatus(exchange, objection);
    const call = new LocalUnaryCall(method, context, exchange.peer, server.options, (result) =>
      this.answer(exchange, route, result, textMode),
    );
    exchange.onGone = () => call.cancel();
    call.start(request);
    this.parts.expectTurnEnd();
  }

  private answer(exchange: Exchange, route: GatewayRoute, result: UnaryResult, textMode: boolean): void {
    if (result.error !== undefined) return answerStatus(exchange, result.error);
    const json = wireToJson(route.response, result.message, textMode);
    const headers = this.successHeaders(exchange);
    if (!/\btrailers\b/i.test(exchange.header("te") ?? "")) return exchange.answer(200, headers, json);
    // Trailers could follow: the length is not told.
    exchange.begin(200, headers);
    exchange.write(json);
    exchange.end();
  }

  private stream(
    exchange: Exchange,
    route: GatewayRoute,
    context: CallContext,
    body: Buffer,
    textMode: boolean,
  ): void {
    const { server } = this.parts;
    const method = server.methods.find(route.path);
    if (method === undefined || method.kind === "unary") return answerLine(exchange, this.unknown(route));
    const requests = requestsOf(body, route, textMode);
    if (!Array.isArray(requests)) return answerStatus(exchange, requests);
    let begun = false;
    const begin = () => {
      if (!begun) exchange.begin(200, this.successHeaders(exchange));
      begun = true;
    };
    const call = new LocalStreamCall(method, context, exchange.peer, server.options, {
      get queuedBytes() {
        return exchange.queuedBytes;
      },
      onMessage(message) {
        begin();
        return exchange.write(`${resultLine(wireToJson(route.response, message, textMode))}\n`);
      },
      onEnd(status) {
        if (!begun) return endWithoutMessage(exchange, status);
        if (status.code !== Code.OK) exchange.write(`${errorLine(status)}\n`);
        exchange.end();
      },
    });
    exchange.onGone = () => call.cancel();
    exchange.onDrain = () => call.onDrain();
    call.start();
    for (const request of requests) call.deliver(request);
    call.halfClose();
    this.parts.expectTurnEnd();
  }

  /** No service with such a method is at work in this process. */
  unknown(route: GatewayRoute): Status {
    return { code: Code.UNIMPLEMENTED, message: this.parts.server.methods.unknownText(route.path) };
  }

  private successHeaders(exchange: Exchange): HeaderFields {
    const headers: (readonly [string, string])[] = [
      JSON_TYPE,
      ["Grpc-Metadata-Content-Type", "application/grpc"],
    ];
    return exchange.tls ? [...headers, ...this.parts.tlsHeaders] : headers;
  }
}

/** All of a stream's requests. What is malformed ends the requests of a client stream; a server stream has one, or none at all. */
function requestsOf(body: Buffer, route: GatewayRoute, textMode: boolean): Buffer[] | Status {
  if (route.kind === "serverStream") {
    const request = onlyRequest(body, route.request, textMode);
    return Buffer.isBuffer(request) ? [request] : request;
  }
  const requests: Buffer[] = [];
  for (let at = 0; ; ) {
    const outcome = nextRequest(body, at, route.request, textMode);
    if (outcome.kind !== "request") return requests;
    requests.push(outcome.message);
    at = outcome.end;
  }
}

/** `?encoding=utf8` or a header: keys and values are text, not base64. */
export function isTextMode(exchange: Exchange, { query }: RequestUrl): boolean {
  return (query.get("encoding") ?? exchange.header("etcd-encoding")) === "utf8";
}

/** A stream that brought nothing. */
function endWithoutMessage(exchange: Exchange, status: Status): void {
  if (status.code !== Code.OK) return answerLine(exchange, status);
  exchange.begin(200, []);
  exchange.end();
}

function answerStatus(exchange: Exchange, status: Status): void {
  exchange.answer(httpStatusOf(status.code), errorHeaders(status), errorJson(status));
}

function answerLine(exchange: Exchange, status: Status): void {
  exchange.begin(httpStatusOf(status.code), [JSON_TYPE]);
  exchange.write(`${errorLine(status)}\n`);
  exchange.end();
}

function errorHeaders(status: Status): HeaderFields {
  if (status.code !== Code.UNAUTHENTICATED) return [JSON_TYPE];
  return [JSON_TYPE, ["WWW-Authenticate", status.message]];
}
