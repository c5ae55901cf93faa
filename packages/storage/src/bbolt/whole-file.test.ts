import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { SeededRandom, utf8Bytes } from "@etcd-ts/base";
import { FaultyDisk } from "../disk/faulty-disk.ts";
import { CompactedCopy } from "./compacted-copy.ts";
import { createDatabase } from "./create-database.ts";
import { Database } from "./database.ts";
import {
  CONTRACT_BUCKETS,
  CONTRACT_OPTIONS,
  contractKey,
  PlannedCrash,
  readContent,
} from "./database-contract.ts";
import { DatabaseError } from "./database-error.ts";
import { DatabaseHash } from "./database-hash.ts";
import { encodeMeta, type Meta } from "./meta-page.ts";
import { OperationPacker } from "./operation-batch.ts";
import { checkDatabase } from "./page-check.ts";
import { writePageHeader, writeUint64 } from "./page-layout.ts";
import { readNode } from "./page-store.ts";

const PATH = "/db";
const PAGE = 1024;
const ALL = Number.POSITIVE_INFINITY;

function newDatabase(): { disk: FaultyDisk; database: Database } {
  const disk = new FaultyDisk();
  assert.ok(createDatabase(disk, PATH, CONTRACT_BUCKETS, PAGE));
  const database = open(disk);
  database.findFreePages(ALL);
  return { disk, database };
}

function open(disk: FaultyDisk): Database {
  const database = Database.open(disk, PATH, { ...CONTRACT_OPTIONS, growthBytes: 0 });
  assert.ok(database !== undefined);
  return database;
}

/** Puts `count` records into each bucket; with `bytes` undefined deletes them. */
function change(database: Database, from: number, count: number, bytes: number | undefined): void {
  const packer = new OperationPacker();
  for (let i = from; i < from + count; i++) {
    for (const bucket of CONTRACT_BUCKETS.keys()) {
      if (bytes === undefined) packer.delete(bucket, contractKey(bucket, i));
      else packer.put(bucket, contractKey(bucket, i), new Uint8Array(bytes).fill(i));
    }
  }
  database.apply(packer.finish());
  database.commit({ oldestReader: database.transaction });
}

function metaOf(database: Database): Meta {
  const { pageBytes, root, highWaterMark, transaction } = database;
  return { pageBytes, root, highWaterMark, transaction, sequence: 0, freeList: undefined };
}

function content(disk: FaultyDisk, path: string, meta: Meta) {
  return readContent(disk, path, meta.pageBytes, meta.root, meta.highWaterMark);
}

describe("a compacted copy", () => {
  it("has the same content in fewer pages, whatever the page sizes and the sizes of records", () => {
    for (const [count, bytes, pageBytes] of [
      [0, 0, 1024],
      [3, 20, 1024],
      [300, 60, 1024],
      [300, 300, 4096],
      [40, 5000, 1024],
      [500, 0, 1024],
    ] as const) {
      const { disk, database } = newDatabase();
      change(database, 0, count, bytes);
      if (count > 100) change(database, 10, 60, undefined);
      const target = disk.open("/copy", "create");
      const copy = new CompactedCopy(disk.open(PATH, "read"), metaOf(database), target, pageBytes);
      while (!copy.advance(1000));
      const meta = copy.finish(database.transaction + 5);
      assert.deepEqual(checkDatabase(disk, "/copy").problems, []);
      assert.equal(target.size(), meta.highWaterMark * pageBytes);
      assert.deepEqual(content(disk, "/copy", meta), content(disk, PATH, metaOf(database)));
      const report = checkDatabase(disk, "/copy");
      assert.equal(report.pages, report.reachedPages, "no free page");
      assert.ok(target.size() <= Math.max(database.size, 4 * pageBytes));
      assert.equal(hashOf(disk, "/copy", meta, 1), hashOf(disk, PATH, metaOf(database), ALL));
    }
  });

  it("opens as a database and takes commits", () => {
    const { disk, database } = newDatabase();
    change(database, 0, 200, 100);
    const target = disk.open("/copy", "create");
    const copy = new CompactedCopy(disk.open(PATH, "read"), metaOf(database), target);
    assert.ok(copy.advance(ALL));
    copy.finish(database.transaction);
    disk.rename("/copy", PATH);
    const copied = open(disk);
    copied.findFreePages(ALL);
    change(copied, 100, 200, 50);
    assert.deepEqual(checkDatabase(disk, PATH, copied).problems, []);
    assert.equal(content(disk, PATH, metaOf(copied))[0]!.size, 300);
  });
});

function hashOf(disk: FaultyDisk, path: string, meta: Meta, slice: number): number {
  const file = disk.open(path, "read");
  const pages = { node: (page: number) => readNode(file, page, meta.pageBytes, meta.highWaterMark) };
  const hash = new DatabaseHash(pages, meta.root);
  while (!hash.advance(slice));
  return hash.value;
}

describe("a file with a stored free list", () => {
  it("is opened, its list's pages are freed by the next commit, and no list is stored again", () => {
    const { disk, database } = newDatabase();
    change(database, 0, 100, 200);
    change(database, 0, 50, undefined);
    database.close();
    const stored = storeFreeList(disk, database);
    assert.deepEqual(checkDatabase(disk, PATH).problems, []);
    const opened = open(disk);
    assert.equal(opened.highWaterMark, stored.highWaterMark);
    opened.findFreePages(ALL);
    assert.deepEqual(checkDatabase(disk, PATH).problems, []);
    change(opened, 200, 1, 10);
    assert.deepEqual(checkDatabase(disk, PATH, opened).problems, []);
    change(opened, 300, 50, 200);
    assert.deepEqual(checkDatabase(disk, PATH, opened).problems, []);
  });

  it("is refused when the list is damaged", () => {
    const { disk, database } = newDatabase();
    database.close();
    const stored = storeFreeList(disk, database);
    const file = disk.open(PATH, "write");
    file.write(Uint8Array.of(0xee), 0, 1, stored.freeList! * PAGE + 8);
    assert.throws(() => open(disk), /page \d+ at offset \d+ is damaged: it is no free list/);
  });
});

/** Writes the free pages as a list page behind all others, as tools of bbolt do. */
function storeFreeList(disk: FaultyDisk, database: Database): Meta {
  const ids: number[] = [];
  const add = (page: number, pages: number) => {
    for (let i = 0; i < pages; i++) ids.push(page + i);
  };
  database.forEachFreeRun(add);
  database.forEachPendingRun(add);
  const page = database.highWaterMark;
  const pages = Math.ceil((16 + 8 * ids.length) / PAGE);
  const bytes = new Uint8Array(pages * PAGE);
  writePageHeader(bytes, 0, page, 0x10, ids.length, pages - 1);
  for (const [i, id] of ids.entries()) writeUint64(bytes, 16 + 8 * i, id);
  const transaction = database.transaction + 1;
  const meta = { ...metaOf(database), freeList: page, highWaterMark: page + pages, transaction };
  const metaPage = new Uint8Array(PAGE);
  encodeMeta(metaPage, 0, (transaction % 2) as 0 | 1, meta);
  const file = disk.open(PATH, "write");
  file.write(bytes, 0, bytes.length, page * PAGE);
  file.write(metaPage, 0, PAGE, (transaction % 2) * PAGE);
  file.close();
  return meta;
}

describe("a damaged file", () => {
  it("is refused with a clear error, or read; never anything else, and the page check does not fall", () => {
    const { disk, database } = newDatabase();
    change(database, 0, 150, 90);
    change(database, 20, 40, undefined);
    database.close();
    const good = disk.readFile(PATH);
    const random = new SeededRandom(7);
    let refused = 0;
    for (let variant = 0; variant < 400; variant++) {
      const bad = damage(good.slice(), random);
      const victim = new FaultyDisk();
      victim.writeFile(PATH, bad);
      checkDatabase(victim, PATH);
      try {
        useEverything(victim);
      } catch (error) {
        assert.ok(error instanceof DatabaseError, String(error));
        assert.match(error.message, /damaged|database|cut off|bucket|outside/);
        refused++;
      }
    }
    assert.ok(refused > 100 && refused < 400, `${refused} refused`);
  });

  it("is seen by the page check when keys are out of order or pages are used twice", () => {
    const { disk, database } = newDatabase();
    change(database, 0, 150, 90);
    const file = disk.open(PATH, "write");
    const leaf = findPage(disk, database, (node) => node[8] === 2 && node[10]! > 3);
    file.write(
      Uint8Array.of(0xff),
      0,
      1,
      leaf * PAGE + 16 + 4 + new DataView(nodeOf(disk, leaf).buffer).getUint32(20, true) - 4,
    );
    const texts = checkDatabase(disk, PATH, database).problems.map((problem) => problem.text);
    assert.ok(
      texts.some((text) => text.includes(`page ${leaf} at offset ${leaf * PAGE}`)),
      texts.join("\n"),
    );
  });
});

function nodeOf(disk: FaultyDisk, page: number): Uint8Array {
  return disk.readFile(PATH).slice(page * PAGE, (page + 1) * PAGE);
}

function findPage(disk: FaultyDisk, database: Database, wanted: (node: Uint8Array) => boolean): number {
  const free = new Set<number>();
  const add = (first: number, pages: number) => {
    for (let i = 0; i < pages; i++) free.add(first + i);
  };
  database.forEachFreeRun(add);
  database.forEachPendingRun(add);
  for (let page = 2; page < database.highWaterMark; page++) {
    if (!free.has(page) && wanted(nodeOf(disk, page))) return page;
  }
  throw new Error("no such page");
}

/** One fault of a disk: bits flipped, a stretch zeroed, the end cut off, a page in place of another. */
function damage(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const at = random.below(bytes.length);
  switch (random.below(5)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return bytes.fill(0, at, at + random.below(2000));
    case 2:
      return bytes.copyWithin(
        random.below(bytes.length / PAGE) * PAGE,
        Math.floor(at / PAGE) * PAGE,
        Math.floor(at / PAGE) * PAGE + PAGE,
      );
    default: {
      const header = Math.floor(at / PAGE) * PAGE + random.below(200);
      for (let i = 0; i <= random.below(3); i++) bytes[header + random.below(16)]! ^= 1 << random.below(8);
      return bytes;
    }
  }
}

function useEverything(disk: FaultyDisk): void {
  const database = open(disk);
  const file = disk.open(PATH, "read");
  const meta = metaOf(database);
  const pages = { node: (page: number) => readNode(file, page, meta.pageBytes, meta.highWaterMark) };
  const hash = new DatabaseHash(pages, meta.root);
  for (let slices = 0; !hash.advance(1000); slices++) if (slices > 1000) break;
  database.findFreePages(ALL);
  change(database, 0, 200, 50);
  change(database, 0, 150, undefined);
}

describe("wear", () => {
  it("a long life of overwrites with compaction leaves the file's size steady", () => {
    const { disk, database } = newDatabase();
    let settled = 0;
    for (let round = 0; round < 300; round++) {
      const packer = new OperationPacker();
      for (let i = 0; i < 20; i++) packer.put(1, contractKey(1, 1000 + 20 * round + i), new Uint8Array(60));
      if (round >= 20)
        for (let i = 0; i < 20; i++) packer.delete(1, contractKey(1, 1000 + 20 * (round - 20) + i));
      packer.put(0, utf8Bytes("index"), Uint8Array.of(round));
      database.apply(packer.finish());
      database.commit({ oldestReader: database.transaction });
      if (round === 100) settled = database.size;
    }
    assert.ok(database.size <= settled + 2 * PAGE, `${settled} bytes became ${database.size}`);
    assert.deepEqual(checkDatabase(disk, PATH, database).problems, []);
  });

  it("a reader that stays makes the file grow, and its end makes the pages usable", () => {
    const { database } = newDatabase();
    for (let i = 0; i < 5; i++) change(database, 0, 60, 200);
    const before = database.size;
    const reader = database.transaction;
    for (let i = 0; i < 10; i++) changeBeside(database, reader);
    const grown = database.size;
    assert.ok(grown > before * 1.5, `${before} bytes became ${grown}`);
    for (let i = 0; i < 20; i++) change(database, 0, 60, 200);
    assert.equal(database.size, grown);
  });
});

function changeBeside(database: Database, oldestReader: number): void {
  const packer = new OperationPacker();
  for (let i = 0; i < 60; i++) packer.put(0, contractKey(0, i), new Uint8Array(200).fill(i));
  database.apply(packer.finish());
  database.commit({ oldestReader });
}

describe("a failed commit", () => {
  it("leaves the durable tree, and the object refuses everything after it", () => {
    const { disk, database } = newDatabase();
    change(database, 0, 50, 100);
    const before = content(disk, PATH, metaOf(database));
    disk.capacityBytes = disk.usedBytes();
    assert.throws(() => change(database, 50, 500, 1000), /ENOSPC|space/);
    disk.capacityBytes = ALL;
    assert.throws(() => change(database, 50, 1, 1), /closed or has failed/);
    assert.throws(() => database.findFreePages(1), /closed or has failed/);
    database.close();
    const reopened = open(disk);
    assert.deepEqual(content(disk, PATH, metaOf(reopened)), before);
  });

  it("a commit of nothing writes nothing", () => {
    const { disk, database } = newDatabase();
    const { operationCount } = disk;
    const commit = database.commit({ oldestReader: 1 });
    assert.equal(disk.operationCount, operationCount);
    assert.equal(commit.transaction, 1);
  });

  it("any operation on a bucket that the file lacks makes it, a deletion too", () => {
    const disk = new FaultyDisk();
    createDatabase(disk, PATH, ["first"], PAGE);
    const database = open(disk);
    const packer = new OperationPacker();
    for (const bucket of [1, 2]) packer.delete(bucket, contractKey(bucket, 1));
    database.apply(packer.finish());
    database.commit({ oldestReader: 1 });
    assert.deepEqual(
      content(disk, PATH, metaOf(database)).map((bucket) => bucket.size),
      [0, 0, 0],
    );
    assert.equal(Database.open(disk, PATH, CONTRACT_OPTIONS), undefined, "the lock is held");
    database.close();
    assert.equal(createDatabase(disk, PATH, []), false, "the file exists");
    assert.equal(open(disk).transaction, 2);
  });
});

describe("making a database", () => {
  it("is whole or absent after a crash at any change, and begins anew when it was cut off", () => {
    for (let at = 0; at < 12; at++) {
      for (let seed = 0; seed < 4; seed++) {
        const disk = new FaultyDisk();
        disk.intercept = (_, index) => {
          if (index >= at) throw new PlannedCrash();
          return undefined;
        };
        let made = false;
        try {
          made = createDatabase(disk, PATH, CONTRACT_BUCKETS, PAGE);
        } catch (error) {
          assert.ok(error instanceof PlannedCrash);
        }
        disk.intercept = undefined;
        disk.crash(new SeededRandom(seed));
        assert.ok(disk.exists(PATH) || !made, "made, and gone after the crash");
        if (!disk.exists(PATH)) assert.ok(createDatabase(disk, PATH, CONTRACT_BUCKETS, PAGE));
        assert.deepEqual(checkDatabase(disk, PATH).problems, []);
        assert.equal(open(disk).transaction, 1);
      }
    }
  });
});
