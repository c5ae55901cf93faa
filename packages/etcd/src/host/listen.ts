/**
 * The addresses on which clients are served (`http-endpoints.md` 1): plain and TLS, side by side where URLs of both kinds name one
 * port; gRPC with HTTP, or each on ports of its own; ports for metrics alone; TCP and socket files.
 */

import type { Server as HttpServer } from "node:http";
import { createServer, type Server, type Socket } from "node:net";
import type { Logger } from "@etcd-ts/base";
import type { GrpcServer } from "@etcd-ts/grpc";
import type { Config } from "../config/config.ts";
import { isTls, isUnix, type Url } from "../flags/url.ts";
import type { ClientHttp, HttpService } from "../http/client-http.ts";
import { clientIdentity } from "../tls/identities.ts";
import type { ServerIdentity } from "../tls/server-identity.ts";
import { TlsAcceptor } from "../tls/tls-acceptor.ts";
import { listenOn } from "./listening.ts";

const TLS_HANDSHAKE_RECORD = 0x16;
const FIRST_BYTE_TIMEOUT_MS = 10_000;

export interface ListenerParts {
  readonly config: Config;
  readonly log: Logger;
  readonly server: GrpcServer;
  readonly http: ClientHttp;
}

/** What a port speaks. */
type Traffic = "grpc+http" | "grpc" | "http";

export class ClientListeners {
  private readonly parts: ListenerParts;
  private readonly identity: ServerIdentity | undefined;
  private readonly listeners: Server[] = [];
  /** Connections of which it is not known yet what they speak. */
  private readonly strangers = new Set<Socket>();

  /** Throws `ListenerError` when the files of TLS are missing or wrong. */
  constructor(parts: ListenerParts) {
    this.parts = parts;
    this.identity = clientIdentity(parts.config, parts.log);
  }

  /** Metrics are served before clients are. */
  async openMetrics(): Promise<void> {
    const { config, http, log } = this.parts;
    for (const url of config.listenMetricsUrls) {
      await this.open([url], "http", http.metrics);
      log.info("host/listen.ts:49", "serving metrics", { address: url.text });
    }
  }

  async openClients(): Promise<void> {
    const { config, http } = this.parts;
    const split = config.listenClientHttpUrls.length > 0;
    await this.openAll(config.listenClientUrls, split ? "grpc" : "grpc+http", http.clients);
    await this.openAll(config.listenClientHttpUrls, "http", http.clients);
  }

  /** No new connections. */
  close(): void {
    for (const listener of this.listeners) listener.close();
    for (const socket of this.strangers) socket.destroy();
  }

  /** Cuts off what is left of HTTP/1.1. */
  closeHttp(): void {
    const { http } = this.parts;
    http.clients.http1.closeAllConnections();
    http.metrics.http1.closeAllConnections();
  }

  private async openAll(urls: readonly Url[], traffic: Traffic, service: HttpService): Promise<void> {
    for (const sameAddress of byAddress(urls)) await this.open(sameAddress, traffic, service);
  }

  private async open(urls: readonly Url[], traffic: Traffic, service: HttpService): Promise<void> {
    const plain = urls.some((url) => !isTls(url)) ? this.plainAcceptor(traffic, service) : undefined;
    const tls = urls.some(isTls) ? this.tlsAcceptor(traffic, service) : undefined;
    const listener = createServer({ noDelay: true }, (socket) => {
      if (tls === undefined) plain!(socket);
      else this.sort(socket, tls, plain);
    });
    this.listeners.push(listener);
    await listenOn(listener, urls[0]!, this.parts.config);
  }

  private plainAcceptor(traffic: Traffic, service: HttpService): (socket: Socket) => void {
    const { server } = this.parts;
    if (traffic === "http") return (socket) => serveHttp1(service.http1, socket);
    const options = traffic === "grpc" ? {} : { http1: service.http1 };
    return (socket) => server.handleConnection(socket, options);
  }

  private tlsAcceptor(traffic: Traffic, service: HttpService): TlsAcceptor {
    const { server, log } = this.parts;
    const identity = this.identity!;
    const protocols = { "grpc+http": ["h2", "http/1.1"], grpc: ["h2"], http: ["http/1.1"] }[traffic];
    return new TlsAcceptor({ identity, protocols, log, endpoint: "client" }, (socket) => {
      if (traffic === "http") serveHttp1(service.http1, socket);
      else server.handleConnection(socket, traffic === "grpc" ? {} : service);
    });
  }

  /** By the first byte: a handshake, or something plain. */
  private sort(socket: Socket, tls: TlsAcceptor, plain: ((socket: Socket) => void) | undefined): void {
    this.strangers.add(socket);
    const timer = setTimeout(() => socket.destroy(), FIRST_BYTE_TIMEOUT_MS);
    const onKnown = (): void => {
      clearTimeout(timer);
      this.strangers.delete(socket);
      socket.off("error", onGone);
      socket.off("close", onKnown);
    };
    const onGone = (): void => {
      socket.destroy();
    };
    socket.on("error", onGone);
    socket.on("close", onKnown);
    socket.once("readable", () => {
      const bytes: Buffer | null = socket.read();
      if (bytes === null) {
        socket.destroy();
        return;
      }
      onKnown();
      socket.unshift(bytes);
      if (bytes[0] === TLS_HANDSHAKE_RECORD) tls.accept(socket);
      else if (plain !== undefined) plain(socket);
      else tls.refuseStranger(socket);
    });
  }
}

/** Lists of URLs that share an address, in the order in which addresses come first. */
function byAddress(urls: readonly Url[]): readonly (readonly Url[])[] {
  const groups = new Map<string, Url[]>();
  for (const url of urls) {
    const key = `${isUnix(url)} ${url.host}`;
    groups.set(key, [...(groups.get(key) ?? []), url]);
  }
  return [...groups.values()];
}

/** An HTTP server that does not listen itself. */
function serveHttp1(http1: HttpServer, socket: Socket): void {
  http1.emit("connection", socket);
}
