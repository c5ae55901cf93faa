/** The gateway's paths, from the services' tables. */

import { type MethodKind, type Service, services } from "@etcd-ts/proto";
import { type MessagePlan, messagePlan } from "./message-plan.ts";

export interface GatewayRoute {
  /** The `:path` of the call over gRPC. */
  readonly path: string;
  readonly kind: MethodKind;
  readonly request: MessagePlan;
  readonly response: MessagePlan;
}

/** By the path of HTTP. */
export function gatewayRoutes(): ReadonlyMap<string, GatewayRoute> {
  const routes = new Map<string, GatewayRoute>();
  for (const service of services as readonly Service[]) {
    for (const { path, kind, request, response, gatewayPaths } of Object.values(service.methods)) {
      if (gatewayPaths.length === 0) continue;
      const route = {
        path,
        kind,
        request: messagePlan(request.typeName),
        response: messagePlan(response.typeName),
      };
      for (const gatewayPath of gatewayPaths) routes.set(gatewayPath, route);
    }
  }
  return routes;
}
