/** Generated from proto/kv.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

import { assert, EMPTY_BYTES } from "@etcd-ts/base";
import type { Codec } from "../codec.ts";
import { openReader, type Reader } from "../wire/reader.ts";
import { sizeOfBigVarint, sizeOfBytes, sizeOfVarint, writeBigVarint, writeBytes, writeVarint } from "../wire/writer.ts";

/** Open: other numbers survive decoding and encoding. */
export type EventType = number;

export const EventType = {
  PUT: 0,
  DELETE: 1,
} as const;

export interface KeyValue {
  key: Uint8Array;
  /** Main revision of the put that started the current generation. */
  createRevision: number;
  /** Main revision of the last put. */
  modRevision: number;
  /** 1 for a fresh key, +1 per put; 0 in delete events. */
  version: number;
  value: Uint8Array;
  /** 0 = none. */
  lease: bigint;
}

export function createKeyValue(partial?: Partial<KeyValue>): KeyValue {
  const message: KeyValue = {
    key: EMPTY_BYTES,
    createRevision: 0,
    modRevision: 0,
    version: 0,
    value: EMPTY_BYTES,
    lease: 0n,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeKeyValue(buf: Uint8Array, start = 0, end = buf.length): KeyValue {
  const message = createKeyValue();
  readKeyValue(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readKeyValue(reader: Reader, message: KeyValue): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.key = reader.bytes();
        break;
      case 16:
        message.createRevision = reader.int64();
        break;
      case 24:
        message.modRevision = reader.int64();
        break;
      case 32:
        message.version = reader.int64();
        break;
      case 42:
        message.value = reader.bytes();
        break;
      case 48:
        message.lease = reader.bigInt64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfKeyValue(message: KeyValue): number {
  let size = 0;
  if (message.key.length !== 0) {
    size += 1 + sizeOfBytes(message.key);
  }
  if (message.createRevision !== 0) {
    size += 1 + sizeOfVarint(message.createRevision);
  }
  if (message.modRevision !== 0) {
    size += 1 + sizeOfVarint(message.modRevision);
  }
  if (message.version !== 0) {
    size += 1 + sizeOfVarint(message.version);
  }
  if (message.value.length !== 0) {
    size += 1 + sizeOfBytes(message.value);
  }
  if (message.lease !== 0n) {
    size += 1 + sizeOfBigVarint(message.lease);
  }
  return size;
}

export function writeKeyValue(message: KeyValue, buf: Uint8Array, pos: number): number {
  if (message.key.length !== 0) {
    buf[pos++] = 10;
    pos = writeBytes(buf, pos, message.key);
  }
  if (message.createRevision !== 0) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.createRevision);
  }
  if (message.modRevision !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.modRevision);
  }
  if (message.version !== 0) {
    buf[pos++] = 32;
    pos = writeVarint(buf, pos, message.version);
  }
  if (message.value.length !== 0) {
    buf[pos++] = 42;
    pos = writeBytes(buf, pos, message.value);
  }
  if (message.lease !== 0n) {
    buf[pos++] = 48;
    pos = writeBigVarint(buf, pos, message.lease);
  }
  return pos;
}

export function encodeKeyValue(message: KeyValue): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfKeyValue(message));
  assert(writeKeyValue(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const KeyValueCodec: Codec<KeyValue> = {
  typeName: "mvccpb.KeyValue",
  create: createKeyValue,
  decode: decodeKeyValue,
  sizeOf: sizeOfKeyValue,
  write: writeKeyValue,
  encode: encodeKeyValue,
};

/**
 * A put event carries the new pair; kv.version == 1 (or create_revision == mod_revision) marks a creation. A
 * delete event carries only kv.key and kv.mod_revision.
 */
export interface Event {
  type: EventType;
  /** Encoded: see decodeKeyValue. */
  kv: Uint8Array | undefined;
  /** Encoded: see decodeKeyValue. Only for watchers that asked, and only when the older version is still readable. */
  prevKv: Uint8Array | undefined;
}

export function createEvent(partial?: Partial<Event>): Event {
  const message: Event = {
    type: 0,
    kv: undefined,
    prevKv: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeEvent(buf: Uint8Array, start = 0, end = buf.length): Event {
  const message = createEvent();
  readEvent(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readEvent(reader: Reader, message: Event): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.type = reader.int32();
        break;
      case 18:
        message.kv = reader.encoded(message.kv);
        break;
      case 26:
        message.prevKv = reader.encoded(message.prevKv);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfEvent(message: Event): number {
  let size = 0;
  if (message.type !== 0) {
    size += 1 + sizeOfVarint(message.type);
  }
  if (message.kv !== undefined) {
    size += 1 + sizeOfBytes(message.kv);
  }
  if (message.prevKv !== undefined) {
    size += 1 + sizeOfBytes(message.prevKv);
  }
  return size;
}

export function writeEvent(message: Event, buf: Uint8Array, pos: number): number {
  if (message.type !== 0) {
    buf[pos++] = 8;
    pos = writeVarint(buf, pos, message.type);
  }
  if (message.kv !== undefined) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, message.kv);
  }
  if (message.prevKv !== undefined) {
    buf[pos++] = 26;
    pos = writeBytes(buf, pos, message.prevKv);
  }
  return pos;
}

export function encodeEvent(message: Event): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfEvent(message));
  assert(writeEvent(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const EventCodec: Codec<Event> = {
  typeName: "mvccpb.Event",
  create: createEvent,
  decode: decodeEvent,
  sizeOf: sizeOfEvent,
  write: writeEvent,
  encode: encodeEvent,
};
