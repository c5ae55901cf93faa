import assert from "node:assert/strict";
import { test } from "node:test";
import { RevocationPace } from "./revocation-pace.ts";

test("a hundred thousand go within five seconds, however often it is asked", () => {
  for (const turnMs of [0.5, 4, 9]) {
    const pace = new RevocationPace();
    let left = 100_000;
    let nowMs = 50_000;
    for (; left > 0; nowMs += turnMs) {
      const count = Math.min(left, pace.limit(nowMs));
      assert.ok(count <= 250);
      pace.use(count);
      left -= count;
    }
    assert.ok(nowMs < 54_500 && nowMs > 54_000, `${nowMs}`);
  }
});

test("it says when it allows the next ones", () => {
  const pace = new RevocationPace();
  pace.use(pace.limit(10));
  assert.equal(pace.limit(11), 0);
  const { readyAtMs } = pace;
  assert.equal(pace.limit(readyAtMs - 0.1), 0);
  assert.ok(pace.limit(readyAtMs + 0.01) > 0);
});
