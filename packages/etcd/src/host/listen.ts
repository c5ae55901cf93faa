/** Opens the addresses on which clients are served: plain and TLS, TCP and socket files. */

import { readFileSync } from "node:fs";
import type { Server } from "node:net";
import type { TlsOptions } from "node:tls";
import type { GrpcServer } from "@etcd-ts/grpc";
import type { Config } from "../config/config.ts";
import { isTls, isUnix, splitHostPort, type Url } from "../flags/url.ts";
import type { ClientHttp } from "../http/client-http.ts";

export async function listenForClients(server: GrpcServer, http: ClientHttp, config: Config): Promise<void> {
  const tls = clientTls(config);
  for (const url of config.listenClientUrls) {
    if (isTls(url) && tls === undefined)
      throw new Error(`TLS key/cert must be provided for client url ${url.text} with HTTPS scheme`);
    const listener = isTls(url)
      ? server.createTlsListener(tls!, http.clients)
      : server.createListener({ http1: http.clients.http1 });
    await listen(listener, url);
  }
}

function clientTls(config: Config): TlsOptions | undefined {
  const { certFile, keyFile, trustedCaFile, clientCertAuth } = config;
  if (certFile === "" || keyFile === "") return undefined;
  const needsClientCertificate = clientCertAuth || trustedCaFile !== "";
  return {
    cert: readFileSync(certFile),
    key: readFileSync(keyFile),
    requestCert: needsClientCertificate,
    rejectUnauthorized: needsClientCertificate,
    ...(trustedCaFile === "" ? {} : { ca: readFileSync(trustedCaFile) }),
  };
}

function listen(listener: Server, url: Url): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once("error", (error: NodeJS.ErrnoException) => reject(new Error(listenFailure(url, error))));
    const onListening = () => resolve();
    if (isUnix(url)) listener.listen(url.host, onListening);
    else {
      const address = splitHostPort(url.host)!;
      listener.listen(Number(address.port), address.host === "" ? undefined : address.host, onListening);
    }
  });
}

function listenFailure(url: Url, error: NodeJS.ErrnoException): string {
  const reason = error.code === "EADDRINUSE" ? "bind: address already in use" : error.message;
  return `listen tcp ${url.host}: ${reason}`;
}
