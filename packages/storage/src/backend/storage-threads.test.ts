/** The two storage threads on the real disk: open, commit, fetch, load, hash, snapshot, failures. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { crc32cUpdate, utf8Bytes } from "@etcd-ts/base";
import { DatabaseError } from "../bbolt/index.ts";
import { DiskError } from "../disk/disk.ts";
import { type Backend, BUCKETS, type CommitReport, MISS, type MoveReport } from "./backend-types.ts";
import { CommitThread, DatabaseLockedError } from "./commit-thread.ts";
import { PagedBackend } from "./paged-backend.ts";
import { ReaderThread } from "./reader-thread.ts";
import { encodeRecordKey } from "./record-key.ts";

const folder = mkdtempSync(join(tmpdir(), "storage-threads-"));
after(() => rmSync(folder, { recursive: true }));

const hosts: Host[] = [];
after(() => Promise.all(hosts.map((host) => host.close())));

/** A member's storage: backend and both threads, every report and page delivered as it comes. */
class Host {
  readonly backend: PagedBackend;
  readonly reader: ReaderThread;
  readonly commits: CommitThread;
  opening: Promise<void> | undefined;
  private waiter: { resolve(): void; reject(error: Error): void } | undefined;

  static async open(path: string, lockWaitMs = 0): Promise<Host> {
    let host: Host | undefined;
    const commits = await CommitThread.open(
      { path, sync: true, lockWaitMs },
      {
        onCommitted: (report) => host!.onCommitted(report),
        onMoved: (report) => host!.onMoved(report),
        onFailure: (error) => host!.waiter?.reject(error),
      },
    );
    host = new Host(path, commits);
    hosts.push(host);
    return host;
  }

  private constructor(path: string, commits: CommitThread) {
    this.commits = commits;
    this.backend = new PagedBackend(commits.opened, { cacheBytesMax: 1024 * 1024 });
    this.reader = new ReaderThread(path, commits.opened.pageBytes, {
      onPages: (fetch, nodes) => {
        this.backend.onPages(fetch, nodes);
        this.waiter?.resolve();
      },
      onFailure: (error) => this.waiter?.reject(error),
    });
  }

  commit(): Promise<void> {
    const batch = this.backend.takeBatch(true);
    assert.ok(batch !== undefined);
    return this.wait(() => this.commits.commit(batch));
  }

  async read<T>(attempt: (backend: Backend) => T | typeof MISS): Promise<T> {
    for (;;) {
      const result = attempt(this.backend);
      if (result !== MISS) return result;
      const fetch = this.backend.takeMisses();
      assert.ok(fetch !== undefined);
      await this.wait(() => this.reader.fetch(fetch));
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.commits.close(), this.reader.close()]);
  }

  private wait(post: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiter = { resolve, reject };
      post();
    });
  }

  private onCommitted(report: CommitReport): void {
    this.backend.onCommitted(report);
    this.waiter?.resolve();
  }

  private onMoved(report: MoveReport): void {
    this.opening = this.reader.openFile(report.file);
    this.backend.onMoved(report);
    for (const file of this.backend.takeEndedFiles()) this.reader.closeFile(file);
  }
}

function recordValue(main: number): Uint8Array {
  const length = main % 97 === 0 ? 10_000 : main === 500 ? 1_500_000 : main % 300;
  return new Uint8Array(length).fill(main);
}

function fill(backend: Backend, from: number, to: number): void {
  for (let main = from; main < to; main++) {
    const value = recordValue(main);
    backend.beginEntry();
    backend.putRecord(main, 0, main % 7 === 0, value, 0, value.length);
    backend.endEntry(main, 3);
  }
}

test("what is committed by the thread is read by page, loaded whole, hashed and streamed", async () => {
  const path = join(folder, "db");
  const host = await Host.open(path);
  assert.equal(host.commits.opened.created, true);
  const { backend, reader } = host;
  fill(backend, 2, 3000);
  backend.put("members", utf8Bytes("a"), utf8Bytes("{}"));
  await host.commit();
  assert.equal(backend.committedIndex, 2999);
  assert.equal(backend.overlayBytes, 0);

  for (const main of [2, 97, 500, 2999]) {
    const value = await host.read(() => backend.current().record(main, 0, main % 7 === 0));
    assert.deepEqual(Buffer.from(value!), Buffer.from(recordValue(main)));
  }

  const pin = backend.pinCommitted();
  let next = 2;
  await reader.load(pin, (chunk) =>
    chunk.visit((main, sub, tombstone, bytes, start, end) => {
      assert.deepEqual([main, sub, tombstone], [next, 0, next % 7 === 0]);
      const expected = recordValue(next++);
      assert.equal(Buffer.compare(bytes.subarray(start, end), expected), 0);
      return true;
    }),
  );
  assert.equal(next, 3000);

  let records = crc32cUpdate(0, utf8Bytes("key"));
  for (let main = 2; main <= 1000; main++) {
    records = crc32cUpdate(records, encodeRecordKey(main, 0, main % 7 === 0));
    records = crc32cUpdate(records, recordValue(main));
  }
  const kept = { mains: new Float64Array(0), subs: new Uint32Array(0) };
  assert.equal(await reader.hashRecords(pin, { revision: 1000, compactRevision: -1, kept }), records);
  let all = 0;
  for (const name of BUCKETS) {
    all = crc32cUpdate(all, utf8Bytes(name));
    if (name === "members") all = crc32cUpdate(crc32cUpdate(all, utf8Bytes("a")), utf8Bytes("{}"));
    for (let main = 2; name === "key" && main < 3000; main++) {
      all = crc32cUpdate(all, encodeRecordKey(main, 0, main % 7 === 0));
      all = crc32cUpdate(all, recordValue(main));
    }
  }
  assert.equal(await reader.hash(pin), all);

  const copy = await snapshot(host, pin, async () => {
    fill(backend, 3000, 4000);
    await host.commit();
  });
  pin.release();
  assert.equal(backend.openReaders, 0);
  await host.close();

  const copyPath = join(folder, "copy");
  writeFileSync(copyPath, copy);
  const copied = await Host.open(copyPath);
  assert.equal(copied.commits.opened.consistentIndex, 2999);
  assert.equal(copied.commits.opened.term, 3);
  const small = copied.commits.opened.small.find(({ bucket }) => bucket === "members");
  assert.equal(String(Buffer.from(small!.value)), "{}");
  const last = await copied.read(() => copied.backend.current().record(2998, 0, false));
  assert.deepEqual(Buffer.from(last!), Buffer.from(recordValue(2998)));
  assert.equal(await copied.read(() => copied.backend.current().record(3001, 0, false)), undefined);
  await copied.close();
});

/** Reads a snapshot in odd pieces, with something happening in the middle. */
async function snapshot(
  host: Host,
  pin: ReturnType<Backend["pinCommitted"]>,
  meanwhile: () => Promise<void>,
): Promise<Buffer> {
  const reading = host.reader.snapshot(pin);
  const pieces: Uint8Array[] = [];
  let digest: Uint8Array | undefined;
  for (let size = 1000; digest === undefined; size = Math.min(size * 2, 100_000)) {
    const piece = await reading.next(size);
    pieces.push(piece.bytes);
    digest = piece.digest;
    if (pieces.length === 3) await meanwhile();
  }
  reading.end();
  const whole = Buffer.concat(pieces);
  assert.equal(whole.length, reading.bytes);
  assert.deepEqual(createHash("sha256").update(whole).digest(), Buffer.from(digest));
  return whole;
}

test("a second opener is told that the database is locked", async () => {
  const path = join(folder, "locked");
  const first = await Host.open(path);
  if (first.commits.locked) await assert.rejects(Host.open(path), DatabaseLockedError);
  await first.close();
  await (await Host.open(path)).close();
});

test("a damaged file is refused with its name", async () => {
  const path = join(folder, "damaged");
  writeFileSync(path, Buffer.alloc(64 * 1024, 1));
  await assert.rejects(Host.open(path), (error: Error) => {
    return error instanceof DatabaseError && error.message.includes(path);
  });
  const cut = join(folder, "cut");
  const host = await Host.open(cut);
  fill(host.backend, 2, 400);
  await host.commit();
  await host.close();
  truncateSync(cut, 20_000);
  await assert.rejects(Host.open(cut), /cut is cut off: 20000 bytes/);
});

test("a failure of the disk keeps its code on the way to the loop", async () => {
  await assert.rejects(Host.open(join(folder, "missing", "db")), (error: Error) => {
    return error instanceof DiskError && error.code === "ENOENT" && error.message.includes("missing");
  });
});

test("a damaged page that a fetch reads ends the reader with page and offset", async () => {
  const path = join(folder, "damaged-page");
  const host = await Host.open(path);
  const failure = new Promise<Error>((resolve) => {
    const reader = new ReaderThread(path, host.commits.opened.pageBytes, {
      onPages: () => assert.fail("a damaged page arrives"),
      onFailure: resolve,
    });
    reader.fetch({ id: 1, file: 1, pages: [0], highWaterMark: 3 });
  });
  assert.match((await failure).message, /damaged-page: .*page 0/);
  await host.close();
});

test("the threads defragment while batches come and a snapshot is read", async () => {
  const path = join(folder, "defragmented");
  const host = await Host.open(path);
  const { backend, reader } = host;
  fill(backend, 2, 4000);
  await host.commit();
  for (let main = 100; main < 3500; main++) backend.deleteRecord(main, 0, main % 7 === 0);
  await host.commit();
  const pin = backend.pinCommitted();
  const expected = await reader.hash(pin);
  const ended = host.commits.defragment();
  const copy = await snapshot(host, pin, async () => {
    fill(backend, 4000, 4100);
    await host.commit();
  });
  assert.equal(await ended, undefined);
  await host.opening;
  assert.ok(backend.size < copy.length / 2);
  const old = await reader.hash(pin);
  assert.equal(old, expected);
  pin.release();
  assert.deepEqual(backend.takeEndedFiles(), [1]);
  reader.closeFile(1);
  const last = await host.read(() => backend.current().record(4093, 0, false));
  assert.deepEqual(Buffer.from(last!), Buffer.from(recordValue(4093)));
  assert.equal(await host.read(() => backend.current().record(101, 0, false)), undefined);
  await host.close();
});
