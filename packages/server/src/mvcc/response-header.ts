/**
 * `ResponseHeader` as field 1 of every response, with the tag and length before it. Cluster and member id never change; the bytes
 * of the last header are kept, because most answers between two writes carry the same.
 *
 *     1 cluster_id uint64 · 2 member_id uint64 · 3 revision int64 · 4 raft_term uint64       zero fields are left out
 */

import { bigVarintSize, copyBytes, varintSize, writeBigVarint, writeVarint } from "./key-value.ts";

const TAG_HEADER = 0x0a;
const TAG_CLUSTER = 0x08;
const TAG_MEMBER = 0x10;
const TAG_REVISION = 0x18;
const TAG_TERM = 0x20;
const HEADER_BYTES_MAX = 64;

export class ResponseHeaders {
  term = 0;
  private readonly identity: Uint8Array;
  private readonly bytes = new Uint8Array(HEADER_BYTES_MAX);
  private length = 0;
  private cachedRevision = -1;
  private cachedTerm = -1;

  constructor(clusterId: bigint, memberId: bigint) {
    const identity = new Uint8Array(2 + bigVarintSize(clusterId) + bigVarintSize(memberId));
    let position = 0;
    if (clusterId !== 0n) {
      identity[position++] = TAG_CLUSTER;
      position = writeBigVarint(identity, position, clusterId);
    }
    if (memberId !== 0n) {
      identity[position++] = TAG_MEMBER;
      position = writeBigVarint(identity, position, memberId);
    }
    this.identity = identity.subarray(0, position);
  }

  size(revision: number): number {
    if (revision !== this.cachedRevision || this.term !== this.cachedTerm) this.refresh(revision);
    return this.length;
  }

  writeTo(target: Uint8Array, position: number, revision: number): number {
    const length = this.size(revision);
    const bytes = this.bytes;
    for (let i = 0; i < length; i++) target[position + i] = bytes[i] as number;
    return position + length;
  }

  encode(revision: number): Uint8Array {
    const size = this.size(revision);
    return this.bytes.slice(0, size);
  }

  private refresh(revision: number): void {
    const { bytes, identity, term } = this;
    let size = identity.length;
    if (revision !== 0) size += 1 + varintSize(revision);
    if (term !== 0) size += 1 + varintSize(term);
    bytes[0] = TAG_HEADER;
    bytes[1] = size;
    let position = copyBytes(bytes, 2, identity, 0, identity.length);
    if (revision !== 0) {
      bytes[position++] = TAG_REVISION;
      position = writeVarint(bytes, position, revision);
    }
    if (term !== 0) {
      bytes[position++] = TAG_TERM;
      position = writeVarint(bytes, position, term);
    }
    this.length = position;
    this.cachedRevision = revision;
    this.cachedTerm = term;
  }
}

/** The header of an operation inside a txn: the revision alone. */
export function revisionHeader(revision: number): Uint8Array {
  const bytes = new Uint8Array(3 + varintSize(revision));
  bytes[0] = TAG_HEADER;
  bytes[1] = bytes.length - 2;
  bytes[2] = TAG_REVISION;
  writeVarint(bytes, 3, revision);
  return bytes;
}

/** The header of a nested txn: present and empty. */
export const EMPTY_HEADER: Uint8Array = new Uint8Array([TAG_HEADER, 0]);
