/** Services as data: one table serves the gRPC router, the JSON gateway, the client and the proxy. */

import type { Codec } from "./codec.ts";

export type MethodKind = "unary" | "serverStream" | "clientStream" | "bidi";

export interface Method<Request = unknown, Response = unknown> {
  readonly name: string;
  /** The `:path` of a call. */
  readonly path: string;
  readonly kind: MethodKind;
  readonly request: Codec<Request>;
  readonly response: Codec<Response>;
  /** Paths of the JSON gateway; all are `POST` with the whole request as the body. */
  readonly gatewayPaths: readonly string[];
}

export interface Service {
  /** With its package: `etcdserverpb.KV`. */
  readonly name: string;
  readonly methods: Readonly<Record<string, Method>>;
}
