import assert from "node:assert/strict";
import { test } from "node:test";
import { formatDuration, formatMilliseconds, humanBytes } from "./human-text.ts";

test("sizes have two digits and decimal units", () => {
  const sizes = [0, 7, 10, 999, 1000, 12_288, 20_480, 1_572_864, 20_000_000, 2 ** 31, 2 ** 33, 1e10];
  assert.deepEqual(sizes.map(humanBytes), [
    "0 B",
    "7 B",
    "10 B",
    "999 B",
    "1.0 kB",
    "12 kB",
    "20 kB",
    "1.6 MB",
    "20 MB",
    "2.1 GB",
    "8.6 GB",
    "10 GB",
  ]);
});

test("durations have the shortest form", () => {
  assert.deepEqual([0, 1, 69_974, 2_940_554, 9e8, 6e10, 5.4e12].map(formatDuration), [
    "0s",
    "1ns",
    "69.974\u00b5s",
    "2.940554ms",
    "900ms",
    "1m0s",
    "1h30m0s",
  ]);
  assert.equal(formatMilliseconds(1.25), "1.25ms");
});
