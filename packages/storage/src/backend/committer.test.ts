/** Opening, and the reading of committed pages: by page, in order with reading ahead, in slices, in pieces. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom, utf8Bytes } from "@etcd-ts/base";
import { createDatabase, Database, DatabaseError, OperationPacker } from "../bbolt/index.ts";
import { FaultyDisk } from "../disk/faulty-disk.ts";
import { BUCKETS, MISS } from "./backend-types.ts";
import { Committer } from "./committer.ts";
import { InlineStorage } from "./inline-storage.ts";
import { NodeFile } from "./node-file.ts";
import { PageStream } from "./page-stream.ts";
import { PagedBackend } from "./paged-backend.ts";
import { TreeWalk } from "./tree-walk.ts";

const PATH = "/d/db";

function freshDisk(): FaultyDisk {
  const disk = new FaultyDisk();
  disk.makeDirectory("/d");
  return disk;
}

/** A database whose bucket `key` holds `count` records of mixed sizes, written in an order that scatters pages. */
function filled(
  count: number,
  seed = 1,
): { disk: FaultyDisk; storage: InlineStorage; backend: PagedBackend } {
  const disk = freshDisk();
  const storage = InlineStorage.open(disk, PATH, { sync: true })!;
  const backend = new PagedBackend(storage.opened, { cacheBytesMax: 64 * 1024 });
  const random = new SeededRandom(seed);
  for (let main = 2; main < count + 2; main++) {
    const value = new Uint8Array(random.below(40) === 0 ? 9000 : random.below(300)).fill(main);
    backend.putRecord(main, 0, false, value, 0, value.length);
    if (main % 5 === 0) backend.deleteRecord(2 + random.below(main), 0, false);
    if (main % 50 !== 0) continue;
    backend.onCommitted(storage.commit(backend.takeBatch()!));
    storage.committer.work();
  }
  const last = backend.takeBatch();
  if (last !== undefined) backend.onCommitted(storage.commit(last));
  return { disk, storage, backend };
}

function allRecords(storage: InlineStorage, backend: PagedBackend): string[] {
  const records: string[] = [];
  let from = 0;
  const visit = (
    main: number,
    _sub: number,
    _tombstone: boolean,
    bytes: Uint8Array,
    start: number,
    end: number,
  ) => {
    from = main + 1;
    records.push(`${main} ${end - start} ${bytes[start]}`);
    return true;
  };
  while (backend.current().scanRecords(from, 0, Infinity, visit) === MISS) {
    const fetch = backend.takeMisses()!;
    backend.onPages(fetch.id, storage.read(fetch));
  }
  return records;
}

test("a new database has the ten buckets and nothing in them", () => {
  const committer = Committer.open(freshDisk(), PATH, { sync: true })!;
  const { created, small, missingBuckets, consistentIndex, term } = committer.opened;
  assert.deepEqual(
    { created, small, missingBuckets, consistentIndex, term },
    {
      created: true,
      small: [],
      missingBuckets: [],
      consistentIndex: 0,
      term: 0,
    },
  );
});

test("a database that somebody else holds is not opened", () => {
  const disk = freshDisk();
  const first = Committer.open(disk, PATH, { sync: true })!;
  assert.equal(Committer.open(disk, PATH, { sync: true }), undefined);
  first.close();
  assert.notEqual(Committer.open(disk, PATH, { sync: true }), undefined);
});

test("buckets that an old file lacks are named, and a deletion in one makes it", () => {
  const disk = freshDisk();
  createDatabase(disk, PATH, ["key", "meta"]);
  const storage = InlineStorage.open(disk, PATH, { sync: true })!;
  assert.deepEqual(
    storage.opened.missingBuckets,
    BUCKETS.filter((name) => name !== "key" && name !== "meta"),
  );
  const backend = new PagedBackend(storage.opened, { cacheBytesMax: 64 * 1024 });
  for (const name of storage.opened.missingBuckets) backend.delete(name, utf8Bytes("x"));
  storage.commit(backend.takeBatch()!);
  storage.close();
  assert.deepEqual(Committer.open(disk, PATH, { sync: true })!.opened.missingBuckets, []);
});

test("index and term come back, small buckets come whole and in order", () => {
  const { disk, storage, backend } = filled(10);
  backend.beginEntry();
  for (let i = 0; i < 300; i++) backend.put("lease", utf8Bytes(`l${i}`), utf8Bytes(`${i}`));
  assert.equal(backend.takeBatch(), undefined, "an entry is open");
  backend.endEntry(2 ** 40 + 1, 12);
  backend.onCommitted(storage.commit(backend.takeBatch()!));
  assert.equal(backend.committedIndex, 2 ** 40 + 1);
  storage.close();
  const { opened } = Committer.open(disk, PATH, { sync: true })!;
  assert.equal(opened.consistentIndex, 2 ** 40 + 1);
  assert.equal(opened.term, 12);
  const leases = opened.small
    .filter(({ bucket }) => bucket === "lease")
    .map(({ key }) => String(Buffer.from(key)));
  assert.equal(leases.length, 300);
  assert.deepEqual(leases, [...leases].sort());
});

test("an index without writes is committed when it is forced", () => {
  const { storage, backend } = filled(3);
  backend.beginEntry();
  backend.endEntry(5, 1);
  assert.equal(backend.takeBatch(), undefined);
  const batch = backend.takeBatch(true)!;
  backend.onCommitted(storage.commit(batch));
  assert.equal(backend.committedIndex, 5);
  assert.equal(backend.takeBatch(true), undefined);
});

test("a consistent index of a wrong length is refused", () => {
  const disk = freshDisk();
  createDatabase(disk, PATH, BUCKETS);
  const buckets = BUCKETS.map((name) => ({ name, fill: 0.5 }));
  const database = Database.open(disk, PATH, { buckets })!;
  const packer = new OperationPacker();
  packer.put(BUCKETS.indexOf("meta"), utf8Bytes("consistent_index"), utf8Bytes("five"));
  database.apply(packer.finish());
  database.commit({ oldestReader: database.transaction });
  database.close();
  assert.throws(
    () => Committer.open(disk, PATH, { sync: true }),
    (error: Error) => error instanceof DatabaseError && /\/d\/db: consistent_index/.test(error.message),
  );
  assert.notEqual(Database.open(disk, PATH, { buckets }), undefined, "the lock is let go");
});

test("nodes come whole and equal, whether they are read singly or together", () => {
  const { storage, backend } = filled(800);
  const file = storage.reader;
  const root = backend.pinCommitted();
  const walk = new TreeWalk(file, root);
  walk.enter(utf8Bytes("key"));
  const pages = new Set<number>();
  while (walk.step())
    pages.add(new DataView(walk.cursor.node.buffer, walk.cursor.node.byteOffset).getUint32(0, true));
  const together = file.readNodes([...pages], root.highWaterMark);
  assert.deepEqual(
    together.map(({ id }) => id),
    [...pages].sort((a, b) => a - b),
  );
  for (const { id, bytes } of together) {
    assert.deepEqual(file.readNodes([id], root.highWaterMark)[0]!.bytes, bytes);
  }
});

test("a walk with reading ahead, the loop's scan and the load see the same records", () => {
  for (const count of [1, 40, 3000]) {
    const { storage, backend } = filled(count, count);
    const expected = allRecords(storage, backend);
    const loaded: string[] = [];
    storage.load(backend.pinCommitted(), (chunk) =>
      chunk.visit((main, _sub, _tombstone, bytes, start, end) => {
        loaded.push(`${main} ${end - start} ${bytes[start]}`);
        return true;
      }),
    );
    assert.deepEqual(loaded, expected);
  }
});

test("a damaged page is named with file, page and offset, and nothing is handed out", () => {
  const { disk, storage, backend } = filled(500);
  const root = backend.pinCommitted();
  const file = disk.open(PATH, "write");
  const page = root.root;
  file.write(Uint8Array.of(0x99), 0, 1, page * 4096);
  const expected = new RegExp(`/d/db: page ${page} at offset ${page * 4096} is damaged`);
  assert.throws(() => storage.reader.readNodes([page], root.highWaterMark), expected);
  assert.throws(
    () => storage.reader.readNodes([page, page - 1, page + 1], root.highWaterMark),
    DatabaseError,
  );
  assert.throws(
    () => storage.reader.readNodes([root.highWaterMark], root.highWaterMark),
    /outside of the file/,
  );
});

test("overwriting with compaction leaves the file as large as it was", () => {
  const storage = InlineStorage.open(freshDisk(), PATH, { sync: true })!;
  const backend = new PagedBackend(storage.opened, { cacheBytesMax: 64 * 1024 });
  const value = new Uint8Array(200).fill(3);
  let main = 1;
  let early = 0;
  for (let round = 0; round < 60; round++) {
    for (let i = 0; i < 200; i++) backend.putRecord(++main, 0, false, value, 0, value.length);
    for (let i = 0; round > 0 && i < 200; i++) backend.deleteRecord(main - 399 + i, 0, false);
    backend.onCommitted(storage.commit(backend.takeBatch()!));
    storage.committer.work();
    if (round === 9) early = backend.size;
  }
  assert.equal(backend.size, early);
});

test("a snapshot in pieces of any size is a database of its own, though commits go on", () => {
  const { disk, storage, backend } = filled(600);
  const expected = allRecords(storage, backend);
  const pin = backend.pinCommitted();
  const stream = new PageStream(new NodeFile(disk.open(PATH, "read"), storage.opened.pageBytes), pin);
  const copy = disk.open("/d/copy", "create");
  let main = 10_000;
  for (let size = 100; stream.position < stream.bytes; size = Math.min(2 * size, 20_000)) {
    const at = stream.position;
    const piece = stream.next(size);
    copy.write(piece, 0, piece.length, at);
    backend.putRecord(main++, 0, false, piece, 0, piece.length);
    for (let i = 0; i < 20; i++) backend.deleteRecord(2 + ((main * 31 + i) % 600), 0, false);
    backend.onCommitted(storage.commit(backend.takeBatch()!));
    storage.committer.work();
  }
  const copied = InlineStorage.open(disk, "/d/copy", { sync: true })!;
  assert.equal(copied.opened.transaction, pin.transaction);
  const reader = new PagedBackend(copied.opened, { cacheBytesMax: 1024 * 1024 });
  assert.deepEqual(allRecords(copied, reader), expected);
  copied.close();
  pin.release();
});
