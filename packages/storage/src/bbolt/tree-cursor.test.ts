import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { EMPTY_BYTES, utf8Bytes, utf8String } from "@etcd-ts/base";
import { FaultyDisk } from "../disk/faulty-disk.ts";
import { createDatabase } from "./create-database.ts";
import { Database } from "./database.ts";
import { OperationPacker } from "./operation-batch.ts";
import { readNode } from "./page-store.ts";
import { ABSENT, type Bucket, FOUND, MISSED, rootBucket, TreeCursor } from "./tree-cursor.ts";

const COUNT = 400;
const name = (i: number) => utf8Bytes(`key${String(2 * i).padStart(5, "0")}`);

/** A tree of three levels, its keys the even numbers, and a source that has only what was fetched. */
function threeLevels() {
  const disk = new FaultyDisk();
  createDatabase(disk, "/db", ["large", "small"], 1024);
  const buckets = ["large", "small"].map((bucket) => ({ name: bucket, fill: 0.5 }));
  const database = Database.open(disk, "/db", { buckets, growthBytes: 0 })!;
  const packer = new OperationPacker();
  for (let i = 0; i < COUNT; i++) packer.put(0, name(i), new Uint8Array(100).fill(i));
  packer.put(1, utf8Bytes("one"), utf8Bytes("1"));
  database.apply(packer.finish());
  database.commit({ oldestReader: 1 });
  const file = disk.open("/db", "read");
  const nodes = new Map<number, Uint8Array>();
  const fetch = (page: number) => nodes.set(page, readNode(file, page, 1024, database.highWaterMark));
  const cursor = new TreeCursor({ node: (page) => nodes.get(page) });
  const complete = new TreeCursor({ node: (page) => readNode(file, page, 1024, database.highWaterMark) });
  assert.equal(complete.get(rootBucket(database.root), utf8Bytes("large")), FOUND);
  const large = complete.bucketHere()!;
  return { nodes, fetch, cursor, complete, large, root: rootBucket(database.root) };
}

const keyHere = (cursor: TreeCursor) => utf8String(cursor.keyCopy());

describe("tree cursor", () => {
  it("gets, seeks, walks and finds the last one", () => {
    const { complete: cursor, large, root } = threeLevels();
    assert.equal(cursor.get(large, name(17)), FOUND);
    assert.deepEqual(cursor.valueCopy(), new Uint8Array(100).fill(17));
    assert.equal(cursor.get(large, utf8Bytes("key00035")), ABSENT);
    assert.equal(cursor.get(large, utf8Bytes("z")), ABSENT);
    assert.equal(cursor.seek(large, utf8Bytes("key00035")), FOUND);
    assert.equal(keyHere(cursor), "key00036");
    assert.equal(cursor.seek(large, utf8Bytes("z")), ABSENT);
    let count = 0;
    for (let step = cursor.seek(large, EMPTY_BYTES); step === FOUND; step = cursor.next()) {
      assert.equal(keyHere(cursor), utf8String(name(count++)));
    }
    assert.equal(count, COUNT);
    assert.equal(cursor.last(large), FOUND);
    assert.equal(keyHere(cursor), utf8String(name(COUNT - 1)));
    assert.equal(cursor.get(root, utf8Bytes("small")), FOUND);
    const small = cursor.bucketHere()!;
    assert.ok(small.inline !== undefined);
    assert.equal(cursor.last(small), FOUND);
    assert.equal(utf8String(cursor.valueCopy()), "1");
  });

  it("names the page that it lacks, and goes on where it was when the page has come", () => {
    const { cursor, fetch, large, nodes } = threeLevels();
    let misses = 0;
    const patiently = (step: () => number): number => {
      for (;;) {
        const outcome = step();
        if (outcome !== MISSED) return outcome;
        misses++;
        fetch(cursor.missing);
      }
    };
    let count = 0;
    for (
      let step = patiently(() => cursor.seek(large, name(50)));
      step === FOUND;
      step = patiently(() => cursor.next())
    ) {
      assert.equal(keyHere(cursor), utf8String(name(50 + count++)));
    }
    assert.equal(count, COUNT - 50);
    assert.equal(misses, nodes.size);
    assert.ok(misses > 20);
    nodes.clear();
    assert.equal(
      patiently(() => cursor.last(large)),
      FOUND,
    );
    assert.equal(
      patiently(() => cursor.get(large, name(3))),
      FOUND,
    );
  });

  it("tells all pages that a walk is going to lack, level by level", () => {
    const { cursor, fetch, large, nodes } = threeLevels();
    const rounds: number[] = [];
    for (;;) {
      const missing: number[] = [];
      cursor.collectMissing(large, name(20), name(220), 1000, missing);
      if (missing.length === 0) break;
      rounds.push(missing.length);
      missing.forEach(fetch);
    }
    assert.equal(rounds.length, 3);
    assert.equal(rounds[0], 1);
    let count = 0;
    for (let step = cursor.seek(large, name(20)); step === FOUND && count < 200; step = cursor.next())
      count++;
    assert.equal(count, 200);
    const limited: number[] = [];
    nodes.clear();
    fetch(large.root);
    cursor.collectMissing(large, EMPTY_BYTES, undefined, 2, limited);
    assert.equal(limited.length, 2);
  });

  it("refuses a tree that runs in a circle", () => {
    const { nodes, large } = threeLevels();
    const branch = new Uint8Array(1024);
    branch.set([5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]);
    branch.set([16, 0, 0, 0, 1, 0, 0, 0, 5], 16);
    nodes.set(5, branch);
    const cursor = new TreeCursor({ node: (page) => nodes.get(page) });
    const circle: Bucket = { ...large, root: 5 };
    assert.throws(() => cursor.seek(circle, EMPTY_BYTES), /deeper than any file/);
    assert.throws(() => cursor.last(circle), /deeper than any file/);
    assert.throws(() => cursor.collectMissing(circle, EMPTY_BYTES, undefined, 9, []), /deeper than any file/);
  });
});
