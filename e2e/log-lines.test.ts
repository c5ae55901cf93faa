/** What a process tells of itself, and where: scripts and alerting rules read these lines. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "./command.ts";
import { Member, type MemberOptions } from "./member.ts";
import { ours } from "./programs.ts";

interface Line {
  readonly level: string;
  readonly ts: string;
  readonly caller: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

async function withMember(options: Omit<MemberOptions, "program">, run: (member: Member) => Promise<void>) {
  const member = await Member.create({ program: ours("etcd"), ...options });
  try {
    await run(member);
  } finally {
    await member.dispose();
  }
}

function linesOf(log: string): Line[] {
  return log
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

async function put(member: Member, key: string, value: string): Promise<void> {
  const body = JSON.stringify({ key: btoa(key), value: btoa(value) });
  const response = await fetch(`${member.clientUrl}/v3/kv/put`, { method: "POST", body });
  assert.equal(response.status, 200);
}

test("every line of a life is a JSON object; nothing is an error before the stop; a signal ends the process", async () => {
  await withMember({}, async (member) => {
    await member.start();
    await put(member, "a", "1");
    const served = linesOf(member.log);
    const exit = await member.stop("SIGTERM");
    assert.deepEqual(exit, { code: null, signal: "SIGTERM" });
    for (const { level, ts, caller, msg } of linesOf(member.log)) {
      assert.match(level, /^(debug|info|warn|error)$/);
      assert.match(ts, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d{4})$/);
      assert.match(caller, /^[\w-]+\/[\w-]+\.ts:\d+$/);
      assert.notEqual(msg, "");
    }
    assert.deepEqual(
      served.filter(({ level }) => level === "error"),
      [],
    );
    assert.equal(linesOf(member.log).at(-1)!.msg, "closed etcd server");
  });
});

test("slow requests are told", async () => {
  const flags = ["--warning-apply-duration=1us", "--warning-unary-request-duration=1us"];
  await withMember({ flags }, async (member) => {
    await member.start();
    await put(member, "key", "value");
    await member.logged('put:<key:\\"key\\" value_size:5 >');
    await member.stop();
    const told = linesOf(member.log);
    const applied = told.find((line) => String(line.request).includes(' put:<key:"key" value_size:5 >'));
    assert.equal(applied?.msg, "apply request took too long");
    assert.equal(applied?.["expected-duration"], "1\u00b5s");
    const stats = told.find(({ msg }) => msg === "request stats");
    assert.equal(stats?.["response type"], "/etcdserverpb.KV/Put");
    assert.equal(stats?.["request content"], 'key:"key" value_size:5 ');
    assert.equal(stats?.["request size"], 12);
  });
});

test("a write that takes more than 100 ms to apply is told, without any flag", async () => {
  const flags = ["--max-txn-ops=10000", "--max-request-bytes=8000000"];
  await withMember({ flags }, async (member) => {
    await member.start();
    for (let round = 0; round < 40; round++) {
      const success = Array.from({ length: 5000 }, (_, i) => ({ requestPut: { key: `k/${round}/${i}` } }));
      const body = JSON.stringify({ success });
      const response = await fetch(`${member.clientUrl}/v3/kv/txn?encoding=utf8`, { method: "POST", body });
      assert.equal(response.status, 200);
      await response.text();
    }
    const body = JSON.stringify({ key: "k/", range_end: "k0" });
    const url = `${member.clientUrl}/v3/kv/deleterange?encoding=utf8`;
    assert.match(await (await fetch(url, { method: "POST", body })).text(), /"deleted":"200000"/);
    await member.logged("delete_range:{key:");
    const metrics = await (await fetch(`${member.clientUrl}/metrics`)).text();
    await member.stop();
    const told = linesOf(member.log).find(({ request }) => String(request).includes("delete_range:{"));
    assert.deepEqual(
      [told?.level, told?.msg, told?.["expected-duration"]],
      ["warn", "apply request took too long", "100ms"],
    );
    assert.match(String(told?.took), /^\d+(\.\d+)?m?s$/);
    assert.match(metrics, /^etcd_server_slow_apply_total [1-9]/m);
  });
});

test("a log in a file is rotated, and the terminal stays silent", async () => {
  const dir = mkdtempSync(join(tmpdir(), "etcd-e2e-"));
  const log = join(dir, "etcd.log");
  const flags = [
    `--log-outputs=${log}`,
    "--enable-log-rotation=true",
    '--log-rotation-config-json={"maxsize":1}',
    "--warning-unary-request-duration=1us",
  ];
  await withMember({ flags }, async (logged) => {
    logged.launch();
    await untilServed(`${logged.clientUrl}/health`);
    const key = "k".repeat(300_000);
    for (let i = 0; i < 5; i++) await put(logged, `${key}${i}`, "");
    assert.equal(logged.log, "");
    await logged.stop();
    const files = readdirSync(dir);
    assert.ok(files.length >= 2, files.join());
    assert.match(readFileSync(log, "utf8"), /"closed etcd server"/);
  });
  rmSync(dir, { recursive: true });
});

test("the console form has neither colours nor lines of its own on standard output", async () => {
  await withMember({ flags: ["--log-format=console"] }, async (member) => {
    await member.start();
    await member.stop();
    assert.ok(!member.log.includes("\u001b"));
    assert.match(member.log, /^\S+\tinfo\t\S+\tready to serve client requests$/m);
  });
});

test("at a terminal, and only there, the console form comes with a summary for people", {
  skip: !existsSync("/usr/bin/script") && "there is no script program",
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), "etcd-e2e-"));
  const program = join(dir, "at-terminal");
  const words = `${ours("etcd")} "$@" --log-outputs=${join(dir, "log")}`;
  // `script` gives its command a terminal, and copies what that shows.
  writeFileSync(
    program,
    `#!/bin/bash\nprintf -v line '%q ' "$@"\nexec script -qefc "${words.replaceAll('"', "").replace("$@", "$line")}" /dev/null >&2\n`,
    { mode: 0o755 },
  );
  await withMember({ flags: ["--log-format=console"] }, async (member) => {
    member.launch(program);
    await member.logged("Ctrl-C");
    assert.match(member.log, /etcd 3\.7\.1 serves as "m1"/);
    assert.ok(member.log.includes(member.clientUrl));
    await member.stop();
  });
  rmSync(dir, { recursive: true });
});

test("a second process on a data directory ends with one clear line", async () => {
  await withMember({}, async (member) => {
    await member.start();
    const flags = [`--data-dir=${member.dataDir}`, "--name=m1", "--listen-client-urls=http://127.0.0.1:0"];
    const others = ["--advertise-client-urls=http://127.0.0.1:1", "--listen-peer-urls=http://127.0.0.1:0"];
    const { stderr, code } = await runCommand(ours("etcd"), [...flags, ...others]);
    assert.equal(code, 1);
    const last = linesOf(stderr).at(-1)!;
    assert.equal(last.level, "fatal");
    assert.match(String(last.error), /is locked by another process$/);
  });
});

async function untilServed(url: string): Promise<void> {
  for (const giveUpAt = Date.now() + 20_000; Date.now() < giveUpAt; ) {
    const served = await fetch(url).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (served) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail("the member does not serve");
}
