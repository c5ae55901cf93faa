/** A directory of which a part may only be read: one clear line that names it, and nothing is changed. Root is made another user. */
import assert from "node:assert/strict";
import { chmodSync, chownSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { contentOf } from "./directory-content.ts";
import { Member } from "./member.ts";
import { ours } from "./programs.ts";

const NOBODY = 65_534;
const uid = process.getuid?.() === 0 ? NOBODY : undefined;

describe("a directory of which may only be read", () => {
  let member: Member;

  before(async () => {
    member = await Member.create({ program: ours("etcd"), ...(uid === undefined ? {} : { uid }) });
    if (uid !== undefined) chownSync(join(member.dataDir, ".."), uid, uid);
    await member.start();
    await member.stop();
  });
  after(() => member.dispose());

  for (const part of ["", "member", "member/snap", "member/wal", "member/snap/db", "member/wal/*.wal"]) {
    test(part === "" ? "all" : part, async () => {
      const path = part.endsWith("*.wal") ? segmentOf(member.dataDir) : join(member.dataDir, part);
      const { mode } = statSync(path);
      chmodSync(path, mode & 0o555);
      const found = contentOf(member.dataDir);
      member.launch();
      const { code } = await member.ended();
      chmodSync(path, mode);
      assert.equal(code, 1);
      const fatal = member.log.split("\n").filter((text) => text.includes('"level":"fatal"'));
      assert.equal(fatal.length, 1, member.log);
      assert.match(fatal[0]!, /permission denied/);
      assert.ok(fatal[0]!.includes(path), fatal[0]);
      assert.doesNotMatch(member.log, /^ {4}at /m, "no stack trace");
      assert.deepEqual(contentOf(member.dataDir), found);
    });
  }

  test("nothing: it starts", async () => {
    await member.start();
    await member.stop();
  });
});

function segmentOf(dataDir: string): string {
  const wal = join(dataDir, "member", "wal");
  return join(wal, readdirSync(wal).find((name) => name.endsWith(".wal"))!);
}
