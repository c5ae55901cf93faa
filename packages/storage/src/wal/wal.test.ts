import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EMPTY_CONF_STATE, Entry, EntryType, type HardState } from "@etcd-ts/proto";
import { FaultyDisk } from "../disk/faulty-disk.ts";
import { RecordType } from "./record.ts";
import { segmentName, segmentPositionAt, segmentsAmong } from "./segment-name.ts";
import { SegmentReader } from "./segment-reader.ts";
import { Wal } from "./wal.ts";
import { WalBatch } from "./wal-batch.ts";
import { WalError } from "./wal-error.ts";
import { LOG_START, listWalSnapshots, newestWalSnapshot, readWal, walExists } from "./wal-reader.ts";
import type { WalOptions } from "./wal-state.ts";

const METADATA = { nodeId: 0x628ed94ad692e8a1n, clusterId: 0xddcdf4f4fbba999bn };
const DIRECTORY = "/member/wal";
const VOTE = METADATA.nodeId;
const CONF_STATE = { ...EMPTY_CONF_STATE, voters: [VOTE] };

function normal(index: number, term: number, text = `entry ${index}`): Entry {
  return new Entry(EntryType.Normal, term, index, Buffer.from(text));
}

function state(term: number, commit: number): HardState {
  return { term, vote: VOTE, commit };
}

function save(wal: Wal, fill: (batch: WalBatch) => void): void {
  const batch = new WalBatch();
  fill(batch);
  wal.append(batch.bytes, batch.length);
  wal.flush();
  wal.prepare(false);
}

function newDisk(): FaultyDisk {
  const disk = new FaultyDisk();
  disk.makeDirectory("/member");
  disk.syncDirectory("/");
  return disk;
}

function newWal(
  disk: FaultyDisk,
  options: WalOptions = { segmentSizeBytes: 8192, fillPieceBytes: 1024 },
): Wal {
  return Wal.create(disk, DIRECTORY, METADATA, options);
}

function textsOf(entries: readonly Entry[]): string[] {
  return entries.map((entry) => `${entry.index}/${entry.term} ${Buffer.from(entry.data ?? []).toString()}`);
}

const isCode = (code: string) => (error: unknown) => error instanceof WalError && error.code === code;

describe("the log's bytes", () => {
  test("are those of the original for the start of a member's log", () => {
    const bootstrap = '{"id":7101852577860610209,"peerURLs":["http://127.0.0.1:23800"],"name":"n1"}';
    const confChange = Buffer.concat([
      Buffer.from("0800100018a1d1cbb4ada9b6c762224c", "hex"),
      Buffer.from(bootstrap),
    ]);
    const disk = newDisk();
    const wal = newWal(disk);
    save(wal, (batch) => {
      batch.addEntry(new Entry(EntryType.ConfChange, 1, 1, confChange));
      batch.addHardState({ term: 1, vote: 0n, commit: 1 });
    });
    save(wal, (batch) => batch.addEntry(new Entry(EntryType.Normal, 2, 2, undefined)));
    const expected = [
      "0400000000000084" + "08041000" + "00000000",
      "1f00000000000081" + "0801108b99bda1031a1508a1d1cbb4ada9b6c762109bb3eaddcf9efde6dd01" + "00",
      "0e00000000000082" + "08051097ae87ca041a0408001000" + "0000",
      "6e00000000000082" +
        "080210d5c6d7d1061a64080110011801225c0800100018a1d1cbb4ada9b6c762224c7b226964223a373130313835323537373836303631303230392c227065657255524c73223a5b22687474703a2f2f3132372e302e302e313a3233383030225d2c226e616d65223a226e31227d" +
        "0000",
      "1000000000000000" + "080310acdefeb30e1a06080110001801",
      "1000000000000000" + "080210b48595de091a06080010021802",
    ].join("");
    const file = disk.readFile(`${DIRECTORY}/0000000000000000-0000000000000000.wal`);
    const written = Buffer.from(file).toString("hex", 0, wal.end);
    assert.equal(written, expected);
    assert.equal(file.length, 8192);
    assert.ok(file.subarray(wal.end).every((byte) => byte === 0));
  });

  test("begin a later segment with crc, metadata and state", () => {
    const disk = newDisk();
    const wal = newWal(disk, { segmentSizeBytes: 4096, fillPieceBytes: 512 });
    save(wal, (batch) => {
      batch.addEntry(normal(1, 1, "x".repeat(5000)));
      batch.addHardState(state(1, 1));
    });
    assert.deepEqual(wal.segmentNames(), [segmentName(0, 0).name, segmentName(1, 2).name]);
    const [first, second] = wal.segmentNames().map((name) => disk.open(`${DIRECTORY}/${name}`, "read"));
    const types: number[] = [];
    const reader = new SegmentReader(first!, false);
    while (reader.next() === "record") types.push(reader.type);
    assert.equal(reader.validEnd, first!.size());
    const next = new SegmentReader(second!, true);
    while (next.next() === "record") types.push(next.type);
    const { Crc, Metadata, Snapshot, Entry, State } = RecordType;
    assert.deepEqual(types, [Crc, Metadata, Snapshot, Entry, State, Crc, Metadata, State]);
  });
});

describe("segment names", () => {
  test("sort by sequence and are found by index", () => {
    const names = [
      segmentName(1, 100).name,
      "0.tmp",
      segmentName(0, 0).name,
      "x.wal",
      `${segmentName(2, 7).name}.broken`,
    ];
    const segments = segmentsAmong(names);
    assert.deepEqual(
      segments.map((segment) => segment.name),
      [segmentName(0, 0).name, segmentName(1, 100).name],
    );
    assert.deepEqual(
      [0, 99, 100, 101].map((index) => segmentPositionAt(segments, index)),
      [0, 0, 1, 1],
    );
    assert.equal(segmentPositionAt(segments.slice(1), 99), -1);
  });
});

describe("a log opened again", () => {
  test("holds what was saved, a later entry replacing all from its index on", () => {
    const disk = newDisk();
    const wal = newWal(disk);
    save(wal, (batch) => {
      batch.addEntries([normal(1, 1), normal(2, 1), normal(3, 1)]);
      batch.addHardState(state(1, 1));
    });
    save(wal, (batch) => {
      batch.addEntry(normal(2, 2, "new"));
      batch.addHardState(state(2, 2));
    });
    wal.close();
    const { wal: again, contents, repair } = Wal.open(disk, DIRECTORY, LOG_START);
    assert.deepEqual(contents.metadata, METADATA);
    assert.deepEqual(contents.hardState, state(2, 2));
    assert.deepEqual(textsOf(contents.entries), ["1/1 entry 1", "2/2 new"]);
    assert.equal(repair, undefined);
    save(again, (batch) => batch.addEntry(normal(3, 2)));
    again.close();
    assert.deepEqual(textsOf(readWal(disk, DIRECTORY, LOG_START).entries), [
      "1/1 entry 1",
      "2/2 new",
      "3/2 entry 3",
    ]);
    assert.deepEqual(disk.list(DIRECTORY), [segmentName(0, 0).name]);
  });

  test("reads from a snapshot on, over several segments, and keeps as many as it is told", () => {
    const disk = newDisk();
    const options = { segmentSizeBytes: 2048, fillPieceBytes: 512, segmentsMax: 2 };
    const wal = newWal(disk, options);
    for (let index = 1; index <= 60; index++) {
      save(wal, (batch) => {
        batch.addEntry(normal(index, 1, "x".repeat(200)));
        batch.addHardState(state(1, index - 1));
      });
    }
    assert.ok(wal.segmentNames().length > 4);
    save(wal, (batch) => batch.addSnapshot({ index: 40, term: 1, confState: CONF_STATE }));
    const before = listWalSnapshots(disk, DIRECTORY).map((snapshot) => snapshot.index);
    assert.deepEqual(before, [0, 40]);
    wal.release(40);
    assert.deepEqual(
      disk.list(DIRECTORY).filter((name) => name.endsWith(".wal")),
      wal.segmentNames(),
    );
    assert.deepEqual(newestWalSnapshot(disk, DIRECTORY), { index: 40, term: 1, confState: CONF_STATE });
    wal.close();
    const { contents, wal: again } = Wal.open(disk, DIRECTORY, { index: 40, term: 1 }, options);
    assert.deepEqual(
      contents.entries.map((entry) => entry.index),
      Array.from({ length: 20 }, (_, i) => 41 + i),
    );
    assert.deepEqual(contents.confState, CONF_STATE);
    again.close();
    assert.throws(() => readWal(disk, DIRECTORY, LOG_START), isCode("missing"));
    assert.throws(() => readWal(disk, DIRECTORY, { index: 40, term: 2 }), isCode("damaged"));
    assert.throws(() => readWal(disk, DIRECTORY, { index: 41, term: 1 }), isCode("missing"));
  });

  test("is refused to a second user while the first has it", () => {
    const disk = newDisk();
    const wal = newWal(disk);
    assert.throws(() => Wal.open(disk, DIRECTORY, LOG_START), {
      code: "locked",
      message: `wal: ${DIRECTORY}/${segmentName(0, 0).name}: another process uses this segment`,
    });
    wal.close();
    Wal.open(disk, DIRECTORY, LOG_START).wal.close();
  });

  test("is not there before it is whole", () => {
    const disk = newDisk();
    const first = new WalBatch();
    first.addEntry(normal(1, 1));
    first.addHardState(state(1, 1));
    disk.intercept = (operation) => {
      if (operation.kind === "rename") throw new Error("the power fails");
      return undefined;
    };
    assert.throws(() => Wal.create(disk, DIRECTORY, METADATA, {}, first), /power/);
    disk.intercept = undefined;
    disk.kill();
    assert.equal(walExists(disk, DIRECTORY), false);
    Wal.create(disk, DIRECTORY, METADATA, {}, first);
    disk.crashForgettingAll();
    assert.equal(walExists(disk, DIRECTORY), true);
    assert.deepEqual(textsOf(readWal(disk, DIRECTORY, LOG_START).entries), ["1/1 entry 1"]);
  });
});

describe("saving", () => {
  test("syncs for entries, term, vote and snapshots, not for a commit index alone", () => {
    const disk = newDisk();
    const wal = newWal(disk, { segmentSizeBytes: 100_000, fillPieceBytes: 0 });
    const syncsOf = (fill: (batch: WalBatch) => void): number => {
      let syncs = 0;
      disk.intercept = (operation) => {
        if (operation.kind === "sync") syncs++;
        return undefined;
      };
      save(wal, fill);
      return syncs;
    };
    assert.equal(
      syncsOf((batch) => batch.addHardState(state(1, 0))),
      1,
    );
    assert.equal(
      syncsOf((batch) => batch.addEntry(normal(1, 1))),
      1,
    );
    assert.equal(
      syncsOf((batch) => batch.addHardState(state(1, 1))),
      0,
    );
    assert.equal(
      syncsOf((batch) => batch.addHardState({ term: 1, vote: 7n, commit: 1 })),
      1,
    );
    assert.equal(
      syncsOf((batch) => batch.addSnapshot({ index: 1, term: 1, confState: CONF_STATE })),
      1,
    );
  });

  test("refuses a snapshot record above the commit", () => {
    const disk = newDisk();
    const wal = newWal(disk);
    save(wal, (batch) => batch.addEntry(normal(1, 1)));
    const snapshot = { index: 1, term: 1, confState: CONF_STATE };
    assert.throws(() => save(wal, (batch) => batch.addSnapshot(snapshot)), /above the commit/);
  });

  test("stops for good at a failing device", () => {
    for (const kind of ["write", "sync"]) {
      const disk = newDisk();
      const wal = newWal(disk);
      disk.intercept = (operation) => {
        if (operation.kind === kind) throw new Error("broken");
        return undefined;
      };
      assert.throws(() => save(wal, (batch) => batch.addEntry(normal(1, 1))), /broken/);
      disk.intercept = undefined;
      assert.throws(() => save(wal, (batch) => batch.addEntry(normal(1, 1))), /failed/);
      wal.close();
    }
  });

  test("writes records larger than its buffer", () => {
    const disk = newDisk();
    const wal = newWal(disk);
    const large = new Entry(EntryType.Normal, 1, 1, Buffer.alloc(3_000_000, 7));
    save(wal, (batch) => batch.addEntries([large, normal(2, 1)]));
    wal.close();
    const { entries } = readWal(disk, DIRECTORY, LOG_START);
    assert.deepEqual(entries[0]!.data, large.data);
    assert.equal(entries.length, 2);
  });

  test("fills the segment and its successor with zeros ahead", () => {
    const disk = newDisk();
    const wal = newWal(disk, { segmentSizeBytes: 65_536, fillPieceBytes: 4096 });
    save(wal, (batch) => batch.addEntry(normal(1, 1, "x".repeat(40_000))));
    while (wal.prepare(true));
    assert.deepEqual(disk.list(DIRECTORY), ["0.tmp", segmentName(0, 0).name]);
    assert.equal(disk.usedBytes(), 2 * 65_536);
    save(wal, (batch) => batch.addEntry(normal(2, 1, "x".repeat(30_000))));
    assert.deepEqual(disk.list(DIRECTORY), [segmentName(0, 0).name, segmentName(1, 3).name]);
    wal.close();
  });
});
