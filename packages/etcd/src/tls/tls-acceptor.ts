/** Turns connected sockets into TLS sockets of clients that pass the checks; tells of the others. */

import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import type { Logger } from "@etcd-ts/base";
import { alternativeNames, clientObjection, handshakeText } from "./client-checks.ts";
import type { ServerIdentity } from "./server-identity.ts";

const HANDSHAKE_TIMEOUT_MS = 10_000;

export interface TlsAcceptorOptions {
  readonly identity: ServerIdentity;
  /** What is offered by ALPN. */
  readonly protocols: readonly string[];
  readonly log: Logger;
  /** As in `rejected connection on client endpoint`. */
  readonly endpoint: "client" | "peer";
}

export class TlsAcceptor {
  private readonly options: TlsAcceptorOptions;
  /** It never listens itself. */
  private readonly server: Server;

  constructor(options: TlsAcceptorOptions, onSocket: (socket: TLSSocket) => void) {
    this.options = options;
    this.server = createServer({
      ...options.identity.options(),
      ALPNProtocols: [...options.protocols],
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    });
    this.server.on("secureConnection", (socket) => {
      const objection = clientObjection(socket, options.identity.checks);
      if (objection === undefined) onSocket(socket);
      else this.refuse(socket, objection);
    });
    this.server.on("tlsClientError", (error, socket) => {
      this.tell(socket, handshakeText(error));
      socket.destroy();
    });
  }

  accept(socket: Socket): void {
    const changed = this.options.identity.changedOptions();
    if (changed !== undefined) this.server.setSecureContext(changed);
    this.server.emit("connection", socket);
  }

  /** What came is no handshake. */
  refuseStranger(socket: Socket): void {
    this.tell(socket, "tls: first record does not look like a TLS handshake");
    socket.destroy();
  }

  private refuse(socket: TLSSocket, reason: string): void {
    const certificate = socket.getPeerCertificate();
    if (certificate?.raw === undefined || reason.startsWith("tls:")) this.tell(socket, reason);
    else {
      const { addresses, names } = alternativeNames(certificate);
      this.tell(socket, reason, { "ip-addresses": addresses, "dns-names": names });
    }
    socket.destroy();
  }

  private tell(
    socket: Socket | TLSSocket,
    reason: string,
    names: Record<string, readonly string[]> = {},
  ): void {
    const { log, endpoint } = this.options;
    const message = `rejected connection on ${endpoint} endpoint`;
    const fields = {
      "remote-addr": `${socket.remoteAddress ?? ""}:${socket.remotePort ?? ""}`,
      "server-name": ("servername" in socket && socket.servername) || "",
      ...names,
      error: reason,
    };
    if (reason === "EOF") log.debug("tls/tls-acceptor.ts:78", message, fields);
    else log.warn("tls/tls-acceptor.ts:79", message, fields);
  }
}
