/**
 * The log's thread: takes all jobs that are posted, writes and syncs them as one, reports, and does the log's own work
 * (cutting, zeros ahead) when nothing has come for a while. It sleeps in `Atomics.wait`: from its log's beginning to its end it runs no event loop.
 *
 * A failure is told once and ends the thread; nothing is retried.
 */

import { parentPort, receiveMessageOnPort } from "node:worker_threads";
import { DiskError } from "../disk/disk.ts";
import { RealDisk } from "../disk/real-disk.ts";
import { Wal } from "./wal.ts";
import { type BufferMessage, type Job, WalChannel } from "./wal-channel-thread.ts";
import type { WalWorkerData, WalWorkerMessage } from "./wal-thread.ts";

/** So long without a job, and none is expected: at a start, and between the puts of one client, they follow each other more quickly. */
const IDLE_AFTER_MS = 20;
const job: Job = { buffer: 0, length: 0, release: 0, close: false };

class LogJobs {
  private readonly wal: Wal;
  private readonly data: WalWorkerData;
  private readonly channel: WalChannel;
  private readonly buffers: Uint8Array[] = [];
  private bufferMessages = 0;
  private writtenAtMs = 0;
  private readonly noteWritten = (): void => {
    this.writtenAtMs = performance.now();
  };

  constructor(wal: Wal, data: WalWorkerData) {
    this.wal = wal;
    this.data = data;
    this.channel = new WalChannel(data.channel);
  }

  /** Until one closes the log. */
  run(): void {
    const { wal, channel } = this;
    let patienceMs = IDLE_AFTER_MS;
    for (let taken = 0; ; ) {
      const posted = channel.postedBeyond(taken);
      if (posted === 0) {
        if (!channel.waitForJob(taken, patienceMs))
          patienceMs = wal.prepare(true) ? 0 : Number.POSITIVE_INFINITY;
        continue;
      }
      patienceMs = IDLE_AFTER_MS;
      const closes = this.work(taken, taken + posted);
      taken += posted;
      if (closes) wal.close();
      channel.reportDone(taken);
      if (closes) return;
      wal.prepare(false);
    }
  }

  /** Does the jobs in (taken, upTo]; true when the last of them closes the log. */
  private work(taken: number, upTo: number): boolean {
    const { wal, channel } = this;
    this.receiveBuffers();
    const beganAtMs = performance.now();
    let release = -1;
    let closes = false;
    for (let number = taken + 1; number <= upTo; number++) {
      channel.read(number, job);
      channel.setTimes(number, 0, 0);
      if (job.length > 0) wal.append(this.buffers[job.buffer]!, job.length);
      release = Math.max(release, job.release);
      closes ||= job.close;
    }
    this.writtenAtMs = 0;
    wal.flush(this.noteWritten);
    const endedAtMs = performance.now();
    if (this.writtenAtMs === 0) channel.setTimes(upTo, endedAtMs - beganAtMs, 0);
    else channel.setTimes(upTo, this.writtenAtMs - beganAtMs, endedAtMs - this.writtenAtMs);
    if (release >= 0) wal.release(release);
    return closes;
  }

  private receiveBuffers(): void {
    for (let count = this.channel.buffersBeyond(this.bufferMessages); count > 0; count--) {
      const { buffer, memory } = receiveMessageOnPort(this.data.buffers)!.message as BufferMessage;
      this.buffers[buffer] = new Uint8Array(memory);
      this.bufferMessages++;
    }
  }
}

function say(message: WalWorkerMessage): void {
  parentPort!.postMessage(message);
}

function keepLog(data: WalWorkerData): void {
  const disk = new RealDisk();
  try {
    const files = data.files.map(({ path, descriptor }) => disk.adopt(path, descriptor));
    new LogJobs(new Wal(disk, data.state, files), data).run();
    say({ kind: "closed" });
  } catch (error) {
    // What is no failure of the disk is a bug, and reaches the loop as the thread's error.
    if (!(error instanceof DiskError)) throw error;
    say({ kind: "failed", code: error.code, path: error.path, message: `wal: ${error.message}` });
  }
  data.buffers.close();
  parentPort!.close();
}

parentPort!.once("message", keepLog);
