/** Generated from proto/raft_internal.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

import { assert } from "@etcd-ts/base";
import type { Codec } from "../codec.ts";
import { openReader, type Reader } from "../wire/reader.ts";
import { sizeOfBigVarint, sizeOfString, sizeOfVarint, writeBigVarint, writeString, writeVarint } from "../wire/writer.ts";

export interface RequestHeader {
  /** Unique request id. */
  id: bigint;
  /** Auth user of the caller. */
  username: string;
  authRevision: number;
}

export function createRequestHeader(partial?: Partial<RequestHeader>): RequestHeader {
  const message: RequestHeader = {
    id: 0n,
    username: "",
    authRevision: 0,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeRequestHeader(buf: Uint8Array, start = 0, end = buf.length): RequestHeader {
  const message = createRequestHeader();
  readRequestHeader(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readRequestHeader(reader: Reader, message: RequestHeader): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.id = reader.bigUint64();
        break;
      case 18:
        message.username = reader.string();
        break;
      case 24:
        message.authRevision = reader.uint64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfRequestHeader(message: RequestHeader): number {
  let size = 0;
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  if (message.username !== "") {
    size += 1 + sizeOfString(message.username);
  }
  if (message.authRevision !== 0) {
    size += 1 + sizeOfVarint(message.authRevision);
  }
  return size;
}

export function writeRequestHeader(message: RequestHeader, buf: Uint8Array, pos: number): number {
  if (message.id !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.id);
  }
  if (message.username !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.username);
  }
  if (message.authRevision !== 0) {
    buf[pos++] = 24;
    pos = writeVarint(buf, pos, message.authRevision);
  }
  return pos;
}

export function encodeRequestHeader(message: RequestHeader): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfRequestHeader(message));
  assert(writeRequestHeader(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const RequestHeaderCodec: Codec<RequestHeader> = {
  typeName: "etcdserverpb.RequestHeader",
  create: createRequestHeader,
  decode: decodeRequestHeader,
  sizeOf: sizeOfRequestHeader,
  write: writeRequestHeader,
  encode: encodeRequestHeader,
};

export interface EmptyResponse {

}

export function createEmptyResponse(partial?: Partial<EmptyResponse>): EmptyResponse {
  const message: EmptyResponse = {

  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeEmptyResponse(buf: Uint8Array, start = 0, end = buf.length): EmptyResponse {
  const message = createEmptyResponse();
  readEmptyResponse(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readEmptyResponse(reader: Reader, _message: EmptyResponse): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    reader.skip(tag);
  }
}

export function sizeOfEmptyResponse(_message: EmptyResponse): number {
  return 0;
}

export function writeEmptyResponse(_message: EmptyResponse, _buf: Uint8Array, pos: number): number {
  return pos;
}

export function encodeEmptyResponse(message: EmptyResponse): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfEmptyResponse(message));
  assert(writeEmptyResponse(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const EmptyResponseCodec: Codec<EmptyResponse> = {
  typeName: "etcdserverpb.EmptyResponse",
  create: createEmptyResponse,
  decode: decodeEmptyResponse,
  sizeOf: sizeOfEmptyResponse,
  write: writeEmptyResponse,
  encode: encodeEmptyResponse,
};

export interface InternalAuthenticateRequest {
  name: string;
  /** Always blank since 3.5. */
  password: string;
  /** Random prefix chosen by the API layer. */
  simpleToken: string;
}

export function createInternalAuthenticateRequest(partial?: Partial<InternalAuthenticateRequest>): InternalAuthenticateRequest {
  const message: InternalAuthenticateRequest = {
    name: "",
    password: "",
    simpleToken: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeInternalAuthenticateRequest(buf: Uint8Array, start = 0, end = buf.length): InternalAuthenticateRequest {
  const message = createInternalAuthenticateRequest();
  readInternalAuthenticateRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readInternalAuthenticateRequest(reader: Reader, message: InternalAuthenticateRequest): void {
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
        message.simpleToken = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfInternalAuthenticateRequest(message: InternalAuthenticateRequest): number {
  let size = 0;
  if (message.name !== "") {
    size += 1 + sizeOfString(message.name);
  }
  if (message.password !== "") {
    size += 1 + sizeOfString(message.password);
  }
  if (message.simpleToken !== "") {
    size += 1 + sizeOfString(message.simpleToken);
  }
  return size;
}

export function writeInternalAuthenticateRequest(message: InternalAuthenticateRequest, buf: Uint8Array, pos: number): number {
  if (message.name !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.name);
  }
  if (message.password !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.password);
  }
  if (message.simpleToken !== "") {
    buf[pos++] = 26;
    pos = writeString(buf, pos, message.simpleToken);
  }
  return pos;
}

export function encodeInternalAuthenticateRequest(message: InternalAuthenticateRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfInternalAuthenticateRequest(message));
  assert(writeInternalAuthenticateRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const InternalAuthenticateRequestCodec: Codec<InternalAuthenticateRequest> = {
  typeName: "etcdserverpb.InternalAuthenticateRequest",
  create: createInternalAuthenticateRequest,
  decode: decodeInternalAuthenticateRequest,
  sizeOf: sizeOfInternalAuthenticateRequest,
  write: writeInternalAuthenticateRequest,
  encode: encodeInternalAuthenticateRequest,
};
