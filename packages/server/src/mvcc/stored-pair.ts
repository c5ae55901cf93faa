/** Pairs from the database: of older revisions, and of newest ones whose values are not in memory. */

import { MISS, type Miss } from "@etcd-ts/storage";
import { damaged, mustBeRecordOf } from "./record-check.ts";
import type { StoreState } from "./store-state.ts";

/** The pair that a put stored, a put that the index knows of; a start from a checkpoint has not looked at it. */
export function storedPair(state: StoreState, main: number, sub: number): Uint8Array | Miss {
  const pair = state.backend.current().record(main, sub, false);
  if (pair === MISS) return MISS;
  if (pair === undefined) throw damaged(main, sub, "it is not there");
  mustBeRecordOf(pair, main, sub);
  return pair;
}

/** The newest pair of a live key, independent of the arena's later reuse only until its next reclaim. */
export function newestPair(state: StoreState, slot: number): Uint8Array | Miss {
  const { index } = state;
  if (!index.isCold(slot)) {
    index.touch(slot);
    return index.arena.view(index.slots.record(slot));
  }
  const pair = storedPair(state, index.slots.mod(slot), index.slots.sub(slot));
  if (pair !== MISS) index.warm(slot, pair);
  return pair;
}
