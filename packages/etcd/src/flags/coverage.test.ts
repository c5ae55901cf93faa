import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { withFlagCoverage } from "./coverage.ts";
import { FLAG_GROUPS, FLAG_NAMES } from "./server-flags.ts";

test("docs/COVERAGE.md has the flags of the code", () => {
  const document = readFileSync(new URL("../../../../docs/COVERAGE.md", import.meta.url), "utf8");
  assert.equal(document, withFlagCoverage(document));
});

test("every flag is in one group", () => {
  assert.deepEqual(FLAG_GROUPS.flatMap(({ names }) => names).sort(), [...FLAG_NAMES]);
});
