/** Directories that cannot be served: one clear line, an exit code that is not 0, and the directory stays as it was. */
import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { mustRun } from "./command.ts";
import { contentOf } from "./directory-content.ts";
import { Member } from "./member.ts";
import { original, ours, withoutOriginal } from "./programs.ts";

describe("a directory that cannot be served", { skip: withoutOriginal("etcd", "etcdctl") }, () => {
  let member: Member;
  let kept: string;

  before(async () => {
    member = await Member.create({ program: original("etcd"), flags: ["--snapshot-count=10"] });
    await member.start();
    for (let i = 0; i < 40; i++) await etcdctl("put", `k${i % 7}`, `v${i}`);
    await member.stop();
    kept = `${member.dataDir}.kept`;
    cpSync(member.dataDir, kept, { recursive: true });
  });
  after(() => member.dispose());

  const etcdctl = (...args: string[]) =>
    mustRun(original("etcdctl"), [`--endpoints=${member.clientUrl}`, ...args]);

  /** Starts ours on a copy that `spoil` has changed, and expects the end. */
  async function refuses(spoil: () => void, line: RegExp): Promise<void> {
    rmSync(member.dataDir, { recursive: true });
    cpSync(kept, member.dataDir, { recursive: true });
    spoil();
    const found = contentOf(member.dataDir);
    member.launch(ours("etcd"));
    const { code } = await member.ended();
    assert.equal(code, 1);
    const fatal = member.log.split("\n").filter((text) => text.includes('"level":"fatal"'));
    assert.equal(fatal.length, 1, member.log);
    assert.match(fatal[0]!, line);
    assert.doesNotMatch(member.log, /^ {4}at /m, "no stack trace");
    assert.deepEqual(contentOf(member.dataDir), found);
  }

  const file = (...names: string[]) => join(member.dataDir, "member", ...names);
  const segment = () => file("wal", readdirSync(file("wal")).filter((name) => name.endsWith(".wal"))[0]!);

  test("without its database", () =>
    refuses(() => rmSync(file("snap", "db")), /failed to find database snapshot file/));

  test("without its log", () =>
    refuses(() => rmSync(file("wal"), { recursive: true }), /there is no log in/));

  test("with a database that is cut off", () =>
    refuses(() => truncateSync(file("snap", "db"), 20_000), /snap\/db is cut off: 20000 bytes/));

  test("with a database that is none", () =>
    refuses(() => writeFileSync(file("snap", "db"), "x".repeat(50_000)), /snap\/db is not a database/));

  test("with an empty database", () =>
    refuses(() => truncateSync(file("snap", "db"), 0), /snap\/db is not a database/));

  test("with a flipped byte in the log", () => refuses(() => flip(segment(), 90), /\.wal, offset 80: /));

  test("with an empty segment of the log", () =>
    refuses(() => truncateSync(segment(), 0), /member\/wal: no metadata record/));

  test("with the database of another cluster", async () => {
    const other = await Member.create({ program: original("etcd") });
    try {
      await other.start();
      for (let i = 0; i < 60; i++)
        await mustRun(original("etcdctl"), [`--endpoints=${other.clientUrl}`, "put", `k${i}`, "x"]);
      await other.stop();
      const database = join(other.dataDir, "member", "snap", "db");
      await refuses(() => cpSync(database, file("snap", "db")), /do not belong together|another member's/);
    } finally {
      await other.dispose();
    }
  });
});

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at]! ^= 1;
  writeFileSync(path, bytes);
}
