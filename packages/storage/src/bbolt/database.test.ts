import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { SeededRandom } from "@etcd-ts/base";
import fc from "fast-check";
import type { Disk, DiskFile } from "../disk/disk.ts";
import { type DiskOperation, FaultyDisk } from "../disk/faulty-disk.ts";
import {
  type ContractOptions,
  ContractRun,
  type CrashingDisk,
  PlannedCrash,
  type RunOfKeys,
  randomStory,
  type Step,
} from "./database-contract.ts";
import { FreeList } from "./free-list.ts";

const PATH = "/db";

/** A faulty disk on which the contract plays; `mistake` may skip changes (planted bugs). */
function crashingDisk(
  seed: number,
  mistake?: (operation: DiskOperation) => "skip" | undefined,
  wrap: (disk: FaultyDisk) => Disk = (disk) => disk,
): CrashingDisk {
  const disk = new FaultyDisk();
  const random = new SeededRandom(seed);
  let failsAt = Number.POSITIVE_INFINITY;
  disk.intercept = (operation, index) => {
    if (index >= failsAt) throw new PlannedCrash();
    return mistake?.(operation);
  };
  return {
    disk: wrap(disk),
    failAt: (at) => {
      failsAt = disk.operationCount + at;
    },
    crash: () => {
      failsAt = Number.POSITIVE_INFINITY;
      if (random.below(4) === 0) disk.crashForgettingAll();
      else disk.crash(random);
    },
  };
}

function play(host: CrashingDisk, steps: readonly Step[], options: Partial<ContractOptions> = {}): void {
  new ContractRun(host, PATH, { pageBytes: 1024, ...options }).run(steps);
}

/** Seeds of `count` stories in which a planted bug was seen. */
function caught(count: number, story: (seed: number) => void): number {
  let failures = 0;
  for (let seed = 1; seed <= count; seed++) {
    try {
      story(seed);
    } catch {
      failures++;
    }
  }
  return failures;
}

describe("database against the reference model", () => {
  it("keeps content, readers and pages through any story", () => {
    const run: fc.Arbitrary<RunOfKeys> = fc.record({
      bucket: fc.nat(2),
      from: fc.nat(60),
      count: fc.nat(40),
      stride: fc.integer({ min: 1, max: 3 }),
      bytes: fc.option(fc.constantFrom(0, 8, 30, 100, 300, 700, 2500, 9000), { nil: undefined, freq: 2 }),
    });
    const runs = fc.array(run, { maxLength: 4 });
    const step: fc.Arbitrary<Step> = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant("commit" as const), runs }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant("crash" as const), runs, at: fc.nat(7) }) },
      fc.constant<Step>({ kind: "pin" }),
      fc.constant<Step>({ kind: "unpin" }),
      fc.constant<Step>({ kind: "find-free-pages" }),
      fc.record({ kind: fc.constant("reopen" as const), findFreePages: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.nat(), (steps, seed) =>
        play(crashingDisk(seed), steps),
      ),
      { numRuns: 100 },
    );
  });

  it("keeps them through long random stories with crashes at any change of the disk", () => {
    for (let seed = 1; seed <= 12; seed++) {
      const pageBytes = seed % 5 === 0 ? 4096 : 1024;
      play(crashingDisk(seed), randomStory(new SeededRandom(seed), 60, true), { pageBytes });
    }
  });

  it("keeps them with a cache that holds almost nothing", () => {
    for (let seed = 100; seed < 103; seed++) {
      play(crashingDisk(seed), randomStory(new SeededRandom(seed), 50, true), {
        database: { cacheBytes: 1 },
      });
    }
  });
});

describe("planted bugs are caught", () => {
  const STORIES = 6;
  const story = (seed: number, crashes: boolean) => randomStory(new SeededRandom(seed), 40, crashes);

  it("sync skipped", () => {
    const host = (seed: number) => {
      let syncs = 0;
      return crashingDisk(seed, (operation) =>
        operation.kind === "sync" && syncs++ > 0 ? "skip" : undefined,
      );
    };
    assert.ok(caught(STORIES, (seed) => play(host(seed), story(seed, true))) > 0);
  });

  it("only the sync before the meta page skipped", () => {
    const host = (seed: number) => {
      let syncs = 0;
      return crashingDisk(seed, (operation) =>
        operation.kind === "sync" && operation.file === 0 && syncs++ > 0 && syncs % 2 === 0
          ? "skip"
          : undefined,
      );
    };
    assert.ok(caught(STORIES, (seed) => play(host(seed), story(seed, true))) > 0);
  });

  it("meta page before data", () => {
    const host = (seed: number) => crashingDisk(seed, undefined, (disk) => new MetaFirstDisk(disk));
    assert.ok(caught(STORIES, (seed) => play(host(seed), story(seed, true))) > 0);
  });

  it("early page reuse: readers forgotten", () => {
    const options = { forgetsReaders: true };
    assert.ok(caught(STORIES, (seed) => play(crashingDisk(seed), story(seed, false), options)) > 0);
  });

  it("early page reuse: before the meta page is durable", () => {
    const { freed } = FreeList.prototype;
    FreeList.prototype.freed = function (this: FreeList, _transaction, page, pages) {
      this.giveBack(page, pages);
    };
    try {
      assert.ok(caught(STORIES, (seed) => play(crashingDisk(seed), story(seed, true))) > 0);
    } finally {
      FreeList.prototype.freed = freed;
    }
  });

  it("none of them is seen without a bug", () => {
    assert.equal(
      caught(STORIES, (seed) => play(crashingDisk(seed), story(seed, seed % 2 === 0))),
      0,
    );
  });
});

/** Holds data pages back until the meta page of their commit has been written and synced. */
class MetaFirstDisk extends FaultyDisk {
  private readonly disk: FaultyDisk;

  constructor(disk: FaultyDisk) {
    super();
    this.disk = disk;
  }

  override open(path: string, mode: "read" | "write" | "create" | "open-or-create"): DiskFile {
    const file = this.disk.open(path, mode);
    return mode === "write" ? metaFirst(file) : file;
  }

  override rename(from: string, to: string): void {
    this.disk.rename(from, to);
  }

  override exists(path: string): boolean {
    return this.disk.exists(path);
  }

  override syncDirectory(path: string): void {
    this.disk.syncDirectory(path);
  }
}

function metaFirst(file: DiskFile): DiskFile {
  let held: { bytes: Uint8Array; position: number }[] = [];
  return {
    path: file.path,
    read: (target, offset, length, position) => {
      for (const { bytes, position: at } of held) {
        if (position >= at && position + length <= at + bytes.length) {
          target.set(bytes.subarray(position - at, position - at + length), offset);
          return length;
        }
      }
      return file.read(target, offset, length, position);
    },
    write: (source, offset, length, position) => {
      if (position > 1024) {
        held.push({ bytes: source.slice(offset, offset + length), position });
        return;
      }
      file.write(source, offset, length, position);
      file.sync();
      for (const { bytes, position: at } of held) file.write(bytes, 0, bytes.length, at);
      held = [];
    },
    truncate: (length) => file.truncate(length),
    sync: () => file.sync(),
    size: () => file.size(),
    tryLock: (kind) => file.tryLock(kind),
    close: () => file.close(),
  };
}
