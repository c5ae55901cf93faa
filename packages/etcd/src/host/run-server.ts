/**
 * One server process: a member, its host, and the listeners for clients. Clients are served when the cluster knows the member,
 * not before.
 */

import { join } from "node:path";
import type { Logger } from "@etcd-ts/base";
import { GrpcServer } from "@etcd-ts/grpc";
import {
  HealthStatus,
  type Member,
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
import { authTokenObjection } from "../config/auth-token.ts";
import { type Config, effective } from "../config/config.ts";
import { checkPermission, type DirKind, identifyDataDir } from "../config/data-dir.ts";
import { logStartFailure, type StartObjection, startObjection } from "../config/start-checks.ts";
import { isTls } from "../flags/url.ts";
import { ClientHttp } from "../http/client-http.ts";
import { peerHttp } from "../http/peer/peer-http.ts";
import { type Tracing, tracingOf } from "../tracing/tracing.ts";
import type { DatabaseListener } from "./database.ts";
import { notifyInitDaemon } from "./init-daemon.ts";
import { joinObjection } from "./join-check.ts";
import { ClientListeners, type ListenerParts } from "./listen.ts";
import { MemberHost } from "./member-host.ts";
import { openMember } from "./open-member.ts";
import { PeerListeners } from "./peer-listener.ts";
import { checkClientPorts } from "./port-check.ts";
import { memberConfigOf, milliseconds } from "./server-config.ts";
import { slowRequestsOf } from "./slow-requests-of.ts";
import { SnapshotFiles } from "./snapshot-files.ts";
import { StartLines } from "./start-lines.ts";
import { StopLines } from "./stop-lines.ts";
import { ToldFailure } from "./told-failure.ts";
import { TurnClock } from "./turn-clock.ts";

/** What a request may be longer than `--max-request-bytes` on the wire. */
const REQUEST_OVERHEAD_BYTES = 512 * 1024;

const BCRYPT_COST_MIN = 4;
const BCRYPT_COST_MAX = 31;
const BCRYPT_COST_DEFAULT = 10;

export interface RunningServer {
  /** Drains the calls, then leaves everything on the disk. */
  stop(): Promise<void>;
}

export async function runServer(
  config: Config,
  log: Logger,
  onFatal: (error: Error) => void,
): Promise<RunningServer> {
  const lines = new StartLines(log, config);
  const kind = inspectDirectory(config, log, lines);
  lines.peerListeners();
  const objection = startObjection(config, kind === "empty");
  if (objection !== undefined) refuse(objection, log);
  const peers = await PeerListeners.open(config, log);
  lines.clientListeners();
  await checkClientPorts(config);
  lines.starting(kind);
  if (kind === "empty" && config.initialClusterState === "existing")
    refuse(await joinObjection(config, log), log);
  checkTokens(config, log);
  let host: MemberHost | undefined;
  const clock = new TurnClock();
  const slow = slowRequestsOf(config, log, clock);
  const memberConfig = { ...memberConfigOf(config, log), slow };
  const listener: DatabaseListener = {
    onCommitted: (report) => host?.onCommitted(report),
    onMoved: (report) => host?.onMoved(report),
    onPages: (fetch, nodes) => host?.onPages(fetch, nodes),
    onFailure: (error) => (host === undefined ? onFatal(error) : host.onFailure(error)),
  };
  const opened = await openMember(memberConfig, listener, log, lines);
  const { member, database } = opened;
  host = new MemberHost(member, { heartbeatMs: memberConfig.heartbeatMs });
  const wal = new WalThread(opened.wal, host, opened.walThread);
  const snapshots = new SnapshotFiles(opened.directory.snap, config.maxSnapshots, member.metrics);
  host.start({
    wal,
    database,
    checkpoint: {
      path: opened.directory.checkpoint,
      databasePath: opened.directory.database,
      pageBytes: database.opened.pageBytes,
      log,
    },
    onFatal,
    nowMs: clock.read,
    async saveSnapshot(order) {
      await snapshots.save(order);
      log.info("host/run-server.ts:103", "saved snapshot to disk", { "snapshot-index": order.index });
    },
  });
  const tracing = tracingOf(config, log);
  const server = new GrpcServer({
    maxReceiveMessageBytes: config.maxRequestBytes + REQUEST_OVERHEAD_BYTES,
    maxConcurrentStreams: config.maxConcurrentStreams,
    keepaliveMinTimeMs: milliseconds(config.grpcKeepaliveMinTime),
    keepaliveIntervalMs: milliseconds(config.grpcKeepaliveInterval),
    keepaliveTimeoutMs: milliseconds(config.grpcKeepaliveTimeout),
    unaryWatch: slow,
    tracer: tracing?.tracer,
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
  const http = new ClientHttp({ config, log, member, server, expectTurnEnd: () => host.expectTurnEnd() });
  const listeners = clientListeners({ config, log, server, http });
  const { clusterId } = opened;
  const forPeers = { member, clusterId, log, expectTurnEnd: () => host.expectTurnEnd() };
  peers.serve(peerHttp(forPeers, milliseconds(effective(config).raftReadTimeout)));
  lines.running(member, opened.directory);
  await listeners.openMetrics();
  await host.whenPublished();
  lines.published(member, opened.clusterId);
  await listeners.openClients();
  lines.ready();
  notifyInitDaemon(log);
  lines.serving();
  if (opened.isCold) host.warmValues();
  return new Server({
    server,
    listeners,
    host,
    member,
    peers,
    lines: new StopLines(log, config),
    tracing,
    graceMs: stopGraceMs(config),
  });
}

/** A look at the data directory; what stands against a start on it is logged. */
function inspectDirectory(config: Config, log: Logger, lines: StartLines): DirKind {
  const kind = identifyDataDir(config.dataDir, log);
  if (kind === undefined) throw new ToldFailure("the data directory cannot be used");
  lines.dataDirectory(kind);
  checkPermission(config.dataDir, log);
  checkPermission(join(config.dataDir, "member"), log);
  return kind;
}

function refuse(objection: StartObjection, log: Logger): never {
  logStartFailure(log, objection);
  throw new ToldFailure(objection.reason);
}

/** Before anything is made: what stands against the kind of tokens ends the start. */
function checkTokens({ authToken, bcryptCost }: Config, log: Logger): void {
  const objection = authTokenObjection(authToken, log);
  if (objection !== undefined) {
    log.warn("host/run-server.ts:172", "failed to create token provider", { error: objection });
    throw new Error(objection);
  }
  if (bcryptCost >= BCRYPT_COST_MIN && bcryptCost <= BCRYPT_COST_MAX) return;
  log.warn("host/run-server.ts:176", "use default bcrypt cost instead of the invalid given cost", {
    "min-cost": BCRYPT_COST_MIN,
    "max-cost": BCRYPT_COST_MAX,
    "default-cost": BCRYPT_COST_DEFAULT,
    "given-cost": bcryptCost,
  });
}

function clientListeners(parts: ListenerParts): ClientListeners {
  try {
    return new ClientListeners(parts);
  } catch (reason) {
    const error = reason instanceof Error ? reason.message : String(reason);
    if (parts.config.enableGrpcGateway)
      parts.log.error("host/run-server.ts:190", "registerGateway failed", { error });
    throw reason;
  }
}

interface ServerParts {
  readonly server: GrpcServer;
  readonly listeners: ClientListeners;
  readonly host: MemberHost;
  readonly member: Member;
  readonly peers: PeerListeners;
  readonly lines: StopLines;
  readonly tracing: Tracing | undefined;
  /** How long calls under way may take to end. */
  readonly graceMs: number;
}

class Server implements RunningServer {
  private readonly parts: ServerParts;

  constructor(parts: ServerParts) {
    this.parts = parts;
  }

  async stop(): Promise<void> {
    const { server, listeners, host, member, peers, lines, tracing, graceMs } = this.parts;
    lines.closing();
    listeners.close();
    await server.stop(graceMs);
    listeners.closeHttp();
    lines.transferSkipped(member.id, member.status.leader);
    lines.listenersClosed();
    await host.stop();
    peers.close();
    lines.peersClosed();
    await tracing?.exporter.close();
    lines.closed();
  }
}

/** As the original: a request's time-out where clients are served in plain text, none where TLS shares its port with HTTP. */
function stopGraceMs(config: Config): number {
  return config.listenClientUrls.some(isTls) ? 0 : 5000 + 2 * config.electionTimeout;
}
