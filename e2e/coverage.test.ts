/** docs/COVERAGE.md says what a running member does. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Member } from "./member.ts";
import { ours, ROOT } from "./programs.ts";
import { SURFACE_FLAGS, surfaceTables, withSurface } from "./surface.ts";

test("docs/COVERAGE.md has the RPCs, paths, endpoints and metrics of a running member", async () => {
  const document = readFileSync(join(ROOT, "docs", "COVERAGE.md"), "utf8");
  const member = await Member.create({ program: ours("etcd"), flags: SURFACE_FLAGS });
  try {
    await member.start();
    const tables = await surfaceTables(member.clientUrl, member.peerUrl);
    assert.equal(document, withSurface(document, tables), "run node e2e/dist/write-coverage.js");
    for (const line of tables.split("\n").filter((text) => /^\d+: /.test(text)))
      process.stdout.write(`${line}\n`);
  } finally {
    await member.dispose();
  }
});
