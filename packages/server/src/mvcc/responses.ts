/**
 * Responses of the KV service as bytes to be written: the parts that are small are encoded at once, pairs are spliced.
 *
 *     RangeResponse        1 header · 2 kvs · 3 more · 4 count
 *     PutResponse          1 header · 2 prev_kv
 *     DeleteRangeResponse  1 header · 2 deleted · 3 prev_kvs
 *     TxnResponse          1 header · 2 succeeded · 3 responses     ResponseOp: 1 range · 2 put · 3 delete_range · 4 txn
 *     RangeStreamResponse  1 range_response
 */

import { varintSize, writeVarint } from "./key-value.ts";
import type { PairList } from "./pair-list.ts";
import type { EncodedMessage } from "./store-types.ts";

/** Tag of `kvs` and of `prev_kv`: field 2, bytes. */
export const PAIRS_TAG = 0x12;
/** Tag of `prev_kvs`: field 3, bytes. */
export const DELETED_PAIRS_TAG = 0x1a;
const MORE_TAG = 0x18;
const COUNT_TAG = 0x20;
const DELETED_TAG = 0x10;
const SUCCEEDED_TAG = 0x10;
const RESPONSES_TAG = 0x1a;
const RANGE_RESPONSE_TAG = 0x0a;

/** Which member of ResponseOp; also the tag of its field. */
export const OP_RANGE = 0x0a;
export const OP_PUT = 0x12;
export const OP_DELETE_RANGE = 0x1a;
export const OP_TXN = 0x22;

const NOTHING = new Uint8Array(0);

/** Bytes, pairs, bytes. */
class PairsMessage implements EncodedMessage {
  readonly size: number;
  private readonly before: Uint8Array;
  private readonly pairs: PairList | undefined;
  private readonly after: Uint8Array;

  constructor(before: Uint8Array, pairs: PairList | undefined, after: Uint8Array) {
    this.before = before;
    this.pairs = pairs;
    this.after = after;
    this.size = before.length + (pairs?.size ?? 0) + after.length;
  }

  writeTo(target: Uint8Array, position: number): number {
    target.set(this.before, position);
    position += this.before.length;
    if (this.pairs !== undefined) position = this.pairs.writeTo(target, position);
    target.set(this.after, position);
    return position + this.after.length;
  }

  pieces(): readonly Uint8Array[] {
    return [this.before, ...(this.pairs?.toPieces() ?? []), this.after];
  }
}

/** A message as the only field of another, or as one member of ResponseOp. */
class WrappedMessage implements EncodedMessage {
  readonly size: number;
  private readonly tag: number;
  private readonly inner: EncodedMessage;

  constructor(tag: number, inner: EncodedMessage) {
    this.tag = tag;
    this.inner = inner;
    this.size = 1 + varintSize(inner.size) + inner.size;
  }

  writeTo(target: Uint8Array, position: number): number {
    target[position++] = this.tag;
    position = writeVarint(target, position, this.inner.size);
    return this.inner.writeTo(target, position);
  }

  pieces(): readonly Uint8Array[] {
    const head = new Uint8Array(1 + varintSize(this.inner.size));
    head[0] = this.tag;
    writeVarint(head, 1, this.inner.size);
    return [head, ...piecesOf(this.inner)];
  }
}

class TxnMessage implements EncodedMessage {
  readonly size: number;
  private readonly header: Uint8Array;
  private readonly succeeded: boolean;
  private readonly responses: readonly EncodedMessage[];

  constructor(header: Uint8Array, succeeded: boolean, responses: readonly EncodedMessage[]) {
    this.header = header;
    this.succeeded = succeeded;
    this.responses = responses.map((response) => new WrappedMessage(RESPONSES_TAG, response));
    let size = header.length + (succeeded ? 2 : 0);
    for (const response of this.responses) size += response.size;
    this.size = size;
  }

  writeTo(target: Uint8Array, position: number): number {
    target.set(this.header, position);
    position += this.header.length;
    if (this.succeeded) {
      target[position++] = SUCCEEDED_TAG;
      target[position++] = 1;
    }
    for (const response of this.responses) position = response.writeTo(target, position);
    return position;
  }

  pieces(): readonly Uint8Array[] {
    const succeeded = this.succeeded ? [new Uint8Array([SUCCEEDED_TAG, 1])] : [];
    return [this.header, ...succeeded, ...this.responses.flatMap(piecesOf)];
  }
}

function piecesOf(message: EncodedMessage): readonly Uint8Array[] {
  if (message.pieces !== undefined) return message.pieces();
  const bytes = new Uint8Array(message.size);
  message.writeTo(bytes, 0);
  return [bytes];
}

export function rangeResponse(
  header: Uint8Array,
  pairs: PairList | undefined,
  more: boolean,
  count: number,
): EncodedMessage {
  return new PairsMessage(header, pairs, moreAndCount(more, count));
}

export function putResponse(header: Uint8Array, previous: PairList | undefined): EncodedMessage {
  return new PairsMessage(header, previous, NOTHING);
}

export function deleteRangeResponse(
  header: Uint8Array,
  deleted: number,
  previous: PairList | undefined,
): EncodedMessage {
  if (deleted === 0) return new PairsMessage(header, undefined, NOTHING);
  const before = new Uint8Array(header.length + 1 + varintSize(deleted));
  before.set(header);
  before[header.length] = DELETED_TAG;
  writeVarint(before, header.length + 1, deleted);
  return new PairsMessage(before, previous, NOTHING);
}

export function txnResponse(
  header: Uint8Array,
  succeeded: boolean,
  responses: readonly EncodedMessage[],
): EncodedMessage {
  return new TxnMessage(header, succeeded, responses);
}

/** `member` is one of the OP constants. */
export function responseOp(member: number, response: EncodedMessage): EncodedMessage {
  return new WrappedMessage(member, response);
}

export function rangeStreamResponse(chunk: EncodedMessage): EncodedMessage {
  return new WrappedMessage(RANGE_RESPONSE_TAG, chunk);
}

function moreAndCount(more: boolean, count: number): Uint8Array {
  if (count === 0 && !more) return NOTHING;
  const bytes = new Uint8Array((more ? 2 : 0) + (count === 0 ? 0 : 1 + varintSize(count)));
  let position = 0;
  if (more) {
    bytes[position++] = MORE_TAG;
    bytes[position++] = 1;
  }
  if (count !== 0) {
    bytes[position++] = COUNT_TAG;
    writeVarint(bytes, position, count);
  }
  return bytes;
}
