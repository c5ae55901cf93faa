/** Keys of records, their order in memory and on disk, and runs of them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { compareBytes, hexString } from "@etcd-ts/base";
import fc from "fast-check";
import {
  decodeRecordKey,
  encodeRecordKey,
  minorOf,
  recordBound,
  recordKeyFault,
  recordMain,
  recordMinor,
} from "./record-key.ts";
import { DELETED, RecordRun } from "./record-run.ts";

const main = fc.oneof(fc.nat(5), fc.maxSafeNat());
const sub = fc.oneof(fc.nat(3), fc.nat(2 ** 31 - 1));
const revision = fc.record({ main, sub, tombstone: fc.boolean() }, { noNullPrototype: true });
type Revision = { main: number; sub: number; tombstone: boolean };

function encode(r: Revision): Uint8Array {
  return encodeRecordKey(r.main, r.sub, r.tombstone);
}

test("a record key has the bytes that the format says", () => {
  assert.equal(hexString(encodeRecordKey(2, 0, false)), "00000000000000025f0000000000000000");
  assert.equal(
    hexString(encodeRecordKey(0x1f_ffff_ffff_ffff, 0x7fff_ffff, true)),
    "001fffffffffffff5f000000007fffffff74",
  );
});

test("keys decode to what they were made of, and bytes are ordered as main and minor are", () => {
  fc.assert(
    fc.property(revision, revision, (a, b) => {
      assert.deepEqual(decodeRecordKey(encode(a)), a);
      const order = a.main - b.main || minorOf(a.sub, a.tombstone) - minorOf(b.sub, b.tombstone);
      assert.equal(Math.sign(compareBytes(encode(a), encode(b))), Math.sign(order));
    }),
  );
});

test("what is no record key has a fault", () => {
  const key = encodeRecordKey(7, 1, true);
  assert.equal(recordKeyFault(key, 0, key.length), undefined);
  assert.equal(recordKeyFault(key, 0, 16), "16 bytes");
  for (const [at, byte] of [
    [0, 1],
    [1, 0x20],
    [8, 0],
    [9, 1],
    [13, 0x80],
    [17, 0],
  ] as const) {
    const wrong = Uint8Array.from(key);
    wrong[at] = byte;
    assert.notEqual(recordKeyFault(wrong, 0, wrong.length), undefined);
    assert.equal(decodeRecordKey(wrong), undefined);
  }
});

test("a bound of any bytes lies between the same records as the bytes do", () => {
  const nearKey = fc.tuple(revision, fc.nat(19), fc.nat(255), fc.boolean()).map(([r, cut, byte, extend]) => {
    const key = Uint8Array.from([...encode(r).subarray(0, cut), ...(extend ? [byte] : [])]);
    return key;
  });
  fc.assert(
    fc.property(fc.oneof(nearKey, fc.uint8Array({ maxLength: 20 })), revision, (bytes, r) => {
      const bound = recordBound(bytes);
      const minor = minorOf(r.sub, r.tombstone);
      const isBefore = r.main < bound.main || (r.main === bound.main && minor < bound.minor);
      assert.equal(isBefore, compareBytes(encode(r), bytes) < 0);
    }),
    { numRuns: 2000 },
  );
});

test("a run holds the last operation of each record, whatever their order", () => {
  const operation = fc.tuple(fc.nat(300), fc.nat(3), fc.nat(1000));
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 600, size: "max" }), (operations) => {
      const run = new RecordRun();
      const model = new Map<string, number>();
      operations.forEach(([recordAt, minor, length], place) => {
        run.set(recordAt, minor, place, length % 3 === 0 ? DELETED : length);
        model.set(`${recordAt}/${minor}`, place);
      });
      run.invariants();
      const copy = run.clone();
      run.clear();
      assert.equal(copy.length, model.size);
      for (const [key, place] of model) {
        const [recordAt, minor] = key.split("/").map(Number) as [number, number];
        assert.equal(copy.places[copy.find(recordAt, minor, copy.length)], place);
      }
      assert.equal(copy.find(301, 0, copy.length), -1);
    }),
    { numRuns: 30 },
  );
});

test("main and minor are read from where a key lies", () => {
  const key = encodeRecordKey(2 ** 40 + 5, 9, true);
  const page = new Uint8Array(40);
  page.set(key, 11);
  assert.equal(recordMain(page, 11), 2 ** 40 + 5);
  assert.equal(recordMinor(page, 11, key.length), 19);
});
