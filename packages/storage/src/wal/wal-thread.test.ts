import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import { after, describe, test } from "node:test";
import { Entry, EntryType } from "@etcd-ts/proto";
import { DiskError } from "../disk/disk.ts";
import { RealDisk } from "../disk/real-disk.ts";
import { Wal } from "./wal.ts";
import { LOG_START, readWal } from "./wal-reader.ts";
import type { WalOptions } from "./wal-state.ts";
import { WalThread } from "./wal-thread.ts";

const METADATA = { nodeId: 1n, clusterId: 2n };
const home = fs.mkdtempSync(`${os.tmpdir()}/wal-thread-test-`);
after(() => fs.rmSync(home, { recursive: true, force: true }));

/** A log on its thread, with promises for the tests. */
class Log {
  readonly directory: string;
  readonly thread: WalThread;
  readonly reports: number[] = [];
  readonly failures: Error[] = [];
  index = 0;
  #wakers: (() => void)[] = [];

  constructor(options: WalOptions, wal?: (directory: string) => Wal) {
    this.directory = `${fs.mkdtempSync(`${home}/m-`)}/wal`;
    const opened = wal?.(this.directory) ?? Wal.create(new RealDisk(), this.directory, METADATA, options);
    this.thread = new WalThread(opened, {
      onSynced: (upTo) => this.#woken(() => this.reports.push(upTo)),
      onFailure: (error) => this.#woken(() => this.failures.push(error)),
    });
  }

  put(size: number): number {
    this.index++;
    this.thread.batch.addEntry(new Entry(EntryType.Normal, 1, this.index, Buffer.alloc(size, this.index)));
    this.thread.batch.addHardState({ term: 1, vote: 1n, commit: this.index - 1 });
    return this.thread.append();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#wakers.push(resolve));
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.thread.close(resolve));
  }

  #woken(note: () => void): void {
    note();
    for (const waker of this.#wakers.splice(0)) waker();
  }
}

describe("the log's thread", () => {
  test("reports batches in order and leaves them on disk", async () => {
    const log = new Log({ segmentSizeBytes: 1_000_000, fillPieceBytes: 65_536 });
    for (let round = 0; round < 20; round++) {
      let number = 0;
      for (let i = 0; i < 50; i++) number = log.put(1000 + i);
      await log.until(() => log.thread.synced >= number);
    }
    assert.equal(log.thread.pendingBytes, 0);
    assert.deepEqual(
      log.reports,
      [...log.reports].sort((a, b) => a - b),
    );
    await log.close();
    const { entries } = readWal(new RealDisk(), log.directory, LOG_START);
    assert.equal(entries.length, 1000);
    assert.ok(entries.every((entry) => entry.data!.length >= 1000 && entry.data![0] === (entry.index & 255)));
    assert.ok(fs.readdirSync(log.directory).length > 1 && !fs.readdirSync(log.directory).includes("0.tmp"));
    assert.deepEqual(log.failures, []);
  });

  test("joins what is appended while the disk is busy", async () => {
    const log = new Log({ segmentSizeBytes: 1_000_000 });
    for (let i = 0; i < 500; i++) log.put(100);
    await log.until(() => log.thread.synced === 500);
    assert.equal(log.reports.length <= 3, true);
    await log.close();
  });

  test("takes batches of any size", async () => {
    const log = new Log({ segmentSizeBytes: 1_000_000 });
    for (const size of [10, 6_000_000, 20, 9_000_000, 100_000]) log.put(size);
    await log.close();
    assert.equal(log.thread.synced, 5);
    const { entries } = readWal(new RealDisk(), log.directory, LOG_START);
    assert.deepEqual(
      entries.map((entry) => entry.data!.length),
      [10, 6_000_000, 20, 9_000_000, 100_000],
    );
  });

  test("goes on with a log that was opened, and holds its locks until it is closed", async () => {
    const disk = new RealDisk();
    const options = { segmentSizeBytes: 1_000_000 };
    const log = new Log(options, (directory) => {
      Wal.create(disk, directory, METADATA, options).close();
      return Wal.open(disk, directory, LOG_START, options).wal;
    });
    log.put(10);
    await log.until(() => log.thread.synced === 1);
    assert.throws(() => Wal.open(disk, log.directory, LOG_START), { code: "locked" });
    await log.close();
    const { wal, contents } = Wal.open(disk, log.directory, LOG_START);
    assert.equal(contents.entries.length, 1);
    wal.close();
  });

  test("tells a failing disk once, and nothing after it", async () => {
    const log = new Log({ segmentSizeBytes: 1_000_000, fillPieceBytes: 0 }, (directory) => {
      const wal = Wal.create(new RealDisk(), directory, METADATA, {});
      const state = { ...wal.detach().state, filledEnd: 0 };
      const name = `${directory}/${state.segments[0]!.name}`;
      return new Wal(new RealDisk(), state, [new RealDisk().open(name, "read")]);
    });
    log.put(10);
    await log.until(() => log.failures.length > 0);
    log.put(10);
    await log.close();
    assert.equal(log.failures.length, 1);
    assert.ok(log.failures[0] instanceof DiskError && log.failures[0].code === "EBADF");
    assert.match(log.failures[0].message, /^wal: write .*wal: /);
    assert.deepEqual(log.reports, []);
  });
});
