/** Generated from proto/etcdserver.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

import { assert } from "@etcd-ts/base";
import type { Codec } from "../codec.ts";
import { openReader, type Reader } from "../wire/reader.ts";
import { sizeOfBigVarint, sizeOfString, sizeOfVarint, writeBigVarint, writeString, writeVarint } from "../wire/writer.ts";

export interface V2Request {
  id: bigint;
  method: string;
  path: string;
  val: string;
  dir: boolean;
  prevValue: string;
  prevIndex: number;
  /** Nullable: absent, false and true are three things. */
  prevExist: boolean | undefined;
  expiration: number;
  wait: boolean;
  since: number;
  recursive: boolean;
  sorted: boolean;
  quorum: boolean;
  time: number;
  stream: boolean;
  /** Nullable. */
  refresh: boolean | undefined;
}

export function createV2Request(partial?: Partial<V2Request>): V2Request {
  const message: V2Request = {
    id: 0n,
    method: "",
    path: "",
    val: "",
    dir: false,
    prevValue: "",
    prevIndex: 0,
    prevExist: undefined,
    expiration: 0,
    wait: false,
    since: 0,
    recursive: false,
    sorted: false,
    quorum: false,
    time: 0,
    stream: false,
    refresh: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeV2Request(buf: Uint8Array, start = 0, end = buf.length): V2Request {
  const message = createV2Request();
  readV2Request(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readV2Request(reader: Reader, message: V2Request): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.id = reader.bigUint64();
        break;
      case 18:
        message.method = reader.string();
        break;
      case 26:
        message.path = reader.string();
        break;
      case 34:
        message.val = reader.string();
        break;
      case 40:
        message.dir = reader.bool();
        break;
      case 50:
        message.prevValue = reader.string();
        break;
      case 56:
        message.prevIndex = reader.uint64();
        break;
      case 64:
        message.prevExist = reader.bool();
        break;
      case 72:
        message.expiration = reader.int64();
        break;
      case 80:
        message.wait = reader.bool();
        break;
      case 88:
        message.since = reader.uint64();
        break;
      case 96:
        message.recursive = reader.bool();
        break;
      case 104:
        message.sorted = reader.bool();
        break;
      case 112:
        message.quorum = reader.bool();
        break;
      case 120:
        message.time = reader.int64();
        break;
      case 128:
        message.stream = reader.bool();
        break;
      case 136:
        message.refresh = reader.bool();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfV2Request(message: V2Request): number {
  let size = 0;
  size += 1 + sizeOfBigVarint(message.id);
  size += 1 + sizeOfString(message.method);
  size += 1 + sizeOfString(message.path);
  size += 1 + sizeOfString(message.val);
  size += 1 + 1;
  size += 1 + sizeOfString(message.prevValue);
  size += 1 + sizeOfVarint(message.prevIndex);
  if (message.prevExist !== undefined) {
    size += 1 + 1;
  }
  size += 1 + sizeOfVarint(message.expiration);
  size += 1 + 1;
  size += 1 + sizeOfVarint(message.since);
  size += 1 + 1;
  size += 1 + 1;
  size += 1 + 1;
  size += 1 + sizeOfVarint(message.time);
  size += 2 + 1;
  if (message.refresh !== undefined) {
    size += 2 + 1;
  }
  return size;
}

export function writeV2Request(message: V2Request, buf: Uint8Array, pos: number): number {
  buf[pos++] = 8;
  pos = writeBigVarint(buf, pos, message.id);
  buf[pos++] = 18;
  pos = writeString(buf, pos, message.method);
  buf[pos++] = 26;
  pos = writeString(buf, pos, message.path);
  buf[pos++] = 34;
  pos = writeString(buf, pos, message.val);
  buf[pos++] = 40;
  pos = writeVarint(buf, pos, message.dir ? 1 : 0);
  buf[pos++] = 50;
  pos = writeString(buf, pos, message.prevValue);
  buf[pos++] = 56;
  pos = writeVarint(buf, pos, message.prevIndex);
  if (message.prevExist !== undefined) {
    buf[pos++] = 64;
    pos = writeVarint(buf, pos, message.prevExist ? 1 : 0);
  }
  buf[pos++] = 72;
  pos = writeVarint(buf, pos, message.expiration);
  buf[pos++] = 80;
  pos = writeVarint(buf, pos, message.wait ? 1 : 0);
  buf[pos++] = 88;
  pos = writeVarint(buf, pos, message.since);
  buf[pos++] = 96;
  pos = writeVarint(buf, pos, message.recursive ? 1 : 0);
  buf[pos++] = 104;
  pos = writeVarint(buf, pos, message.sorted ? 1 : 0);
  buf[pos++] = 112;
  pos = writeVarint(buf, pos, message.quorum ? 1 : 0);
  buf[pos++] = 120;
  pos = writeVarint(buf, pos, message.time);
  buf[pos++] = 128;
  buf[pos++] = 1;
  pos = writeVarint(buf, pos, message.stream ? 1 : 0);
  if (message.refresh !== undefined) {
    buf[pos++] = 136;
    buf[pos++] = 1;
    pos = writeVarint(buf, pos, message.refresh ? 1 : 0);
  }
  return pos;
}

export function encodeV2Request(message: V2Request): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfV2Request(message));
  assert(writeV2Request(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const V2RequestCodec: Codec<V2Request> = {
  typeName: "etcdserverpb.Request",
  create: createV2Request,
  decode: decodeV2Request,
  sizeOf: sizeOfV2Request,
  write: writeV2Request,
  encode: encodeV2Request,
};

export interface WalMetadata {
  nodeId: bigint;
  clusterId: bigint;
}

export function createWalMetadata(partial?: Partial<WalMetadata>): WalMetadata {
  const message: WalMetadata = {
    nodeId: 0n,
    clusterId: 0n,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeWalMetadata(buf: Uint8Array, start = 0, end = buf.length): WalMetadata {
  const message = createWalMetadata();
  readWalMetadata(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readWalMetadata(reader: Reader, message: WalMetadata): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.nodeId = reader.bigUint64();
        break;
      case 16:
        message.clusterId = reader.bigUint64();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfWalMetadata(message: WalMetadata): number {
  let size = 0;
  size += 1 + sizeOfBigVarint(message.nodeId);
  size += 1 + sizeOfBigVarint(message.clusterId);
  return size;
}

export function writeWalMetadata(message: WalMetadata, buf: Uint8Array, pos: number): number {
  buf[pos++] = 8;
  pos = writeBigVarint(buf, pos, message.nodeId);
  buf[pos++] = 16;
  pos = writeBigVarint(buf, pos, message.clusterId);
  return pos;
}

export function encodeWalMetadata(message: WalMetadata): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfWalMetadata(message));
  assert(writeWalMetadata(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const WalMetadataCodec: Codec<WalMetadata> = {
  typeName: "etcdserverpb.Metadata",
  create: createWalMetadata,
  decode: decodeWalMetadata,
  sizeOf: sizeOfWalMetadata,
  write: writeWalMetadata,
  encode: encodeWalMetadata,
};
