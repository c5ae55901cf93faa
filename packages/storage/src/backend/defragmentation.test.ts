/** Defragmentation beside commits and readers, on a disk that forgets and on one that is full. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom, utf8Bytes } from "@etcd-ts/base";
import { checkDatabase } from "../bbolt/index.ts";
import { FaultyDisk } from "../disk/faulty-disk.ts";
import { type BackendView, MISS } from "./backend-types.ts";
import { Committer } from "./committer.ts";
import { InlineStorage } from "./inline-storage.ts";
import { PagedBackend } from "./paged-backend.ts";

const PATH = "/d/db";

/** A backend over inline storage, and what its records should be. */
class Bench {
  readonly disk: FaultyDisk;
  readonly storage: InlineStorage;
  readonly backend: PagedBackend;
  readonly expected = new Map<number, number>();
  private readonly random: SeededRandom;
  private next = 2;
  index = 0;

  constructor(seed: number, disk = new FaultyDisk(), sliceBytes = 32 * 1024) {
    this.random = new SeededRandom(seed);
    this.disk = disk;
    if (!disk.exists("/d")) disk.makeDirectory("/d");
    disk.syncDirectory("/");
    this.storage = InlineStorage.open(disk, PATH, { sync: true, sliceBytes, growthBytes: 64 * 1024 })!;
    this.backend = new PagedBackend(this.storage.opened, { cacheBytesMax: 64 * 1024 });
  }

  /** An entry with some puts, deletions of old records and a change of a small bucket. */
  write(puts: number, deletions: number): void {
    const { backend, random, expected } = this;
    backend.beginEntry();
    for (let i = 0; i < puts; i++) {
      const value = new Uint8Array(random.below(60) === 0 ? 9000 : random.below(300)).fill(this.next);
      backend.putRecord(this.next, 0, false, value, 0, value.length);
      expected.set(this.next++, value.length);
    }
    for (let i = 0; i < deletions; i++) {
      const main = 2 + random.below(this.next);
      backend.deleteRecord(main, 0, false);
      expected.delete(main);
    }
    backend.put("cluster", utf8Bytes("n"), utf8Bytes(`${++this.index}`));
    backend.endEntry(this.index, 1);
  }

  commit(): void {
    const batch = this.backend.takeBatch(true);
    if (batch !== undefined) this.backend.onCommitted(this.storage.commit(batch));
  }

  fill(): void {
    for (let i = 0; i < 30; i++) {
      this.write(60, 40);
      this.commit();
      this.storage.work();
    }
  }

  records(view: BackendView): Map<number, number> {
    const records = new Map<number, number>();
    let from = 0;
    const visit = (
      main: number,
      _sub: number,
      _dead: boolean,
      _bytes: Uint8Array,
      start: number,
      end: number,
    ) => {
      from = main + 1;
      records.set(main, end - start);
      return true;
    };
    while (view.scanRecords(from, 0, Infinity, visit) === MISS) this.fetch();
    return records;
  }

  fetch(): void {
    const fetch = this.backend.takeMisses();
    assert.ok(fetch !== undefined);
    this.backend.onPages(fetch.id, this.storage.read(fetch));
  }

  /** Runs to the end, `between` slices; returns why it failed. */
  defragment(between: () => void = () => {}): string | undefined {
    this.storage.committer.defragment();
    for (let slice = 0; slice < 10_000; slice++) {
      const end = this.storage.work();
      if (end !== undefined) {
        if ("failure" in end) return end.failure;
        this.backend.onMoved(end.moved);
        return undefined;
      }
      between();
    }
    throw new Error("it does not end");
  }

  closeEndedFiles(): readonly number[] {
    const ended = this.backend.takeEndedFiles();
    for (const file of ended) this.storage.closeFile(file);
    return ended;
  }

  check(): void {
    assert.deepEqual(checkDatabase(this.disk, PATH, this.storage.committer.database).problems, []);
    const { highWaterMark } = this.storage.committer.database;
    assert.equal(this.backend.size, highWaterMark * 4096);
  }
}

test("the new file is packed, holds everything, and commits go on in it", () => {
  const bench = new Bench(1);
  bench.fill();
  const { size } = bench.backend;
  assert.equal(bench.defragment(), undefined);
  assert.ok(bench.backend.size < 0.8 * size, `${bench.backend.size} instead of ${size}`);
  assert.deepEqual(bench.records(bench.backend.current()), bench.expected);
  bench.check();
  assert.deepEqual(bench.closeEndedFiles(), [1]);
  bench.fill();
  assert.deepEqual(bench.records(bench.backend.current()), bench.expected);
  bench.check();
  assert.deepEqual(bench.disk.list("/d"), ["db"]);
  bench.storage.close();
});

test("what is committed meanwhile is in the new file, index and all", () => {
  for (let seed = 2; seed < 6; seed++) {
    const bench = new Bench(seed);
    bench.fill();
    let writes = 0;
    bench.defragment(() => {
      bench.write(10, 10);
      if (writes++ % 2 === 0) bench.commit();
    });
    assert.ok(writes > 1);
    assert.deepEqual(bench.records(bench.backend.current()), bench.expected);
    bench.commit();
    bench.check();
    const { index, disk, expected } = bench;
    bench.storage.close();
    const again = new Bench(0, disk);
    assert.equal(again.backend.consistentIndex, index);
    assert.deepEqual(again.records(again.backend.current()), expected);
    again.storage.close();
  }
});

test("writers that never pause do not keep it from ending", () => {
  const bench = new Bench(20);
  bench.fill();
  bench.defragment(() => {
    for (let i = 0; i < 3; i++) {
      bench.write(5, 5);
      bench.commit();
    }
  });
  assert.deepEqual(bench.records(bench.backend.current()), bench.expected);
  bench.check();
  bench.storage.close();
});

test("views and pinned roots go on with the old file; it is closed when they end", () => {
  const bench = new Bench(30);
  bench.fill();
  const view = bench.backend.view();
  const before = new Map(bench.expected);
  const pinned = bench.backend.pinCommitted();
  bench.defragment(() => {
    bench.write(5, 30);
    bench.commit();
  });
  for (let i = 0; i < 20; i++) {
    bench.write(30, 30);
    bench.commit();
    bench.storage.work();
  }
  assert.deepEqual(bench.records(view), before);
  assert.deepEqual(bench.records(bench.backend.current()), bench.expected);
  assert.deepEqual(bench.closeEndedFiles(), []);
  view.close();
  assert.deepEqual(bench.closeEndedFiles(), []);
  pinned.release();
  assert.deepEqual(bench.closeEndedFiles(), [1]);
  bench.backend.invariants();
  bench.check();
  bench.storage.close();
});

test("a batch that was closed before the move frees nothing of the new file; late pages of the old one are taken", () => {
  const bench = new Bench(40);
  bench.fill();
  const view = bench.backend.view();
  bench.write(10, 10);
  const batch = bench.backend.takeBatch()!;
  assert.equal(
    view.scanRecords(0, 0, Infinity, () => true),
    MISS,
  );
  const fetch = bench.backend.takeMisses()!;
  bench.defragment();
  bench.backend.onCommitted(bench.storage.commit(batch));
  bench.backend.onPages(fetch.id, bench.storage.read(fetch));
  view.close();
  assert.deepEqual(bench.closeEndedFiles(), [1]);
  assert.deepEqual(bench.records(bench.backend.current()), bench.expected);
  bench.check();
  bench.storage.close();
});

test("a disk without room: refused before, or given up on the way, and commits go on", () => {
  const bench = new Bench(50);
  bench.fill();
  bench.disk.capacityBytes = bench.disk.usedBytes() + 1024 * 1024;
  assert.match(bench.defragment()!, /no space to defragment/);
  bench.disk.capacityBytes = bench.disk.usedBytes() + 40 * 1024 * 1024;
  const failure = bench.defragment(() => {
    bench.disk.capacityBytes = bench.disk.usedBytes();
  });
  assert.match(failure!, /no space left/);
  bench.disk.capacityBytes = Infinity;
  assert.deepEqual(bench.disk.list("/d"), ["db"]);
  bench.write(30, 10);
  bench.commit();
  assert.deepEqual(bench.records(bench.backend.current()), bench.expected);
  bench.check();
  assert.equal(bench.defragment(), undefined);
  bench.storage.close();
});

test("a power failure at any change leaves the last commit that was reported, or one that was under way", () => {
  const operations = crashAt(Infinity).operations;
  assert.ok(operations > 40, `${operations} changes`);
  for (let at = 0; at < operations; at++) crashAt(at);
});

class PowerCut extends Error {}

/** Defragments under writes; the power fails at the `at`th change from its beginning. */
function crashAt(at: number): { readonly operations: number } {
  const bench = new Bench(60, new FaultyDisk(), 4096);
  for (let i = 0; i < 6; i++) {
    bench.write(40, 30);
    bench.commit();
    bench.storage.work();
  }
  const states = new Map<number, Map<number, number>>([[bench.index, new Map(bench.expected)]]);
  let reported = bench.index;
  let operations = 0;
  bench.disk.intercept = () => {
    if (operations++ === at) throw new PowerCut();
    return undefined;
  };
  const write = () => {
    bench.write(10, 10);
    states.set(bench.index, new Map(bench.expected));
    bench.commit();
    reported = bench.index;
  };
  let slices = 0;
  try {
    bench.defragment(() => {
      if (slices++ % 2 === 0) write();
    });
    write();
    bench.storage.close();
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
  bench.disk.intercept = undefined;
  bench.disk.crash(new SeededRandom(at));
  const after = new Bench(0, bench.disk);
  const { consistentIndex } = after.backend;
  assert.ok(consistentIndex >= reported, `change ${at}: ${consistentIndex} after ${reported} was reported`);
  assert.deepEqual(after.records(after.backend.current()), states.get(consistentIndex), `change ${at}`);
  assert.deepEqual(after.disk.list("/d"), ["db"]);
  after.storage.work();
  after.check();
  after.storage.close();
  return { operations };
}

test("at the start it is done before anything else, if there is enough to gain", () => {
  const bench = new Bench(70);
  bench.fill();
  const { size } = bench.backend;
  bench.storage.close();
  const open = (defragmentBytesMin: number) =>
    Committer.open(bench.disk, PATH, { sync: true, defragmentBytesMin })!;
  const same = open(1024 * 1024 * 1024);
  assert.equal(same.opened.size, size);
  same.close();
  const packed = open(4096);
  assert.ok(packed.opened.size < 0.8 * size);
  packed.close();
  const after = new Bench(0, bench.disk);
  assert.deepEqual(after.records(after.backend.current()), bench.expected);
  after.storage.work();
  after.check();
  after.storage.close();
});
