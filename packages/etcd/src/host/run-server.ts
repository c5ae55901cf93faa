/**
 * One server process: a member, its host, and the listeners for clients. Clients are served when the cluster knows the member,
 * not before.
 */

import type { Logger } from "@etcd-ts/base";
import { GrpcServer } from "@etcd-ts/grpc";
import {
  HealthStatus,
  serveCluster,
  serveElection,
  serveHealth,
  serveKv,
  serveLease,
  serveLock,
  serveMaintenance,
  serveWatch,
} from "@etcd-ts/server";
import { WalThread } from "@etcd-ts/storage";
import type { Config } from "../config/config.ts";
import { isTls } from "../flags/url.ts";
import { ClientHttp } from "../http/client-http.ts";
import type { DatabaseListener } from "./database.ts";
import { listenForClients } from "./listen.ts";
import { MemberHost } from "./member-host.ts";
import { openMember } from "./open-member.ts";
import { memberConfigOf, milliseconds } from "./server-config.ts";
import { SnapshotFiles } from "./snapshot-files.ts";

/** What a request may be longer than `--max-request-bytes` on the wire. */
const REQUEST_OVERHEAD_BYTES = 512 * 1024;

export interface RunningServer {
  /** Drains the calls, then leaves everything on the disk. */
  stop(): Promise<void>;
}

export async function runServer(
  config: Config,
  log: Logger,
  onFatal: (error: Error) => void,
): Promise<RunningServer> {
  let host: MemberHost | undefined;
  const memberConfig = memberConfigOf(config);
  const listener: DatabaseListener = {
    onCommitted: (report) => host?.onCommitted(report),
    onMoved: (report) => host?.onMoved(report),
    onPages: (fetch, nodes) => host?.onPages(fetch, nodes),
    onFailure: (error) => (host === undefined ? onFatal(error) : host.onFailure(error)),
  };
  const opened = await openMember(memberConfig, listener, log);
  const { member, database } = opened;
  host = new MemberHost(member, { heartbeatMs: memberConfig.heartbeatMs });
  const wal = new WalThread(opened.wal, host);
  const snapshots = new SnapshotFiles(opened.directory.snap, config.maxSnapshots, member.metrics);
  host.start({
    wal,
    database,
    onFatal,
    nowMs: () => performance.now(),
    async saveSnapshot(order) {
      await snapshots.save(order);
      log.info("host/run-server.ts:61", "saved snapshot to disk", { "snapshot-index": order.index });
    },
  });
  const server = new GrpcServer({
    maxReceiveMessageBytes: config.maxRequestBytes + REQUEST_OVERHEAD_BYTES,
    maxConcurrentStreams: config.maxConcurrentStreams,
    keepaliveMinTimeMs: milliseconds(config.grpcKeepaliveMinTime),
    keepaliveIntervalMs: milliseconds(config.grpcKeepaliveInterval),
    keepaliveTimeoutMs: milliseconds(config.grpcKeepaliveTimeout),
    onTurnEnd: host.endTurn,
  });
  serveKv(server, member);
  serveCluster(server, member);
  const health = new HealthStatus();
  serveHealth(server, health);
  const stopsToDefragment = config.featureGates.isOn("StopGRPCServiceOnDefrag");
  serveMaintenance(server, member, stopsToDefragment ? health : undefined);
  serveLease(server, member);
  serveWatch(server, member);
  serveLock(server, member);
  serveElection(server, member);
  await host.whenPublished();
  log.info("host/run-server.ts:83", "published local member to cluster through raft", {
    "local-member-id": opened.memberId.toString(16),
    "cluster-id": opened.clusterId.toString(16),
  });
  const http = new ClientHttp({ config, log, member, server, expectTurnEnd: () => host.expectTurnEnd() });
  await listenForClients(server, http, config);
  log.info("host/run-server.ts:89", "ready to serve client requests");
  for (const { host: address, scheme } of config.listenClientUrls) {
    log.info("host/run-server.ts:91", "serving client traffic", { traffic: "grpc+http", scheme, address });
  }
  return new Server(server, host, stopGraceMs(config));
}

class Server implements RunningServer {
  private readonly server: GrpcServer;
  private readonly host: MemberHost;

  /** How long calls under way may take to end. */
  private readonly graceMs: number;

  constructor(server: GrpcServer, host: MemberHost, graceMs: number) {
    this.server = server;
    this.host = host;
    this.graceMs = graceMs;
  }

  async stop(): Promise<void> {
    await this.server.stop(this.graceMs);
    await this.host.stop();
  }
}

/** As the original: a request's time-out where clients are served in plain text, none where TLS shares its port with HTTP. */
function stopGraceMs(config: Config): number {
  return config.listenClientUrls.some(isTls) ? 0 : 5000 + 2 * config.electionTimeout;
}
