/**
 * Counts that are known already: of ranges that a client reads page by page at a pinned revision. After a page the number of keys
 * from its end on is the number before less the page, whatever was written since; without it the count of each page would
 * look at every birth and death since that revision.
 *
 * A count at a revision never changes, so entries are never wrong; old ones are overwritten.
 */

import { equalBytes } from "@etcd-ts/base";

const ENTRIES = 64;

interface Entry {
  readonly revision: number;
  readonly low: Uint8Array;
  readonly high: Uint8Array | undefined;
  readonly count: number;
}

export class CountMemo {
  private readonly entries: Entry[] = [];
  private next = 0;

  /** The bytes are kept: they must not change. */
  remember(revision: number, low: Uint8Array, high: Uint8Array | undefined, count: number): void {
    this.entries[this.next] = { revision, low, high, count };
    this.next = (this.next + 1) % ENTRIES;
  }

  /** −1: unknown. */
  recall(revision: number, low: Uint8Array, high: Uint8Array | undefined): number {
    for (const entry of this.entries) {
      if (entry.revision !== revision || !equalBytes(entry.low, low)) continue;
      if (
        entry.high === high ||
        (entry.high !== undefined && high !== undefined && equalBytes(entry.high, high))
      ) {
        return entry.count;
      }
    }
    return -1;
  }
}
