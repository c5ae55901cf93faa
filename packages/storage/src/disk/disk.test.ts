import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import { after, describe, test } from "node:test";
import { SeededRandom } from "@etcd-ts/base";
import { type Disk, DiskError } from "./disk.ts";
import { type DiskOperation, FaultyDisk } from "./faulty-disk.ts";
import { RealDisk } from "./real-disk.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);
const isCode = (code: string) => (error: unknown) => error instanceof DiskError && error.code === code;

function readAll(disk: Disk, path: string): string {
  const file = disk.open(path, "read");
  const content = Buffer.alloc(file.size());
  file.read(content, 0, content.length, 0);
  file.close();
  return content.toString();
}

function writeSynced(disk: Disk, path: string, text: string): void {
  const file = disk.open(path, "create");
  file.write(bytes(text), 0, text.length, 0);
  file.sync();
  file.close();
}

const home = fs.mkdtempSync(`${os.tmpdir()}/disk-test-`);
after(() => fs.rmSync(home, { recursive: true, force: true }));

for (const [name, make] of [
  ["real", () => ({ disk: new RealDisk() as Disk, base: fs.mkdtempSync(`${home}/d-`) })],
  ["faulty", () => ({ disk: new FaultyDisk() as Disk, base: "/d" })],
] as const) {
  describe(`any disk: ${name}`, () => {
    test("files are written, read, cut and extended with zeros", () => {
      const { disk, base } = make();
      disk.makeDirectory(`${base}/a/b`);
      const path = `${base}/a/b/f`;
      const file = disk.open(path, "create");
      file.write(bytes("xhellox"), 1, 5, 3);
      assert.equal(readAll(disk, path), "\0\0\0hello");
      file.truncate(4);
      file.truncate(6);
      assert.equal(file.size(), 6);
      const target = Buffer.alloc(8, 1);
      assert.equal(file.read(target, 1, 7, 2), 4);
      assert.deepEqual([...target], [1, 0, 104, 0, 0, 1, 1, 1]);
      file.sync();
      file.close();
      disk.open(path, "open-or-create").close();
      assert.equal(readAll(disk, path), "\0\0\0h\0\0");
      disk.open(path, "create").close();
      assert.equal(readAll(disk, path), "");
    });

    test("names are listed in order, renamed over others and removed", () => {
      const { disk, base } = make();
      disk.makeDirectory(base);
      for (const name of ["b", "a", "c"]) writeSynced(disk, `${base}/${name}`, name);
      disk.rename(`${base}/a`, `${base}/b`);
      disk.makeDirectory(`${base}/t/u`);
      disk.syncDirectory(base);
      assert.deepEqual(disk.list(base), ["b", "c", "t"]);
      assert.equal(readAll(disk, `${base}/b`), "a");
      assert.ok(
        disk.isDirectory(`${base}/t`) && !disk.isDirectory(`${base}/b`) && !disk.isDirectory(`${base}/x`),
      );
      disk.removeTree(`${base}/t`);
      disk.removeTree(`${base}/t`);
      disk.remove(`${base}/c`);
      assert.deepEqual(disk.list(base), ["b"]);
      assert.ok(disk.exists(`${base}/b`) && !disk.exists(`${base}/c`));
    });

    test("failures carry the system's code and the path", () => {
      const { disk, base } = make();
      assert.throws(() => disk.open(`${base}/none/f`, "create"), isCode("ENOENT"));
      disk.makeDirectory(base);
      assert.throws(() => disk.open(`${base}/f`, "read"), {
        code: "ENOENT",
        path: `${base}/f`,
        message: `open ${base}/f: no such file or directory`,
      });
      assert.throws(() => disk.open(`${base}/f`, "write"), isCode("ENOENT"));
      assert.throws(() => disk.remove(`${base}/f`), isCode("ENOENT"));
      assert.throws(() => disk.list(`${base}/f`), isCode("ENOENT"));
      writeSynced(disk, `${base}/f`, "");
      const file = disk.open(`${base}/f`, "read");
      assert.throws(() => file.write(bytes("x"), 0, 1, 0), isCode("EBADF"));
      file.close();
      assert.throws(() => file.size(), isCode("EBADF"));
    });

    test("a lock keeps out other handles and goes with its own", () => {
      const { disk, base } = make();
      disk.makeDirectory(base);
      for (const kind of ["ofd-write", "flock-exclusive"] as const) {
        const first = disk.open(`${base}/f`, "open-or-create");
        const second = disk.open(`${base}/f`, "write");
        assert.ok(first.tryLock(kind) && first.tryLock(kind));
        assert.equal(second.tryLock(kind), false);
        first.close();
        assert.equal(second.tryLock(kind), true);
        second.close();
      }
      const [a, b] = [disk.open(`${base}/f`, "write"), disk.open(`${base}/f`, "write")];
      assert.ok(a.tryLock("flock-shared") && b.tryLock("flock-shared"));
      assert.equal(b.tryLock("flock-exclusive"), false);
    });
  });
}

describe("a faulty disk", () => {
  test("forgets bytes and names that were not synced", () => {
    const disk = new FaultyDisk();
    disk.makeDirectory("/d");
    disk.syncDirectory("/");
    writeSynced(disk, "/d/kept", "one");
    writeSynced(disk, "/d/old", "two");
    disk.syncDirectory("/d");
    writeSynced(disk, "/d/lost", "three");
    const file = disk.open("/d/kept", "write");
    file.write(bytes("XX"), 0, 2, 0);
    disk.rename("/d/old", "/d/new");
    disk.crashForgettingAll();
    assert.deepEqual(disk.list("/d"), ["kept", "old"]);
    assert.equal(readAll(disk, "/d/kept"), "one");
    assert.throws(() => file.sync(), isCode("EBADF"));
  });

  test("keeps all when the process alone dies", () => {
    const disk = new FaultyDisk();
    const file = disk.open("/f", "create");
    assert.ok(file.tryLock("ofd-write"));
    file.write(bytes("abc"), 0, 3, 0);
    disk.kill();
    assert.equal(readAll(disk, "/f"), "abc");
    assert.throws(() => file.size(), isCode("EBADF"));
    assert.ok(disk.open("/f", "write").tryLock("ofd-write"));
  });

  test("keeps any subset of unsynced writes, torn at sectors", () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 400; seed++) {
      const disk = new FaultyDisk();
      const file = disk.open("/f", "create");
      file.write(new Uint8Array(1536), 0, 1536, 0);
      file.sync();
      disk.syncDirectory("/");
      file.write(Buffer.alloc(1024, "a"), 0, 1024, 0);
      file.write(Buffer.alloc(512, "b"), 0, 512, 1024);
      disk.crash(new SeededRandom(seed));
      const content = readAll(disk, "/f");
      seen.add([0, 511, 512, 1023, 1024].map((at) => (content[at] === "\0" ? "-" : content[at])).join(""));
    }
    assert.deepEqual(
      [...seen].sort(),
      ["----b", "-----", "--aa-", "--aab", "aa---", "aa--b", "aaaa-", "aaaab"].sort(),
    );
  });

  test("is full when it is full", () => {
    const disk = new FaultyDisk({ capacityBytes: 8192 });
    const file = disk.open("/f", "create");
    file.truncate(1_000_000);
    file.write(new Uint8Array(5000), 0, 5000, 0);
    assert.throws(() => file.write(new Uint8Array(1), 0, 1, 9000), isCode("ENOSPC"));
    file.write(new Uint8Array(3192), 0, 3192, 5000);
    disk.remove("/f");
    writeSynced(disk, "/g", "x");
  });

  test("lets a test skip, fail or end at a change, and repeats what it recorded", () => {
    const disk = new FaultyDisk({ record: true });
    const seen: string[] = [];
    disk.intercept = (operation: DiskOperation, index) => {
      seen.push(`${index} ${operation.kind}`);
      if (operation.kind === "sync") return "skip";
      if (operation.kind === "truncate") throw new DiskError("EIO", "/f", "broken");
      return undefined;
    };
    const file = disk.open("/f", "create");
    file.write(bytes("abc"), 0, 3, 0);
    file.sync();
    assert.throws(() => file.truncate(0), isCode("EIO"));
    disk.syncDirectory("/");
    assert.deepEqual(seen, ["0 create", "1 write", "2 sync", "3 truncate", "4 sync-directory"]);
    assert.equal(disk.operationCount, 5);

    const copy = new FaultyDisk();
    copy.replay(disk.operations);
    assert.equal(readAll(copy, "/f"), "abc");
    disk.crashForgettingAll();
    assert.equal(readAll(disk, "/f"), "");
  });
});
