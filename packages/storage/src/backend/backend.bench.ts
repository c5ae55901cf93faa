/**
 * What the backend costs, in microseconds an operation: a put on the loop, its commit on the thread, reads. Run it by itself:
 * `node packages/storage/dist/backend/backend.bench.js [folder]`. The file is made in the folder and removed.
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RealDisk } from "../disk/real-disk.ts";
import { type Backend, type CommitBatch, MISS } from "./backend-types.ts";
import { InlineStorage } from "./inline-storage.ts";
import { PagedBackend } from "./paged-backend.ts";

const BATCH = 10_000;
const ROUNDS = 20;
const record = new Uint8Array(400).fill(7);
const folder = mkdtempSync(join(process.argv[2] ?? tmpdir(), "backend-"));

const storage = InlineStorage.open(new RealDisk(), join(folder, "db"), { sync: true })!;
const backend = new PagedBackend(storage.opened, { cacheBytesMax: 256 * 1024 * 1024 });
let revision = 1;
let index = storage.opened.consistentIndex;

function microseconds(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1000;
}

function median(values: number[]): string {
  values.sort((a, b) => a - b);
  return values[values.length >> 1]!.toFixed(3);
}

function putBatch(): void {
  for (let i = 0; i < BATCH; i++) {
    backend.beginEntry();
    backend.putRecord(++revision, 0, false, record, 0, 300);
    backend.endEntry(++index, 2);
  }
}

function fetchMisses(to: Backend): void {
  const fetch = to.takeMisses();
  if (fetch !== undefined) to.onPages(fetch.id, storage.read(fetch));
}

function readAll(count: number, main: (i: number) => number): void {
  const view = backend.view();
  for (let i = 0; i < count; i++) {
    while (view.record(main(i), 0, false) === MISS) fetchMisses(backend);
  }
  view.close();
}

const put: number[] = [];
const cut: number[] = [];
const commit: number[] = [];
const report: number[] = [];
const overlayGet: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  put.push(microseconds(putBatch) / BATCH);
  overlayGet.push(microseconds(() => readAll(BATCH, (i) => revision - i)) / BATCH);
  let batch: CommitBatch | undefined;
  cut.push(
    microseconds(() => {
      batch = backend.takeBatch();
    }),
  );
  const cpu = process.cpuUsage();
  const done = storage.commit(batch!);
  const used = process.cpuUsage(cpu);
  commit.push((used.user + used.system) / BATCH);
  report.push(microseconds(() => backend.onCommitted(done)));
}
const total = ROUNDS * BATCH;
const cold = microseconds(() => readAll(20_000, (i) => 2 + ((i * 7919) % total))) / 20_000;
const warm = microseconds(() => readAll(20_000, (i) => 2 + ((i * 7919) % total))) / 20_000;
let scanned = 0;
const scan =
  microseconds(() => {
    let from = 0;
    const next = (main: number) => {
      from = main + 1;
      scanned++;
      return true;
    };
    while (backend.current().scanRecords(from, 0, Infinity, next) === MISS) fetchMisses(backend);
  }) / total;

console.log(`put of 300 bytes on the loop        ${median(put)} us`);
console.log(`takeBatch of ${BATCH}                ${median(cut)} us a batch`);
console.log(`onCommitted                         ${median(report)} us a batch`);
console.log(`commit, CPU on the thread           ${median(commit)} us a put`);
console.log(`get from the overlay                ${median(overlayGet)} us`);
console.log(`get from the tree, pages to fetch   ${cold.toFixed(3)} us`);
console.log(`get from the tree, pages cached     ${warm.toFixed(3)} us`);
console.log(`scan of ${scanned} records            ${scan.toFixed(3)} us a record`);
storage.close();
rmSync(folder, { recursive: true });
