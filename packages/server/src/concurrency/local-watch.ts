/**
 * A watch without a connection: the hub's responses, decoded, one at a time. While one waits to be taken the hub is told that the
 * stream is full, so that a procedure which is slow is a position in history like any slow client.
 */

import type { EncodeInto } from "@etcd-ts/grpc";
import { decodeWatchResponse, ERRORS, unknownStatus, type WatchResponse } from "@etcd-ts/proto";
import type { WatchHub, WatchOrder } from "../watch/watch-hub.ts";
import type { WatchSink, WatchStream } from "../watch/watch-stream.ts";
import type { Operation, Outcome } from "./procedure.ts";

export class LocalWatch implements WatchSink {
  private readonly hub: WatchHub;
  private readonly stream: WatchStream;
  private readonly arrived: WatchResponse[] = [];
  private waiter: ((outcome: Outcome<WatchResponse>) => void) | undefined;
  queuedBytes = 0;

  constructor(hub: WatchHub, order: WatchOrder) {
    this.hub = hub;
    this.stream = hub.openStream(this);
    hub.create(this.stream, order);
  }

  /** The next response with events; fails when the watch is cancelled. */
  next(): Operation<WatchResponse> {
    return (settle) => {
      const response = this.arrived.shift();
      if (response === undefined) this.waiter = settle;
      else {
        settle(outcomeOf(response));
        this.hub.onDrain(this.stream);
      }
      return () => {
        this.waiter = undefined;
      };
    };
  }

  close(): void {
    this.hub.close(this.stream);
  }

  // ----- the hub's side ---------------------------------------------------------------------------------------------

  sendInto<T>(size: number, encode: EncodeInto<T>, message: T): boolean {
    const bytes = Buffer.allocUnsafeSlow(size);
    encode(message, bytes, 0);
    const response = decodeWatchResponse(bytes);
    // The answer to its creation.
    if (response.created && !response.canceled) return true;
    const { waiter } = this;
    this.waiter = undefined;
    if (waiter !== undefined) {
      waiter(outcomeOf(response));
      return true;
    }
    this.arrived.push(response);
    return false;
  }

  pause(): void {}

  resume(): void {}
}

function outcomeOf(response: WatchResponse): Outcome<WatchResponse> {
  if (!response.canceled) return { ok: true, value: response };
  const error = response.compactRevision > 0 ? ERRORS.compacted : unknownStatus(response.cancelReason);
  return { ok: false, error };
}
