/** Generated from proto/rpc.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

import { assert, EMPTY_BYTES } from "@etcd-ts/base";
import type { Codec } from "../codec.ts";
import { openReader, type Reader, readNested, setCase } from "../wire/reader.ts";
import { sizeOfBigVarint, sizeOfBytes, sizeOfLengthAnd, sizeOfPacked, sizeOfString, sizeOfVarint, writeBigVarint, writeBytes, writePacked, writeString, writeVarint } from "../wire/writer.ts";
import { type UserAddOptions, type Permission, createUserAddOptions, readUserAddOptions, sizeOfUserAddOptions, writeUserAddOptions, createPermission, readPermission, sizeOfPermission, writePermission } from "./auth.ts";

/** Open: other numbers survive decoding and encoding. */
export type AlarmType = number;

export const AlarmType = {
  NONE: 0,
  NOSPACE: 1,
  CORRUPT: 2,
} as const;

/** Open: other numbers survive decoding and encoding. */
export type SortOrder = number;

export const SortOrder = {
  NONE: 0,
  ASCEND: 1,
  DESCEND: 2,
} as const;

/** Open: other numbers survive decoding and encoding. */
export type SortTarget = number;

export const SortTarget = {
  KEY: 0,
  VERSION: 1,
  CREATE: 2,
  MOD: 3,
  VALUE: 4,
} as const;

/** Open: other numbers survive decoding and encoding. */
export type CompareResult = number;

export const CompareResult = {
  EQUAL: 0,
  GREATER: 1,
  LESS: 2,
  NOT_EQUAL: 3,
} as const;

/** Open: other numbers survive decoding and encoding. */
export type CompareTarget = number;

export const CompareTarget = {
  VERSION: 0,
  CREATE: 1,
  MOD: 2,
  VALUE: 3,
  LEASE: 4,
} as const;

/** Open: other numbers survive decoding and encoding. */
export type FilterType = number;

export const FilterType = {
  NOPUT: 0,
  NODELETE: 1,
} as const;

/** Open: other numbers survive decoding and encoding. */
export type AlarmAction = number;

export const AlarmAction = {
  GET: 0,
  ACTIVATE: 1,
  DEACTIVATE: 2,
} as const;

/** Open: other numbers survive decoding and encoding. */
export type DowngradeAction = number;

export const DowngradeAction = {
  VALIDATE: 0,
  ENABLE: 1,
  CANCEL: 2,
} as const;

/** Sits at field 1 of nearly every response. On inner responses of a txn only revision is filled. */
export interface ResponseHeader {
  /** 0 inside nested txn op responses. */
  clusterId: bigint;
  /** Member that answered. */
  memberId: bigint;
  /** 0 in answers of the Cluster service and in headers of nested answers. */
  revision: number;
  /** Answering member's current term. */
  raftTerm: number;
}

export function createResponseHeader(partial?: Partial<ResponseHeader>): ResponseHeader {
  const message: ResponseHeader = {
    clusterId: 0n,
    memberId: 0n,
    revision: 0,
    raftTerm: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeResponseHeader(buf: Uint8Array, start = 0, end = buf.length): ResponseHeader {
  const message = createResponseHeader();
  readResponseHeader(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readResponseHeader(reader: Reader, message: ResponseHeader): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.clusterId = reader.bigUint64();
        break;
      case 16:
        message.memberId = reader.bigUint64();
        break;
      case 24:
        message.revision = reader.int64();
        break;
      case 32:
        message.raftTerm = reader.uint64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfResponseHeader(message: ResponseHeader): number {
  let size = 0;
  if (message.clusterId !== 0n) {
    size += 1 + sizeOfBigVarint(message.clusterId);
  }
  if (message.memberId !== 0n) {
    size += 1 + sizeOfBigVarint(message.memberId);
  }
  if (message.revision !== 0) {
    size += 1 + sizeOfVarint(message.revision);
  }
  if (message.raftTerm !== 0) {
    size += 1 + sizeOfVarint(message.raftTerm);
  }
  return size;
}

export function writeResponseHeader(message: ResponseHeader, buf: Uint8Array, pos: number): number {
  if (message.clusterId !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.clusterId);
  }
  if (message.memberId !== 0n) {
    buf[pos++] = 16;
    pos = writeBigVarint(buf, pos, message.memberId);
  }
  if (message.revision !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.revision);
  }
  if (message.raftTerm !== 0) {
    buf[pos++] = 32;
    pos = writeVarint(buf, pos, message.raftTerm);
  }
  return pos;
}

export function encodeResponseHeader(message: ResponseHeader): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfResponseHeader(message));
  assert(writeResponseHeader(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const ResponseHeaderCodec: Codec<ResponseHeader> = {
  typeName: "etcdserverpb.ResponseHeader",
  create: createResponseHeader,
  decode: decodeResponseHeader,
  sizeOf: sizeOfResponseHeader,
  write: writeResponseHeader,
  encode: encodeResponseHeader,
};

export interface RangeRequest {
  /** First key; empty is an error. */
  key: Uint8Array;
  /** Exclusive upper bound; see range rules. */
  rangeEnd: Uint8Array;
  /** 0 = unlimited. */
  limit: number;
  /** <=0 = latest. */
  revision: number;
  sortOrder: SortOrder;
  sortTarget: SortTarget;
  /** True = local read, no quorum. */
  serializable: boolean;
  /** Values blanked. */
  keysOnly: boolean;
  /** Only count filled. */
  countOnly: boolean;
  /** 0 = off. */
  minModRevision: number;
  /** 0 = off. */
  maxModRevision: number;
  /** 0 = off. */
  minCreateRevision: number;
  /** 0 = off. */
  maxCreateRevision: number;
}

export function createRangeRequest(partial?: Partial<RangeRequest>): RangeRequest {
  const message: RangeRequest = {
    key: EMPTY_BYTES,
    rangeEnd: EMPTY_BYTES,
    limit: 0,
    revision: 0,
    sortOrder: 0,
    sortTarget: 0,
    serializable: false,
    keysOnly: false,
    countOnly: false,
    minModRevision: 0,
    maxModRevision: 0,
    minCreateRevision: 0,
    maxCreateRevision: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeRangeRequest(buf: Uint8Array, start = 0, end = buf.length): RangeRequest {
  const message = createRangeRequest();
  readRangeRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readRangeRequest(reader: Reader, message: RangeRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.key = reader.bytes();
        break;
      case 18:
        message.rangeEnd = reader.bytes();
        break;
      case 24:
        message.limit = reader.int64();
        break;
      case 32:
        message.revision = reader.int64();
        break;
      case 40:
        message.sortOrder = reader.int32();
        break;
      case 48:
        message.sortTarget = reader.int32();
        break;
      case 56:
        message.serializable = reader.bool();
        break;
      case 64:
        message.keysOnly = reader.bool();
        break;
      case 72:
        message.countOnly = reader.bool();
        break;
      case 80:
        message.minModRevision = reader.int64();
        break;
      case 88:
        message.maxModRevision = reader.int64();
        break;
      case 96:
        message.minCreateRevision = reader.int64();
        break;
      case 104:
        message.maxCreateRevision = reader.int64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfRangeRequest(message: RangeRequest): number {
  let size = 0;
  if (message.key.length !== 0) {
    size += 1 + sizeOfBytes(message.key);
  }
  if (message.rangeEnd.length !== 0) {
    size += 1 + sizeOfBytes(message.rangeEnd);
  }
  if (message.limit !== 0) {
    size += 1 + sizeOfVarint(message.limit);
  }
  if (message.revision !== 0) {
    size += 1 + sizeOfVarint(message.revision);
  }
  if (message.sortOrder !== 0) {
    size += 1 + sizeOfVarint(message.sortOrder);
  }
  if (message.sortTarget !== 0) {
    size += 1 + sizeOfVarint(message.sortTarget);
  }
  if (message.serializable) {
    size += 1 + 1;
  }
  if (message.keysOnly) {
    size += 1 + 1;
  }
  if (message.countOnly) {
    size += 1 + 1;
  }
  if (message.minModRevision !== 0) {
    size += 1 + sizeOfVarint(message.minModRevision);
  }
  if (message.maxModRevision !== 0) {
    size += 1 + sizeOfVarint(message.maxModRevision);
  }
  if (message.minCreateRevision !== 0) {
    size += 1 + sizeOfVarint(message.minCreateRevision);
  }
  if (message.maxCreateRevision !== 0) {
    size += 1 + sizeOfVarint(message.maxCreateRevision);
  }
  return size;
}

export function writeRangeRequest(message: RangeRequest, buf: Uint8Array, pos: number): number {
  if (message.key.length !== 0) {
    buf[pos++] = 10;
    pos = writeBytes(buf, pos, message.key);
  }
  if (message.rangeEnd.length !== 0) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, message.rangeEnd);
  }
  if (message.limit !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.limit);
  }
  if (message.revision !== 0) {
    buf[pos++] = 32;
    pos = writeVarint(buf, pos, message.revision);
  }
  if (message.sortOrder !== 0) {
    buf[pos++] = 40;
    pos = writeVarint(buf, pos, message.sortOrder);
  }
  if (message.sortTarget !== 0) {
    buf[pos++] = 48;
    pos = writeVarint(buf, pos, message.sortTarget);
  }
  if (message.serializable) {
    buf[pos++] = 56;
    pos = writeVarint(buf, pos, message.serializable ? 1 : 0);
  }
  if (message.keysOnly) {
    buf[pos++] = 64;
    pos = writeVarint(buf, pos, message.keysOnly ? 1 : 0);
  }
  if (message.countOnly) {
    buf[pos++] = 72;
    pos = writeVarint(buf, pos, message.countOnly ? 1 : 0);
  }
  if (message.minModRevision !== 0) {
    buf[pos++] = 80;
    pos = writeVarint(buf, pos, message.minModRevision);
  }
  if (message.maxModRevision !== 0) {
    buf[pos++] = 88;
    pos = writeVarint(buf, pos, message.maxModRevision);
  }
  if (message.minCreateRevision !== 0) {
    buf[pos++] = 96;
    pos = writeVarint(buf, pos, message.minCreateRevision);
  }
  if (message.maxCreateRevision !== 0) {
    buf[pos++] = 104;
    pos = writeVarint(buf, pos, message.maxCreateRevision);
  }
  return pos;
}

export function encodeRangeRequest(message: RangeRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfRangeRequest(message));
  assert(writeRangeRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const RangeRequestCodec: Codec<RangeRequest> = {
  typeName: "etcdserverpb.RangeRequest",
  create: createRangeRequest,
  decode: decodeRangeRequest,
  sizeOf: sizeOfRangeRequest,
  write: writeRangeRequest,
  encode: encodeRangeRequest,
};

export interface RangeResponse {
  header: ResponseHeader | undefined;
  /** Encoded: see decodeKeyValue. Empty for count_only. */
  kvs: Uint8Array[];
  /** Limit cut something off. */
  more: boolean;
  /** Keys in range, ignoring limit and the four revision filters. */
  count: number;
}

export function createRangeResponse(partial?: Partial<RangeResponse>): RangeResponse {
  const message: RangeResponse = {
    header: undefined,
    kvs: [],
    more: false,
    count: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeRangeResponse(buf: Uint8Array, start = 0, end = buf.length): RangeResponse {
  const message = createRangeResponse();
  readRangeResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readRangeResponse(reader: Reader, message: RangeResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.kvs.push(reader.bytes());
        break;
      case 24:
        message.more = reader.bool();
        break;
      case 32:
        message.count = reader.int64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfRangeResponse(message: RangeResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  for (const item of message.kvs) {
    size += 1 + sizeOfBytes(item);
  }
  if (message.more) {
    size += 1 + 1;
  }
  if (message.count !== 0) {
    size += 1 + sizeOfVarint(message.count);
  }
  return size;
}

export function writeRangeResponse(message: RangeResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  for (const item of message.kvs) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, item);
  }
  if (message.more) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.more ? 1 : 0);
  }
  if (message.count !== 0) {
    buf[pos++] = 32;
    pos = writeVarint(buf, pos, message.count);
  }
  return pos;
}

export function encodeRangeResponse(message: RangeResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfRangeResponse(message));
  assert(writeRangeResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const RangeResponseCodec: Codec<RangeResponse> = {
  typeName: "etcdserverpb.RangeResponse",
  create: createRangeResponse,
  decode: decodeRangeResponse,
  sizeOf: sizeOfRangeResponse,
  write: writeRangeResponse,
  encode: encodeRangeResponse,
};

export interface PutRequest {
  /** Empty is an error. */
  key: Uint8Array;
  value: Uint8Array;
  /** 0 = none. */
  lease: bigint;
  /** Ask for the old pair. */
  prevKv: boolean;
  /** Keep old value; value must be empty. */
  ignoreValue: boolean;
  /** Keep old lease; lease must be 0. */
  ignoreLease: boolean;
}

export function createPutRequest(partial?: Partial<PutRequest>): PutRequest {
  const message: PutRequest = {
    key: EMPTY_BYTES,
    value: EMPTY_BYTES,
    lease: 0n,
    prevKv: false,
    ignoreValue: false,
    ignoreLease: false,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodePutRequest(buf: Uint8Array, start = 0, end = buf.length): PutRequest {
  const message = createPutRequest();
  readPutRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readPutRequest(reader: Reader, message: PutRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.key = reader.bytes();
        break;
      case 18:
        message.value = reader.bytes();
        break;
      case 24:
        message.lease = reader.bigInt64();
        break;
      case 32:
        message.prevKv = reader.bool();
        break;
      case 40:
        message.ignoreValue = reader.bool();
        break;
      case 48:
        message.ignoreLease = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfPutRequest(message: PutRequest): number {
  let size = 0;
  if (message.key.length !== 0) {
    size += 1 + sizeOfBytes(message.key);
  }
  if (message.value.length !== 0) {
    size += 1 + sizeOfBytes(message.value);
  }
  if (message.lease !== 0n) {
    size += 1 + sizeOfBigVarint(message.lease);
  }
  if (message.prevKv) {
    size += 1 + 1;
  }
  if (message.ignoreValue) {
    size += 1 + 1;
  }
  if (message.ignoreLease) {
    size += 1 + 1;
  }
  return size;
}

export function writePutRequest(message: PutRequest, buf: Uint8Array, pos: number): number {
  if (message.key.length !== 0) {
    buf[pos++] = 10;
    pos = writeBytes(buf, pos, message.key);
  }
  if (message.value.length !== 0) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, message.value);
  }
  if (message.lease !== 0n) {
    buf[pos++] = 24;
    pos = writeBigVarint(buf, pos, message.lease);
  }
  if (message.prevKv) {
    buf[pos++] = 32;
    pos = writeVarint(buf, pos, message.prevKv ? 1 : 0);
  }
  if (message.ignoreValue) {
    buf[pos++] = 40;
    pos = writeVarint(buf, pos, message.ignoreValue ? 1 : 0);
  }
  if (message.ignoreLease) {
    buf[pos++] = 48;
    pos = writeVarint(buf, pos, message.ignoreLease ? 1 : 0);
  }
  return pos;
}

export function encodePutRequest(message: PutRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfPutRequest(message));
  assert(writePutRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const PutRequestCodec: Codec<PutRequest> = {
  typeName: "etcdserverpb.PutRequest",
  create: createPutRequest,
  decode: decodePutRequest,
  sizeOf: sizeOfPutRequest,
  write: writePutRequest,
  encode: encodePutRequest,
};

export interface PutResponse {
  header: ResponseHeader | undefined;
  /** Encoded: see decodeKeyValue. Absent when key did not exist or not asked for. */
  prevKv: Uint8Array | undefined;
}

export function createPutResponse(partial?: Partial<PutResponse>): PutResponse {
  const message: PutResponse = {
    header: undefined,
    prevKv: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodePutResponse(buf: Uint8Array, start = 0, end = buf.length): PutResponse {
  const message = createPutResponse();
  readPutResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readPutResponse(reader: Reader, message: PutResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.prevKv = reader.encoded(message.prevKv);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfPutResponse(message: PutResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.prevKv !== undefined) {
    size += 1 + sizeOfBytes(message.prevKv);
  }
  return size;
}

export function writePutResponse(message: PutResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.prevKv !== undefined) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, message.prevKv);
  }
  return pos;
}

export function encodePutResponse(message: PutResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfPutResponse(message));
  assert(writePutResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const PutResponseCodec: Codec<PutResponse> = {
  typeName: "etcdserverpb.PutResponse",
  create: createPutResponse,
  decode: decodePutResponse,
  sizeOf: sizeOfPutResponse,
  write: writePutResponse,
  encode: encodePutResponse,
};

export interface DeleteRangeRequest {
  key: Uint8Array;
  rangeEnd: Uint8Array;
  /** Ask for deleted pairs. */
  prevKv: boolean;
}

export function createDeleteRangeRequest(partial?: Partial<DeleteRangeRequest>): DeleteRangeRequest {
  const message: DeleteRangeRequest = {
    key: EMPTY_BYTES,
    rangeEnd: EMPTY_BYTES,
    prevKv: false,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeDeleteRangeRequest(buf: Uint8Array, start = 0, end = buf.length): DeleteRangeRequest {
  const message = createDeleteRangeRequest();
  readDeleteRangeRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readDeleteRangeRequest(reader: Reader, message: DeleteRangeRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.key = reader.bytes();
        break;
      case 18:
        message.rangeEnd = reader.bytes();
        break;
      case 24:
        message.prevKv = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfDeleteRangeRequest(message: DeleteRangeRequest): number {
  let size = 0;
  if (message.key.length !== 0) {
    size += 1 + sizeOfBytes(message.key);
  }
  if (message.rangeEnd.length !== 0) {
    size += 1 + sizeOfBytes(message.rangeEnd);
  }
  if (message.prevKv) {
    size += 1 + 1;
  }
  return size;
}

export function writeDeleteRangeRequest(message: DeleteRangeRequest, buf: Uint8Array, pos: number): number {
  if (message.key.length !== 0) {
    buf[pos++] = 10;
    pos = writeBytes(buf, pos, message.key);
  }
  if (message.rangeEnd.length !== 0) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, message.rangeEnd);
  }
  if (message.prevKv) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.prevKv ? 1 : 0);
  }
  return pos;
}

export function encodeDeleteRangeRequest(message: DeleteRangeRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfDeleteRangeRequest(message));
  assert(writeDeleteRangeRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const DeleteRangeRequestCodec: Codec<DeleteRangeRequest> = {
  typeName: "etcdserverpb.DeleteRangeRequest",
  create: createDeleteRangeRequest,
  decode: decodeDeleteRangeRequest,
  sizeOf: sizeOfDeleteRangeRequest,
  write: writeDeleteRangeRequest,
  encode: encodeDeleteRangeRequest,
};

export interface DeleteRangeResponse {
  header: ResponseHeader | undefined;
  /** Number of keys removed. */
  deleted: number;
  /** Encoded: see decodeKeyValue. Key order. */
  prevKvs: Uint8Array[];
}

export function createDeleteRangeResponse(partial?: Partial<DeleteRangeResponse>): DeleteRangeResponse {
  const message: DeleteRangeResponse = {
    header: undefined,
    deleted: 0,
    prevKvs: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeDeleteRangeResponse(buf: Uint8Array, start = 0, end = buf.length): DeleteRangeResponse {
  const message = createDeleteRangeResponse();
  readDeleteRangeResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readDeleteRangeResponse(reader: Reader, message: DeleteRangeResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 16:
        message.deleted = reader.int64();
        break;
      case 26:
        message.prevKvs.push(reader.bytes());
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfDeleteRangeResponse(message: DeleteRangeResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.deleted !== 0) {
    size += 1 + sizeOfVarint(message.deleted);
  }
  for (const item of message.prevKvs) {
    size += 1 + sizeOfBytes(item);
  }
  return size;
}

export function writeDeleteRangeResponse(message: DeleteRangeResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.deleted !== 0) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.deleted);
  }
  for (const item of message.prevKvs) {
    buf[pos++] = 26;
    pos = writeBytes(buf, pos, item);
  }
  return pos;
}

export function encodeDeleteRangeResponse(message: DeleteRangeResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfDeleteRangeResponse(message));
  assert(writeDeleteRangeResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const DeleteRangeResponseCodec: Codec<DeleteRangeResponse> = {
  typeName: "etcdserverpb.DeleteRangeResponse",
  create: createDeleteRangeResponse,
  decode: decodeDeleteRangeResponse,
  sizeOf: sizeOfDeleteRangeResponse,
  write: writeDeleteRangeResponse,
  encode: encodeDeleteRangeResponse,
};

export type RequestOp =
  | { case: "requestRange"; value: RangeRequest }
  | { case: "requestPut"; value: PutRequest }
  | { case: "requestDeleteRange"; value: DeleteRangeRequest }
  | { case: "requestTxn"; value: TxnRequest }
  | { case: undefined; value: undefined };

export function createRequestOp(partial?: Partial<RequestOp>): RequestOp {
  const message: RequestOp = { case: undefined, value: undefined };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeRequestOp(buf: Uint8Array, start = 0, end = buf.length): RequestOp {
  const message = createRequestOp();
  readRequestOp(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readRequestOp(reader: Reader, message: RequestOp): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        setCase(message, "requestRange", readNested(reader, message.case === "requestRange" ? message.value : createRangeRequest(), readRangeRequest));
        break;
      case 18:
        setCase(message, "requestPut", readNested(reader, message.case === "requestPut" ? message.value : createPutRequest(), readPutRequest));
        break;
      case 26:
        setCase(message, "requestDeleteRange", readNested(reader, message.case === "requestDeleteRange" ? message.value : createDeleteRangeRequest(), readDeleteRangeRequest));
        break;
      case 34:
        setCase(message, "requestTxn", readNested(reader, message.case === "requestTxn" ? message.value : createTxnRequest(), readTxnRequest));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfRequestOp(message: RequestOp): number {
  let size = 0;
  switch (message.case) {
    case "requestRange": {
      size += 1 + sizeOfLengthAnd(sizeOfRangeRequest(message.value));
      break;
    }
    case "requestPut": {
      size += 1 + sizeOfLengthAnd(sizeOfPutRequest(message.value));
      break;
    }
    case "requestDeleteRange": {
      size += 1 + sizeOfLengthAnd(sizeOfDeleteRangeRequest(message.value));
      break;
    }
    case "requestTxn": {
      size += 1 + sizeOfLengthAnd(sizeOfTxnRequest(message.value));
      break;
    }
  }
  return size;
}

export function writeRequestOp(message: RequestOp, buf: Uint8Array, pos: number): number {
  switch (message.case) {
    case "requestRange": {
      buf[pos++] = 10;
      pos = writeVarint(buf, pos, sizeOfRangeRequest(message.value));
      pos = writeRangeRequest(message.value, buf, pos);
      break;
    }
    case "requestPut": {
      buf[pos++] = 18;
      pos = writeVarint(buf, pos, sizeOfPutRequest(message.value));
      pos = writePutRequest(message.value, buf, pos);
      break;
    }
    case "requestDeleteRange": {
      buf[pos++] = 26;
      pos = writeVarint(buf, pos, sizeOfDeleteRangeRequest(message.value));
      pos = writeDeleteRangeRequest(message.value, buf, pos);
      break;
    }
    case "requestTxn": {
      buf[pos++] = 34;
      pos = writeVarint(buf, pos, sizeOfTxnRequest(message.value));
      pos = writeTxnRequest(message.value, buf, pos);
      break;
    }
  }
  return pos;
}

export function encodeRequestOp(message: RequestOp): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfRequestOp(message));
  assert(writeRequestOp(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const RequestOpCodec: Codec<RequestOp> = {
  typeName: "etcdserverpb.RequestOp",
  create: createRequestOp,
  decode: decodeRequestOp,
  sizeOf: sizeOfRequestOp,
  write: writeRequestOp,
  encode: encodeRequestOp,
};

export type ResponseOp =
  | { case: "responseRange"; value: RangeResponse }
  | { case: "responsePut"; value: PutResponse }
  | { case: "responseDeleteRange"; value: DeleteRangeResponse }
  | { case: "responseTxn"; value: TxnResponse }
  | { case: undefined; value: undefined };

export function createResponseOp(partial?: Partial<ResponseOp>): ResponseOp {
  const message: ResponseOp = { case: undefined, value: undefined };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeResponseOp(buf: Uint8Array, start = 0, end = buf.length): ResponseOp {
  const message = createResponseOp();
  readResponseOp(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readResponseOp(reader: Reader, message: ResponseOp): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        setCase(message, "responseRange", readNested(reader, message.case === "responseRange" ? message.value : createRangeResponse(), readRangeResponse));
        break;
      case 18:
        setCase(message, "responsePut", readNested(reader, message.case === "responsePut" ? message.value : createPutResponse(), readPutResponse));
        break;
      case 26:
        setCase(message, "responseDeleteRange", readNested(reader, message.case === "responseDeleteRange" ? message.value : createDeleteRangeResponse(), readDeleteRangeResponse));
        break;
      case 34:
        setCase(message, "responseTxn", readNested(reader, message.case === "responseTxn" ? message.value : createTxnResponse(), readTxnResponse));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfResponseOp(message: ResponseOp): number {
  let size = 0;
  switch (message.case) {
    case "responseRange": {
      size += 1 + sizeOfLengthAnd(sizeOfRangeResponse(message.value));
      break;
    }
    case "responsePut": {
      size += 1 + sizeOfLengthAnd(sizeOfPutResponse(message.value));
      break;
    }
    case "responseDeleteRange": {
      size += 1 + sizeOfLengthAnd(sizeOfDeleteRangeResponse(message.value));
      break;
    }
    case "responseTxn": {
      size += 1 + sizeOfLengthAnd(sizeOfTxnResponse(message.value));
      break;
    }
  }
  return size;
}

export function writeResponseOp(message: ResponseOp, buf: Uint8Array, pos: number): number {
  switch (message.case) {
    case "responseRange": {
      buf[pos++] = 10;
      pos = writeVarint(buf, pos, sizeOfRangeResponse(message.value));
      pos = writeRangeResponse(message.value, buf, pos);
      break;
    }
    case "responsePut": {
      buf[pos++] = 18;
      pos = writeVarint(buf, pos, sizeOfPutResponse(message.value));
      pos = writePutResponse(message.value, buf, pos);
      break;
    }
    case "responseDeleteRange": {
      buf[pos++] = 26;
      pos = writeVarint(buf, pos, sizeOfDeleteRangeResponse(message.value));
      pos = writeDeleteRangeResponse(message.value, buf, pos);
      break;
    }
    case "responseTxn": {
      buf[pos++] = 34;
      pos = writeVarint(buf, pos, sizeOfTxnResponse(message.value));
      pos = writeTxnResponse(message.value, buf, pos);
      break;
    }
  }
  return pos;
}

export function encodeResponseOp(message: ResponseOp): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfResponseOp(message));
  assert(writeResponseOp(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const ResponseOpCodec: Codec<ResponseOp> = {
  typeName: "etcdserverpb.ResponseOp",
  create: createResponseOp,
  decode: decodeResponseOp,
  sizeOf: sizeOfResponseOp,
  write: writeResponseOp,
  encode: encodeResponseOp,
};

/** range_end is deliberately numbered 64, leaving 9..63 for further targets. */
export interface Compare {
  result: CompareResult;
  target: CompareTarget;
  /** Empty is an error. */
  key: Uint8Array;
  version: number;
  createRevision: number;
  modRevision: number;
  value: Uint8Array;
  lease: bigint;
  /** Compare must hold for every key in the range. */
  rangeEnd: Uint8Array;
  /** The member of oneof target_union that is set. */
  targetUnion: "version" | "createRevision" | "modRevision" | "value" | "lease" | undefined;
}

export function createCompare(partial?: Partial<Compare>): Compare {
  const message: Compare = {
    result: 0,
    target: 0,
    key: EMPTY_BYTES,
    version: 0,
    createRevision: 0,
    modRevision: 0,
    value: EMPTY_BYTES,
    lease: 0n,
    rangeEnd: EMPTY_BYTES,
    targetUnion: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeCompare(buf: Uint8Array, start = 0, end = buf.length): Compare {
  const message = createCompare();
  readCompare(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readCompare(reader: Reader, message: Compare): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.result = reader.int32();
        break;
      case 16:
        message.target = reader.int32();
        break;
      case 26:
        message.key = reader.bytes();
        break;
      case 32:
        clearCompareOneof(message);
        message.targetUnion = "version";
        message.version = reader.int64();
        break;
      case 40:
        clearCompareOneof(message);
        message.targetUnion = "createRevision";
        message.createRevision = reader.int64();
        break;
      case 48:
        clearCompareOneof(message);
        message.targetUnion = "modRevision";
        message.modRevision = reader.int64();
        break;
      case 58:
        clearCompareOneof(message);
        message.targetUnion = "value";
        message.value = reader.bytes();
        break;
      case 64:
        clearCompareOneof(message);
        message.targetUnion = "lease";
        message.lease = reader.bigInt64();
        break;
      case 514:
        message.rangeEnd = reader.bytes();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfCompare(message: Compare): number {
  let size = 0;
  if (message.result !== 0) {
    size += 1 + sizeOfVarint(message.result);
  }
  if (message.target !== 0) {
    size += 1 + sizeOfVarint(message.target);
  }
  if (message.key.length !== 0) {
    size += 1 + sizeOfBytes(message.key);
  }
  if (message.targetUnion === "version") {
    size += 1 + sizeOfVarint(message.version);
  }
  if (message.targetUnion === "createRevision") {
    size += 1 + sizeOfVarint(message.createRevision);
  }
  if (message.targetUnion === "modRevision") {
    size += 1 + sizeOfVarint(message.modRevision);
  }
  if (message.targetUnion === "value") {
    size += 1 + sizeOfBytes(message.value);
  }
  if (message.targetUnion === "lease") {
    size += 1 + sizeOfBigVarint(message.lease);
  }
  if (message.rangeEnd.length !== 0) {
    size += 2 + sizeOfBytes(message.rangeEnd);
  }
  return size;
}

export function writeCompare(message: Compare, buf: Uint8Array, pos: number): number {
  if (message.result !== 0) {
    buf[pos++] = 8;
    pos = writeVarint(buf, pos, message.result);
  }
  if (message.target !== 0) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.target);
  }
  if (message.key.length !== 0) {
    buf[pos++] = 26;
    pos = writeBytes(buf, pos, message.key);
  }
  if (message.targetUnion === "version") {
    buf[pos++] = 32;
    pos = writeVarint(buf, pos, message.version);
  }
  if (message.targetUnion === "createRevision") {
    buf[pos++] = 40;
    pos = writeVarint(buf, pos, message.createRevision);
  }
  if (message.targetUnion === "modRevision") {
    buf[pos++] = 48;
    pos = writeVarint(buf, pos, message.modRevision);
  }
  if (message.targetUnion === "value") {
    buf[pos++] = 58;
    pos = writeBytes(buf, pos, message.value);
  }
  if (message.targetUnion === "lease") {
    buf[pos++] = 64;
    pos = writeBigVarint(buf, pos, message.lease);
  }
  if (message.rangeEnd.length !== 0) {
    buf[pos++] = 130;
    buf[pos++] = 4;
    pos = writeBytes(buf, pos, message.rangeEnd);
  }
  return pos;
}

export function encodeCompare(message: Compare): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfCompare(message));
  assert(writeCompare(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const CompareCodec: Codec<Compare> = {
  typeName: "etcdserverpb.Compare",
  create: createCompare,
  decode: decodeCompare,
  sizeOf: sizeOfCompare,
  write: writeCompare,
  encode: encodeCompare,
};

function clearCompareOneof(message: Compare): void {
  message.version = 0;
  message.createRevision = 0;
  message.modRevision = 0;
  message.value = EMPTY_BYTES;
  message.lease = 0n;
}

export interface TxnRequest {
  /** Conjunction; empty list = true. */
  compare: Compare[];
  /** Run when all compares hold. */
  success: RequestOp[];
  /** Run otherwise. */
  failure: RequestOp[];
}

export function createTxnRequest(partial?: Partial<TxnRequest>): TxnRequest {
  const message: TxnRequest = {
    compare: [],
    success: [],
    failure: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeTxnRequest(buf: Uint8Array, start = 0, end = buf.length): TxnRequest {
  const message = createTxnRequest();
  readTxnRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readTxnRequest(reader: Reader, message: TxnRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.compare.push(readNested(reader, createCompare(), readCompare));
        break;
      case 18:
        message.success.push(readNested(reader, createRequestOp(), readRequestOp));
        break;
      case 26:
        message.failure.push(readNested(reader, createRequestOp(), readRequestOp));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfTxnRequest(message: TxnRequest): number {
  let size = 0;
  for (const item of message.compare) {
    size += 1 + sizeOfLengthAnd(sizeOfCompare(item));
  }
  for (const item of message.success) {
    size += 1 + sizeOfLengthAnd(sizeOfRequestOp(item));
  }
  for (const item of message.failure) {
    size += 1 + sizeOfLengthAnd(sizeOfRequestOp(item));
  }
  return size;
}

export function writeTxnRequest(message: TxnRequest, buf: Uint8Array, pos: number): number {
  for (const item of message.compare) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfCompare(item));
    pos = writeCompare(item, buf, pos);
  }
  for (const item of message.success) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfRequestOp(item));
    pos = writeRequestOp(item, buf, pos);
  }
  for (const item of message.failure) {
    buf[pos++] = 26;
    pos = writeVarint(buf, pos, sizeOfRequestOp(item));
    pos = writeRequestOp(item, buf, pos);
  }
  return pos;
}

export function encodeTxnRequest(message: TxnRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfTxnRequest(message));
  assert(writeTxnRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const TxnRequestCodec: Codec<TxnRequest> = {
  typeName: "etcdserverpb.TxnRequest",
  create: createTxnRequest,
  decode: decodeTxnRequest,
  sizeOf: sizeOfTxnRequest,
  write: writeTxnRequest,
  encode: encodeTxnRequest,
};

export interface TxnResponse {
  header: ResponseHeader | undefined;
  /** Which branch ran. */
  succeeded: boolean;
  /** One per op of that branch, same order. */
  responses: ResponseOp[];
}

export function createTxnResponse(partial?: Partial<TxnResponse>): TxnResponse {
  const message: TxnResponse = {
    header: undefined,
    succeeded: false,
    responses: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeTxnResponse(buf: Uint8Array, start = 0, end = buf.length): TxnResponse {
  const message = createTxnResponse();
  readTxnResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readTxnResponse(reader: Reader, message: TxnResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 16:
        message.succeeded = reader.bool();
        break;
      case 26:
        message.responses.push(readNested(reader, createResponseOp(), readResponseOp));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfTxnResponse(message: TxnResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.succeeded) {
    size += 1 + 1;
  }
  for (const item of message.responses) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseOp(item));
  }
  return size;
}

export function writeTxnResponse(message: TxnResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.succeeded) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.succeeded ? 1 : 0);
  }
  for (const item of message.responses) {
    buf[pos++] = 26;
    pos = writeVarint(buf, pos, sizeOfResponseOp(item));
    pos = writeResponseOp(item, buf, pos);
  }
  return pos;
}

export function encodeTxnResponse(message: TxnResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfTxnResponse(message));
  assert(writeTxnResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const TxnResponseCodec: Codec<TxnResponse> = {
  typeName: "etcdserverpb.TxnResponse",
  create: createTxnResponse,
  decode: decodeTxnResponse,
  sizeOf: sizeOfTxnResponse,
  write: writeTxnResponse,
  encode: encodeTxnResponse,
};

export interface CompactionRequest {
  revision: number;
  /** Wait until the old data is gone from the backend of the answering member. */
  physical: boolean;
}

export function createCompactionRequest(partial?: Partial<CompactionRequest>): CompactionRequest {
  const message: CompactionRequest = {
    revision: 0,
    physical: false,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeCompactionRequest(buf: Uint8Array, start = 0, end = buf.length): CompactionRequest {
  const message = createCompactionRequest();
  readCompactionRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readCompactionRequest(reader: Reader, message: CompactionRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.revision = reader.int64();
        break;
      case 16:
        message.physical = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfCompactionRequest(message: CompactionRequest): number {
  let size = 0;
  if (message.revision !== 0) {
    size += 1 + sizeOfVarint(message.revision);
  }
  if (message.physical) {
    size += 1 + 1;
  }
  return size;
}

export function writeCompactionRequest(message: CompactionRequest, buf: Uint8Array, pos: number): number {
  if (message.revision !== 0) {
    buf[pos++] = 8;
    pos = writeVarint(buf, pos, message.revision);
  }
  if (message.physical) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.physical ? 1 : 0);
  }
  return pos;
}

export function encodeCompactionRequest(message: CompactionRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfCompactionRequest(message));
  assert(writeCompactionRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const CompactionRequestCodec: Codec<CompactionRequest> = {
  typeName: "etcdserverpb.CompactionRequest",
  create: createCompactionRequest,
  decode: decodeCompactionRequest,
  sizeOf: sizeOfCompactionRequest,
  write: writeCompactionRequest,
  encode: encodeCompactionRequest,
};

export interface CompactionResponse {
  header: ResponseHeader | undefined;
}

export function createCompactionResponse(partial?: Partial<CompactionResponse>): CompactionResponse {
  const message: CompactionResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeCompactionResponse(buf: Uint8Array, start = 0, end = buf.length): CompactionResponse {
  const message = createCompactionResponse();
  readCompactionResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readCompactionResponse(reader: Reader, message: CompactionResponse): void {
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

export function sizeOfCompactionResponse(message: CompactionResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeCompactionResponse(message: CompactionResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeCompactionResponse(message: CompactionResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfCompactionResponse(message));
  assert(writeCompactionResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const CompactionResponseCodec: Codec<CompactionResponse> = {
  typeName: "etcdserverpb.CompactionResponse",
  create: createCompactionResponse,
  decode: decodeCompactionResponse,
  sizeOf: sizeOfCompactionResponse,
  write: writeCompactionResponse,
  encode: encodeCompactionResponse,
};

export interface HashRequest {

}

export function createHashRequest(partial?: Partial<HashRequest>): HashRequest {
  const message: HashRequest = {

  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeHashRequest(buf: Uint8Array, start = 0, end = buf.length): HashRequest {
  const message = createHashRequest();
  readHashRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readHashRequest(reader: Reader, _message: HashRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    reader.skip(tag);
  }
}

export function sizeOfHashRequest(_message: HashRequest): number {
  return 0;
}

export function writeHashRequest(_message: HashRequest, _buf: Uint8Array, pos: number): number {
  return pos;
}

export function encodeHashRequest(message: HashRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfHashRequest(message));
  assert(writeHashRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const HashRequestCodec: Codec<HashRequest> = {
  typeName: "etcdserverpb.HashRequest",
  create: createHashRequest,
  decode: decodeHashRequest,
  sizeOf: sizeOfHashRequest,
  write: writeHashRequest,
  encode: encodeHashRequest,
};

export interface HashKVRequest {
  /** 0 = current. */
  revision: number;
}

export function createHashKVRequest(partial?: Partial<HashKVRequest>): HashKVRequest {
  const message: HashKVRequest = {
    revision: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeHashKVRequest(buf: Uint8Array, start = 0, end = buf.length): HashKVRequest {
  const message = createHashKVRequest();
  readHashKVRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readHashKVRequest(reader: Reader, message: HashKVRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.revision = reader.int64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfHashKVRequest(message: HashKVRequest): number {
  let size = 0;
  if (message.revision !== 0) {
    size += 1 + sizeOfVarint(message.revision);
  }
  return size;
}

export function writeHashKVRequest(message: HashKVRequest, buf: Uint8Array, pos: number): number {
  if (message.revision !== 0) {
    buf[pos++] = 8;
    pos = writeVarint(buf, pos, message.revision);
  }
  return pos;
}

export function encodeHashKVRequest(message: HashKVRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfHashKVRequest(message));
  assert(writeHashKVRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const HashKVRequestCodec: Codec<HashKVRequest> = {
  typeName: "etcdserverpb.HashKVRequest",
  create: createHashKVRequest,
  decode: decodeHashKVRequest,
  sizeOf: sizeOfHashKVRequest,
  write: writeHashKVRequest,
  encode: encodeHashKVRequest,
};

export interface HashKVResponse {
  header: ResponseHeader | undefined;
  /** CRC-32C. */
  hash: number;
  compactRevision: number;
  hashRevision: number;
}

export function createHashKVResponse(partial?: Partial<HashKVResponse>): HashKVResponse {
  const message: HashKVResponse = {
    header: undefined,
    hash: 0,
    compactRevision: 0,
    hashRevision: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeHashKVResponse(buf: Uint8Array, start = 0, end = buf.length): HashKVResponse {
  const message = createHashKVResponse();
  readHashKVResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readHashKVResponse(reader: Reader, message: HashKVResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 16:
        message.hash = reader.uint32();
        break;
      case 24:
        message.compactRevision = reader.int64();
        break;
      case 32:
        message.hashRevision = reader.int64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfHashKVResponse(message: HashKVResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.hash !== 0) {
    size += 1 + sizeOfVarint(message.hash);
  }
  if (message.compactRevision !== 0) {
    size += 1 + sizeOfVarint(message.compactRevision);
  }
  if (message.hashRevision !== 0) {
    size += 1 + sizeOfVarint(message.hashRevision);
  }
  return size;
}

export function writeHashKVResponse(message: HashKVResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.hash !== 0) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.hash);
  }
  if (message.compactRevision !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.compactRevision);
  }
  if (message.hashRevision !== 0) {
    buf[pos++] = 32;
    pos = writeVarint(buf, pos, message.hashRevision);
  }
  return pos;
}

export function encodeHashKVResponse(message: HashKVResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfHashKVResponse(message));
  assert(writeHashKVResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const HashKVResponseCodec: Codec<HashKVResponse> = {
  typeName: "etcdserverpb.HashKVResponse",
  create: createHashKVResponse,
  decode: decodeHashKVResponse,
  sizeOf: sizeOfHashKVResponse,
  write: writeHashKVResponse,
  encode: encodeHashKVResponse,
};

export interface HashResponse {
  header: ResponseHeader | undefined;
  /** CRC-32C of whole backend. */
  hash: number;
}

export function createHashResponse(partial?: Partial<HashResponse>): HashResponse {
  const message: HashResponse = {
    header: undefined,
    hash: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeHashResponse(buf: Uint8Array, start = 0, end = buf.length): HashResponse {
  const message = createHashResponse();
  readHashResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readHashResponse(reader: Reader, message: HashResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 16:
        message.hash = reader.uint32();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfHashResponse(message: HashResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.hash !== 0) {
    size += 1 + sizeOfVarint(message.hash);
  }
  return size;
}

export function writeHashResponse(message: HashResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.hash !== 0) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.hash);
  }
  return pos;
}

export function encodeHashResponse(message: HashResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfHashResponse(message));
  assert(writeHashResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const HashResponseCodec: Codec<HashResponse> = {
  typeName: "etcdserverpb.HashResponse",
  create: createHashResponse,
  decode: decodeHashResponse,
  sizeOf: sizeOfHashResponse,
  write: writeHashResponse,
  encode: encodeHashResponse,
};

export interface SnapshotRequest {

}

export function createSnapshotRequest(partial?: Partial<SnapshotRequest>): SnapshotRequest {
  const message: SnapshotRequest = {

  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeSnapshotRequest(buf: Uint8Array, start = 0, end = buf.length): SnapshotRequest {
  const message = createSnapshotRequest();
  readSnapshotRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readSnapshotRequest(reader: Reader, _message: SnapshotRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    reader.skip(tag);
  }
}

export function sizeOfSnapshotRequest(_message: SnapshotRequest): number {
  return 0;
}

export function writeSnapshotRequest(_message: SnapshotRequest, _buf: Uint8Array, pos: number): number {
  return pos;
}

export function encodeSnapshotRequest(message: SnapshotRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfSnapshotRequest(message));
  assert(writeSnapshotRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const SnapshotRequestCodec: Codec<SnapshotRequest> = {
  typeName: "etcdserverpb.SnapshotRequest",
  create: createSnapshotRequest,
  decode: decodeSnapshotRequest,
  sizeOf: sizeOfSnapshotRequest,
  write: writeSnapshotRequest,
  encode: encodeSnapshotRequest,
};

/** 3.4-3.7 servers leave header unset. */
export interface SnapshotResponse {
  /** Not set by the server. */
  header: ResponseHeader | undefined;
  /** After this chunk. */
  remainingBytes: number;
  /** <=32 KiB chunk; the last message carries a 32-byte SHA-256. */
  blob: Uint8Array;
  /** Storage version, "" when none stored. */
  version: string;
}

export function createSnapshotResponse(partial?: Partial<SnapshotResponse>): SnapshotResponse {
  const message: SnapshotResponse = {
    header: undefined,
    remainingBytes: 0,
    blob: EMPTY_BYTES,
    version: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeSnapshotResponse(buf: Uint8Array, start = 0, end = buf.length): SnapshotResponse {
  const message = createSnapshotResponse();
  readSnapshotResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readSnapshotResponse(reader: Reader, message: SnapshotResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 16:
        message.remainingBytes = reader.uint64();
        break;
      case 26:
        message.blob = reader.bytes();
        break;
      case 34:
        message.version = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfSnapshotResponse(message: SnapshotResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.remainingBytes !== 0) {
    size += 1 + sizeOfVarint(message.remainingBytes);
  }
  if (message.blob.length !== 0) {
    size += 1 + sizeOfBytes(message.blob);
  }
  if (message.version !== "") {
    size += 1 + sizeOfString(message.version);
  }
  return size;
}

export function writeSnapshotResponse(message: SnapshotResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.remainingBytes !== 0) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.remainingBytes);
  }
  if (message.blob.length !== 0) {
    buf[pos++] = 26;
    pos = writeBytes(buf, pos, message.blob);
  }
  if (message.version !== "") {
    buf[pos++] = 34;
    pos = writeString(buf, pos, message.version);
  }
  return pos;
}

export function encodeSnapshotResponse(message: SnapshotResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfSnapshotResponse(message));
  assert(writeSnapshotResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const SnapshotResponseCodec: Codec<SnapshotResponse> = {
  typeName: "etcdserverpb.SnapshotResponse",
  create: createSnapshotResponse,
  decode: decodeSnapshotResponse,
  sizeOf: sizeOfSnapshotResponse,
  write: writeSnapshotResponse,
  encode: encodeSnapshotResponse,
};

export type WatchRequest =
  | { case: "createRequest"; value: WatchCreateRequest }
  | { case: "cancelRequest"; value: WatchCancelRequest }
  | { case: "progressRequest"; value: WatchProgressRequest }
  | { case: undefined; value: undefined };

export function createWatchRequest(partial?: Partial<WatchRequest>): WatchRequest {
  const message: WatchRequest = { case: undefined, value: undefined };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeWatchRequest(buf: Uint8Array, start = 0, end = buf.length): WatchRequest {
  const message = createWatchRequest();
  readWatchRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readWatchRequest(reader: Reader, message: WatchRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        setCase(message, "createRequest", readNested(reader, message.case === "createRequest" ? message.value : createWatchCreateRequest(), readWatchCreateRequest));
        break;
      case 18:
        setCase(message, "cancelRequest", readNested(reader, message.case === "cancelRequest" ? message.value : createWatchCancelRequest(), readWatchCancelRequest));
        break;
      case 26:
        setCase(message, "progressRequest", readNested(reader, message.case === "progressRequest" ? message.value : createWatchProgressRequest(), readWatchProgressRequest));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfWatchRequest(message: WatchRequest): number {
  let size = 0;
  switch (message.case) {
    case "createRequest": {
      size += 1 + sizeOfLengthAnd(sizeOfWatchCreateRequest(message.value));
      break;
    }
    case "cancelRequest": {
      size += 1 + sizeOfLengthAnd(sizeOfWatchCancelRequest(message.value));
      break;
    }
    case "progressRequest": {
      size += 1 + sizeOfLengthAnd(sizeOfWatchProgressRequest(message.value));
      break;
    }
  }
  return size;
}

export function writeWatchRequest(message: WatchRequest, buf: Uint8Array, pos: number): number {
  switch (message.case) {
    case "createRequest": {
      buf[pos++] = 10;
      pos = writeVarint(buf, pos, sizeOfWatchCreateRequest(message.value));
      pos = writeWatchCreateRequest(message.value, buf, pos);
      break;
    }
    case "cancelRequest": {
      buf[pos++] = 18;
      pos = writeVarint(buf, pos, sizeOfWatchCancelRequest(message.value));
      pos = writeWatchCancelRequest(message.value, buf, pos);
      break;
    }
    case "progressRequest": {
      buf[pos++] = 26;
      pos = writeVarint(buf, pos, sizeOfWatchProgressRequest(message.value));
      pos = writeWatchProgressRequest(message.value, buf, pos);
      break;
    }
  }
  return pos;
}

export function encodeWatchRequest(message: WatchRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfWatchRequest(message));
  assert(writeWatchRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const WatchRequestCodec: Codec<WatchRequest> = {
  typeName: "etcdserverpb.WatchRequest",
  create: createWatchRequest,
  decode: decodeWatchRequest,
  sizeOf: sizeOfWatchRequest,
  write: writeWatchRequest,
  encode: encodeWatchRequest,
};

export interface WatchCreateRequest {
  /** Empty treated as a single 0x00 byte. */
  key: Uint8Array;
  rangeEnd: Uint8Array;
  /** 0 = next revision. */
  startRevision: number;
  progressNotify: boolean;
  /** Packed. */
  filters: FilterType[];
  prevKv: boolean;
  /** 0 = server picks. */
  watchId: bigint;
  fragment: boolean;
}

export function createWatchCreateRequest(partial?: Partial<WatchCreateRequest>): WatchCreateRequest {
  const message: WatchCreateRequest = {
    key: EMPTY_BYTES,
    rangeEnd: EMPTY_BYTES,
    startRevision: 0,
    progressNotify: false,
    filters: [],
    prevKv: false,
    watchId: 0n,
    fragment: false,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeWatchCreateRequest(buf: Uint8Array, start = 0, end = buf.length): WatchCreateRequest {
  const message = createWatchCreateRequest();
  readWatchCreateRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readWatchCreateRequest(reader: Reader, message: WatchCreateRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.key = reader.bytes();
        break;
      case 18:
        message.rangeEnd = reader.bytes();
        break;
      case 24:
        message.startRevision = reader.int64();
        break;
      case 32:
        message.progressNotify = reader.bool();
        break;
      case 40:
        message.filters.push(reader.int32());
        break;
      case 42: {
        const outer = reader.enterPacked();
        while (reader.pos < reader.end) message.filters.push(reader.int32());
        reader.leave(outer);
        break;
      }
      case 48:
        message.prevKv = reader.bool();
        break;
      case 56:
        message.watchId = reader.bigInt64();
        break;
      case 64:
        message.fragment = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfWatchCreateRequest(message: WatchCreateRequest): number {
  let size = 0;
  if (message.key.length !== 0) {
    size += 1 + sizeOfBytes(message.key);
  }
  if (message.rangeEnd.length !== 0) {
    size += 1 + sizeOfBytes(message.rangeEnd);
  }
  if (message.startRevision !== 0) {
    size += 1 + sizeOfVarint(message.startRevision);
  }
  if (message.progressNotify) {
    size += 1 + 1;
  }
  if (message.filters.length !== 0) {
    size += 1 + sizeOfPacked(message.filters);
  }
  if (message.prevKv) {
    size += 1 + 1;
  }
  if (message.watchId !== 0n) {
    size += 1 + sizeOfBigVarint(message.watchId);
  }
  if (message.fragment) {
    size += 1 + 1;
  }
  return size;
}

export function writeWatchCreateRequest(message: WatchCreateRequest, buf: Uint8Array, pos: number): number {
  if (message.key.length !== 0) {
    buf[pos++] = 10;
    pos = writeBytes(buf, pos, message.key);
  }
  if (message.rangeEnd.length !== 0) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, message.rangeEnd);
  }
  if (message.startRevision !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.startRevision);
  }
  if (message.progressNotify) {
    buf[pos++] = 32;
    pos = writeVarint(buf, pos, message.progressNotify ? 1 : 0);
  }
  if (message.filters.length !== 0) {
    buf[pos++] = 42;
    pos = writePacked(buf, pos, message.filters);
  }
  if (message.prevKv) {
    buf[pos++] = 48;
    pos = writeVarint(buf, pos, message.prevKv ? 1 : 0);
  }
  if (message.watchId !== 0n) {
    buf[pos++] = 56;
    pos = writeBigVarint(buf, pos, message.watchId);
  }
  if (message.fragment) {
    buf[pos++] = 64;
    pos = writeVarint(buf, pos, message.fragment ? 1 : 0);
  }
  return pos;
}

export function encodeWatchCreateRequest(message: WatchCreateRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfWatchCreateRequest(message));
  assert(writeWatchCreateRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const WatchCreateRequestCodec: Codec<WatchCreateRequest> = {
  typeName: "etcdserverpb.WatchCreateRequest",
  create: createWatchCreateRequest,
  decode: decodeWatchCreateRequest,
  sizeOf: sizeOfWatchCreateRequest,
  write: writeWatchCreateRequest,
  encode: encodeWatchCreateRequest,
};

export interface WatchCancelRequest {
  watchId: bigint;
}

export function createWatchCancelRequest(partial?: Partial<WatchCancelRequest>): WatchCancelRequest {
  const message: WatchCancelRequest = {
    watchId: 0n,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeWatchCancelRequest(buf: Uint8Array, start = 0, end = buf.length): WatchCancelRequest {
  const message = createWatchCancelRequest();
  readWatchCancelRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readWatchCancelRequest(reader: Reader, message: WatchCancelRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.watchId = reader.bigInt64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfWatchCancelRequest(message: WatchCancelRequest): number {
  let size = 0;
  if (message.watchId !== 0n) {
    size += 1 + sizeOfBigVarint(message.watchId);
  }
  return size;
}

export function writeWatchCancelRequest(message: WatchCancelRequest, buf: Uint8Array, pos: number): number {
  if (message.watchId !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.watchId);
  }
  return pos;
}

export function encodeWatchCancelRequest(message: WatchCancelRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfWatchCancelRequest(message));
  assert(writeWatchCancelRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const WatchCancelRequestCodec: Codec<WatchCancelRequest> = {
  typeName: "etcdserverpb.WatchCancelRequest",
  create: createWatchCancelRequest,
  decode: decodeWatchCancelRequest,
  sizeOf: sizeOfWatchCancelRequest,
  write: writeWatchCancelRequest,
  encode: encodeWatchCancelRequest,
};

export interface WatchProgressRequest {

}

export function createWatchProgressRequest(partial?: Partial<WatchProgressRequest>): WatchProgressRequest {
  const message: WatchProgressRequest = {

  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeWatchProgressRequest(buf: Uint8Array, start = 0, end = buf.length): WatchProgressRequest {
  const message = createWatchProgressRequest();
  readWatchProgressRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readWatchProgressRequest(reader: Reader, _message: WatchProgressRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    reader.skip(tag);
  }
}

export function sizeOfWatchProgressRequest(_message: WatchProgressRequest): number {
  return 0;
}

export function writeWatchProgressRequest(_message: WatchProgressRequest, _buf: Uint8Array, pos: number): number {
  return pos;
}

export function encodeWatchProgressRequest(message: WatchProgressRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfWatchProgressRequest(message));
  assert(writeWatchProgressRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const WatchProgressRequestCodec: Codec<WatchProgressRequest> = {
  typeName: "etcdserverpb.WatchProgressRequest",
  create: createWatchProgressRequest,
  decode: decodeWatchProgressRequest,
  sizeOf: sizeOfWatchProgressRequest,
  write: writeWatchProgressRequest,
  encode: encodeWatchProgressRequest,
};

/** Numbers 8-10 unused. */
export interface WatchResponse {
  header: ResponseHeader | undefined;
  /** -1 on failed creates and on whole-stream progress. */
  watchId: bigint;
  created: boolean;
  canceled: boolean;
  /** Set when cancelled by compaction. */
  compactRevision: number;
  cancelReason: string;
  /** More pieces follow. */
  fragment: boolean;
  /** Encoded: see decodeEvent. */
  events: Uint8Array[];
}

export function createWatchResponse(partial?: Partial<WatchResponse>): WatchResponse {
  const message: WatchResponse = {
    header: undefined,
    watchId: 0n,
    created: false,
    canceled: false,
    compactRevision: 0,
    cancelReason: "",
    fragment: false,
    events: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeWatchResponse(buf: Uint8Array, start = 0, end = buf.length): WatchResponse {
  const message = createWatchResponse();
  readWatchResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readWatchResponse(reader: Reader, message: WatchResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 16:
        message.watchId = reader.bigInt64();
        break;
      case 24:
        message.created = reader.bool();
        break;
      case 32:
        message.canceled = reader.bool();
        break;
      case 40:
        message.compactRevision = reader.int64();
        break;
      case 50:
        message.cancelReason = reader.string();
        break;
      case 56:
        message.fragment = reader.bool();
        break;
      case 90:
        message.events.push(reader.bytes());
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfWatchResponse(message: WatchResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.watchId !== 0n) {
    size += 1 + sizeOfBigVarint(message.watchId);
  }
  if (message.created) {
    size += 1 + 1;
  }
  if (message.canceled) {
    size += 1 + 1;
  }
  if (message.compactRevision !== 0) {
    size += 1 + sizeOfVarint(message.compactRevision);
  }
  if (message.cancelReason !== "") {
    size += 1 + sizeOfString(message.cancelReason);
  }
  if (message.fragment) {
    size += 1 + 1;
  }
  for (const item of message.events) {
    size += 1 + sizeOfBytes(item);
  }
  return size;
}

export function writeWatchResponse(message: WatchResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.watchId !== 0n) {
    buf[pos++] = 16;
    pos = writeBigVarint(buf, pos, message.watchId);
  }
  if (message.created) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.created ? 1 : 0);
  }
  if (message.canceled) {
    buf[pos++] = 32;
    pos = writeVarint(buf, pos, message.canceled ? 1 : 0);
  }
  if (message.compactRevision !== 0) {
    buf[pos++] = 40;
    pos = writeVarint(buf, pos, message.compactRevision);
  }
  if (message.cancelReason !== "") {
    buf[pos++] = 50;
    pos = writeString(buf, pos, message.cancelReason);
  }
  if (message.fragment) {
    buf[pos++] = 56;
    pos = writeVarint(buf, pos, message.fragment ? 1 : 0);
  }
  for (const item of message.events) {
    buf[pos++] = 90;
    pos = writeBytes(buf, pos, item);
  }
  return pos;
}

export function encodeWatchResponse(message: WatchResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfWatchResponse(message));
  assert(writeWatchResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const WatchResponseCodec: Codec<WatchResponse> = {
  typeName: "etcdserverpb.WatchResponse",
  create: createWatchResponse,
  decode: decodeWatchResponse,
  sizeOf: sizeOfWatchResponse,
  write: writeWatchResponse,
  encode: encodeWatchResponse,
};

export interface LeaseGrantRequest {
  /** Seconds. */
  ttl: number;
  /** 0 = server picks. */
  id: bigint;
}

export function createLeaseGrantRequest(partial?: Partial<LeaseGrantRequest>): LeaseGrantRequest {
  const message: LeaseGrantRequest = {
    ttl: 0,
    id: 0n,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseGrantRequest(buf: Uint8Array, start = 0, end = buf.length): LeaseGrantRequest {
  const message = createLeaseGrantRequest();
  readLeaseGrantRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseGrantRequest(reader: Reader, message: LeaseGrantRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.ttl = reader.int64();
        break;
      case 16:
        message.id = reader.bigInt64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseGrantRequest(message: LeaseGrantRequest): number {
  let size = 0;
  if (message.ttl !== 0) {
    size += 1 + sizeOfVarint(message.ttl);
  }
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  return size;
}

export function writeLeaseGrantRequest(message: LeaseGrantRequest, buf: Uint8Array, pos: number): number {
  if (message.ttl !== 0) {
    buf[pos++] = 8;
    pos = writeVarint(buf, pos, message.ttl);
  }
  if (message.id !== 0n) {
    buf[pos++] = 16;
    pos = writeBigVarint(buf, pos, message.id);
  }
  return pos;
}

export function encodeLeaseGrantRequest(message: LeaseGrantRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseGrantRequest(message));
  assert(writeLeaseGrantRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseGrantRequestCodec: Codec<LeaseGrantRequest> = {
  typeName: "etcdserverpb.LeaseGrantRequest",
  create: createLeaseGrantRequest,
  decode: decodeLeaseGrantRequest,
  sizeOf: sizeOfLeaseGrantRequest,
  write: writeLeaseGrantRequest,
  encode: encodeLeaseGrantRequest,
};

export interface LeaseGrantResponse {
  header: ResponseHeader | undefined;
  id: bigint;
  /** Granted seconds (>= minimum TTL). */
  ttl: number;
  /** Never set by current servers. */
  error: string;
}

export function createLeaseGrantResponse(partial?: Partial<LeaseGrantResponse>): LeaseGrantResponse {
  const message: LeaseGrantResponse = {
    header: undefined,
    id: 0n,
    ttl: 0,
    error: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseGrantResponse(buf: Uint8Array, start = 0, end = buf.length): LeaseGrantResponse {
  const message = createLeaseGrantResponse();
  readLeaseGrantResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseGrantResponse(reader: Reader, message: LeaseGrantResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 16:
        message.id = reader.bigInt64();
        break;
      case 24:
        message.ttl = reader.int64();
        break;
      case 34:
        message.error = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseGrantResponse(message: LeaseGrantResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  if (message.ttl !== 0) {
    size += 1 + sizeOfVarint(message.ttl);
  }
  if (message.error !== "") {
    size += 1 + sizeOfString(message.error);
  }
  return size;
}

export function writeLeaseGrantResponse(message: LeaseGrantResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.id !== 0n) {
    buf[pos++] = 16;
    pos = writeBigVarint(buf, pos, message.id);
  }
  if (message.ttl !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.ttl);
  }
  if (message.error !== "") {
    buf[pos++] = 34;
    pos = writeString(buf, pos, message.error);
  }
  return pos;
}

export function encodeLeaseGrantResponse(message: LeaseGrantResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseGrantResponse(message));
  assert(writeLeaseGrantResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseGrantResponseCodec: Codec<LeaseGrantResponse> = {
  typeName: "etcdserverpb.LeaseGrantResponse",
  create: createLeaseGrantResponse,
  decode: decodeLeaseGrantResponse,
  sizeOf: sizeOfLeaseGrantResponse,
  write: writeLeaseGrantResponse,
  encode: encodeLeaseGrantResponse,
};

export interface LeaseRevokeRequest {
  id: bigint;
}

export function createLeaseRevokeRequest(partial?: Partial<LeaseRevokeRequest>): LeaseRevokeRequest {
  const message: LeaseRevokeRequest = {
    id: 0n,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseRevokeRequest(buf: Uint8Array, start = 0, end = buf.length): LeaseRevokeRequest {
  const message = createLeaseRevokeRequest();
  readLeaseRevokeRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseRevokeRequest(reader: Reader, message: LeaseRevokeRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.id = reader.bigInt64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseRevokeRequest(message: LeaseRevokeRequest): number {
  let size = 0;
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  return size;
}

export function writeLeaseRevokeRequest(message: LeaseRevokeRequest, buf: Uint8Array, pos: number): number {
  if (message.id !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.id);
  }
  return pos;
}

export function encodeLeaseRevokeRequest(message: LeaseRevokeRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseRevokeRequest(message));
  assert(writeLeaseRevokeRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseRevokeRequestCodec: Codec<LeaseRevokeRequest> = {
  typeName: "etcdserverpb.LeaseRevokeRequest",
  create: createLeaseRevokeRequest,
  decode: decodeLeaseRevokeRequest,
  sizeOf: sizeOfLeaseRevokeRequest,
  write: writeLeaseRevokeRequest,
  encode: encodeLeaseRevokeRequest,
};

export interface LeaseRevokeResponse {
  header: ResponseHeader | undefined;
}

export function createLeaseRevokeResponse(partial?: Partial<LeaseRevokeResponse>): LeaseRevokeResponse {
  const message: LeaseRevokeResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseRevokeResponse(buf: Uint8Array, start = 0, end = buf.length): LeaseRevokeResponse {
  const message = createLeaseRevokeResponse();
  readLeaseRevokeResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseRevokeResponse(reader: Reader, message: LeaseRevokeResponse): void {
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

export function sizeOfLeaseRevokeResponse(message: LeaseRevokeResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeLeaseRevokeResponse(message: LeaseRevokeResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeLeaseRevokeResponse(message: LeaseRevokeResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseRevokeResponse(message));
  assert(writeLeaseRevokeResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseRevokeResponseCodec: Codec<LeaseRevokeResponse> = {
  typeName: "etcdserverpb.LeaseRevokeResponse",
  create: createLeaseRevokeResponse,
  decode: decodeLeaseRevokeResponse,
  sizeOf: sizeOfLeaseRevokeResponse,
  write: writeLeaseRevokeResponse,
  encode: encodeLeaseRevokeResponse,
};

/** Raft-internal only. */
export interface LeaseCheckpoint {
  id: bigint;
  remainingTtl: number;
}

export function createLeaseCheckpoint(partial?: Partial<LeaseCheckpoint>): LeaseCheckpoint {
  const message: LeaseCheckpoint = {
    id: 0n,
    remainingTtl: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseCheckpoint(buf: Uint8Array, start = 0, end = buf.length): LeaseCheckpoint {
  const message = createLeaseCheckpoint();
  readLeaseCheckpoint(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseCheckpoint(reader: Reader, message: LeaseCheckpoint): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.id = reader.bigInt64();
        break;
      case 16:
        message.remainingTtl = reader.int64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseCheckpoint(message: LeaseCheckpoint): number {
  let size = 0;
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  if (message.remainingTtl !== 0) {
    size += 1 + sizeOfVarint(message.remainingTtl);
  }
  return size;
}

export function writeLeaseCheckpoint(message: LeaseCheckpoint, buf: Uint8Array, pos: number): number {
  if (message.id !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.id);
  }
  if (message.remainingTtl !== 0) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.remainingTtl);
  }
  return pos;
}

export function encodeLeaseCheckpoint(message: LeaseCheckpoint): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseCheckpoint(message));
  assert(writeLeaseCheckpoint(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseCheckpointCodec: Codec<LeaseCheckpoint> = {
  typeName: "etcdserverpb.LeaseCheckpoint",
  create: createLeaseCheckpoint,
  decode: decodeLeaseCheckpoint,
  sizeOf: sizeOfLeaseCheckpoint,
  write: writeLeaseCheckpoint,
  encode: encodeLeaseCheckpoint,
};

/** Raft-internal only. */
export interface LeaseCheckpointRequest {
  checkpoints: LeaseCheckpoint[];
}

export function createLeaseCheckpointRequest(partial?: Partial<LeaseCheckpointRequest>): LeaseCheckpointRequest {
  const message: LeaseCheckpointRequest = {
    checkpoints: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseCheckpointRequest(buf: Uint8Array, start = 0, end = buf.length): LeaseCheckpointRequest {
  const message = createLeaseCheckpointRequest();
  readLeaseCheckpointRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseCheckpointRequest(reader: Reader, message: LeaseCheckpointRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.checkpoints.push(readNested(reader, createLeaseCheckpoint(), readLeaseCheckpoint));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseCheckpointRequest(message: LeaseCheckpointRequest): number {
  let size = 0;
  for (const item of message.checkpoints) {
    size += 1 + sizeOfLengthAnd(sizeOfLeaseCheckpoint(item));
  }
  return size;
}

export function writeLeaseCheckpointRequest(message: LeaseCheckpointRequest, buf: Uint8Array, pos: number): number {
  for (const item of message.checkpoints) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfLeaseCheckpoint(item));
    pos = writeLeaseCheckpoint(item, buf, pos);
  }
  return pos;
}

export function encodeLeaseCheckpointRequest(message: LeaseCheckpointRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseCheckpointRequest(message));
  assert(writeLeaseCheckpointRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseCheckpointRequestCodec: Codec<LeaseCheckpointRequest> = {
  typeName: "etcdserverpb.LeaseCheckpointRequest",
  create: createLeaseCheckpointRequest,
  decode: decodeLeaseCheckpointRequest,
  sizeOf: sizeOfLeaseCheckpointRequest,
  write: writeLeaseCheckpointRequest,
  encode: encodeLeaseCheckpointRequest,
};

/** Raft-internal only. */
export interface LeaseCheckpointResponse {
  header: ResponseHeader | undefined;
}

export function createLeaseCheckpointResponse(partial?: Partial<LeaseCheckpointResponse>): LeaseCheckpointResponse {
  const message: LeaseCheckpointResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseCheckpointResponse(buf: Uint8Array, start = 0, end = buf.length): LeaseCheckpointResponse {
  const message = createLeaseCheckpointResponse();
  readLeaseCheckpointResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseCheckpointResponse(reader: Reader, message: LeaseCheckpointResponse): void {
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

export function sizeOfLeaseCheckpointResponse(message: LeaseCheckpointResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeLeaseCheckpointResponse(message: LeaseCheckpointResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeLeaseCheckpointResponse(message: LeaseCheckpointResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseCheckpointResponse(message));
  assert(writeLeaseCheckpointResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseCheckpointResponseCodec: Codec<LeaseCheckpointResponse> = {
  typeName: "etcdserverpb.LeaseCheckpointResponse",
  create: createLeaseCheckpointResponse,
  decode: decodeLeaseCheckpointResponse,
  sizeOf: sizeOfLeaseCheckpointResponse,
  write: writeLeaseCheckpointResponse,
  encode: encodeLeaseCheckpointResponse,
};

export interface LeaseKeepAliveRequest {
  id: bigint;
}

export function createLeaseKeepAliveRequest(partial?: Partial<LeaseKeepAliveRequest>): LeaseKeepAliveRequest {
  const message: LeaseKeepAliveRequest = {
    id: 0n,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseKeepAliveRequest(buf: Uint8Array, start = 0, end = buf.length): LeaseKeepAliveRequest {
  const message = createLeaseKeepAliveRequest();
  readLeaseKeepAliveRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseKeepAliveRequest(reader: Reader, message: LeaseKeepAliveRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.id = reader.bigInt64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseKeepAliveRequest(message: LeaseKeepAliveRequest): number {
  let size = 0;
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  return size;
}

export function writeLeaseKeepAliveRequest(message: LeaseKeepAliveRequest, buf: Uint8Array, pos: number): number {
  if (message.id !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.id);
  }
  return pos;
}

export function encodeLeaseKeepAliveRequest(message: LeaseKeepAliveRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseKeepAliveRequest(message));
  assert(writeLeaseKeepAliveRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseKeepAliveRequestCodec: Codec<LeaseKeepAliveRequest> = {
  typeName: "etcdserverpb.LeaseKeepAliveRequest",
  create: createLeaseKeepAliveRequest,
  decode: decodeLeaseKeepAliveRequest,
  sizeOf: sizeOfLeaseKeepAliveRequest,
  write: writeLeaseKeepAliveRequest,
  encode: encodeLeaseKeepAliveRequest,
};

export interface LeaseKeepAliveResponse {
  header: ResponseHeader | undefined;
  /** Echo. */
  id: bigint;
  /** 0 = lease gone. */
  ttl: number;
}

export function createLeaseKeepAliveResponse(partial?: Partial<LeaseKeepAliveResponse>): LeaseKeepAliveResponse {
  const message: LeaseKeepAliveResponse = {
    header: undefined,
    id: 0n,
    ttl: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseKeepAliveResponse(buf: Uint8Array, start = 0, end = buf.length): LeaseKeepAliveResponse {
  const message = createLeaseKeepAliveResponse();
  readLeaseKeepAliveResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseKeepAliveResponse(reader: Reader, message: LeaseKeepAliveResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 16:
        message.id = reader.bigInt64();
        break;
      case 24:
        message.ttl = reader.int64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseKeepAliveResponse(message: LeaseKeepAliveResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  if (message.ttl !== 0) {
    size += 1 + sizeOfVarint(message.ttl);
  }
  return size;
}

export function writeLeaseKeepAliveResponse(message: LeaseKeepAliveResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.id !== 0n) {
    buf[pos++] = 16;
    pos = writeBigVarint(buf, pos, message.id);
  }
  if (message.ttl !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.ttl);
  }
  return pos;
}

export function encodeLeaseKeepAliveResponse(message: LeaseKeepAliveResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseKeepAliveResponse(message));
  assert(writeLeaseKeepAliveResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseKeepAliveResponseCodec: Codec<LeaseKeepAliveResponse> = {
  typeName: "etcdserverpb.LeaseKeepAliveResponse",
  create: createLeaseKeepAliveResponse,
  decode: decodeLeaseKeepAliveResponse,
  sizeOf: sizeOfLeaseKeepAliveResponse,
  write: writeLeaseKeepAliveResponse,
  encode: encodeLeaseKeepAliveResponse,
};

export interface LeaseTimeToLiveRequest {
  id: bigint;
  /** Also list attached keys. */
  keys: boolean;
}

export function createLeaseTimeToLiveRequest(partial?: Partial<LeaseTimeToLiveRequest>): LeaseTimeToLiveRequest {
  const message: LeaseTimeToLiveRequest = {
    id: 0n,
    keys: false,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseTimeToLiveRequest(buf: Uint8Array, start = 0, end = buf.length): LeaseTimeToLiveRequest {
  const message = createLeaseTimeToLiveRequest();
  readLeaseTimeToLiveRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseTimeToLiveRequest(reader: Reader, message: LeaseTimeToLiveRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.id = reader.bigInt64();
        break;
      case 16:
        message.keys = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseTimeToLiveRequest(message: LeaseTimeToLiveRequest): number {
  let size = 0;
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  if (message.keys) {
    size += 1 + 1;
  }
  return size;
}

export function writeLeaseTimeToLiveRequest(message: LeaseTimeToLiveRequest, buf: Uint8Array, pos: number): number {
  if (message.id !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.id);
  }
  if (message.keys) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.keys ? 1 : 0);
  }
  return pos;
}

export function encodeLeaseTimeToLiveRequest(message: LeaseTimeToLiveRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseTimeToLiveRequest(message));
  assert(writeLeaseTimeToLiveRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseTimeToLiveRequestCodec: Codec<LeaseTimeToLiveRequest> = {
  typeName: "etcdserverpb.LeaseTimeToLiveRequest",
  create: createLeaseTimeToLiveRequest,
  decode: decodeLeaseTimeToLiveRequest,
  sizeOf: sizeOfLeaseTimeToLiveRequest,
  write: writeLeaseTimeToLiveRequest,
  encode: encodeLeaseTimeToLiveRequest,
};

export interface LeaseTimeToLiveResponse {
  header: ResponseHeader | undefined;
  id: bigint;
  /** -1 = not found. */
  ttl: number;
  grantedTtl: number;
  /** Unordered. */
  keys: Uint8Array[];
}

export function createLeaseTimeToLiveResponse(partial?: Partial<LeaseTimeToLiveResponse>): LeaseTimeToLiveResponse {
  const message: LeaseTimeToLiveResponse = {
    header: undefined,
    id: 0n,
    ttl: 0,
    grantedTtl: 0,
    keys: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseTimeToLiveResponse(buf: Uint8Array, start = 0, end = buf.length): LeaseTimeToLiveResponse {
  const message = createLeaseTimeToLiveResponse();
  readLeaseTimeToLiveResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseTimeToLiveResponse(reader: Reader, message: LeaseTimeToLiveResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 16:
        message.id = reader.bigInt64();
        break;
      case 24:
        message.ttl = reader.int64();
        break;
      case 32:
        message.grantedTtl = reader.int64();
        break;
      case 42:
        message.keys.push(reader.bytes());
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseTimeToLiveResponse(message: LeaseTimeToLiveResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  if (message.ttl !== 0) {
    size += 1 + sizeOfVarint(message.ttl);
  }
  if (message.grantedTtl !== 0) {
    size += 1 + sizeOfVarint(message.grantedTtl);
  }
  for (const item of message.keys) {
    size += 1 + sizeOfBytes(item);
  }
  return size;
}

export function writeLeaseTimeToLiveResponse(message: LeaseTimeToLiveResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.id !== 0n) {
    buf[pos++] = 16;
    pos = writeBigVarint(buf, pos, message.id);
  }
  if (message.ttl !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.ttl);
  }
  if (message.grantedTtl !== 0) {
    buf[pos++] = 32;
    pos = writeVarint(buf, pos, message.grantedTtl);
  }
  for (const item of message.keys) {
    buf[pos++] = 42;
    pos = writeBytes(buf, pos, item);
  }
  return pos;
}

export function encodeLeaseTimeToLiveResponse(message: LeaseTimeToLiveResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseTimeToLiveResponse(message));
  assert(writeLeaseTimeToLiveResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseTimeToLiveResponseCodec: Codec<LeaseTimeToLiveResponse> = {
  typeName: "etcdserverpb.LeaseTimeToLiveResponse",
  create: createLeaseTimeToLiveResponse,
  decode: decodeLeaseTimeToLiveResponse,
  sizeOf: sizeOfLeaseTimeToLiveResponse,
  write: writeLeaseTimeToLiveResponse,
  encode: encodeLeaseTimeToLiveResponse,
};

export interface LeaseLeasesRequest {

}

export function createLeaseLeasesRequest(partial?: Partial<LeaseLeasesRequest>): LeaseLeasesRequest {
  const message: LeaseLeasesRequest = {

  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseLeasesRequest(buf: Uint8Array, start = 0, end = buf.length): LeaseLeasesRequest {
  const message = createLeaseLeasesRequest();
  readLeaseLeasesRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseLeasesRequest(reader: Reader, _message: LeaseLeasesRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    reader.skip(tag);
  }
}

export function sizeOfLeaseLeasesRequest(_message: LeaseLeasesRequest): number {
  return 0;
}

export function writeLeaseLeasesRequest(_message: LeaseLeasesRequest, _buf: Uint8Array, pos: number): number {
  return pos;
}

export function encodeLeaseLeasesRequest(message: LeaseLeasesRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseLeasesRequest(message));
  assert(writeLeaseLeasesRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseLeasesRequestCodec: Codec<LeaseLeasesRequest> = {
  typeName: "etcdserverpb.LeaseLeasesRequest",
  create: createLeaseLeasesRequest,
  decode: decodeLeaseLeasesRequest,
  sizeOf: sizeOfLeaseLeasesRequest,
  write: writeLeaseLeasesRequest,
  encode: encodeLeaseLeasesRequest,
};

export interface LeaseStatus {
  id: bigint;
}

export function createLeaseStatus(partial?: Partial<LeaseStatus>): LeaseStatus {
  const message: LeaseStatus = {
    id: 0n,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseStatus(buf: Uint8Array, start = 0, end = buf.length): LeaseStatus {
  const message = createLeaseStatus();
  readLeaseStatus(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseStatus(reader: Reader, message: LeaseStatus): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.id = reader.bigInt64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseStatus(message: LeaseStatus): number {
  let size = 0;
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  return size;
}

export function writeLeaseStatus(message: LeaseStatus, buf: Uint8Array, pos: number): number {
  if (message.id !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.id);
  }
  return pos;
}

export function encodeLeaseStatus(message: LeaseStatus): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseStatus(message));
  assert(writeLeaseStatus(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseStatusCodec: Codec<LeaseStatus> = {
  typeName: "etcdserverpb.LeaseStatus",
  create: createLeaseStatus,
  decode: decodeLeaseStatus,
  sizeOf: sizeOfLeaseStatus,
  write: writeLeaseStatus,
  encode: encodeLeaseStatus,
};

export interface LeaseLeasesResponse {
  header: ResponseHeader | undefined;
  /** Soonest expiry first on the leader. */
  leases: LeaseStatus[];
}

export function createLeaseLeasesResponse(partial?: Partial<LeaseLeasesResponse>): LeaseLeasesResponse {
  const message: LeaseLeasesResponse = {
    header: undefined,
    leases: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaseLeasesResponse(buf: Uint8Array, start = 0, end = buf.length): LeaseLeasesResponse {
  const message = createLeaseLeasesResponse();
  readLeaseLeasesResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaseLeasesResponse(reader: Reader, message: LeaseLeasesResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.leases.push(readNested(reader, createLeaseStatus(), readLeaseStatus));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaseLeasesResponse(message: LeaseLeasesResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  for (const item of message.leases) {
    size += 1 + sizeOfLengthAnd(sizeOfLeaseStatus(item));
  }
  return size;
}

export function writeLeaseLeasesResponse(message: LeaseLeasesResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  for (const item of message.leases) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfLeaseStatus(item));
    pos = writeLeaseStatus(item, buf, pos);
  }
  return pos;
}

export function encodeLeaseLeasesResponse(message: LeaseLeasesResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaseLeasesResponse(message));
  assert(writeLeaseLeasesResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaseLeasesResponseCodec: Codec<LeaseLeasesResponse> = {
  typeName: "etcdserverpb.LeaseLeasesResponse",
  create: createLeaseLeasesResponse,
  decode: decodeLeaseLeasesResponse,
  sizeOf: sizeOfLeaseLeasesResponse,
  write: writeLeaseLeasesResponse,
  encode: encodeLeaseLeasesResponse,
};

/** Name and client URLs are empty until the member has started once. */
export interface Member {
  id: bigint;
  name: string;
  peerUrls: string[];
  clientUrls: string[];
  isLearner: boolean;
}

export function createMember(partial?: Partial<Member>): Member {
  const message: Member = {
    id: 0n,
    name: "",
    peerUrls: [],
    clientUrls: [],
    isLearner: false,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMember(buf: Uint8Array, start = 0, end = buf.length): Member {
  const message = createMember();
  readMember(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMember(reader: Reader, message: Member): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.id = reader.bigUint64();
        break;
      case 18:
        message.name = reader.string();
        break;
      case 26:
        message.peerUrls.push(reader.string());
        break;
      case 34:
        message.clientUrls.push(reader.string());
        break;
      case 40:
        message.isLearner = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMember(message: Member): number {
  let size = 0;
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  if (message.name !== "") {
    size += 1 + sizeOfString(message.name);
  }
  for (const item of message.peerUrls) {
    size += 1 + sizeOfString(item);
  }
  for (const item of message.clientUrls) {
    size += 1 + sizeOfString(item);
  }
  if (message.isLearner) {
    size += 1 + 1;
  }
  return size;
}

export function writeMember(message: Member, buf: Uint8Array, pos: number): number {
  if (message.id !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.id);
  }
  if (message.name !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.name);
  }
  for (const item of message.peerUrls) {
    buf[pos++] = 26;
    pos = writeString(buf, pos, item);
  }
  for (const item of message.clientUrls) {
    buf[pos++] = 34;
    pos = writeString(buf, pos, item);
  }
  if (message.isLearner) {
    buf[pos++] = 40;
    pos = writeVarint(buf, pos, message.isLearner ? 1 : 0);
  }
  return pos;
}

export function encodeMember(message: Member): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMember(message));
  assert(writeMember(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MemberCodec: Codec<Member> = {
  typeName: "etcdserverpb.Member",
  create: createMember,
  decode: decodeMember,
  sizeOf: sizeOfMember,
  write: writeMember,
  encode: encodeMember,
};

export interface MemberAddRequest {
  peerUrls: string[];
  isLearner: boolean;
}

export function createMemberAddRequest(partial?: Partial<MemberAddRequest>): MemberAddRequest {
  const message: MemberAddRequest = {
    peerUrls: [],
    isLearner: false,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMemberAddRequest(buf: Uint8Array, start = 0, end = buf.length): MemberAddRequest {
  const message = createMemberAddRequest();
  readMemberAddRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMemberAddRequest(reader: Reader, message: MemberAddRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.peerUrls.push(reader.string());
        break;
      case 16:
        message.isLearner = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMemberAddRequest(message: MemberAddRequest): number {
  let size = 0;
  for (const item of message.peerUrls) {
    size += 1 + sizeOfString(item);
  }
  if (message.isLearner) {
    size += 1 + 1;
  }
  return size;
}

export function writeMemberAddRequest(message: MemberAddRequest, buf: Uint8Array, pos: number): number {
  for (const item of message.peerUrls) {
    buf[pos++] = 10;
    pos = writeString(buf, pos, item);
  }
  if (message.isLearner) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.isLearner ? 1 : 0);
  }
  return pos;
}

export function encodeMemberAddRequest(message: MemberAddRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMemberAddRequest(message));
  assert(writeMemberAddRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MemberAddRequestCodec: Codec<MemberAddRequest> = {
  typeName: "etcdserverpb.MemberAddRequest",
  create: createMemberAddRequest,
  decode: decodeMemberAddRequest,
  sizeOf: sizeOfMemberAddRequest,
  write: writeMemberAddRequest,
  encode: encodeMemberAddRequest,
};

export interface MemberAddResponse {
  header: ResponseHeader | undefined;
  /** ID, peerURLs, isLearner only. */
  member: Member | undefined;
  /** List after the change, ascending ID. */
  members: Member[];
}

export function createMemberAddResponse(partial?: Partial<MemberAddResponse>): MemberAddResponse {
  const message: MemberAddResponse = {
    header: undefined,
    member: undefined,
    members: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMemberAddResponse(buf: Uint8Array, start = 0, end = buf.length): MemberAddResponse {
  const message = createMemberAddResponse();
  readMemberAddResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMemberAddResponse(reader: Reader, message: MemberAddResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.member = readNested(reader, message.member ?? createMember(), readMember);
        break;
      case 26:
        message.members.push(readNested(reader, createMember(), readMember));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMemberAddResponse(message: MemberAddResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.member !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfMember(message.member));
  }
  for (const item of message.members) {
    size += 1 + sizeOfLengthAnd(sizeOfMember(item));
  }
  return size;
}

export function writeMemberAddResponse(message: MemberAddResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.member !== undefined) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfMember(message.member));
    pos = writeMember(message.member, buf, pos);
  }
  for (const item of message.members) {
    buf[pos++] = 26;
    pos = writeVarint(buf, pos, sizeOfMember(item));
    pos = writeMember(item, buf, pos);
  }
  return pos;
}

export function encodeMemberAddResponse(message: MemberAddResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMemberAddResponse(message));
  assert(writeMemberAddResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MemberAddResponseCodec: Codec<MemberAddResponse> = {
  typeName: "etcdserverpb.MemberAddResponse",
  create: createMemberAddResponse,
  decode: decodeMemberAddResponse,
  sizeOf: sizeOfMemberAddResponse,
  write: writeMemberAddResponse,
  encode: encodeMemberAddResponse,
};

export interface MemberRemoveRequest {
  id: bigint;
}

export function createMemberRemoveRequest(partial?: Partial<MemberRemoveRequest>): MemberRemoveRequest {
  const message: MemberRemoveRequest = {
    id: 0n,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMemberRemoveRequest(buf: Uint8Array, start = 0, end = buf.length): MemberRemoveRequest {
  const message = createMemberRemoveRequest();
  readMemberRemoveRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMemberRemoveRequest(reader: Reader, message: MemberRemoveRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.id = reader.bigUint64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMemberRemoveRequest(message: MemberRemoveRequest): number {
  let size = 0;
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  return size;
}

export function writeMemberRemoveRequest(message: MemberRemoveRequest, buf: Uint8Array, pos: number): number {
  if (message.id !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.id);
  }
  return pos;
}

export function encodeMemberRemoveRequest(message: MemberRemoveRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMemberRemoveRequest(message));
  assert(writeMemberRemoveRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MemberRemoveRequestCodec: Codec<MemberRemoveRequest> = {
  typeName: "etcdserverpb.MemberRemoveRequest",
  create: createMemberRemoveRequest,
  decode: decodeMemberRemoveRequest,
  sizeOf: sizeOfMemberRemoveRequest,
  write: writeMemberRemoveRequest,
  encode: encodeMemberRemoveRequest,
};

export interface MemberRemoveResponse {
  header: ResponseHeader | undefined;
  members: Member[];
}

export function createMemberRemoveResponse(partial?: Partial<MemberRemoveResponse>): MemberRemoveResponse {
  const message: MemberRemoveResponse = {
    header: undefined,
    members: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMemberRemoveResponse(buf: Uint8Array, start = 0, end = buf.length): MemberRemoveResponse {
  const message = createMemberRemoveResponse();
  readMemberRemoveResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMemberRemoveResponse(reader: Reader, message: MemberRemoveResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.members.push(readNested(reader, createMember(), readMember));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMemberRemoveResponse(message: MemberRemoveResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  for (const item of message.members) {
    size += 1 + sizeOfLengthAnd(sizeOfMember(item));
  }
  return size;
}

export function writeMemberRemoveResponse(message: MemberRemoveResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  for (const item of message.members) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfMember(item));
    pos = writeMember(item, buf, pos);
  }
  return pos;
}

export function encodeMemberRemoveResponse(message: MemberRemoveResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMemberRemoveResponse(message));
  assert(writeMemberRemoveResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MemberRemoveResponseCodec: Codec<MemberRemoveResponse> = {
  typeName: "etcdserverpb.MemberRemoveResponse",
  create: createMemberRemoveResponse,
  decode: decodeMemberRemoveResponse,
  sizeOf: sizeOfMemberRemoveResponse,
  write: writeMemberRemoveResponse,
  encode: encodeMemberRemoveResponse,
};

export interface MemberUpdateRequest {
  id: bigint;
  peerUrls: string[];
}

export function createMemberUpdateRequest(partial?: Partial<MemberUpdateRequest>): MemberUpdateRequest {
  const message: MemberUpdateRequest = {
    id: 0n,
    peerUrls: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMemberUpdateRequest(buf: Uint8Array, start = 0, end = buf.length): MemberUpdateRequest {
  const message = createMemberUpdateRequest();
  readMemberUpdateRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMemberUpdateRequest(reader: Reader, message: MemberUpdateRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.id = reader.bigUint64();
        break;
      case 18:
        message.peerUrls.push(reader.string());
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMemberUpdateRequest(message: MemberUpdateRequest): number {
  let size = 0;
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  for (const item of message.peerUrls) {
    size += 1 + sizeOfString(item);
  }
  return size;
}

export function writeMemberUpdateRequest(message: MemberUpdateRequest, buf: Uint8Array, pos: number): number {
  if (message.id !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.id);
  }
  for (const item of message.peerUrls) {
    buf[pos++] = 18;
    pos = writeString(buf, pos, item);
  }
  return pos;
}

export function encodeMemberUpdateRequest(message: MemberUpdateRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMemberUpdateRequest(message));
  assert(writeMemberUpdateRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MemberUpdateRequestCodec: Codec<MemberUpdateRequest> = {
  typeName: "etcdserverpb.MemberUpdateRequest",
  create: createMemberUpdateRequest,
  decode: decodeMemberUpdateRequest,
  sizeOf: sizeOfMemberUpdateRequest,
  write: writeMemberUpdateRequest,
  encode: encodeMemberUpdateRequest,
};

export interface MemberUpdateResponse {
  header: ResponseHeader | undefined;
  members: Member[];
}

export function createMemberUpdateResponse(partial?: Partial<MemberUpdateResponse>): MemberUpdateResponse {
  const message: MemberUpdateResponse = {
    header: undefined,
    members: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMemberUpdateResponse(buf: Uint8Array, start = 0, end = buf.length): MemberUpdateResponse {
  const message = createMemberUpdateResponse();
  readMemberUpdateResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMemberUpdateResponse(reader: Reader, message: MemberUpdateResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.members.push(readNested(reader, createMember(), readMember));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMemberUpdateResponse(message: MemberUpdateResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  for (const item of message.members) {
    size += 1 + sizeOfLengthAnd(sizeOfMember(item));
  }
  return size;
}

export function writeMemberUpdateResponse(message: MemberUpdateResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  for (const item of message.members) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfMember(item));
    pos = writeMember(item, buf, pos);
  }
  return pos;
}

export function encodeMemberUpdateResponse(message: MemberUpdateResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMemberUpdateResponse(message));
  assert(writeMemberUpdateResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MemberUpdateResponseCodec: Codec<MemberUpdateResponse> = {
  typeName: "etcdserverpb.MemberUpdateResponse",
  create: createMemberUpdateResponse,
  decode: decodeMemberUpdateResponse,
  sizeOf: sizeOfMemberUpdateResponse,
  write: writeMemberUpdateResponse,
  encode: encodeMemberUpdateResponse,
};

export interface MemberListRequest {
  /** Do a read-index round first. */
  linearizable: boolean;
}

export function createMemberListRequest(partial?: Partial<MemberListRequest>): MemberListRequest {
  const message: MemberListRequest = {
    linearizable: false,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMemberListRequest(buf: Uint8Array, start = 0, end = buf.length): MemberListRequest {
  const message = createMemberListRequest();
  readMemberListRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMemberListRequest(reader: Reader, message: MemberListRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.linearizable = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMemberListRequest(message: MemberListRequest): number {
  let size = 0;
  if (message.linearizable) {
    size += 1 + 1;
  }
  return size;
}

export function writeMemberListRequest(message: MemberListRequest, buf: Uint8Array, pos: number): number {
  if (message.linearizable) {
    buf[pos++] = 8;
    pos = writeVarint(buf, pos, message.linearizable ? 1 : 0);
  }
  return pos;
}

export function encodeMemberListRequest(message: MemberListRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMemberListRequest(message));
  assert(writeMemberListRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MemberListRequestCodec: Codec<MemberListRequest> = {
  typeName: "etcdserverpb.MemberListRequest",
  create: createMemberListRequest,
  decode: decodeMemberListRequest,
  sizeOf: sizeOfMemberListRequest,
  write: writeMemberListRequest,
  encode: encodeMemberListRequest,
};

export interface MemberListResponse {
  header: ResponseHeader | undefined;
  /** Ascending ID. */
  members: Member[];
}

export function createMemberListResponse(partial?: Partial<MemberListResponse>): MemberListResponse {
  const message: MemberListResponse = {
    header: undefined,
    members: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMemberListResponse(buf: Uint8Array, start = 0, end = buf.length): MemberListResponse {
  const message = createMemberListResponse();
  readMemberListResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMemberListResponse(reader: Reader, message: MemberListResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.members.push(readNested(reader, createMember(), readMember));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMemberListResponse(message: MemberListResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  for (const item of message.members) {
    size += 1 + sizeOfLengthAnd(sizeOfMember(item));
  }
  return size;
}

export function writeMemberListResponse(message: MemberListResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  for (const item of message.members) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfMember(item));
    pos = writeMember(item, buf, pos);
  }
  return pos;
}

export function encodeMemberListResponse(message: MemberListResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMemberListResponse(message));
  assert(writeMemberListResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MemberListResponseCodec: Codec<MemberListResponse> = {
  typeName: "etcdserverpb.MemberListResponse",
  create: createMemberListResponse,
  decode: decodeMemberListResponse,
  sizeOf: sizeOfMemberListResponse,
  write: writeMemberListResponse,
  encode: encodeMemberListResponse,
};

export interface MemberPromoteRequest {
  id: bigint;
}

export function createMemberPromoteRequest(partial?: Partial<MemberPromoteRequest>): MemberPromoteRequest {
  const message: MemberPromoteRequest = {
    id: 0n,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMemberPromoteRequest(buf: Uint8Array, start = 0, end = buf.length): MemberPromoteRequest {
  const message = createMemberPromoteRequest();
  readMemberPromoteRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMemberPromoteRequest(reader: Reader, message: MemberPromoteRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.id = reader.bigUint64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMemberPromoteRequest(message: MemberPromoteRequest): number {
  let size = 0;
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  return size;
}

export function writeMemberPromoteRequest(message: MemberPromoteRequest, buf: Uint8Array, pos: number): number {
  if (message.id !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.id);
  }
  return pos;
}

export function encodeMemberPromoteRequest(message: MemberPromoteRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMemberPromoteRequest(message));
  assert(writeMemberPromoteRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MemberPromoteRequestCodec: Codec<MemberPromoteRequest> = {
  typeName: "etcdserverpb.MemberPromoteRequest",
  create: createMemberPromoteRequest,
  decode: decodeMemberPromoteRequest,
  sizeOf: sizeOfMemberPromoteRequest,
  write: writeMemberPromoteRequest,
  encode: encodeMemberPromoteRequest,
};

export interface MemberPromoteResponse {
  header: ResponseHeader | undefined;
  members: Member[];
}

export function createMemberPromoteResponse(partial?: Partial<MemberPromoteResponse>): MemberPromoteResponse {
  const message: MemberPromoteResponse = {
    header: undefined,
    members: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMemberPromoteResponse(buf: Uint8Array, start = 0, end = buf.length): MemberPromoteResponse {
  const message = createMemberPromoteResponse();
  readMemberPromoteResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMemberPromoteResponse(reader: Reader, message: MemberPromoteResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.members.push(readNested(reader, createMember(), readMember));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMemberPromoteResponse(message: MemberPromoteResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  for (const item of message.members) {
    size += 1 + sizeOfLengthAnd(sizeOfMember(item));
  }
  return size;
}

export function writeMemberPromoteResponse(message: MemberPromoteResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  for (const item of message.members) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfMember(item));
    pos = writeMember(item, buf, pos);
  }
  return pos;
}

export function encodeMemberPromoteResponse(message: MemberPromoteResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMemberPromoteResponse(message));
  assert(writeMemberPromoteResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MemberPromoteResponseCodec: Codec<MemberPromoteResponse> = {
  typeName: "etcdserverpb.MemberPromoteResponse",
  create: createMemberPromoteResponse,
  decode: decodeMemberPromoteResponse,
  sizeOf: sizeOfMemberPromoteResponse,
  write: writeMemberPromoteResponse,
  encode: encodeMemberPromoteResponse,
};

export interface DefragmentRequest {

}

export function createDefragmentRequest(partial?: Partial<DefragmentRequest>): DefragmentRequest {
  const message: DefragmentRequest = {

  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeDefragmentRequest(buf: Uint8Array, start = 0, end = buf.length): DefragmentRequest {
  const message = createDefragmentRequest();
  readDefragmentRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readDefragmentRequest(reader: Reader, _message: DefragmentRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    reader.skip(tag);
  }
}

export function sizeOfDefragmentRequest(_message: DefragmentRequest): number {
  return 0;
}

export function writeDefragmentRequest(_message: DefragmentRequest, _buf: Uint8Array, pos: number): number {
  return pos;
}

export function encodeDefragmentRequest(message: DefragmentRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfDefragmentRequest(message));
  assert(writeDefragmentRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const DefragmentRequestCodec: Codec<DefragmentRequest> = {
  typeName: "etcdserverpb.DefragmentRequest",
  create: createDefragmentRequest,
  decode: decodeDefragmentRequest,
  sizeOf: sizeOfDefragmentRequest,
  write: writeDefragmentRequest,
  encode: encodeDefragmentRequest,
};

/** The server leaves header unset. */
export interface DefragmentResponse {
  header: ResponseHeader | undefined;
}

export function createDefragmentResponse(partial?: Partial<DefragmentResponse>): DefragmentResponse {
  const message: DefragmentResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeDefragmentResponse(buf: Uint8Array, start = 0, end = buf.length): DefragmentResponse {
  const message = createDefragmentResponse();
  readDefragmentResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readDefragmentResponse(reader: Reader, message: DefragmentResponse): void {
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

export function sizeOfDefragmentResponse(message: DefragmentResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeDefragmentResponse(message: DefragmentResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeDefragmentResponse(message: DefragmentResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfDefragmentResponse(message));
  assert(writeDefragmentResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const DefragmentResponseCodec: Codec<DefragmentResponse> = {
  typeName: "etcdserverpb.DefragmentResponse",
  create: createDefragmentResponse,
  decode: decodeDefragmentResponse,
  sizeOf: sizeOfDefragmentResponse,
  write: writeDefragmentResponse,
  encode: encodeDefragmentResponse,
};

export interface MoveLeaderRequest {
  targetId: bigint;
}

export function createMoveLeaderRequest(partial?: Partial<MoveLeaderRequest>): MoveLeaderRequest {
  const message: MoveLeaderRequest = {
    targetId: 0n,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMoveLeaderRequest(buf: Uint8Array, start = 0, end = buf.length): MoveLeaderRequest {
  const message = createMoveLeaderRequest();
  readMoveLeaderRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMoveLeaderRequest(reader: Reader, message: MoveLeaderRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.targetId = reader.bigUint64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMoveLeaderRequest(message: MoveLeaderRequest): number {
  let size = 0;
  if (message.targetId !== 0n) {
    size += 1 + sizeOfBigVarint(message.targetId);
  }
  return size;
}

export function writeMoveLeaderRequest(message: MoveLeaderRequest, buf: Uint8Array, pos: number): number {
  if (message.targetId !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.targetId);
  }
  return pos;
}

export function encodeMoveLeaderRequest(message: MoveLeaderRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMoveLeaderRequest(message));
  assert(writeMoveLeaderRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MoveLeaderRequestCodec: Codec<MoveLeaderRequest> = {
  typeName: "etcdserverpb.MoveLeaderRequest",
  create: createMoveLeaderRequest,
  decode: decodeMoveLeaderRequest,
  sizeOf: sizeOfMoveLeaderRequest,
  write: writeMoveLeaderRequest,
  encode: encodeMoveLeaderRequest,
};

/** The server leaves header unset. */
export interface MoveLeaderResponse {
  header: ResponseHeader | undefined;
}

export function createMoveLeaderResponse(partial?: Partial<MoveLeaderResponse>): MoveLeaderResponse {
  const message: MoveLeaderResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMoveLeaderResponse(buf: Uint8Array, start = 0, end = buf.length): MoveLeaderResponse {
  const message = createMoveLeaderResponse();
  readMoveLeaderResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMoveLeaderResponse(reader: Reader, message: MoveLeaderResponse): void {
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

export function sizeOfMoveLeaderResponse(message: MoveLeaderResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeMoveLeaderResponse(message: MoveLeaderResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeMoveLeaderResponse(message: MoveLeaderResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMoveLeaderResponse(message));
  assert(writeMoveLeaderResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MoveLeaderResponseCodec: Codec<MoveLeaderResponse> = {
  typeName: "etcdserverpb.MoveLeaderResponse",
  create: createMoveLeaderResponse,
  decode: decodeMoveLeaderResponse,
  sizeOf: sizeOfMoveLeaderResponse,
  write: writeMoveLeaderResponse,
  encode: encodeMoveLeaderResponse,
};

export interface AlarmRequest {
  action: AlarmAction;
  /** Key of the alarm for ACTIVATE/DEACTIVATE; ignored by GET. */
  memberId: bigint;
  alarm: AlarmType;
}

export function createAlarmRequest(partial?: Partial<AlarmRequest>): AlarmRequest {
  const message: AlarmRequest = {
    action: 0,
    memberId: 0n,
    alarm: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAlarmRequest(buf: Uint8Array, start = 0, end = buf.length): AlarmRequest {
  const message = createAlarmRequest();
  readAlarmRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAlarmRequest(reader: Reader, message: AlarmRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.action = reader.int32();
        break;
      case 16:
        message.memberId = reader.bigUint64();
        break;
      case 24:
        message.alarm = reader.int32();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAlarmRequest(message: AlarmRequest): number {
  let size = 0;
  if (message.action !== 0) {
    size += 1 + sizeOfVarint(message.action);
  }
  if (message.memberId !== 0n) {
    size += 1 + sizeOfBigVarint(message.memberId);
  }
  if (message.alarm !== 0) {
    size += 1 + sizeOfVarint(message.alarm);
  }
  return size;
}

export function writeAlarmRequest(message: AlarmRequest, buf: Uint8Array, pos: number): number {
  if (message.action !== 0) {
    buf[pos++] = 8;
    pos = writeVarint(buf, pos, message.action);
  }
  if (message.memberId !== 0n) {
    buf[pos++] = 16;
    pos = writeBigVarint(buf, pos, message.memberId);
  }
  if (message.alarm !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.alarm);
  }
  return pos;
}

export function encodeAlarmRequest(message: AlarmRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAlarmRequest(message));
  assert(writeAlarmRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AlarmRequestCodec: Codec<AlarmRequest> = {
  typeName: "etcdserverpb.AlarmRequest",
  create: createAlarmRequest,
  decode: decodeAlarmRequest,
  sizeOf: sizeOfAlarmRequest,
  write: writeAlarmRequest,
  encode: encodeAlarmRequest,
};

export interface AlarmMember {
  memberId: bigint;
  alarm: AlarmType;
}

export function createAlarmMember(partial?: Partial<AlarmMember>): AlarmMember {
  const message: AlarmMember = {
    memberId: 0n,
    alarm: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAlarmMember(buf: Uint8Array, start = 0, end = buf.length): AlarmMember {
  const message = createAlarmMember();
  readAlarmMember(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAlarmMember(reader: Reader, message: AlarmMember): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.memberId = reader.bigUint64();
        break;
      case 16:
        message.alarm = reader.int32();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAlarmMember(message: AlarmMember): number {
  let size = 0;
  if (message.memberId !== 0n) {
    size += 1 + sizeOfBigVarint(message.memberId);
  }
  if (message.alarm !== 0) {
    size += 1 + sizeOfVarint(message.alarm);
  }
  return size;
}

export function writeAlarmMember(message: AlarmMember, buf: Uint8Array, pos: number): number {
  if (message.memberId !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.memberId);
  }
  if (message.alarm !== 0) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.alarm);
  }
  return pos;
}

export function encodeAlarmMember(message: AlarmMember): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAlarmMember(message));
  assert(writeAlarmMember(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AlarmMemberCodec: Codec<AlarmMember> = {
  typeName: "etcdserverpb.AlarmMember",
  create: createAlarmMember,
  decode: decodeAlarmMember,
  sizeOf: sizeOfAlarmMember,
  write: writeAlarmMember,
  encode: encodeAlarmMember,
};

export interface AlarmResponse {
  header: ResponseHeader | undefined;
  alarms: AlarmMember[];
}

export function createAlarmResponse(partial?: Partial<AlarmResponse>): AlarmResponse {
  const message: AlarmResponse = {
    header: undefined,
    alarms: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAlarmResponse(buf: Uint8Array, start = 0, end = buf.length): AlarmResponse {
  const message = createAlarmResponse();
  readAlarmResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAlarmResponse(reader: Reader, message: AlarmResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.alarms.push(readNested(reader, createAlarmMember(), readAlarmMember));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAlarmResponse(message: AlarmResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  for (const item of message.alarms) {
    size += 1 + sizeOfLengthAnd(sizeOfAlarmMember(item));
  }
  return size;
}

export function writeAlarmResponse(message: AlarmResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  for (const item of message.alarms) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfAlarmMember(item));
    pos = writeAlarmMember(item, buf, pos);
  }
  return pos;
}

export function encodeAlarmResponse(message: AlarmResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAlarmResponse(message));
  assert(writeAlarmResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AlarmResponseCodec: Codec<AlarmResponse> = {
  typeName: "etcdserverpb.AlarmResponse",
  create: createAlarmResponse,
  decode: decodeAlarmResponse,
  sizeOf: sizeOfAlarmResponse,
  write: writeAlarmResponse,
  encode: encodeAlarmResponse,
};

export interface DowngradeRequest {
  action: DowngradeAction;
  /** "3.5" or "3.5.0" form. */
  version: string;
}

export function createDowngradeRequest(partial?: Partial<DowngradeRequest>): DowngradeRequest {
  const message: DowngradeRequest = {
    action: 0,
    version: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeDowngradeRequest(buf: Uint8Array, start = 0, end = buf.length): DowngradeRequest {
  const message = createDowngradeRequest();
  readDowngradeRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readDowngradeRequest(reader: Reader, message: DowngradeRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.action = reader.int32();
        break;
      case 18:
        message.version = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfDowngradeRequest(message: DowngradeRequest): number {
  let size = 0;
  if (message.action !== 0) {
    size += 1 + sizeOfVarint(message.action);
  }
  if (message.version !== "") {
    size += 1 + sizeOfString(message.version);
  }
  return size;
}

export function writeDowngradeRequest(message: DowngradeRequest, buf: Uint8Array, pos: number): number {
  if (message.action !== 0) {
    buf[pos++] = 8;
    pos = writeVarint(buf, pos, message.action);
  }
  if (message.version !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.version);
  }
  return pos;
}

export function encodeDowngradeRequest(message: DowngradeRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfDowngradeRequest(message));
  assert(writeDowngradeRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const DowngradeRequestCodec: Codec<DowngradeRequest> = {
  typeName: "etcdserverpb.DowngradeRequest",
  create: createDowngradeRequest,
  decode: decodeDowngradeRequest,
  sizeOf: sizeOfDowngradeRequest,
  write: writeDowngradeRequest,
  encode: encodeDowngradeRequest,
};

export interface DowngradeResponse {
  header: ResponseHeader | undefined;
  /** Cluster version, major.minor. */
  version: string;
}

export function createDowngradeResponse(partial?: Partial<DowngradeResponse>): DowngradeResponse {
  const message: DowngradeResponse = {
    header: undefined,
    version: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeDowngradeResponse(buf: Uint8Array, start = 0, end = buf.length): DowngradeResponse {
  const message = createDowngradeResponse();
  readDowngradeResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readDowngradeResponse(reader: Reader, message: DowngradeResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.version = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfDowngradeResponse(message: DowngradeResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.version !== "") {
    size += 1 + sizeOfString(message.version);
  }
  return size;
}

export function writeDowngradeResponse(message: DowngradeResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.version !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.version);
  }
  return pos;
}

export function encodeDowngradeResponse(message: DowngradeResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfDowngradeResponse(message));
  assert(writeDowngradeResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const DowngradeResponseCodec: Codec<DowngradeResponse> = {
  typeName: "etcdserverpb.DowngradeResponse",
  create: createDowngradeResponse,
  decode: decodeDowngradeResponse,
  sizeOf: sizeOfDowngradeResponse,
  write: writeDowngradeResponse,
  encode: encodeDowngradeResponse,
};

/** Test hook; may appear in a WAL, never in a client RPC. */
export interface DowngradeVersionTestRequest {
  ver: string;
}

export function createDowngradeVersionTestRequest(partial?: Partial<DowngradeVersionTestRequest>): DowngradeVersionTestRequest {
  const message: DowngradeVersionTestRequest = {
    ver: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeDowngradeVersionTestRequest(buf: Uint8Array, start = 0, end = buf.length): DowngradeVersionTestRequest {
  const message = createDowngradeVersionTestRequest();
  readDowngradeVersionTestRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readDowngradeVersionTestRequest(reader: Reader, message: DowngradeVersionTestRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.ver = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfDowngradeVersionTestRequest(message: DowngradeVersionTestRequest): number {
  let size = 0;
  if (message.ver !== "") {
    size += 1 + sizeOfString(message.ver);
  }
  return size;
}

export function writeDowngradeVersionTestRequest(message: DowngradeVersionTestRequest, buf: Uint8Array, pos: number): number {
  if (message.ver !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.ver);
  }
  return pos;
}

export function encodeDowngradeVersionTestRequest(message: DowngradeVersionTestRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfDowngradeVersionTestRequest(message));
  assert(writeDowngradeVersionTestRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const DowngradeVersionTestRequestCodec: Codec<DowngradeVersionTestRequest> = {
  typeName: "etcdserverpb.DowngradeVersionTestRequest",
  create: createDowngradeVersionTestRequest,
  decode: decodeDowngradeVersionTestRequest,
  sizeOf: sizeOfDowngradeVersionTestRequest,
  write: writeDowngradeVersionTestRequest,
  encode: encodeDowngradeVersionTestRequest,
};

export interface StatusRequest {

}

export function createStatusRequest(partial?: Partial<StatusRequest>): StatusRequest {
  const message: StatusRequest = {

  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeStatusRequest(buf: Uint8Array, start = 0, end = buf.length): StatusRequest {
  const message = createStatusRequest();
  readStatusRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readStatusRequest(reader: Reader, _message: StatusRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    reader.skip(tag);
  }
}

export function sizeOfStatusRequest(_message: StatusRequest): number {
  return 0;
}

export function writeStatusRequest(_message: StatusRequest, _buf: Uint8Array, pos: number): number {
  return pos;
}

export function encodeStatusRequest(message: StatusRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfStatusRequest(message));
  assert(writeStatusRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const StatusRequestCodec: Codec<StatusRequest> = {
  typeName: "etcdserverpb.StatusRequest",
  create: createStatusRequest,
  decode: decodeStatusRequest,
  sizeOf: sizeOfStatusRequest,
  write: writeStatusRequest,
  encode: encodeStatusRequest,
};

export interface StatusResponse {
  header: ResponseHeader | undefined;
  /** Server binary version. */
  version: string;
  /** File size. */
  dbSize: number;
  /** 0 = none. */
  leader: bigint;
  /** Committed. */
  raftIndex: number;
  raftTerm: number;
  raftAppliedIndex: number;
  /** Raised alarms and the lack of a leader, in words. */
  errors: string[];
  dbSizeInUse: number;
  isLearner: boolean;
  storageVersion: string;
  dbSizeQuota: number;
  downgradeInfo: DowngradeInfo | undefined;
}

export function createStatusResponse(partial?: Partial<StatusResponse>): StatusResponse {
  const message: StatusResponse = {
    header: undefined,
    version: "",
    dbSize: 0,
    leader: 0n,
    raftIndex: 0,
    raftTerm: 0,
    raftAppliedIndex: 0,
    errors: [],
    dbSizeInUse: 0,
    isLearner: false,
    storageVersion: "",
    dbSizeQuota: 0,
    downgradeInfo: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeStatusResponse(buf: Uint8Array, start = 0, end = buf.length): StatusResponse {
  const message = createStatusResponse();
  readStatusResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readStatusResponse(reader: Reader, message: StatusResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.version = reader.string();
        break;
      case 24:
        message.dbSize = reader.int64();
        break;
      case 32:
        message.leader = reader.bigUint64();
        break;
      case 40:
        message.raftIndex = reader.uint64();
        break;
      case 48:
        message.raftTerm = reader.uint64();
        break;
      case 56:
        message.raftAppliedIndex = reader.uint64();
        break;
      case 66:
        message.errors.push(reader.string());
        break;
      case 72:
        message.dbSizeInUse = reader.int64();
        break;
      case 80:
        message.isLearner = reader.bool();
        break;
      case 90:
        message.storageVersion = reader.string();
        break;
      case 96:
        message.dbSizeQuota = reader.int64();
        break;
      case 106:
        message.downgradeInfo = readNested(reader, message.downgradeInfo ?? createDowngradeInfo(), readDowngradeInfo);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfStatusResponse(message: StatusResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.version !== "") {
    size += 1 + sizeOfString(message.version);
  }
  if (message.dbSize !== 0) {
    size += 1 + sizeOfVarint(message.dbSize);
  }
  if (message.leader !== 0n) {
    size += 1 + sizeOfBigVarint(message.leader);
  }
  if (message.raftIndex !== 0) {
    size += 1 + sizeOfVarint(message.raftIndex);
  }
  if (message.raftTerm !== 0) {
    size += 1 + sizeOfVarint(message.raftTerm);
  }
  if (message.raftAppliedIndex !== 0) {
    size += 1 + sizeOfVarint(message.raftAppliedIndex);
  }
  for (const item of message.errors) {
    size += 1 + sizeOfString(item);
  }
  if (message.dbSizeInUse !== 0) {
    size += 1 + sizeOfVarint(message.dbSizeInUse);
  }
  if (message.isLearner) {
    size += 1 + 1;
  }
  if (message.storageVersion !== "") {
    size += 1 + sizeOfString(message.storageVersion);
  }
  if (message.dbSizeQuota !== 0) {
    size += 1 + sizeOfVarint(message.dbSizeQuota);
  }
  if (message.downgradeInfo !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfDowngradeInfo(message.downgradeInfo));
  }
  return size;
}

export function writeStatusResponse(message: StatusResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.version !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.version);
  }
  if (message.dbSize !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.dbSize);
  }
  if (message.leader !== 0n) {
    buf[pos++] = 32;
    pos = writeBigVarint(buf, pos, message.leader);
  }
  if (message.raftIndex !== 0) {
    buf[pos++] = 40;
    pos = writeVarint(buf, pos, message.raftIndex);
  }
  if (message.raftTerm !== 0) {
    buf[pos++] = 48;
    pos = writeVarint(buf, pos, message.raftTerm);
  }
  if (message.raftAppliedIndex !== 0) {
    buf[pos++] = 56;
    pos = writeVarint(buf, pos, message.raftAppliedIndex);
  }
  for (const item of message.errors) {
    buf[pos++] = 66;
    pos = writeString(buf, pos, item);
  }
  if (message.dbSizeInUse !== 0) {
    buf[pos++] = 72;
    pos = writeVarint(buf, pos, message.dbSizeInUse);
  }
  if (message.isLearner) {
    buf[pos++] = 80;
    pos = writeVarint(buf, pos, message.isLearner ? 1 : 0);
  }
  if (message.storageVersion !== "") {
    buf[pos++] = 90;
    pos = writeString(buf, pos, message.storageVersion);
  }
  if (message.dbSizeQuota !== 0) {
    buf[pos++] = 96;
    pos = writeVarint(buf, pos, message.dbSizeQuota);
  }
  if (message.downgradeInfo !== undefined) {
    buf[pos++] = 106;
    pos = writeVarint(buf, pos, sizeOfDowngradeInfo(message.downgradeInfo));
    pos = writeDowngradeInfo(message.downgradeInfo, buf, pos);
  }
  return pos;
}

export function encodeStatusResponse(message: StatusResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfStatusResponse(message));
  assert(writeStatusResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const StatusResponseCodec: Codec<StatusResponse> = {
  typeName: "etcdserverpb.StatusResponse",
  create: createStatusResponse,
  decode: decodeStatusResponse,
  sizeOf: sizeOfStatusResponse,
  write: writeStatusResponse,
  encode: encodeStatusResponse,
};

/** 3.6+. */
export interface DowngradeInfo {
  enabled: boolean;
  targetVersion: string;
}

export function createDowngradeInfo(partial?: Partial<DowngradeInfo>): DowngradeInfo {
  const message: DowngradeInfo = {
    enabled: false,
    targetVersion: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeDowngradeInfo(buf: Uint8Array, start = 0, end = buf.length): DowngradeInfo {
  const message = createDowngradeInfo();
  readDowngradeInfo(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readDowngradeInfo(reader: Reader, message: DowngradeInfo): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.enabled = reader.bool();
        break;
      case 18:
        message.targetVersion = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfDowngradeInfo(message: DowngradeInfo): number {
  let size = 0;
  if (message.enabled) {
    size += 1 + 1;
  }
  if (message.targetVersion !== "") {
    size += 1 + sizeOfString(message.targetVersion);
  }
  return size;
}

export function writeDowngradeInfo(message: DowngradeInfo, buf: Uint8Array, pos: number): number {
  if (message.enabled) {
    buf[pos++] = 8;
    pos = writeVarint(buf, pos, message.enabled ? 1 : 0);
  }
  if (message.targetVersion !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.targetVersion);
  }
  return pos;
}

export function encodeDowngradeInfo(message: DowngradeInfo): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfDowngradeInfo(message));
  assert(writeDowngradeInfo(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const DowngradeInfoCodec: Codec<DowngradeInfo> = {
  typeName: "etcdserverpb.DowngradeInfo",
  create: createDowngradeInfo,
  decode: decodeDowngradeInfo,
  sizeOf: sizeOfDowngradeInfo,
  write: writeDowngradeInfo,
  encode: encodeDowngradeInfo,
};

export interface AuthEnableRequest {

}

export function createAuthEnableRequest(partial?: Partial<AuthEnableRequest>): AuthEnableRequest {
  const message: AuthEnableRequest = {

  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthEnableRequest(buf: Uint8Array, start = 0, end = buf.length): AuthEnableRequest {
  const message = createAuthEnableRequest();
  readAuthEnableRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthEnableRequest(reader: Reader, _message: AuthEnableRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    reader.skip(tag);
  }
}

export function sizeOfAuthEnableRequest(_message: AuthEnableRequest): number {
  return 0;
}

export function writeAuthEnableRequest(_message: AuthEnableRequest, _buf: Uint8Array, pos: number): number {
  return pos;
}

export function encodeAuthEnableRequest(message: AuthEnableRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthEnableRequest(message));
  assert(writeAuthEnableRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthEnableRequestCodec: Codec<AuthEnableRequest> = {
  typeName: "etcdserverpb.AuthEnableRequest",
  create: createAuthEnableRequest,
  decode: decodeAuthEnableRequest,
  sizeOf: sizeOfAuthEnableRequest,
  write: writeAuthEnableRequest,
  encode: encodeAuthEnableRequest,
};

export interface AuthDisableRequest {

}

export function createAuthDisableRequest(partial?: Partial<AuthDisableRequest>): AuthDisableRequest {
  const message: AuthDisableRequest = {

  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthDisableRequest(buf: Uint8Array, start = 0, end = buf.length): AuthDisableRequest {
  const message = createAuthDisableRequest();
  readAuthDisableRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthDisableRequest(reader: Reader, _message: AuthDisableRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    reader.skip(tag);
  }
}

export function sizeOfAuthDisableRequest(_message: AuthDisableRequest): number {
  return 0;
}

export function writeAuthDisableRequest(_message: AuthDisableRequest, _buf: Uint8Array, pos: number): number {
  return pos;
}

export function encodeAuthDisableRequest(message: AuthDisableRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthDisableRequest(message));
  assert(writeAuthDisableRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthDisableRequestCodec: Codec<AuthDisableRequest> = {
  typeName: "etcdserverpb.AuthDisableRequest",
  create: createAuthDisableRequest,
  decode: decodeAuthDisableRequest,
  sizeOf: sizeOfAuthDisableRequest,
  write: writeAuthDisableRequest,
  encode: encodeAuthDisableRequest,
};

export interface AuthStatusRequest {

}

export function createAuthStatusRequest(partial?: Partial<AuthStatusRequest>): AuthStatusRequest {
  const message: AuthStatusRequest = {

  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthStatusRequest(buf: Uint8Array, start = 0, end = buf.length): AuthStatusRequest {
  const message = createAuthStatusRequest();
  readAuthStatusRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthStatusRequest(reader: Reader, _message: AuthStatusRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    reader.skip(tag);
  }
}

export function sizeOfAuthStatusRequest(_message: AuthStatusRequest): number {
  return 0;
}

export function writeAuthStatusRequest(_message: AuthStatusRequest, _buf: Uint8Array, pos: number): number {
  return pos;
}

export function encodeAuthStatusRequest(message: AuthStatusRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthStatusRequest(message));
  assert(writeAuthStatusRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthStatusRequestCodec: Codec<AuthStatusRequest> = {
  typeName: "etcdserverpb.AuthStatusRequest",
  create: createAuthStatusRequest,
  decode: decodeAuthStatusRequest,
  sizeOf: sizeOfAuthStatusRequest,
  write: writeAuthStatusRequest,
  encode: encodeAuthStatusRequest,
};

export interface AuthenticateRequest {
  name: string;
  password: string;
}

export function createAuthenticateRequest(partial?: Partial<AuthenticateRequest>): AuthenticateRequest {
  const message: AuthenticateRequest = {
    name: "",
    password: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthenticateRequest(buf: Uint8Array, start = 0, end = buf.length): AuthenticateRequest {
  const message = createAuthenticateRequest();
  readAuthenticateRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthenticateRequest(reader: Reader, message: AuthenticateRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.string();
        break;
      case 18:
        message.password = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthenticateRequest(message: AuthenticateRequest): number {
  let size = 0;
  if (message.name !== "") {
    size += 1 + sizeOfString(message.name);
  }
  if (message.password !== "") {
    size += 1 + sizeOfString(message.password);
  }
  return size;
}

export function writeAuthenticateRequest(message: AuthenticateRequest, buf: Uint8Array, pos: number): number {
  if (message.name !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.name);
  }
  if (message.password !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.password);
  }
  return pos;
}

export function encodeAuthenticateRequest(message: AuthenticateRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthenticateRequest(message));
  assert(writeAuthenticateRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthenticateRequestCodec: Codec<AuthenticateRequest> = {
  typeName: "etcdserverpb.AuthenticateRequest",
  create: createAuthenticateRequest,
  decode: decodeAuthenticateRequest,
  sizeOf: sizeOfAuthenticateRequest,
  write: writeAuthenticateRequest,
  encode: encodeAuthenticateRequest,
};

export interface AuthUserAddRequest {
  name: string;
  /** Blanked by the API layer before proposing (3.5+). */
  password: string;
  options: UserAddOptions | undefined;
  /** Standard base64 of a bcrypt string; filled by the API layer (3.5+). */
  hashedPassword: string;
}

export function createAuthUserAddRequest(partial?: Partial<AuthUserAddRequest>): AuthUserAddRequest {
  const message: AuthUserAddRequest = {
    name: "",
    password: "",
    options: undefined,
    hashedPassword: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserAddRequest(buf: Uint8Array, start = 0, end = buf.length): AuthUserAddRequest {
  const message = createAuthUserAddRequest();
  readAuthUserAddRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserAddRequest(reader: Reader, message: AuthUserAddRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.string();
        break;
      case 18:
        message.password = reader.string();
        break;
      case 26:
        message.options = readNested(reader, message.options ?? createUserAddOptions(), readUserAddOptions);
        break;
      case 34:
        message.hashedPassword = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthUserAddRequest(message: AuthUserAddRequest): number {
  let size = 0;
  if (message.name !== "") {
    size += 1 + sizeOfString(message.name);
  }
  if (message.password !== "") {
    size += 1 + sizeOfString(message.password);
  }
  if (message.options !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfUserAddOptions(message.options));
  }
  if (message.hashedPassword !== "") {
    size += 1 + sizeOfString(message.hashedPassword);
  }
  return size;
}

export function writeAuthUserAddRequest(message: AuthUserAddRequest, buf: Uint8Array, pos: number): number {
  if (message.name !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.name);
  }
  if (message.password !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.password);
  }
  if (message.options !== undefined) {
    buf[pos++] = 26;
    pos = writeVarint(buf, pos, sizeOfUserAddOptions(message.options));
    pos = writeUserAddOptions(message.options, buf, pos);
  }
  if (message.hashedPassword !== "") {
    buf[pos++] = 34;
    pos = writeString(buf, pos, message.hashedPassword);
  }
  return pos;
}

export function encodeAuthUserAddRequest(message: AuthUserAddRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserAddRequest(message));
  assert(writeAuthUserAddRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserAddRequestCodec: Codec<AuthUserAddRequest> = {
  typeName: "etcdserverpb.AuthUserAddRequest",
  create: createAuthUserAddRequest,
  decode: decodeAuthUserAddRequest,
  sizeOf: sizeOfAuthUserAddRequest,
  write: writeAuthUserAddRequest,
  encode: encodeAuthUserAddRequest,
};

export interface AuthUserGetRequest {
  name: string;
}

export function createAuthUserGetRequest(partial?: Partial<AuthUserGetRequest>): AuthUserGetRequest {
  const message: AuthUserGetRequest = {
    name: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserGetRequest(buf: Uint8Array, start = 0, end = buf.length): AuthUserGetRequest {
  const message = createAuthUserGetRequest();
  readAuthUserGetRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserGetRequest(reader: Reader, message: AuthUserGetRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthUserGetRequest(message: AuthUserGetRequest): number {
  let size = 0;
  if (message.name !== "") {
    size += 1 + sizeOfString(message.name);
  }
  return size;
}

export function writeAuthUserGetRequest(message: AuthUserGetRequest, buf: Uint8Array, pos: number): number {
  if (message.name !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.name);
  }
  return pos;
}

export function encodeAuthUserGetRequest(message: AuthUserGetRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserGetRequest(message));
  assert(writeAuthUserGetRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserGetRequestCodec: Codec<AuthUserGetRequest> = {
  typeName: "etcdserverpb.AuthUserGetRequest",
  create: createAuthUserGetRequest,
  decode: decodeAuthUserGetRequest,
  sizeOf: sizeOfAuthUserGetRequest,
  write: writeAuthUserGetRequest,
  encode: encodeAuthUserGetRequest,
};

export interface AuthUserDeleteRequest {
  name: string;
}

export function createAuthUserDeleteRequest(partial?: Partial<AuthUserDeleteRequest>): AuthUserDeleteRequest {
  const message: AuthUserDeleteRequest = {
    name: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserDeleteRequest(buf: Uint8Array, start = 0, end = buf.length): AuthUserDeleteRequest {
  const message = createAuthUserDeleteRequest();
  readAuthUserDeleteRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserDeleteRequest(reader: Reader, message: AuthUserDeleteRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthUserDeleteRequest(message: AuthUserDeleteRequest): number {
  let size = 0;
  if (message.name !== "") {
    size += 1 + sizeOfString(message.name);
  }
  return size;
}

export function writeAuthUserDeleteRequest(message: AuthUserDeleteRequest, buf: Uint8Array, pos: number): number {
  if (message.name !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.name);
  }
  return pos;
}

export function encodeAuthUserDeleteRequest(message: AuthUserDeleteRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserDeleteRequest(message));
  assert(writeAuthUserDeleteRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserDeleteRequestCodec: Codec<AuthUserDeleteRequest> = {
  typeName: "etcdserverpb.AuthUserDeleteRequest",
  create: createAuthUserDeleteRequest,
  decode: decodeAuthUserDeleteRequest,
  sizeOf: sizeOfAuthUserDeleteRequest,
  write: writeAuthUserDeleteRequest,
  encode: encodeAuthUserDeleteRequest,
};

export interface AuthUserChangePasswordRequest {
  name: string;
  /** Blanked by the API layer. */
  password: string;
  /** Filled by the API layer. */
  hashedPassword: string;
}

export function createAuthUserChangePasswordRequest(partial?: Partial<AuthUserChangePasswordRequest>): AuthUserChangePasswordRequest {
  const message: AuthUserChangePasswordRequest = {
    name: "",
    password: "",
    hashedPassword: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserChangePasswordRequest(buf: Uint8Array, start = 0, end = buf.length): AuthUserChangePasswordRequest {
  const message = createAuthUserChangePasswordRequest();
  readAuthUserChangePasswordRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserChangePasswordRequest(reader: Reader, message: AuthUserChangePasswordRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.string();
        break;
      case 18:
        message.password = reader.string();
        break;
      case 26:
        message.hashedPassword = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthUserChangePasswordRequest(message: AuthUserChangePasswordRequest): number {
  let size = 0;
  if (message.name !== "") {
    size += 1 + sizeOfString(message.name);
  }
  if (message.password !== "") {
    size += 1 + sizeOfString(message.password);
  }
  if (message.hashedPassword !== "") {
    size += 1 + sizeOfString(message.hashedPassword);
  }
  return size;
}

export function writeAuthUserChangePasswordRequest(message: AuthUserChangePasswordRequest, buf: Uint8Array, pos: number): number {
  if (message.name !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.name);
  }
  if (message.password !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.password);
  }
  if (message.hashedPassword !== "") {
    buf[pos++] = 26;
    pos = writeString(buf, pos, message.hashedPassword);
  }
  return pos;
}

export function encodeAuthUserChangePasswordRequest(message: AuthUserChangePasswordRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserChangePasswordRequest(message));
  assert(writeAuthUserChangePasswordRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserChangePasswordRequestCodec: Codec<AuthUserChangePasswordRequest> = {
  typeName: "etcdserverpb.AuthUserChangePasswordRequest",
  create: createAuthUserChangePasswordRequest,
  decode: decodeAuthUserChangePasswordRequest,
  sizeOf: sizeOfAuthUserChangePasswordRequest,
  write: writeAuthUserChangePasswordRequest,
  encode: encodeAuthUserChangePasswordRequest,
};

/** Note user, not name. */
export interface AuthUserGrantRoleRequest {
  user: string;
  role: string;
}

export function createAuthUserGrantRoleRequest(partial?: Partial<AuthUserGrantRoleRequest>): AuthUserGrantRoleRequest {
  const message: AuthUserGrantRoleRequest = {
    user: "",
    role: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserGrantRoleRequest(buf: Uint8Array, start = 0, end = buf.length): AuthUserGrantRoleRequest {
  const message = createAuthUserGrantRoleRequest();
  readAuthUserGrantRoleRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserGrantRoleRequest(reader: Reader, message: AuthUserGrantRoleRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.user = reader.string();
        break;
      case 18:
        message.role = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthUserGrantRoleRequest(message: AuthUserGrantRoleRequest): number {
  let size = 0;
  if (message.user !== "") {
    size += 1 + sizeOfString(message.user);
  }
  if (message.role !== "") {
    size += 1 + sizeOfString(message.role);
  }
  return size;
}

export function writeAuthUserGrantRoleRequest(message: AuthUserGrantRoleRequest, buf: Uint8Array, pos: number): number {
  if (message.user !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.user);
  }
  if (message.role !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.role);
  }
  return pos;
}

export function encodeAuthUserGrantRoleRequest(message: AuthUserGrantRoleRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserGrantRoleRequest(message));
  assert(writeAuthUserGrantRoleRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserGrantRoleRequestCodec: Codec<AuthUserGrantRoleRequest> = {
  typeName: "etcdserverpb.AuthUserGrantRoleRequest",
  create: createAuthUserGrantRoleRequest,
  decode: decodeAuthUserGrantRoleRequest,
  sizeOf: sizeOfAuthUserGrantRoleRequest,
  write: writeAuthUserGrantRoleRequest,
  encode: encodeAuthUserGrantRoleRequest,
};

/** Note name, not user. */
export interface AuthUserRevokeRoleRequest {
  name: string;
  role: string;
}

export function createAuthUserRevokeRoleRequest(partial?: Partial<AuthUserRevokeRoleRequest>): AuthUserRevokeRoleRequest {
  const message: AuthUserRevokeRoleRequest = {
    name: "",
    role: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserRevokeRoleRequest(buf: Uint8Array, start = 0, end = buf.length): AuthUserRevokeRoleRequest {
  const message = createAuthUserRevokeRoleRequest();
  readAuthUserRevokeRoleRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserRevokeRoleRequest(reader: Reader, message: AuthUserRevokeRoleRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.string();
        break;
      case 18:
        message.role = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthUserRevokeRoleRequest(message: AuthUserRevokeRoleRequest): number {
  let size = 0;
  if (message.name !== "") {
    size += 1 + sizeOfString(message.name);
  }
  if (message.role !== "") {
    size += 1 + sizeOfString(message.role);
  }
  return size;
}

export function writeAuthUserRevokeRoleRequest(message: AuthUserRevokeRoleRequest, buf: Uint8Array, pos: number): number {
  if (message.name !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.name);
  }
  if (message.role !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.role);
  }
  return pos;
}

export function encodeAuthUserRevokeRoleRequest(message: AuthUserRevokeRoleRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserRevokeRoleRequest(message));
  assert(writeAuthUserRevokeRoleRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserRevokeRoleRequestCodec: Codec<AuthUserRevokeRoleRequest> = {
  typeName: "etcdserverpb.AuthUserRevokeRoleRequest",
  create: createAuthUserRevokeRoleRequest,
  decode: decodeAuthUserRevokeRoleRequest,
  sizeOf: sizeOfAuthUserRevokeRoleRequest,
  write: writeAuthUserRevokeRoleRequest,
  encode: encodeAuthUserRevokeRoleRequest,
};

export interface AuthRoleAddRequest {
  name: string;
}

export function createAuthRoleAddRequest(partial?: Partial<AuthRoleAddRequest>): AuthRoleAddRequest {
  const message: AuthRoleAddRequest = {
    name: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthRoleAddRequest(buf: Uint8Array, start = 0, end = buf.length): AuthRoleAddRequest {
  const message = createAuthRoleAddRequest();
  readAuthRoleAddRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthRoleAddRequest(reader: Reader, message: AuthRoleAddRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthRoleAddRequest(message: AuthRoleAddRequest): number {
  let size = 0;
  if (message.name !== "") {
    size += 1 + sizeOfString(message.name);
  }
  return size;
}

export function writeAuthRoleAddRequest(message: AuthRoleAddRequest, buf: Uint8Array, pos: number): number {
  if (message.name !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.name);
  }
  return pos;
}

export function encodeAuthRoleAddRequest(message: AuthRoleAddRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthRoleAddRequest(message));
  assert(writeAuthRoleAddRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthRoleAddRequestCodec: Codec<AuthRoleAddRequest> = {
  typeName: "etcdserverpb.AuthRoleAddRequest",
  create: createAuthRoleAddRequest,
  decode: decodeAuthRoleAddRequest,
  sizeOf: sizeOfAuthRoleAddRequest,
  write: writeAuthRoleAddRequest,
  encode: encodeAuthRoleAddRequest,
};

export interface AuthRoleGetRequest {
  role: string;
}

export function createAuthRoleGetRequest(partial?: Partial<AuthRoleGetRequest>): AuthRoleGetRequest {
  const message: AuthRoleGetRequest = {
    role: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthRoleGetRequest(buf: Uint8Array, start = 0, end = buf.length): AuthRoleGetRequest {
  const message = createAuthRoleGetRequest();
  readAuthRoleGetRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthRoleGetRequest(reader: Reader, message: AuthRoleGetRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.role = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthRoleGetRequest(message: AuthRoleGetRequest): number {
  let size = 0;
  if (message.role !== "") {
    size += 1 + sizeOfString(message.role);
  }
  return size;
}

export function writeAuthRoleGetRequest(message: AuthRoleGetRequest, buf: Uint8Array, pos: number): number {
  if (message.role !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.role);
  }
  return pos;
}

export function encodeAuthRoleGetRequest(message: AuthRoleGetRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthRoleGetRequest(message));
  assert(writeAuthRoleGetRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthRoleGetRequestCodec: Codec<AuthRoleGetRequest> = {
  typeName: "etcdserverpb.AuthRoleGetRequest",
  create: createAuthRoleGetRequest,
  decode: decodeAuthRoleGetRequest,
  sizeOf: sizeOfAuthRoleGetRequest,
  write: writeAuthRoleGetRequest,
  encode: encodeAuthRoleGetRequest,
};

export interface AuthUserListRequest {

}

export function createAuthUserListRequest(partial?: Partial<AuthUserListRequest>): AuthUserListRequest {
  const message: AuthUserListRequest = {

  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserListRequest(buf: Uint8Array, start = 0, end = buf.length): AuthUserListRequest {
  const message = createAuthUserListRequest();
  readAuthUserListRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserListRequest(reader: Reader, _message: AuthUserListRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    reader.skip(tag);
  }
}

export function sizeOfAuthUserListRequest(_message: AuthUserListRequest): number {
  return 0;
}

export function writeAuthUserListRequest(_message: AuthUserListRequest, _buf: Uint8Array, pos: number): number {
  return pos;
}

export function encodeAuthUserListRequest(message: AuthUserListRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserListRequest(message));
  assert(writeAuthUserListRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserListRequestCodec: Codec<AuthUserListRequest> = {
  typeName: "etcdserverpb.AuthUserListRequest",
  create: createAuthUserListRequest,
  decode: decodeAuthUserListRequest,
  sizeOf: sizeOfAuthUserListRequest,
  write: writeAuthUserListRequest,
  encode: encodeAuthUserListRequest,
};

export interface AuthRoleListRequest {

}

export function createAuthRoleListRequest(partial?: Partial<AuthRoleListRequest>): AuthRoleListRequest {
  const message: AuthRoleListRequest = {

  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthRoleListRequest(buf: Uint8Array, start = 0, end = buf.length): AuthRoleListRequest {
  const message = createAuthRoleListRequest();
  readAuthRoleListRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthRoleListRequest(reader: Reader, _message: AuthRoleListRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    reader.skip(tag);
  }
}

export function sizeOfAuthRoleListRequest(_message: AuthRoleListRequest): number {
  return 0;
}

export function writeAuthRoleListRequest(_message: AuthRoleListRequest, _buf: Uint8Array, pos: number): number {
  return pos;
}

export function encodeAuthRoleListRequest(message: AuthRoleListRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthRoleListRequest(message));
  assert(writeAuthRoleListRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthRoleListRequestCodec: Codec<AuthRoleListRequest> = {
  typeName: "etcdserverpb.AuthRoleListRequest",
  create: createAuthRoleListRequest,
  decode: decodeAuthRoleListRequest,
  sizeOf: sizeOfAuthRoleListRequest,
  write: writeAuthRoleListRequest,
  encode: encodeAuthRoleListRequest,
};

export interface AuthRoleDeleteRequest {
  role: string;
}

export function createAuthRoleDeleteRequest(partial?: Partial<AuthRoleDeleteRequest>): AuthRoleDeleteRequest {
  const message: AuthRoleDeleteRequest = {
    role: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthRoleDeleteRequest(buf: Uint8Array, start = 0, end = buf.length): AuthRoleDeleteRequest {
  const message = createAuthRoleDeleteRequest();
  readAuthRoleDeleteRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthRoleDeleteRequest(reader: Reader, message: AuthRoleDeleteRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.role = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthRoleDeleteRequest(message: AuthRoleDeleteRequest): number {
  let size = 0;
  if (message.role !== "") {
    size += 1 + sizeOfString(message.role);
  }
  return size;
}

export function writeAuthRoleDeleteRequest(message: AuthRoleDeleteRequest, buf: Uint8Array, pos: number): number {
  if (message.role !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.role);
  }
  return pos;
}

export function encodeAuthRoleDeleteRequest(message: AuthRoleDeleteRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthRoleDeleteRequest(message));
  assert(writeAuthRoleDeleteRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthRoleDeleteRequestCodec: Codec<AuthRoleDeleteRequest> = {
  typeName: "etcdserverpb.AuthRoleDeleteRequest",
  create: createAuthRoleDeleteRequest,
  decode: decodeAuthRoleDeleteRequest,
  sizeOf: sizeOfAuthRoleDeleteRequest,
  write: writeAuthRoleDeleteRequest,
  encode: encodeAuthRoleDeleteRequest,
};

export interface AuthRoleGrantPermissionRequest {
  name: string;
  perm: Permission | undefined;
}

export function createAuthRoleGrantPermissionRequest(partial?: Partial<AuthRoleGrantPermissionRequest>): AuthRoleGrantPermissionRequest {
  const message: AuthRoleGrantPermissionRequest = {
    name: "",
    perm: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthRoleGrantPermissionRequest(buf: Uint8Array, start = 0, end = buf.length): AuthRoleGrantPermissionRequest {
  const message = createAuthRoleGrantPermissionRequest();
  readAuthRoleGrantPermissionRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthRoleGrantPermissionRequest(reader: Reader, message: AuthRoleGrantPermissionRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.string();
        break;
      case 18:
        message.perm = readNested(reader, message.perm ?? createPermission(), readPermission);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthRoleGrantPermissionRequest(message: AuthRoleGrantPermissionRequest): number {
  let size = 0;
  if (message.name !== "") {
    size += 1 + sizeOfString(message.name);
  }
  if (message.perm !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfPermission(message.perm));
  }
  return size;
}

export function writeAuthRoleGrantPermissionRequest(message: AuthRoleGrantPermissionRequest, buf: Uint8Array, pos: number): number {
  if (message.name !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.name);
  }
  if (message.perm !== undefined) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfPermission(message.perm));
    pos = writePermission(message.perm, buf, pos);
  }
  return pos;
}

export function encodeAuthRoleGrantPermissionRequest(message: AuthRoleGrantPermissionRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthRoleGrantPermissionRequest(message));
  assert(writeAuthRoleGrantPermissionRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthRoleGrantPermissionRequestCodec: Codec<AuthRoleGrantPermissionRequest> = {
  typeName: "etcdserverpb.AuthRoleGrantPermissionRequest",
  create: createAuthRoleGrantPermissionRequest,
  decode: decodeAuthRoleGrantPermissionRequest,
  sizeOf: sizeOfAuthRoleGrantPermissionRequest,
  write: writeAuthRoleGrantPermissionRequest,
  encode: encodeAuthRoleGrantPermissionRequest,
};

export interface AuthRoleRevokePermissionRequest {
  role: string;
  key: Uint8Array;
  rangeEnd: Uint8Array;
}

export function createAuthRoleRevokePermissionRequest(partial?: Partial<AuthRoleRevokePermissionRequest>): AuthRoleRevokePermissionRequest {
  const message: AuthRoleRevokePermissionRequest = {
    role: "",
    key: EMPTY_BYTES,
    rangeEnd: EMPTY_BYTES,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthRoleRevokePermissionRequest(buf: Uint8Array, start = 0, end = buf.length): AuthRoleRevokePermissionRequest {
  const message = createAuthRoleRevokePermissionRequest();
  readAuthRoleRevokePermissionRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthRoleRevokePermissionRequest(reader: Reader, message: AuthRoleRevokePermissionRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.role = reader.string();
        break;
      case 18:
        message.key = reader.bytes();
        break;
      case 26:
        message.rangeEnd = reader.bytes();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthRoleRevokePermissionRequest(message: AuthRoleRevokePermissionRequest): number {
  let size = 0;
  if (message.role !== "") {
    size += 1 + sizeOfString(message.role);
  }
  if (message.key.length !== 0) {
    size += 1 + sizeOfBytes(message.key);
  }
  if (message.rangeEnd.length !== 0) {
    size += 1 + sizeOfBytes(message.rangeEnd);
  }
  return size;
}

export function writeAuthRoleRevokePermissionRequest(message: AuthRoleRevokePermissionRequest, buf: Uint8Array, pos: number): number {
  if (message.role !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.role);
  }
  if (message.key.length !== 0) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, message.key);
  }
  if (message.rangeEnd.length !== 0) {
    buf[pos++] = 26;
    pos = writeBytes(buf, pos, message.rangeEnd);
  }
  return pos;
}

export function encodeAuthRoleRevokePermissionRequest(message: AuthRoleRevokePermissionRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthRoleRevokePermissionRequest(message));
  assert(writeAuthRoleRevokePermissionRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthRoleRevokePermissionRequestCodec: Codec<AuthRoleRevokePermissionRequest> = {
  typeName: "etcdserverpb.AuthRoleRevokePermissionRequest",
  create: createAuthRoleRevokePermissionRequest,
  decode: decodeAuthRoleRevokePermissionRequest,
  sizeOf: sizeOfAuthRoleRevokePermissionRequest,
  write: writeAuthRoleRevokePermissionRequest,
  encode: encodeAuthRoleRevokePermissionRequest,
};

export interface AuthEnableResponse {
  header: ResponseHeader | undefined;
}

export function createAuthEnableResponse(partial?: Partial<AuthEnableResponse>): AuthEnableResponse {
  const message: AuthEnableResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthEnableResponse(buf: Uint8Array, start = 0, end = buf.length): AuthEnableResponse {
  const message = createAuthEnableResponse();
  readAuthEnableResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthEnableResponse(reader: Reader, message: AuthEnableResponse): void {
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

export function sizeOfAuthEnableResponse(message: AuthEnableResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeAuthEnableResponse(message: AuthEnableResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeAuthEnableResponse(message: AuthEnableResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthEnableResponse(message));
  assert(writeAuthEnableResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthEnableResponseCodec: Codec<AuthEnableResponse> = {
  typeName: "etcdserverpb.AuthEnableResponse",
  create: createAuthEnableResponse,
  decode: decodeAuthEnableResponse,
  sizeOf: sizeOfAuthEnableResponse,
  write: writeAuthEnableResponse,
  encode: encodeAuthEnableResponse,
};

export interface AuthDisableResponse {
  header: ResponseHeader | undefined;
}

export function createAuthDisableResponse(partial?: Partial<AuthDisableResponse>): AuthDisableResponse {
  const message: AuthDisableResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthDisableResponse(buf: Uint8Array, start = 0, end = buf.length): AuthDisableResponse {
  const message = createAuthDisableResponse();
  readAuthDisableResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthDisableResponse(reader: Reader, message: AuthDisableResponse): void {
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

export function sizeOfAuthDisableResponse(message: AuthDisableResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeAuthDisableResponse(message: AuthDisableResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeAuthDisableResponse(message: AuthDisableResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthDisableResponse(message));
  assert(writeAuthDisableResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthDisableResponseCodec: Codec<AuthDisableResponse> = {
  typeName: "etcdserverpb.AuthDisableResponse",
  create: createAuthDisableResponse,
  decode: decodeAuthDisableResponse,
  sizeOf: sizeOfAuthDisableResponse,
  write: writeAuthDisableResponse,
  encode: encodeAuthDisableResponse,
};

/** 3.4 has the message but no RPC until 3.5. */
export interface AuthStatusResponse {
  header: ResponseHeader | undefined;
  enabled: boolean;
  authRevision: number;
}

export function createAuthStatusResponse(partial?: Partial<AuthStatusResponse>): AuthStatusResponse {
  const message: AuthStatusResponse = {
    header: undefined,
    enabled: false,
    authRevision: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthStatusResponse(buf: Uint8Array, start = 0, end = buf.length): AuthStatusResponse {
  const message = createAuthStatusResponse();
  readAuthStatusResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthStatusResponse(reader: Reader, message: AuthStatusResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 16:
        message.enabled = reader.bool();
        break;
      case 24:
        message.authRevision = reader.uint64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthStatusResponse(message: AuthStatusResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.enabled) {
    size += 1 + 1;
  }
  if (message.authRevision !== 0) {
    size += 1 + sizeOfVarint(message.authRevision);
  }
  return size;
}

export function writeAuthStatusResponse(message: AuthStatusResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.enabled) {
    buf[pos++] = 16;
    pos = writeVarint(buf, pos, message.enabled ? 1 : 0);
  }
  if (message.authRevision !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.authRevision);
  }
  return pos;
}

export function encodeAuthStatusResponse(message: AuthStatusResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthStatusResponse(message));
  assert(writeAuthStatusResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthStatusResponseCodec: Codec<AuthStatusResponse> = {
  typeName: "etcdserverpb.AuthStatusResponse",
  create: createAuthStatusResponse,
  decode: decodeAuthStatusResponse,
  sizeOf: sizeOfAuthStatusResponse,
  write: writeAuthStatusResponse,
  encode: encodeAuthStatusResponse,
};

export interface AuthenticateResponse {
  header: ResponseHeader | undefined;
  token: string;
}

export function createAuthenticateResponse(partial?: Partial<AuthenticateResponse>): AuthenticateResponse {
  const message: AuthenticateResponse = {
    header: undefined,
    token: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthenticateResponse(buf: Uint8Array, start = 0, end = buf.length): AuthenticateResponse {
  const message = createAuthenticateResponse();
  readAuthenticateResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthenticateResponse(reader: Reader, message: AuthenticateResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.token = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthenticateResponse(message: AuthenticateResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.token !== "") {
    size += 1 + sizeOfString(message.token);
  }
  return size;
}

export function writeAuthenticateResponse(message: AuthenticateResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.token !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.token);
  }
  return pos;
}

export function encodeAuthenticateResponse(message: AuthenticateResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthenticateResponse(message));
  assert(writeAuthenticateResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthenticateResponseCodec: Codec<AuthenticateResponse> = {
  typeName: "etcdserverpb.AuthenticateResponse",
  create: createAuthenticateResponse,
  decode: decodeAuthenticateResponse,
  sizeOf: sizeOfAuthenticateResponse,
  write: writeAuthenticateResponse,
  encode: encodeAuthenticateResponse,
};

export interface AuthUserAddResponse {
  header: ResponseHeader | undefined;
}

export function createAuthUserAddResponse(partial?: Partial<AuthUserAddResponse>): AuthUserAddResponse {
  const message: AuthUserAddResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserAddResponse(buf: Uint8Array, start = 0, end = buf.length): AuthUserAddResponse {
  const message = createAuthUserAddResponse();
  readAuthUserAddResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserAddResponse(reader: Reader, message: AuthUserAddResponse): void {
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

export function sizeOfAuthUserAddResponse(message: AuthUserAddResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeAuthUserAddResponse(message: AuthUserAddResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeAuthUserAddResponse(message: AuthUserAddResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserAddResponse(message));
  assert(writeAuthUserAddResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserAddResponseCodec: Codec<AuthUserAddResponse> = {
  typeName: "etcdserverpb.AuthUserAddResponse",
  create: createAuthUserAddResponse,
  decode: decodeAuthUserAddResponse,
  sizeOf: sizeOfAuthUserAddResponse,
  write: writeAuthUserAddResponse,
  encode: encodeAuthUserAddResponse,
};

export interface AuthUserGetResponse {
  header: ResponseHeader | undefined;
  roles: string[];
}

export function createAuthUserGetResponse(partial?: Partial<AuthUserGetResponse>): AuthUserGetResponse {
  const message: AuthUserGetResponse = {
    header: undefined,
    roles: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserGetResponse(buf: Uint8Array, start = 0, end = buf.length): AuthUserGetResponse {
  const message = createAuthUserGetResponse();
  readAuthUserGetResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserGetResponse(reader: Reader, message: AuthUserGetResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.roles.push(reader.string());
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthUserGetResponse(message: AuthUserGetResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  for (const item of message.roles) {
    size += 1 + sizeOfString(item);
  }
  return size;
}

export function writeAuthUserGetResponse(message: AuthUserGetResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  for (const item of message.roles) {
    buf[pos++] = 18;
    pos = writeString(buf, pos, item);
  }
  return pos;
}

export function encodeAuthUserGetResponse(message: AuthUserGetResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserGetResponse(message));
  assert(writeAuthUserGetResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserGetResponseCodec: Codec<AuthUserGetResponse> = {
  typeName: "etcdserverpb.AuthUserGetResponse",
  create: createAuthUserGetResponse,
  decode: decodeAuthUserGetResponse,
  sizeOf: sizeOfAuthUserGetResponse,
  write: writeAuthUserGetResponse,
  encode: encodeAuthUserGetResponse,
};

export interface AuthUserDeleteResponse {
  header: ResponseHeader | undefined;
}

export function createAuthUserDeleteResponse(partial?: Partial<AuthUserDeleteResponse>): AuthUserDeleteResponse {
  const message: AuthUserDeleteResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserDeleteResponse(buf: Uint8Array, start = 0, end = buf.length): AuthUserDeleteResponse {
  const message = createAuthUserDeleteResponse();
  readAuthUserDeleteResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserDeleteResponse(reader: Reader, message: AuthUserDeleteResponse): void {
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

export function sizeOfAuthUserDeleteResponse(message: AuthUserDeleteResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeAuthUserDeleteResponse(message: AuthUserDeleteResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeAuthUserDeleteResponse(message: AuthUserDeleteResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserDeleteResponse(message));
  assert(writeAuthUserDeleteResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserDeleteResponseCodec: Codec<AuthUserDeleteResponse> = {
  typeName: "etcdserverpb.AuthUserDeleteResponse",
  create: createAuthUserDeleteResponse,
  decode: decodeAuthUserDeleteResponse,
  sizeOf: sizeOfAuthUserDeleteResponse,
  write: writeAuthUserDeleteResponse,
  encode: encodeAuthUserDeleteResponse,
};

export interface AuthUserChangePasswordResponse {
  header: ResponseHeader | undefined;
}

export function createAuthUserChangePasswordResponse(partial?: Partial<AuthUserChangePasswordResponse>): AuthUserChangePasswordResponse {
  const message: AuthUserChangePasswordResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserChangePasswordResponse(buf: Uint8Array, start = 0, end = buf.length): AuthUserChangePasswordResponse {
  const message = createAuthUserChangePasswordResponse();
  readAuthUserChangePasswordResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserChangePasswordResponse(reader: Reader, message: AuthUserChangePasswordResponse): void {
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

export function sizeOfAuthUserChangePasswordResponse(message: AuthUserChangePasswordResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeAuthUserChangePasswordResponse(message: AuthUserChangePasswordResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeAuthUserChangePasswordResponse(message: AuthUserChangePasswordResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserChangePasswordResponse(message));
  assert(writeAuthUserChangePasswordResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserChangePasswordResponseCodec: Codec<AuthUserChangePasswordResponse> = {
  typeName: "etcdserverpb.AuthUserChangePasswordResponse",
  create: createAuthUserChangePasswordResponse,
  decode: decodeAuthUserChangePasswordResponse,
  sizeOf: sizeOfAuthUserChangePasswordResponse,
  write: writeAuthUserChangePasswordResponse,
  encode: encodeAuthUserChangePasswordResponse,
};

export interface AuthUserGrantRoleResponse {
  header: ResponseHeader | undefined;
}

export function createAuthUserGrantRoleResponse(partial?: Partial<AuthUserGrantRoleResponse>): AuthUserGrantRoleResponse {
  const message: AuthUserGrantRoleResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserGrantRoleResponse(buf: Uint8Array, start = 0, end = buf.length): AuthUserGrantRoleResponse {
  const message = createAuthUserGrantRoleResponse();
  readAuthUserGrantRoleResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserGrantRoleResponse(reader: Reader, message: AuthUserGrantRoleResponse): void {
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

export function sizeOfAuthUserGrantRoleResponse(message: AuthUserGrantRoleResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeAuthUserGrantRoleResponse(message: AuthUserGrantRoleResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeAuthUserGrantRoleResponse(message: AuthUserGrantRoleResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserGrantRoleResponse(message));
  assert(writeAuthUserGrantRoleResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserGrantRoleResponseCodec: Codec<AuthUserGrantRoleResponse> = {
  typeName: "etcdserverpb.AuthUserGrantRoleResponse",
  create: createAuthUserGrantRoleResponse,
  decode: decodeAuthUserGrantRoleResponse,
  sizeOf: sizeOfAuthUserGrantRoleResponse,
  write: writeAuthUserGrantRoleResponse,
  encode: encodeAuthUserGrantRoleResponse,
};

export interface AuthUserRevokeRoleResponse {
  header: ResponseHeader | undefined;
}

export function createAuthUserRevokeRoleResponse(partial?: Partial<AuthUserRevokeRoleResponse>): AuthUserRevokeRoleResponse {
  const message: AuthUserRevokeRoleResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserRevokeRoleResponse(buf: Uint8Array, start = 0, end = buf.length): AuthUserRevokeRoleResponse {
  const message = createAuthUserRevokeRoleResponse();
  readAuthUserRevokeRoleResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserRevokeRoleResponse(reader: Reader, message: AuthUserRevokeRoleResponse): void {
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

export function sizeOfAuthUserRevokeRoleResponse(message: AuthUserRevokeRoleResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeAuthUserRevokeRoleResponse(message: AuthUserRevokeRoleResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeAuthUserRevokeRoleResponse(message: AuthUserRevokeRoleResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserRevokeRoleResponse(message));
  assert(writeAuthUserRevokeRoleResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserRevokeRoleResponseCodec: Codec<AuthUserRevokeRoleResponse> = {
  typeName: "etcdserverpb.AuthUserRevokeRoleResponse",
  create: createAuthUserRevokeRoleResponse,
  decode: decodeAuthUserRevokeRoleResponse,
  sizeOf: sizeOfAuthUserRevokeRoleResponse,
  write: writeAuthUserRevokeRoleResponse,
  encode: encodeAuthUserRevokeRoleResponse,
};

export interface AuthRoleAddResponse {
  header: ResponseHeader | undefined;
}

export function createAuthRoleAddResponse(partial?: Partial<AuthRoleAddResponse>): AuthRoleAddResponse {
  const message: AuthRoleAddResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthRoleAddResponse(buf: Uint8Array, start = 0, end = buf.length): AuthRoleAddResponse {
  const message = createAuthRoleAddResponse();
  readAuthRoleAddResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthRoleAddResponse(reader: Reader, message: AuthRoleAddResponse): void {
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

export function sizeOfAuthRoleAddResponse(message: AuthRoleAddResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeAuthRoleAddResponse(message: AuthRoleAddResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeAuthRoleAddResponse(message: AuthRoleAddResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthRoleAddResponse(message));
  assert(writeAuthRoleAddResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthRoleAddResponseCodec: Codec<AuthRoleAddResponse> = {
  typeName: "etcdserverpb.AuthRoleAddResponse",
  create: createAuthRoleAddResponse,
  decode: decodeAuthRoleAddResponse,
  sizeOf: sizeOfAuthRoleAddResponse,
  write: writeAuthRoleAddResponse,
  encode: encodeAuthRoleAddResponse,
};

export interface AuthRoleGetResponse {
  header: ResponseHeader | undefined;
  perm: Permission[];
}

export function createAuthRoleGetResponse(partial?: Partial<AuthRoleGetResponse>): AuthRoleGetResponse {
  const message: AuthRoleGetResponse = {
    header: undefined,
    perm: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthRoleGetResponse(buf: Uint8Array, start = 0, end = buf.length): AuthRoleGetResponse {
  const message = createAuthRoleGetResponse();
  readAuthRoleGetResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthRoleGetResponse(reader: Reader, message: AuthRoleGetResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.perm.push(readNested(reader, createPermission(), readPermission));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthRoleGetResponse(message: AuthRoleGetResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  for (const item of message.perm) {
    size += 1 + sizeOfLengthAnd(sizeOfPermission(item));
  }
  return size;
}

export function writeAuthRoleGetResponse(message: AuthRoleGetResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  for (const item of message.perm) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfPermission(item));
    pos = writePermission(item, buf, pos);
  }
  return pos;
}

export function encodeAuthRoleGetResponse(message: AuthRoleGetResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthRoleGetResponse(message));
  assert(writeAuthRoleGetResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthRoleGetResponseCodec: Codec<AuthRoleGetResponse> = {
  typeName: "etcdserverpb.AuthRoleGetResponse",
  create: createAuthRoleGetResponse,
  decode: decodeAuthRoleGetResponse,
  sizeOf: sizeOfAuthRoleGetResponse,
  write: writeAuthRoleGetResponse,
  encode: encodeAuthRoleGetResponse,
};

export interface AuthRoleListResponse {
  header: ResponseHeader | undefined;
  roles: string[];
}

export function createAuthRoleListResponse(partial?: Partial<AuthRoleListResponse>): AuthRoleListResponse {
  const message: AuthRoleListResponse = {
    header: undefined,
    roles: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthRoleListResponse(buf: Uint8Array, start = 0, end = buf.length): AuthRoleListResponse {
  const message = createAuthRoleListResponse();
  readAuthRoleListResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthRoleListResponse(reader: Reader, message: AuthRoleListResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.roles.push(reader.string());
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthRoleListResponse(message: AuthRoleListResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  for (const item of message.roles) {
    size += 1 + sizeOfString(item);
  }
  return size;
}

export function writeAuthRoleListResponse(message: AuthRoleListResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  for (const item of message.roles) {
    buf[pos++] = 18;
    pos = writeString(buf, pos, item);
  }
  return pos;
}

export function encodeAuthRoleListResponse(message: AuthRoleListResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthRoleListResponse(message));
  assert(writeAuthRoleListResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthRoleListResponseCodec: Codec<AuthRoleListResponse> = {
  typeName: "etcdserverpb.AuthRoleListResponse",
  create: createAuthRoleListResponse,
  decode: decodeAuthRoleListResponse,
  sizeOf: sizeOfAuthRoleListResponse,
  write: writeAuthRoleListResponse,
  encode: encodeAuthRoleListResponse,
};

export interface AuthUserListResponse {
  header: ResponseHeader | undefined;
  users: string[];
}

export function createAuthUserListResponse(partial?: Partial<AuthUserListResponse>): AuthUserListResponse {
  const message: AuthUserListResponse = {
    header: undefined,
    users: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthUserListResponse(buf: Uint8Array, start = 0, end = buf.length): AuthUserListResponse {
  const message = createAuthUserListResponse();
  readAuthUserListResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthUserListResponse(reader: Reader, message: AuthUserListResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.users.push(reader.string());
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfAuthUserListResponse(message: AuthUserListResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  for (const item of message.users) {
    size += 1 + sizeOfString(item);
  }
  return size;
}

export function writeAuthUserListResponse(message: AuthUserListResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  for (const item of message.users) {
    buf[pos++] = 18;
    pos = writeString(buf, pos, item);
  }
  return pos;
}

export function encodeAuthUserListResponse(message: AuthUserListResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthUserListResponse(message));
  assert(writeAuthUserListResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthUserListResponseCodec: Codec<AuthUserListResponse> = {
  typeName: "etcdserverpb.AuthUserListResponse",
  create: createAuthUserListResponse,
  decode: decodeAuthUserListResponse,
  sizeOf: sizeOfAuthUserListResponse,
  write: writeAuthUserListResponse,
  encode: encodeAuthUserListResponse,
};

export interface AuthRoleDeleteResponse {
  header: ResponseHeader | undefined;
}

export function createAuthRoleDeleteResponse(partial?: Partial<AuthRoleDeleteResponse>): AuthRoleDeleteResponse {
  const message: AuthRoleDeleteResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthRoleDeleteResponse(buf: Uint8Array, start = 0, end = buf.length): AuthRoleDeleteResponse {
  const message = createAuthRoleDeleteResponse();
  readAuthRoleDeleteResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthRoleDeleteResponse(reader: Reader, message: AuthRoleDeleteResponse): void {
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

export function sizeOfAuthRoleDeleteResponse(message: AuthRoleDeleteResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeAuthRoleDeleteResponse(message: AuthRoleDeleteResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeAuthRoleDeleteResponse(message: AuthRoleDeleteResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthRoleDeleteResponse(message));
  assert(writeAuthRoleDeleteResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthRoleDeleteResponseCodec: Codec<AuthRoleDeleteResponse> = {
  typeName: "etcdserverpb.AuthRoleDeleteResponse",
  create: createAuthRoleDeleteResponse,
  decode: decodeAuthRoleDeleteResponse,
  sizeOf: sizeOfAuthRoleDeleteResponse,
  write: writeAuthRoleDeleteResponse,
  encode: encodeAuthRoleDeleteResponse,
};

export interface AuthRoleGrantPermissionResponse {
  header: ResponseHeader | undefined;
}

export function createAuthRoleGrantPermissionResponse(partial?: Partial<AuthRoleGrantPermissionResponse>): AuthRoleGrantPermissionResponse {
  const message: AuthRoleGrantPermissionResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthRoleGrantPermissionResponse(buf: Uint8Array, start = 0, end = buf.length): AuthRoleGrantPermissionResponse {
  const message = createAuthRoleGrantPermissionResponse();
  readAuthRoleGrantPermissionResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthRoleGrantPermissionResponse(reader: Reader, message: AuthRoleGrantPermissionResponse): void {
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

export function sizeOfAuthRoleGrantPermissionResponse(message: AuthRoleGrantPermissionResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeAuthRoleGrantPermissionResponse(message: AuthRoleGrantPermissionResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeAuthRoleGrantPermissionResponse(message: AuthRoleGrantPermissionResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthRoleGrantPermissionResponse(message));
  assert(writeAuthRoleGrantPermissionResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthRoleGrantPermissionResponseCodec: Codec<AuthRoleGrantPermissionResponse> = {
  typeName: "etcdserverpb.AuthRoleGrantPermissionResponse",
  create: createAuthRoleGrantPermissionResponse,
  decode: decodeAuthRoleGrantPermissionResponse,
  sizeOf: sizeOfAuthRoleGrantPermissionResponse,
  write: writeAuthRoleGrantPermissionResponse,
  encode: encodeAuthRoleGrantPermissionResponse,
};

export interface AuthRoleRevokePermissionResponse {
  header: ResponseHeader | undefined;
}

export function createAuthRoleRevokePermissionResponse(partial?: Partial<AuthRoleRevokePermissionResponse>): AuthRoleRevokePermissionResponse {
  const message: AuthRoleRevokePermissionResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeAuthRoleRevokePermissionResponse(buf: Uint8Array, start = 0, end = buf.length): AuthRoleRevokePermissionResponse {
  const message = createAuthRoleRevokePermissionResponse();
  readAuthRoleRevokePermissionResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readAuthRoleRevokePermissionResponse(reader: Reader, message: AuthRoleRevokePermissionResponse): void {
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

export function sizeOfAuthRoleRevokePermissionResponse(message: AuthRoleRevokePermissionResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeAuthRoleRevokePermissionResponse(message: AuthRoleRevokePermissionResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeAuthRoleRevokePermissionResponse(message: AuthRoleRevokePermissionResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfAuthRoleRevokePermissionResponse(message));
  assert(writeAuthRoleRevokePermissionResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const AuthRoleRevokePermissionResponseCodec: Codec<AuthRoleRevokePermissionResponse> = {
  typeName: "etcdserverpb.AuthRoleRevokePermissionResponse",
  create: createAuthRoleRevokePermissionResponse,
  decode: decodeAuthRoleRevokePermissionResponse,
  sizeOf: sizeOfAuthRoleRevokePermissionResponse,
  write: writeAuthRoleRevokePermissionResponse,
  encode: encodeAuthRoleRevokePermissionResponse,
};

/** New in 3.7 (KV.RangeStream). */
export interface RangeStreamResponse {
  /** Chunk; header/more/count only in the last one. */
  rangeResponse: RangeResponse | undefined;
}

export function createRangeStreamResponse(partial?: Partial<RangeStreamResponse>): RangeStreamResponse {
  const message: RangeStreamResponse = {
    rangeResponse: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeRangeStreamResponse(buf: Uint8Array, start = 0, end = buf.length): RangeStreamResponse {
  const message = createRangeStreamResponse();
  readRangeStreamResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readRangeStreamResponse(reader: Reader, message: RangeStreamResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.rangeResponse = readNested(reader, message.rangeResponse ?? createRangeResponse(), readRangeResponse);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfRangeStreamResponse(message: RangeStreamResponse): number {
  let size = 0;
  if (message.rangeResponse !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfRangeResponse(message.rangeResponse));
  }
  return size;
}

export function writeRangeStreamResponse(message: RangeStreamResponse, buf: Uint8Array, pos: number): number {
  if (message.rangeResponse !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfRangeResponse(message.rangeResponse));
    pos = writeRangeResponse(message.rangeResponse, buf, pos);
  }
  return pos;
}

export function encodeRangeStreamResponse(message: RangeStreamResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfRangeStreamResponse(message));
  assert(writeRangeStreamResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const RangeStreamResponseCodec: Codec<RangeStreamResponse> = {
  typeName: "etcdserverpb.RangeStreamResponse",
  create: createRangeStreamResponse,
  decode: decodeRangeStreamResponse,
  sizeOf: sizeOfRangeStreamResponse,
  write: writeRangeStreamResponse,
  encode: encodeRangeStreamResponse,
};
