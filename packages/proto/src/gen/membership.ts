/** Generated from proto/membership.proto by `npm run generate -w @etcd-ts/proto`: change that, not this. */

import { assert } from "@etcd-ts/base";
import type { Codec } from "../codec.ts";
import { openReader, type Reader, readNested } from "../wire/reader.ts";
import { sizeOfBigVarint, sizeOfLengthAnd, sizeOfString, writeBigVarint, writeString, writeVarint } from "../wire/writer.ts";

export interface MembershipRaftAttributes {
  peerUrls: string[];
  isLearner: boolean;
}

export function createMembershipRaftAttributes(partial?: Partial<MembershipRaftAttributes>): MembershipRaftAttributes {
  const message: MembershipRaftAttributes = {
    peerUrls: [],
    isLearner: false,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMembershipRaftAttributes(buf: Uint8Array, start = 0, end = buf.length): MembershipRaftAttributes {
  const message = createMembershipRaftAttributes();
  readMembershipRaftAttributes(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMembershipRaftAttributes(reader: Reader, message: MembershipRaftAttributes): void {
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

export function sizeOfMembershipRaftAttributes(message: MembershipRaftAttributes): number {
  let size = 0;
  for (const item of message.peerUrls) {
    size += 1 + sizeOfString(item);
  }
  if (message.isLearner) {
    size += 1 + 1;
  }
  return size;
}

export function writeMembershipRaftAttributes(message: MembershipRaftAttributes, buf: Uint8Array, pos: number): number {
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

export function encodeMembershipRaftAttributes(message: MembershipRaftAttributes): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMembershipRaftAttributes(message));
  assert(writeMembershipRaftAttributes(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MembershipRaftAttributesCodec: Codec<MembershipRaftAttributes> = {
  typeName: "membershippb.RaftAttributes",
  create: createMembershipRaftAttributes,
  decode: decodeMembershipRaftAttributes,
  sizeOf: sizeOfMembershipRaftAttributes,
  write: writeMembershipRaftAttributes,
  encode: encodeMembershipRaftAttributes,
};

export interface MembershipAttributes {
  name: string;
  clientUrls: string[];
}

export function createMembershipAttributes(partial?: Partial<MembershipAttributes>): MembershipAttributes {
  const message: MembershipAttributes = {
    name: "",
    clientUrls: [],
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMembershipAttributes(buf: Uint8Array, start = 0, end = buf.length): MembershipAttributes {
  const message = createMembershipAttributes();
  readMembershipAttributes(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMembershipAttributes(reader: Reader, message: MembershipAttributes): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 10:
        message.name = reader.string();
        break;
      case 18:
        message.clientUrls.push(reader.string());
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMembershipAttributes(message: MembershipAttributes): number {
  let size = 0;
  if (message.name !== "") {
    size += 1 + sizeOfString(message.name);
  }
  for (const item of message.clientUrls) {
    size += 1 + sizeOfString(item);
  }
  return size;
}

export function writeMembershipAttributes(message: MembershipAttributes, buf: Uint8Array, pos: number): number {
  if (message.name !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.name);
  }
  for (const item of message.clientUrls) {
    buf[pos++] = 18;
    pos = writeString(buf, pos, item);
  }
  return pos;
}

export function encodeMembershipAttributes(message: MembershipAttributes): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMembershipAttributes(message));
  assert(writeMembershipAttributes(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MembershipAttributesCodec: Codec<MembershipAttributes> = {
  typeName: "membershippb.Attributes",
  create: createMembershipAttributes,
  decode: decodeMembershipAttributes,
  sizeOf: sizeOfMembershipAttributes,
  write: writeMembershipAttributes,
  encode: encodeMembershipAttributes,
};

export interface MembershipMember {
  id: bigint;
  raftAttributes: MembershipRaftAttributes | undefined;
  memberAttributes: MembershipAttributes | undefined;
}

export function createMembershipMember(partial?: Partial<MembershipMember>): MembershipMember {
  const message: MembershipMember = {
    id: 0n,
    raftAttributes: undefined,
    memberAttributes: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeMembershipMember(buf: Uint8Array, start = 0, end = buf.length): MembershipMember {
  const message = createMembershipMember();
  readMembershipMember(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readMembershipMember(reader: Reader, message: MembershipMember): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.id = reader.bigUint64();
        break;
      case 18:
        message.raftAttributes = readNested(reader, message.raftAttributes ?? createMembershipRaftAttributes(), readMembershipRaftAttributes);
        break;
      case 26:
        message.memberAttributes = readNested(reader, message.memberAttributes ?? createMembershipAttributes(), readMembershipAttributes);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfMembershipMember(message: MembershipMember): number {
  let size = 0;
  if (message.id !== 0n) {
    size += 1 + sizeOfBigVarint(message.id);
  }
  if (message.raftAttributes !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfMembershipRaftAttributes(message.raftAttributes));
  }
  if (message.memberAttributes !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfMembershipAttributes(message.memberAttributes));
  }
  return size;
}

export function writeMembershipMember(message: MembershipMember, buf: Uint8Array, pos: number): number {
  if (message.id !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.id);
  }
  if (message.raftAttributes !== undefined) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfMembershipRaftAttributes(message.raftAttributes));
    pos = writeMembershipRaftAttributes(message.raftAttributes, buf, pos);
  }
  if (message.memberAttributes !== undefined) {
    buf[pos++] = 26;
    pos = writeVarint(buf, pos, sizeOfMembershipAttributes(message.memberAttributes));
    pos = writeMembershipAttributes(message.memberAttributes, buf, pos);
  }
  return pos;
}

export function encodeMembershipMember(message: MembershipMember): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfMembershipMember(message));
  assert(writeMembershipMember(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const MembershipMemberCodec: Codec<MembershipMember> = {
  typeName: "membershippb.Member",
  create: createMembershipMember,
  decode: decodeMembershipMember,
  sizeOf: sizeOfMembershipMember,
  write: writeMembershipMember,
  encode: encodeMembershipMember,
};

export interface ClusterVersionSetRequest {
  ver: string;
}

export function createClusterVersionSetRequest(partial?: Partial<ClusterVersionSetRequest>): ClusterVersionSetRequest {
  const message: ClusterVersionSetRequest = {
    ver: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeClusterVersionSetRequest(buf: Uint8Array, start = 0, end = buf.length): ClusterVersionSetRequest {
  const message = createClusterVersionSetRequest();
  readClusterVersionSetRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readClusterVersionSetRequest(reader: Reader, message: ClusterVersionSetRequest): void {
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

export function sizeOfClusterVersionSetRequest(message: ClusterVersionSetRequest): number {
  let size = 0;
  if (message.ver !== "") {
    size += 1 + sizeOfString(message.ver);
  }
  return size;
}

export function writeClusterVersionSetRequest(message: ClusterVersionSetRequest, buf: Uint8Array, pos: number): number {
  if (message.ver !== "") {
    buf[pos++] = 10;
    pos = writeString(buf, pos, message.ver);
  }
  return pos;
}

export function encodeClusterVersionSetRequest(message: ClusterVersionSetRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfClusterVersionSetRequest(message));
  assert(writeClusterVersionSetRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const ClusterVersionSetRequestCodec: Codec<ClusterVersionSetRequest> = {
  typeName: "membershippb.ClusterVersionSetRequest",
  create: createClusterVersionSetRequest,
  decode: decodeClusterVersionSetRequest,
  sizeOf: sizeOfClusterVersionSetRequest,
  write: writeClusterVersionSetRequest,
  encode: encodeClusterVersionSetRequest,
};

export interface ClusterMemberAttrSetRequest {
  memberId: bigint;
  memberAttributes: MembershipAttributes | undefined;
}

export function createClusterMemberAttrSetRequest(partial?: Partial<ClusterMemberAttrSetRequest>): ClusterMemberAttrSetRequest {
  const message: ClusterMemberAttrSetRequest = {
    memberId: 0n,
    memberAttributes: undefined,
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeClusterMemberAttrSetRequest(buf: Uint8Array, start = 0, end = buf.length): ClusterMemberAttrSetRequest {
  const message = createClusterMemberAttrSetRequest();
  readClusterMemberAttrSetRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readClusterMemberAttrSetRequest(reader: Reader, message: ClusterMemberAttrSetRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.memberId = reader.bigUint64();
        break;
      case 18:
        message.memberAttributes = readNested(reader, message.memberAttributes ?? createMembershipAttributes(), readMembershipAttributes);
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfClusterMemberAttrSetRequest(message: ClusterMemberAttrSetRequest): number {
  let size = 0;
  if (message.memberId !== 0n) {
    size += 1 + sizeOfBigVarint(message.memberId);
  }
  if (message.memberAttributes !== undefined) {
    size += 1 + sizeOfLengthAnd(sizeOfMembershipAttributes(message.memberAttributes));
  }
  return size;
}

export function writeClusterMemberAttrSetRequest(message: ClusterMemberAttrSetRequest, buf: Uint8Array, pos: number): number {
  if (message.memberId !== 0n) {
    buf[pos++] = 8;
    pos = writeBigVarint(buf, pos, message.memberId);
  }
  if (message.memberAttributes !== undefined) {
    buf[pos++] = 18;
    pos = writeVarint(buf, pos, sizeOfMembershipAttributes(message.memberAttributes));
    pos = writeMembershipAttributes(message.memberAttributes, buf, pos);
  }
  return pos;
}

export function encodeClusterMemberAttrSetRequest(message: ClusterMemberAttrSetRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfClusterMemberAttrSetRequest(message));
  assert(writeClusterMemberAttrSetRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const ClusterMemberAttrSetRequestCodec: Codec<ClusterMemberAttrSetRequest> = {
  typeName: "membershippb.ClusterMemberAttrSetRequest",
  create: createClusterMemberAttrSetRequest,
  decode: decodeClusterMemberAttrSetRequest,
  sizeOf: sizeOfClusterMemberAttrSetRequest,
  write: writeClusterMemberAttrSetRequest,
  encode: encodeClusterMemberAttrSetRequest,
};

export interface DowngradeInfoSetRequest {
  enabled: boolean;
  ver: string;
}

export function createDowngradeInfoSetRequest(partial?: Partial<DowngradeInfoSetRequest>): DowngradeInfoSetRequest {
  const message: DowngradeInfoSetRequest = {
    enabled: false,
    ver: "",
  };
  return partial === undefined ? message : Object.assign(message, partial);
}

export function decodeDowngradeInfoSetRequest(buf: Uint8Array, start = 0, end = buf.length): DowngradeInfoSetRequest {
  const message = createDowngradeInfoSetRequest();
  readDowngradeInfoSetRequest(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into `message`. */
export function readDowngradeInfoSetRequest(reader: Reader, message: DowngradeInfoSetRequest): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
    switch (tag) {
      case 8:
        message.enabled = reader.bool();
        break;
      case 18:
        message.ver = reader.string();
        break;
      default:
        reader.skip(tag);
    }
  }
}

export function sizeOfDowngradeInfoSetRequest(message: DowngradeInfoSetRequest): number {
  let size = 0;
  if (message.enabled) {
    size += 1 + 1;
  }
  if (message.ver !== "") {
    size += 1 + sizeOfString(message.ver);
  }
  return size;
}

export function writeDowngradeInfoSetRequest(message: DowngradeInfoSetRequest, buf: Uint8Array, pos: number): number {
  if (message.enabled) {
    buf[pos++] = 8;
    pos = writeVarint(buf, pos, message.enabled ? 1 : 0);
  }
  if (message.ver !== "") {
    buf[pos++] = 18;
    pos = writeString(buf, pos, message.ver);
  }
  return pos;
}

export function encodeDowngradeInfoSetRequest(message: DowngradeInfoSetRequest): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOfDowngradeInfoSetRequest(message));
  assert(writeDowngradeInfoSetRequest(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const DowngradeInfoSetRequestCodec: Codec<DowngradeInfoSetRequest> = {
  typeName: "membershippb.DowngradeInfoSetRequest",
  create: createDowngradeInfoSetRequest,
  decode: decodeDowngradeInfoSetRequest,
  sizeOf: sizeOfDowngradeInfoSetRequest,
  write: writeDowngradeInfoSetRequest,
  encode: encodeDowngradeInfoSetRequest,
};
