/**
 * A device that fills up: the server ends with one clear line, and with room again it starts and knows every acknowledged write.
 * The device is a small one in memory, which only root can mount.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { KvClient } from "./kv-client.ts";
import { Member } from "./member.ts";
import { ours } from "./programs.ts";

const SMALL = "24m";
const LARGE = "1g";
const WRITERS = 8;
const VALUE = "v".repeat(20_000);

const skip = !canMount() && "no device can be mounted here";

describe("a full device", { skip }, () => {
  test("below the data directory", () => filled((member) => member.dataDir));

  // Its log is written a segment ahead.
  test("below the log, whose spare segment finds no room", () =>
    filled((member) => join(member.dataDir, "..", "log")));
});

async function filled(where: (member: Member) => string): Promise<void> {
  const flags: string[] = [];
  const member = await Member.create({ program: ours("etcd"), flags });
  const device = where(member);
  mkdirSync(device, { mode: 0o700 });
  if (device !== member.dataDir) flags.push(`--wal-dir=${join(device, "wal")}`);
  mustMount("-t", "tmpfs", "-o", `size=${SMALL},mode=700`, "tmpfs", device);
  try {
    await member.start();
    const acknowledged = await writeUntilItEnds(member);
    const { code } = await member.ended();
    assert.equal(code, 1);
    const fatal = member.log.split("\n").filter((line) => line.includes('"level":"fatal"'));
    assert.equal(fatal.length, 1, member.log);
    assert.match(fatal[0]!, new RegExp(`write ${device}/.*: no space left on device`));
    mustMount("-o", `remount,size=${LARGE}`, device);
    await member.start();
    await mustHave(member, acknowledged);
    await member.stop();
  } finally {
    await member.end();
    spawnSync("umount", [device]);
    await member.dispose();
  }
}

/** Overwrites a few keys; returns the last acknowledged number of each. */
async function writeUntilItEnds(member: Member): Promise<Map<string, number>> {
  const client = new KvClient(member.clientUrl);
  const acknowledged = new Map<string, number>();
  const write = async (key: string): Promise<void> => {
    for (let i = 1; (await client.put(key, `${i} ${VALUE}`)) !== undefined; i++) acknowledged.set(key, i);
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, i) => write(`key/${i}`)));
  client.close();
  return acknowledged;
}

async function mustHave(member: Member, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const client = new KvClient(member.clientUrl);
  const found = await client.range("key/");
  client.close();
  for (const [key, last] of acknowledged) {
    const pair = found?.pairs.find((pair) => Buffer.from(pair.key).toString() === key);
    const number = Number.parseInt(Buffer.from(pair?.value ?? []).toString(), 10);
    // The one that was under way may be there, too.
    assert.ok(number === last || number === last + 1, `${key} has ${number}, ${last} was acknowledged`);
  }
}

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const dir = mkdtempSync(join(tmpdir(), "etcd-e2e-mount-"));
  try {
    const mounted = spawnSync("mount", ["-t", "tmpfs", "tmpfs", dir]).status === 0;
    if (mounted) spawnSync("umount", [dir]);
    return mounted;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function mustMount(...args: string[]): void {
  const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  assert.equal(status, 0, stderr);
}
