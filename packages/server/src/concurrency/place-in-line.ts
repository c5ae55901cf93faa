/**
 * A place in a line of keys under a common prefix, one a lease, in the order of their creation. Whoever holds the oldest key is at
 * the front: it has the lock, or it is the leader. Each waits for the one before it alone, so that a key that goes wakes one.
 *
 *     name/              the prefix
 *     name/694d77aa9e38  the place of the lease with this id (hexadecimal); its create revision tells when it joined
 */

import { assert, keyBytes, keyString } from "@etcd-ts/base";
import {
  type Compare,
  CompareResult,
  CompareTarget,
  createCompare,
  createDeleteRangeRequest,
  createPutRequest,
  createRangeRequest,
  createTxnRequest,
  decodeEvent,
  decodeKeyValue,
  EventType,
  type KeyValue,
  type RangeRequest,
  type RangeResponse,
  type RequestOp,
  type ResponseHeader,
  type ResponseOp,
  SortOrder,
  SortTarget,
  type TxnRequest,
  type WatchResponse,
} from "@etcd-ts/proto";
import { ONE_KEY } from "../watch/watcher.ts";
import type { LocalClient } from "./local-client.ts";
import { type Procedure, result } from "./procedure.ts";

/** How long the lease lives that is granted to a client which names none. */
const OWN_LEASE_TTL_SECONDS = 60;

/** The keys of one lock or election, from `low` to before `high`, as `keyString`s. */
export interface Line {
  readonly low: string;
  readonly high: string;
}

export interface Place {
  readonly key: Uint8Array;
  readonly lease: bigint;
}

/** A place that is taken. */
export interface Joined {
  readonly header: ResponseHeader;
  /** When it was taken: now, or by an earlier call. */
  readonly revision: number;
  /** The key as an earlier call left it; undefined: it is this call's. */
  readonly earlier: KeyValue | undefined;
  /** The key at the front at that moment. */
  readonly front: KeyValue;
}

export function lineOf(name: Uint8Array): Line {
  const text = keyString(name);
  return { low: `${text}/`, high: `${text}0` };
}

/** The place of a lease, or of a new one if `lease` is 0. */
export function* placeIn(client: LocalClient, line: Line, lease: bigint): Procedure<Place> {
  const owner = yield* leaseOrOwn(client, lease);
  return { key: keyBytes(line.low + owner.toString(16)), lease: owner };
}

/** A client that names no lease gets one, which nobody keeps alive. */
export function* leaseOrOwn(client: LocalClient, lease: bigint): Procedure<bigint> {
  if (lease !== 0n) return lease;
  return (yield* result(client.grantLease(OWN_LEASE_TTL_SECONDS))).id;
}

/**
 * Takes the place with `value`, unless an earlier call has taken it. Who gives up before he knows whether he has joined leaves
 * again, but never a place that was taken before he came.
 */
export function* join(
  client: LocalClient,
  line: Line,
  { key, lease }: Place,
  value: Uint8Array,
): Procedure<Joined> {
  const front: RequestOp = { case: "requestRange", value: frontOf(line) };
  const request = createTxnRequest({
    compare: [creation(key, CompareResult.EQUAL, 0)],
    success: [{ case: "requestPut", value: createPutRequest({ key, value, lease }) }, front],
    failure: [{ case: "requestRange", value: createRangeRequest({ key }) }, front],
  });
  const { revision } = client;
  let givenUp = true;
  try {
    const answer = yield* result(client.txn(request));
    givenUp = false;
    const header = answer.header!;
    const earlier = answer.succeeded ? undefined : pairOf(answer.responses[0]!);
    const joinedAt = earlier === undefined ? header.revision : earlier.createRevision;
    return { header, revision: joinedAt, earlier, front: pairOf(answer.responses[1]!) };
  } catch (refused) {
    givenUp = false;
    throw refused;
  } finally {
    if (givenUp) client.begin(client.txn(deletion(key, creation(key, CompareResult.GREATER, revision))));
  }
}

/** Leaves the place that was taken at `revision`; if somebody else has it now, nothing happens. */
export function leaving(key: Uint8Array, revision: number): TxnRequest {
  return deletion(key, creation(key, CompareResult.EQUAL, revision));
}

/** Until nobody is in the line who joined before `revision`. */
export function* reachFront(client: LocalClient, line: Line, revision: number): Procedure<void> {
  for (;;) {
    const answer = yield* result(client.range(lastOf(line, revision - 1)));
    const before = onlyPair(answer);
    if (before === undefined) return;
    yield* untilDeleted(client, before.key, answer.header!);
  }
}

function* untilDeleted(client: LocalClient, key: Uint8Array, seen: ResponseHeader): Procedure<void> {
  const watch = client.watch({ key: keyString(key), end: ONE_KEY, startRevision: seen.revision + 1 });
  try {
    while (!hasDeletion(yield* result(watch.next()))) {}
  } finally {
    watch.close();
  }
}

function hasDeletion(response: WatchResponse): boolean {
  return response.events.some((event) => decodeEvent(event).type === EventType.DELETE);
}

/** Reads the key at the front of the line. */
export function frontOf({ low, high }: Line): RangeRequest {
  return createRangeRequest({
    key: keyBytes(low),
    rangeEnd: keyBytes(high),
    sortTarget: SortTarget.CREATE,
    sortOrder: SortOrder.ASCEND,
    limit: 1,
  });
}

/** Reads the key that joined last of those that joined up to a revision. */
function lastOf({ low, high }: Line, maxCreateRevision: number): RangeRequest {
  return createRangeRequest({
    key: keyBytes(low),
    rangeEnd: keyBytes(high),
    sortTarget: SortTarget.CREATE,
    sortOrder: SortOrder.DESCEND,
    maxCreateRevision,
    limit: 1,
  });
}

/** Compares the create revision of a key; 0 is that of a key that does not exist. */
export function creation(key: Uint8Array, compared: CompareResult, createRevision: number): Compare {
  return createCompare({
    key,
    target: CompareTarget.CREATE,
    result: compared,
    targetUnion: "createRevision",
    createRevision,
  });
}

function deletion(key: Uint8Array, provided: Compare): TxnRequest {
  const request = createDeleteRangeRequest({ key });
  return createTxnRequest({
    compare: [provided],
    success: [{ case: "requestDeleteRange", value: request }],
  });
}

/** The pair of an answer that holds one at most. */
export function onlyPair({ kvs }: RangeResponse): KeyValue | undefined {
  return kvs[0] === undefined ? undefined : decodeKeyValue(kvs[0]);
}

/** The pair of a range within a txn that cannot be empty. */
function pairOf(response: ResponseOp): KeyValue {
  const pair = response.case === "responseRange" ? onlyPair(response.value) : undefined;
  assert(pair !== undefined, "who has joined is in the line");
  return pair;
}
