import assert from "node:assert/strict";
import { test } from "node:test";
import { Code, GrpcServer, type StreamCall, type UnaryCall } from "@etcd-ts/grpc";
import {
  decodeRangeRequest,
  encodeLeaseKeepAliveResponse,
  encodeRangeResponse,
  KVService,
  LeaseService,
} from "@etcd-ts/proto";
import { FakeExchange, type FakeRequest } from "../fake-exchange.ts";
import { parseTarget } from "../routes.ts";
import { Gateway } from "./gateway.ts";

class Bench {
  readonly server = new GrpcServer({ maxReceiveMessageBytes: 64 });
  turns = 0;
  lastUnary: UnaryCall | undefined;
  private readonly gateway = new Gateway({
    server: this.server,
    expectTurnEnd: () => {
      this.turns++;
    },
    tlsHeaders: [["Grpc-Metadata-Trailer", "x"]],
  });

  send(request: FakeRequest): FakeExchange {
    const exchange = new FakeExchange({ method: "POST", target: "/v3/kv/range", ...request });
    this.gateway.serve(exchange, parseTarget(exchange.target)!);
    return exchange;
  }

  /** Range answers with the count of the key's bytes. */
  withRange(): this {
    this.server.addUnary(KVService.methods.range.path, (call, bytes) => {
      this.lastUnary = call;
      const { key } = decodeRangeRequest(bytes);
      if (key.length === 0) return call.fail(Code.INVALID_ARGUMENT, "etcdserver: key is not provided");
      if (key[0] === 0x77) return;
      call.respond(encodeRangeResponse({ header: undefined, kvs: [], more: false, count: key.length }));
    });
    return this;
  }

  withKeepAlive(listen: (call: StreamCall, message: Buffer) => void): this {
    this.server.addStream(LeaseService.methods.leaseKeepAlive.path, (call) => ({
      onMessage: (message) => listen(call, message),
      onHalfClose: () => call.end(),
      onCancel() {},
      onDrain() {},
    }));
    return this;
  }
}

test("a unary call is made in the process and answered on one line", () => {
  const bench = new Bench().withRange();
  const exchange = bench.send({ body: '{"key":"YWI="}' });
  assert.deepEqual([exchange.status, exchange.body], [200, '{"count":"2"}']);
  assert.equal(exchange.headers["Grpc-Metadata-Content-Type"], "application/grpc");
  assert.equal(bench.turns, 1);
  const [counters] = bench.server.counters();
  assert.deepEqual([counters?.started, counters?.handled[0], counters?.sent], [1, 1, 1]);
});

test("errors have the status of their code", () => {
  const bench = new Bench().withRange();
  const refused = bench.send({ body: "" });
  assert.deepEqual(
    [refused.status, refused.body],
    [400, '{"code":3,"message":"etcdserver: key is not provided"}'],
  );
  assert.deepEqual(
    [bench.send({ target: "/v3/nothing" }).status, bench.send({ method: "GET" }).status],
    [404, 501],
  );
  assert.equal(
    bench.send({ target: "/v3/kv/put", body: "{}" }).body,
    '{"code":12,"message":"unknown method Put for service etcdserverpb.KV"}',
  );
});

test("a body has a limit, and so has a message", () => {
  const bench = new Bench().withRange();
  assert.equal(bench.send({ body: " ".repeat(257) }).status, 429);
  const key = Buffer.alloc(100).toString("base64");
  assert.match(
    bench.send({ body: `{"key":"${key}"}` }).body,
    /received message larger than max \(102 vs. 64\)/,
  );
});

test("metadata: tokens, prefixed headers, where the request came from", () => {
  const bench = new Bench().withRange();
  bench.send({
    body: '{"key":"YQ=="}',
    headers: { Authorization: "t", "Grpc-Metadata-Hasleader": "true", Accept: "*/*", Token: "no" },
  });
  const { metadata } = bench.lastUnary!;
  assert.equal(metadata.get("authorization"), "t");
  assert.equal(metadata.get("hasleader"), "true");
  assert.equal(metadata.get("grpcgateway-accept"), "*/*");
  assert.equal(metadata.get("x-forwarded-for"), "192.0.2.7");
  assert.equal(metadata.has("token"), false);
  const broken = bench.send({ headers: { "Grpc-Metadata-Some-Bin": "!!" } });
  assert.match(
    broken.body,
    /invalid binary header Grpc-Metadata-Some-Bin: illegal base64 data at input byte 0/,
  );
});

test("a client that leaves cancels its call", () => {
  const bench = new Bench().withRange();
  const exchange = bench.send({ body: '{"key":"d2FpdA=="}' });
  assert.equal(bench.lastUnary?.cancelled, false);
  exchange.leave();
  assert.equal(bench.lastUnary?.cancelled, true);
  assert.equal(bench.server.counters()[0]?.handled[Code.CANCELED], 1);
});

test("a deadline that has passed is not tried", () => {
  const bench = new Bench().withRange();
  const late = bench.send({ body: '{"key":"YQ=="}', headers: { "Grpc-Timeout": "1n" } });
  assert.deepEqual([late.status, late.body], [504, '{"code":4,"message":"context deadline exceeded"}']);
  assert.equal(
    bench.send({ headers: { "Grpc-Timeout": "5x" } }).body,
    '{"code":3,"message":"invalid grpc-timeout: 5x"}',
  );
});

test("a stream takes all requests of the body and answers line by line", () => {
  const response = encodeLeaseKeepAliveResponse({ header: undefined, id: 7n, ttl: 5 });
  const bench = new Bench().withKeepAlive((call) => call.send(response));
  const exchange = bench.send({
    target: "/v3/lease/keepalive",
    body: '{"ID":7} {"ID":"7"} nonsense {"ID":7}',
  });
  const line = '{"result":{"ID":"7","TTL":"5"}}\n';
  assert.deepEqual([exchange.status, exchange.body, exchange.ended], [200, line + line, true]);
});

test("a stream that fails says so: by its status before the first message, by a line behind it", () => {
  const response = encodeLeaseKeepAliveResponse({ header: undefined, id: 7n, ttl: 5 });
  const failing = new Bench().withKeepAlive((call) => call.end(Code.UNAVAILABLE, "a < b"));
  const first = failing.send({ target: "/v3/lease/keepalive", body: "{}" });
  assert.deepEqual([first.status, first.body], [503, '{"error":{"code":14,"message":"a \\u003c b"}}\n']);
  const later = new Bench().withKeepAlive((call) => {
    call.send(response);
    call.end(Code.UNAVAILABLE, "gone");
  });
  const second = later.send({ target: "/v3/lease/keepalive", body: "{}" });
  assert.equal(second.status, 200);
  assert.match(second.body, /\n\{"error":\{"code":14,"message":"gone"\}\}\n$/);
});

test("a service that does not wait for its client is cut off", () => {
  const response = encodeLeaseKeepAliveResponse({ header: undefined, id: 7n, ttl: 5 });
  const bench = new Bench().withKeepAlive((call) => call.send(response));
  const exchange = bench.send({ target: "/v3/lease/keepalive", body: "{}{}", queuedBytes: 2 ** 40 });
  assert.match(exchange.body, /^\{"result":.*\n\{"error":\{"code":8,.*\n$/);
});

test("text mode by a query parameter or a header", () => {
  const bench = new Bench().withRange();
  assert.equal(
    bench.send({ target: "/v3/kv/range?encoding=utf8", body: '{"key":"abc"}' }).body,
    '{"count":"3"}',
  );
  assert.equal(
    bench.send({ headers: { "Etcd-Encoding": "utf8" }, body: '{"key":"ab"}' }).body,
    '{"count":"2"}',
  );
});

test("over TLS the answer carries the headers of the original's inner call", () => {
  const exchange = new Bench().withRange().send({ tls: true, body: '{"key":"YQ=="}' });
  assert.equal(exchange.headers["Grpc-Metadata-Trailer"], "x");
});
