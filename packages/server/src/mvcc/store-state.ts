/**
 * What reads, writes and compaction share. Only the write in progress moves the index; only its end moves
 * `currentRevision`, so that a reader between two slices of a write sees what was before it.
 */

import type { Backend } from "@etcd-ts/storage";
import { CountMemo } from "./count-memo.ts";
import type { KeyIndex } from "./key-index.ts";
import type { ResponseHeaders } from "./response-header.ts";
import { StoreCounters } from "./store-counters.ts";
import type { ChangeListener, LeaseAttachments } from "./store-types.ts";

/** A read that goes on in a later turn: compaction removes nothing that its revision sees. */
export interface PinnedReader {
  readonly revision: number;
}

export class StoreState {
  readonly index: KeyIndex;
  readonly backend: Backend;
  readonly leases: LeaseAttachments;
  readonly headers: ResponseHeaders;
  readonly readers = new Set<PinnedReader>();
  readonly countMemo = new CountMemo();
  readonly counters = new StoreCounters();
  listener: ChangeListener | undefined;
  currentRevision = 1;
  compactRevision = -1;
  /** The newest compaction that may have removed records. */
  removedRevision = -1;
  /** As the database has, or will have, them: `finishedCompactRev`, −1 without, and `scheduledCompactRev`, 0 without. */
  finishedMark = -1;
  scheduledMark = 0;
  /** A write task is between its first and its last slice. */
  isWriting = false;

  constructor(index: KeyIndex, backend: Backend, leases: LeaseAttachments, headers: ResponseHeaders) {
    this.index = index;
    this.backend = backend;
    this.leases = leases;
    this.headers = headers;
  }

  /** Whether a suspended read, or who listens to changes, needs what a compaction at `revision` removes. */
  isReadBelow(revision: number): boolean {
    if (this.listener !== undefined && this.listener.unservedRevision < revision) return true;
    for (const reader of this.readers) if (reader.revision < revision) return true;
    return false;
  }
}
