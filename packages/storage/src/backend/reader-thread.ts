/**
 * The loop's side of the reader thread (`reader-worker.ts`): page fetches for the loop's cache, the load at the start, hashes
 * and snapshots, all of committed pages. The caller keeps the root of a job pinned until it has ended, and has waited
 * for a commit at or past what the job is to see.
 */

import { Worker } from "node:worker_threads";
import type { CommittedRoot, PageFetch, PageNode } from "./backend-types.ts";
import type { RecordHashOptions } from "./database-hash.ts";
import type { ReaderReply, ReaderRequest } from "./reader-work.ts";
import { RecordChunk } from "./record-chunk.ts";
import { failureError, type StorageFailure } from "./storage-failure.ts";

export interface ReaderWorkerData {
  readonly path: string;
  readonly pageBytes: number;
}

export type ReaderThreadRequest = ReaderRequest | { readonly kind: "close" };
export type ReaderThreadReply =
  | ReaderReply
  /** The first file is open. */
  | { readonly kind: "opened" }
  | { readonly kind: "closed" }
  | { readonly kind: "failed"; readonly failure: StorageFailure };

export interface ReaderThreadListener {
  onPages(fetch: number, nodes: readonly PageNode[]): void;
  /** The thread has ended; the member cannot go on. */
  onFailure(error: Error): void;
}

/** A chunk is valid until the call returns, or until what it returns resolves. */
export type VisitChunk = (chunk: RecordChunk) => void | Promise<void>;

export interface SnapshotPiece {
  readonly bytes: Uint8Array;
  /** SHA-256 of all pieces, with the last one. */
  readonly digest: Uint8Array | undefined;
}

/** A snapshot that is being read. One piece is asked for at a time, so a slow taker costs the memory of one. */
export interface SnapshotReading {
  /** Bytes of all pieces. */
  readonly bytes: number;
  next(bytesMax: number): Promise<SnapshotPiece>;
  /** At the end or before it; the root may be released then. */
  end(): void;
}

interface Waiter {
  readonly resolve: (reply: ReaderReply) => void;
  readonly reject: (error: Error) => void;
}

export class ReaderThread {
  private worker: Worker | undefined;
  private readonly path: string;
  private readonly pageBytes: number;
  private readonly listener: ReaderThreadListener;
  private readonly waiters = new Map<number, Waiter>();
  private nextJob = 1;
  private onChunk: VisitChunk | undefined;
  private onLoaded: (() => void) | undefined;
  private closing: (() => void) | undefined;
  private ended: Error | undefined;
  private onOpened: (() => void) | undefined;
  /** Resolves when the file that has the name now is open; who moves the name waits for it. */
  readonly opened = new Promise<void>((resolve) => {
    this.onOpened = resolve;
  });

  constructor(path: string, pageBytes: number, listener: ReaderThreadListener) {
    this.path = path;
    this.pageBytes = pageBytes;
    this.listener = listener;
  }

  /** It begins by itself when it is first asked for something: a start has other work for the processor. */
  begin(): void {
    if (this.worker !== undefined || this.ended !== undefined) return;
    const data: ReaderWorkerData = { path: this.path, pageBytes: this.pageBytes };
    this.worker = new Worker(new URL("./reader-worker.js", import.meta.url), { workerData: data });
    this.worker.on("message", (reply: ReaderThreadReply) => this.onReply(reply));
    this.worker.on("error", (error) => this.fail(error));
    this.worker.on("exit", () => this.fail(new Error("the reader thread has ended")));
  }

  fetch(fetch: PageFetch): void {
    this.post({ kind: "fetch", fetch });
  }

  /** Reads bucket `key` from its beginning to its end. One load at a time. */
  load(root: CommittedRoot, onChunk: VisitChunk): Promise<void> {
    return new Promise((resolve) => {
      this.onChunk = onChunk;
      this.onLoaded = resolve;
      this.post({ kind: "load", root: plain(root) });
    });
  }

  /** The hash over all buckets. */
  async hash(root: CommittedRoot): Promise<number> {
    return hashOf(await this.ask((job) => ({ kind: "hash", job, root: plain(root) })));
  }

  /** The hash over the records up to a revision (HashKV). */
  async hashRecords(root: CommittedRoot, options: RecordHashOptions): Promise<number> {
    return hashOf(await this.ask((job) => ({ kind: "hash-records", job, root: plain(root), options })));
  }

  snapshot(root: CommittedRoot): SnapshotReading {
    const job = this.nextJob++;
    this.post({ kind: "snapshot", job, root: plain(root) });
    return {
      bytes: root.highWaterMark * this.pageBytes,
      next: async (bytesMax) => pieceOf(await this.askFor(job, { kind: "next-piece", job, bytesMax })),
      end: () => this.post({ kind: "end-snapshot", job }),
    };
  }

  /** A new file has taken the name; its number is that of the move. Resolves when it is open here. */
  async openFile(file: number): Promise<void> {
    await this.ask((job) => ({ kind: "open-file", job, file }));
  }

  /** Nobody reads it any more. */
  closeFile(file: number): void {
    this.post({ kind: "close-file", file });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.closing = resolve;
      if (this.ended !== undefined || this.worker === undefined) resolve();
      else this.post({ kind: "close" });
    });
  }

  private post(request: ReaderThreadRequest): void {
    this.begin();
    this.worker?.postMessage(request);
  }

  private ask(request: (job: number) => ReaderRequest): Promise<ReaderReply> {
    const job = this.nextJob++;
    return this.askFor(job, request(job));
  }

  private askFor(job: number, request: ReaderRequest): Promise<ReaderReply> {
    return new Promise((resolve, reject) => {
      if (this.ended !== undefined) reject(this.ended);
      else {
        this.waiters.set(job, { resolve, reject });
        this.post(request);
      }
    });
  }

  private onReply(reply: ReaderThreadReply): void {
    switch (reply.kind) {
      case "opened":
        this.onOpened?.();
        return;
      case "pages":
        this.listener.onPages(reply.fetch, reply.nodes);
        return;
      case "chunk":
        this.visitChunk(reply.memory);
        return;
      case "loaded":
        this.onLoaded?.();
        return;
      case "hashed":
      case "file-opened":
      case "piece":
        this.answer(reply.job, reply);
        return;
      case "closed":
        this.ended = new Error("the reader thread is closed");
        this.closing?.();
        return;
      case "failed":
        this.fail(failureError(reply.failure));
    }
  }

  private visitChunk(memory: SharedArrayBuffer): void {
    const visited = this.onChunk?.(new RecordChunk(memory));
    const giveBack = () => this.post({ kind: "chunk-back", memory });
    if (!(visited instanceof Promise)) giveBack();
    else visited.then(giveBack);
  }

  private answer(job: number, reply: ReaderReply): void {
    this.waiters.get(job)?.resolve(reply);
    this.waiters.delete(job);
  }

  private fail(error: Error): void {
    if (this.ended !== undefined) return;
    this.ended = error;
    for (const waiter of this.waiters.values()) waiter.reject(error);
    this.waiters.clear();
    this.onOpened?.();
    this.listener.onFailure(error);
    this.closing?.();
  }
}

/** What of a root crosses to the thread. */
function plain({ file, transaction, root, highWaterMark }: CommittedRoot): CommittedRoot {
  return { file, transaction, root, highWaterMark };
}

function hashOf(reply: ReaderReply): number {
  if (reply.kind !== "hashed") throw new Error("the reader thread answered something else");
  return reply.hash;
}

function pieceOf(reply: ReaderReply): SnapshotPiece {
  if (reply.kind !== "piece") throw new Error("the reader thread answered something else");
  return reply;
}
