import assert from "node:assert/strict";
import { test } from "node:test";
import { decodePutRequest } from "./gen/rpc.ts";
import { KVService, services } from "./gen/services.ts";
import type { Method } from "./service.ts";

const methods = services.flatMap((service): Method[] => Object.values(service.methods));

test("every service and method of the API is there", () => {
  const counts = Object.fromEntries(
    services.map((service) => [service.name, Object.keys(service.methods).length]),
  );
  assert.deepEqual(counts, {
    "etcdserverpb.KV": 6,
    "etcdserverpb.Watch": 1,
    "etcdserverpb.Lease": 5,
    "etcdserverpb.Cluster": 5,
    "etcdserverpb.Maintenance": 8,
    "etcdserverpb.Auth": 17,
    "v3lockpb.Lock": 2,
    "v3electionpb.Election": 5,
    "grpc.health.v1.Health": 3,
  });
});

test("a method knows its path, its kind and its codecs", () => {
  const { put, rangeStream } = KVService.methods;
  assert.equal(put.path, "/etcdserverpb.KV/Put");
  assert.equal(put.request.decode, decodePutRequest);
  assert.deepEqual([put.kind, rangeStream.kind], ["unary", "serverStream"]);
  const streams = methods
    .filter((method) => method.kind !== "unary")
    .map((method) => `${method.name} ${method.kind}`);
  assert.deepEqual(streams, [
    "RangeStream serverStream",
    "Watch bidi",
    "LeaseKeepAlive bidi",
    "Snapshot serverStream",
    "Observe serverStream",
    "Watch serverStream",
  ]);
});

test("gateway paths are distinct; three lease calls have a second one; stream pages and health have none", () => {
  const paths = methods.flatMap((method) => method.gatewayPaths);
  assert.equal(new Set(paths).size, paths.length);
  assert.equal(paths.length, 51);
  assert.deepEqual(
    methods.filter((method) => method.gatewayPaths.length === 0).map((method) => method.path),
    [
      "/etcdserverpb.KV/RangeStream",
      "/grpc.health.v1.Health/Check",
      "/grpc.health.v1.Health/List",
      "/grpc.health.v1.Health/Watch",
    ],
  );
  assert.ok(paths.every((path) => path.startsWith("/v3/")));
});
