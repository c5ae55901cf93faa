/**
 * Sends responses. What a stream does not take at once stays in its connection's queue and blocks the stream; how much lies
 * in the queues of blocked streams is added up, and when it is much, histories are sent in small pieces.
 */

import type { WatchLimits } from "./limits.ts";
import { SharedResponse, writeSharedResponse } from "./shared-response.ts";
import type { WatchEvent } from "./watch-event.ts";
import { type HeaderSource, WatchResponse, writeWatchResponse } from "./watch-response.ts";
import type { WatchStream } from "./watch-stream.ts";
import { type Watcher, WatchFlag, type WatchId } from "./watcher.ts";

export class Delivery {
  /** Events handed to streams, from the start. */
  eventsSent = 0;
  /** Responses with events; their fragments count as one. */
  responsesSent = 0;
  /** Bytes in the queues of blocked streams. */
  private heldBytes = 0;
  private readonly response: WatchResponse;
  private readonly shared: SharedResponse;
  private readonly fragmentBytes: number;
  private readonly limits: WatchLimits;

  constructor(headers: HeaderSource, fragmentBytes: number, limits: WatchLimits) {
    this.limits = limits;
    this.response = new WatchResponse(headers);
    this.shared = new SharedResponse(headers);
    this.fragmentBytes = fragmentBytes;
  }

  created(stream: WatchStream, id: WatchId, revision: number): void {
    const response = this.response.begin(revision, id);
    response.created = true;
    this.send(stream);
  }

  /** A watch that was not made. */
  refused(stream: WatchStream, reason: string, revision: number): void {
    const response = this.response.begin(revision, -1);
    response.created = true;
    response.canceled = true;
    response.cancelReason = reason;
    this.send(stream);
  }

  canceled(stream: WatchStream, id: WatchId, revision: number): void {
    this.response.begin(revision, id).canceled = true;
    this.send(stream);
  }

  compacted(watcher: Watcher, compactRevision: number): void {
    const response = this.response.begin(0, watcher.id);
    response.canceled = true;
    response.compactRevision = compactRevision;
    this.send(watcher.stream);
  }

  progress(stream: WatchStream, id: WatchId, revision: number): void {
    this.response.begin(revision, id);
    this.send(stream);
  }

  /** Sends `events[lo, hi)`, in pieces if the client asked for them and they are too large for one. */
  events(watcher: Watcher, events: readonly WatchEvent[], lo: number, hi: number, revision: number): void {
    this.eventsSent += hi - lo;
    this.responsesSent++;
    watcher.flags &= ~WatchFlag.QUIET;
    const { stream } = watcher;
    const withPrevious = watcher.has(WatchFlag.PREV_KV);
    const size = this.shared.prepare(revision, watcher.id, events, lo, hi, withPrevious);
    if (size >= this.fragmentBytes && hi - lo > 1 && watcher.has(WatchFlag.FRAGMENT)) {
      this.fragments(watcher, events, lo, hi, revision);
    } else if (!stream.sink.sendInto(size, writeSharedResponse, this.shared) && !stream.closed) {
      this.onFull(stream);
    }
  }

  /** A turn has begun: what headers say may have changed. */
  onTurn(): void {
    this.shared.forget();
  }

  /**
   * The end of what one response may hold of `events` from `lo` on: between two revisions, at least one whole revision. All of
   * them, unless much is waiting already for clients that do not read.
   */
  endOfResponse(events: readonly WatchEvent[], lo: number): number {
    if (this.heldBytes < this.limits.heldBytesHigh) return events.length;
    let bytes = 0;
    let end = lo;
    while (end < events.length) {
      const { revision } = events[end]!;
      if (end > lo && bytes > this.limits.smallResponseBytes) break;
      for (; end < events.length && events[end]!.revision === revision; end++)
        bytes += events[end]!.plain.length;
    }
    return end;
  }

  onUnblocked(stream: WatchStream): void {
    this.heldBytes -= stream.heldBytes;
    stream.heldBytes = 0;
    stream.blocked = false;
  }

  /** Each piece takes as many events as fit, one at least. */
  private fragments(
    watcher: Watcher,
    events: readonly WatchEvent[],
    lo: number,
    hi: number,
    revision: number,
  ): void {
    const response = this.response.begin(revision, watcher.id);
    response.withPrevious = watcher.has(WatchFlag.PREV_KV);
    response.events = events;
    response.lo = lo;
    response.fragment = true;
    while (response.lo < hi) {
      response.hi = response.lo + 1;
      let size = response.size();
      while (response.hi < hi) {
        const larger = size + events[response.hi]!.bytes(response.withPrevious).length;
        if (larger >= this.fragmentBytes) break;
        size = larger;
        response.hi++;
      }
      if (response.hi === hi) {
        response.fragment = false;
        size = response.size();
      }
      this.sendSized(watcher.stream, size);
      response.lo = response.hi;
    }
  }

  private send(stream: WatchStream): void {
    this.sendSized(stream, this.response.size());
  }

  private sendSized(stream: WatchStream, size: number): void {
    if (!stream.sink.sendInto(size, writeWatchResponse, this.response) && !stream.closed) this.onFull(stream);
  }

  private onFull(stream: WatchStream): void {
    this.heldBytes -= stream.heldBytes;
    stream.heldBytes = stream.sink.queuedBytes;
    this.heldBytes += stream.heldBytes;
    if (stream.blocked) return;
    stream.blocked = true;
    stream.sink.pause();
  }
}
