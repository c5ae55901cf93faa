import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createV2Request, decodeV2Request, encodeV2Request } from "./gen/etcdserver.ts";
import { RaftRequestField, raftRequestBodyCodecs } from "./gen/raft-request-bodies.ts";
import { createPutRequest, encodePutRequest } from "./gen/rpc.ts";
import * as raftRequest from "./raft-request.ts";
import { arbitraryMessage, encodeIndependently, type PlainMessage } from "./testing.ts";
import { ProtoError } from "./wire/proto-error.ts";
import { hiWord, loWord } from "./wire/words.ts";

const put = encodePutRequest(createPutRequest({ key: Buffer.from("k"), value: Buffer.from("v") }));
const hex = (value: Uint8Array): string => Buffer.from(value).toString("hex");
const bytes = (text: string): Uint8Array => Buffer.from(text.replaceAll(" ", ""), "hex");

function request(
  id: bigint,
  fields: Partial<raftRequest.InternalRaftRequest>,
): raftRequest.InternalRaftRequest {
  return raftRequest.createInternalRaftRequest({ idLo: loWord(id), idHi: hiWord(id), ...fields });
}

test("a put is spliced before the header, a request of the auth service after it", () => {
  const entry = raftRequest.encodeInternalRaftRequest(
    request(5n, { field: RaftRequestField.put, body: put }),
  );
  assert.equal(hex(entry), "2206 0a016b120176 a20602 0805".replaceAll(" ", ""));
  const enable = raftRequest.encodeInternalRaftRequest(
    request(5n, { field: RaftRequestField.authEnable, username: "root", authRevision: 3 }),
  );
  assert.equal(hex(enable), "a2060a 0805 1204726f6f74 1803 c23e00".replaceAll(" ", ""));
});

test("every kind of body is written as an independent encoder writes it, and read back", () => {
  for (const [field, codec] of raftRequestBodyCodecs) {
    const arbitrary = fc.tuple(
      arbitraryMessage(codec.typeName),
      fc.bigInt(1n, 2n ** 64n - 1n),
      fc.string(),
      fc.maxSafeNat(),
    );
    fc.assert(
      fc.property(arbitrary, ([body, id, username, authRevision]) => {
        const written = request(id, { username, authRevision, field, body: codec.encode(body) });
        const encoded = raftRequest.encodeInternalRaftRequest(written);
        assert.equal(hex(encoded), hex(independently(field, body, { id, username, authRevision })));
        const read = raftRequest.decodeInternalRaftRequest(encoded);
        assert.equal(raftRequest.requestId(read), id);
        assert.deepEqual({ ...read, body: hex(read.body) }, { ...written, body: hex(written.body) });
        assert.deepEqual(codec.decode(read.body), body);
      }),
      { numRuns: 15 },
    );
  }
});

function independently(field: number, body: PlainMessage, header: PlainMessage): Uint8Array {
  const name = Object.entries(RaftRequestField).find(([, number]) => number === field)?.[0] as string;
  return encodeIndependently("etcdserverpb.InternalRaftRequest", { [name]: body, header, id: 0n });
}

test("a body in two parts is merged; of two bodies the lower number counts", () => {
  const twice = raftRequest.decodeInternalRaftRequest(bytes("2203 0a016b 2203 120176"));
  assert.equal(hex(twice.body), hex(put));
  const both = raftRequest.decodeInternalRaftRequest(bytes("2a00 2203 0a016b 3200"));
  assert.equal(both.field, RaftRequestField.put);
});

test("an id outside the header, as very old members wrote it, is the request's", () => {
  const read = raftRequest.decodeInternalRaftRequest(bytes("0807 2200 a206020805"));
  assert.equal(raftRequest.requestId(read), 7n);
});

test("requests of the v2 API are known by their field, with an envelope and without", () => {
  const v2 = encodeV2Request(createV2Request({ id: 9n, method: "PUT", path: "/0/version", val: "3.4.0" }));
  const bare = raftRequest.decodeInternalRaftRequest(v2);
  assert.equal(bare.field, raftRequest.V2_REQUEST_FIELD);
  assert.equal(decodeV2Request(bare.body).val, "3.4.0");
  const enveloped = raftRequest.decodeInternalRaftRequest(
    Buffer.concat([Buffer.from([0x12, v2.length]), v2]),
  );
  assert.equal(decodeV2Request(enveloped.body).val, "3.4.0");
});

test("an entry cut at any byte is an error or a shorter request", () => {
  const entry = raftRequest.encodeInternalRaftRequest(
    request(2n ** 63n, { username: "root", field: RaftRequestField.put, body: put }),
  );
  for (let length = 0; length < entry.length; length++) {
    try {
      raftRequest.decodeInternalRaftRequest(entry, 0, length);
    } catch (error) {
      assert.ok(error instanceof ProtoError);
    }
  }
});
