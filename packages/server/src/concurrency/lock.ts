/** Lock and Unlock (`api-semantics.md` 11): who is at the front of the line holds the lock. */

import { EMPTY_BYTES } from "@etcd-ts/base";
import {
  createDeleteRangeRequest,
  createLockResponse,
  createRangeRequest,
  createUnlockResponse,
  ERRORS,
  EtcdError,
  type LockRequest,
  type LockResponse,
  type ResponseHeader,
  type UnlockRequest,
  type UnlockResponse,
} from "@etcd-ts/proto";
import type { LocalClient } from "./local-client.ts";
import { type Joined, join, type Line, leaving, lineOf, placeIn, reachFront } from "./place-in-line.ts";
import { type Procedure, result } from "./procedure.ts";

/** Waits for the lock. A call that fails or is given up leaves the line. */
export function* lock(client: LocalClient, { name, lease }: LockRequest): Procedure<LockResponse> {
  const line = lineOf(name);
  const place = yield* placeIn(client, line, lease);
  const joined = yield* join(client, line, place, EMPTY_BYTES);
  let held = false;
  try {
    const header = yield* acquired(client, line, joined, place.key);
    held = true;
    return createLockResponse({ header, key: place.key });
  } finally {
    if (!held) client.begin(client.txn(leaving(place.key, joined.revision)));
  }
}

function* acquired(
  client: LocalClient,
  line: Line,
  { header, revision, front }: Joined,
  key: Uint8Array,
): Procedure<ResponseHeader> {
  if (front.createRevision === revision) return header;
  yield* reachFront(client, line, revision);
  // The lease may have ended meanwhile, and the key with it.
  const own = yield* result(client.range(createRangeRequest({ key })));
  if (own.kvs.length === 0) throw new EtcdError(ERRORS.sessionExpired);
  return own.header!;
}

/** A key that does not exist is no error. */
export function* unlock(client: LocalClient, { key }: UnlockRequest): Procedure<UnlockResponse> {
  const { header } = yield* result(client.deleteRange(createDeleteRangeRequest({ key })));
  return createUnlockResponse({ header });
}
