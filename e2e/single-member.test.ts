import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { mustRun } from "./command.ts";
import { Member } from "./member.ts";
import { original, ours, withoutOriginal } from "./programs.ts";

describe("one member", { skip: withoutOriginal("etcd", "etcdctl") }, () => {
  let member: Member;
  const etcdctl = (...args: string[]) =>
    mustRun(original("etcdctl"), [`--endpoints=${member.clientUrl}`, ...args]);

  before(async () => {
    member = await Member.create({ program: ours("etcd") });
    await member.start();
  });
  after(() => member.dispose());

  test("answers the original's etcdctl", async () => {
    assert.equal(await etcdctl("put", "greeting", "hello"), "OK\n");
    assert.equal(await etcdctl("get", "greeting"), "greeting\nhello\n");
    assert.equal(await etcdctl("del", "greeting"), "1\n");
    assert.equal(await etcdctl("get", "greeting"), "");
  });

  test("keeps what it acknowledged over SIGKILL", async () => {
    await etcdctl("put", "kept", "1");
    await member.stop("SIGKILL");
    await member.start();
    assert.equal(await etcdctl("get", "kept"), "kept\n1\n");
  });

  test("ends by the signal that it was sent", async () => {
    assert.deepEqual(await member.stop("SIGTERM"), { code: null, signal: "SIGTERM" });
    await member.start();
  });

  test("leaves a directory on which the original starts", async () => {
    await etcdctl("put", "handed-over", "yes");
    await member.stop();
    await member.start(original("etcd"));
    assert.equal(await etcdctl("get", "handed-over"), "handed-over\nyes\n");
    await member.stop();
    await member.start();
    assert.equal(await etcdctl("get", "handed-over"), "handed-over\nyes\n");
  });
});
