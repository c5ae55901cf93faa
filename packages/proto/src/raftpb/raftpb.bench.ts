/** Micro-benchmark of the log's codecs: nanoseconds an entry. `node packages/proto/dist/raftpb/raftpb.bench.js` */

import { performance } from "node:perf_hooks";
import {
  decodeMessage,
  Entry,
  EntryType,
  encodeMessage,
  Message,
  MessageType,
  sizeOfEntry,
  writeEntry,
} from "./index.ts";

const COUNT = 1000;
const ROUNDS = 2000;
const entries = Array.from(
  { length: COUNT },
  (_, i) => new Entry(EntryType.Normal, 7, 1_000_000 + i, new Uint8Array(256)),
);
const append = new Message(MessageType.App, 2n ** 63n + 5n, 2n ** 62n + 3n);
append.entries = entries;
const encoded = encodeMessage(append);
const out = new Uint8Array(entries.reduce((size, it) => size + sizeOfEntry(it), 0));

function measure(name: string, work: () => void): void {
  for (let i = 0; i < ROUNDS / 10; i++) work();
  const start = performance.now();
  for (let i = 0; i < ROUNDS; i++) work();
  const nanoseconds = ((performance.now() - start) * 1e6) / (ROUNDS * COUNT);
  console.log(`${name}: ${nanoseconds.toFixed(1)} ns an entry`);
}

measure("size and write entries of 256 bytes", () => {
  let position = 0;
  for (const entry of entries) {
    sizeOfEntry(entry);
    position = writeEntry(entry, out, position);
  }
});
measure("encode an append of 1,000 entries", () => void encodeMessage(append));
measure("decode an append of 1,000 entries", () => void decodeMessage(encoded));
