/**
 * An event as it goes over the wire, encoded once and spliced into the responses of everybody who wants it.
 *
 *     field 11 of WatchResponse:  5a length · event
 *     event:                      [ 08 01: a delete ] · 12 length · KeyValue · [ 1a length · KeyValue before ]
 *
 * The pair of a delete is its key and its mod revision. What was before is looked up only if somebody asks for it, and then
 * once for all. Events lie in slabs, many in one piece of memory; a slab lives as long as one of its events does.
 */

import { sizeOfVarint, writeVarint } from "@etcd-ts/proto";

const TAG_EVENT = 0x5a;
const TAG_TYPE = 0x08;
const TYPE_DELETE = 1;
const TAG_KV = 0x12;
const TAG_PREV_KV = 0x1a;
const TAG_MOD_REVISION = 0x18;

const SLAB_BYTES = 64 * 1024;
/** A larger event has memory of its own. */
const SLAB_SHARE_BYTES_MAX = SLAB_BYTES / 4;

export class WatchEvent {
  readonly revision: number;
  readonly key: string;
  readonly isDelete: boolean;
  /** The whole field, without what was before. */
  readonly plain: Uint8Array;
  /** The whole field with what was before; undefined: not looked up yet. */
  withPrevious: Uint8Array | undefined;

  constructor(revision: number, key: string, isDelete: boolean, isCreate: boolean, plain: Uint8Array) {
    this.revision = revision;
    this.key = key;
    this.isDelete = isDelete;
    this.plain = plain;
    this.withPrevious = isCreate ? plain : undefined;
  }

  bytes(withPrevious: boolean): Uint8Array {
    return withPrevious ? this.withPrevious! : this.plain;
  }

  /** Tells what was before; undefined: nothing, or it has been compacted. */
  setPrevious(previous: Uint8Array | undefined): void {
    this.withPrevious = previous === undefined ? this.plain : joinPrevious(this.plain, previous);
  }
}

export class EventEncoder {
  private slab: Buffer = Buffer.alloc(0);
  private used = 0;

  /** `source[start, end)` is the whole pair of the event. */
  encode(
    revision: number,
    key: string,
    isDelete: boolean,
    isCreate: boolean,
    source: Uint8Array,
    start: number,
    end: number,
  ): WatchEvent {
    const length = end - start;
    const position = this.begin(isDelete, length);
    this.slab.set(start === 0 && end === source.length ? source : source.subarray(start, end), position);
    return new WatchEvent(revision, key, isDelete, isCreate, this.finish(position + length));
  }

  /** A delete out of its record, `source[start, end)`, which has the key alone. */
  encodeTombstone(revision: number, key: string, source: Uint8Array, start: number, end: number): WatchEvent {
    const position = this.begin(true, end - start + 1 + sizeOfVarint(revision));
    this.slab.set(source.subarray(start, end), position);
    const modAt = position + end - start;
    this.slab[modAt] = TAG_MOD_REVISION;
    return new WatchEvent(
      revision,
      key,
      true,
      false,
      this.finish(writeVarint(this.slab, modAt + 1, revision)),
    );
  }

  /** Writes everything before the pair, which takes `length` bytes; returns where the pair goes. */
  private begin(isDelete: boolean, length: number): number {
    const body = (isDelete ? 2 : 0) + 1 + sizeOfVarint(length) + length;
    this.reserve(1 + sizeOfVarint(body) + body);
    const { slab } = this;
    let position = this.used;
    slab[position++] = TAG_EVENT;
    position = writeVarint(slab, position, body);
    if (isDelete) {
      slab[position++] = TAG_TYPE;
      slab[position++] = TYPE_DELETE;
    }
    slab[position++] = TAG_KV;
    return writeVarint(slab, position, length);
  }

  private finish(end: number): Uint8Array {
    const bytes = this.slab.subarray(this.used, end);
    this.used = end;
    return bytes;
  }

  private reserve(size: number): void {
    if (this.used + size <= this.slab.length) return;
    this.slab = Buffer.allocUnsafeSlow(size > SLAB_SHARE_BYTES_MAX ? size : SLAB_BYTES);
    this.used = 0;
  }
}

function joinPrevious(plain: Uint8Array, previous: Uint8Array): Uint8Array {
  let bodyStart = 1;
  while ((plain[bodyStart] as number) >= 0x80) bodyStart++;
  bodyStart++;
  const body = plain.length - bodyStart + 1 + sizeOfVarint(previous.length) + previous.length;
  const bytes = Buffer.allocUnsafeSlow(1 + sizeOfVarint(body) + body);
  bytes[0] = TAG_EVENT;
  let position = writeVarint(bytes, 1, body);
  bytes.set(plain.subarray(bodyStart), position);
  position += plain.length - bodyStart;
  bytes[position++] = TAG_PREV_KV;
  bytes.set(previous, writeVarint(bytes, position, previous.length));
  return bytes;
}
