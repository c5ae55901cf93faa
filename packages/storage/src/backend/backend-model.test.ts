/**
 * The backend over the real engine and a faulty disk, against a plain model: random writes, entries over several steps, views
 * that stay open, batches, commits, reports and pages that come late and in any order, crashes. A view must show exactly what
 * the model held when it began, for as long as it is open; after a crash the database holds whole batches, ending
 * with the last one that was reported or the one after it.
 *
 * Planted bugs at the end prove that the checks would see them.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { keyString, SeededRandom, setVerifying, utf8Bytes } from "@etcd-ts/base";
import fc from "fast-check";
import type { Database } from "../bbolt/index.ts";
import { checkDatabase } from "../bbolt/page-check.ts";
import { FaultyDisk } from "../disk/faulty-disk.ts";
import {
  type BackendView,
  BUCKETS,
  type BucketName,
  type CommitBatch,
  type CommitReport,
  MISS,
  type PageFetch,
  type PageNode,
} from "./backend-types.ts";
import { InlineStorage } from "./inline-storage.ts";
import { PagedBackend } from "./paged-backend.ts";
import { encodeRecordKey } from "./record-key.ts";

setVerifying(true);

const PATH = "/data/db";
const SMALL: readonly BucketName[] = ["lease", "meta", "members"];

type State = Map<string, Uint8Array>;
interface OpenView {
  readonly view: BackendView;
  readonly state: State;
}
interface Plant {
  batch?: (batch: CommitBatch) => CommitBatch;
  report?: (report: CommitReport, before: number) => CommitReport;
  cutsEntries?: boolean;
  forgetsFetches?: boolean;
}

/** A model key sorts as bucket and bytes do. */
function modelKey(bucket: BucketName, key: Uint8Array): string {
  return String.fromCharCode(BUCKETS.indexOf(bucket)) + keyString(key);
}

class World {
  readonly disk = new FaultyDisk();
  storage!: InlineStorage;
  backend!: PagedBackend;
  state: State = new Map();
  index = 0;
  revision = 1;
  inEntry = false;
  views: OpenView[] = [];
  /** What the database may hold after a crash, by consistent index. */
  readonly durable = new Map<number, State>();
  lastReported = 0;
  batch: CommitBatch | undefined;
  batchIndex = 0;
  report: CommitReport | undefined;
  root = 0;
  fetches: PageFetch[] = [];
  answers: { id: number; nodes: PageNode[] }[] = [];
  readonly plant: Plant;

  constructor(plant: Plant = {}) {
    this.plant = plant;
    this.disk.makeDirectory("/data");
    this.disk.syncDirectory("/");
    this.durable.set(0, new Map());
    this.open();
  }

  open(): void {
    const storage = InlineStorage.open(this.disk, PATH, { sync: true });
    assert.ok(storage !== undefined);
    this.storage = storage;
    this.backend = new PagedBackend(storage.opened, { cacheBytesMax: 3 * 4256 });
    this.root = storage.opened.root;
    this.index = storage.opened.consistentIndex;
    if (this.plant.forgetsFetches) {
      const { fetches } = this.backend as unknown as { fetches: { readers: object } };
      fetches.readers = { add() {}, remove() {} };
    }
  }

  put(bucket: BucketName, key: Uint8Array, value: Uint8Array): void {
    this.enter();
    this.backend.put(bucket, key, value);
    this.state.set(modelKey(bucket, key), value);
  }

  delete(bucket: BucketName, key: Uint8Array): void {
    this.enter();
    this.backend.delete(bucket, key);
    this.state.delete(modelKey(bucket, key));
  }

  enter(): void {
    if (this.inEntry) return;
    this.backend.beginEntry();
    this.inEntry = true;
  }

  endEntry(): void {
    if (!this.inEntry) return;
    this.backend.endEntry(++this.index, 7);
    this.inEntry = false;
    this.durable.set(this.index, new Map(this.state));
  }

  openView(): void {
    if (this.views.length < 4) this.views.push({ view: this.backend.view(), state: new Map(this.state) });
  }

  closeView(pick: number): void {
    const [open] = this.views.splice(pick % this.views.length, 1);
    open?.view.close();
  }

  takeBatch(): void {
    if (this.plant.cutsEntries) (this.backend as unknown as { entryIsOpen: boolean }).entryIsOpen = false;
    const batch = this.backend.takeBatch();
    if (this.plant.cutsEntries)
      (this.backend as unknown as { entryIsOpen: boolean }).entryIsOpen = this.inEntry;
    if (batch === undefined) return;
    this.batch = this.plant.batch?.(batch) ?? batch;
    this.batchIndex = this.index;
  }

  commit(): void {
    if (this.batch === undefined) return;
    this.report = this.storage.commit(this.batch);
    this.batch = undefined;
  }

  deliverReport(): void {
    if (this.report === undefined) return;
    const report = this.plant.report?.(this.report, this.root) ?? this.report;
    this.root = this.report.root;
    this.report = undefined;
    this.backend.onCommitted(report);
    this.lastReported = this.batchIndex;
    assert.equal(this.backend.committedIndex, this.batchIndex);
  }

  takeMisses(): void {
    const fetch = this.backend.takeMisses();
    if (fetch !== undefined) this.fetches.push(fetch);
  }

  read(pick: number): void {
    const [fetch] = this.fetches.splice(pick % Math.max(1, this.fetches.length), 1);
    if (fetch !== undefined) this.answers.push({ id: fetch.id, nodes: this.storage.read(fetch) });
  }

  deliverPages(pick: number): void {
    const [answer] = this.answers.splice(pick % Math.max(1, this.answers.length), 1);
    if (answer !== undefined) this.backend.onPages(answer.id, answer.nodes);
  }

  /** Fetches until `attempt` succeeds. */
  settle<T>(attempt: () => T | typeof MISS): T {
    for (let round = 0; round < 500; round++) {
      const result = attempt();
      if (result !== MISS) return result;
      this.takeMisses();
      while (this.fetches.length > 0) this.read(0);
      while (this.answers.length > 0) this.deliverPages(0);
    }
    assert.fail("a read starves");
  }

  checkView(view: BackendView, state: State, pick: number): void {
    const keys = [...state.keys()];
    if (keys.length > 0) {
      const key = keys[pick % keys.length]!;
      const bucket = BUCKETS[key.charCodeAt(0)]!;
      const value = this.settle(() => view.get(bucket, Buffer.from(key.slice(1), "latin1")));
      assert.deepEqual(value && Buffer.from(value), state.get(key) && Buffer.from(state.get(key)!));
    }
    const seen: State = new Map();
    for (const bucket of ["key", ...SMALL] as const) this.scanAll(view, bucket, seen);
    assertSameState(seen, state);
    this.checkRecords(view, state);
  }

  scanAll(view: BackendView, bucket: BucketName, seen: State): void {
    let lo: Uint8Array = new Uint8Array(0);
    let last = "";
    this.settle(() => {
      const result = view.scan(bucket, lo, undefined, (key, value) => {
        const text = modelKey(bucket, key);
        assert.ok(text > last, "scan not ascending");
        last = text;
        if (!isOwn(bucket, key)) seen.set(text, value);
        return true;
      });
      if (result.done) return true;
      lo = result.resumeKey;
      return MISS;
    });
  }

  checkRecords(view: BackendView, state: State): void {
    let main = 0;
    let sub = 0;
    let count = 0;
    this.settle(
      () =>
        view.scanRecords(main, sub, Infinity, (m, s, tombstone, bytes, start, end) => {
          main = m;
          sub = s + 1;
          count++;
          const expected = state.get(modelKey("key", encodeRecordKey(m, s, tombstone)));
          assert.deepEqual(Buffer.from(bytes.slice(start, end)), expected && Buffer.from(expected));
          return true;
        }) ?? true,
    );
    assert.equal(
      count,
      [...state.keys()].filter((key) => key.charCodeAt(0) === BUCKETS.indexOf("key")).length,
    );
  }

  crash(seed: number, torn: boolean): void {
    if (torn) this.disk.crash(new SeededRandom(seed));
    else this.disk.kill();
    const allowed = [this.lastReported];
    if (this.report !== undefined) allowed.splice(0, 1, this.batchIndex);
    this.views = [];
    this.fetches = [];
    this.answers = [];
    this.batch = undefined;
    this.report = undefined;
    this.inEntry = false;
    this.open();
    assert.ok(allowed.includes(this.index), `index ${this.index} after the crash instead of ${allowed}`);
    this.lastReported = this.index;
    this.state = new Map(this.durable.get(this.index));
    this.checkView(this.backend.current(), this.state, seed);
  }

  finish(): void {
    this.endEntry();
    for (const { view, state } of this.views) this.checkView(view, state, 0);
    this.checkView(this.backend.current(), this.state, 0);
    while (this.views.length > 0) this.closeView(0);
    while (this.fetches.length > 0) this.read(0);
    while (this.answers.length > 0) this.deliverPages(0);
    this.takeMisses();
    while (this.fetches.length > 0) this.read(0);
    while (this.answers.length > 0) this.deliverPages(0);
    assert.equal(this.backend.openReaders, 0);
    this.backend.invariants();
    const { database } = this.storage.committer as unknown as { database: Database };
    while (this.storage.committer.work());
    assert.deepEqual(checkDatabase(this.disk, PATH, database).problems, []);
    this.storage.close();
  }
}

/** The backend writes these two by itself. */
function isOwn(bucket: BucketName, key: Uint8Array): boolean {
  return bucket === "meta" && (keyString(key) === "consistent_index" || keyString(key) === "term");
}

function assertSameState(seen: State, state: State): void {
  assert.deepEqual([...seen.keys()].sort(), [...state.keys()].sort());
  for (const [key, value] of state) assert.deepEqual(Buffer.from(seen.get(key)!), Buffer.from(value));
}

type Action = readonly [kind: number, a: number, b: number];

function someValue(a: number, b: number): Uint8Array {
  const length = b % 17 === 0 ? 9000 : b % 400;
  return new Uint8Array(length).fill(a + b);
}

function act(world: World, [kind, a, b]: Action): void {
  switch (kind) {
    case 0:
    case 1:
      for (let i = 0; i < 1 + (a % 12); i++) {
        world.put("key", encodeRecordKey(++world.revision, 0, (b + i) % 5 === 0), someValue(a, b + i));
      }
      break;
    case 2:
      world.put("key", encodeRecordKey(1 + (a % (world.revision + 1)), b % 3, false), someValue(a, b));
      break;
    case 3:
      for (let i = 0; i < 10; i++) {
        const main = 1 + ((a + i) % (world.revision + 1));
        world.delete("key", encodeRecordKey(main, 0, false));
        world.delete("key", encodeRecordKey(main, 0, true));
      }
      break;
    case 4:
      world.put(SMALL[a % 3]!, utf8Bytes(`k${b % 40}`), someValue(a, b % 60));
      break;
    case 5:
      world.delete(SMALL[a % 3]!, utf8Bytes(`k${b % 40}`));
      break;
    case 6:
    case 7:
      world.endEntry();
      break;
    case 8:
      world.openView();
      break;
    case 9:
      if (world.views.length > 0) {
        const open = world.views[a % world.views.length]!;
        if (b % 2 === 0) world.checkView(open.view, open.state, b);
        else open.view.get("key", encodeRecordKey(1 + (b % (world.revision + 1)), 0, false));
      } else world.checkView(world.backend.current(), world.state, b);
      break;
    case 10:
      if (world.views.length > 0) world.closeView(a);
      break;
    case 11:
    case 12:
      world.takeBatch();
      break;
    case 13:
    case 14:
      world.commit();
      break;
    case 15:
    case 16:
      world.deliverReport();
      break;
    case 17:
      world.takeMisses();
      break;
    case 18:
      world.read(a);
      break;
    case 19:
      world.deliverPages(a);
      break;
    case 20:
      if (a % 4 === 0) world.crash(b, a % 8 === 0);
      break;
    case 21:
      world.storage.committer.work();
      break;
    default:
      world.backend.current().record(1 + (a % (world.revision + 1)), 0, false);
  }
}

const KINDS = 23;
const actions = fc.array(fc.tuple(fc.nat(KINDS - 1), fc.nat(1000), fc.nat(1000)), {
  minLength: 30,
  maxLength: 150,
  size: "max",
});

function run(list: readonly Action[], plant: Plant = {}): void {
  const world = new World(plant);
  for (const action of list) {
    act(world, action);
    world.backend.invariants();
  }
  world.finish();
}

test("views stay exact while batches, reports, pages and crashes come in any order", () => {
  fc.assert(
    fc.property(actions, (list) => run(list)),
    { numRuns: 80, seed: 20, endOnFailure: false },
  );
});

/** Rounds of overwriting and deleting with a view open: pages are freed and taken all the time. */
function churn(plant: Plant, seed: number): void {
  const random = new SeededRandom(seed);
  const world = new World(plant);
  for (let round = 0; round < 30; round++) {
    for (let i = 0; i < 3; i++) act(world, [random.below(6), random.below(1000), random.below(1000)]);
    if (random.below(2) === 0) world.endEntry();
    if (random.below(3) === 0) world.openView();
    world.takeBatch();
    if (random.below(4) === 0) act(world, [9, random.below(1000), 2 * random.below(500)]);
    world.storage.committer.work();
    world.commit();
    if (random.below(8) === 0) world.crash(random.below(1000), false);
    world.deliverReport();
    if (random.below(6) === 0 && world.views.length > 0) world.closeView(random.below(4));
  }
  world.finish();
}

/** Pages are read at once and delivered rounds later, while what they held is freed and written again. */
function lateAnswers(plant: Plant, seed: number): void {
  const random = new SeededRandom(seed);
  const world = new World(plant);
  for (let round = 0; round < 60; round++) {
    act(world, [random.below(6), random.below(1000), random.below(1000)]);
    act(world, [2, random.below(1000), random.below(1000)]);
    world.endEntry();
    for (let i = 0; i < 4; i++) world.backend.current().record(1 + random.below(world.revision), 0, false);
    world.takeMisses();
    if (world.fetches.length > 0) world.read(0);
    world.takeBatch();
    world.storage.committer.work();
    world.commit();
    world.deliverReport();
    if (world.answers.length > 3) world.deliverPages(0);
    if (round % 5 === 4) world.checkView(world.backend.current(), world.state, round);
  }
  world.finish();
}

const SEEDS = 12;

function caught(plant: Plant, scenario = churn): number {
  let failures = 0;
  for (let seed = 0; seed < SEEDS; seed++) {
    try {
      scenario(plant, seed);
    } catch {
      failures++;
    }
  }
  return failures;
}

test("the churn that the planted bugs run in passes without them", () => {
  assert.equal(caught({}), 0);
  assert.equal(caught({}, lateAnswers), 0);
});

test("planted: pages that a view still reads are written again", () => {
  assert.ok(caught({ batch: (batch) => ({ ...batch, oldestReader: Infinity }) }) > SEEDS / 4);
});

test("planted: the overlay part is dropped before the root moves", () => {
  assert.ok(caught({ report: (report, before) => ({ ...report, root: before }) }) > SEEDS / 4);
});

test("planted: pages are written again while a fetch is on its way", () => {
  assert.ok(caught({ forgetsFetches: true }, lateAnswers) > SEEDS / 4);
});

test("planted: a batch is cut inside an entry", () => {
  assert.ok(caught({ cutsEntries: true }) > SEEDS / 4);
});
