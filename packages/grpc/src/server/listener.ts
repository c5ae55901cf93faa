/** What happens to a socket before HTTP/2: the listeners, the TLS handshake, and finding out what the client speaks. */

import type { Server as HttpServer } from "node:http";
import { createServer, type Server as NetServer, type Socket } from "node:net";
import {
  createServer as createTlsServer,
  TLSSocket,
  type TlsOptions,
  type Server as TlsServer,
} from "node:tls";
import { protocolOf } from "./first-bytes.ts";
import { addressOf } from "./peer.ts";
import type { ListenerOptions } from "./types.ts";

const TLS_HANDSHAKE_RECORD = 0x16;
const HINT = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";

export function listenPlain(onSocket: (socket: Socket) => void): NetServer {
  return createServer({ noDelay: true }, onSocket);
}

export type TlsListener = NetServer & Pick<TlsServer, "setSecureContext">;

/**
 * The TLS server never listens itself: it gets the sockets whose first byte is a handshake's. Until that byte is there, a socket
 * is in `strangers`.
 */
export function listenTls(
  options: TlsOptions,
  listener: ListenerOptions,
  strangers: Set<Socket>,
  timeoutMs: number,
  onSocket: (socket: Socket) => void,
): TlsListener {
  const protocols = listener.http1 === undefined ? ["h2"] : ["h2", "http/1.1"];
  const tls = createTlsServer({ ALPNProtocols: protocols, handshakeTimeout: timeoutMs, ...options });
  tls.on("secureConnection", onSocket);
  tls.on("tlsClientError", (error, socket) => {
    listener.onTlsError?.(error, addressOf(socket));
    socket.destroy();
  });
  const plain = createServer({ noDelay: true }, (socket) => {
    strangers.add(socket);
    const timer = setTimeout(() => socket.destroy(), timeoutMs);
    const onKnown = (): void => {
      clearTimeout(timer);
      strangers.delete(socket);
    };
    socket.on("error", () => socket.destroy());
    socket.on("close", onKnown);
    socket.once("readable", () => {
      onKnown();
      const bytes: Buffer | null = socket.read();
      if (bytes === null) socket.destroy();
      else if (bytes[0] === TLS_HANDSHAKE_RECORD) {
        socket.unshift(bytes);
        tls.emit("connection", socket);
      } else if (protocolOf(bytes) === "http1") socket.end(HINT);
      else socket.destroy();
    });
  });
  return Object.assign(plain, { setSecureContext: (changed: TlsOptions) => tls.setSecureContext(changed) });
}

const tracked = new WeakSet<HttpServer>();

/**
 * An HTTP server begins to watch its connections (time limits for headers, `closeAllConnections`) when it listens, which this one
 * never does itself.
 */
function trackConnections(http1: HttpServer): void {
  if (tracked.has(http1) || http1.listening) return;
  tracked.add(http1);
  http1.emit("listening");
}

export interface Greeting {
  /** The client speaks HTTP/2, or is told to; what was read already. */
  onHttp2(firstBytes: Buffer | undefined): void;
  /** It speaks something else or nothing. */
  onGone(): void;
}

/** Finds out what the client speaks and hands the socket to the HTTP/1.1 server or back. */
export function greet(
  socket: Socket,
  listener: ListenerOptions,
  timeoutMs: number,
  greeting: Greeting,
): void {
  const { http1 } = listener;
  const alpn = socket instanceof TLSSocket ? socket.alpnProtocol : undefined;
  if (http1 === undefined || alpn === "h2") {
    greeting.onHttp2(undefined);
    return;
  }
  const handOver = (): void => {
    greeting.onGone();
    trackConnections(http1);
    http1.emit("connection", socket);
  };
  if (alpn === "http/1.1") {
    handOver();
    return;
  }
  let seen: Buffer = Buffer.alloc(0);
  const onGone = (): void => {
    done();
    socket.destroy();
    greeting.onGone();
  };
  const onReadable = (): void => {
    const bytes: Buffer | null = socket.read();
    if (bytes === null) return;
    seen = seen.length === 0 ? bytes : Buffer.concat([seen, bytes]);
    const protocol = protocolOf(seen);
    if (protocol === "unknown yet") return;
    if (protocol === "neither") {
      onGone();
      return;
    }
    done();
    if (protocol === "http2") {
      greeting.onHttp2(seen);
      return;
    }
    socket.unshift(seen);
    handOver();
  };
  const timer = setTimeout(onGone, timeoutMs);
  const done = (): void => {
    clearTimeout(timer);
    socket.off("readable", onReadable);
    socket.off("error", onGone);
    socket.off("close", onGone);
  };
  socket.on("readable", onReadable);
  socket.on("error", onGone);
  socket.on("close", onGone);
}
