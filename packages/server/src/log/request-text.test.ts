import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8Bytes } from "@etcd-ts/base";
import {
  createPutRequest,
  createRangeRequest,
  encodeAuthUserAddRequest,
  encodePutRequest,
  encodeRangeRequest,
} from "@etcd-ts/proto";
import { requestText } from "./request-text.ts";

const key = Uint8Array.of(0x61, 0xe4, 0x00, 0x22, 0x0a);

test("a put shows its key and the size of its value", () => {
  const put = createPutRequest({ key, value: utf8Bytes("secret"), lease: 77n, prevKv: true });
  assert.equal(
    requestText("etcdserverpb.PutRequest", encodePutRequest(put)),
    'key:"a\\344\\000\\"\\n" value_size:6 lease:77 prev_kv:true ',
  );
});

test("a range shows what is not its default", () => {
  const range = createRangeRequest({
    key: utf8Bytes("a"),
    limit: 5,
    sortOrder: 2,
    sortTarget: 4,
    keysOnly: true,
  });
  assert.equal(
    requestText("etcdserverpb.RangeRequest", encodeRangeRequest(range)),
    'key:"a" limit:5 sort_order:DESCEND sort_target:VALUE keys_only:true',
  );
});

test("passwords are left out", () => {
  const request = encodeAuthUserAddRequest({
    name: "root",
    password: "p",
    hashedPassword: "h",
    options: undefined,
  });
  assert.equal(requestText("etcdserverpb.AuthUserAddRequest", request), 'name:"root"');
});
