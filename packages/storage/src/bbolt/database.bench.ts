/**
 * What a put costs the commit thread: batches of 10,000 puts of 300-byte records with ascending revisions, on the real disk.
 * Run: node packages/storage/dist/bbolt/database.bench.js [batches] [folder]
 */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RealDisk } from "../disk/real-disk.ts";
import { createDatabase } from "./create-database.ts";
import { Database } from "./database.ts";
import { OperationPacker } from "./operation-batch.ts";

const PUTS = 10_000;
const batches = Number(process.argv[2] ?? 100);
const folder = mkdtempSync(join(process.argv[3] ?? tmpdir(), "bbolt-bench-"));
const path = join(folder, "db");
const disk = new RealDisk();
const names = ["key", "meta"];
createDatabase(disk, path, names);
const database = Database.open(disk, path, { buckets: names.map((name) => ({ name, fill: 0.9 })) })!;
database.findFreePages(Number.POSITIVE_INFINITY);

const packer = new OperationPacker(4 << 20, PUTS + 1);
const key = new Uint8Array(17);
key[8] = 0x5f;
const keyView = new DataView(key.buffer);
const value = new Uint8Array(283).fill(120);
const index = new TextEncoder().encode("consistent_index");
let revision = 2;
let apply = 0;
let commit = 0;
let cpuUser = 0;
let cpuSystem = 0;

for (let i = 0; i < batches; i++) {
  for (let n = 0; n < PUTS; n++) {
    keyView.setUint32(4, revision++);
    packer.put(0, key, value);
  }
  packer.put(1, index, value.subarray(0, 8));
  const batch = packer.finish();
  const before = process.cpuUsage();
  const t0 = performance.now();
  database.apply(batch);
  const t1 = performance.now();
  database.commit({ oldestReader: database.transaction });
  const t2 = performance.now();
  const used = process.cpuUsage(before);
  if (i < batches / 5) continue;
  apply += t1 - t0;
  commit += t2 - t1;
  cpuUser += used.user;
  cpuSystem += used.system;
}
const puts = PUTS * (batches - Math.ceil(batches / 5));
const us = (total: number) => (total / puts).toFixed(3);
console.log(
  `us per put: apply ${us(apply * 1000)}, commit ${us(commit * 1000)} (wall); CPU user ${us(cpuUser)}, system ${us(cpuSystem)}`,
);
database.close();
rmSync(folder, { recursive: true });
