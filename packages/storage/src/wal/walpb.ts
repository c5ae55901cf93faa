/**
 * The log's own two messages, both rare: who the directory belongs to, and where a snapshot was taken.
 *
 *     Metadata     = 08 node id  10 cluster id
 *     WalSnapshot  = 08 index  10 term  [1a length ConfState]      conf state since 3.5
 *
 * Scalars are written also when zero; a missing one reads as zero.
 */

import { type ConfState, decodeConfState, encodeConfState } from "@etcd-ts/proto";

export interface WalMetadata {
  readonly nodeId: bigint;
  readonly clusterId: bigint;
}

export interface WalSnapshot {
  readonly index: number;
  readonly term: number;
  /** Absent in logs of 3.4 and in the record at the head of a log. */
  readonly confState: ConfState | undefined;
}

export function encodeWalMetadata(metadata: WalMetadata): Uint8Array {
  return Uint8Array.from([0x08, ...varint(metadata.nodeId), 0x10, ...varint(metadata.clusterId)]);
}

/** Throws a `RangeError` on malformed bytes, as {@link decodeWalSnapshot} does. */
export function decodeWalMetadata(bytes: Uint8Array): WalMetadata {
  const fields = decodeFields(bytes);
  return { nodeId: fields.scalars.get(1) ?? 0n, clusterId: fields.scalars.get(2) ?? 0n };
}

export function encodeWalSnapshot(snapshot: WalSnapshot): Uint8Array {
  const head = [0x08, ...varint(BigInt(snapshot.index)), 0x10, ...varint(BigInt(snapshot.term))];
  if (snapshot.confState === undefined) return Uint8Array.from(head);
  const confState = encodeConfState(snapshot.confState);
  return Uint8Array.from([...head, 0x1a, ...varint(BigInt(confState.length)), ...confState]);
}

export function decodeWalSnapshot(bytes: Uint8Array): WalSnapshot {
  const fields = decodeFields(bytes);
  const confState = fields.messages.get(3);
  return {
    index: safe(fields.scalars.get(1) ?? 0n),
    term: safe(fields.scalars.get(2) ?? 0n),
    confState: confState === undefined ? undefined : decodeConfState(confState),
  };
}

function safe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError("integer out of range");
  return Number(value);
}

export function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return bytes;
}

export interface Fields {
  readonly scalars: Map<number, bigint>;
  readonly messages: Map<number, Uint8Array>;
}

/** The fields of a small message by number; the last of equal numbers wins. */
export function decodeFields(bytes: Uint8Array): Fields {
  const scalars = new Map<number, bigint>();
  const messages = new Map<number, Uint8Array>();
  let position = 0;
  const next = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (position >= bytes.length) throw new RangeError("unexpected end of message");
      const byte = bytes[position++]!;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError("integer overflow");
  };
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - position) throw new RangeError("unexpected end of message");
    position += length;
    return bytes.subarray(position - length, position);
  };
  while (position < bytes.length) {
    const tag = Number(next());
    const field = Math.floor(tag / 8);
    if (field === 0) throw new RangeError("illegal tag");
    const wireType = tag % 8;
    if (wireType === 0) scalars.set(field, next());
    else if (wireType === 1) take(8);
    else if (wireType === 2) messages.set(field, take(safe(next())));
    else if (wireType === 5) take(4);
    else throw new RangeError("illegal wire type");
  }
  return { scalars, messages };
}
