import assert from "node:assert/strict";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "./command.ts";
import { ours } from "./programs.ts";

test("executables run from any directory, also through a link", async () => {
  const dir = mkdtempSync(join(tmpdir(), "etcd-e2e-"));
  try {
    symlinkSync(ours("etcd"), join(dir, "linked"));
    for (const program of [ours("etcd"), join(dir, "linked")]) {
      const { stdout, stderr, code } = await runCommand(program, ["--version"], { cwd: dir });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^etcd Version: 3\.7\.1\n/);
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("the tools of later versions say so and fail", async () => {
  for (const name of ["etcdctl", "benchmark"] as const) {
    const { stdout, stderr, code } = await runCommand(ours(name), []);
    assert.deepEqual([stdout, code], ["", 1]);
    assert.match(stderr, new RegExp(`^${name}: not part of this version yet[^\\n]*\\n$`));
  }
});
