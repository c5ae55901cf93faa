/**
 * The reader thread's work, synchronous: requests in, replies out. Fetches are answered at once; long jobs (the start-up load,
 * hashes) go on in slices of about a mebibyte between them; a snapshot is read when its next piece is asked for.
 *
 * Every job reads a root that the loop has pinned until the job has ended. Roots and fetches name their file: after a
 * defragmentation the old one stays open until the loop says that nobody reads it.
 */

import { createHash, type Hash } from "node:crypto";
import { assert } from "@etcd-ts/base";
import type { Disk } from "../disk/disk.ts";
import type { CommittedRoot, PageFetch, PageNode } from "./backend-types.ts";
import { BackendHash, type HashJob, RecordHash, type RecordHashOptions } from "./database-hash.ts";
import { NodeFile } from "./node-file.ts";
import { PageStream } from "./page-stream.ts";
import { RecordChunk } from "./record-chunk.ts";
import { RecordLoader } from "./record-loader.ts";

/** Chunks that a load has on their way. */
const LOAD_CHUNKS = 4;

export type ReaderRequest =
  | { readonly kind: "fetch"; readonly fetch: PageFetch }
  | { readonly kind: "load"; readonly root: CommittedRoot }
  /** The loop has visited a chunk. */
  | { readonly kind: "chunk-back"; readonly memory: SharedArrayBuffer }
  | { readonly kind: "hash"; readonly job: number; readonly root: CommittedRoot }
  | {
      readonly kind: "hash-records";
      readonly job: number;
      readonly root: CommittedRoot;
      readonly options: RecordHashOptions;
    }
  | { readonly kind: "snapshot"; readonly job: number; readonly root: CommittedRoot }
  | { readonly kind: "next-piece"; readonly job: number; readonly bytesMax: number }
  /** Ends a snapshot, read to its end or not. */
  | { readonly kind: "end-snapshot"; readonly job: number }
  /** The file that has the name now is the one with this number. */
  | { readonly kind: "open-file"; readonly job: number; readonly file: number }
  | { readonly kind: "close-file"; readonly file: number };

export type ReaderReply =
  | { readonly kind: "pages"; readonly fetch: number; readonly nodes: readonly PageNode[] }
  | { readonly kind: "chunk"; readonly memory: SharedArrayBuffer }
  | { readonly kind: "loaded" }
  | { readonly kind: "hashed"; readonly job: number; readonly hash: number }
  | { readonly kind: "file-opened"; readonly job: number }
  | {
      readonly kind: "piece";
      readonly job: number;
      readonly bytes: Uint8Array<ArrayBuffer>;
      /** SHA-256 of all pieces, with the last one. */
      readonly digest: Uint8Array | undefined;
    };

/** Takes a reply; `transfer` lists memory that the worker does not use any more. */
export type Reply = (reply: ReaderReply, transfer: readonly ArrayBuffer[]) => void;

interface Snapshot {
  readonly stream: PageStream;
  readonly digest: Hash;
}

interface Load {
  readonly loader: RecordLoader;
  readonly idle: RecordChunk[];
}

export class ReaderWork {
  private readonly disk: Disk;
  private readonly path: string;
  private readonly pageBytes: number;
  private readonly files = new Map<number, NodeFile>();
  private readonly reply: Reply;
  private load: Load | undefined;
  private readonly hashes = new Map<number, HashJob>();
  private readonly snapshots = new Map<number, Snapshot>();

  constructor(disk: Disk, path: string, pageBytes: number, reply: Reply) {
    this.disk = disk;
    this.path = path;
    this.pageBytes = pageBytes;
    this.reply = reply;
    this.openFile(1);
  }

  handle(request: ReaderRequest): void {
    switch (request.kind) {
      case "fetch":
        this.fetch(request.fetch);
        return;
      case "load":
        this.startLoad(request.root);
        return;
      case "chunk-back":
        this.load?.idle.push(new RecordChunk(request.memory));
        return;
      case "hash":
        this.hashes.set(request.job, new BackendHash(this.file(request.root.file), request.root));
        return;
      case "hash-records":
        this.hashes.set(
          request.job,
          new RecordHash(this.file(request.root.file), request.root, request.options),
        );
        return;
      case "snapshot":
        this.startSnapshot(request.job, request.root);
        return;
      case "next-piece":
        this.nextPiece(request.job, request.bytesMax);
        return;
      case "end-snapshot":
        this.snapshots.delete(request.job);
        return;
      case "open-file":
        this.openFile(request.file);
        this.reply({ kind: "file-opened", job: request.job }, []);
        return;
      case "close-file":
        this.file(request.file).close();
        this.files.delete(request.file);
    }
  }

  /** One slice of each long job; false when there is nothing to do until the next request. */
  work(): boolean {
    const loads = this.workOnLoad();
    for (const [id, job] of this.hashes) {
      if (!job.run()) continue;
      this.hashes.delete(id);
      this.reply({ kind: "hashed", job: id, hash: job.hash }, []);
    }
    return loads || this.hashes.size > 0;
  }

  close(): void {
    for (const file of this.files.values()) file.close();
  }

  private openFile(number: number): void {
    this.files.set(number, new NodeFile(this.disk.open(this.path, "read"), this.pageBytes));
  }

  private file(number: number): NodeFile {
    const file = this.files.get(number);
    assert(file !== undefined, "a file that is not open");
    return file;
  }

  private fetch(fetch: PageFetch): void {
    const nodes = this.file(fetch.file).readNodes(fetch.pages, fetch.highWaterMark);
    const transfer = nodes.map((node) => node.bytes.buffer as ArrayBuffer);
    this.reply({ kind: "pages", fetch: fetch.id, nodes }, transfer);
  }

  private startLoad(root: CommittedRoot): void {
    assert(this.load === undefined, "one load at a time");
    const idle = Array.from({ length: LOAD_CHUNKS }, () => new RecordChunk());
    this.load = { loader: new RecordLoader(this.file(root.file), root), idle };
  }

  /** Fills one chunk; false when none is idle or the load has ended. */
  private workOnLoad(): boolean {
    if (this.load === undefined) return false;
    const { loader, idle } = this.load;
    if (loader.isDone) {
      this.load = undefined;
      this.reply({ kind: "loaded" }, []);
      return false;
    }
    let chunk = idle.pop();
    if (chunk === undefined) return false;
    if (loader.nodeBytes > chunk.data.length)
      chunk = new RecordChunk(RecordChunk.memoryFor(loader.nodeBytes));
    loader.fill(chunk);
    this.reply({ kind: "chunk", memory: chunk.memory }, []);
    return idle.length > 0 || loader.isDone;
  }

  private startSnapshot(job: number, root: CommittedRoot): void {
    const stream = new PageStream(this.file(root.file), root);
    this.snapshots.set(job, { stream, digest: createHash("sha256") });
  }

  private nextPiece(job: number, bytesMax: number): void {
    const snapshot = this.snapshots.get(job);
    assert(snapshot !== undefined, "a piece of a snapshot that has ended");
    const bytes = snapshot.stream.next(bytesMax);
    snapshot.digest.update(bytes);
    const isLast = snapshot.stream.position === snapshot.stream.bytes;
    const digest = isLast ? Uint8Array.from(snapshot.digest.digest()) : undefined;
    this.reply({ kind: "piece", job, bytes, digest }, [bytes.buffer]);
  }
}
