/** HTTP/2 and gRPC over `node:net` and `node:tls`. Knows nothing of etcd. */

export { DEFAULT_SERVER_OPTIONS, GrpcServer } from "./server/grpc-server.ts";
export type { TlsListener } from "./server/listener.ts";
export type { UnaryCancelHandler } from "./server/method.ts";
export { SocketPeer } from "./server/peer.ts";
export * from "./server/types.ts";
export * from "./status.ts";
