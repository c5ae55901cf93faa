/** As a service of systemd: the unit is well-formed, and readiness is told over the socket that systemd names. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "./command.ts";
import { Member } from "./member.ts";
import { ours, ROOT } from "./programs.ts";

/** Node takes no datagrams from a socket file: a few words of Perl do, and print what the first one says. */
const RECEIVER = `
  use Socket;
  socket(my $socket, PF_UNIX, SOCK_DGRAM, 0) or die;
  bind($socket, sockaddr_un($ARGV[0])) or die;
  $| = 1;
  print "bound\\n";
  recv($socket, my $message, 4096, 0);
  print $message;
`;

function lacks(...programs: readonly string[]): string | false {
  for (const program of programs) {
    try {
      execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    } catch {
      return `there is no ${program}`;
    }
  }
  return false;
}

test("systemd hears that the member serves, and which process it is", {
  skip: lacks("perl", "systemd-notify"),
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), "etcd-e2e-"));
  const path = join(dir, "notify");
  const receiver = spawn("perl", ["-e", RECEIVER, path], { stdio: ["ignore", "pipe", "inherit"] });
  const member = await Member.create({ program: ours("etcd"), env: { NOTIFY_SOCKET: path } });
  try {
    let heard = "";
    receiver.stdout.setEncoding("utf8").on("data", (text: string) => {
      heard += text;
    });
    await once(receiver.stdout, "data");
    assert.equal(heard, "bound\n");
    await member.start();
    await once(receiver, "close");
    assert.match(heard, /^READY=1$/m);
    assert.match(heard, new RegExp(`^MAINPID=${member.pid}$`, "m"));
    await member.logged("successfully notified init daemon");
  } finally {
    receiver.kill();
    await member.dispose();
    rmSync(dir, { recursive: true });
  }
});

test("the unit file is one that systemd understands", { skip: lacks("systemd-analyze") }, async () => {
  const dir = mkdtempSync(join(tmpdir(), "etcd-e2e-"));
  try {
    const unit = readFileSync(join(ROOT, "packaging", "etcd.service"), "utf8");
    const path = join(dir, "etcd.service");
    writeFileSync(path, unit.replace("/usr/local/bin/etcd", ours("etcd")));
    const { code, stderr } = await runCommand("systemd-analyze", ["verify", "--man=no", path]);
    assert.equal(code, 0, stderr);
    assert.ok(!stderr.includes("etcd.service"), stderr);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

function mayUnshare(): string | false {
  try {
    execFileSync("unshare", ["--pid", "--fork", "--mount-proc", "true"], { stdio: "ignore" });
    return false;
  } catch {
    return "this user may not make a namespace of processes";
  }
}

test("as the first process of a container it ends with 0 on SIGTERM", { skip: mayUnshare() }, async () => {
  const dir = mkdtempSync(join(tmpdir(), "etcd-e2e-"));
  const program = join(dir, "contained");
  writeFileSync(program, `#!/bin/sh\nexec unshare --pid --fork --mount-proc ${ours("etcd")} "$@"\n`, {
    mode: 0o755,
  });
  const member = await Member.create({ program });
  try {
    await member.start();
    const child = execFileSync("pgrep", ["-P", String(member.pid)], { encoding: "utf8" }).trim();
    process.kill(Number(child), "SIGTERM");
    assert.deepEqual(await member.ended(), { code: 0, signal: null });
  } finally {
    await member.dispose();
    rmSync(dir, { recursive: true });
  }
});
