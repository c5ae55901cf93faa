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

export const TAG_WATCH_ID = 0x10;
const TAG_CREATED = 0x18;
const TAG_CANCELED = 0x20;
const TAG_COMPACT_REVISION = 0x28;
const TAG_CANCEL_REASON = 0x32;
const TAG_FRAGMENT = 0x38;
/** Copied by hand: a call into the run-time costs more. */
const COPY_LOOP_MAX = 32;

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
    for (let i = this.lo; i < this.hi; i++) {
      position = copy(target, position, this.events[i]!.bytes(this.withPrevious));
    }
    return position;
  }

  private sizeOfEvents(): number {
    let size = 0;
    for (let i = this.lo; i < this.hi; i++) size += this.events[i]!.bytes(this.withPrevious).length;
    return size;
  }
}

/** As the engine wants it. */
export function writeWatchResponse(response: WatchResponse, target: Uint8Array, position: number): number {
  return response.writeTo(target, position);
}

export function copy(target: Uint8Array, position: number, bytes: Uint8Array): number {
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

export function idSize(id: WatchId): number {
  return typeof id === "number" ? sizeOfVarint(id) : sizeOfBigVarint(id);
}

export function writeId(target: Uint8Array, position: number, id: WatchId): number {
  return typeof id === "number" ? writeVarint(target, position, id) : writeBigVarint(target, position, id);
}
