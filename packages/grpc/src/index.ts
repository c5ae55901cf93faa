/** HTTP/2 and gRPC over `node:net` and `node:tls`. Knows nothing of etcd. */

export * from "./server/types.ts";
export * from "./status.ts";
