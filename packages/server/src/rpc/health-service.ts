/**
 * Service `grpc.health.v1.Health`: whether the server as a whole, service "", takes requests. It always does, but during a
 * defragmentation that was asked to stop it (feature gate StopGRPCServiceOnDefrag). Nothing is checked of the caller.
 */

import { Code, type GrpcServer, type StreamCall } from "@etcd-ts/grpc";
import {
  decodeHealthCheckRequest,
  encodeHealthCheckResponse,
  HealthService,
  ServingStatus,
} from "@etcd-ts/proto";
import { decodeMessage, decodeRequest } from "./decode.ts";

const WHOLE_SERVER = "";

export class HealthStatus {
  private status: ServingStatus = ServingStatus.SERVING;
  private readonly watchers = new Set<(status: ServingStatus) => void>();

  get current(): ServingStatus {
    return this.status;
  }

  setServing(isServing: boolean): void {
    this.status = isServing ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    for (const watcher of this.watchers) watcher(this.status);
  }

  /** Returns what ends it. */
  watch(watcher: (status: ServingStatus) => void): () => void {
    this.watchers.add(watcher);
    return () => {
      this.watchers.delete(watcher);
    };
  }
}

export function serveHealth(server: GrpcServer, health: HealthStatus): void {
  const { check, list, watch } = HealthService.methods;
  server.addUnary(check.path, (call, bytes) => {
    const request = decodeRequest(call, decodeHealthCheckRequest, bytes);
    if (request === undefined) return;
    if (request.service !== WHOLE_SERVER) return call.fail(Code.NOT_FOUND, "unknown service");
    call.respond(encodeHealthCheckResponse({ status: health.current }));
  });
  server.addUnary(list.path, (call) => {
    call.respond(listOf(health.current));
  });
  server.addServerStream(watch.path, (call, bytes) => {
    const request = decodeMessage(call, decodeHealthCheckRequest, bytes);
    if (request === undefined) return undefined;
    const send = (status: ServingStatus) => sendStatus(call, status);
    if (request.service !== WHOLE_SERVER) {
      send(ServingStatus.SERVICE_UNKNOWN);
      return undefined;
    }
    send(health.current);
    const stop = health.watch(send);
    return { onCancel: stop, onDrain() {} };
  });
}

/**
 * A HealthListResponse: a map with one entry. Entries of a map spell their key out even when it is empty, as canonical encoders of
 * maps do.
 */
function listOf(status: ServingStatus): Uint8Array {
  const value = encodeHealthCheckResponse({ status });
  const entry = [0x0a, 0, 0x12, value.length, ...value];
  return Uint8Array.from([0x0a, entry.length, ...entry]);
}

function sendStatus(call: StreamCall, status: ServingStatus): void {
  call.send(encodeHealthCheckResponse({ status }));
}
