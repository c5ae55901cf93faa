import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@etcd-ts/base";
import { FaultyDisk } from "@etcd-ts/storage";
import { contentsOf } from "../mvcc/index-contents.ts";
import { CheckpointWriting } from "./checkpoint-work.ts";
import { CHECKPOINT, DATABASE, IDENTITY, readCheckpoint, World } from "./checkpoint-world.ts";
import { type CheckpointOrder, Checkpoints } from "./checkpoints.ts";

const PACE = {
  keysMin: 10,
  changes: 100,
  changesAtLeisure: 10,
  changesAtStop: 10,
  leisureMs: 1000,
  pauseMsMin: 100,
  pauseMsPerKey: 0,
};

/** A world whose checkpoints are written as the host does it. */
class Host {
  readonly world = new World(new FaultyDisk());
  readonly kinds: string[] = [];
  readonly checkpoints: Checkpoints;
  private readonly random = new SeededRandom(3);
  private readonly waiting: (() => void)[] = [];
  private writing: CheckpointWriting | undefined;
  private nowMs = 0;
  /** What is ordered is noted and not done. */
  isHeldUp = false;

  constructor() {
    const { store, backend } = this.world;
    this.checkpoints = new Checkpoints({
      ...IDENTITY,
      store,
      backend,
      pace: PACE,
      order: (order) => this.obey(order),
      whenCommitted: (index, then) => {
        if (backend.committedIndex >= index) then();
        else this.waiting.push(then);
      },
    });
    this.checkpoints.run(0);
  }

  write(count: number): void {
    for (let i = 0; i < count; i++) this.world.write(this.random);
  }

  commit(): void {
    this.world.commit();
    for (const then of this.waiting.splice(0)) then();
  }

  /** Time passes; returns what was ordered. */
  pass(ms: number): string[] {
    this.kinds.length = 0;
    for (const end = this.nowMs + ms; this.nowMs < end; this.nowMs += 5) this.checkpoints.run(this.nowMs);
    return [...this.kinds];
  }

  private obey(order: CheckpointOrder): void {
    this.kinds.push(order.kind);
    if (this.isHeldUp) return;
    if (order.kind === "checkpoint-block") {
      this.writing ??= new CheckpointWriting(this.world.disk, CHECKPOINT);
      this.writing.add(order.block);
      this.checkpoints.onBlockWritten();
      return;
    }
    if (order.kind === "abandon-checkpoint") this.writing?.abandon();
    else {
      const { pageBytes } = this.world.storage.opened;
      this.writing?.finish(order.revision, { path: DATABASE, pageBytes, root: order.root });
      this.checkpoints.onEnd(this.nowMs);
    }
    this.writing = undefined;
  }
}

test("a checkpoint is written when enough has changed, not sooner than the pause, and ends when the database is durable", () => {
  const host = new Host();
  host.write(150);
  assert.deepEqual(host.pass(100), []);
  assert.ok(!host.pass(100).includes("end-checkpoint"), "the database is not durable yet");
  assert.ok(!host.world.disk.exists(CHECKPOINT));
  host.write(20);
  host.commit();
  assert.deepEqual(host.kinds.at(-1), "end-checkpoint");
  host.commit();
  const live = contentsOf(host.world.index);
  host.world.close();
  assert.deepEqual(contentsOf(new World(host.world.disk, readCheckpoint(host.world.disk)).index), live);
  assert.equal(host.world.backend.openReaders, 0, "the root is let go");
});

test("few changes wait for leisure; none make none", () => {
  const host = new Host();
  host.write(150);
  host.commit();
  host.pass(200);
  host.write(20);
  host.commit();
  assert.deepEqual(host.pass(800), []);
  assert.equal(host.pass(400).at(-1), "end-checkpoint");
  assert.deepEqual(host.pass(3000), []);
});

test("a compaction ends the one under way, and the next begins after the pause", () => {
  const host = new Host();
  host.write(150);
  host.pass(200);
  host.world.compact(100);
  assert.deepEqual(host.pass(50), ["abandon-checkpoint"]);
  assert.ok(!host.world.disk.exists(CHECKPOINT));
  assert.equal(host.pass(500).at(-1), "end-checkpoint");
  host.world.close();
  readCheckpoint(host.world.disk);
});

test("at a clean stop only what is worth it is written", () => {
  const host = new Host();
  host.write(150);
  host.commit();
  host.pass(200);
  assert.equal(host.checkpoints.atStop(), undefined);
  host.write(30);
  const last = host.checkpoints.atStop();
  assert.equal(last?.revision, host.world.store.currentRevision);
  assert.ok([...last!.blocks()].length >= 2);
});

test("a member may stop while the end of a checkpoint is being written, and begins none after", () => {
  const host = new Host();
  host.write(150);
  host.commit();
  host.isHeldUp = true;
  const endOf = (kinds: string[]) => kinds.filter((kind) => kind === "end-checkpoint");
  host.pass(200);
  while (endOf(host.kinds).length === 0) {
    host.checkpoints.onBlockWritten();
    host.pass(5);
  }
  host.write(30);
  assert.ok([...host.checkpoints.atStop()!.blocks()].length >= 2);
  assert.deepEqual(host.pass(5000), []);
});

test("small stores have none", () => {
  const host = new Host();
  host.write(5);
  host.commit();
  assert.deepEqual(host.pass(5000), []);
  assert.equal(host.checkpoints.atStop(), undefined);
});
