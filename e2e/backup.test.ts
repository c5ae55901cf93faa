/**
 * Backups and ways back between the programs: a snapshot that is saved under load is accepted, restored and served by ours and by the
 * original's alike; a member that was downgraded goes on under the older release.
 */
import assert from "node:assert/strict";
import { cpSync, existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import { mustRun } from "./command.ts";
import { Member } from "./member.ts";
import { original, originalOf, ours, withoutOriginal } from "./programs.ts";

const skip = withoutOriginal("etcd", "etcdctl", "etcdutl", "benchmark");
const SERVERS = { ours: ours("etcd"), original: original("etcd") };
const TOOLS = { ours: ours("etcdutl"), original: original("etcdutl") };

function etcdctl(member: Member, ...args: string[]): Promise<string> {
  return mustRun(original("etcdctl"), ["--endpoints", member.clientUrl, ...args]);
}

async function hashAt(member: Member, revision: string): Promise<string | undefined> {
  const line = await etcdctl(member, "endpoint", "hashkv", "--rev", revision);
  return line.split(", ")[1];
}

function puts(member: Member, total: number): Promise<string> {
  const load = ["put", `--total=${total}`, "--val-size=300", "--key-space-size=500", "--clients=20"];
  return mustRun(original("benchmark"), ["--endpoints", member.clientUrl, ...load]);
}

describe("a snapshot under load", { skip }, () => {
  for (const [source, program] of Object.entries(SERVERS)) {
    test(`of ${source === "ours" ? "ours" : "the original"} is restored and served by both`, async () => {
      const member = await Member.create({ program });
      try {
        await member.start();
        await puts(member, 2000);
        await etcdctl(member, "compaction", "900");
        const file = join(dirname(member.dataDir), "s.db");
        const load = puts(member, 10_000);
        await etcdctl(member, "snapshot", "save", file);
        await load;
        const status = (tool: string) => mustRun(tool, ["snapshot", "status", file, "-w", "json"]);
        assert.equal(await status(TOOLS.ours), await status(TOOLS.original));
        const { revision } = JSON.parse(await status(TOOLS.original)) as { revision: number };
        const hash = await hashAt(member, String(revision));
        assert.equal((await mustRun(TOOLS.ours, ["hashkv", file])).split(",")[0], hash);
        await member.stop();
        for (const tool of Object.values(TOOLS)) {
          for (const server of Object.values(SERVERS)) {
            rmSync(member.dataDir, { recursive: true });
            await restore(tool, file, member);
            await member.start(server);
            assert.equal(await hashAt(member, String(revision)), hash, `${tool}, ${server}`);
            await etcdctl(member, "put", "new", "1");
            await member.stop();
          }
        }
      } finally {
        await member.dispose();
      }
    });
  }

  test("with a raised revision it is hashed alike by both", async () => {
    const member = await Member.create({ program: SERVERS.ours });
    try {
      await member.start();
      await puts(member, 300);
      const file = join(dirname(member.dataDir), "s.db");
      await etcdctl(member, "snapshot", "save", file);
      await member.stop();
      rmSync(member.dataDir, { recursive: true });
      await restore(TOOLS.ours, file, member, "--bump-revision=5000", "--mark-compacted");
      const saved = `${member.dataDir}.restored`;
      cpSync(member.dataDir, saved, { recursive: true });
      const hashes: (string | undefined)[] = [];
      for (const server of Object.values(SERVERS)) {
        rmSync(member.dataDir, { recursive: true });
        cpSync(saved, member.dataDir, { recursive: true });
        await member.start(server);
        await etcdctl(member, "put", "new", "1");
        hashes.push(await hashAt(member, "0"));
        await member.stop();
      }
      assert.equal(hashes[0], hashes[1]);
    } finally {
      await member.dispose();
    }
  });
});

function restore(tool: string, file: string, member: Member, ...flags: string[]): Promise<string> {
  return mustRun(tool, [
    "snapshot",
    "restore",
    file,
    `--data-dir=${member.dataDir}`,
    "--name=m1",
    `--initial-cluster=m1=${member.peerUrl}`,
    `--initial-advertise-peer-urls=${member.peerUrl}`,
    ...flags,
  ]);
}

const older = originalOf("3.6");
const skipOlder = skip || (existsSync(older) ? false : `no ${older}`);

describe("a downgrade", { skip: skipOlder }, () => {
  test("lowers the storage, and the older release takes over", async () => {
    const member = await Member.create({ program: SERVERS.ours, flags: ["--downgrade-check-time=1s"] });
    try {
      await member.start();
      await etcdctl(member, "put", "a", "1");
      await etcdctl(member, "downgrade", "enable", "3.6");
      await member.logged('"new-storage-version":"3.6.0"');
      await member.stop();
      await member.start(older);
      assert.equal(await etcdctl(member, "get", "a"), "a\n1\n");
      await member.logged("the cluster has been downgraded");
      await member.stop();
      await member.start();
      assert.equal(await etcdctl(member, "get", "a"), "a\n1\n");
    } finally {
      await member.dispose();
    }
  });
});
