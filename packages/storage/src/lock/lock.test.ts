import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import { after, describe, test } from "node:test";
import { type Disk, DiskError } from "../disk/disk.ts";
import { FaultyDisk } from "../disk/faulty-disk.ts";
import { RealDisk } from "../disk/real-disk.ts";
import { Wal } from "../wal/wal.ts";
import { LOG_START } from "../wal/wal-reader.ts";
import { type DataDirectory, dataDirectory, prepareDataDirectory } from "./data-directory.ts";
import { DirectoryLock, DirectoryLockedError } from "./directory-lock.ts";

const home = fs.mkdtempSync(`${os.tmpdir()}/lock-test-`);
after(() => fs.rmSync(home, { recursive: true, force: true }));

function acquire(disk: Disk, directory: DataDirectory, patience: () => boolean = () => false) {
  const said: string[] = [];
  const lock = DirectoryLock.acquire(disk, directory, {
    patience,
    onWait: (path) => said.push(`waits for ${path}`),
    onWarning: (text) => said.push(text),
  });
  return { lock, said };
}

describe("a data directory", () => {
  test("has the original's layout, and a checkpoint of ours", () => {
    assert.deepEqual(dataDirectory("/d/"), {
      root: "/d",
      member: "/d/member",
      wal: "/d/member/wal",
      snap: "/d/member/snap",
      database: "/d/member/snap/db",
      checkpoint: "/d/member/index-checkpoint",
    });
    assert.equal(dataDirectory("d", "/log").wal, "/log");
  });

  test("is made for its owner alone and proved writable", () => {
    const directory = dataDirectory(`${home}/made`);
    prepareDataDirectory(new RealDisk(), directory);
    assert.equal(fs.statSync(directory.snap).mode & 0o777, 0o700);
    assert.deepEqual(fs.readdirSync(directory.member), ["snap"]);
    assert.deepEqual(fs.readdirSync(directory.snap), []);
  });

  test("that cannot be written is told so", () => {
    const disk = new FaultyDisk();
    disk.intercept = (operation) => {
      if (operation.kind !== "create") return undefined;
      throw new DiskError("EACCES", operation.path, `open ${operation.path}: permission denied`);
    };
    assert.throws(() => prepareDataDirectory(disk, dataDirectory("/d")), {
      message: "open /d/.touch: permission denied",
    });
  });
});

describe("the lock of a data directory", () => {
  test("covers the database and the log, and the log takes over its segments", () => {
    const disk = new FaultyDisk();
    const directory = dataDirectory("/d");
    prepareDataDirectory(disk, directory);
    const first = acquire(disk, directory).lock;
    assert.ok(first.isDatabaseNew && first.takeSegments().size === 0);
    Wal.create(disk, directory.wal, { nodeId: 1n, clusterId: 2n }, { segmentSizeBytes: 4096 }).close();
    first.release();

    const { lock, said } = acquire(disk, directory);
    assert.deepEqual(said, []);
    assert.throws(() => acquire(disk, directory), {
      name: "DirectoryLockedError",
      message: "cannot lock /d/member/snap/db: another process is using this data directory",
    });
    const { wal } = Wal.open(disk, directory.wal, LOG_START, { segmentSizeBytes: 4096 }, lock.takeSegments());
    assert.throws(() => Wal.open(disk, directory.wal, LOG_START), { code: "locked" });
    lock.release();
    assert.throws(() => acquire(disk, directory), DirectoryLockedError);
    wal.close();
    acquire(disk, directory).lock.release();
  });

  test("waits as long as patience lasts, and says so once", () => {
    const disk = new FaultyDisk();
    const directory = dataDirectory("/d");
    prepareDataDirectory(disk, directory);
    const { lock } = acquire(disk, directory);
    let tries = 0;
    const patience = () => {
      if (++tries === 3) lock.release();
      return true;
    };
    const { said } = acquire(disk, directory, patience);
    assert.equal(tries, 3);
    assert.deepEqual(said, ["waits for /d/member/snap/db"]);
  });

  test("warns where there is no flock program, and still locks the log", () => {
    const inner = new FaultyDisk();
    const directory = dataDirectory("/d");
    prepareDataDirectory(inner, directory);
    Wal.create(inner, directory.wal, { nodeId: 1n, clusterId: 2n }, { segmentSizeBytes: 4096 }).close();
    const disk: Disk = Object.create(inner, {
      open: {
        value: (path: string, mode: "write") => {
          const file = inner.open(path, mode);
          const tryLock = file.tryLock.bind(file);
          file.tryLock = (kind) => {
            if (kind === "flock-exclusive") throw new DiskError("ENOSYS", path, "no flock program");
            return tryLock(kind);
          };
          return file;
        },
      },
      list: { value: (path: string) => inner.list(path) },
      isDirectory: { value: (path: string) => inner.isDirectory(path) },
    });
    const { said } = acquire(disk, directory);
    assert.match(said.join(), /no flock program: a Go etcd started on this data directory is not kept out/);
    assert.throws(() => acquire(disk, directory), DirectoryLockedError);
  });

  test("keeps out other processes", async () => {
    const disk = new RealDisk();
    const directory = dataDirectory(`${home}/shared`);
    prepareDataDirectory(disk, directory);
    fs.writeFileSync(directory.database, "");
    const other = spawn("flock", ["-x", directory.database, "sh", "-c", "echo locked; read line"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await new Promise((resolve) => other.stdout.once("data", resolve));
    assert.throws(() => acquire(disk, directory), DirectoryLockedError);
    other.stdin.end("\n");
    await new Promise((resolve) => other.once("exit", resolve));
    const { lock } = acquire(disk, directory);
    lock.release();
  });
});
