import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@etcd-ts/base";
import { DiskError, FaultyDisk } from "@etcd-ts/storage";
import { contentsOf } from "../mvcc/index-contents.ts";
import { CheckpointDiscarded } from "./checkpoint-format.ts";
import { removeCheckpoint } from "./checkpoint-work.ts";
import { CHECKPOINT, readCheckpoint, World } from "./checkpoint-world.ts";

/** A store with a history, checkpointed while writes go on, and with a tail behind. */
function worldOf(seed: number, tail: number): World {
  const random = new SeededRandom(seed);
  const world = new World(new FaultyDisk());
  const writes = (count: number) => {
    for (let i = 0; i < count; i++) world.write(random);
  };
  writes(400);
  if (random.below(2) === 0) {
    world.compact(1 + random.below(world.store.currentRevision));
    writes(random.below(200));
  }
  world.writeCheckpoint(() => writes(random.below(4)));
  writes(tail);
  world.commit();
  return world;
}

test("an index of a checkpoint and a tail is the one that a full read makes", () => {
  for (let seed = 0; seed < 16; seed++) {
    const world = worldOf(seed, seed % 3 === 0 ? 0 : seed * 20);
    const live = contentsOf(world.index);
    world.close();
    const full = new World(world.disk);
    full.close();
    const quick = new World(world.disk, readCheckpoint(world.disk));
    quick.close();
    assert.deepEqual(contentsOf(quick.index), contentsOf(full.index), `seed ${seed}`);
    assert.deepEqual(contentsOf(quick.index), live, `seed ${seed}`);
    assert.deepEqual(quick.leases.attached, full.leases.attached);
    assert.deepEqual(quick.leases.attached, world.leases.attached);
    assert.equal(quick.store.currentRevision, full.store.currentRevision);
    assert.equal(quick.store.compactRevision, full.store.compactRevision);
  }
});

test("a store goes on from a checkpoint as from a full read: writes, compaction, another checkpoint", () => {
  for (let seed = 0; seed < 5; seed++) {
    const first = worldOf(seed, 50);
    first.close();
    const worlds = [new World(first.disk.fork()), new World(first.disk, readCheckpoint(first.disk))] as const;
    const contents = worlds.map((world) => {
      const random = new SeededRandom(seed);
      for (let i = 0; i < 200; i++) world.write(random);
      world.compact(world.store.currentRevision - 100);
      for (let i = 0; i < 50; i++) world.write(random);
      world.store.invariants();
      world.writeCheckpoint();
      world.close();
      return contentsOf(new World(world.disk, readCheckpoint(world.disk)).index);
    });
    assert.deepEqual(contents[0], contents[1]);
  }
});

test("values come back into memory from the database's records", () => {
  const world = worldOf(5, 100);
  world.close();
  const quick = new World(world.disk, readCheckpoint(world.disk));
  const warm = quick.store.warming();
  quick.storage.load(quick.storage.opened, (chunk) => chunk.visit(warm));
  quick.store.reclaim();
  quick.store.invariants();
  for (let slot = 0; slot < quick.index.slots.end; slot++) assert.ok(!quick.index.isCold(slot));
});

test("a file cut off anywhere, or with any bit flipped, is discarded", () => {
  const world = worldOf(11, 20);
  world.close();
  const whole = bytesOf(world.disk);
  const random = new SeededRandom(1);
  const lengths = [
    0,
    1,
    7,
    8,
    19,
    20,
    whole.length - 1,
    ...Array.from({ length: 200 }, () => random.below(whole.length)),
  ];
  for (const length of lengths) {
    setBytes(world.disk, whole.subarray(0, length));
    assert.throws(() => readCheckpoint(world.disk), CheckpointDiscarded, `cut off at ${length}`);
  }
  for (let i = 0; i < 300; i++) {
    const at = i < 100 ? i : random.below(whole.length);
    const flipped = Uint8Array.from(whole);
    flipped[at] = (flipped[at] as number) ^ (1 << random.below(8));
    setBytes(world.disk, flipped);
    assert.throws(() => readCheckpoint(world.disk), CheckpointDiscarded, `flipped at ${at}`);
  }
  setBytes(world.disk, Uint8Array.from([...whole, 0]));
  assert.throws(() => readCheckpoint(world.disk), CheckpointDiscarded);
  setBytes(world.disk, whole);
  readCheckpoint(world.disk);
});

test("another member's, another compaction's, a later database's: discarded", () => {
  const world = worldOf(12, 0);
  world.close();
  for (const change of [
    { clusterId: 1n },
    { memberId: 1n },
    { finishedMark: 1e6 },
    { scheduledMark: 1e6 },
    { consistentIndex: 5 },
  ])
    assert.throws(() => readCheckpoint(world.disk, change), CheckpointDiscarded);
  readCheckpoint(world.disk);
});

test("a database that a compaction has been through since is read whole", () => {
  const world = worldOf(13, 100);
  world.compact(world.store.currentRevision - 50);
  world.close();
  assert.throws(() => readCheckpoint(world.disk), /compacted since/);
});

test("a database with another history, or an older one, is read whole", () => {
  const [own, other] = [1, 2].map((seed) => {
    const random = new SeededRandom(seed);
    const world = new World(new FaultyDisk());
    for (let i = 0; i < 300; i++) world.write(random);
    const older = world.disk.fork();
    world.writeCheckpoint();
    world.close();
    return { disk: world.disk, older };
  }) as [Written, Written];
  readCheckpoint(own.disk);
  const checkpoint = bytesOf(own.disk);
  setBytes(other.disk, checkpoint);
  assert.throws(() => readCheckpoint(other.disk), /not the one|ends before/);
  setBytes(own.older, checkpoint);
  assert.throws(() => readCheckpoint(own.older), /ends before it/);
});

interface Written {
  readonly disk: FaultyDisk;
  readonly older: FaultyDisk;
}

test("a database received or put in place takes the checkpoint away", () => {
  const world = worldOf(16, 0);
  world.close();
  removeCheckpoint(world.disk, CHECKPOINT);
  world.disk.crash(new SeededRandom(1));
  assert.ok(!world.disk.exists(CHECKPOINT));
  removeCheckpoint(world.disk, CHECKPOINT);
});

test("a full disk leaves the last checkpoint, and no room taken", () => {
  const world = worldOf(17, 300);
  world.disk.intercept = (operation) => {
    if (operation.kind === "write" && operation.bytes.length > 1000)
      throw new DiskError("ENOSPC", CHECKPOINT, "no space left on device");
    return undefined;
  };
  assert.throws(() => world.writeCheckpoint(), DiskError);
  world.disk.intercept = undefined;
  world.close();
  assert.deepEqual(world.disk.list("/member"), ["index-checkpoint", "snap"]);
  readCheckpoint(world.disk);
});

test("whenever the power fails, what is read of a checkpoint is what a full read finds", () => {
  let used = 0;
  for (let seed = 0; seed < 10; seed++) {
    const random = new SeededRandom(seed);
    const world = worldOf(seed, 30);
    const images: FaultyDisk[] = [];
    // A second checkpoint over the first; the power may fail at any change of the disk.
    const begin = world.disk.operationCount;
    const failing = new Set(Array.from({ length: 4 }, () => begin + random.below(40)));
    world.disk.intercept = (_, at) => {
      if (failing.has(at)) images.push(world.disk.fork());
      return undefined;
    };
    world.writeCheckpoint(() => {
      world.write(random);
      if (random.below(10) === 0) world.commit();
    });
    world.disk.intercept = undefined;
    images.push(world.disk.fork());
    world.close();
    for (const disk of images) {
      disk.crash(random);
      if (isUsed(disk, seed)) used++;
    }
  }
  assert.ok(used > 10, `only ${used} of the checkpoints were of use`);
});

/** Whether the checkpoint is used; if it is, the index is that of a full read. */
function isUsed(disk: FaultyDisk, seed: number): boolean {
  if (!disk.exists(CHECKPOINT)) return false;
  const full = new World(disk.fork());
  full.close();
  try {
    const quick = new World(disk, readCheckpoint(disk));
    quick.close();
    assert.deepEqual(contentsOf(quick.index), contentsOf(full.index), `seed ${seed}`);
    return true;
  } catch (error) {
    if (!(error instanceof CheckpointDiscarded)) throw error;
    return false;
  }
}

function bytesOf(disk: FaultyDisk, path = CHECKPOINT): Uint8Array {
  const file = disk.open(path, "read");
  const bytes = new Uint8Array(file.size());
  file.read(bytes, 0, bytes.length, 0);
  file.close();
  return bytes;
}

function setBytes(disk: FaultyDisk, bytes: Uint8Array): void {
  const file = disk.open(CHECKPOINT, "create");
  file.write(bytes, 0, bytes.length, 0);
  file.close();
}
