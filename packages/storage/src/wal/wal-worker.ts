/**
 * The log's thread: takes all jobs that are posted, writes and syncs them as one, reports, and does the log's own work
 * (cutting, zeros ahead) while nothing waits. It sleeps in `Atomics.wait`, so it never runs an event loop of its own.
 *
 * A failure is told once and ends the thread; nothing is retried.
 */

import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { DiskError } from "../disk/disk.ts";
import { RealDisk } from "../disk/real-disk.ts";
import { Wal } from "./wal.ts";
import { type BufferMessage, type Job, WalChannel } from "./wal-channel-thread.ts";
import type { WalWorkerData, WalWorkerMessage } from "./wal-thread.ts";

const data = workerData as WalWorkerData;
const channel = new WalChannel(data.channel);
const buffers: Uint8Array[] = [];
let bufferMessages = 0;
const job: Job = { buffer: 0, length: 0, release: 0, close: false };

function receiveBuffers(): void {
  for (let count = channel.buffersBeyond(bufferMessages); count > 0; count--) {
    const { buffer, memory } = receiveMessageOnPort(data.buffers)!.message as BufferMessage;
    buffers[buffer] = new Uint8Array(memory);
    bufferMessages++;
  }
}

let writtenAtMs = 0;

function noteWritten(): void {
  writtenAtMs = performance.now();
}

/** Does the jobs in (taken, upTo]; true when the last of them closes the log. */
function work(wal: Wal, taken: number, upTo: number): boolean {
  receiveBuffers();
  const beganAtMs = performance.now();
  let release = -1;
  let closes = false;
  for (let number = taken + 1; number <= upTo; number++) {
    channel.read(number, job);
    channel.setTimes(number, 0, 0);
    if (job.length > 0) wal.append(buffers[job.buffer]!, job.length);
    release = Math.max(release, job.release);
    closes ||= job.close;
  }
  writtenAtMs = 0;
  wal.flush(noteWritten);
  const endedAtMs = performance.now();
  if (writtenAtMs === 0) channel.setTimes(upTo, endedAtMs - beganAtMs, 0);
  else channel.setTimes(upTo, writtenAtMs - beganAtMs, endedAtMs - writtenAtMs);
  if (release >= 0) wal.release(release);
  return closes;
}

function run(wal: Wal): void {
  for (let taken = 0; ; ) {
    const posted = channel.postedBeyond(taken);
    if (posted === 0) {
      if (!wal.prepare(true)) channel.waitForJob(taken);
      continue;
    }
    const closes = work(wal, taken, taken + posted);
    taken += posted;
    if (closes) wal.close();
    channel.reportDone(taken);
    if (closes) return;
    wal.prepare(false);
  }
}

function say(message: WalWorkerMessage): void {
  parentPort!.postMessage(message);
}

const disk = new RealDisk();
try {
  const files = data.files.map(({ path, descriptor }) => disk.adopt(path, descriptor));
  run(new Wal(disk, data.state, files));
  say({ kind: "closed" });
} catch (error) {
  // What is no failure of the disk is a bug, and reaches the loop as the thread's error.
  if (!(error instanceof DiskError)) throw error;
  say({ kind: "failed", code: error.code, path: error.path, message: `wal: ${error.message}` });
}
data.buffers.close();
