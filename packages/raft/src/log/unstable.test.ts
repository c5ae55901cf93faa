import assert from "node:assert/strict";
import { test } from "node:test";
import { Entry, EntryType } from "@etcd-ts/proto";
import { SILENT_LOGGER } from "../logger.ts";
import { Unstable } from "./unstable.ts";

function entries(term: number, lo: number, hi: number): Entry[] {
  return Array.from({ length: hi - lo }, (_, i) => new Entry(EntryType.Normal, term, lo + i, undefined));
}

function unstableWith(...pieces: Entry[][]): Unstable {
  const unstable = new Unstable(5, SILENT_LOGGER);
  for (const piece of pieces) unstable.truncateAndAppend(piece);
  unstable.invariants();
  return unstable;
}

test("entries are handed out once", () => {
  const unstable = unstableWith(entries(1, 5, 8));
  assert.deepEqual(unstable.nextEntries(), entries(1, 5, 8));
  unstable.acceptInProgress();
  assert.equal(unstable.hasNextEntries(), false);
  unstable.truncateAndAppend(entries(1, 8, 9));
  assert.deepEqual(unstable.nextEntries(), entries(1, 8, 9));
  unstable.invariants();
});

test("what is cut off while it is being written is handed out again in its new form", () => {
  const unstable = unstableWith(entries(1, 5, 8));
  unstable.acceptInProgress();
  unstable.truncateAndAppend(entries(2, 6, 7));
  assert.equal(unstable.describe(), "unstable offset=5 inProgress=6 len=2");
  assert.deepEqual(unstable.nextEntries(), entries(2, 6, 7));
  unstable.truncateAndAppend(entries(3, 4, 5));
  assert.equal(unstable.describe(), "unstable offset=4 inProgress=4 len=1");
  unstable.invariants();
});

test("only a write of what is in the log makes it stable", () => {
  const unstable = unstableWith(entries(1, 5, 8), entries(2, 6, 9));
  unstable.acceptInProgress();
  unstable.stableTo(1, 7);
  assert.equal(unstable.offset, 5);
  unstable.stableTo(2, 9);
  assert.equal(unstable.offset, 5);
  unstable.stableTo(2, 7);
  assert.equal(unstable.describe(), "unstable offset=8 inProgress=9 len=1");
  assert.equal(unstable.maybeTerm(7), -3);
  assert.equal(unstable.maybeTerm(8), 2);
  assert.equal(unstable.maybeLastIndex(), 8);
  unstable.invariants();
});

test("an array that was handed out does not change", () => {
  const unstable = unstableWith(entries(1, 5, 8));
  const handedOut = unstable.nextEntries();
  unstable.truncateAndAppend(entries(2, 6, 8));
  unstable.stableTo(2, 7);
  assert.deepEqual(handedOut, entries(1, 5, 8));
});
