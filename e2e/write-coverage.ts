/** Writes the tables of a running member into docs/COVERAGE.md: `node e2e/dist/write-coverage.js`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Member } from "./member.ts";
import { ours, ROOT } from "./programs.ts";
import { SURFACE_FLAGS, surfaceTables, withSurface } from "./surface.ts";

const path = join(ROOT, "docs", "COVERAGE.md");
const member = await Member.create({ program: ours("etcd"), flags: SURFACE_FLAGS });
try {
  await member.start();
  const tables = await surfaceTables(member.clientUrl, member.peerUrl);
  writeFileSync(path, withSurface(readFileSync(path, "utf8"), tables));
} finally {
  await member.dispose();
}
