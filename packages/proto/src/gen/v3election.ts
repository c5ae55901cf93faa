/** Generated from proto/v3election.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

import { assert, EMPTY_BYTES } from "@etcd-ts/base";
import type { Codec } from "../codec.ts";
import { openReader, type Reader, readNested } from "../wire/reader.ts";
import { sizeOfBigVarint, sizeOfBytes, sizeOfLengthAnd, sizeOfVarint, writeBigVarint, writeBytes, writeVarint } from "../wire/writer.ts";
import { type ResponseHeader, createResponseHeader, readResponseHeader, sizeOfResponseHeader, writeResponseHeader } from "./rpc.ts";

export interface CampaignRequest {
  name: Uint8Array;
  lease: bigint;
  value: Uint8Array;
}

export function createCampaignRequest(partial?: Partial<CampaignRequest>): CampaignRequest {
  const message: CampaignRequest = {
    name: EMPTY_BYTES,
    lease: 0n,
    value: EMPTY_BYTES,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeCampaignRequest(buf: Uint8Array, start = 0, end = buf.length): CampaignRequest {
  const message = createCampaignRequest();
  readCampaignRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readCampaignRequest(reader: Reader, message: CampaignRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.bytes();
        break;
      case 16:
        message.lease = reader.bigInt64();
        break;
      case 26:
        message.value = reader.bytes();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfCampaignRequest(message: CampaignRequest): number {
  let size = 0;
  if (message.name.length !== 0) {
    size += 1 + sizeOfBytes(message.name);
  }
  if (message.lease !== 0n) {
    size += 1 + sizeOfBigVarint(message.lease);
  }
  if (message.value.length !== 0) {
    size += 1 + sizeOfBytes(message.value);
  }
  return size;
}

export function writeCampaignRequest(message: CampaignRequest, buf: Uint8Array, pos: number): number {
  if (message.name.length !== 0) {
    buf[pos++] = 10;
    pos = writeBytes(buf, pos, message.name);
  }
  if (message.lease !== 0n) {
    buf[pos++] = 16;
    pos = writeBigVarint(buf, pos, message.lease);
  }
  if (message.value.length !== 0) {
    buf[pos++] = 26;
    pos = writeBytes(buf, pos, message.value);
  }
  return pos;
}

export function encodeCampaignRequest(message: CampaignRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfCampaignRequest(message));
  assert(writeCampaignRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const CampaignRequestCodec: Codec<CampaignRequest> = {
  typeName: "v3electionpb.CampaignRequest",
  create: createCampaignRequest,
  decode: decodeCampaignRequest,
  sizeOf: sizeOfCampaignRequest,
  write: writeCampaignRequest,
  encode: encodeCampaignRequest,
};

export interface CampaignResponse {
  header: ResponseHeader | undefined;
  leader: LeaderKey | undefined;
}

export function createCampaignResponse(partial?: Partial<CampaignResponse>): CampaignResponse {
  const message: CampaignResponse = {
    header: undefined,
    leader: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeCampaignResponse(buf: Uint8Array, start = 0, end = buf.length): CampaignResponse {
  const message = createCampaignResponse();
  readCampaignResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readCampaignResponse(reader: Reader, message: CampaignResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.leader = readNested(reader, message.leader ?? createLeaderKey(), readLeaderKey);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfCampaignResponse(message: CampaignResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.leader !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfLeaderKey(message.leader));
  }
  return size;
}

export function writeCampaignResponse(message: CampaignResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.leader !== undefined) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfLeaderKey(message.leader));
    pos = writeLeaderKey(message.leader, buf, pos);
  }
  return pos;
}

export function encodeCampaignResponse(message: CampaignResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfCampaignResponse(message));
  assert(writeCampaignResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const CampaignResponseCodec: Codec<CampaignResponse> = {
  typeName: "v3electionpb.CampaignResponse",
  create: createCampaignResponse,
  decode: decodeCampaignResponse,
  sizeOf: sizeOfCampaignResponse,
  write: writeCampaignResponse,
  encode: encodeCampaignResponse,
};

export interface LeaderKey {
  /** Election name as given. */
  name: Uint8Array;
  /** Ownership key. */
  key: Uint8Array;
  /** Its create revision. */
  rev: number;
  lease: bigint;
}

export function createLeaderKey(partial?: Partial<LeaderKey>): LeaderKey {
  const message: LeaderKey = {
    name: EMPTY_BYTES,
    key: EMPTY_BYTES,
    rev: 0,
    lease: 0n,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaderKey(buf: Uint8Array, start = 0, end = buf.length): LeaderKey {
  const message = createLeaderKey();
  readLeaderKey(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaderKey(reader: Reader, message: LeaderKey): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.bytes();
        break;
      case 18:
        message.key = reader.bytes();
        break;
      case 24:
        message.rev = reader.int64();
        break;
      case 32:
        message.lease = reader.bigInt64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaderKey(message: LeaderKey): number {
  let size = 0;
  if (message.name.length !== 0) {
    size += 1 + sizeOfBytes(message.name);
  }
  if (message.key.length !== 0) {
    size += 1 + sizeOfBytes(message.key);
  }
  if (message.rev !== 0) {
    size += 1 + sizeOfVarint(message.rev);
  }
  if (message.lease !== 0n) {
    size += 1 + sizeOfBigVarint(message.lease);
  }
  return size;
}

export function writeLeaderKey(message: LeaderKey, buf: Uint8Array, pos: number): number {
  if (message.name.length !== 0) {
    buf[pos++] = 10;
    pos = writeBytes(buf, pos, message.name);
  }
  if (message.key.length !== 0) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, message.key);
  }
  if (message.rev !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.rev);
  }
  if (message.lease !== 0n) {
    buf[pos++] = 32;
    pos = writeBigVarint(buf, pos, message.lease);
  }
  return pos;
}

export function encodeLeaderKey(message: LeaderKey): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaderKey(message));
  assert(writeLeaderKey(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaderKeyCodec: Codec<LeaderKey> = {
  typeName: "v3electionpb.LeaderKey",
  create: createLeaderKey,
  decode: decodeLeaderKey,
  sizeOf: sizeOfLeaderKey,
  write: writeLeaderKey,
  encode: encodeLeaderKey,
};

export interface LeaderRequest {
  name: Uint8Array;
}

export function createLeaderRequest(partial?: Partial<LeaderRequest>): LeaderRequest {
  const message: LeaderRequest = {
    name: EMPTY_BYTES,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaderRequest(buf: Uint8Array, start = 0, end = buf.length): LeaderRequest {
  const message = createLeaderRequest();
  readLeaderRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaderRequest(reader: Reader, message: LeaderRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.bytes();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaderRequest(message: LeaderRequest): number {
  let size = 0;
  if (message.name.length !== 0) {
    size += 1 + sizeOfBytes(message.name);
  }
  return size;
}

export function writeLeaderRequest(message: LeaderRequest, buf: Uint8Array, pos: number): number {
  if (message.name.length !== 0) {
    buf[pos++] = 10;
    pos = writeBytes(buf, pos, message.name);
  }
  return pos;
}

export function encodeLeaderRequest(message: LeaderRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaderRequest(message));
  assert(writeLeaderRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaderRequestCodec: Codec<LeaderRequest> = {
  typeName: "v3electionpb.LeaderRequest",
  create: createLeaderRequest,
  decode: decodeLeaderRequest,
  sizeOf: sizeOfLeaderRequest,
  write: writeLeaderRequest,
  encode: encodeLeaderRequest,
};

export interface LeaderResponse {
  header: ResponseHeader | undefined;
  /** Encoded: see decodeKeyValue. */
  kv: Uint8Array | undefined;
}

export function createLeaderResponse(partial?: Partial<LeaderResponse>): LeaderResponse {
  const message: LeaderResponse = {
    header: undefined,
    kv: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeLeaderResponse(buf: Uint8Array, start = 0, end = buf.length): LeaderResponse {
  const message = createLeaderResponse();
  readLeaderResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readLeaderResponse(reader: Reader, message: LeaderResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.header = readNested(reader, message.header ?? createResponseHeader(), readResponseHeader);
        break;
      case 18:
        message.kv = reader.encoded(message.kv);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfLeaderResponse(message: LeaderResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  if (message.kv !== undefined) {
    size += 1 + sizeOfBytes(message.kv);
  }
  return size;
}

export function writeLeaderResponse(message: LeaderResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  if (message.kv !== undefined) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, message.kv);
  }
  return pos;
}

export function encodeLeaderResponse(message: LeaderResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfLeaderResponse(message));
  assert(writeLeaderResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const LeaderResponseCodec: Codec<LeaderResponse> = {
  typeName: "v3electionpb.LeaderResponse",
  create: createLeaderResponse,
  decode: decodeLeaderResponse,
  sizeOf: sizeOfLeaderResponse,
  write: writeLeaderResponse,
  encode: encodeLeaderResponse,
};

export interface ResignRequest {
  leader: LeaderKey | undefined;
}

export function createResignRequest(partial?: Partial<ResignRequest>): ResignRequest {
  const message: ResignRequest = {
    leader: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeResignRequest(buf: Uint8Array, start = 0, end = buf.length): ResignRequest {
  const message = createResignRequest();
  readResignRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readResignRequest(reader: Reader, message: ResignRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.leader = readNested(reader, message.leader ?? createLeaderKey(), readLeaderKey);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfResignRequest(message: ResignRequest): number {
  let size = 0;
  if (message.leader !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfLeaderKey(message.leader));
  }
  return size;
}

export function writeResignRequest(message: ResignRequest, buf: Uint8Array, pos: number): number {
  if (message.leader !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfLeaderKey(message.leader));
    pos = writeLeaderKey(message.leader, buf, pos);
  }
  return pos;
}

export function encodeResignRequest(message: ResignRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfResignRequest(message));
  assert(writeResignRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const ResignRequestCodec: Codec<ResignRequest> = {
  typeName: "v3electionpb.ResignRequest",
  create: createResignRequest,
  decode: decodeResignRequest,
  sizeOf: sizeOfResignRequest,
  write: writeResignRequest,
  encode: encodeResignRequest,
};

export interface ResignResponse {
  header: ResponseHeader | undefined;
}

export function createResignResponse(partial?: Partial<ResignResponse>): ResignResponse {
  const message: ResignResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeResignResponse(buf: Uint8Array, start = 0, end = buf.length): ResignResponse {
  const message = createResignResponse();
  readResignResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readResignResponse(reader: Reader, message: ResignResponse): void {
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

export function sizeOfResignResponse(message: ResignResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeResignResponse(message: ResignResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeResignResponse(message: ResignResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfResignResponse(message));
  assert(writeResignResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const ResignResponseCodec: Codec<ResignResponse> = {
  typeName: "v3electionpb.ResignResponse",
  create: createResignResponse,
  decode: decodeResignResponse,
  sizeOf: sizeOfResignResponse,
  write: writeResignResponse,
  encode: encodeResignResponse,
};

export interface ProclaimRequest {
  leader: LeaderKey | undefined;
  value: Uint8Array;
}

export function createProclaimRequest(partial?: Partial<ProclaimRequest>): ProclaimRequest {
  const message: ProclaimRequest = {
    leader: undefined,
    value: EMPTY_BYTES,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeProclaimRequest(buf: Uint8Array, start = 0, end = buf.length): ProclaimRequest {
  const message = createProclaimRequest();
  readProclaimRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readProclaimRequest(reader: Reader, message: ProclaimRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.leader = readNested(reader, message.leader ?? createLeaderKey(), readLeaderKey);
        break;
      case 18:
        message.value = reader.bytes();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfProclaimRequest(message: ProclaimRequest): number {
  let size = 0;
  if (message.leader !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfLeaderKey(message.leader));
  }
  if (message.value.length !== 0) {
    size += 1 + sizeOfBytes(message.value);
  }
  return size;
}

export function writeProclaimRequest(message: ProclaimRequest, buf: Uint8Array, pos: number): number {
  if (message.leader !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfLeaderKey(message.leader));
    pos = writeLeaderKey(message.leader, buf, pos);
  }
  if (message.value.length !== 0) {
    buf[pos++] = 18;
    pos = writeBytes(buf, pos, message.value);
  }
  return pos;
}

export function encodeProclaimRequest(message: ProclaimRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfProclaimRequest(message));
  assert(writeProclaimRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const ProclaimRequestCodec: Codec<ProclaimRequest> = {
  typeName: "v3electionpb.ProclaimRequest",
  create: createProclaimRequest,
  decode: decodeProclaimRequest,
  sizeOf: sizeOfProclaimRequest,
  write: writeProclaimRequest,
  encode: encodeProclaimRequest,
};

export interface ProclaimResponse {
  header: ResponseHeader | undefined;
}

export function createProclaimResponse(partial?: Partial<ProclaimResponse>): ProclaimResponse {
  const message: ProclaimResponse = {
    header: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeProclaimResponse(buf: Uint8Array, start = 0, end = buf.length): ProclaimResponse {
  const message = createProclaimResponse();
  readProclaimResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readProclaimResponse(reader: Reader, message: ProclaimResponse): void {
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

export function sizeOfProclaimResponse(message: ProclaimResponse): number {
  let size = 0;
  if (message.header !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfResponseHeader(message.header));
  }
  return size;
}

export function writeProclaimResponse(message: ProclaimResponse, buf: Uint8Array, pos: number): number {
  if (message.header !== undefined) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfResponseHeader(message.header));
    pos = writeResponseHeader(message.header, buf, pos);
  }
  return pos;
}

export function encodeProclaimResponse(message: ProclaimResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfProclaimResponse(message));
  assert(writeProclaimResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const ProclaimResponseCodec: Codec<ProclaimResponse> = {
  typeName: "v3electionpb.ProclaimResponse",
  create: createProclaimResponse,
  decode: decodeProclaimResponse,
  sizeOf: sizeOfProclaimResponse,
  write: writeProclaimResponse,
  encode: encodeProclaimResponse,
};
