/**
 * Node's HTTP server as the original's behaves: what is malformed is told in its words, connections stay open without a limit
 * of their own, an `Upgrade` to anything but a WebSocket of the gateway is overlooked.
 */

import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Duplex } from "node:stream";

const HEADERS_BYTES_MAX = 1024 * 1024 + 4096;
const HEADERS_TIMEOUT_MS = 300_000;
const TEXT = "Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n";

export interface Http1Handlers {
  onRequest(request: IncomingMessage, response: import("node:http").ServerResponse): void;
  /** False: none of its business, the request is served as if it asked for no upgrade. */
  onWebSocket(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
}

export function createHttp1Server(handlers: Http1Handlers): Server {
  const server = createServer({
    maxHeaderSize: HEADERS_BYTES_MAX,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: 0,
    keepAliveTimeout: 0,
    requireHostHeader: false,
  });
  server.maxHeadersCount = 0;
  server.on("request", (request, response) => {
    const objection = hostObjection(request);
    if (objection === undefined) handlers.onRequest(request, response);
    else refuseRaw(request.socket, objection);
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const isWebSocket = request.headers.upgrade?.toLowerCase() === "websocket";
    if (isWebSocket && handlers.onWebSocket(request, socket, head)) return;
    socket.unshift(Buffer.concat([Buffer.from(headWithoutUpgrade(request), "latin1"), head]));
    server.emit("connection", socket);
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === "ECONNRESET" || !socket.writable) socket.destroy();
    else if (error.code === "HPE_HEADER_OVERFLOW") refuseRaw(socket, "431 Request Header Fields Too Large");
    else refuseRaw(socket, "400 Bad Request");
  });
  return server;
}

/** Below all layers, as the original answers what is not a request to it. */
export function refuseRaw(socket: Duplex, reason: string): void {
  socket.end(`HTTP/1.1 ${reason}\r\n${TEXT}${reason}`, () => socket.destroy());
}

function hostObjection(request: IncomingMessage): string | undefined {
  let count = 0;
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    if (request.rawHeaders[i]!.toLowerCase() === "host") count++;
  }
  if (count > 1) return "400 Bad Request";
  const needed = request.httpVersion === "1.1";
  return count === 0 && needed ? "400 Bad Request: missing required Host header" : undefined;
}

function headWithoutUpgrade(request: IncomingMessage): string {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = request.rawHeaders[i]!;
    if (!/^(?:upgrade|connection|http2-settings)$/i.test(name))
      lines.push(`${name}: ${request.rawHeaders[i + 1]}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}
