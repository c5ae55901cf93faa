/**
 * `etcdserverpb.InternalRaftRequest`, the content of every normal raft entry, written by hand because it is spliced: the
 * body is the client's request as it came off the wire, never decoded and encoded again to get into the log.
 *
 *     InternalRaftRequest := body (field 3 .. 11), header (field 100) | header, body (field 1000 ..)
 *     header              := { ID 1, username 2, auth_revision 3 }
 *
 * Fields stand in number order, as the original writes them; its size limit counts these bytes. Readers take any order.
 */

import { assert, EMPTY_BYTES } from "@etcd-ts/base";
import { decodeV2Request } from "./gen/etcdserver.ts";
import { raftRequestBodyCodecs } from "./gen/raft-request-bodies.ts";
import { ProtoError } from "./wire/proto-error.ts";
import { openReader, type Reader } from "./wire/reader.ts";
import { uint64FromWords } from "./wire/words.ts";
import {
  sizeOfLengthAnd,
  sizeOfString,
  sizeOfVarint,
  sizeOfWords,
  writeString,
  writeVarint,
  writeWords,
} from "./wire/writer.ts";

/**
 * Where logs of 3.4 and 3.5 keep a request of the v2 API. Entries of theirs are a bare request, without this envelope;
 * either way the body is an encoded {@link V2Request}.
 */
export const V2_REQUEST_FIELD = 2;

const TAG_LEGACY_ID = 8;
const TAG_V2 = V2_REQUEST_FIELD * 8 + 2;
const HEADER_FIELD = 100;
const TAG_HEADER = HEADER_FIELD * 8 + 2;
const TAG_HEADER_ID = 8;
const TAG_HEADER_USERNAME = 18;
const TAG_HEADER_AUTH_REVISION = 24;

export interface InternalRaftRequest {
  /** The words (signed) of the request id, unique among the requests in flight in the cluster. */
  idLo: number;
  idHi: number;
  /** On whose behalf; empty when auth is off. */
  username: string;
  /** Of the auth store when the caller's rights were looked at; 0 when auth is off. */
  authRevision: number;
  /** Number of the field with the body, a {@link RaftRequestField}; 0 when there is none. */
  field: number;
  /** Encoded. Its type follows from `field`: `raftRequestBodyCodecs`. */
  body: Uint8Array;
}

export function createInternalRaftRequest(partial?: Partial<InternalRaftRequest>): InternalRaftRequest {
  const request = { idLo: 0, idHi: 0, username: "", authRevision: 0, field: 0, body: EMPTY_BYTES };
  return partial === undefined ? request : Object.assign(request, partial);
}

export function requestId(request: InternalRaftRequest): bigint {
  return uint64FromWords(request.idLo, request.idHi);
}

export function sizeOfInternalRaftRequest(request: InternalRaftRequest): number {
  const headerSize = sizeOfTag(HEADER_FIELD) + sizeOfLengthAnd(sizeOfHeader(request));
  if (request.field === 0) return headerSize;
  return headerSize + sizeOfTag(request.field) + sizeOfLengthAnd(request.body.length);
}

export function writeInternalRaftRequest(request: InternalRaftRequest, buf: Uint8Array, pos: number): number {
  const bodyFirst = request.field !== 0 && request.field < HEADER_FIELD;
  if (bodyFirst) pos = writeBody(request, buf, pos);
  pos = writeHeader(request, buf, pos);
  if (request.field > HEADER_FIELD) pos = writeBody(request, buf, pos);
  return pos;
}

export function encodeInternalRaftRequest(request: InternalRaftRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfInternalRaftRequest(request));
  assert(writeInternalRaftRequest(request, buf, 0) === buf.length, "a request is as long as its size says");
  return buf;
}

/** The body stays encoded: whoever applies the entry decodes it, and the leader has it decoded already. */
export function decodeInternalRaftRequest(buf: Uint8Array, start = 0, end = buf.length): InternalRaftRequest {
  const request = createInternalRaftRequest();
  const legacy = readRequest(openReader(buf, start, end), request);
  if (legacy !== undefined) becomeV2(request, legacy, buf.subarray(start, end));
  return request;
}

/** Returns the content of the v2 field, if there is one. */
function readRequest(reader: Reader, request: InternalRaftRequest): Uint8Array | undefined {
  let legacy: Uint8Array | undefined;
  let legacyIdLo = 0;
  let legacyIdHi = 0;
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    if (tag === TAG_HEADER) {
      const outer = reader.enter();
      readHeader(reader, request);
      reader.leave(outer);
    } else if (tag === TAG_LEGACY_ID) {
      reader.varint();
      legacyIdLo = reader.lo;
      legacyIdHi = reader.hi;
    } else if (tag === TAG_V2) {
      legacy = reader.encoded(legacy);
    } else if ((tag & 7) === 2 && raftRequestBodyCodecs.has(tag >>> 3)) {
      readBody(reader, tag >>> 3, request);
    } else {
      reader.skip(tag);
    }
  }
  if ((legacyIdLo | legacyIdHi) !== 0) {
    request.idLo = legacyIdLo;
    request.idHi = legacyIdHi;
  }
  return legacy;
}

function readHeader(reader: Reader, request: InternalRaftRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case TAG_HEADER_ID:
        reader.varint();
        request.idLo = reader.lo;
        request.idHi = reader.hi;
        break;
      case TAG_HEADER_USERNAME:
        request.username = reader.string();
        break;
      case TAG_HEADER_AUTH_REVISION:
        request.authRevision = reader.uint64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

/** No writer sets two bodies; should one have, every member must take the same, and takes the lower number. */
function readBody(reader: Reader, field: number, request: InternalRaftRequest): void {
  const body = reader.encoded(field === request.field ? request.body : undefined);
  if (request.field !== 0 && request.field < field) return;
  request.field = field;
  request.body = body;
}

/** In a bare v2 request field 2 is the method, a word that is no valid message: that is how the two are told apart. */
function becomeV2(request: InternalRaftRequest, content: Uint8Array, whole: Uint8Array): void {
  request.field = V2_REQUEST_FIELD;
  request.body = isV2Request(content) ? content : whole;
}

function isV2Request(bytes: Uint8Array): boolean {
  try {
    decodeV2Request(bytes);
    return true;
  } catch (error) {
    if (error instanceof ProtoError) return false;
    throw error;
  }
}

function writeBody(request: InternalRaftRequest, buf: Uint8Array, pos: number): number {
  pos = writeVarint(buf, pos, request.field * 8 + 2);
  pos = writeVarint(buf, pos, request.body.length);
  buf.set(request.body, pos);
  return pos + request.body.length;
}

function sizeOfHeader({ idLo, idHi, username, authRevision }: InternalRaftRequest): number {
  let size = 0;
  if ((idLo | idHi) !== 0) size += 1 + sizeOfWords(idLo, idHi);
  if (username !== "") size += 1 + sizeOfString(username);
  if (authRevision !== 0) size += 1 + sizeOfVarint(authRevision);
  return size;
}

function writeHeader(request: InternalRaftRequest, buf: Uint8Array, pos: number): number {
  pos = writeVarint(buf, pos, TAG_HEADER);
  pos = writeVarint(buf, pos, sizeOfHeader(request));
  if ((request.idLo | request.idHi) !== 0) {
    buf[pos++] = TAG_HEADER_ID;
    pos = writeWords(buf, pos, request.idLo, request.idHi);
  }
  if (request.username !== "") {
    buf[pos++] = TAG_HEADER_USERNAME;
    pos = writeString(buf, pos, request.username);
  }
  if (request.authRevision !== 0) {
    buf[pos++] = TAG_HEADER_AUTH_REVISION;
    pos = writeVarint(buf, pos, request.authRevision);
  }
  return pos;
}

function sizeOfTag(field: number): number {
  return sizeOfVarint(field * 8);
}
