import assert from "node:assert/strict";
import { test } from "node:test";
import { lastLine, Tally } from "./run-tests.mjs";

const event = (type, data) => ({
  type,
  data: { nesting: 0, file: "/f.test.js", line: 1, details: {}, ...data },
});

test("passes are counted quietly; suites and files are not counted", () => {
  const tally = new Tally();
  assert.equal(tally.onEvent(event("test:pass", { name: "a" })), "");
  tally.onEvent(event("test:pass", { name: "a suite", details: { type: "suite" } }));
  tally.onEvent(event("test:pass", { name: "/f.test.js" }));
  assert.deepEqual(tally.counts, { passed: 1, failed: 0, skipped: 0 });
});

test("a failure is shown whole, with what its file printed", () => {
  const tally = new Tally();
  tally.onEvent(event("test:stdout", { message: "a trace\n" }));
  const text = tally.onEvent(
    event("test:fail", { name: "b", details: { error: { cause: new Error("broken") } } }),
  );
  for (const part of ["FAILED b", "/f.test.js:1", "broken", "a trace"]) assert.ok(text.includes(part), part);
  assert.equal(tally.counts.failed, 1);
});

test("a test that failed through an inner one is counted once", () => {
  const tally = new Tally();
  tally.onEvent(event("test:fail", { name: "inner", nesting: 1, details: { error: { cause: "x" } } }));
  tally.onEvent(event("test:fail", { name: "outer", details: { error: { failureType: "subtestsFailed" } } }));
  assert.equal(tally.counts.failed, 1);
});

test("skipped tests are counted and their reasons told", () => {
  const tally = new Tally();
  for (const name of ["c", "d"]) tally.onEvent(event("test:pass", { name, skip: "no recordings here" }));
  assert.deepEqual([...tally.skipReasons()], ["skipped 2: no recordings here\n"]);
});

test("the last line names what was skipped only when something was", () => {
  assert.equal(lastLine({ passed: 3, failed: 0, skipped: 0 }), "3 passed, 0 failed\n");
  assert.equal(lastLine({ passed: 3, failed: 1, skipped: 2 }), "3 passed, 1 failed, 2 skipped\n");
});
