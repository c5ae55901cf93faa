/**
 * HTTP for other members, and for whoever asks as they do (`peer-protocol.md` 1): versions, membership, hashes, leases, and raft's
 * own paths. A cluster of one member has no peers: who asks for raft's paths is judged as a member would judge him, and found to be
 * none.
 */

import type { Server } from "node:http";
import type { Logger } from "@etcd-ts/base";
import type { ServedMember } from "@etcd-ts/server";
import { onlyGet } from "../exchange.ts";
import { Http1Exchange } from "../http1-exchange.ts";
import { createHttp1Server, refuseRaw } from "../http1-server.ts";
import { parseTarget, Routes } from "../routes.ts";
import { versionEndpoint } from "../version.ts";
import { addClusterEndpoints } from "./cluster-endpoints.ts";
import { addLeaseEndpoints } from "./lease-endpoints.ts";
import { addRaftEndpoints } from "./raft-endpoints.ts";

export interface PeerHttpParts {
  readonly member: ServedMember;
  readonly clusterId: bigint;
  readonly log: Logger;
  /** Something was begun outside of the engine's turn. */
  expectTurnEnd(): void;
}

/** Connections on which nothing moves for so long are cut off. */
export function peerHttp(parts: PeerHttpParts, idleTimeoutMs: number): Server {
  const routes = peerRoutes(parts);
  const server = createHttp1Server({
    onRequest(request, response) {
      const url = parseTarget(request.url ?? "/");
      if (url === undefined) refuseRaw(request.socket, "400 Bad Request");
      else routes.serve(new Http1Exchange(request, response), url);
    },
    onWebSocket: () => false,
  });
  server.timeout = idleTimeoutMs;
  return server;
}

export function peerRoutes(parts: PeerHttpParts): Routes {
  const routes = new Routes();
  routes.add("/version", onlyGet(versionEndpoint(parts.member)));
  addClusterEndpoints(routes, parts);
  addLeaseEndpoints(routes, parts);
  addRaftEndpoints(routes, parts);
  return routes;
}
