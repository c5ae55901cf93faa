/** Ports that are shared: where the run-time can, another process opens the same one; where it cannot, a start says so. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ListenOptions } from "node:net";
import { test } from "node:test";
import { Member } from "./member.ts";
import { ours } from "./programs.ts";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isAble = major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);

test("--socket-reuse-port", async () => {
  const member = await Member.create({ program: ours("etcd"), flags: ["--socket-reuse-port"] });
  try {
    member.launch();
    if (!isAble) {
      assert.deepEqual(await member.ended(), { code: 1, signal: null });
      const reason = `--socket-reuse-port needs Node 22.12 or newer: this is ${process.versions.node}`;
      assert.ok(member.log.includes(reason), member.log);
      return;
    }
    await member.logged("ready to serve client requests");
    const other = createServer();
    const options = { port: Number(new URL(member.clientUrl).port), host: "127.0.0.1", reusePort: true };
    other.listen(options as ListenOptions); // `reusePort` is younger than the types
    await once(other, "listening");
    other.close();
  } finally {
    await member.dispose();
  }
});
