/** Generated from proto/lease.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

import { assert } from "@etcd-ts/base";
import type { Codec } from "../codec.ts";
import { openReader, type Reader, readNested } from "../wire/reader.ts";
import { sizeOfBigVarint, sizeOfLengthAnd, sizeOfVarint, writeBigVarint, writeVarint } from "../wire/writer.ts";
import { type LeaseTimeToLiveRequest, type LeaseTimeToLiveResponse, createLeaseTimeToLiveRequest, readLeaseTimeToLiveRequest, sizeOfLeaseTimeToLiveRequest, writeLeaseTimeToLiveRequest, createLeaseTimeToLiveResponse, readLeaseTimeToLiveResponse, sizeOfLeaseTimeToLiveResponse, writeLeaseTimeToLiveResponse } from "./rpc.ts";

export interface LeaseRecord {
  id: bigint;
  ttl: number;
  /** Since 3.4 (checkpoint). */
  remainingTtl: number;
}

export function createLeaseRecord(partial?: Partial<LeaseRecord>): LeaseRecord {
  const message: LeaseRecord = {
    id: 0n,
    ttl: 0,
    remainingTtl: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseRecord(buf: Uint8Array, start = 0, end = buf.length): LeaseRecord {
  const message = createLeaseRecord();
  readLeaseRecord(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseRecord(reader: Reader, message: LeaseRecord): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.id = reader.bigInt64();
        break;
      case 16:
        message.ttl = reader.int64();
        break;
      case 24:
        message.remainingTtl = reader.int64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseRecord(message: LeaseRecord): number {
  let size = 0;
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  if (message.ttl !== 0) {
    size += 1 + sizeOfVarint(message.ttl);
  }
  if (message.remainingTtl !== 0) {
    size += 1 + sizeOfVarint(message.remainingTtl);
  }
  return size;
}

export function writeLeaseRecord(message: LeaseRecord, buf: Uint8Array, pos: number): number {
  if (message.id !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.id);
  }
  if (message.ttl !== 0) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.ttl);
  }
  if (message.remainingTtl !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.remainingTtl);
  }
  return pos;
}

export function encodeLeaseRecord(message: LeaseRecord): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseRecord(message));
  assert(writeLeaseRecord(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseRecordCodec: Codec<LeaseRecord> = {
  typeName: "leasepb.Lease",
  create: createLeaseRecord,
  decode: decodeLeaseRecord,
  sizeOf: sizeOfLeaseRecord,
  write: writeLeaseRecord,
  encode: encodeLeaseRecord,
};

export interface LeaseInternalRequest {
  leaseTimeToLiveRequest: LeaseTimeToLiveRequest | undefined;
}

export function createLeaseInternalRequest(partial?: Partial<LeaseInternalRequest>): LeaseInternalRequest {
  const message: LeaseInternalRequest = {
    leaseTimeToLiveRequest: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseInternalRequest(buf: Uint8Array, start = 0, end = buf.length): LeaseInternalRequest {
  const message = createLeaseInternalRequest();
  readLeaseInternalRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseInternalRequest(reader: Reader, message: LeaseInternalRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.leaseTimeToLiveRequest = readNested(reader, message.leaseTimeToLiveRequest ?? createLeaseTimeToLiveRequest(), readLeaseTimeToLiveRequest);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseInternalRequest(message: LeaseInternalRequest): number {
  let size = 0;
  if (message.leaseTimeToLiveRequest !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfLeaseTimeToLiveRequest(message.leaseTimeToLiveRequest));
  }
  return size;
}

export function writeLeaseInternalRequest(message: LeaseInternalRequest, buf: Uint8Array, pos: number): number {
  if (message.leaseTimeToLiveRequest !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfLeaseTimeToLiveRequest(message.leaseTimeToLiveRequest));
    pos = writeLeaseTimeToLiveRequest(message.leaseTimeToLiveRequest, buf, pos);
  }
  return pos;
}

export function encodeLeaseInternalRequest(message: LeaseInternalRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseInternalRequest(message));
  assert(writeLeaseInternalRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseInternalRequestCodec: Codec<LeaseInternalRequest> = {
  typeName: "leasepb.LeaseInternalRequest",
  create: createLeaseInternalRequest,
  decode: decodeLeaseInternalRequest,
  sizeOf: sizeOfLeaseInternalRequest,
  write: writeLeaseInternalRequest,
  encode: encodeLeaseInternalRequest,
};

export interface LeaseInternalResponse {
  leaseTimeToLiveResponse: LeaseTimeToLiveResponse | undefined;
}

export function createLeaseInternalResponse(partial?: Partial<LeaseInternalResponse>): LeaseInternalResponse {
  const message: LeaseInternalResponse = {
    leaseTimeToLiveResponse: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseInternalResponse(buf: Uint8Array, start = 0, end = buf.length): LeaseInternalResponse {
  const message = createLeaseInternalResponse();
  readLeaseInternalResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseInternalResponse(reader: Reader, message: LeaseInternalResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.leaseTimeToLiveResponse = readNested(reader, message.leaseTimeToLiveResponse ?? createLeaseTimeToLiveResponse(), readLeaseTimeToLiveResponse);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseInternalResponse(message: LeaseInternalResponse): number {
  let size = 0;
  if (message.leaseTimeToLiveResponse !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfLeaseTimeToLiveResponse(message.leaseTimeToLiveResponse));
  }
  return size;
}

export function writeLeaseInternalResponse(message: LeaseInternalResponse, buf: Uint8Array, pos: number): number {
  if (message.leaseTimeToLiveResponse !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfLeaseTimeToLiveResponse(message.leaseTimeToLiveResponse));
    pos = writeLeaseTimeToLiveResponse(message.leaseTimeToLiveResponse, buf, pos);
  }
  return pos;
}

export function encodeLeaseInternalResponse(message: LeaseInternalResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseInternalResponse(message));
  assert(writeLeaseInternalResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseInternalResponseCodec: Codec<LeaseInternalResponse> = {
  typeName: "leasepb.LeaseInternalResponse",
  create: createLeaseInternalResponse,
  decode: decodeLeaseInternalResponse,
  sizeOf: sizeOfLeaseInternalResponse,
  write: writeLeaseInternalResponse,
  encode: encodeLeaseInternalResponse,
};
