import assert from "node:assert/strict";
import { test } from "node:test";
import type { Backend, PinnedRoot } from "@etcd-ts/storage";
import { type SnapshotJob, type SnapshotPiece, StorageJobs, type StorageOrder } from "./storage-jobs.ts";

/** A database of 40,960 bytes whose next commit is the test's to give. */
class Bench {
  nowMs = 0;
  pins = 0;
  readonly orders: StorageOrder[] = [];
  readonly backend = { size: 40_960, pinCommitted: () => this.pin() } as unknown as Backend;
  private waiting: (() => void)[] = [];
  readonly jobs = new StorageJobs(this);

  readonly slow: { readonly takingMs: number; readonly bytes: number }[] = [];

  onSlowSnapshot(takingMs: number, bytes: number): void {
    this.slow.push({ takingMs, bytes });
  }

  whenAllIsCommitted(then: () => void): void {
    this.waiting.push(then);
  }

  commit(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const then of waiting) then();
  }

  takeOrders(): StorageOrder[] {
    return this.orders.splice(0);
  }

  private pin(): PinnedRoot {
    this.pins++;
    return { file: 1, transaction: 7, root: 3, highWaterMark: 10, release: () => this.pins-- };
  }
}

const ROOT = { file: 1, transaction: 7, root: 3, highWaterMark: 10 };

class Taker {
  job: SnapshotJob | undefined;
  bytes = -1;
  readonly pieces: SnapshotPiece[] = [];
  isCutOff = false;

  onOpen(job: SnapshotJob, bytes: number): void {
    this.job = job;
    this.bytes = bytes;
  }

  onPiece(piece: SnapshotPiece): void {
    this.pieces.push(piece);
  }

  onCutOff(): void {
    this.isCutOff = true;
  }
}

const PIECE: SnapshotPiece = { bytes: new Uint8Array(8), digest: undefined };

test("a hash waits for the commit, pins the root while it is computed, and lets it go", () => {
  const bench = new Bench();
  const hashes: number[] = [];
  bench.jobs.hash((hash) => hashes.push(hash));
  assert.deepEqual(bench.takeOrders(), []);
  bench.commit();
  assert.deepEqual(bench.takeOrders(), [{ kind: "hash", job: 1, root: ROOT }]);
  assert.equal(bench.pins, 1);
  bench.jobs.onHash(1, 4711);
  assert.deepEqual(hashes, [4711]);
  assert.equal(bench.pins, 0);
});

test("a snapshot is read a piece at a time, and its root is held to its end", () => {
  const bench = new Bench();
  const taker = new Taker();
  bench.jobs.openSnapshot(taker);
  bench.commit();
  assert.equal(taker.bytes, 40_960);
  taker.job!.next(512);
  assert.throws(() => taker.job!.next(512), /one piece/);
  assert.deepEqual(bench.takeOrders(), [
    { kind: "open-snapshot", job: 1, root: ROOT },
    { kind: "next-piece", job: 1, bytesMax: 512 },
  ]);
  bench.jobs.onPiece(1, PIECE);
  assert.deepEqual(taker.pieces, [PIECE]);
  taker.job!.end();
  taker.job!.end();
  assert.deepEqual(bench.takeOrders(), [{ kind: "end-snapshot", job: 1 }]);
  assert.equal(bench.pins, 0);
});

test("a snapshot that ends before the commit never begins; a piece that comes too late is dropped", () => {
  const bench = new Bench();
  const early = new Taker();
  bench.jobs.openSnapshot(early)!.end();
  bench.commit();
  assert.deepEqual(bench.takeOrders(), []);
  assert.equal(early.bytes, -1);
  const late = new Taker();
  bench.jobs.openSnapshot(late);
  bench.commit();
  late.job!.next(512);
  late.job!.end();
  bench.jobs.onPiece(2, PIECE);
  assert.deepEqual(late.pieces, []);
});

test("few snapshots run at once; a client that takes nothing for a minute is cut off, a slow disk is not", () => {
  const bench = new Bench();
  const takers = Array.from({ length: 4 }, () => new Taker());
  for (const taker of takers) bench.jobs.openSnapshot(taker);
  assert.equal(bench.jobs.openSnapshot(new Taker()), undefined);
  bench.commit();
  takers[0]!.job!.next(512);
  bench.jobs.onTick(59_999);
  assert.equal(bench.pins, 4);
  bench.jobs.onTick(60_000);
  assert.deepEqual(
    takers.map(({ isCutOff }) => isCutOff),
    [false, true, true, true],
  );
  assert.equal(bench.pins, 1);
  assert.notEqual(bench.jobs.openSnapshot(new Taker()), undefined);
});

test("who asks for a defragmentation while one is under way waits for that one", () => {
  const bench = new Bench();
  const ends: (string | undefined)[] = [];
  bench.jobs.defragment((failure) => ends.push(failure));
  bench.jobs.defragment((failure) => ends.push(failure));
  assert.deepEqual(bench.takeOrders(), []);
  bench.commit();
  assert.deepEqual(bench.takeOrders(), [{ kind: "defragment", job: 1 }]);
  bench.jobs.onDefragmented(1, "no room");
  assert.deepEqual(ends, ["no room", "no room"]);
  bench.jobs.defragment(() => {});
  bench.commit();
  assert.deepEqual(bench.takeOrders(), [{ kind: "defragment", job: 2 }]);
});

test("a snapshot that takes long is told, again and again until it ends", () => {
  const bench = new Bench();
  const taker = new Taker();
  bench.jobs.openSnapshot(taker);
  bench.commit();
  taker.job!.next(8);
  for (const nowMs of [29_999, 30_000, 59_999, 61_000]) bench.jobs.onTick(nowMs);
  assert.deepEqual(bench.slow, [
    { takingMs: 30_000, bytes: 40_960 },
    { takingMs: 61_000, bytes: 40_960 },
  ]);
  taker.job!.end();
  bench.jobs.onTick(200_000);
  assert.equal(bench.slow.length, 2);
});
