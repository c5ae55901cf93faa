/**
 * The commit thread's and the reader thread's work on the caller's own thread: what a simulation puts between the loop and a
 * faulty disk, and what tests use. The caller decides when a batch is committed, when its report is delivered and when
 * pages arrive, and so delays and reorders them; the engine is the real one.
 */

import type { Disk } from "../disk/disk.ts";
import type { CommitBatch, CommitReport, CommittedRoot, PageFetch, PageNode } from "./backend-types.ts";
import { Committer, type CommitterOptions, type OpenedDatabase } from "./committer.ts";
import { NodeFile } from "./node-file.ts";
import { RecordChunk } from "./record-chunk.ts";
import { RecordLoader } from "./record-loader.ts";

export class InlineStorage {
  readonly committer: Committer;
  readonly reader: NodeFile;

  /** Undefined while somebody else holds the database's lock. */
  static open(disk: Disk, path: string, options: CommitterOptions): InlineStorage | undefined {
    const committer = Committer.open(disk, path, options);
    if (committer === undefined) return undefined;
    return new InlineStorage(committer, new NodeFile(disk.open(path, "read"), committer.opened.pageBytes));
  }

  private constructor(committer: Committer, reader: NodeFile) {
    this.committer = committer;
    this.reader = reader;
  }

  get opened(): OpenedDatabase {
    return this.committer.opened;
  }

  commit(batch: CommitBatch): CommitReport {
    return this.committer.commit(batch);
  }

  read(fetch: PageFetch): PageNode[] {
    return this.reader.readNodes(fetch.pages, fetch.highWaterMark);
  }

  /** Bucket `key` from its beginning to its end, as at the start; a chunk is valid only within the call. */
  load(root: CommittedRoot, onChunk: (chunk: RecordChunk) => void): void {
    const loader = new RecordLoader(this.reader, root);
    let chunk = new RecordChunk();
    while (!loader.isDone) {
      if (loader.nodeBytes > chunk.data.length)
        chunk = new RecordChunk(RecordChunk.memoryFor(loader.nodeBytes));
      loader.fill(chunk);
      onChunk(chunk);
    }
  }

  close(): void {
    this.reader.close();
    this.committer.close();
  }
}
