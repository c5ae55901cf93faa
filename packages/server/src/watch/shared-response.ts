/**
 * A `WatchResponse` with events as many watchers of a key are sent it: the same bytes for all of them, but for the watch id.
 *
 *     1 header · [ 2 watch_id ] · 11 events …
 *
 * The first watcher of a run of events gets it put together from its parts. For a second one the whole is kept, and from then on
 * each costs one copy and its id. What is kept is good until the next run, or until {@link forget}: the header has the
 * term in it.
 */

import type { WatchEvent } from "./watch-event.ts";
import { copy, type HeaderSource, idSize, TAG_WATCH_ID, writeId } from "./watch-response.ts";
import type { WatchId } from "./watcher.ts";

/** More is not kept as one piece. */
const KEPT_BYTES_MAX = 1024 * 1024;
const SPACE_BYTES = 4096;

const NO_EVENTS: readonly WatchEvent[] = [];

export class SharedResponse {
  private readonly headers: HeaderSource;
  // The run at hand.
  private events = NO_EVENTS;
  private lo = 0;
  private hi = 0;
  private withPrevious = false;
  private revision = -1;
  /** Of header and events. */
  private bodyBytes = 0;
  private headerBytes = 0;
  // Whom it is for.
  private watchId: WatchId = 0;
  /** Tag and id; 0: left out. */
  private idBytes = 0;
  /** The whole response with an id of `keptIdBytes`; undefined: nobody has needed it twice. */
  private kept: Uint8Array | undefined = undefined;
  private keptIdBytes = -1;
  /** Where short ones are kept. */
  private readonly space = new Uint8Array(SPACE_BYTES);

  constructor(headers: HeaderSource) {
    this.headers = headers;
  }

  /** `events[lo, hi)` for this watch. Returns the size of the response. */
  prepare(
    revision: number,
    watchId: WatchId,
    events: readonly WatchEvent[],
    lo: number,
    hi: number,
    withPrevious: boolean,
  ): number {
    const idBytes = watchId === 0 ? 0 : 1 + idSize(watchId);
    this.watchId = watchId;
    this.idBytes = idBytes;
    if (!this.isRun(revision, events, lo, hi, withPrevious)) {
      this.begin(revision, events, lo, hi, withPrevious);
    } else if (idBytes !== this.keptIdBytes && this.bodyBytes <= KEPT_BYTES_MAX) {
      this.keep();
    }
    return this.bodyBytes + idBytes;
  }

  /** After {@link prepare}. */
  writeTo(target: Uint8Array, position: number): number {
    const { kept, idBytes } = this;
    if (kept === undefined || this.keptIdBytes !== idBytes) return this.assemble(target, position);
    target.set(kept, position);
    if (idBytes > 0) writeId(target, position + this.headerBytes + 1, this.watchId);
    return position + kept.length;
  }

  /** What is asked for next is put together anew. */
  forget(): void {
    this.events = NO_EVENTS;
    this.revision = -1;
    this.dropKept();
  }

  private isRun(
    revision: number,
    events: readonly WatchEvent[],
    lo: number,
    hi: number,
    withPrevious: boolean,
  ): boolean {
    if (revision !== this.revision || withPrevious !== this.withPrevious) return false;
    if (events === this.events) return lo === this.lo && hi === this.hi;
    return hi - lo === this.hi - this.lo && this.equalsRun(events, lo, hi);
  }

  /** They are the same events, one by one. */
  private equalsRun(events: readonly WatchEvent[], lo: number, hi: number): boolean {
    const shift = this.lo - lo;
    for (let i = lo; i < hi; i++) if (events[i] !== this.events[i + shift]) return false;
    return true;
  }

  private begin(
    revision: number,
    events: readonly WatchEvent[],
    lo: number,
    hi: number,
    withPrevious: boolean,
  ): void {
    this.revision = revision;
    this.events = events;
    this.lo = lo;
    this.hi = hi;
    this.withPrevious = withPrevious;
    this.headerBytes = this.headers.headerSize(revision);
    let size = this.headerBytes;
    for (let i = lo; i < hi; i++) size += events[i]!.bytes(withPrevious).length;
    this.bodyBytes = size;
    this.dropKept();
  }

  private dropKept(): void {
    this.kept = undefined;
    this.keptIdBytes = -1;
  }

  private keep(): void {
    const size = this.bodyBytes + this.idBytes;
    this.kept = size <= this.space.length ? this.space.subarray(0, size) : new Uint8Array(size);
    this.keptIdBytes = this.idBytes;
    this.assemble(this.kept, 0);
  }

  private assemble(target: Uint8Array, position: number): number {
    position = this.headers.writeHeader(target, position, this.revision);
    if (this.idBytes > 0) {
      target[position++] = TAG_WATCH_ID;
      position = writeId(target, position, this.watchId);
    }
    for (let i = this.lo; i < this.hi; i++) {
      position = copy(target, position, this.events[i]!.bytes(this.withPrevious));
    }
    return position;
  }
}

/** As the engine wants it. */
export function writeSharedResponse(response: SharedResponse, target: Uint8Array, position: number): number {
  return response.writeTo(target, position);
}
