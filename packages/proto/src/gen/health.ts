/** Generated from proto/health.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

import { assert } from "@etcd-ts/base";
import type { Codec } from "../codec.ts";
import { openReader, type Reader, readNested } from "../wire/reader.ts";
import { sizeOfLengthAnd, sizeOfString, sizeOfVarint, writeString, writeVarint } from "../wire/writer.ts";

/** Open: other numbers survive decoding and encoding. */
export type ServingStatus = number;

export const ServingStatus = {
  UNKNOWN: 0,
  SERVING: 1,
  NOT_SERVING: 2,
  SERVICE_UNKNOWN: 3,
} as const;

export interface HealthCheckRequest {
  /** Empty asks for the server as a whole. */
  service: string;
}

export function createHealthCheckRequest(partial?: Partial<HealthCheckRequest>): HealthCheckRequest {
  const message: HealthCheckRequest = {
    service: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeHealthCheckRequest(buf: Uint8Array, start = 0, end = buf.length): HealthCheckRequest {
  const message = createHealthCheckRequest();
  readHealthCheckRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readHealthCheckRequest(reader: Reader, message: HealthCheckRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.service = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfHealthCheckRequest(message: HealthCheckRequest): number {
  let size = 0;
  if (message.service !== "") {
    size += 1 + sizeOfString(message.service);
  }
  return size;
}

export function writeHealthCheckRequest(message: HealthCheckRequest, buf: Uint8Array, pos: number): number {
  if (message.service !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.service);
  }
  return pos;
}

export function encodeHealthCheckRequest(message: HealthCheckRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfHealthCheckRequest(message));
  assert(writeHealthCheckRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const HealthCheckRequestCodec: Codec<HealthCheckRequest> = {
  typeName: "grpc.health.v1.HealthCheckRequest",
  create: createHealthCheckRequest,
  decode: decodeHealthCheckRequest,
  sizeOf: sizeOfHealthCheckRequest,
  write: writeHealthCheckRequest,
  encode: encodeHealthCheckRequest,
};

export interface HealthCheckResponse {
  status: ServingStatus;
}

export function createHealthCheckResponse(partial?: Partial<HealthCheckResponse>): HealthCheckResponse {
  const message: HealthCheckResponse = {
    status: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeHealthCheckResponse(buf: Uint8Array, start = 0, end = buf.length): HealthCheckResponse {
  const message = createHealthCheckResponse();
  readHealthCheckResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readHealthCheckResponse(reader: Reader, message: HealthCheckResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.status = reader.int32();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfHealthCheckResponse(message: HealthCheckResponse): number {
  let size = 0;
  if (message.status !== 0) {
    size += 1 + sizeOfVarint(message.status);
  }
  return size;
}

export function writeHealthCheckResponse(message: HealthCheckResponse, buf: Uint8Array, pos: number): number {
  if (message.status !== 0) {
    buf[pos++] = 8;
    pos = writeVarint(buf, pos, message.status);
  }
  return pos;
}

export function encodeHealthCheckResponse(message: HealthCheckResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfHealthCheckResponse(message));
  assert(writeHealthCheckResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const HealthCheckResponseCodec: Codec<HealthCheckResponse> = {
  typeName: "grpc.health.v1.HealthCheckResponse",
  create: createHealthCheckResponse,
  decode: decodeHealthCheckResponse,
  sizeOf: sizeOfHealthCheckResponse,
  write: writeHealthCheckResponse,
  encode: encodeHealthCheckResponse,
};

export interface HealthListRequest {

}

export function createHealthListRequest(partial?: Partial<HealthListRequest>): HealthListRequest {
  const message: HealthListRequest = {

  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeHealthListRequest(buf: Uint8Array, start = 0, end = buf.length): HealthListRequest {
  const message = createHealthListRequest();
  readHealthListRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readHealthListRequest(reader: Reader, _message: HealthListRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    reader.skip(tag);
  }
}

export function sizeOfHealthListRequest(_message: HealthListRequest): number {
  return 0;
}

export function writeHealthListRequest(_message: HealthListRequest, _buf: Uint8Array, pos: number): number {
  return pos;
}

export function encodeHealthListRequest(message: HealthListRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfHealthListRequest(message));
  assert(writeHealthListRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const HealthListRequestCodec: Codec<HealthListRequest> = {
  typeName: "grpc.health.v1.HealthListRequest",
  create: createHealthListRequest,
  decode: decodeHealthListRequest,
  sizeOf: sizeOfHealthListRequest,
  write: writeHealthListRequest,
  encode: encodeHealthListRequest,
};

export interface HealthListResponse {
  statuses: HealthListEntry[];
}

export function createHealthListResponse(partial?: Partial<HealthListResponse>): HealthListResponse {
  const message: HealthListResponse = {
    statuses: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeHealthListResponse(buf: Uint8Array, start = 0, end = buf.length): HealthListResponse {
  const message = createHealthListResponse();
  readHealthListResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readHealthListResponse(reader: Reader, message: HealthListResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.statuses.push(readNested(reader, createHealthListEntry(), readHealthListEntry));
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfHealthListResponse(message: HealthListResponse): number {
  let size = 0;
  for (const item of message.statuses) {
    size += 1 + sizeOfLengthAnd(sizeOfHealthListEntry(item));
  }
  return size;
}

export function writeHealthListResponse(message: HealthListResponse, buf: Uint8Array, pos: number): number {
  for (const item of message.statuses) {
    buf[pos++] = 10;
    pos = writeVarint(buf, pos, sizeOfHealthListEntry(item));
    pos = writeHealthListEntry(item, buf, pos);
  }
  return pos;
}

export function encodeHealthListResponse(message: HealthListResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfHealthListResponse(message));
  assert(writeHealthListResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const HealthListResponseCodec: Codec<HealthListResponse> = {
  typeName: "grpc.health.v1.HealthListResponse",
  create: createHealthListResponse,
  decode: decodeHealthListResponse,
  sizeOf: sizeOfHealthListResponse,
  write: writeHealthListResponse,
  encode: encodeHealthListResponse,
};

/** One entry of a map from service name to status, as a map travels. */
export interface HealthListEntry {
  key: string;
  value: HealthCheckResponse | undefined;
}

export function createHealthListEntry(partial?: Partial<HealthListEntry>): HealthListEntry {
  const message: HealthListEntry = {
    key: "",
    value: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeHealthListEntry(buf: Uint8Array, start = 0, end = buf.length): HealthListEntry {
  const message = createHealthListEntry();
  readHealthListEntry(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readHealthListEntry(reader: Reader, message: HealthListEntry): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.key = reader.string();
        break;
      case 18:
        message.value = readNested(reader, message.value ?? createHealthCheckResponse(), readHealthCheckResponse);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfHealthListEntry(message: HealthListEntry): number {
  let size = 0;
  if (message.key !== "") {
    size += 1 + sizeOfString(message.key);
  }
  if (message.value !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfHealthCheckResponse(message.value));
  }
  return size;
}

export function writeHealthListEntry(message: HealthListEntry, buf: Uint8Array, pos: number): number {
  if (message.key !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.key);
  }
  if (message.value !== undefined) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfHealthCheckResponse(message.value));
    pos = writeHealthCheckResponse(message.value, buf, pos);
  }
  return pos;
}

export function encodeHealthListEntry(message: HealthListEntry): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfHealthListEntry(message));
  assert(writeHealthListEntry(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const HealthListEntryCodec: Codec<HealthListEntry> = {
  typeName: "grpc.health.v1.HealthListResponse.StatusesEntry",
  create: createHealthListEntry,
  decode: decodeHealthListEntry,
  sizeOf: sizeOfHealthListEntry,
  write: writeHealthListEntry,
  encode: encodeHealthListEntry,
};
