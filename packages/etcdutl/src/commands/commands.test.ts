/**
 * The commands on real files. Where the original's tool is at hand (`ETCD_TS_SHARED`, else `../shared` beside the
 * checkout) it has to find the same in the same files.
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { utf8Bytes, utf8String } from "@etcd-ts/base";
import { encodeKeyValue } from "@etcd-ts/proto";
import { BUCKETS, Committer, encodeRecordKey, OperationPacker, RealDisk, readWal } from "@etcd-ts/storage";
import { runProgram } from "../command-line/program.ts";
import { ROOT } from "./root.ts";

const shared = process.env.ETCD_TS_SHARED ?? fileURLToPath(new URL("../../../../../shared", import.meta.url));
const original = join(shared, "peers/3.7.1/etcdutl");
const folder = mkdtempSync(join(tmpdir(), "etcdutl-"));
const home = process.cwd();
process.chdir(folder);
after(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** In this process, with what it writes caught. */
function run(...words: string[]): Ran {
  const texts = { stdout: "", stderr: "" };
  const real = { stdout: process.stdout.write, stderr: process.stderr.write };
  for (const stream of ["stdout", "stderr"] as const) {
    process[stream].write = (chunk: string | Uint8Array) => {
      texts[stream] += String(chunk);
      return true;
    };
  }
  try {
    const terminal = { out: process.stdout.write, error: process.stderr.write };
    const code = runProgram(ROOT, words, terminal);
    return { code, out: texts.stdout, error: texts.stderr };
  } finally {
    process.stdout.write = real.stdout;
    process.stderr.write = real.stderr;
  }
}

function originalOutput(...words: string[]): string {
  return spawnSync(original, words, { cwd: folder, encoding: "utf8" }).stdout;
}

/** Three keys, one overwritten, one deleted, and a member of an old cluster; compacted at 4 when it is asked for. */
function writeDatabase(path: string, compactedAt?: number): void {
  const committer = Committer.open(new RealDisk(), path, { sync: false })!;
  const packer = new OperationPacker();
  const put = (main: number, key: string, value: string) => {
    const pair = {
      key: utf8Bytes(key),
      value: utf8Bytes(value),
      createRevision: main,
      modRevision: main,
      version: 1,
      lease: 0n,
    };
    packer.put(BUCKETS.indexOf("key"), encodeRecordKey(main, 0, false), encodeKeyValue(pair));
  };
  put(2, "a", "1");
  put(3, "b", "2");
  put(4, "a", "3");
  const gone = {
    key: utf8Bytes("b"),
    value: utf8Bytes(""),
    createRevision: 0,
    modRevision: 0,
    version: 0,
    lease: 0n,
  };
  packer.put(BUCKETS.indexOf("key"), encodeRecordKey(5, 0, true), encodeKeyValue(gone));
  const meta = (name: string, value: Uint8Array) =>
    packer.put(BUCKETS.indexOf("meta"), utf8Bytes(name), value);
  meta("storageVersion", utf8Bytes("3.7.0"));
  meta("term", Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 5));
  meta("confState", utf8Bytes('{"voters":[1],"auto_leave":false}'));
  if (compactedAt !== undefined) meta("finishedCompactRev", encodeRecordKey(compactedAt, 0, false));
  packer.put(BUCKETS.indexOf("members"), utf8Bytes("1"), utf8Bytes('{"id":1,"peerURLs":["http://x:1"]}'));
  committer.database.apply(packer.finish());
  committer.database.commit({ oldestReader: 0 });
  committer.close();
}

before(() => {
  writeDatabase(join(folder, "s.db"));
  writeDatabase(join(folder, "compacted.db"), 4);
});

describe("commands on files", () => {
  it("status tells what is in a file, and refuses what is none", () => {
    const { code, out } = run("snapshot", "status", "s.db", "-w", "json");
    assert.equal(code, 0);
    const status = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual(
      { ...status, hash: 0, totalSize: 0 },
      { hash: 0, revision: 5, totalKey: 1, totalSize: 0, version: "3.7.0" },
    );
    writeFileSync(join(folder, "text.db"), "hello");
    assert.deepEqual(run("snapshot", "status", "text.db"), {
      code: 1,
      out: "",
      error: "Error: invalid database\n",
    });
    const missing = run("snapshot", "status", "missing.db");
    assert.deepEqual(missing, {
      code: 1,
      out: "",
      error: "Error: stat missing.db: no such file or directory\n",
    });
    copyFileSync(join(folder, "s.db"), join(folder, "short.db"));
    truncateSync(join(folder, "short.db"), 8192);
    assert.match(run("snapshot", "status", "short.db").error, /short\.db is cut off: 8192 bytes/);
  });

  it("hashkv answers for a revision and leaves the file as it is", () => {
    const bytes = readFileSync(join(folder, "compacted.db"));
    assert.match(run("hashkv", "compacted.db").out, /^\d+, 5, 4\n$/);
    assert.equal(
      run("hashkv", "compacted.db", "--rev", "3").error,
      "Error: mvcc: required revision has been compacted\n",
    );
    assert.equal(
      run("hashkv", "s.db", "--rev", "6").error,
      "Error: mvcc: required revision is a future revision\n",
    );
    assert.equal(run("hashkv", "s.db", "--rev=-1").out, "1084519789, -1, -1\n");
    assert.ok(bytes.equals(readFileSync(join(folder, "compacted.db"))));
  });

  it("a restore makes a member of a new cluster; what fails leaves nothing", () => {
    assert.match(run("snapshot", "restore", "s.db", "--data-dir", "r").error, /snapshot missing hash/);
    assert.ok(!existsSync(join(folder, "r/member")));
    const cluster = ["--name", "n", "--initial-cluster", "n=http://127.0.0.1:7,o=http://127.0.0.1:8"];
    const flags = [...cluster, "--initial-advertise-peer-urls", "http://127.0.0.1:7", "--skip-hash-check"];
    const bump = ["--bump-revision", "1000", "--mark-compacted"];
    assert.equal(run("snapshot", "restore", "s.db", "--data-dir", "r", ...flags, ...bump).code, 0);
    const { entries, hardState } = readWal(new RealDisk(), join(folder, "r/member/wal"), {
      index: 0,
      term: 0,
    });
    assert.equal(entries.length, 2);
    assert.equal(hardState.commit, 2);
    const committer = Committer.open(new RealDisk(), join(folder, "r/member/snap/db"), { sync: false })!;
    const members = committer.opened.small.filter(({ bucket }) => bucket === "members");
    assert.deepEqual(
      members.map(({ value }) => (JSON.parse(utf8String(value)) as { name: string }).name).sort(),
      ["n", "o"],
    );
    assert.deepEqual([committer.opened.consistentIndex, committer.opened.term], [2, 1]);
    committer.close();
    assert.match(run("hashkv", "r/member/snap/db").out, /^\d+, 1005, 1005\n$/);
    assert.match(run("snapshot", "restore", "s.db", "--data-dir", "r").error, /data-dir "r" not empty/);
  });

  it("a locked file is a clear error after --timeout", () => {
    const committer = Committer.open(new RealDisk(), join(folder, "r/member/snap/db"), { sync: false })!;
    const status = run("snapshot", "status", "r/member/snap/db", "--timeout=1ms");
    assert.equal(status.code, 1);
    assert.match(status.error, /is in use/);
    const defrag = run("defrag", "--data-dir", "r", "--timeout=1ms");
    assert.equal(defrag.code, 2);
    assert.match(defrag.error, /panic: failed to open database\n$/);
    committer.close();
  });

  it("defrag keeps what is in the file; migrate goes step by step", () => {
    const before = run("hashkv", "r/member/snap/db").out;
    assert.equal(run("defrag", "--data-dir", "r").code, 0);
    assert.equal(run("hashkv", "r/member/snap/db").out, before);
    const migrated = run("migrate", "--data-dir", "r", "--target-version", "3.5");
    assert.equal(migrated.code, 0);
    assert.equal(migrated.error.match(/updated storage version/g)?.length, 2);
    assert.match(run("snapshot", "status", "r/member/snap/db").out, /, \n$/);
    assert.equal(run("migrate", "--data-dir", "r", "--target-version", "3.8").code, 1);
    assert.equal(run("migrate", "--data-dir", "r", "--target-version", "3.4").code, 128);
  });

  it("completion scripts name the commands", () => {
    for (const shell of ["bash", "zsh", "fish", "powershell"]) {
      assert.match(run("completion", shell).out, /snapshot restore/, shell);
    }
    const bash = spawnSync("bash", ["-n"], { input: run("completion", "bash").out, encoding: "utf8" });
    assert.equal(bash.stderr, "");
  });
});

describe("beside the original's tool", { skip: existsSync(original) ? false : `no ${original}` }, () => {
  it("finds the same in our files: status, hashes at every revision", () => {
    for (const name of ["s.db", "compacted.db"]) {
      assert.equal(run("snapshot", "status", name).out, originalOutput("snapshot", "status", name));
      for (const revision of [0, 4, 5]) {
        const copy = join(folder, "copy.db");
        copyFileSync(join(folder, name), copy);
        const words = ["hashkv", "copy.db", "--rev", String(revision)];
        assert.equal(run(...words).out, originalOutput(...words), `${name} at ${revision}`);
      }
    }
  });

  it("finds the same in what either restores", () => {
    const words = [
      "snapshot",
      "restore",
      "s.db",
      "--skip-hash-check",
      "--bump-revision",
      "50",
      "--mark-compacted",
    ];
    assert.equal(run(...words, "--data-dir", "ours").code, 0);
    originalOutput(...words, "--data-dir", "theirs");
    const status = (dir: string) =>
      originalOutput("snapshot", "status", `${dir}/member/snap/db`, "-w", "json");
    const { hash, revision } = JSON.parse(status("ours")) as { hash: number; revision: number };
    const theirs = JSON.parse(status("theirs")) as { hash: number; revision: number };
    assert.deepEqual([hash, revision], [theirs.hash, theirs.revision]);
    assert.ok(
      statSync(join(folder, "ours/member/wal/0000000000000000-0000000000000000.wal")).size >= 64_000_000,
    );
  });
});
