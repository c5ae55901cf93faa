import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createKeyValue,
  createRangeRequest,
  createResponseHeader,
  decodeCompare,
  decodeLeaseGrantRequest,
  decodePutRequest,
  decodeRangeRequest,
  decodeTxnRequest,
  decodeWatchRequest,
  encodeKeyValue,
  encodeRangeResponse,
  encodeResponseHeader,
  type RangeRequest,
} from "@etcd-ts/proto";
import fc from "fast-check";
import { messagePlan } from "./message-plan.ts";
import { onlyRequest } from "./requests.ts";
import { escapeForHtml, wireToJson } from "./wire-to-json.ts";

function wire(type: string, json: string, textMode = false): Buffer {
  const request = onlyRequest(Buffer.from(json), messagePlan(`etcdserverpb.${type}`), textMode);
  assert.ok(Buffer.isBuffer(request), Buffer.isBuffer(request) ? "" : request.message);
  return request;
}

function refusal(type: string, json: string | Buffer): string {
  const request = onlyRequest(Buffer.from(json), messagePlan(`etcdserverpb.${type}`), false);
  assert.ok(!Buffer.isBuffer(request));
  return request.message;
}

function range(json: string): RangeRequest {
  return decodeRangeRequest(wire("RangeRequest", json));
}

test("fields are known by both spellings, unknown ones overlooked, null is absent", () => {
  const expected = createRangeRequest({ key: Buffer.from("a"), rangeEnd: Buffer.from("z"), countOnly: true });
  for (const json of [
    '{"key":"YQ==","range_end":"eg==","count_only":true}',
    '{"key":"YQ==","rangeEnd":"eg==","countOnly":true,"nonsense":{"deep":[1,"}"]}}',
    '{"\\u006bey":"YQ==","rangeEnd":"eg==","countOnly":true,"limit":null}',
  ]) {
    assert.deepEqual({ ...range(json), key: "a", rangeEnd: "z" }, { ...expected, key: "a", rangeEnd: "z" });
  }
});

test("an empty body is an empty message", () => {
  assert.equal(wire("RangeRequest", " \n").length, 0);
});

test("64-bit numbers keep their value", () => {
  const id = decodeLeaseGrantRequest(wire("LeaseGrantRequest", '{"ID":"9223372036854775807","TTL":-5}'));
  assert.deepEqual([id.id, id.ttl], [9223372036854775807n, -5]);
  for (const limit of ["1", '"1"', "1.0", "1e0", '"1e0"', "10e-1", "0.1e1"]) {
    assert.equal(range(`{"limit":${limit}}`).limit, 1);
  }
});

test("what is no such number is told as it was written", () => {
  for (const limit of ["1.5", '" 1"', '""', '"0x1"', "true", '"9223372036854775808"', "1e99"]) {
    const reason = `proto: (line 1:10): invalid value for int64 field limit: ${limit}`;
    assert.equal(refusal("RangeRequest", `{"limit":${limit}}`), reason);
  }
  assert.match(refusal("RangeRequest", '{"limit":[1]}'), /field limit: \[$/);
});

test("bytes: both alphabets, padding whole or none", () => {
  const keys = { '"_-8="': "ffef", '"/+8="': "ffef", '"YQ"': "61", '""': "", '"YQ==\\n\\n\\n\\n"': "61" };
  for (const [json, hex] of Object.entries(keys)) {
    assert.equal(Buffer.from(range(`{"key":${json}}`).key).toString("hex"), hex);
  }
  for (const json of ['"YQ="', '"a!b"', "5", "[97]", '"YQ\\n=="', '"Y"']) {
    assert.match(refusal("RangeRequest", `{"key":${json}}`), /invalid value for bytes field key: /);
  }
});

test("enums: by name or number; unknown names are overlooked", () => {
  const order = (json: string) => range(`{"sort_order":${json}}`).sortOrder;
  assert.deepEqual(['"DESCEND"', "2", '"descend"', '"2"', "7", "-1"].map(order), [2, 2, 0, 0, 7, -1]);
});

test("a field twice, or two members of a oneof, are refused", () => {
  assert.equal(
    refusal("RangeRequest", '{"key":"YQ==","key":"Yg=="}'),
    'proto: (line 1:15): duplicate field "key"',
  );
  assert.equal(
    refusal("TxnRequest", '{"compare":[{"key":"YQ==","target":"VERSION","version":"1","value":"MQ=="}]}'),
    'proto: (line 1:60): error parsing "value", oneof etcdserverpb.Compare.target_union is already set',
  );
});

test("a member of a oneof that is zero is set", () => {
  assert.equal(decodeCompare(wire("Compare", '{"version":"0"}')).targetUnion, "version");
  assert.equal(decodeWatchRequest(wire("WatchRequest", '{"progress_request":{}}')).case, "progressRequest");
});

test("nesting", () => {
  const json = '{"success":[{"request_txn":{"success":[{"request_put":{"key":"YQ==","value":"MQ=="}}]}}]}';
  const [op] = decodeTxnRequest(wire("TxnRequest", json)).success;
  assert.ok(op?.case === "requestTxn" && op.value.success[0]?.case === "requestPut");
});

test("tokens out of place", () => {
  const cases: Record<string, string> = {
    null: "(line 1:1): unexpected token null",
    "[]": "(line 1:1): unexpected token [",
    '{"success":[null]}': "(line 1:13): unexpected token null",
    '{"success":{"request_range":{}}}': "(line 1:12): unexpected token {",
    '{\n"success":[\n{"request_range":"YQ=="}]}': '(line 3:18): unexpected token "YQ=="',
  };
  for (const [json, reason] of Object.entries(cases)) {
    assert.equal(refusal("TxnRequest", json), `proto: syntax error ${reason}`);
  }
  assert.equal(
    refusal("RangeRequest", Buffer.from('{"\xff":1}', "latin1")),
    "proto: syntax error (line 1:2): invalid UTF-8 in string",
  );
});

test("answers: declared names and order, defaults left out, 64 bits as text", () => {
  const header = createResponseHeader({ clusterId: 2n ** 64n - 1n, revision: 3 });
  const pair = createKeyValue({
    key: Buffer.from("a"),
    value: Buffer.from([0xff]),
    createRevision: 2,
    lease: -1n,
  });
  const response = { header, kvs: [encodeKeyValue(pair)], more: true, count: 1 };
  const json = wireToJson(
    messagePlan("etcdserverpb.RangeResponse"),
    Buffer.from(encodeRangeResponse(response as Parameters<typeof encodeRangeResponse>[0])),
    false,
  );
  assert.equal(
    json,
    '{"header":{"cluster_id":"18446744073709551615","revision":"3"},' +
      '"kvs":[{"key":"YQ==","create_revision":"2","value":"/w==","lease":"-1"}],"more":true,"count":"1"}',
  );
});

test("text mode: keys and values are text, others say that they are none", () => {
  const put = decodePutRequest(wire("PutRequest", '{"key":"grün","value":{"base64":"/w=="}}', true));
  assert.deepEqual([Buffer.from(put.key).toString(), [...put.value]], ["grün", [0xff]]);
  const pair = encodeKeyValue(createKeyValue({ key: put.key, value: put.value }));
  const json = wireToJson(messagePlan("mvccpb.KeyValue"), Buffer.from(pair), true);
  assert.equal(json, '{"key":"grün","value":{"base64":"/w=="}}');
});

test("what is written is what is read", () => {
  const plan = messagePlan("etcdserverpb.ResponseHeader");
  const id = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const number = fc.maxSafeInteger();
  fc.assert(
    fc.property(id, id, number, fc.maxSafeNat(), (clusterId, memberId, revision, raftTerm) => {
      const bytes = Buffer.from(encodeResponseHeader({ clusterId, memberId, revision, raftTerm }));
      const again = onlyRequest(Buffer.from(wireToJson(plan, bytes, false)), plan, false);
      assert.deepEqual(again, bytes);
    }),
  );
});

test("any bytes as a body are answered, never thrown over", () => {
  const plan = messagePlan("etcdserverpb.TxnRequest");
  const bodies = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(bodies, (body) => {
      const outcome = onlyRequest(Buffer.from(body), plan, false);
      assert.ok(Buffer.isBuffer(outcome) || outcome.code === 3);
    }),
  );
});

test("streams are safe within HTML", () => {
  assert.equal(escapeForHtml('"<&>\u2028"'), '"\\u003c\\u0026\\u003e\\u2028"');
});
