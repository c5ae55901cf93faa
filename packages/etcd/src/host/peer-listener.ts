/**
 * The addresses on which other members are served. They are opened before anything else is touched: a port that is taken ends the start.
 * Until {@link PeerListeners.serve} is called, connections wait, with what they have sent.
 */

import type { Server as HttpServer } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import type { Logger } from "@etcd-ts/base";
import type { Config } from "../config/config.ts";
import { isTls, type Url } from "../flags/url.ts";
import { peerIdentity } from "../tls/identities.ts";
import type { ServerIdentity } from "../tls/server-identity.ts";
import { TlsAcceptor } from "../tls/tls-acceptor.ts";
import { listenOn } from "./listening.ts";
import { ToldFailure } from "./told-failure.ts";

/** Connections that may wait before the member serves. */
const WAITING_MAX = 1024;

export class PeerListeners {
  private readonly listeners: readonly Server[];
  private readonly waiting = new Map<Socket, (socket: Socket) => void>();
  private http: HttpServer | undefined;

  /** Throws when one cannot be opened; that is logged. */
  static async open(config: Config, log: Logger): Promise<PeerListeners> {
    try {
      const peers = new PeerListeners(config, log);
      await Promise.all(config.listenPeerUrls.map((url, i) => listenOn(peers.listeners[i]!, url, config)));
      return peers;
    } catch (reason) {
      const error = reason instanceof Error ? reason.message : String(reason);
      log.error("host/peer-listener.ts:33", "creating peer listener failed", { error });
      log.fatal("host/peer-listener.ts:34", "discovery failed", { error });
      throw new ToldFailure(error);
    }
  }

  private constructor(config: Config, log: Logger) {
    const identity = peerIdentity(config, log);
    this.listeners = config.listenPeerUrls.map((url) => this.listenerFor(url, identity, log));
  }

  /** From now on `http` answers, also who came before. */
  serve(http: HttpServer): void {
    this.http = http;
    for (const [socket, accept] of this.waiting) {
      socket.removeAllListeners("error");
      socket.removeAllListeners("close");
      accept(socket);
    }
    this.waiting.clear();
  }

  close(): void {
    for (const listener of this.listeners) listener.close();
    for (const socket of this.waiting.keys()) socket.destroy();
    this.http?.closeAllConnections();
  }

  private listenerFor(url: Url, identity: ServerIdentity | undefined, log: Logger): Server {
    const toHttp = (socket: Socket) => {
      this.http!.emit("connection", socket);
    };
    const options = identity && { identity, protocols: ["http/1.1"], log, endpoint: "peer" as const };
    const tls = isTls(url) && options !== undefined ? new TlsAcceptor(options, toHttp) : undefined;
    const accept = tls === undefined ? toHttp : (socket: Socket) => tls.accept(socket);
    return createServer({ noDelay: true }, (socket) => {
      if (this.http === undefined) this.keepWaiting(socket, accept);
      else accept(socket);
    });
  }

  private keepWaiting(socket: Socket, accept: (socket: Socket) => void): void {
    if (this.waiting.size >= WAITING_MAX) {
      socket.destroy();
      return;
    }
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.waiting.delete(socket));
    this.waiting.set(socket, accept);
  }
}
