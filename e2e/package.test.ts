/** The tarball of `npm pack` installs where there is neither a network nor a compiler, and what it installs runs. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Outcome, runCommand } from "./command.ts";
import { KvClient } from "./kv-client.ts";
import { Member } from "./member.ts";
import { ROOT } from "./programs.ts";

async function mustRun(program: string, words: readonly string[], cwd: string): Promise<Outcome> {
  const result = await runCommand(program, words, { cwd });
  assert.equal(result.code, 0, result.stderr);
  return result;
}

test("one tarball installs four executables without a build", async () => {
  const dir = mkdtempSync(join(tmpdir(), "etcd-e2e-"));
  try {
    await mustRun("npm", ["pack", `--pack-destination=${dir}`], ROOT);
    const [tarball, ...others] = readdirSync(dir);
    assert.deepEqual(others, []);
    const words = ["install", "--offline", "--ignore-scripts", "--no-audit", `--prefix=${dir}`];
    await mustRun("npm", [...words, join(dir, tarball!)], dir);
    const bin = join(dir, "node_modules", ".bin");
    assert.deepEqual(readdirSync(bin).sort(), ["benchmark", "etcd", "etcdctl", "etcdutl"]);
    const { stdout } = await mustRun(join(bin, "etcd"), ["--version"], dir);
    assert.match(stdout, /^etcd Version: 3\.7\.1\n/);
    await serveFrom(join(bin, "etcd"));
  } finally {
    rmSync(dir, { recursive: true });
  }
});

async function serveFrom(program: string): Promise<void> {
  const member = await Member.create({ program });
  try {
    await member.start();
    const client = new KvClient(member.clientUrl);
    assert.equal(await client.put("key", "value"), 2);
    client.close();
    assert.deepEqual(await member.stop(), { code: null, signal: "SIGTERM" });
  } finally {
    await member.dispose();
  }
}
