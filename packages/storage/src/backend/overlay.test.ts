/** What is applied and not yet committed: batches as the commit thread gets them, parts, and what views keep of them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8Bytes, utf8String } from "@etcd-ts/base";
import { OPERATION_DELETE, OperationReader } from "../bbolt/index.ts";
import { BUCKETS } from "./backend-types.ts";
import { BatchWriter, CHUNK_BYTES, ChunkPool } from "./batch-writer.ts";
import { Overlay } from "./overlay.ts";
import type { OverlayPart } from "./overlay-part.ts";

const META = BUCKETS.indexOf("meta");

function value(byte: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(byte);
}

function put(part: OverlayPart, main: number, bytes: Uint8Array): void {
  part.putRecord(main, 0, bytes, 0, bytes.length);
}

function read(part: OverlayPart, main: number, end = Infinity): Uint8Array | undefined {
  const run = part.ascending;
  const at = run.find(main, 0, Math.min(end, run.length));
  return at < 0 ? undefined : part.valueOf(run, at);
}

/** The operations of chunks, as text. */
function unpack(chunks: readonly Uint8Array[]): string[] {
  const operations: string[] = [];
  for (const chunk of chunks) {
    const reader = new OperationReader(chunk);
    while (reader.next()) {
      const kind = reader.kind === OPERATION_DELETE ? "delete" : `put ${reader.valueBytes}`;
      operations.push(`${BUCKETS[reader.bucket]} ${reader.keyBytes} ${kind}`);
    }
  }
  return operations;
}

test("a batch holds its operations in order, each whole in one chunk", () => {
  const overlay = new Overlay();
  put(overlay.open, 2, value(1, 300));
  overlay.open.setSmall(META, utf8Bytes("a"), utf8Bytes("xyz"));
  put(overlay.open, 3, value(2, CHUNK_BYTES - 100));
  put(overlay.open, 4, value(3, 3 * CHUNK_BYTES));
  overlay.open.deleteRecord(2, 1);
  overlay.open.setSmall(META, utf8Bytes("a"), undefined);
  const part = overlay.seal();
  const chunks = part.writer.finish();
  assert.deepEqual(unpack(chunks), [
    "key 17 put 300",
    "meta 1 put 3",
    `key 17 put ${CHUNK_BYTES - 100}`,
    `key 17 put ${3 * CHUNK_BYTES}`,
    "key 18 delete",
    "meta 1 delete",
  ]);
  assert.ok(chunks.length > 2);
  assert.deepEqual(read(part, 4)?.length, 3 * CHUNK_BYTES);
  assert.deepEqual(Buffer.from(read(part, 2)!), Buffer.from(value(1, 300)));
});

test("many small operations fill a chunk exactly and go on in the next", () => {
  const writer = new BatchWriter(new ChunkPool(2));
  const count = 100_000;
  for (let i = 0; i < count; i++) {
    writer.reserve(META, false, 1 + (i % 3), i % 5);
    writer.bytes.fill(i & 0xff, writer.at, writer.at + 1);
  }
  const chunks = writer.finish();
  assert.equal(unpack(chunks).length, count);
  for (const chunk of chunks) assert.ok(chunk.length <= CHUNK_BYTES);
});

test("a report drops the part in flight and nothing that came later", () => {
  const overlay = new Overlay();
  put(overlay.open, 2, value(1, 10));
  const inFlight = overlay.seal();
  put(overlay.open, 3, value(2, 10));
  assert.deepEqual(
    overlay.live().map((layer) => layer.part),
    [overlay.open, inFlight],
  );
  const bytes = overlay.open.bytes;
  assert.ok(overlay.bytes > bytes);
  overlay.dropInFlight();
  assert.equal(overlay.bytes, bytes);
  assert.notEqual(read(overlay.open, 3), undefined);
  overlay.invariants();
});

test("what a view pins stays as it was, and its memory is not used again before it ends", () => {
  const overlay = new Overlay();
  put(overlay.open, 5, value(1, 10));
  overlay.open.setSmall(META, utf8Bytes("a"), utf8Bytes("old"));
  overlay.open.deleteRecord(3, 0);
  const layers = overlay.pin();
  const [layer] = layers as [(typeof layers)[0]];
  put(overlay.open, 6, value(2, 10));
  put(overlay.open, 3, value(3, 10));
  overlay.open.setSmall(META, utf8Bytes("a"), utf8Bytes("new"));
  assert.equal(layer.ascendingEnd, 1);
  assert.equal(layer.late.length, 1);
  assert.equal(layer.part.valueOf(layer.late, 0), undefined);
  assert.equal(utf8String(layer.maps[META]!.values[0]!), "old");

  const pinned = overlay.seal();
  overlay.dropInFlight();
  for (let round = 0; round < 4; round++) {
    for (let i = 0; i < 2000; i++) put(overlay.open, 10 + i, value(9, 1000));
    assert.notEqual(overlay.open, pinned);
    overlay.seal();
    overlay.dropInFlight();
  }
  assert.deepEqual(Buffer.from(read(pinned, 5, layer.ascendingEnd)!), Buffer.from(value(1, 10)));
  overlay.release(layers);
  assert.equal(pinned.operations, 0);
  assert.throws(() => overlay.release(layers), /released once too often/);
});

test("operations count and bytes follow what is written", () => {
  const overlay = new Overlay();
  assert.equal(overlay.bytes, 0);
  put(overlay.open, 2, value(1, 1000));
  const one = overlay.bytes;
  assert.ok(one >= 1017 && one < 1100);
  put(overlay.open, 3, value(1, 1000));
  assert.equal(overlay.bytes, 2 * one);
  assert.equal(overlay.open.operations, 2);
});
