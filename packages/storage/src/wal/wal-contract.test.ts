/**
 * The log against a simple model, on a disk that forgets and tears: whatever was synced is there after any crash, what was
 * written later is there as a prefix, and nothing else ever is. Bugs planted into the disk must be found by the same property.
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SeededRandom } from "@etcd-ts/base";
import { EMPTY_CONF_STATE, Entry, EntryType } from "@etcd-ts/proto";
import fc from "fast-check";
import { type DiskOperation, FaultyDisk } from "../disk/faulty-disk.ts";
import { Wal } from "./wal.ts";
import { WalBatch } from "./wal-batch.ts";
import { LOG_START, listWalSnapshots, newestWalSnapshot, type WalContents, walExists } from "./wal-reader.ts";
import type { WalOptions } from "./wal-state.ts";

const METADATA = { nodeId: 0x628ed94ad692e8a1n, clusterId: 2n };
const DIRECTORY = "/member/wal";
const OPTIONS: WalOptions = { segmentSizeBytes: 12_288, fillPieceBytes: 1024, segmentsMax: 3 };

class PowerLoss extends Error {}

type ModelRecord =
  | { readonly kind: "entry"; readonly index: number; readonly term: number; readonly size: number }
  | { readonly kind: "state"; readonly term: number; readonly commit: number }
  | { readonly kind: "snapshot"; readonly index: number; readonly term: number };

type Command =
  | {
      readonly kind: "append";
      readonly count: number;
      readonly size: number;
      readonly back: number;
      readonly commit: number;
    }
  | { readonly kind: "flush" }
  | { readonly kind: "idle" }
  | { readonly kind: "snapshot"; readonly back: number }
  | { readonly kind: "reopen" }
  | { readonly kind: "kill" }
  | { readonly kind: "crash-after"; readonly operations: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      count: fc.integer({ min: 0, max: 5 }),
      size: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 3000 })),
      back: fc.integer({ min: 0, max: 3 }),
      commit: fc.integer({ min: 0, max: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.constant({ kind: "flush" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "idle" as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("snapshot" as const), back: fc.integer({ min: 0, max: 5 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: "reopen" as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: "kill" as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("crash-after" as const),
      operations: fc.integer({ min: 0, max: 30 }),
    }),
  },
);

const history = fc.record({
  seed: fc.nat(),
  commands: fc.array(command, { minLength: 1, maxLength: 80, size: "max" }),
});

/** What a log holds after some of its records, said in the plainest way. */
function describeModel(records: readonly ModelRecord[], from: { index: number; term: number }): string {
  let lines: string[] = [];
  let state = "term 0 commit 0";
  for (const record of records) {
    if (record.kind === "state") state = `term ${record.term} commit ${record.commit}`;
    if (record.kind !== "entry") continue;
    lines = lines.slice(0, Math.max(0, record.index - from.index - 1));
    if (record.index > from.index) lines.push(`${record.index}/${record.term} ${record.size}`);
  }
  return [state, ...lines].join("\n");
}

function describeContents(contents: WalContents): string {
  const { term, commit } = contents.hardState;
  const lines = contents.entries.map((entry) => {
    assert.ok(
      entry.data!.every((byte) => byte === (entry.index & 255)),
      "an entry holds its own bytes",
    );
    return `${entry.index}/${entry.term} ${entry.data!.length}`;
  });
  return [`term ${term} commit ${commit}`, ...lines].join("\n");
}

function validSnapshots(records: readonly ModelRecord[]): number[] {
  let commit = 0;
  for (const record of records) if (record.kind === "state") commit = record.commit;
  return records.flatMap((record) =>
    record.kind === "snapshot" && record.index <= commit ? [record.index] : [],
  );
}

class Run {
  readonly disk = new FaultyDisk();
  readonly random: SeededRandom;
  #wal: Wal | undefined;
  /** All records ever appended and not known lost, and how many of them are durable for certain. */
  records: ModelRecord[] = [];
  durable = 0;
  #flushed = 0;
  #needsSync = false;
  #released = 0;
  readonly #skips: (operation: DiskOperation) => boolean;
  #crashIn = Number.POSITIVE_INFINITY;

  constructor(seed: number, skips: (operation: DiskOperation) => boolean = () => false) {
    this.random = new SeededRandom(seed);
    this.#skips = skips;
    this.disk.makeDirectory("/member");
    this.disk.syncDirectory("/");
    this.disk.intercept = (operation) => {
      if (this.#crashIn-- <= 0) throw new PowerLoss();
      return this.#skips(operation) ? "skip" : undefined;
    };
  }

  execute(commands: readonly Command[]): void {
    for (const command of commands) {
      this.#surviving(() => {
        if (this.#wal === undefined) this.#start();
        this.#do(command);
      });
    }
    this.#crashIn = Number.POSITIVE_INFINITY;
    this.#crash();
    this.#start();
  }

  #surviving(body: () => void): void {
    try {
      body();
    } catch (error) {
      if (!(error instanceof PowerLoss)) throw error;
      this.#crash();
    }
  }

  #crash(): void {
    this.#crashIn = Number.POSITIVE_INFINITY;
    this.#wal = undefined;
    this.disk.crash(this.random);
  }

  #do(command: Command): void {
    const wal = this.#wal!;
    switch (command.kind) {
      case "append":
        this.#append(wal, command.count, command.size, command.back, command.commit);
        return;
      case "flush":
        this.#flush(wal);
        return;
      case "idle":
        this.#flush(wal);
        while (wal.prepare(true));
        return;
      case "snapshot":
        this.#snapshot(wal, command.back);
        return;
      case "reopen":
        wal.close();
        this.#noteFlush();
        this.#wal = undefined;
        return;
      case "kill":
        this.disk.kill();
        this.#wal = undefined;
        return;
      case "crash-after":
        this.#crashIn = command.operations;
        return;
    }
  }

  #last(): { index: number; term: number; commit: number; terms: Map<number, number> } {
    const last = { index: 0, term: 1, commit: 0, terms: new Map<number, number>() };
    for (const record of this.records) {
      if (record.kind === "state") last.commit = record.commit;
      if (record.kind === "snapshot") continue;
      last.term = Math.max(last.term, record.term);
      if (record.kind !== "entry") continue;
      last.index = record.index;
      last.terms.set(record.index, record.term);
    }
    return last;
  }

  #append(wal: Wal, count: number, size: number, back: number, commit: number): void {
    const last = this.#last();
    const index = Math.max(last.commit, last.index - back);
    const term = index < last.index ? last.term + 1 : last.term;
    const added: ModelRecord[] = [];
    for (let i = 1; i <= count; i++) added.push({ kind: "entry", index: index + i, term, size });
    const end = count > 0 ? index + count : last.index;
    added.push({ kind: "state", term, commit: Math.min(end, last.commit + commit) });
    this.#write(wal, added);
    if (count > 0 || term !== last.term || this.records.length === added.length) this.#needsSync = true;
  }

  #snapshot(wal: Wal, back: number): void {
    this.#flush(wal);
    const { commit, terms } = this.#last();
    const index = Math.max(0, commit - back);
    if (index <= this.#released) return;
    this.#write(wal, [{ kind: "snapshot", index, term: terms.get(index)! }]);
    this.#needsSync = true;
    this.#flush(wal);
    this.#released = index;
    wal.release(index);
  }

  #write(wal: Wal, added: readonly ModelRecord[]): void {
    const batch = new WalBatch();
    for (const record of added) addTo(batch, record);
    this.records.push(...added);
    wal.append(batch.bytes, batch.length);
  }

  #flush(wal: Wal): void {
    wal.flush();
    this.#noteFlush();
    wal.prepare(false);
  }

  #noteFlush(): void {
    this.#flushed = this.records.length;
    if (this.#needsSync) this.durable = this.#flushed;
    this.#needsSync = false;
  }

  /** Opens what the crash has left and checks it against the model, which then forgets what is lost. */
  #start(): void {
    if (!walExists(this.disk, DIRECTORY)) {
      assert.equal(this.durable, 0, "the log is gone");
      this.records = [];
      this.#wal = Wal.create(this.disk, DIRECTORY, METADATA, OPTIONS);
      this.#needsSync = false;
      return;
    }
    const newest = newestWalSnapshot(this.disk, DIRECTORY);
    assert.ok(newest !== undefined && newest.index >= this.#released, "the newest snapshot record is lost");
    const { wal, contents, position } = Wal.open(this.disk, DIRECTORY, "newest", OPTIONS);
    assert.equal(position.index, newest.index);
    this.#wal = wal;
    const found = describeContents(contents);
    const snapshots = listWalSnapshots(this.disk, DIRECTORY).map((snapshot) => snapshot.index);
    const kept = this.#keptRecords(found, newest, snapshots);
    assert.ok(kept >= 0, `no prefix of the history holds\n${found}`);
    this.records.length = kept;
    this.durable = kept;
    this.#needsSync = false;
  }

  #keptRecords(found: string, newest: { index: number; term: number }, snapshots: readonly number[]): number {
    for (let kept = this.records.length; kept >= this.durable; kept--) {
      const prefix = this.records.slice(0, kept);
      const wanted = validSnapshots(prefix);
      // Purged segments take their snapshot records with them, so the end of the list counts.
      const listed = snapshots.filter((index) => index > 0);
      if (wanted.slice(wanted.length - listed.length).join() !== listed.join()) continue;
      if (describeModel(prefix, newest) === found) return kept;
    }
    return -1;
  }
}

function addTo(batch: WalBatch, record: ModelRecord): void {
  switch (record.kind) {
    case "entry":
      batch.addEntry(
        new Entry(EntryType.Normal, record.term, record.index, Buffer.alloc(record.size, record.index)),
      );
      return;
    case "state":
      batch.addHardState({ term: record.term, vote: METADATA.nodeId, commit: record.commit });
      return;
    case "snapshot":
      batch.addSnapshot({
        index: record.index,
        term: record.term,
        confState: { ...EMPTY_CONF_STATE, voters: [METADATA.nodeId] },
      });
      return;
  }
}

describe("any history of a log, crashed anywhere", () => {
  test("leaves what was synced, and a prefix of what was not", () => {
    fc.assert(
      fc.property(history, ({ seed, commands }) => new Run(seed).execute(commands)),
      { numRuns: 150 },
    );
  });

  const isFolderSync = (operation: DiskOperation, path: string) =>
    operation.kind === "sync-directory" && operation.path === path;
  for (const [bug, skips] of [
    ["a skipped sync", (operation: DiskOperation) => operation.kind === "sync" && operation.file > 0],
    [
      "a log renamed without a sync of its parent",
      (operation: DiskOperation) => isFolderSync(operation, "/member"),
    ],
    [
      "a segment renamed without a sync of the log",
      (operation: DiskOperation) => isFolderSync(operation, DIRECTORY),
    ],
  ] as const) {
    test(`betrays ${bug}`, () => {
      const property = fc.property(history, ({ seed, commands }) => new Run(seed, skips).execute(commands));
      assert.equal(fc.check(property, { numRuns: 1500, endOnFailure: true }).failed, true);
    });
  }

  test("never has a segment without its name: no position of a crash loses a synced entry", () => {
    for (let operations = 0; operations < 60; operations++) {
      const run = new Run(operations);
      const commands: Command[] = [{ kind: "crash-after", operations }];
      for (let i = 0; i < 12; i++) {
        commands.push({ kind: "append", count: 2, size: 300, back: 0, commit: 2 }, { kind: "flush" });
      }
      run.execute(commands);
    }
  });
});

test("a log whose start is not on the disk yet is not taken for one", () => {
  const disk = new FaultyDisk();
  disk.makeDirectory(DIRECTORY);
  assert.equal(walExists(disk, DIRECTORY), false);
  assert.equal(newestWalSnapshot(disk, DIRECTORY), undefined);
  assert.throws(() => Wal.open(disk, DIRECTORY, LOG_START), { code: "missing" });
});
