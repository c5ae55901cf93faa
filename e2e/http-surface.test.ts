/** What scripts, browsers and developers reach over HTTP, on a running member: profiles, origins, WebSockets, text, and an end under load. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { services } from "@etcd-ts/proto";
import { WebSocket } from "ws";
import { Member, type MemberOptions } from "./member.ts";
import { ours } from "./programs.ts";

async function withMember(
  flags: readonly string[],
  run: (member: Member) => Promise<void>,
  options: Partial<MemberOptions> = {},
): Promise<void> {
  const member = await Member.create({ program: ours("etcd"), flags, ...options });
  try {
    await member.start();
    await run(member);
  } finally {
    await member.dispose();
  }
}

test("profiles: a CPU profile and a heap snapshot as V8's tools read them, and none unless asked for", async () => {
  await withMember(["--enable-pprof"], async ({ clientUrl }) => {
    const get = (path: string) => fetch(`${clientUrl}/debug/pprof/${path}`);
    const index = await (await get("")).text();
    for (const name of ["profile", "heap", "allocs", "trace", "cmdline"])
      assert.ok(index.includes(name), name);
    const profile = (await (await get("profile?seconds=1")).json()) as {
      nodes: unknown[];
      samples: unknown[];
    };
    assert.ok(profile.nodes.length > 0 && profile.samples.length > 0);
    const heap = (await (await get("heap")).json()) as {
      snapshot: { node_count: number };
      strings: string[];
    };
    assert.ok(heap.snapshot.node_count > 1000 && heap.strings.length > 1000);
    assert.match(await (await get("cmdline")).text(), /etcd/);
    assert.equal((await get("nothing")).status, 404);
  });
  await withMember([], async ({ clientUrl }) => {
    assert.equal((await fetch(`${clientUrl}/debug/pprof/`)).status, 404);
  });
});

test("origins: any by default, only those that are listed otherwise", async () => {
  const ask = async ({ clientUrl }: Member, origin: string) => {
    const answer = await fetch(`${clientUrl}/version`, { headers: { Origin: origin } });
    return answer.headers.get("access-control-allow-origin");
  };
  await withMember([], async (member) => {
    assert.equal(await ask(member, "http://a.example:1"), "*");
    const preflight = await fetch(`${member.clientUrl}/v3/kv/put`, { method: "OPTIONS" });
    assert.deepEqual([preflight.status, await preflight.text()], [200, ""]);
    assert.equal(preflight.headers.get("access-control-allow-methods"), "POST, GET, OPTIONS, PUT, DELETE");
  });
  await withMember(["--cors=http://a.example:1"], async (member) => {
    assert.equal(await ask(member, "http://a.example:1"), "http://a.example:1");
    assert.equal(await ask(member, "http://b.example:1"), null);
  });
});

test("keys and values as text, from put to watch", async () => {
  await withMember([], async ({ clientUrl }) => {
    const post = async (path: string, body: object, init: RequestInit = {}) =>
      (await fetch(clientUrl + path, { method: "POST", body: JSON.stringify(body), ...init })).json();
    await post("/v3/kv/put?encoding=utf8", { key: "grüße", value: "世界" });
    const headers = { "etcd-encoding": "utf8" };
    const text = (await post("/v3/kv/range", { key: "grüße" }, { headers })) as { kvs: { value: string }[] };
    assert.equal(text.kvs[0]?.value, "世界");
    const key = Buffer.from("grüße").toString("base64");
    const plain = (await post("/v3/kv/range", { key })) as { kvs: { value: string }[] };
    assert.equal(plain.kvs[0]?.value, Buffer.from("世界").toString("base64"));
    const socket = new WebSocket(`${clientUrl.replace("http", "ws")}/v3/watch?encoding=utf8`);
    await once(socket, "open");
    socket.send('{"create_request":{"key":"grüße","start_revision":"1"}}');
    const [created] = (await once(socket, "message")) as [Buffer];
    assert.match(String(created), /"created":true/);
    const [event] = (await once(socket, "message")) as [Buffer];
    assert.match(String(event), /"key":"grüße".*"value":"世界"/);
    socket.close();
    await once(socket, "close");
  });
});

test("every path of the gateway takes a WebSocket", async () => {
  await withMember([], async ({ clientUrl }) => {
    const paths = services.flatMap(({ methods }) =>
      Object.values(methods).flatMap(({ gatewayPaths }) => [...gatewayPaths]),
    );
    assert.equal(paths.length, 51);
    for (const path of paths) {
      const socket = new WebSocket(clientUrl.replace("http", "ws") + path);
      await once(socket, "open");
      socket.terminate();
    }
  });
});

for (const signal of ["SIGTERM", "SIGINT"] as const)
  test(`${signal} under load: what was acknowledged is there, open streams do not hold it up`, async () => {
    await withMember([], async (member) => {
      const { clientUrl } = member;
      const watch = new WebSocket(`${clientUrl.replace("http", "ws")}/v3/watch`);
      watch.on("error", () => undefined);
      await once(watch, "open");
      watch.send('{"create_request":{"key":"AA==","range_end":"AA=="}}');
      await once(watch, "message");
      let acknowledged = 0;
      const writer = async (): Promise<void> => {
        for (let i = 0; ; i++) {
          const body = JSON.stringify({ key: `k${i}`, value: "v" });
          const answer = await fetch(`${clientUrl}/v3/kv/put?encoding=utf8`, { method: "POST", body }).catch(
            () => undefined,
          );
          if (answer?.status !== 200) return;
          await answer.text();
          acknowledged = i + 1;
          if (i === 20) process.kill(member.pid, signal);
        }
      };
      const writing = writer();
      assert.deepEqual(await member.ended(), { code: null, signal });
      await writing;
      assert.ok(acknowledged > 20);
      const last = JSON.parse(member.log.trimEnd().split("\n").at(-1)!) as { msg: string };
      assert.equal(last.msg, "closed etcd server");
      await member.start();
      const body = JSON.stringify({ key: `k${acknowledged - 1}` });
      const found = await fetch(`${clientUrl}/v3/kv/range?encoding=utf8`, { method: "POST", body });
      assert.match(await found.text(), /"count":"1"/);
    });
  });
