import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { compareBytes, keyString } from "@etcd-ts/base";
import fc from "fast-check";
import { OPERATION_DELETE, OperationPacker, OperationReader } from "./operation-batch.ts";
import { OperationQueue } from "./operation-queue.ts";

const key = fc.uint8Array({ minLength: 1, maxLength: 3 }).map((bytes) => bytes.map((byte) => byte & 3));
const operation = fc.record({ key, value: fc.option(fc.uint8Array({ maxLength: 60 })) });

describe("operations", () => {
  it("come out of a batch as they went in, whatever their lengths", () => {
    const packer = new OperationPacker(4, 1);
    const long = new Uint8Array(32_768).fill(7);
    packer.put(3, long, new Uint8Array(0));
    packer.delete(255, long.subarray(0, 1));
    packer.put(0, long.subarray(0, 5), long);
    assert.equal(packer.count, 3);
    const reader = new OperationReader(packer.finish());
    const seen: number[][] = [];
    while (reader.next()) {
      const { bucket, kind, keyAt, keyBytes, valueBytes } = reader;
      seen.push([bucket, kind, keyAt, keyBytes, valueBytes]);
    }
    assert.deepEqual(seen, [
      [3, 0, 0, 32_768, 0],
      [255, 1, 32_768, 1, 0],
      [0, 0, 32_769, 5, 32_768],
    ]);
    assert.equal(packer.count, 0);
  });

  it("are sorted by key, the last one on each key counts", () => {
    fc.assert(
      fc.property(fc.array(fc.array(operation), { maxLength: 4 }), (batches) => {
        const queue = new OperationQueue();
        const last = new Map<string, { key: Uint8Array; value: Uint8Array | null }>();
        for (const batch of batches) {
          const packer = new OperationPacker();
          for (const { key, value } of batch) {
            if (value === null) packer.delete(0, key);
            else packer.put(0, key, value);
            last.set(keyString(key), { key, value });
          }
          addBatch(queue, packer.finish());
        }
        const list = queue.sorted();
        const expected = [...last.values()].sort((a, b) => compareBytes(a.key, b.key));
        assert.equal(list.count, expected.length);
        expected.forEach(({ key, value }, i) => {
          const bytes = list.sources[list.source[i]!]!;
          const keyEnd = list.offset[i]! + key.length;
          assert.deepEqual(bytes.slice(list.offset[i]!, keyEnd), key);
          assert.equal(list.flags[i] === OPERATION_DELETE, value === null);
          if (value !== null) assert.deepEqual(bytes.slice(keyEnd, keyEnd + list.valueBytes[i]!), value);
        });
      }),
      { numRuns: 200 },
    );
  });
});

function addBatch(queue: OperationQueue, bytes: Uint8Array): void {
  const reader = new OperationReader(bytes);
  const source = queue.addSource(bytes);
  while (reader.next()) queue.add(source, reader.keyAt, reader.keyBytes, reader.valueBytes, reader.kind);
}
