import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EMPTY_CONF_STATE, Entry, EntryType } from "@etcd-ts/proto";
import { DiskError } from "../disk/disk.ts";
import { FaultyDisk } from "../disk/faulty-disk.ts";
import { Wal } from "./wal.ts";
import { LOG_START, readWal } from "./wal-reader.ts";
import { InlineWalWriter } from "./wal-writer.ts";

const DIRECTORY = "/member/wal";
const OPTIONS = { segmentSizeBytes: 2048, fillPieceBytes: 512, segmentsMax: 1 };

function setUp() {
  const disk = new FaultyDisk();
  disk.makeDirectory("/member");
  const wal = Wal.create(disk, DIRECTORY, { nodeId: 1n, clusterId: 2n }, OPTIONS);
  const heard: string[] = [];
  const writer = new InlineWalWriter(wal, {
    onSynced: (upTo) => heard.push(`synced ${upTo}`),
    onFailure: (error) => heard.push(`failed: ${error.message}`),
  });
  const put = (index: number, size = 100): number => {
    writer.batch.addEntry(new Entry(EntryType.Normal, 1, index, Buffer.alloc(size)));
    writer.batch.addHardState({ term: 1, vote: 1n, commit: index });
    return writer.append();
  };
  return { disk, writer, heard, put };
}

describe("the log in the caller's thread", () => {
  test("reports what waits together, after one sync", () => {
    const { disk, writer, heard, put } = setUp();
    let syncs = 0;
    disk.intercept = (operation) => {
      if (operation.kind === "sync" && operation.file === 0) syncs++;
      return undefined;
    };
    assert.deepEqual([put(1), put(2), put(3)], [1, 2, 3]);
    assert.ok(writer.hasWork() && writer.pendingBytes > 300 && heard.length === 0);
    writer.run();
    assert.deepEqual([heard, writer.synced, writer.pendingBytes, syncs], [["synced 3"], 3, 0, 1]);
    writer.run();
    put(4);
    writer.close(() => heard.push("closed"));
    assert.deepEqual(heard, ["synced 3", "synced 4", "closed"]);
    assert.equal(readWal(disk, DIRECTORY, LOG_START).entries.length, 4);
  });

  test("releases segments after the batches that came before", () => {
    const { disk, writer, put } = setUp();
    for (let index = 1; index <= 40; index++) {
      put(index, 300);
      writer.run();
    }
    const before = disk.list(DIRECTORY).length;
    const confState = { ...EMPTY_CONF_STATE, voters: [1n] };
    writer.batch.addSnapshot({ index: 30, term: 1, confState });
    writer.append();
    writer.release(30);
    assert.equal(disk.list(DIRECTORY).length, before);
    writer.run();
    assert.ok(disk.list(DIRECTORY).length < before);
    const { entries } = readWal(disk, DIRECTORY, { index: 30, term: 1 });
    assert.equal(entries.length, 10);
  });

  test("tells a failure once and then nothing", () => {
    const { disk, writer, heard, put } = setUp();
    disk.intercept = (operation) => {
      if (operation.kind === "sync") throw new DiskError("EIO", DIRECTORY, "sync: input/output error");
      return undefined;
    };
    put(1);
    writer.run();
    disk.intercept = undefined;
    put(2);
    assert.equal(writer.hasWork(), false);
    writer.run();
    writer.close(() => heard.push("closed"));
    assert.deepEqual(heard, ["failed: sync: input/output error", "closed"]);
  });
});
