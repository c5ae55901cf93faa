/**
 * The loop's side of the commit thread (`commit-worker.ts`): posts batches, hands on reports. The thread is the only writer of
 * the database; nothing with unbounded time shares it.
 */

import { Worker } from "node:worker_threads";
import { assert } from "@etcd-ts/base";
import type { CommitBatch, CommitReport, MoveReport } from "./backend-types.ts";
import type { DefragmentationEnd, OpenedDatabase } from "./committer.ts";
import { failureError, type StorageFailure } from "./storage-failure.ts";

export interface CommitWorkerData {
  readonly path: string;
  readonly sync: boolean;
  readonly lockWaitMs: number;
  readonly defragmentBytesMin: number;
}

export type CommitRequest =
  | { readonly kind: "commit"; readonly batch: CommitBatch }
  | { readonly kind: "defragment" }
  | { readonly kind: "close" };

export type CommitReply =
  | { readonly kind: "opened"; readonly opened: OpenedDatabase; readonly locked: boolean }
  | { readonly kind: "locked" }
  | { readonly kind: "committed"; readonly report: CommitReport }
  | { readonly kind: "defragmented"; readonly end: DefragmentationEnd }
  | { readonly kind: "closed" }
  | { readonly kind: "failed"; readonly failure: StorageFailure };

export interface CommitThreadOptions {
  /** The database file, made when it is missing; its folder exists. */
  readonly path: string;
  /** False: commits do not wait for the disk (`--unsafe-no-fsync`). */
  readonly sync: boolean;
  /** How long another process may keep the file locked. */
  readonly lockWaitMs: number;
  /** Defragments before anything else when at least so many bytes of pages are free; 0: never. */
  readonly defragmentBytesMin?: number;
  readonly workerUrl?: URL;
}

export interface CommitThreadListener {
  onCommitted(report: CommitReport): void;
  /** A defragmented file has taken the place. */
  onMoved(report: MoveReport): void;
  /** The thread has ended; the member cannot go on. */
  onFailure(error: Error): void;
}

/** The database is locked by another process. */
export class DatabaseLockedError extends Error {
  override readonly name = "DatabaseLockedError";
}

export class CommitThread {
  readonly opened: OpenedDatabase;
  /** False: this system has no `flock` program, and other programs are not kept out. */
  readonly locked: boolean;
  private readonly worker: Worker;
  private readonly listener: CommitThreadListener;
  private closing: (() => void) | undefined;
  private onDefragmented: ((failure: string | undefined) => void) | undefined;
  private ended = false;

  /** Opens the database on a thread of its own; rejects with what is wrong with it, before anything was written. */
  static open(options: CommitThreadOptions, listener: CommitThreadListener): Promise<CommitThread> {
    const { path, sync, lockWaitMs, defragmentBytesMin = 0 } = options;
    const data: CommitWorkerData = { path, sync, lockWaitMs, defragmentBytesMin };
    const url = options.workerUrl ?? new URL("./commit-worker.js", import.meta.url);
    const worker = new Worker(url, { workerData: data });
    return new Promise((resolve, reject) => {
      worker.once("error", reject);
      worker.once("message", (reply: CommitReply) => {
        worker.off("error", reject);
        if (reply.kind === "opened") resolve(new CommitThread(worker, reply.opened, reply.locked, listener));
        else if (reply.kind === "failed") reject(failureError(reply.failure));
        else reject(new DatabaseLockedError(`${path} is locked by another process`));
      });
    });
  }

  private constructor(
    worker: Worker,
    opened: OpenedDatabase,
    locked: boolean,
    listener: CommitThreadListener,
  ) {
    this.worker = worker;
    this.opened = opened;
    this.locked = locked;
    this.listener = listener;
    worker.on("message", (reply: CommitReply) => this.onReply(reply));
    worker.on("error", (error) => this.fail(error));
    worker.on("exit", () => this.fail(new Error("the commit thread has ended")));
  }

  commit(batch: CommitBatch): void {
    assert(this.closing === undefined, "a batch after the close");
    this.post({ kind: "commit", batch });
  }

  /** Between batches; resolves with why there is no new file, if there is none. One at a time. */
  defragment(): Promise<string | undefined> {
    assert(this.onDefragmented === undefined, "one defragmentation at a time");
    return new Promise((resolve) => {
      this.onDefragmented = resolve;
      this.post({ kind: "defragment" });
    });
  }

  /** Resolves when all batches are committed and the file is closed. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.closing = resolve;
      if (this.ended) resolve();
      else this.post({ kind: "close" });
    });
  }

  private post(request: CommitRequest): void {
    this.worker.postMessage(request);
  }

  private onReply(reply: CommitReply): void {
    if (reply.kind === "committed") this.listener.onCommitted(reply.report);
    else if (reply.kind === "defragmented") this.endDefragmentation(reply.end);
    else if (reply.kind === "failed") this.fail(failureError(reply.failure));
    else if (reply.kind === "closed") {
      this.ended = true;
      this.closing?.();
    }
  }

  private endDefragmentation(end: DefragmentationEnd): void {
    const resolve = this.onDefragmented;
    this.onDefragmented = undefined;
    if ("moved" in end) this.listener.onMoved(end.moved);
    resolve?.("failure" in end ? end.failure : undefined);
  }

  private fail(error: Error): void {
    if (this.ended) return;
    this.ended = true;
    this.listener.onFailure(error);
    this.closing?.();
  }
}
