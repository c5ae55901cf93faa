/**
 * HTTP for clients: puts endpoints, access checks and carriers together. One set of routes serves the ports for clients, another
 * those for metrics alone (`http-endpoints.md` 1).
 */

import { type Server, ServerResponse } from "node:http";
import type { Logger } from "@etcd-ts/base";
import type { GrpcServer, HttpRequestHandler } from "@etcd-ts/grpc";
import type { Member } from "@etcd-ts/server";
import type { Config } from "../config/config.ts";
import { type AccessRules, corsFields, isAllowedHost, passAccess, withNewPrefix } from "./access.ts";
import { CheckEndpoints } from "./checks.ts";
import { callsPage, eventsPage } from "./debug/call-pages.ts";
import { addProfiles } from "./debug/pprof.ts";
import { debugVarsEndpoint } from "./debug-vars.ts";
import { type Exchange, onlyGet } from "./exchange.ts";
import { Gateway } from "./gateway/gateway.ts";
import { GatewaySockets } from "./gateway/gateway-socket.ts";
import { type HealthCounters, HealthEndpoint, type ProbedMember } from "./health.ts";
import { Http1Exchange } from "./http1-exchange.ts";
import { createHttp1Server, refuseRaw } from "./http1-server.ts";
import { Http2Exchange } from "./http2-exchange.ts";
import { familyCollector } from "./metrics/all-families.ts";
import { MetricsEndpoint } from "./metrics/metrics-endpoint.ts";
import { parseTarget, Routes } from "./routes.ts";
import { versionEndpoint } from "./version.ts";

/** What listeners hand their requests to. */
export interface HttpService {
  readonly http1: Server;
  readonly onHttpRequest: HttpRequestHandler;
}

export interface ClientHttpParts {
  readonly config: Config;
  readonly log: Logger;
  readonly member: Member;
  /** Knows the services that the gateway calls. */
  readonly server: GrpcServer;
  expectTurnEnd(): void;
}

const GATEWAY_ROOT = "/v3/";
const TRAILERS = "Grpc-Status, Grpc-Message, Grpc-Status-Details-Bin";

export class ClientHttp {
  /** For ports that serve clients. */
  readonly clients: HttpService;
  /** For ports that serve metrics and health only. */
  readonly metrics: HttpService;
  readonly health: HealthCounters = { success: 0, failures: 0 };
  readonly checks: CheckEndpoints;

  constructor(parts: ClientHttpParts) {
    const { config, log, member } = parts;
    const probed: ProbedMember = { member, expectTurnEnd: parts.expectTurnEnd };
    const health = new HealthEndpoint(probed, this.health, log);
    this.checks = new CheckEndpoints(probed, log);
    const forMetrics = new Routes();
    const forClients = new Routes();
    const metrics = new MetricsEndpoint(
      familyCollector({
        member,
        server: parts.server,
        gates: config.featureGates,
        extensive: config.metrics === "extensive",
        health: this.health,
        checks: this.checks.counters,
      }),
    );
    for (const routes of [forMetrics, forClients]) {
      routes.add("/metrics", (exchange) => metrics.serve(exchange));
      routes.add(
        "/health",
        onlyGet((exchange, url) => health.serve(exchange, url)),
      );
      this.checks.addTo(routes);
    }
    forClients.add("/version", onlyGet(versionEndpoint(member)));
    forClients.add("/debug/vars", onlyGet(debugVarsEndpoint(() => member.raftStatus())));
    const debugs = config.logLevel === "debug";
    if (config.enablePprof || debugs) addProfiles(forClients);
    if (debugs) {
      forClients.add("/debug/requests", callsPage(parts.server));
      forClients.add("/debug/events", eventsPage(parts.server));
    }
    const access: AccessRules = { origins: config.cors, hosts: config.hostWhitelist };
    const gateway = config.enableGrpcGateway ? gatewayOf(parts) : undefined;
    if (gateway !== undefined) forClients.add(GATEWAY_ROOT, (exchange, url) => gateway.serve(exchange, url));
    this.clients = httpService(forClients, access, gateway);
    this.metrics = httpService(forMetrics, undefined, undefined);
  }
}

function gatewayOf({ config, server, expectTurnEnd }: ClientHttpParts): Gateway {
  const cors = config.cors.length === 0 || config.cors.includes("*") ? corsFields("*") : [];
  const forwarded = cors.map(([name, value]): [string, string] => [`Grpc-Metadata-${name}`, value]);
  const sharesPort = config.listenClientHttpUrls.length === 0;
  return new Gateway({
    server,
    expectTurnEnd,
    tlsHeaders: sharesPort ? [...forwarded, ["Grpc-Metadata-Trailer", TRAILERS]] : [],
  });
}

function httpService(
  routes: Routes,
  access: AccessRules | undefined,
  gateway: Gateway | undefined,
): HttpService {
  const sockets = gateway === undefined ? undefined : new GatewaySockets(gateway);
  const serve = (exchange: Exchange): boolean => {
    const url = parseTarget(exchange.target);
    if (url === undefined) return false;
    const routed = access === undefined ? url : passAccess(access, exchange, url);
    if (routed !== undefined) routes.serve(exchange, routed);
    return true;
  };
  return {
    http1: createHttp1Server({
      onRequest(request, response) {
        if (!serve(new Http1Exchange(request, response))) refuseRaw(request.socket, "400 Bad Request");
      },
      onWebSocket(request, socket, head) {
        const target = parseTarget(request.url ?? "/");
        const url = target === undefined ? undefined : withNewPrefix(target);
        if (sockets === undefined || !url?.path.startsWith(GATEWAY_ROOT)) return false;
        const handshake = new Http1Exchange(request, new ServerResponse(request));
        if (access !== undefined && !isAllowedHost(access, handshake)) return false;
        sockets.accept(handshake, url, request, socket, head);
        return true;
      },
    }),
    onHttpRequest(request) {
      const exchange = new Http2Exchange(request);
      if (!serve(exchange)) exchange.answer(400, [], "");
    },
  };
}
