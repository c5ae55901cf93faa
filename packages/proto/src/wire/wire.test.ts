import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createV2Request,
  decodeV2Request,
  decodeWalMetadata,
  encodeV2Request,
  encodeWalMetadata,
} from "../gen/etcdserver.ts";
import { createKeyValue, decodeKeyValue, encodeKeyValue } from "../gen/kv.ts";
import { encodeLeaseRecord } from "../gen/lease.ts";
import * as rpc from "../gen/rpc.ts";
import { INVALID_UTF8, INVALID_WIRE_FORMAT, ProtoError } from "./proto-error.ts";
import { NESTING_DEPTH_MAX } from "./reader.ts";

const bytes = (hex: string): Uint8Array => Buffer.from(hex.replaceAll(" ", ""), "hex");
const hex = (value: Uint8Array): string => Buffer.from(value).toString("hex");
const text = (value: Uint8Array): string => Buffer.from(value).toString();

function assertInvalid(decode: () => unknown, message = INVALID_WIRE_FORMAT): void {
  assert.throws(decode, (error) => error instanceof ProtoError && error.message === message);
}

test("a put is written field by field in number order, defaults left out", () => {
  const put = rpc.createPutRequest({
    key: Buffer.from("k"),
    value: Buffer.from("v"),
    lease: -1n,
    prevKv: true,
  });
  assert.equal(
    hex(rpc.encodePutRequest(put)),
    "0a016b 120176 18ffffffffffffffffff01 2001".replaceAll(" ", ""),
  );
  assert.equal(hex(rpc.encodePutRequest(rpc.createPutRequest())), "");
});

test("records of a real data directory are read and written to the byte", () => {
  const metadata = "08a1d1cbb4ada9b6c762109bb3eaddcf9efde6dd01";
  assert.deepEqual(decodeWalMetadata(bytes(metadata)), {
    nodeId: 0x628ed94ad692e8a1n,
    clusterId: 0xddcdf4f4fbba999bn,
  });
  assert.equal(hex(encodeWalMetadata(decodeWalMetadata(bytes(metadata)))), metadata);
  const lease = encodeLeaseRecord({ id: 0x68a1a201e6afe623n, ttl: 600, remainingTtl: 0 });
  assert.equal(hex(lease), "08a3ccbfb59ec0e8d06810d804");
});

test("numbers: negative, large, and beyond what a number holds", () => {
  const revisions = (revision: string) => decodeKeyValue(bytes(`10${revision}`)).createRevision;
  assert.equal(revisions("ffffffffffffffffff01"), -1);
  assert.equal(revisions("80808080808080808001"), Number.MIN_SAFE_INTEGER);
  assert.equal(revisions("ffffffffffffffff7f"), Number.MAX_SAFE_INTEGER);
  assert.equal(revisions("ffffffffffffff0f"), Number.MAX_SAFE_INTEGER);
  assert.equal(revisions("80808080 10"), 2 ** 32);
  assert.equal(revisions("8000"), 0, "a longer form than needed");
  for (const revision of [127, 128, 2 ** 31, 2 ** 32 - 1, 2 ** 35, 2 ** 42, 2 ** 49, -5, -(2 ** 40)]) {
    const pair = createKeyValue({ modRevision: revision });
    assert.equal(decodeKeyValue(encodeKeyValue(pair)).modRevision, revision);
  }
});

test("a varint of more than 64 bits is an error", () => {
  assertInvalid(() => decodeKeyValue(bytes("10ffffffffffffffffff02")));
  assertInvalid(() => decodeKeyValue(bytes("10ffffffffffffffffffff01")));
});

test("bytes are views of the input; an empty field is as an absent one", () => {
  const input = bytes("0a016b 1200");
  const put = rpc.decodePutRequest(input);
  assert.equal(put.key.buffer, input.buffer);
  assert.equal(put.value.length, 0);
  assert.deepEqual(put, { ...rpc.createPutRequest(), key: put.key });
});

test("the last value of a field counts, submessages are merged, a oneof holds its last member", () => {
  assert.equal(text(rpc.decodePutRequest(bytes("0a0161 0a0162")).key), "b");
  const response = rpc.decodePutResponse(bytes("0a020801 0a021002"));
  assert.deepEqual(response.header, { clusterId: 1n, memberId: 2n, revision: 0, raftTerm: 0 });
  const pair = rpc.decodePutResponse(bytes("12030a0161 12021003")).prevKv as Uint8Array;
  assert.equal(decodeKeyValue(pair).createRevision, 3);
  assert.equal(text(decodeKeyValue(pair).key), "a");

  const op = rpc.decodeRequestOp(bytes("0a030a0161 12030a0162"));
  assert.equal(op.case === "requestPut" && text(op.value.key), "b");
  const merged = rpc.decodeRequestOp(bytes("12030a0162 12031201 78"));
  assert.equal(merged.case === "requestPut" && text(merged.value.key) + text(merged.value.value), "bx");
  const compare = rpc.decodeCompare(bytes("2005 3007"));
  assert.equal(compare.targetUnion, "modRevision");
  assert.deepEqual([compare.version, compare.modRevision], [0, 7]);
});

test("a set member of a oneof is written even with its default", () => {
  assert.equal(hex(rpc.encodeCompare(rpc.createCompare({ targetUnion: "version" }))), "2000");
  assert.equal(hex(rpc.encodeWatchRequest({ case: "progressRequest", value: {} })), "1a00");
});

test("filters are written packed and read in both forms", () => {
  const filters = (input: string) => rpc.decodeWatchCreateRequest(bytes(input)).filters;
  assert.deepEqual(filters("2a020001"), [0, 1]);
  assert.deepEqual(filters("2800 2801 2a0101"), [0, 1, 1]);
  assert.equal(
    hex(rpc.encodeWatchCreateRequest(rpc.createWatchCreateRequest({ filters: [0, 1] }))),
    "2a020001",
  );
  assertInvalid(() => filters("2a0180"));
});

test("unknown fields of every wire type, and known numbers with another wire type, are passed over", () => {
  const unknown = "f80105 f9010102030405060708 fa0102aabb fb01 0801 fc01 fd0101020304";
  assert.equal(text(rpc.decodePutRequest(bytes(`${unknown} 0a016b ${unknown}`)).key), "k");
  assert.deepEqual(rpc.decodePutRequest(bytes("0801")), rpc.createPutRequest());
});

test("groups nest, and must end as they began", () => {
  assert.deepEqual(rpc.decodePutRequest(bytes("fb01 8302 8402 fc01")), rpc.createPutRequest());
  assertInvalid(() => rpc.decodePutRequest(bytes("fb01 8402")));
  assertInvalid(() => rpc.decodePutRequest(bytes("fb01")));
  assertInvalid(() => rpc.decodePutRequest(bytes("fc01")));
});

test("wire types 6 and 7, field number 0 and too large a number are errors", () => {
  for (const input of ["0e", "0f", "0000", "0200", "8080808080 10 00", "0a"]) {
    assertInvalid(() => rpc.decodePutRequest(bytes(input)), INVALID_WIRE_FORMAT);
  }
});

test("a length that reaches beyond its message is an error, even where the buffer goes on", () => {
  assertInvalid(() => rpc.decodePutRequest(bytes("0a026b")));
  assertInvalid(() => rpc.decodePutRequest(bytes("0affffffffffffffffff01")));
  assertInvalid(() => rpc.decodePutResponse(bytes("0a0208 1203 0a0161")));
  assertInvalid(() => rpc.decodePutRequest(bytes("0a026b 61"), 0, 3));
});

test("strings: plain, long, beyond ASCII, and not UTF-8 at all", () => {
  for (const password of ["", "root", "é", "\ufffd", "日本語", "x".repeat(300), `${"x".repeat(300)}😀`]) {
    const request = rpc.createAuthenticateRequest({ name: "n", password });
    assert.deepEqual(rpc.decodeAuthenticateRequest(rpc.encodeAuthenticateRequest(request)), request);
  }
  for (const input of ["0a01ff", "0a02c0af", "0a03eda080", "0a04efbfbdff"]) {
    assertInvalid(() => rpc.decodeAuthenticateRequest(bytes(input)), INVALID_UTF8);
  }
});

test("messages nest to a limit", () => {
  const nested = (depth: number): Uint8Array => {
    let txn = rpc.createTxnRequest();
    for (let i = 0; i < depth; i++)
      txn = rpc.createTxnRequest({ success: [{ case: "requestTxn", value: txn }] });
    return rpc.encodeTxnRequest(txn);
  };
  rpc.decodeTxnRequest(nested(NESTING_DEPTH_MAX / 2));
  assertInvalid(() => rpc.decodeTxnRequest(nested(NESTING_DEPTH_MAX / 2 + 1)));
});

test("the v2 request is written whole, but for its two nullable fields", () => {
  const request = createV2Request({ id: 1n, method: "PUT", path: "/0/version", val: "3.4.0" });
  const encoded = encodeV2Request(request);
  const expected =
    "0801 1203505554 1a0a2f302f76657273696f6e 2205332e342e30 2800 3200 3800 4800 5000 5800 6000 6800 7000 7800 800100";
  assert.equal(hex(encoded), expected.replaceAll(" ", ""));
  assert.deepEqual(decodeV2Request(encoded), request);
  assert.equal(decodeV2Request(bytes("4000")).prevExist, false);
});
