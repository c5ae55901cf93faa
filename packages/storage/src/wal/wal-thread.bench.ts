/**
 * The log's thread on the disk of this machine: latency of one batch, and what an entry costs the loop under load.
 *
 *     node packages/storage/dist/wal/wal-thread.bench.js [directory]
 */

import * as fs from "node:fs";
import * as os from "node:os";
import { performance } from "node:perf_hooks";
import { Entry, EntryType } from "@etcd-ts/proto";
import { RealDisk } from "../disk/real-disk.ts";
import { Wal } from "./wal.ts";
import { WalThread } from "./wal-thread.ts";

const home = fs.mkdtempSync(`${process.argv[2] ?? os.tmpdir()}/wal-bench-`);
const disk = new RealDisk();
let onSynced: (upTo: number) => void = () => {};
const thread = new WalThread(Wal.create(disk, `${home}/wal`, { nodeId: 1n, clusterId: 2n }, {}), {
  onSynced: (upTo) => onSynced(upTo),
  onFailure: (error) => {
    throw error;
  },
});
const payload = Buffer.alloc(330, 1);
let index = 0;

function put(data: Uint8Array): void {
  thread.batch.addEntry(new Entry(EntryType.Normal, 1, ++index, data));
}

function quantiles(samples: number[]): string {
  samples.sort((a, b) => a - b);
  const at = (part: number) => `${samples[Math.floor(samples.length * part)]!.toFixed(0)} us`;
  return `p50 ${at(0.5)}  p90 ${at(0.9)}  p99 ${at(0.99)}`;
}

/** The disk's own part: the same write and sync in this thread. */
function bareSync(rounds: number): void {
  const file = disk.open(`${home}/bare`, "create");
  const block = new Uint8Array(4096);
  for (let i = 0; i < rounds; i++) file.write(block, 0, 4096, i * 4096);
  file.sync();
  const samples: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    file.write(block, 0, 4096, i * 4096);
    file.sync();
    samples.push((performance.now() - start) * 1000);
  }
  file.close();
  console.log(`write + sync in place, 4 KiB:     ${quantiles(samples)}`);
}

async function latency(rounds: number, data: Uint8Array): Promise<void> {
  const samples: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    put(data);
    thread.append();
    await new Promise<void>((resolve) => {
      onSynced = () => resolve();
    });
    samples.push((performance.now() - start) * 1000);
  }
  console.log(`hand-over, write, sync, report:   ${quantiles(samples)}`);
}

/** A turn of `perTurn` entries after each `setImmediate`, as the loop does under load; only the loop's own time counts. */
async function load(turns: number, perTurn: number): Promise<void> {
  const begun = performance.now();
  let spent = 0;
  let reports = 0;
  onSynced = () => reports++;
  for (let turn = 0; turn < turns; turn++) {
    const start = performance.now();
    for (let i = 0; i < perTurn; i++) put(payload);
    thread.append();
    thread.poll();
    spent += performance.now() - start;
    while (thread.pendingBytes > 4_000_000) await new Promise<void>((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  while (thread.pendingBytes > 0) await new Promise<void>((resolve) => setImmediate(resolve));
  const elapsed = performance.now() - begun;
  const entries = turns * perTurn;
  console.log(
    `load, ${perTurn} entries of 350 B a turn:  ${((spent * 1e6) / entries).toFixed(0)} ns of the loop an entry, ` +
      `${((entries / elapsed) * 1000).toFixed(0)} entries/s, ${reports} reports`,
  );
}

bareSync(1000);
await latency(1500, Buffer.alloc(4000, 2));
await load(4000, 5);
await load(4000, 50);
bareSync(1000);
await latency(1500, Buffer.alloc(4000, 2));
thread.close(() => fs.rmSync(home, { recursive: true, force: true }));
