/** The loop's page cache and its fetches: bounds, protection of waiting reads, and who counts as a reader. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@etcd-ts/base";
import { PageCache } from "./page-cache.ts";
import { PageFetches } from "./page-fetches.ts";
import { Readers } from "./readers.ts";

const NODE = 4096;

function setUp(pages: number): { cache: PageCache; readers: Readers; fetches: PageFetches } {
  const cache = new PageCache(pages * (NODE + 160));
  const readers = new Readers();
  return { cache, readers, fetches: new PageFetches(cache, readers, 1, { last: 0 }) };
}

function nodes(pages: readonly number[]): { id: number; bytes: Uint8Array }[] {
  return pages.map((id) => ({ id, bytes: new Uint8Array(NODE).fill(id) }));
}

test("the cache keeps its bound and prefers what was read again", () => {
  const { cache } = setUp(10);
  for (const { id, bytes } of nodes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])) cache.insert(id, bytes);
  cache.trim();
  assert.equal(cache.count, 10);
  for (let id = 10; id < 60; id++) {
    cache.insert(id, new Uint8Array(NODE));
    cache.node(3);
    cache.trim();
    cache.invariants();
    assert.equal(cache.count, 10);
  }
  assert.ok(cache.has(3));
});

test("a larger node counts with all its pages", () => {
  const { cache } = setUp(10);
  cache.insert(1, new Uint8Array(20 * NODE));
  cache.trim();
  assert.equal(cache.count, 0);
  assert.equal(cache.bytes, 0);
});

test("a fetch reads for the oldest transaction that missed, from the first miss until it is answered", () => {
  const { readers, fetches } = setUp(10);
  readers.add(9);
  fetches.note(5, 8);
  assert.equal(readers.oldest, 8);
  fetches.note(6, 4);
  fetches.note(7, 9);
  assert.equal(readers.oldest, 4);
  const fetch = fetches.take(100)!;
  assert.deepEqual(fetch.pages, [5, 6, 7]);
  assert.equal(fetch.highWaterMark, 100);
  assert.equal(fetches.take(100), undefined);
  fetches.note(6, 9);
  assert.equal(fetches.take(100), undefined, "a page under way is not asked for again");
  assert.equal(readers.oldest, 4);
  fetches.answer(fetch.id, nodes([5, 6, 7]));
  assert.equal(readers.oldest, 9);
  assert.equal(fetches.count, 0);
});

test("answers that do not fit their fetch trip an assertion", () => {
  const { fetches } = setUp(10);
  fetches.note(5, 1);
  const fetch = fetches.take(100)!;
  assert.throws(() => fetches.answer(fetch.id + 1, nodes([5])), /not under way/);
  assert.throws(() => fetches.answer(fetch.id, nodes([])), /in part/);
});

/** A read that needs all its pages at once: true when it found them. */
function attempt(pages: readonly number[], cache: PageCache, fetches: PageFetches): boolean {
  for (const page of pages) {
    if (cache.node(page) !== undefined) continue;
    fetches.note(page, 1);
    return false;
  }
  return true;
}

test("reads that together exceed the cache by far all come to an end, whatever the order of answers", () => {
  const random = new SeededRandom(7);
  const { cache, fetches } = setUp(2);
  const reads = Array.from({ length: 8 }, (_, i) => Array.from({ length: 6 }, (_, j) => 100 * i + j));
  const open = new Set(reads);
  const underWay: { id: number; pages: readonly number[] }[] = [];
  let rounds = 0;
  for (const read of open) attempt(read, cache, fetches);
  for (; open.size > 0; rounds++) {
    assert.ok(rounds < 100, "reads starve");
    const fetch = fetches.take(1000);
    if (fetch !== undefined) underWay.push(fetch);
    const [answered] = underWay.splice(random.below(underWay.length), 1);
    fetches.answer(answered!.id, nodes(answered!.pages));
    for (const read of open) if (attempt(read, cache, fetches)) open.delete(read);
    cache.invariants();
  }
  fetches.take(1000);
  assert.ok(cache.count <= 2, "the bound holds again when nobody waits");
});

test("readers are counted by transaction and the oldest is known", () => {
  const readers = new Readers();
  assert.equal(readers.oldest, Infinity);
  for (const transaction of [7, 3, 7, 5]) readers.add(transaction);
  assert.equal(readers.oldest, 3);
  assert.equal(readers.count, 4);
  readers.remove(3);
  readers.remove(7);
  assert.equal(readers.oldest, 5);
  readers.remove(5);
  assert.equal(readers.oldest, 7);
  assert.throws(() => readers.remove(5), /never began/);
});
