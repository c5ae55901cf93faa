import assert from "node:assert/strict";
import { test } from "node:test";
import { isAbove, isBelow, majorMinor, minorBelow } from "./version-order.ts";

test("a version is two or three numbers; the third and what follows are dropped", () => {
  assert.equal(majorMinor("3.6"), "3.6");
  assert.equal(majorMinor("3.6.0"), "3.6");
  assert.equal(majorMinor("3.6.5-rc.1"), "3.6");
  for (const text of ["", "x", "3", "v3.6", "3.6.x", " 3.6", "3.6.", "03.6", "3.6.1.1"])
    assert.equal(majorMinor(text), undefined, text);
});

test("order is by major and minor", () => {
  assert.ok(isBelow("3.6.9", "3.7.0"));
  assert.ok(isAbove("3.10.0", "3.9.0"));
  assert.ok(!isBelow("3.7.1", "3.7.0"));
  assert.equal(minorBelow("3.7.0"), "3.6");
});
