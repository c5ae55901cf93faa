import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { hexString, utf8Bytes } from "@etcd-ts/base";
import { decodeMeta, encodeMeta, findMeta, fnv1a64, META_BYTES, type Meta } from "./meta-page.ts";

const META: Meta = {
  pageBytes: 4096,
  root: 3,
  sequence: 0,
  freeList: undefined,
  highWaterMark: 4,
  transaction: 9,
};

function page(meta: Meta, number: 0 | 1): Uint8Array {
  const bytes = new Uint8Array(META_BYTES);
  encodeMeta(bytes, 0, number, meta);
  return bytes;
}

describe("meta page", () => {
  it("has the checksum FNV-1a 64", () => {
    const sums = ["", "a", "foobar"].map((text) => {
      const sum = new Uint8Array(8);
      fnv1a64(sum, 0, utf8Bytes(text), 0, text.length);
      return hexString(sum.reverse());
    });
    assert.deepEqual(sums, ["cbf29ce484222325", "af63dc4c8601ec8c", "85944171f73967e8"]);
  });

  it("comes back as it was written, with and without a stored free list, with numbers beyond 32 bits", () => {
    const large = {
      ...META,
      freeList: 2,
      highWaterMark: 2 ** 34 + 5,
      root: 2 ** 34,
      transaction: 2 ** 40 + 1,
    };
    assert.deepEqual(decodeMeta(page(META, 1), 0), META);
    assert.deepEqual(decodeMeta(page(large, 0), 0), large);
  });

  it("is refused when any of its bits is wrong", () => {
    const good = page(META, 1);
    for (let bit = 16 * 8; bit < META_BYTES * 8; bit++) {
      const bad = good.slice();
      bad[bit >> 3]! ^= 1 << (bit & 7);
      assert.equal(typeof decodeMeta(bad, 0), "string");
    }
    for (let length = 0; length < META_BYTES; length++) {
      assert.equal(typeof decodeMeta(good.subarray(0, length), 0), "string");
    }
  });

  it("is found at any page size, the later one of two, and the other one when that is torn", () => {
    for (const pageBytes of [1024, 4096, 65_536]) {
      const file = new Uint8Array(2 * pageBytes);
      file.set(page({ ...META, pageBytes, transaction: 8 }, 0));
      file.set(page({ ...META, pageBytes, transaction: 9 }, 1), pageBytes);
      const find = () => findMeta((at) => file.subarray(at, at + META_BYTES));
      const transaction = () => (find() as Meta).transaction;
      assert.equal(transaction(), 9);
      file[pageBytes + 40] = 1;
      assert.equal(transaction(), 8);
      file[pageBytes + 40] = 0;
      file[40] = 1;
      assert.equal(transaction(), 9);
      file[pageBytes + 40] = 1;
      assert.match(find() as string, /both meta pages are invalid/);
    }
  });
});
