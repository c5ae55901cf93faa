/**
 * The commit thread's and the reader thread's work on the caller's own thread: what a simulation puts between the loop and a
 * faulty disk, and what tests use. The caller decides when a batch is committed, when its report is delivered and when
 * pages arrive, and so delays and reorders them; the engine is the real one.
 */

import { assert } from "@etcd-ts/base";
import type { Disk } from "../disk/disk.ts";
import type { CommitBatch, CommitReport, CommittedRoot, PageFetch, PageNode } from "./backend-types.ts";
import {
  Committer,
  type CommitterOptions,
  type DefragmentationEnd,
  type OpenedDatabase,
} from "./committer.ts";
import { NodeFile } from "./node-file.ts";
import { RecordChunk } from "./record-chunk.ts";
import { RecordLoader } from "./record-loader.ts";

export class InlineStorage {
  readonly committer: Committer;
  private readonly disk: Disk;
  private readonly path: string;
  private readonly files = new Map<number, NodeFile>();
  private newestFile: number;

  /** Undefined while somebody else holds the database's lock. */
  static open(disk: Disk, path: string, options: CommitterOptions): InlineStorage | undefined {
    const committer = Committer.open(disk, path, options);
    if (committer === undefined) return undefined;
    return new InlineStorage(disk, path, committer);
  }

  private constructor(disk: Disk, path: string, committer: Committer) {
    this.disk = disk;
    this.path = path;
    this.committer = committer;
    this.newestFile = committer.opened.file;
    this.openFile(this.newestFile);
  }

  /** The file that has the name now, for reading. */
  get reader(): NodeFile {
    return this.files.get(this.newestFile)!;
  }

  get opened(): OpenedDatabase {
    return this.committer.opened;
  }

  commit(batch: CommitBatch): CommitReport {
    return this.committer.commit(batch);
  }

  /** The file that a root lies in; it may have lost the name. */
  fileOf(root: { readonly file: number }): NodeFile {
    const file = this.files.get(root.file);
    assert(file !== undefined, "a file is read that is not open");
    return file;
  }

  read(fetch: PageFetch): PageNode[] {
    return this.fileOf(fetch).readNodes(fetch.pages, fetch.highWaterMark);
  }

  /** One slice of the committer's work; what it returns has ended with it. */
  work(): DefragmentationEnd | undefined {
    this.committer.work();
    const end = this.committer.takeDefragmentationEnd();
    if (end !== undefined && "moved" in end) this.openFile(end.moved.file);
    return end;
  }

  /** Nobody reads it any more. */
  closeFile(number: number): void {
    this.files.get(number)?.close();
    this.files.delete(number);
  }

  /** Bucket `key` from its beginning to its end, as at the start; a chunk is valid only within the call. */
  load(root: CommittedRoot, onChunk: (chunk: RecordChunk) => void): void {
    const loader = new RecordLoader(this.fileOf(root), root);
    let chunk = new RecordChunk();
    while (!loader.isDone) {
      if (loader.nodeBytes > chunk.data.length)
        chunk = new RecordChunk(RecordChunk.memoryFor(loader.nodeBytes));
      loader.fill(chunk);
      onChunk(chunk);
    }
  }

  close(): void {
    for (const file of this.files.values()) file.close();
    this.committer.close();
  }

  private openFile(number: number): void {
    this.files.set(number, new NodeFile(this.disk.open(this.path, "read"), this.committer.opened.pageBytes));
    this.newestFile = number;
  }
}
