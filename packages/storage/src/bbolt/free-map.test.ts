import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { SeededRandom } from "@etcd-ts/base";
import { FreeList } from "./free-list.ts";
import { FreeMap } from "./free-map.ts";

describe("free map", () => {
  it("finds the lowest run of any length, as a plain search does", () => {
    const random = new SeededRandom(1);
    for (let round = 0; round < 20; round++) {
      const map = new FreeMap(64);
      const plain = new Set<number>();
      const pages = 1 + random.below(400);
      for (let step = 0; step < 300; step++) {
        const page = random.below(pages);
        const free = !plain.has(page);
        let length = 1;
        while (length < 1 + random.below(90) && plain.has(page + length) !== free) length++;
        if (free) map.add(page, length);
        else map.remove(page, length);
        for (let i = page; i < page + length; i++) free ? plain.add(i) : plain.delete(i);
        assert.equal(map.count, plain.size);
        for (const wanted of [1, 2, 1 + random.below(40), 33, 70]) {
          assert.equal(map.find(wanted), lowestRun(plain, wanted, 600));
        }
      }
      const runs: number[] = [];
      map.forEachRun((first, count) => {
        for (let i = 0; i < count; i++) runs.push(first + i);
        assert.ok(!plain.has(first - 1) && !plain.has(first + count), "runs are maximal");
      });
      assert.deepEqual(
        runs,
        [...plain].sort((a, b) => a - b),
      );
    }
  });

  it("refuses to free a page twice and to take one that is not free", () => {
    const map = new FreeMap();
    map.add(10, 5);
    assert.throws(() => map.add(14, 2), /freed twice/);
    assert.throws(() => map.remove(9, 2), /not free/);
    assert.throws(() => map.remove(1_000_000, 1), /not free/);
  });
});

function lowestRun(pages: Set<number>, length: number, bound: number): number | undefined {
  let run = 0;
  for (let page = 0; page < bound; page++) {
    run = pages.has(page) ? run + 1 : 0;
    if (run === length) return page - length + 1;
  }
  return undefined;
}

describe("free list", () => {
  it("keeps what transaction T freed until every root in use is of T or later", () => {
    const list = new FreeList();
    list.becomeReady(() => undefined);
    list.freed(5, 100, 3);
    list.freed(6, 200, 1);
    list.releaseTo(4);
    assert.equal(list.take(1), undefined);
    list.releaseTo(5);
    assert.equal(list.pendingCount, 1);
    assert.equal(list.take(3), 100);
    assert.equal(list.take(1), undefined);
    list.releaseTo(9);
    assert.equal(list.take(1), 200);
  });

  it("hands out and releases nothing while the file's free pages are not known", () => {
    const list = new FreeList();
    list.freed(5, 100, 1);
    list.releaseTo(5);
    assert.equal(list.take(1), undefined);
    assert.equal(list.pendingCount, 1);
    list.becomeReady((visit) => visit(7, 2));
    list.releaseTo(5);
    assert.equal(list.take(2), 7);
    assert.equal(list.take(1), 100);
  });
});
