/**
 * The database as the host drives it: batches go to the thread that commits, fetches to the thread that reads, and both answer
 * later. Whatever fails is fatal and is told once.
 */

import type { CommitBatch, CommitReport, PageFetch, PageNode } from "@etcd-ts/storage";

export interface DatabaseListener {
  onCommitted(report: CommitReport): void;
  onPages(fetch: number, nodes: readonly PageNode[]): void;
  /** The database cannot go on; the message is for the operator. */
  onFailure(error: Error): void;
}

export interface DatabasePort {
  commit(batch: CommitBatch): void;
  fetch(fetch: PageFetch): void;
  /** After what was posted has been done. */
  close(): Promise<void>;
}
