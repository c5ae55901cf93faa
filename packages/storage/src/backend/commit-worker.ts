/**
 * The commit thread: a committer behind messages. While no batch waits it looks for free pages or defragments, a slice at a
 * time. A failure
 * is told once and ends the thread; nothing is retried.
 */

import { parentPort, workerData } from "node:worker_threads";
import { DiskError } from "../disk/disk.ts";
import { RealDisk } from "../disk/real-disk.ts";
import type { CommitReply, CommitRequest, CommitWorkerData } from "./commit-thread.ts";
import { Committer } from "./committer.ts";
import { describeFailure } from "./storage-failure.ts";

const port = parentPort!;
const { path, sync, lockWaitMs, defragmentBytesMin } = workerData as CommitWorkerData;
const LOCK_RETRY_MS = 100;
/** A copy rests as long as its last slice took: the disk and the processor are others', too, who wait for nothing else. */
const PAUSE_MS_MAX = 50;

const nowMs = () => performance.now();

function say(reply: CommitReply): void {
  port.postMessage(reply);
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Waits for another process to let go of the file; undefined when it does not. */
function openLocked(lock: boolean): Committer | undefined {
  for (let waited = 0; ; waited += LOCK_RETRY_MS) {
    const committer = Committer.open(new RealDisk(), path, { sync, lock, defragmentBytesMin, nowMs });
    if (committer !== undefined || waited >= lockWaitMs) return committer;
    sleep(LOCK_RETRY_MS);
  }
}

/** Without a `flock` program the file stays unlocked, and the loop is told so. */
function open(): { committer: Committer | undefined; locked: boolean } {
  try {
    return { committer: openLocked(true), locked: true };
  } catch (error) {
    if (!(error instanceof DiskError) || error.code !== "ENOSYS") throw error;
    return { committer: openLocked(false), locked: false };
  }
}

function guarded(work: () => void): void {
  try {
    work();
  } catch (error) {
    say({ kind: "failed", failure: describeFailure(error) });
    port.close();
  }
}

function serve(committer: Committer): void {
  // The search for free pages waits for the first commit: at the start others need the processor, and the disk.
  let working = false;
  let closed = false;
  const work = () =>
    guarded(() => {
      if (closed) return;
      const beganAtMs = performance.now();
      working = committer.work();
      const end = committer.takeDefragmentationEnd();
      if (end !== undefined) say({ kind: "defragmented", end });
      if (!working) return;
      if (committer.isCopying) setTimeout(work, Math.min(performance.now() - beganAtMs, PAUSE_MS_MAX));
      else setImmediate(work);
    });
  port.on("message", (request: CommitRequest) =>
    guarded(() => {
      if (request.kind === "commit") {
        const report = committer.commit(request.batch);
        const transfer = report.branches.map(({ bytes }) => bytes.buffer as ArrayBuffer);
        port.postMessage({ kind: "committed", report } satisfies CommitReply, transfer);
        if (!working) setImmediate(work);
        working = true;
      } else if (request.kind === "defragment") {
        committer.defragment();
        if (!working) setImmediate(work);
        working = true;
      } else {
        closed = true;
        committer.close();
        say({ kind: "closed" });
        port.close();
      }
    }),
  );
}

guarded(() => {
  const { committer, locked } = open();
  if (committer === undefined) {
    say({ kind: "locked" });
    port.close();
    return;
  }
  say({ kind: "opened", opened: committer.opened, locked });
  serve(committer);
});
