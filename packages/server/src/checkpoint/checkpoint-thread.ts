/** The loop's side of the checkpoint's thread (`checkpoint-worker.ts`): one checkpoint read, or one written, a thread. */

import { Worker } from "node:worker_threads";
import type { ReadyIndex } from "../mvcc/restoration.ts";
import type { Block } from "./checkpoint-format.ts";
import type { CheckpointDemand, CommittedDatabase, IndexShape } from "./checkpoint-work.ts";

export type CheckpointWorkerData =
  | { readonly kind: "read"; readonly path: string; readonly shape: IndexShape }
  | { readonly kind: "write"; readonly path: string; readonly syncs: boolean };

export type CheckpointRequest =
  | { readonly kind: "complete"; readonly demand: CheckpointDemand }
  | { readonly kind: "block"; readonly block: Block }
  | { readonly kind: "finish"; readonly revision: number; readonly database: CommittedDatabase }
  /** What was read or written is not wanted any more. */
  | { readonly kind: "abandon" };

export type CheckpointReply =
  | { readonly kind: "ready"; readonly ready: ReadyIndex }
  | { readonly kind: "written" }
  /** Saved, or given up as asked. */
  | { readonly kind: "ended" }
  | { readonly kind: "failed"; readonly reason: string };

/** The index, or why it is not to be had. */
export type CheckpointOutcome =
  | { readonly ready: ReadyIndex; readonly reason: undefined }
  | { readonly ready: undefined; readonly reason: string };

const WORKER_URL = new URL("./checkpoint-worker.js", import.meta.url);

/** Reads the file at once; what must be known of the database comes later. */
export class CheckpointReader {
  private readonly worker: Worker;
  private readonly outcome: Promise<CheckpointOutcome>;

  constructor(path: string, shape: IndexShape) {
    const workerData: CheckpointWorkerData = { kind: "read", path, shape };
    this.worker = new Worker(WORKER_URL, { workerData });
    this.outcome = new Promise((resolve) => {
      const fail = (reason: string) => resolve({ ready: undefined, reason });
      this.worker.on("message", (reply: CheckpointReply) => {
        if (reply.kind === "ready") resolve({ ready: reply.ready, reason: undefined });
        else fail(reply.kind === "failed" ? reply.reason : "its thread answered something else");
      });
      this.worker.on("error", (error) => fail(error.message));
      this.worker.on("exit", () => fail("its thread has ended"));
    });
  }

  complete(demand: CheckpointDemand): Promise<CheckpointOutcome> {
    this.worker.postMessage({ kind: "complete", demand } satisfies CheckpointRequest);
    return this.outcome;
  }

  abandon(): void {
    this.worker.postMessage({ kind: "abandon" } satisfies CheckpointRequest);
  }
}

export interface CheckpointWriterListener {
  /** So many more blocks have been written. */
  onWritten(): void;
  /** Undefined: the checkpoint is durable, or was given up; else why it could not be written. */
  onEnd(failure: string | undefined): void;
}

export class CheckpointWriter {
  private readonly worker: Worker;
  private ended = false;

  constructor(path: string, syncs: boolean, listener: CheckpointWriterListener) {
    const workerData: CheckpointWorkerData = { kind: "write", path, syncs };
    this.worker = new Worker(WORKER_URL, { workerData });
    const end = (failure: string | undefined) => {
      if (this.ended) return;
      this.ended = true;
      listener.onEnd(failure);
    };
    this.worker.on("message", (reply: CheckpointReply) => {
      if (reply.kind === "written") listener.onWritten();
      else end(reply.kind === "failed" ? reply.reason : undefined);
    });
    this.worker.on("error", (error) => end(error.message));
    this.worker.on("exit", () => end("its thread has ended"));
  }

  /** The block's memory goes with it. */
  add(block: Block): void {
    this.worker.postMessage({ kind: "block", block } satisfies CheckpointRequest, [block.payload.buffer]);
  }

  finish(revision: number, database: CommittedDatabase): void {
    this.worker.postMessage({ kind: "finish", revision, database } satisfies CheckpointRequest);
  }

  /** Its end is still to come. */
  abandon(): void {
    this.worker.postMessage({ kind: "abandon" } satisfies CheckpointRequest);
  }
}
