/**
 * WebSockets on the gateway's paths: a JSON request a message in, a result or error line a message out. As with the original, a unary
 * call waits for the end of the requests, which a WebSocket reaches only by closing: nothing but errors of the request itself comes back.
 */

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { Code } from "@etcd-ts/grpc";
import type { Status } from "@etcd-ts/proto";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import type { Exchange, RequestUrl } from "../exchange.ts";
import { type Gateway, isTextMode } from "./gateway.ts";
import { errorJson, errorLine, NOT_FOUND, resultLine } from "./gateway-error.ts";
import { LocalStreamCall } from "./local-call.ts";
import { LocalMetadata } from "./local-metadata.ts";
import { type CallContext, callContext } from "./request-metadata.ts";
import { nextRequest } from "./requests.ts";
import type { GatewayRoute } from "./routes-of-services.ts";
import { wireToJson } from "./wire-to-json.ts";

const BEARER = "Bearer";

export class GatewaySockets {
  private readonly gateway: Gateway;
  private readonly sockets: WebSocketServer;

  constructor(gateway: Gateway) {
    this.gateway = gateway;
    this.sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: gateway.bodyBytesMax,
      handleProtocols: (protocols) => (protocols.has(BEARER) ? BEARER : false),
    });
  }

  /** `exchange` is the handshake; it is answered by the upgrade. */
  accept(exchange: Exchange, url: RequestUrl, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.sockets.handleUpgrade(request, socket, head, (ws) => this.serve(ws, exchange, url));
  }

  private serve(ws: WebSocket, exchange: Exchange, url: RequestUrl): void {
    ws.on("error", () => ws.terminate());
    const route = this.gateway.find(url.path);
    if (route === undefined) return say(ws, errorJson(NOT_FOUND), true);
    const outcome = callContext(exchange);
    if (!outcome.ok) return say(ws, errorJson(outcome.refused), true);
    const context = { ...outcome.context, metadata: handshakeMetadata(exchange) };
    const textMode = isTextMode(exchange, url);
    if (route.kind === "bidi") this.stream(ws, exchange, route, context, textMode);
    else waitForEnd(ws, route, textMode);
  }

  private stream(
    ws: WebSocket,
    exchange: Exchange,
    route: GatewayRoute,
    context: CallContext,
    textMode: boolean,
  ): void {
    const { server, expectTurnEnd } = this.gateway.parts;
    const method = server.methods.find(route.path);
    if (method === undefined || method.kind === "unary")
      return say(ws, errorLine(this.gateway.unknown(route)), true);
    const call: LocalStreamCall = new LocalStreamCall(method, context, exchange.peer, server.options, {
      get queuedBytes() {
        return ws.bufferedAmount;
      },
      onMessage(message) {
        ws.send(resultLine(wireToJson(route.response, message, textMode)), () => {
          if (ws.bufferedAmount <= call.highWaterBytes) call.onDrain();
        });
        return true;
      },
      onEnd(status) {
        if (status.code !== Code.OK) say(ws, errorLine(status), true);
        else ws.terminate();
      },
    });
    const requests = new RequestSequence(route, textMode);
    ws.on("message", (data) => {
      const refused = requests.add(bytesOf(data), (request) => call.deliver(request));
      if (refused !== undefined) call.halfClose();
      expectTurnEnd();
    });
    ws.on("close", () => call.cancel());
    call.start();
  }
}

/** A call with one request: it is looked at as it comes, and made only if it is whole when no more can come, which is too late. */
function waitForEnd(ws: WebSocket, route: GatewayRoute, textMode: boolean): void {
  const requests = new RequestSequence(route, textMode);
  ws.on("message", (data) => {
    const refused = requests.add(bytesOf(data), () => {});
    if (refused !== undefined) say(ws, errorJson(refused), true);
  });
}

/** Requests as messages bring them, whole or in pieces. */
class RequestSequence {
  private readonly route: GatewayRoute;
  private readonly textMode: boolean;
  private rest: Buffer = Buffer.alloc(0);
  private refused: Status | undefined;

  constructor(route: GatewayRoute, textMode: boolean) {
    this.route = route;
    this.textMode = textMode;
  }

  /** Why no more requests are taken, once that is so. */
  add(bytes: Buffer, onRequest: (request: Buffer) => void): Status | undefined {
    if (this.refused !== undefined) return this.refused;
    this.rest = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes]);
    for (;;) {
      const outcome = nextRequest(this.rest, 0, this.route.request, this.textMode);
      if (outcome.kind === "refused") this.refused = outcome.status;
      if (outcome.kind === "nothing") this.rest = Buffer.alloc(0);
      if (outcome.kind !== "request") return this.refused;
      this.rest = this.rest.subarray(outcome.end);
      onRequest(outcome.message);
    }
  }
}

/** Origin and Referer are passed on; a token comes as a subprotocol or a cookie. */
function handshakeMetadata(exchange: Exchange): LocalMetadata {
  const fields: string[] = [];
  for (const name of ["origin", "referer"]) {
    const value = exchange.header(name);
    if (value !== undefined) fields.push(`grpcgateway-${name}`, value);
  }
  const authorization = handshakeToken(exchange);
  if (authorization !== undefined) fields.push("authorization", authorization);
  return new LocalMetadata(fields);
}

function handshakeToken(exchange: Exchange): string | undefined {
  const protocol = exchange.header("sec-websocket-protocol");
  if (protocol !== undefined) {
    const token = /^Bearer,\s*(\S+)/.exec(protocol)?.[1];
    return token === undefined ? "" : `${BEARER} ${token}`;
  }
  const cookie = /(?:^|;\s*)token=([^;]*)/.exec(exchange.header("cookie") ?? "")?.[1];
  return cookie === undefined ? undefined : `${BEARER} ${cookie}`;
}

/** `last`: the connection ends behind it, without a closing handshake. */
function say(ws: WebSocket, text: string, last: boolean): void {
  if (ws.readyState !== WebSocket.OPEN) return;
  ws.send(text, () => {
    if (last) ws.terminate();
  });
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
