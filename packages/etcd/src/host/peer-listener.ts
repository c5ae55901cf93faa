/**
 * Opens the addresses on which other members are served, before anything else is touched: a port that is taken ends the start. Until
 * {@link PeerListeners.serve} is called, connections wait.
 */

import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Logger } from "@etcd-ts/base";
import type { Config } from "../config/config.ts";
import { systemReason } from "../config/system-reason.ts";
import { isTls, isUnix, splitHostPort, type Url } from "../flags/url.ts";
import { peerIdentity } from "../tls/identities.ts";
import type { ServerIdentity } from "../tls/server-identity.ts";
import { ToldFailure } from "./told-failure.ts";

export class PeerListeners {
  private readonly servers: readonly Server[];

  private constructor(servers: readonly Server[]) {
    this.servers = servers;
  }

  /** Throws when one cannot be opened; that is logged. */
  static async open(config: Config, log: Logger): Promise<PeerListeners> {
    try {
      const identity = peerIdentity(config, log);
      const servers = config.listenPeerUrls.map((url) => serverFor(url, identity));
      const opened = config.listenPeerUrls.map((url, i) => listen(servers[i]!, url));
      await Promise.all(opened);
      return new PeerListeners(servers);
    } catch (reason) {
      const error = reason instanceof Error ? reason.message : String(reason);
      log.error("host/peer-listener.ts:33", "creating peer listener failed", { error });
      log.fatal("host/peer-listener.ts:34", "discovery failed", { error });
      throw new ToldFailure(error);
    }
  }

  serve(onRequest: RequestListener): void {
    for (const server of this.servers) server.on("request", onRequest);
  }

  close(): void {
    for (const server of this.servers) {
      server.close();
      server.closeAllConnections();
    }
  }
}

function serverFor(url: Url, identity: ServerIdentity | undefined): Server {
  return isTls(url) && identity !== undefined ? createTlsServer(identity.options()) : createServer();
}

/** Resolves when the address is open; the reason of a failure is worded as the original's. */
function listen(server: Server, url: Url): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) =>
      reject(new Error(`listen tcp ${url.host}: bind: ${systemReason(error)}`)),
    );
    if (isUnix(url)) server.listen(url.host, resolve);
    else {
      const { host, port } = splitHostPort(url.host)!;
      server.listen(Number(port), host === "" ? undefined : host, resolve);
    }
  });
}
