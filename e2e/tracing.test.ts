/** The traces of a running server reach a collector. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { Member } from "./member.ts";
import { ours } from "./programs.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";

test("a call that its client traces is exported with the client's trace", async () => {
  const received: Buffer[] = [];
  const collector = createServer();
  collector.on("stream", (stream) => {
    stream.on("data", (chunk: Buffer) => received.push(chunk));
    stream.on("end", () => stream.respond({ ":status": 200, "grpc-status": "0" }, { endStream: true }));
  });
  collector.listen(0, "127.0.0.1");
  await once(collector, "listening");
  const { port } = collector.address() as AddressInfo;
  const flags = [
    "--enable-distributed-tracing=true",
    `--distributed-tracing-address=127.0.0.1:${port}`,
    "--distributed-tracing-service-name=traced",
    "--distributed-tracing-instance-id=one",
  ];
  const member = await Member.create({ program: ours("etcd"), flags });
  try {
    await member.start();
    const body = JSON.stringify({ key: btoa("a"), value: btoa("1") });
    const headers = { "grpc-metadata-traceparent": `00-${TRACE}-b7ad6b7169203331-01` };
    await fetch(`${member.clientUrl}/v3/kv/put`, { method: "POST", body, headers });
    await fetch(`${member.clientUrl}/v3/kv/range`, { method: "POST", body });
    await member.stop();
  } finally {
    await member.dispose();
    collector.close();
  }
  const message = Buffer.concat(received);
  for (const text of ["service.name", "traced", "service.instance.id", "one", "etcdserverpb.KV/Put"])
    assert.ok(message.includes(text), text);
  assert.ok(message.includes(Buffer.from(TRACE, "hex")));
  assert.ok(!message.includes("etcdserverpb.KV/Range"), "without a mark, and at a rate of 0");
});
