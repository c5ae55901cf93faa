import assert from "node:assert/strict";
import { test } from "node:test";
import { Entry } from "@etcd-ts/proto";
import type { Backend, CommitBatch } from "@etcd-ts/storage";
import type { SnapshotOrder } from "./events.ts";
import { Persistence } from "./persistence.ts";

/** A backend that counts: operations pending, an index that is written and one that is durable. */
class Bench {
  pendingOperations = 0;
  consistentIndex = 0;
  committedIndex = 0;
  private inFlight: number | undefined;
  readonly persistence = new Persistence(this as unknown as Backend, 1000, 0, 0);
  nowMs = 1000;

  takeBatch(force = false): CommitBatch | undefined {
    const isNew = this.pendingOperations > 0 || (force && this.consistentIndex > this.committedIndex);
    if (this.inFlight !== undefined || !isNew) return undefined;
    this.inFlight = this.consistentIndex;
    this.pendingOperations = 0;
    return { id: 1, chunks: [], oldestReader: 0, file: 1 };
  }

  turn(): CommitBatch | undefined {
    return this.persistence.takeDueBatch(this.nowMs);
  }

  commit(): void {
    this.committedIndex = this.inFlight!;
    this.inFlight = undefined;
    this.persistence.onCommitted();
  }
}

test("batches go every 100 ms or 10,000 operations, or at once when somebody waits", () => {
  const bench = new Bench();
  assert.equal(bench.turn(), undefined);
  bench.pendingOperations = 1;
  assert.notEqual(bench.turn(), undefined);
  bench.commit();
  bench.nowMs += 50;
  bench.pendingOperations = 9999;
  assert.equal(bench.turn(), undefined);
  bench.pendingOperations = 10_000;
  assert.notEqual(bench.turn(), undefined);
  bench.commit();
  bench.consistentIndex = 7;
  assert.equal(bench.turn(), undefined);
  const heard: string[] = [];
  bench.persistence.whenCommitted(7, () => heard.push("durable"));
  assert.notEqual(bench.turn(), undefined);
  assert.equal(heard.length, 0);
  bench.commit();
  assert.equal(heard.join(), "durable");
  bench.persistence.whenCommitted(7, () => heard.push("already"));
  assert.equal(heard.join(), "durable,already");
});

test("all that is written is waited for: the batch on its way, and what was written outside of entries", () => {
  const bench = new Bench();
  const heard: string[] = [];
  bench.persistence.whenAllCommitted(() => heard.push("nothing"));
  assert.equal(heard.join(), "nothing");
  bench.pendingOperations = 3;
  assert.notEqual(bench.turn(), undefined);
  bench.persistence.whenAllCommitted(() => heard.push("on its way"));
  bench.pendingOperations = 2;
  bench.persistence.whenAllCommitted(() => heard.push("behind it"));
  assert.equal(bench.turn(), undefined);
  bench.commit();
  assert.equal(heard.join(), "nothing,on its way");
  assert.notEqual(bench.turn(), undefined);
  bench.commit();
  assert.equal(heard.join(), "nothing,on its way,behind it");
});

test("a member alone makes a snapshot after many bytes, too, and one with others only after many entries", () => {
  const { persistence } = new Bench();
  const entries = Array.from({ length: 16 }, (_, i) => new Entry(0, 1, i + 1, new Uint8Array(1024 * 1024)));
  persistence.countEntries(entries.slice(1));
  assert.equal(persistence.snapshotDue(15, true), false);
  persistence.countEntries(entries.slice(0, 1));
  assert.equal(persistence.snapshotDue(16, false), false);
  assert.equal(persistence.snapshotDue(16, true), true);
  persistence.beginSnapshot({ index: 16 } as SnapshotOrder, () => {});
  assert.equal(persistence.onSnapshotSaved(16)?.index, 16);
  assert.equal(persistence.snapshotDue(17, true), false);
});
