/**
 * The load at the start: a million records of 300 bytes from the file to the loop, which visits each. Run it by itself:
 * `node packages/storage/dist/backend/load.bench.js [folder]`. The file is made in the folder and removed.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RealDisk } from "../disk/real-disk.ts";
import { InlineStorage } from "./inline-storage.ts";
import { PagedBackend } from "./paged-backend.ts";
import { ReaderThread } from "./reader-thread.ts";

const RECORDS = 1_000_000;
const BATCH = 20_000;
const record = new Uint8Array(300).fill(7);
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), "load-"));
const path = join(folder, "db");

const storage = InlineStorage.open(new RealDisk(), path, { sync: false })!;
const backend = new PagedBackend(storage.opened, { cacheBytesMax: 1024 * 1024 });
for (let i = 0; i < RECORDS; i++) {
  backend.putRecord(2 + i, 0, false, record, 0, record.length);
  if (i % BATCH === BATCH - 1) backend.onCommitted(storage.commit(backend.takeBatch()!));
}
const { pageBytes } = storage.opened;
storage.close();

for (let round = 0; round < 3; round++) {
  let count = 0;
  let bytes = 0;
  let loopMs = 0;
  const start = performance.now();
  const fail = (error: Error) => {
    throw error;
  };
  const reader = new ReaderThread(path, pageBytes, { onPages: () => {}, onFailure: fail });
  await reader.load(backend.pinCommitted(), (chunk) => {
    const before = performance.now();
    chunk.visit((_main, _sub, _tombstone, data, from, to) => {
      bytes += to - from + (data[from]! & 0);
      count++;
      return true;
    });
    loopMs += performance.now() - before;
  });
  const total = performance.now() - start;
  console.log(
    `${count} records, ${bytes >> 20} MiB: ${total.toFixed(0)} ms, of them on the loop ${loopMs.toFixed(0)}`,
  );
  await reader.close();
}
rmSync(folder, { recursive: true });
