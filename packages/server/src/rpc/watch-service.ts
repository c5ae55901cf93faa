/**
 * Service `etcdserverpb.Watch` (`api-semantics.md` 9): takes requests apart and hands them to the hub, which answers. The client's
 * half-close changes nothing; a stream ends with its context, or for want of a leader when it insists on one.
 */

import { keyString } from "@etcd-ts/base";
import { CancelReason, type GrpcServer, type StreamCall, type StreamListener } from "@etcd-ts/grpc";
import {
  decodeWatchRequest,
  ERRORS,
  type WatchCreateRequest,
  type WatchRequest,
  WatchService,
} from "@etcd-ts/proto";
import type { ServerMetrics } from "../metrics/server-metrics.ts";
import type { WatchHub, WatchOrder } from "../watch/watch-hub.ts";
import { STREAM_HIGH_WATER_BYTES, type WatchStream } from "../watch/watch-stream.ts";
import { NO_END, ONE_KEY, WatchFlag, type WatchId } from "../watch/watcher.ts";
import { decodeMessage } from "./decode.ts";
import { type GuardedMember, guardStream, requiresLeader } from "./guard.ts";
import type { LeaderMonitor } from "./leader-monitor.ts";

const FILTER_NO_PUT = 0;
const FILTER_NO_DELETE = 1;

export interface WatchedMember extends GuardedMember {
  readonly watches: WatchHub;
  readonly leaderMonitor: LeaderMonitor;
}

export function serveWatch(server: GrpcServer, member: WatchedMember): void {
  server.addStream(WatchService.methods.watch.path, (call) => {
    const refused = guardStream(member, call.metadata, false);
    if (refused !== undefined) {
      call.end(refused.code, refused.message);
      return NOBODY;
    }
    return new WatchCall(call, member);
  });
}

/** Listens to a stream that was refused. */
const NOBODY: StreamListener = { onMessage() {}, onHalfClose() {}, onCancel() {}, onDrain() {} };

class WatchCall implements StreamListener {
  private readonly call: StreamCall;
  private readonly hub: WatchHub;
  private readonly stream: WatchStream;
  private readonly metrics: ServerMetrics;
  private readonly forgetLeader: () => void;

  constructor(call: StreamCall, member: WatchedMember) {
    const { watches, leaderMonitor } = member;
    this.call = call;
    this.hub = watches;
    this.metrics = member.metrics;
    call.highWaterBytes = STREAM_HIGH_WATER_BYTES;
    this.stream = watches.openStream(call);
    this.forgetLeader = requiresLeader(member, call.metadata)
      ? leaderMonitor.add(() => this.onLeaderLost())
      : () => {};
  }

  onMessage(message: Buffer): void {
    const request = decodeMessage(this.call, decodeWatchRequest, message);
    if (request !== undefined) return this.onRequest(request);
    this.metrics.countStreamFailure("receive", "watch");
    this.close();
  }

  onHalfClose(): void {}

  onCancel(reason: CancelReason): void {
    if (reason === CancelReason.REFUSED) this.metrics.countStreamFailure("receive", "watch");
    this.close();
  }

  onDrain(): void {
    this.hub.onDrain(this.stream);
  }

  private onRequest(request: WatchRequest): void {
    switch (request.case) {
      case "createRequest":
        return this.hub.create(this.stream, orderOf(request.value));
      case "cancelRequest":
        return this.hub.cancel(this.stream, watchIdOf(request.value.watchId));
      case "progressRequest":
        return this.hub.requestProgress(this.stream);
      case undefined:
        return;
    }
  }

  private onLeaderLost(): void {
    this.call.end(ERRORS.noLeader.code, ERRORS.noLeader.message);
    this.close();
  }

  private close(): void {
    this.forgetLeader();
    this.hub.close(this.stream);
  }
}

function orderOf(request: WatchCreateRequest): WatchOrder {
  const { key, end } = watchedRange(request);
  return {
    key,
    end,
    startRevision: request.startRevision,
    id: watchIdOf(request.watchId),
    flags: flagsOf(request),
  };
}

/** The one reading of a request's range, for the watch as for whoever checks permissions. */
export function watchedRange(request: WatchCreateRequest): { readonly key: string; readonly end: string } {
  const end = keyString(request.rangeEnd);
  return {
    key: request.key.length === 0 ? "\0" : keyString(request.key),
    end: end === "" ? ONE_KEY : end === "\0" ? NO_END : end,
  };
}

function flagsOf(request: WatchCreateRequest): number {
  let flags = 0;
  for (const filter of request.filters as readonly number[]) {
    if (filter === FILTER_NO_PUT) flags |= WatchFlag.NO_PUT;
    if (filter === FILTER_NO_DELETE) flags |= WatchFlag.NO_DELETE;
  }
  if (request.prevKv) flags |= WatchFlag.PREV_KV;
  if (request.fragment) flags |= WatchFlag.FRAGMENT;
  if (request.progressNotify) flags |= WatchFlag.PROGRESS;
  return flags;
}

/** Equal ids are equal values: a bigint only where a number is not exact. */
function watchIdOf(id: bigint): WatchId {
  const number = Number(id);
  return Number.isSafeInteger(number) ? number : id;
}
