/**
 * HTTP for clients: puts endpoints, access checks and carriers together. One set of routes serves the ports for clients, another
 * those for metrics alone (`http-endpoints.md` 1).
 */

import type { Server } from "node:http";
import type { Logger } from "@etcd-ts/base";
import type { HttpRequestHandler } from "@etcd-ts/grpc";
import type { Member } from "@etcd-ts/server";
import type { Config } from "../config/config.ts";
import { type AccessRules, passAccess } from "./access.ts";
import { CheckEndpoints } from "./checks.ts";
import { debugVarsEndpoint } from "./debug-vars.ts";
import { type Exchange, onlyGet } from "./exchange.ts";
import { type HealthCounters, HealthEndpoint, type ProbedMember } from "./health.ts";
import { Http1Exchange } from "./http1-exchange.ts";
import { createHttp1Server, refuseRaw } from "./http1-server.ts";
import { Http2Exchange } from "./http2-exchange.ts";
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
  expectTurnEnd(): void;
}

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
    for (const routes of [forMetrics, forClients]) {
      routes.add(
        "/health",
        onlyGet((exchange, url) => health.serve(exchange, url)),
      );
      this.checks.addTo(routes);
    }
    forClients.add("/version", onlyGet(versionEndpoint(member)));
    forClients.add("/debug/vars", onlyGet(debugVarsEndpoint(() => member.raftStatus())));
    const access: AccessRules = { origins: config.cors, hosts: config.hostWhitelist };
    this.clients = httpService(forClients, access);
    this.metrics = httpService(forMetrics, undefined);
  }
}

function httpService(routes: Routes, access: AccessRules | undefined): HttpService {
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
      onWebSocket: () => false,
    }),
    onHttpRequest(request) {
      const exchange = new Http2Exchange(request);
      if (!serve(exchange)) exchange.answer(400, [], "");
    },
  };
}
