/** Overwrites without end, with compactions behind them (`e2e/wear.test.ts` does it with a whole server, and a million of them). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom, utf8Bytes } from "@etcd-ts/base";
import { FaultyDisk } from "@etcd-ts/storage";
import { World } from "../checkpoint/checkpoint-world.ts";

const OVERWRITES = 60_000;
const KEYS = 500;
const OVERWRITES_A_BATCH = 250;
const OVERWRITES_A_COMPACTION = 2000;
const REVISIONS_KEPT = 1000;
/** Everything has its size when a third is done. */
const STEADY_AFTER = OVERWRITES / 3;
const GROWTH_MAX = 1.1;

interface Sizes {
  readonly database: number;
  readonly values: number;
  readonly histories: number;
  readonly slots: number;
}

test("overwrites with compactions leave the file and the index's memory steady", () => {
  const world = new World(new FaultyDisk());
  const random = new SeededRandom(1);
  let steady: Sizes | undefined;
  for (let done = 1; done <= OVERWRITES; done++) {
    overwrite(world, random);
    if (done % OVERWRITES_A_BATCH === 0) commit(world);
    if (done % OVERWRITES_A_COMPACTION !== 0) continue;
    world.compact(world.store.currentRevision - REVISIONS_KEPT);
    const sizes = sizesOf(world);
    if (done <= STEADY_AFTER) steady = sizes;
    else mustBeSteady(sizes, steady!);
  }
  world.close();
});

function overwrite(world: World, random: SeededRandom): void {
  // One in fifty has overflow pages.
  const value = utf8Bytes("v".repeat(random.below(50) === 0 ? 9000 : random.below(600)));
  world.apply(() => {
    world.store.putOne(utf8Bytes(`key/${random.below(KEYS)}`), value, 0n);
  });
}

function commit(world: World): void {
  world.commit();
  while (world.storage.committer.work());
}

function sizesOf({ index, storage }: World): Sizes {
  return {
    database: storage.committer.database.size,
    values: index.arena.slabBytes,
    histories: index.history.slabBytes,
    slots: index.slots.end,
  };
}

function mustBeSteady(sizes: Sizes, steady: Sizes): void {
  for (const name of ["database", "values", "histories", "slots"] as const)
    assert.ok(sizes[name] <= steady[name] * GROWTH_MAX, `${name}: ${steady[name]}, then ${sizes[name]}`);
}
