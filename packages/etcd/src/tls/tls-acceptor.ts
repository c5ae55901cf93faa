/** Turns connected sockets into TLS sockets of clients that pass the checks; tells of the others. */

import type { Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import type { Logger } from "@etcd-ts/base";
import { alternativeNames, clientObjection, handshakeText } from "./client-checks.ts";
import { addressObjection, SYSTEM_NAMES } from "./peer-address.ts";
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
      if (objection !== undefined) this.refuse(socket, objection);
      else if (options.identity.checks.namesAddress) this.judgeAddress(socket, onSocket);
      else onSocket(socket);
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

  /** Names are resolved meanwhile; nothing is read. */
  private judgeAddress(socket: TLSSocket, onSocket: (socket: TLSSocket) => void): void {
    const certificate = socket.getPeerCertificate();
    if (certificate?.raw === undefined) return onSocket(socket);
    const onError = () => socket.destroy();
    socket.on("error", onError);
    const remote = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
    addressObjection(alternativeNames(certificate), remote, SYSTEM_NAMES).then((objection) => {
      socket.off("error", onError);
      if (objection !== undefined) this.refuse(socket, objection, true);
      else if (!socket.destroyed) onSocket(socket);
    });
  }

  private refuse(socket: TLSSocket, reason: string, withNames = !reason.startsWith("tls:")): void {
    const certificate = socket.getPeerCertificate();
    if (certificate?.raw === undefined || !withNames) this.tell(socket, reason);
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
    if (reason === "EOF") log.debug("tls/tls-acceptor.ts:94", message, fields);
    else log.warn("tls/tls-acceptor.ts:95", message, fields);
  }
}
