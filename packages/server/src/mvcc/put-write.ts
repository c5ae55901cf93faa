/** Put (`api-semantics.md` 5): all that it needs is looked at before it changes anything. */

import type { PutRequest } from "@etcd-ts/proto";
import { MISS } from "@etcd-ts/storage";
import { LIVE } from "./key-slots.ts";
import { parsed, parseKeyValue } from "./key-value.ts";
import { PairList } from "./pair-list.ts";
import { PAIRS_TAG } from "./responses.ts";
import type { StoreState } from "./store-state.ts";
import type { StoreError } from "./store-types.ts";
import { newestPair } from "./stored-pair.ts";
import type { Writer } from "./writer.ts";

/** Why the state before the write refuses the put; undefined: it does not. */
export function putRefusal(state: StoreState, request: PutRequest): StoreError | undefined {
  if (request.lease !== 0n && !state.leases.exists(request.lease)) return "ErrGRPCLeaseNotFound";
  if (!request.ignoreValue && !request.ignoreLease) return undefined;
  return liveSlot(state, request.key) < 0 ? "ErrGRPCKeyNotFound" : undefined;
}

/**
 * Puts, and returns the pair that was there when the request asks for it (undefined when there was none). MISS: nothing has changed;
 * the old pair must come from the disk first. The put is not refused.
 */
export function applyPut(
  state: StoreState,
  writer: Writer,
  request: PutRequest,
): PairList | undefined | typeof MISS {
  const { index } = state;
  const slot = readsFirst(request) ? liveSlot(state, request.key) : -1;
  if (slot < 0) {
    writer.put(request.key, request.value, request.lease);
    return undefined;
  }
  let { value } = request;
  let previous: PairList | undefined;
  if (request.prevKv || request.ignoreValue) {
    const pair = newestPair(state, slot);
    if (pair === MISS) return MISS;
    if (request.ignoreValue) {
      parseKeyValue(pair, 0, pair.length);
      value = pair.subarray(parsed.valueStart, parsed.valueEnd);
    }
    if (request.prevKv) {
      previous = new PairList(index.arena, PAIRS_TAG);
      previous.addBytes(pair);
    }
  }
  writer.put(request.key, value, request.ignoreLease ? index.lease(slot) : request.lease);
  return previous;
}

/** The put depends on what is there. */
export function readsFirst(request: PutRequest): boolean {
  return request.prevKv || request.ignoreValue || request.ignoreLease;
}

/** Slot of a key that exists; −1: it does not. */
export function liveSlot(state: StoreState, key: Uint8Array): number {
  const { index } = state;
  const slot = index.find(key);
  return slot >= 0 && (index.slots.flags(slot) & LIVE) !== 0 ? slot : -1;
}
