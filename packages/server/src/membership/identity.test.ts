import assert from "node:assert/strict";
import { test } from "node:test";
import { computeClusterId, computeMemberId } from "./identity.ts";

test("ids are those that the original computes from the same flags", () => {
  const member = computeMemberId(["http://127.0.0.1:23800"], "tok1");
  assert.equal(member.toString(16), "628ed94ad692e8a1");
  assert.equal(computeClusterId([member]).toString(16), "ddcdf4f4fbba999b");
});

test("a member added later is hashed with the second of its addition", () => {
  const id = computeMemberId(["http://127.0.0.1:23999"], "", 1795328332);
  assert.equal(id.toString(16), "1877a8f747d6c012");
});

test("the order of peer URLs does not matter", () => {
  assert.equal(
    computeMemberId(["http://b:1", "http://a:1"], "t"),
    computeMemberId(["http://a:1", "http://b:1"], "t"),
  );
});
