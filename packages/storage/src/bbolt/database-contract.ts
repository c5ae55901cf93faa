/**
 * Test support: runs a story of commits, readers, reopenings and crashes on a database and on a reference model, and throws
 * at the first difference. After every commit the page check runs, the content equals the model's, and so does what every
 * pinned reader sees at its old root.
 *
 * After a crash the content must be that of the last commit that reported, or of the one that was under way.
 */

import { strict as assert } from "node:assert";
import { compareBytes, keyBytes, keyString, type Random, utf8Bytes } from "@etcd-ts/base";
import type { Disk } from "../disk/disk.ts";
import { createDatabase } from "./create-database.ts";
import { type Commit, Database, type DatabaseOptions } from "./database.ts";
import { OperationPacker } from "./operation-batch.ts";
import { checkDatabase } from "./page-check.ts";
import { readNode } from "./page-store.ts";
import { FOUND, rootBucket, TreeCursor } from "./tree-cursor.ts";

/** `count` keys from number `from` on, `stride` apart: put with values of `bytes` bytes, or deleted when that is undefined. */
export interface RunOfKeys {
  readonly bucket: number;
  readonly from: number;
  readonly count: number;
  readonly stride: number;
  readonly bytes: number | undefined;
}

export type Step =
  | { readonly kind: "commit"; readonly runs: readonly RunOfKeys[] }
  /** The process ends at the `at`-th change of the disk in this commit (if it has so many), and the power fails. */
  | { readonly kind: "crash"; readonly runs: readonly RunOfKeys[]; readonly at: number }
  | { readonly kind: "pin" }
  | { readonly kind: "unpin" }
  | { readonly kind: "reopen"; readonly findFreePages: boolean }
  | { readonly kind: "find-free-pages" };

/** How the story fails the disk. */
export interface CrashingDisk {
  readonly disk: Disk;
  /** Arranges that the `at`-th change from now on throws. */
  failAt(at: number): void;
  /** Ends that, and the power fails. */
  crash(): void;
}

export const CONTRACT_BUCKETS = ["first", "key", "other"] as const;
export const CONTRACT_OPTIONS: DatabaseOptions = {
  buckets: CONTRACT_BUCKETS.map((name) => ({ name, fill: name === "key" ? 0.9 : 0.5 })),
  growthBytes: 32 * 1024,
};

type Model = ReadonlyMap<string, Uint8Array>[];

interface Pin {
  readonly transaction: number;
  readonly root: number;
  readonly highWaterMark: number;
  readonly model: Model;
}

export interface ContractOptions {
  readonly pageBytes: number;
  readonly database?: Partial<DatabaseOptions>;
  /** A planted bug: the commit is told that nobody reads old roots. */
  readonly forgetsReaders?: boolean;
}

export class ContractRun {
  private readonly host: CrashingDisk;
  private readonly path: string;
  private readonly options: ContractOptions;
  private database: Database;
  private model: Model = CONTRACT_BUCKETS.map(() => new Map());
  private pins: Pin[] = [];
  private counter = 0;

  constructor(host: CrashingDisk, path: string, options: ContractOptions) {
    this.host = host;
    this.path = path;
    this.options = options;
    assert.ok(createDatabase(host.disk, path, CONTRACT_BUCKETS, options.pageBytes));
    this.database = this.open();
    this.database.findFreePages(Number.POSITIVE_INFINITY);
  }

  run(steps: readonly Step[]): void {
    for (const step of steps) this.step(step);
    this.verify();
    this.database.close();
  }

  private step(step: Step): void {
    switch (step.kind) {
      case "commit":
        this.apply(step.runs);
        this.onCommitted(this.commit());
        return;
      case "crash":
        this.crash(step.runs, step.at);
        return;
      case "pin": {
        const { transaction, root, highWaterMark } = this.database;
        this.pins.push({ transaction, root, highWaterMark, model: this.model });
        return;
      }
      case "unpin":
        this.pins.shift();
        return;
      case "reopen":
        this.database.close();
        this.reopen();
        if (step.findFreePages) this.database.findFreePages(Number.POSITIVE_INFINITY);
        return;
      case "find-free-pages":
        this.database.findFreePages(4 * this.options.pageBytes);
    }
  }

  private commit(): Commit {
    const oldest = this.options.forgetsReaders ? undefined : this.pins[0]?.transaction;
    return this.database.commit({ oldestReader: oldest ?? this.database.transaction });
  }

  private onCommitted(commit: Commit): void {
    assert.equal(commit.size, commit.highWaterMark * this.options.pageBytes);
    assert.ok(commit.sizeInUse <= commit.size && commit.sizeInUse > 0);
    this.verify();
  }

  private crash(runs: readonly RunOfKeys[], at: number): void {
    const before = this.model;
    this.apply(runs);
    this.host.failAt(at);
    let reported = false;
    try {
      this.commit();
      reported = true;
    } catch (error) {
      if (!(error instanceof PlannedCrash)) throw error;
    }
    const after = this.model;
    this.host.crash();
    this.reopen();
    const content = this.content(this.database);
    const isAfter = sameModel(content, after);
    assert.ok(isAfter || !reported, "a reported commit is missing after a crash");
    assert.ok(isAfter || sameModel(content, before), "content after a crash is that of no commit");
    this.model = isAfter ? after : before;
    this.verify();
  }

  private reopen(): void {
    this.pins = [];
    this.database = this.open();
  }

  private open(): Database {
    const database = Database.open(this.host.disk, this.path, {
      ...CONTRACT_OPTIONS,
      ...this.options.database,
    });
    assert.ok(database !== undefined, "the lock is free");
    return database;
  }

  private apply(runs: readonly RunOfKeys[]): void {
    const packer = new OperationPacker(64, 2);
    const next = this.model.map((bucket) => new Map(bucket));
    for (const run of runs) {
      for (let i = 0; i < run.count; i++) {
        const key = contractKey(run.bucket, run.from + i * run.stride);
        if (run.bytes === undefined) {
          packer.delete(run.bucket, key);
          next[run.bucket]!.delete(keyString(key));
        } else {
          const value = new Uint8Array(run.bytes).fill(++this.counter);
          packer.put(run.bucket, key, value);
          next[run.bucket]!.set(keyString(key), value);
        }
      }
    }
    this.database.apply(packer.finish());
    this.model = next;
  }

  private verify(): void {
    const report = checkDatabase(this.host.disk, this.path, this.database);
    assert.deepEqual(report.problems, []);
    assert.ok(sameModel(this.content(this.database), this.model), "content differs from the model");
    for (const pin of this.pins) {
      assert.ok(sameModel(this.content(pin), pin.model), "a reader's tree has changed under it");
    }
  }

  private content(at: { readonly root: number; readonly highWaterMark: number }): Model {
    return readContent(this.host.disk, this.path, this.options.pageBytes, at.root, at.highWaterMark);
  }
}

/** Thrown by the disk where the story ends the process. */
export class PlannedCrash extends Error {}

/** Bucket 1 has keys as revisions are, bucket 0 short ones, bucket 2 long ones, so that its tree is deep. */
export function contractKey(bucket: number, number: number): Uint8Array {
  if (bucket !== 1) return utf8Bytes(`${"k".repeat((number % 7) * (bucket === 2 ? 60 : 1))}${number}`);
  const key = new Uint8Array(17);
  new DataView(key.buffer).setUint32(4, number);
  key[8] = 0x5f;
  return key;
}

export function readContent(
  disk: Disk,
  path: string,
  pageBytes: number,
  root: number,
  highWaterMark: number,
): Model {
  const file = disk.open(path, "read");
  const cursor = new TreeCursor({ node: (page) => readNode(file, page, pageBytes, highWaterMark) });
  const model = CONTRACT_BUCKETS.map((name) => {
    const records = new Map<string, Uint8Array>();
    assert.equal(cursor.get(rootBucket(root), utf8Bytes(name)), FOUND);
    const bucket = cursor.bucketHere();
    assert.ok(bucket !== undefined);
    for (let step = cursor.seek(bucket, keyBytes("")); step === FOUND; step = cursor.next()) {
      records.set(keyString(cursor.keyCopy()), cursor.valueCopy());
    }
    return records;
  });
  file.close();
  return model;
}

function sameModel(a: Model, b: Model): boolean {
  return a.every((bucket, i) => {
    if (bucket.size !== b[i]!.size) return false;
    for (const [key, value] of bucket) {
      const other = b[i]!.get(key);
      if (other === undefined || compareBytes(value, other) !== 0) return false;
    }
    return true;
  });
}

/** A story from a seed: growing, then shrinking, with everything else mixed in. */
export function randomStory(random: Random, length: number, crashes: boolean): Step[] {
  return Array.from({ length }, (_, i) => randomStep(random, i / length, crashes));
}

function randomStep(random: Random, progress: number, crashes: boolean): Step {
  const choice = random.below(20);
  if (choice === 0) return { kind: "pin" };
  if (choice === 1) return { kind: "unpin" };
  if (choice === 2) return { kind: "reopen", findFreePages: random.below(3) > 0 };
  if (choice === 3) return { kind: "find-free-pages" };
  const runs = Array.from({ length: random.below(4) + 1 }, () => randomRun(random, progress));
  if (crashes && choice < 9) return { kind: "crash", runs, at: random.below(8) };
  return { kind: "commit", runs };
}

function randomRun(random: Random, progress: number): RunOfKeys {
  const bucket = random.below(CONTRACT_BUCKETS.length);
  const deletes = random.below(100) < 15 + 60 * progress;
  const sizes = [0, 8, 30, 100, 100, 300, 700, 2500, random.below(9000)];
  return {
    bucket,
    from: random.below(150),
    count: random.below(8) === 0 ? random.below(150) : random.below(12),
    stride: 1 + random.below(3),
    bytes: deletes ? undefined : sizes[random.below(sizes.length)]!,
  };
}
