import assert from "node:assert/strict";
import { test } from "node:test";
import { EMPTY_CONF_STATE, Entry, EntryType } from "@etcd-ts/proto";
import { MemoryStorage } from "./memory-storage.ts";
import { TERM_COMPACTED, TERM_UNAVAILABLE } from "./storage.ts";

const NO_LIMIT = Number.POSITIVE_INFINITY;

function entries(term: number, lo: number, hi: number): Entry[] {
  return Array.from({ length: hi - lo }, (_, i) => new Entry(EntryType.Normal, term, lo + i, undefined));
}

/** Snapshot at 3 of term 3, entries 4 to 6 of terms 4 to 6. */
function storage(): MemoryStorage {
  const made = new MemoryStorage();
  const metadata = { confState: EMPTY_CONF_STATE, index: 3, term: 3 };
  assert.equal(made.applySnapshot({ data: undefined, metadata }), undefined);
  made.append([...entries(4, 4, 5), ...entries(5, 5, 6), ...entries(6, 6, 7)]);
  made.invariants();
  return made;
}

test("terms are known from the snapshot to the end", () => {
  const terms = [2, 3, 4, 5, 6, 7].map((index) => storage().term(index));
  assert.deepEqual(terms, [TERM_COMPACTED, 3, 4, 5, 6, TERM_UNAVAILABLE]);
});

test("entries come in pages of at least one", () => {
  const made = storage();
  const size = 4; // term and index, a tag and a byte each
  assert.deepEqual(made.entries(3, 5, NO_LIMIT), undefined);
  assert.equal(made.entries(4, 7, NO_LIMIT)?.length, 3);
  assert.equal(made.entries(4, 7, 0)?.length, 1);
  assert.equal(made.entries(4, 7, 2 * size)?.length, 2);
  assert.equal(made.entries(4, 7, 3 * size - 1)?.length, 2);
});

test("an append replaces what it overlaps and skips what is compacted", () => {
  const made = storage();
  made.append(entries(7, 2, 6));
  made.invariants();
  assert.equal(made.lastIndex(), 5);
  assert.deepEqual([made.term(3), made.term(4), made.term(5)], [3, 7, 7]);
  made.append(entries(7, 1, 3));
  assert.equal(made.lastIndex(), 5);
  assert.throws(() => made.append(entries(7, 7, 8)), /gap/);
});

test("compaction and snapshots only go forward", () => {
  const made = storage();
  assert.equal(made.compact(5), undefined);
  assert.equal(made.firstIndex(), 6);
  assert.equal(made.term(5), 5);
  assert.equal(made.compact(5), "requested index is unavailable due to compaction");
  const snapshot = made.createSnapshot(6, undefined, new Uint8Array(1));
  assert.deepEqual(snapshot, made.snapshot());
  assert.equal(
    made.createSnapshot(6, undefined, undefined),
    "requested index is older than the existing snapshot",
  );
  assert.equal(
    made.applySnapshot({ data: undefined, metadata: { confState: EMPTY_CONF_STATE, index: 6, term: 6 } }),
    "requested index is older than the existing snapshot",
  );
  assert.equal(made.describe(), "storage (5, 6] base term=5 hard state=0/0/0");
});
