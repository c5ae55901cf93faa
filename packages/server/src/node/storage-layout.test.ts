import assert from "node:assert/strict";
import { test } from "node:test";
import { SILENT_LOGGER, utf8String } from "@etcd-ts/base";
import type { Backend } from "@etcd-ts/storage";
import { MemberLines } from "../log/member-lines.ts";
import type { Persistence } from "./persistence.ts";
import { StorageLayout } from "./storage-layout.ts";

class Bench {
  readonly marks: (string | undefined)[] = [];
  forced = 0;
  readonly layout: StorageLayout;

  constructor(version: string) {
    const backend = {
      put: (_bucket: string, _key: Uint8Array, value: Uint8Array) => this.marks.push(utf8String(value)),
      delete: () => this.marks.push(undefined),
    } as unknown as Backend;
    const persistence = { forceSnapshot: () => this.forced++ } as unknown as Persistence;
    this.layout = new StorageLayout(version, backend, persistence, new MemberLines(SILENT_LOGGER, 1n, 1n));
  }
}

test("upwards at once, also from where there was no mark", () => {
  for (const from of ["", "3.5.0", "3.6.0"]) {
    const bench = new Bench(from);
    bench.layout.follow("3.7.0", 5);
    assert.deepEqual(bench.marks, ["3.7.0"]);
    assert.equal(bench.layout.version, "3.7.0");
    assert.equal(bench.forced, 0);
  }
  const same = new Bench("3.7.0");
  same.layout.follow("3.7.0", 5);
  same.layout.follow(undefined, 5);
  same.layout.follow("3.0.0", 5);
  assert.deepEqual(same.marks, []);
});

test("downwards only behind a snapshot that is durable in the log", () => {
  const bench = new Bench("3.7.0");
  bench.layout.follow("3.6.0", 20);
  assert.equal(bench.forced, 1);
  bench.layout.onTick(9);
  bench.layout.onSnapshotSaved(19, 6);
  assert.equal(bench.forced, 2, "one that was under way comes too early");
  bench.layout.onTick(9);
  bench.layout.onSnapshotSaved(20, 7);
  bench.layout.onTick(6);
  assert.deepEqual(bench.marks, []);
  bench.layout.onTick(9);
  assert.deepEqual(bench.marks, ["3.6.0"]);
  bench.layout.follow("3.5.0", 30);
  bench.layout.onSnapshotSaved(31, 9);
  bench.layout.onTick(9);
  assert.deepEqual(bench.marks, ["3.6.0", undefined]);
  assert.equal(bench.layout.version, "3.5.0");
});

test("a downgrade that is taken back before leaves everything as it was", () => {
  const bench = new Bench("3.7.0");
  bench.layout.follow("3.6.0", 20);
  bench.layout.follow("3.7.0", 21);
  bench.layout.onSnapshotSaved(25, 8);
  bench.layout.onTick(9);
  assert.deepEqual(bench.marks, []);
});
