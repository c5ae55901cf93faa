/**
 * One server process: a member, its host, and the listeners for clients. Clients are served when the cluster knows the member,
 * not before.
 */

import { createServer as createHttpServer } from "node:http";
import type { Server } from "node:net";
import { GrpcServer } from "@etcd-ts/grpc";
import { serveCluster, serveKv, serveLease, serveMaintenance } from "@etcd-ts/server";
import { WalThread } from "@etcd-ts/storage";
import { MemberHost } from "./member-host.ts";
import { type MemberConfig, openMember } from "./open-member.ts";

/** What a request may be longer than `--max-request-bytes` on the wire. */
const REQUEST_OVERHEAD_BYTES = 512 * 1024;

export interface ServerConfig extends MemberConfig {
  readonly listenClient: readonly { readonly host: string; readonly port: number }[];
  readonly maxConcurrentStreams: number;
}

export interface RunningServer {
  readonly memberId: bigint;
  readonly clusterId: bigint;
  stop(): Promise<void>;
}

export async function runServer(
  config: ServerConfig,
  onFatal: (error: Error) => void,
): Promise<RunningServer> {
  let host: MemberHost | undefined;
  const opened = await openMember(config, {
    onCommitted: (report) => host?.onCommitted(report),
    onPages: (fetch, nodes) => host?.onPages(fetch, nodes),
    onFailure: (error) => (host === undefined ? onFatal(error) : host.onFailure(error)),
  });
  const { member, database } = opened;
  host = new MemberHost(member, { heartbeatMs: config.heartbeatMs });
  const wal = new WalThread(opened.wal, host);
  host.start({ wal, database, onFatal, nowMs: () => performance.now(), saveSnapshot: async () => {} });
  const server = new GrpcServer({
    maxReceiveMessageBytes: config.requestBytesMax + REQUEST_OVERHEAD_BYTES,
    maxConcurrentStreams: config.maxConcurrentStreams,
    onTurnEnd: host.endTurn,
  });
  serveKv(server, member);
  serveCluster(server, member);
  serveMaintenance(server, member);
  serveLease(server, member);
  await host.whenPublished();
  const http = createHttpServer((_request, response) => {
    response.statusCode = 404;
    response.end("404 page not found\n");
  });
  for (const { host: name, port } of config.listenClient) {
    await listen(server.createListener({ http1: http }), name, port);
  }
  const running = host;
  return {
    memberId: opened.memberId,
    clusterId: opened.clusterId,
    async stop() {
      await server.stop(5000);
      await running.stop();
    },
  };
}

function listen(listener: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen(port, host, () => {
      listener.off("error", reject);
      resolve();
    });
  });
}
