/**
 * For tests: a store over the real database engine on a faulty disk, driven by chance.
 */

import assert from "node:assert/strict";
import { keyString, type SeededRandom, utf8Bytes, utf8String } from "@etcd-ts/base";
import { createDeleteRangeRequest } from "@etcd-ts/proto";
import { type FaultyDisk, InlineStorage, PagedBackend } from "@etcd-ts/storage";
import type { KeyIndex } from "../mvcc/key-index.ts";
import { MvccStore } from "../mvcc/mvcc-store.ts";
import type { CompactionMarks, ReadyIndex } from "../mvcc/restoration.ts";
import type { LeaseAttachments, Task } from "../mvcc/store-types.ts";
import type { Block } from "./checkpoint-format.ts";
import { encodeHead } from "./checkpoint-format.ts";
import { type CheckpointDemand, CheckpointReading, CheckpointWriting } from "./checkpoint-work.ts";
import { IndexImage } from "./index-image.ts";

export const DATABASE = "/member/snap/db";
export const CHECKPOINT = "/member/index-checkpoint";
const INDEX_OPTIONS = { nodeEntriesMax: 8, arenaBytesMax: Number.POSITIVE_INFINITY, hashSeed: 7 };
export const IDENTITY = { clusterId: 0xfedc_ba98_7654_3210n, memberId: 2n };

/** Leases 1 to 9 exist; remembers what hangs on them. */
export class Leases implements LeaseAttachments {
  readonly attached = new Map<string, bigint>();
  exists(id: bigint): boolean {
    return id < 10n;
  }
  attach(id: bigint, key: Uint8Array): void {
    this.attached.set(keyString(key), id);
  }
  detach(id: bigint, key: Uint8Array): void {
    assert.equal(this.attached.get(keyString(key)), id);
    this.attached.delete(keyString(key));
  }
}

export class World {
  readonly disk: FaultyDisk;
  readonly storage: InlineStorage;
  readonly backend: PagedBackend;
  readonly leases = new Leases();
  readonly store: MvccStore;
  private entry: number;

  /** `ready`: an index to start from instead of the database's records. */
  constructor(disk: FaultyDisk, ready?: ReadyIndex) {
    this.disk = disk;
    disk.makeDirectory("/member/snap");
    this.storage = InlineStorage.open(disk, DATABASE, { sync: true })!;
    this.backend = new PagedBackend(this.storage.opened, { cacheBytesMax: 1 << 20 });
    this.entry = this.backend.consistentIndex;
    this.store = new MvccStore(this.backend, {
      ...IDENTITY,
      leases: this.leases,
      nodeEntriesMax: INDEX_OPTIONS.nodeEntriesMax,
      hashSeed: INDEX_OPTIONS.hashSeed,
    });
    const restoration = this.store.restore(this.marks);
    if (ready !== undefined) restoration.adopt(ready);
    else {
      this.storage.load(this.storage.opened, (chunk) => chunk.visit(restoration.add));
      restoration.end();
    }
    this.store.invariants();
  }

  get marks(): CompactionMarks {
    const value = (name: string) =>
      this.storage.opened.small.find(({ bucket, key }) => bucket === "meta" && utf8String(key) === name)
        ?.value;
    return { finished: value("finishedCompactRev"), scheduled: value("scheduledCompactRev") };
  }

  get index(): KeyIndex {
    const { index } = this.store.restingIndex ?? assert.fail("the store is busy");
    return index;
  }

  /** One write, by chance: puts of few keys, so that they get histories, now and then many at once. */
  write(random: SeededRandom): void {
    this.apply(() => {
      const key = utf8Bytes(`${"key/".repeat(random.below(3))}${random.below(200)}`);
      if (random.below(4) === 0) {
        const rangeEnd = random.below(4) === 0 ? utf8Bytes("key/3") : new Uint8Array(0);
        this.run(this.store.deleteRange(createDeleteRangeRequest({ key, rangeEnd })));
      } else {
        const lease = random.below(3) === 0 ? BigInt(1 + random.below(9)) : 0n;
        this.store.putOne(key, utf8Bytes(`value ${random.below(1000)}`), lease);
      }
    });
  }

  compact(revision: number): void {
    this.apply(() => assert.equal(this.store.compact(revision), undefined));
    this.commit();
    while (this.store.compaction !== undefined) this.apply(() => this.run(this.store.compaction as Task));
    this.commit();
  }

  apply(work: () => void): void {
    this.backend.beginEntry();
    work();
    this.backend.endEntry(++this.entry, 1);
    this.store.reclaim();
  }

  commit(): void {
    const batch = this.backend.takeBatch(true);
    if (batch !== undefined) this.backend.onCommitted(this.storage.commit(batch));
  }

  beginImage(): { image: IndexImage; head: Block; consistentIndex: number } {
    const resting = this.store.restingIndex ?? assert.fail("the store is busy");
    const { consistentIndex } = this.backend;
    const { finishedMark, scheduledMark, revision, index } = resting;
    const keys = index.slots.count;
    const head = encodeHead({
      ...IDENTITY,
      keys,
      revision,
      consistentIndex,
      finishedMark,
      scheduledMark,
      hashSeed: index.hash.seed,
    });
    return { image: new IndexImage(index, revision), head, consistentIndex };
  }

  /** Writes a checkpoint, a few keys a slice; `between` runs between slices. */
  writeCheckpoint(between: () => void = () => {}): void {
    const { image, head, consistentIndex } = this.beginImage();
    const writing = new CheckpointWriting(this.disk, CHECKPOINT);
    writing.add(head);
    while (!image.isDone) {
      const block = image.run(17);
      if (block !== undefined) writing.add(block);
      between();
    }
    this.commit();
    assert.ok(this.backend.committedIndex >= consistentIndex);
    const pinned = this.backend.pinCommitted();
    writing.finish(image.revision, {
      path: DATABASE,
      pageBytes: this.storage.opened.pageBytes,
      root: pinned,
    });
    pinned.release();
  }

  close(): void {
    this.storage.close();
  }

  private run(task: Task): void {
    for (;;) {
      const progress = task.run(50);
      if (progress === "done") return;
      if (progress !== "miss") continue;
      const fetch = this.backend.takeMisses()!;
      this.backend.onPages(fetch.id, this.storage.read(fetch));
    }
  }
}

/** The index of the checkpoint and of what the database holds beyond it; throws CheckpointDiscarded. */
export function readCheckpoint(disk: FaultyDisk, change: Partial<CheckpointDemand> = {}): ReadyIndex {
  const reading = new CheckpointReading(disk, CHECKPOINT, INDEX_OPTIONS);
  const storage = InlineStorage.open(disk, DATABASE, { sync: true })!;
  try {
    const { opened } = storage;
    const mark = (name: string, none: number) => {
      const pair = opened.small.find(({ key }) => utf8String(key) === name);
      return pair === undefined ? none : Number(Buffer.from(pair.value).readBigInt64BE(0));
    };
    return reading.complete(disk, {
      ...IDENTITY,
      finishedMark: mark("finishedCompactRev", -1),
      scheduledMark: mark("scheduledCompactRev", 0),
      consistentIndex: opened.consistentIndex,
      database: { path: DATABASE, pageBytes: opened.pageBytes, root: opened },
      ...change,
    });
  } finally {
    storage.close();
  }
}
