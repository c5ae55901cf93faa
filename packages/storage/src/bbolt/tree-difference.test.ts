import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom, utf8Bytes } from "@etcd-ts/base";
import { FaultyDisk } from "../disk/faulty-disk.ts";
import { createDatabase } from "./create-database.ts";
import { Database } from "./database.ts";
import { DatabaseHash } from "./database-hash.ts";
import { OperationPacker } from "./operation-batch.ts";
import { readNode } from "./page-store.ts";
import { TreeDifference } from "./tree-difference.ts";

const NAMES = ["alpha", "beta", "gamma"];
const PATH = "/d/db";

class Bench {
  readonly disk = new FaultyDisk();
  readonly database: Database;
  pagesRead = 0;

  constructor() {
    this.disk.makeDirectory("/d");
    createDatabase(this.disk, PATH, NAMES, 1024);
    this.database = Database.open(this.disk, PATH, {
      buckets: NAMES.map((name) => ({ name, fill: 0.5 })),
      growthBytes: 0,
    })!;
  }

  /** Keeps every page of every commit. */
  commit(change: (packer: OperationPacker) => void): number {
    const packer = new OperationPacker();
    change(packer);
    if (packer.count > 0) this.database.apply(packer.finish());
    this.database.commit({ oldestReader: 0 });
    return this.database.root;
  }

  read = (page: number): Uint8Array => {
    this.pagesRead++;
    const file = this.disk.open(PATH, "read");
    const node = readNode(file, page, 1024, this.database.highWaterMark);
    file.close();
    return node;
  };

  difference(from: number, to: number): { packer: OperationPacker; operations: number } {
    const packer = new OperationPacker();
    const difference = new TreeDifference(this.read, from, to, NAMES);
    while (!difference.advance(packer, 1 << 30, 7));
    return { packer, operations: packer.count };
  }

  hash(root: number): number {
    const hash = new DatabaseHash({ node: this.read }, root);
    while (!hash.advance(1 << 20));
    return hash.value;
  }
}

function key(number: number): Uint8Array {
  return utf8Bytes(`k${String(number).padStart(6, "0")}`);
}

test("the difference of two trees, applied to the first, gives the second", () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = new SeededRandom(seed);
    const bench = new Bench();
    const keys = [50, 400, 3000][random.below(3)]!;
    const change = (count: number, deletes: number) => (packer: OperationPacker) => {
      for (let i = 0; i < count; i++) {
        const at = random.below(keys);
        const bucket = random.below(3);
        if (random.below(100) < deletes) packer.delete(bucket, key(at));
        else packer.put(bucket, key(at), new Uint8Array(random.below(300)).fill(random.below(256)));
      }
    };
    const first = bench.commit(change(2 * keys, 10));
    for (let i = 0; i < 4; i++) bench.commit(change(random.below(keys), [10, 95][random.below(2)]!));
    const last = bench.database.root;

    assert.equal(bench.difference(first, first).operations, 0);
    const target = new Bench();
    target.commit(contentOf(bench, first));
    assert.equal(target.hash(target.database.root), bench.hash(first), `seed ${seed}: the copy`);
    target.database.apply(bench.difference(first, last).packer.finish());
    target.database.commit({ oldestReader: 0 });
    assert.equal(target.hash(target.database.root), bench.hash(last), `seed ${seed}: the difference`);
  }
});

/** Everything in a tree, as the difference from an empty one of the same file would be. */
function contentOf(bench: Bench, root: number): (packer: OperationPacker) => void {
  return (packer) => {
    const emptyRoot = 2;
    const difference = new TreeDifference(bench.read, emptyRoot, root, NAMES);
    while (!difference.advance(packer, 1 << 30, 1000));
  };
}

test("what did not change is not read: one changed record costs a path or two", () => {
  const bench = new Bench();
  const first = bench.commit((packer) => {
    for (let i = 0; i < 20_000; i++) packer.put(1, key(i), new Uint8Array(20));
  });
  const last = bench.commit((packer) => packer.put(1, key(9000), new Uint8Array(30)));
  bench.pagesRead = 0;
  assert.equal(bench.difference(first, last).operations, 1);
  assert.ok(bench.pagesRead < 30, `${bench.pagesRead} pages read`);
});
