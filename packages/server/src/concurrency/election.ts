/** Elections (`api-semantics.md` 12): who is at the front of the line leads, and the value of its key is what it proclaims. */

import { equalBytes, keyString } from "@etcd-ts/base";
import {
  type CampaignRequest,
  type CampaignResponse,
  CompareResult,
  createCampaignResponse,
  createLeaderKey,
  createLeaderResponse,
  createProclaimResponse,
  createPutRequest,
  createResignResponse,
  createResponseHeader,
  createTxnRequest,
  decodeEvent,
  decodeKeyValue,
  ERRORS,
  EtcdError,
  EventType,
  type LeaderKey,
  type LeaderRequest,
  type LeaderResponse,
  type ProclaimRequest,
  type ProclaimResponse,
  type ResignRequest,
  type ResignResponse,
  type ResponseHeader,
} from "@etcd-ts/proto";
import { ONE_KEY } from "../watch/watcher.ts";
import type { LocalClient } from "./local-client.ts";
import {
  creation,
  frontOf,
  join,
  type Line,
  leaseOrOwn,
  leaving,
  lineOf,
  placeIn,
  reachFront,
} from "./place-in-line.ts";
import { type Procedure, result } from "./procedure.ts";

/** Waits for leadership. A candidate that fails or gives up leaves the line. */
export function* campaign(client: LocalClient, request: CampaignRequest): Procedure<CampaignResponse> {
  const { name, value } = request;
  const line = lineOf(name);
  const { key, lease } = yield* placeIn(client, line, request.lease);
  const { header, revision, earlier } = yield* join(client, line, { key, lease }, value);
  const leader = createLeaderKey({ name, key, rev: revision, lease });
  let stays = false;
  try {
    if (earlier !== undefined && !equalBytes(earlier.value, value)) yield* proclaimAs(client, leader, value);
    yield* reachFront(client, line, revision);
    stays = true;
    return createCampaignResponse({ header, leader });
  } finally {
    if (!stays) client.begin(client.txn(leaving(key, revision)));
  }
}

export function* proclaim(
  client: LocalClient,
  { leader, value }: ProclaimRequest,
): Procedure<ProclaimResponse> {
  const own = given(leader);
  const lease = yield* leaseOrOwn(client, own.lease);
  const header = yield* proclaimAs(client, { ...own, lease }, value);
  return createProclaimResponse({ header });
}

function* proclaimAs(client: LocalClient, leader: LeaderKey, value: Uint8Array): Procedure<ResponseHeader> {
  const { key, rev, lease } = leader;
  const request = createTxnRequest({
    compare: [creation(key, CompareResult.EQUAL, rev)],
    success: [{ case: "requestPut", value: createPutRequest({ key, value, lease }) }],
  });
  const { succeeded, header } = yield* result(client.txn(request));
  if (!succeeded) throw new EtcdError(ERRORS.electionNotLeader);
  return header!;
}

export function* resign(client: LocalClient, { leader }: ResignRequest): Procedure<ResignResponse> {
  const { key, rev } = given(leader);
  const { header } = yield* result(client.txn(leaving(key, rev)));
  return createResignResponse({ header });
}

function given(leader: LeaderKey | undefined): LeaderKey {
  if (leader === undefined) throw new EtcdError(ERRORS.leaderFieldMissing);
  return leader;
}

export function* currentLeader(client: LocalClient, { name }: LeaderRequest): Procedure<LeaderResponse> {
  const { header, kvs } = yield* result(client.range(frontOf(lineOf(name))));
  if (kvs[0] === undefined) throw new EtcdError(ERRORS.electionNoLeader);
  return createLeaderResponse({ header, kv: kvs[0] });
}

/** Sends a leader to the observer and waits until he takes more. */
export type Tell = (leader: LeaderResponse) => Procedure<void>;

/** Tells of each leader and of each of its proclamations, from now on and without end. */
export function* observe(client: LocalClient, { name }: LeaderRequest, tell: Tell): Procedure<never> {
  const line = lineOf(name);
  for (;;) {
    const leader = yield* leaderOrNext(client, line);
    yield* tell(leader);
    yield* followUntilGone(client, leader, tell);
  }
}

/** The leader, or the first candidate that comes when there is none. */
function* leaderOrNext(client: LocalClient, line: Line): Procedure<LeaderResponse> {
  const { header, kvs } = yield* result(client.range(frontOf(line)));
  if (kvs[0] !== undefined) return createLeaderResponse({ header, kv: kvs[0] });
  const watch = client.watch({ key: line.low, end: line.high, startRevision: header!.revision + 1 });
  try {
    for (;;) {
      const response = yield* result(watch.next());
      const put = response.events
        .map((event) => decodeEvent(event))
        .find(({ type }) => type === EventType.PUT);
      if (put === undefined) continue;
      const revision = decodeKeyValue(put.kv!).modRevision;
      return createLeaderResponse({
        header: createResponseHeader({ ...response.header!, revision }),
        kv: put.kv,
      });
    }
  } finally {
    watch.close();
  }
}

function* followUntilGone(client: LocalClient, { header, kv }: LeaderResponse, tell: Tell): Procedure<void> {
  const key = keyString(decodeKeyValue(kv!).key);
  const watch = client.watch({ key, end: ONE_KEY, startRevision: header!.revision + 1 });
  try {
    for (;;) {
      const response = yield* result(watch.next());
      for (const bytes of response.events) {
        const event = decodeEvent(bytes);
        if (event.type === EventType.DELETE) return;
        yield* tell(createLeaderResponse({ header: response.header, kv: event.kv }));
      }
    }
  } finally {
    watch.close();
  }
}
