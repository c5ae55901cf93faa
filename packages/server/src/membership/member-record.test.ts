import assert from "node:assert/strict";
import { test } from "node:test";
import { parseGoJson } from "./go-json.ts";
import {
  decodeMemberContext,
  decodeMemberRecord,
  encodeMemberRecord,
  type MemberRecord,
} from "./member-record.ts";

const published: MemberRecord = {
  id: 7101852577860610209n,
  peerUrls: ["http://127.0.0.1:23800"],
  isLearner: false,
  name: "n1",
  clientUrls: ["http://127.0.0.1:23790"],
};

test("a member is written with the original's keys, in its order", () => {
  assert.equal(
    encodeMemberRecord(published),
    '{"id":7101852577860610209,"peerURLs":["http://127.0.0.1:23800"],"name":"n1","clientURLs":["http://127.0.0.1:23790"]}',
  );
});

test("what is not set is left out, but peer URLs never are", () => {
  const record: MemberRecord = { id: 1n, peerUrls: [], isLearner: true, name: "", clientUrls: [] };
  assert.equal(encodeMemberRecord(record), '{"id":1,"peerURLs":[],"isLearner":true}');
});

test("a record comes back as it was written, its id exact", () => {
  assert.deepEqual(decodeMemberRecord(encodeMemberRecord(published)), published);
});

test("angle brackets, ampersands and line separators are escaped as the original escapes them", () => {
  const json = encodeMemberRecord({ ...published, name: "<a&b>\u2028" });
  assert.ok(json.includes('"name":"\\u003ca\\u0026b\\u003e\\u2028"'), json);
  assert.equal(decodeMemberRecord(json)?.name, "<a&b>\u2028");
});

test("long digits inside a string stay text", () => {
  assert.deepEqual(parseGoJson('{"name":"12345678901234567890","id":12345678901234567890}'), {
    name: "12345678901234567890",
    id: 12345678901234567890n,
  });
});

test("a promotion says so and has no peer URLs", () => {
  const context = decodeMemberContext('{"id":5,"peerURLs":null,"isPromote":true}');
  assert.equal(context?.isPromote, true);
  assert.deepEqual(context?.member.peerUrls, []);
});

test("what is no member is refused", () => {
  for (const text of ["", "null", "[]", "{}", '{"id":"5"}', '{"id":-1}', "{"])
    assert.equal(decodeMemberContext(text), undefined, text);
});
