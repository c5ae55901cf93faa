/** The tarball of `npm pack` installs where there is neither a network nor a compiler, and what it installs runs. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { type Outcome, runCommand } from "./command.ts";
import { KvClient } from "./kv-client.ts";
import { Member } from "./member.ts";
import { ROOT } from "./programs.ts";

/** The run-times to try: the one that runs the tests, and what ETCD_E2E_NODES names, paths parted by colons. */
const NODES = [
  process.execPath,
  ...(process.env.ETCD_E2E_NODES ?? "").split(":").filter((path) => path !== ""),
];

async function mustRun(
  program: string,
  words: readonly string[],
  cwd: string,
  node: string,
): Promise<Outcome> {
  const result = await runCommand(program, words, { cwd, env: { PATH: pathWith(node) } });
  assert.equal(result.code, 0, result.stderr);
  return result;
}

/** Executables find this run-time first. */
function pathWith(node: string): string {
  return `${dirname(node)}:${process.env.PATH ?? ""}`;
}

for (const node of NODES)
  test(`one tarball installs four executables without a build (${node})`, async () => {
    const dir = mkdtempSync(join(tmpdir(), "etcd-e2e-"));
    try {
      await mustRun("npm", ["pack", `--pack-destination=${dir}`], ROOT, process.execPath);
      const [tarball, ...others] = readdirSync(dir);
      assert.deepEqual(others, []);
      const words = ["install", "--offline", "--ignore-scripts", "--no-audit", `--prefix=${dir}`];
      await mustRun("npm", [...words, join(dir, tarball!)], dir, node);
      const bin = join(dir, "node_modules", ".bin");
      assert.deepEqual(readdirSync(bin).sort(), ["benchmark", "etcd", "etcdctl", "etcdutl"]);
      const { stdout } = await mustRun(join(bin, "etcd"), ["--version"], dir, node);
      const version = (await mustRun(node, ["--version"], dir, node)).stdout.trim();
      assert.match(stdout, /^etcd Version: 3\.7\.1\n/);
      assert.ok(stdout.includes(version), stdout);
      await serveFrom(join(bin, "etcd"), node);
      process.stdout.write(`installed and served on Node ${version}\n`);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

async function serveFrom(program: string, node: string): Promise<void> {
  const member = await Member.create({ program, env: { PATH: pathWith(node) } });
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
