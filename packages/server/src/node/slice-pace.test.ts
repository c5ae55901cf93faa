import assert from "node:assert/strict";
import { test } from "node:test";
import { SlicePace } from "./slice-pace.ts";

test("slices grow while they are quick and full, and shrink by what they took too long", () => {
  const pace = new SlicePace(100, 1000);
  pace.learn(1, false);
  assert.equal(pace.size, 100);
  for (const size of [200, 400, 800, 1000, 1000]) {
    pace.learn(1, true);
    assert.equal(pace.size, size);
  }
  pace.learn(12, true);
  assert.equal(pace.size, 500);
  pace.learn(5, true);
  assert.equal(pace.size, 500);
  pace.learn(600, true);
  assert.equal(pace.size, 100);
});
