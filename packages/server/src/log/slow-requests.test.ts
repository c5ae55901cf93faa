import assert from "node:assert/strict";
import { test } from "node:test";
import { type LogFields, type Logger, utf8Bytes } from "@etcd-ts/base";
import type { UnaryCall } from "@etcd-ts/grpc";
import {
  createKeyValue,
  createPutRequest,
  createRangeRequest,
  createRangeResponse,
  createTxnRequest,
  encodeKeyValue,
  encodePutRequest,
  encodeRangeRequest,
  encodeRangeResponse,
  encodeTxnRequest,
} from "@etcd-ts/proto";
import { SlowRequests } from "./slow-requests.ts";

function world(applyMs: number, unaryMs: number) {
  const told: Record<string, unknown>[] = [];
  const traces: Record<string, unknown>[] = [];
  const warn = (_caller: string, message: string, fields?: LogFields) => told.push({ message, ...fields });
  const info = (_caller: string, message: string, fields?: LogFields) => traces.push({ message, ...fields });
  const slow = new SlowRequests(
    { warn, info } as unknown as Logger,
    { applyMs, unaryMs },
    () => 0,
    (ms) => `${ms} ms ago`,
  );
  return { told, traces, slow };
}

function callOf(path: string): UnaryCall {
  return { path, peer: { address: "127.0.0.1:7" } } as unknown as UnaryCall;
}

const RANGE = Buffer.from(encodeRangeRequest(createRangeRequest({ key: utf8Bytes("a") })));
const KV = encodeKeyValue(createKeyValue({ key: utf8Bytes("a"), value: utf8Bytes("1") }));
const ANSWER = encodeRangeResponse(createRangeResponse({ kvs: [KV, KV], count: 2 }));

test("a slow range is told twice: as a read and with its statistics", () => {
  const { told, slow } = world(100, 300);
  slow.onSlow(callOf("/etcdserverpb.KV/Range"), RANGE, 350, ANSWER, "");
  assert.deepEqual(told, [
    {
      message: "apply request took too long",
      took: "350ms",
      "expected-duration": "100ms",
      prefix: "read-only range ",
      request: 'key:"a"',
      response: `range_response_count:2 size:${ANSWER.length}`,
    },
    {
      message: "request stats",
      "start time": "350 ms ago",
      "time spent": "350ms",
      remote: "127.0.0.1:7",
      "response type": "/etcdserverpb.KV/Range",
      "request count": 0,
      "request size": 3,
      "response count": 2,
      "response size": ANSWER.length,
      "request content": 'key:"a"',
    },
  ]);
  assert.equal(slow.slowApplies, 1);
});

test("a refused one is told with its error, and between the two limits only one line is written", () => {
  const { told, slow } = world(100, 300);
  slow.onSlow(callOf("/etcdserverpb.KV/Range"), RANGE, 200, undefined, "etcdserver: timed out");
  assert.equal(told.length, 1);
  assert.equal(told[0]!.error, "etcdserver: timed out");
  assert.equal(told[0]!.response, "");
});

test("a txn that writes is no read; the branch not taken is not counted", () => {
  const { told, slow } = world(100, 300);
  const requestPut = createPutRequest({ key: utf8Bytes("a"), value: utf8Bytes("1") });
  const txn = createTxnRequest({ success: [{ case: "requestPut", value: requestPut }] });
  slow.onSlow(callOf("/etcdserverpb.KV/Txn"), Buffer.from(encodeTxnRequest(txn)), 400, new Uint8Array(0), "");
  assert.equal(told.length, 1);
  assert.equal(told[0]!["request count"], 0);
  assert.equal(
    told[0]!["request content"],
    'compare:<> success:<request_put:<key:"a" value_size:1 >> failure:<>',
  );
});

test("other methods are told without counts", () => {
  const { told, slow } = world(100, 300);
  slow.onSlow(callOf("/etcdserverpb.Lease/LeaseGrant"), Buffer.from([8, 1]), 301, new Uint8Array(4), "");
  const { "request count": count, "request size": size, "request content": content } = told[0]!;
  assert.deepEqual({ count, size, content }, { count: -1, size: -1, content: "" });
});

test("an entry that took long to apply is told as it lies in the log", () => {
  const { told, slow } = world(100, 300);
  const put = encodePutRequest(createPutRequest({ key: utf8Bytes("a"), value: utf8Bytes("1") }));
  const data = Uint8Array.from([0x22, put.length, ...put, 0xa2, 0x06, 0x02, 0x08, 0x07]);
  slow.onApplied({ data, tookMs: 101, answerBytes: 28, error: "" });
  assert.equal(told[0]!.request, 'header:<ID:7> put:<key:"a" value_size:1 >');
  assert.equal(told[0]!.response, "size:28");
});

test("calls over 100 ms leave a trace, whatever the limits", () => {
  const { told, traces, slow } = world(500, 500);
  slow.onSlow(callOf("/etcdserverpb.KV/Range"), RANGE, 99, ANSWER, "");
  slow.onSlow(callOf("/etcdserverpb.KV/Range"), RANGE, 120, ANSWER, "");
  assert.deepEqual(told, []);
  assert.deepEqual(traces, [
    {
      message: "trace",
      trace_id: 1,
      operation: "range",
      detail: "{range_begin:a; range_end:; response_count:2; response_revision:0; }",
      duration: "120ms",
      start: "120 ms ago",
      end: "0 ms ago",
      steps: [],
      step_count: 0,
    },
  ]);
});
