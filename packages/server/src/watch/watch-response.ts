/**
 * `WatchResponse` on its way out. One object is filled, measured, written into the connection's output and used again: a
 * response costs no allocation, its events are spliced.
 *
 *     1 header · 2 watch_id · 3 created · 4 canceled · 5 compact_revision · 6 cancel_reason · 7 fragment · 11 events
 */

import {
  sizeOfBigVarint,
  sizeOfString,
  sizeOfVarint,
  writeBigVarint,
  writeString,
  writeVarint,
} from "@etcd-ts/proto";
import type { WatchEvent } from "./watch-event.ts";
import type { WatchId } from "./watcher.ts";

const TAG_WATCH_ID = 0x10;
const TAG_CREATED = 0x18;
const TAG_CANCELED = 0x20;
const TAG_COMPACT_REVISION = 0x28;
const TAG_CANCEL_REASON = 0x32;
const TAG_FRAGMENT = 0x38;
/** Copied by hand: a call into the run-time costs more. */
const COPY_LOOP_MAX = 32;
/** A longer run of events is not kept as bytes. */
const RUN_BYTES_MAX = 1024 * 1024;

/** The store's part in a response: a header, as field 1, with this revision and the current term. */
export interface HeaderSource {
  headerSize(revision: number): number;
  writeHeader(target: Uint8Array, position: number, revision: number): number;
}

const NO_EVENTS: readonly WatchEvent[] = [];

export class WatchResponse {
  revision = 0;
  watchId: WatchId = 0;
  created = false;
  canceled = false;
  compactRevision = 0;
  cancelReason = "";
  fragment = false;
  /** `events[lo, hi)` are sent. */
  events: readonly WatchEvent[] = NO_EVENTS;
  lo = 0;
  hi = 0;
  withPrevious = false;
  private readonly headers: HeaderSource;
  // The last run of two or more events that was measured: many watchers of a key are sent the same.
  private run: readonly WatchEvent[] = NO_EVENTS;
  private runLo = 0;
  private runHi = 0;
  private runWithPrevious = false;
  private runSize = 0;
  /** Its bytes, as soon as somebody is the second to be sent it. */
  private runBytes: Uint8Array | undefined = undefined;

  constructor(headers: HeaderSource) {
    this.headers = headers;
  }

  /** Empties everything but header and id. */
  begin(revision: number, watchId: WatchId): this {
    this.revision = revision;
    this.watchId = watchId;
    this.created = false;
    this.canceled = false;
    this.compactRevision = 0;
    this.cancelReason = "";
    this.fragment = false;
    this.events = NO_EVENTS;
    this.lo = 0;
    this.hi = 0;
    return this;
  }

  size(): number {
    let size = this.headers.headerSize(this.revision);
    if (this.watchId !== 0) size += 1 + idSize(this.watchId);
    if (this.created) size += 2;
    if (this.canceled) size += 2;
    if (this.compactRevision !== 0) size += 1 + sizeOfVarint(this.compactRevision);
    if (this.cancelReason !== "") size += 1 + sizeOfString(this.cancelReason);
    if (this.fragment) size += 2;
    return size + this.sizeOfEvents();
  }

  writeTo(target: Uint8Array, position: number): number {
    position = this.headers.writeHeader(target, position, this.revision);
    if (this.watchId !== 0) {
      target[position++] = TAG_WATCH_ID;
      position = writeId(target, position, this.watchId);
    }
    if (this.created) position = writeTrue(target, position, TAG_CREATED);
    if (this.canceled) position = writeTrue(target, position, TAG_CANCELED);
    if (this.compactRevision !== 0) {
      target[position++] = TAG_COMPACT_REVISION;
      position = writeVarint(target, position, this.compactRevision);
    }
    if (this.cancelReason !== "") {
      target[position++] = TAG_CANCEL_REASON;
      position = writeString(target, position, this.cancelReason);
    }
    if (this.fragment) position = writeTrue(target, position, TAG_FRAGMENT);
    if (this.runBytes !== undefined && this.isRun()) return copy(target, position, this.runBytes);
    return this.writeEvents(target, position);
  }

  private writeEvents(target: Uint8Array, position: number): number {
    for (let i = this.lo; i < this.hi; i++) {
      position = copy(target, position, this.events[i]!.bytes(this.withPrevious));
    }
    return position;
  }

  private sizeOfEvents(): number {
    const { events, lo, hi } = this;
    if (hi - lo < 2) return hi === lo ? 0 : events[lo]!.bytes(this.withPrevious).length;
    if (this.equalsRun()) {
      this.run = events;
      this.runLo = lo;
      this.runHi = hi;
      if (this.runBytes === undefined && this.runSize <= RUN_BYTES_MAX) {
        this.runBytes = Buffer.allocUnsafe(this.runSize);
        this.writeEvents(this.runBytes, 0);
      }
      return this.runSize;
    }
    let size = 0;
    for (let i = lo; i < hi; i++) size += events[i]!.bytes(this.withPrevious).length;
    this.run = events;
    this.runLo = lo;
    this.runHi = hi;
    this.runWithPrevious = this.withPrevious;
    this.runSize = size;
    this.runBytes = undefined;
    return size;
  }

  /** The events are those that were measured last. */
  private isRun(): boolean {
    if (this.run !== this.events || this.withPrevious !== this.runWithPrevious) return false;
    return this.runLo === this.lo && this.runHi === this.hi;
  }

  /** They are the same events, one by one. */
  private equalsRun(): boolean {
    const { events, lo, run, runLo } = this;
    const count = this.hi - lo;
    if (count !== this.runHi - runLo || this.withPrevious !== this.runWithPrevious) return false;
    for (let i = 0; i < count; i++) if (events[lo + i] !== run[runLo + i]) return false;
    return true;
  }
}

/** As the engine wants it. */
export function writeWatchResponse(response: WatchResponse, target: Uint8Array, position: number): number {
  return response.writeTo(target, position);
}

function copy(target: Uint8Array, position: number, bytes: Uint8Array): number {
  const length = bytes.length;
  if (length > COPY_LOOP_MAX) target.set(bytes, position);
  else for (let i = 0; i < length; i++) target[position + i] = bytes[i] as number;
  return position + length;
}

function writeTrue(target: Uint8Array, position: number, tag: number): number {
  target[position++] = tag;
  target[position++] = 1;
  return position;
}

function idSize(id: WatchId): number {
  return typeof id === "number" ? sizeOfVarint(id) : sizeOfBigVarint(id);
}

function writeId(target: Uint8Array, position: number, id: WatchId): number {
  return typeof id === "number" ? writeVarint(target, position, id) : writeBigVarint(target, position, id);
}
