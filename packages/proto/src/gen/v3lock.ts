/** Generated from proto/v3lock.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

import { assert, EMPTY_BYTES } from "@etcd-ts/base";
import type { Codec } from "../codec.ts";
import { openReader, type Reader, readNested } from "../wire/reader.ts";
import { sizeOfBigVarint, sizeOfBytes, sizeOfLengthAnd, writeBigVarint, writeBytes, writeVarint } from "../wire/writer.ts";
import { type ResponseHeader, createResponseHeader, readResponseHeader, sizeOfResponseHeader, writeResponseHeader } from "./rpc.ts";

export interface LockRequest {
  /** Lock name; a / is appended to form the key prefix. */
  name: Uint8Array;
  /** 0 = server grants a 60 s lease. */
  lease: bigint;
}

export function createLockRequest(partial?: Partial<LockRequest>): LockRequest {
  const message: LockRequest = {
    name: EMPTY_BYTES,
    lease: 0n,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLockRequest(buf: Uint8Array, start = 0, end = buf.length): LockRequest {
  const message = createLockRequest();
  readLockRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLockRequest(reader: Reader, message: LockRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.bytes();
        break;
      case 16:
        message.lease = reader.bigInt64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLockRequest(message: LockRequest): number {
  let size = 0;
  if (message.name.length !== 0) {
    size += 1 + sizeOfBytes(message.name);
  }
  if (message.lease !== 0n) {
    size += 1 + sizeOfBigVarint(message.lease);
  }
  return size;
}

export function writeLockRequest(message: LockRequest, buf: Uint8Array, pos: number): number {
  if (message.name.length !== 0) {
    buf[pos++] = 10;
    pos = writeBytes(buf, pos, message.name);
  }
  if (message.lease !== 0n) {
    buf[pos++] = 16;
    pos = writeBigVarint(buf, pos, message.lease);
  }
  return pos;
}

export function encodeLockRequest(message: LockRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLockRequest(message));
  assert(writeLockRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LockRequestCodec: Codec<LockRequest> = {
  typeName: "v3lockpb.LockRequest",
  create: createLockRequest,
  decode: decodeLockRequest,
  sizeOf: sizeOfLockRequest,
  write: writeLockRequest,
  encode: encodeLockRequest,
};

export interface LockResponse {
  header: ResponseHeader | undefined;
  /** Ownership key. */
  key: Uint8Array;
}

export function createLockResponse(partial?: Partial<LockResponse>): LockResponse {
  const message: LockResponse = {
    header: undefined,
    key: EMPTY_BYTES,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLockResponse(buf: Uint8Array, start = 0, end = buf.length): LockResponse {
  const message = createLockResponse();
  readLockResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLockResponse(reader: Reader, message: LockResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.key = reader.bytes();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLockResponse(message: LockResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.key.length !== 0) {
    size += 1 + sizeOfBytes(message.key);
  }
  return size;
}

export function writeLockResponse(message: LockResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.key.length !== 0) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, message.key);
  }
  return pos;
}

export function encodeLockResponse(message: LockResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLockResponse(message));
  assert(writeLockResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LockResponseCodec: Codec<LockResponse> = {
  typeName: "v3lockpb.LockResponse",
  create: createLockResponse,
  decode: decodeLockResponse,
  sizeOf: sizeOfLockResponse,
  write: writeLockResponse,
  encode: encodeLockResponse,
};

export interface UnlockRequest {
  /** Key from LockResponse. */
  key: Uint8Array;
}

export function createUnlockRequest(partial?: Partial<UnlockRequest>): UnlockRequest {
  const message: UnlockRequest = {
    key: EMPTY_BYTES,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeUnlockRequest(buf: Uint8Array, start = 0, end = buf.length): UnlockRequest {
  const message = createUnlockRequest();
  readUnlockRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readUnlockRequest(reader: Reader, message: UnlockRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.key = reader.bytes();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfUnlockRequest(message: UnlockRequest): number {
  let size = 0;
  if (message.key.length !== 0) {
    size += 1 + sizeOfBytes(message.key);
  }
  return size;
}

export function writeUnlockRequest(message: UnlockRequest, buf: Uint8Array, pos: number): number {
  if (message.key.length !== 0) {
    buf[pos++] = 10;
    pos = writeBytes(buf, pos, message.key);
  }
  return pos;
}

export function encodeUnlockRequest(message: UnlockRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfUnlockRequest(message));
  assert(writeUnlockRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const UnlockRequestCodec: Codec<UnlockRequest> = {
  typeName: "v3lockpb.UnlockRequest",
  create: createUnlockRequest,
  decode: decodeUnlockRequest,
  sizeOf: sizeOfUnlockRequest,
  write: writeUnlockRequest,
  encode: encodeUnlockRequest,
};

export interface UnlockResponse {
  header: ResponseHeader | undefined;
}

export function createUnlockResponse(partial?: Partial<UnlockResponse>): UnlockResponse {
  const message: UnlockResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeUnlockResponse(buf: Uint8Array, start = 0, end = buf.length): UnlockResponse {
  const message = createUnlockResponse();
  readUnlockResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readUnlockResponse(reader: Reader, message: UnlockResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfUnlockResponse(message: UnlockResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeUnlockResponse(message: UnlockResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeUnlockResponse(message: UnlockResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfUnlockResponse(message));
  assert(writeUnlockResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const UnlockResponseCodec: Codec<UnlockResponse> = {
  typeName: "v3lockpb.UnlockResponse",
  create: createUnlockResponse,
  decode: decodeUnlockResponse,
  sizeOf: sizeOfUnlockResponse,
  write: writeUnlockResponse,
  encode: encodeUnlockResponse,
};
