/**
 * A log that somebody cut or changed: it is read as it was, or its end is repaired, or it is refused with a line that names
 * file and offset. It never yields anything that was not written.
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EMPTY_CONF_STATE, Entry, EntryType } from "@etcd-ts/proto";
import { FaultyDisk } from "../disk/faulty-disk.ts";
import { Wal } from "./wal.ts";
import { WalBatch } from "./wal-batch.ts";
import { WalError } from "./wal-error.ts";
import { LOG_START, newestWalSnapshot, type WalContents } from "./wal-reader.ts";

const NODE_ID = 0x628ed94ad692e8a1n;
const DIRECTORY = "/member/wal";
const OPTIONS = { segmentSizeBytes: 2048, fillPieceBytes: 0 };

/** A log of `segmentCount` segments with entries, terms, an overwritten entry and a snapshot record. */
function writeLog(segmentCount: number): FaultyDisk {
  const disk = new FaultyDisk();
  disk.makeDirectory("/member");
  const wal = Wal.create(disk, DIRECTORY, { nodeId: NODE_ID, clusterId: 0xddcdf4f4fbba999bn }, OPTIONS);
  const batch = new WalBatch();
  let index = 0;
  do {
    index++;
    batch.clear();
    const term = index < 4 ? 1 : 2;
    const type = index === 1 ? EntryType.ConfChange : EntryType.Normal;
    const data = index % 5 === 0 ? undefined : Buffer.alloc((index * 37) % 200, index);
    batch.addEntry(new Entry(type, term, index, data));
    if (index === 3) batch.addEntry(new Entry(type, term, index, Buffer.from("again")));
    batch.addHardState({ term, vote: NODE_ID, commit: index - 1 });
    if (index === 6) {
      batch.addSnapshot({ index: 5, term: 2, confState: { ...EMPTY_CONF_STATE, voters: [NODE_ID] } });
    }
    wal.append(batch.bytes, batch.length);
    wal.flush();
    wal.prepare(false);
  } while (wal.segmentNames().length < segmentCount || wal.end < 1200);
  wal.close();
  return disk;
}

function open(disk: FaultyDisk): WalContents {
  const { wal, contents } = Wal.open(disk, DIRECTORY, LOG_START, OPTIONS);
  wal.close();
  return contents;
}

function linesOf(contents: WalContents): string[] {
  return contents.entries.map(
    (entry) =>
      `${entry.type} ${entry.term} ${entry.index} ${Buffer.from(entry.data ?? "none").toString("hex")}`,
  );
}

type Outcome = "whole" | "cut" | "refused";

/** Opens the changed log; whatever comes out must be a beginning of what was written. */
function outcomeOf(disk: FaultyDisk, whole: WalContents): Outcome {
  let contents: WalContents;
  try {
    newestWalSnapshot(disk, DIRECTORY);
    contents = open(disk);
  } catch (error) {
    assert.ok(error instanceof WalError, `refused without a clear line: ${error}`);
    assert.ok(error.message.startsWith("wal: /member/wal"), error.message);
    return "refused";
  }
  const [lines, wholeLines] = [linesOf(contents), linesOf(whole)];
  // The overwritten third entry may be the last one that is left.
  if (lines.length === 3) lines[2] = wholeLines[2]!;
  assert.deepEqual(lines, wholeLines.slice(0, lines.length));
  assert.deepEqual(contents.metadata, whole.metadata);
  const { term, vote, commit } = contents.hardState;
  assert.ok(commit <= lines.length && (vote === NODE_ID || (vote === 0n && term === 0)));
  assert.deepEqual(linesOf(open(disk)).length, lines.length, "a repaired log opens again");
  return lines.length === wholeLines.length && commit === whole.hardState.commit ? "whole" : "cut";
}

function withFile(base: FaultyDisk, path: string, bytes: Uint8Array): FaultyDisk {
  const disk = new FaultyDisk();
  for (const name of base.list(DIRECTORY))
    disk.writeFile(`${DIRECTORY}/${name}`, base.readFile(`${DIRECTORY}/${name}`));
  disk.writeFile(path, bytes);
  return disk;
}

function count(outcomes: readonly Outcome[]): Record<Outcome, number> {
  const counts = { whole: 0, cut: 0, refused: 0 };
  for (const outcome of outcomes) counts[outcome]++;
  return counts;
}

describe("a damaged log", () => {
  const base = writeLog(2);
  const whole = open(base);
  const [first, last] = base.list(DIRECTORY).map((name) => `${DIRECTORY}/${name}`) as [string, string];

  test("cut anywhere in its last segment, it loses its end or is refused", () => {
    const bytes = base.readFile(last);
    const outcomes: Outcome[] = [];
    for (let length = 0; length < bytes.length; length++) {
      outcomes.push(outcomeOf(withFile(base, last, bytes.slice(0, length)), whole));
    }
    const counts = count(outcomes);
    assert.equal(counts.refused, 0);
    assert.ok(counts.cut > 1000 && counts.whole > 100);
  });

  test("cut anywhere in an earlier segment, it is refused", () => {
    const bytes = base.readFile(first);
    for (let length = 0; length < bytes.length; length++) {
      assert.equal(outcomeOf(withFile(base, first, bytes.slice(0, length)), whole), "refused");
    }
  });

  test("changed in any bit, it is read as it was, or cut, or refused", () => {
    for (const path of [first, last]) {
      const bytes = base.readFile(path);
      const outcomes: Outcome[] = [];
      // Behind the records all sectors are alike: the first of them stands for the others.
      const end = bytes.findLastIndex((byte) => byte !== 0) + 512;
      for (let bit = 0; bit < Math.min(end, bytes.length) * 8; bit++) {
        const changed = bytes.slice();
        changed[bit >>> 3]! ^= 1 << (bit & 7);
        outcomes.push(outcomeOf(withFile(base, path, changed), whole));
      }
      const counts = count(outcomes);
      assert.ok(counts.cut * 100 < counts.refused, `cut ${counts.cut}, refused ${counts.refused}`);
    }
  });

  test("with a wiped sector, it loses its end or is refused", () => {
    const bytes = base.readFile(last);
    for (let start = 0; start < 1536; start += 512) {
      outcomeOf(withFile(base, last, bytes.slice().fill(0, start, start + 512)), whole);
    }
  });

  test("its torn end is kept beside it before it is cut off", () => {
    const bytes = base.readFile(last);
    const disk = withFile(base, last, bytes.slice(0, 700));
    const { wal, repair } = Wal.open(disk, DIRECTORY, LOG_START, OPTIONS);
    wal.close();
    assert.ok(repair !== undefined && repair.offset < 700 && repair.offset > 300);
    assert.equal(repair.copy, `${last}.broken`);
    assert.deepEqual(disk.readFile(repair.copy), bytes.slice(0, 700));
    assert.equal(Wal.open(disk, DIRECTORY, LOG_START, OPTIONS).repair, undefined);
  });

  test("without one of its segments, it is refused", () => {
    const three = writeLog(3);
    const middle = three.list(DIRECTORY)[1]!;
    three.remove(`${DIRECTORY}/${middle}`);
    assert.throws(() => open(three), {
      code: "missing",
      message: /^wal: \/member\/wal: no segment between 0.*0\.wal and 0.*\.wal$/,
    });
  });
});
