/**
 * Codec of the payloads of configuration-change entries.
 *
 *     ConfChange   = 08 id  10 type  18 nodeId  [22 length context]
 *     ConfChangeV2 = 08 transition  { 12 length Single }  [1a length context]
 *     Single       = 08 type  10 nodeId
 *
 * Scalars are written also when zero, contexts iff present. An empty payload decodes to the change of nothing, which as V2
 * means: leave the joint configuration.
 */

import type {
  ConfChange,
  ConfChangeSingle,
  ConfChangeTransition,
  ConfChangeType,
  ConfChangeV2,
} from "./types.ts";
import {
  BYTES,
  sizeOfDelimited,
  sizeOfId,
  sizeOfVarint,
  VARINT,
  WireReader,
  writeBytesField,
  writeId,
  writeVarint,
} from "./wire.ts";

export function encodeConfChange(change: ConfChange): Uint8Array {
  const context = change.context === undefined ? 0 : sizeOfDelimited(change.context.length);
  const out = new Uint8Array(
    3 + sizeOfId(change.id) + sizeOfVarint(change.type) + sizeOfId(change.nodeId) + context,
  );
  out[0] = 0x08;
  let pos = writeId(change.id, out, 1);
  out[pos] = 0x10;
  pos = writeVarint(change.type, out, pos + 1);
  out[pos] = 0x18;
  pos = writeId(change.nodeId, out, pos + 1);
  if (change.context !== undefined) writeBytesField(0x22, change.context, out, pos);
  return out;
}

export function decodeConfChange(bytes: Uint8Array): ConfChange {
  const reader = new WireReader(bytes);
  let id = 0n;
  let type = 0;
  let nodeId = 0n;
  let context: Uint8Array | undefined;
  while (!reader.done()) {
    const tag = reader.tag();
    if (tag === (8 | VARINT)) id = reader.id();
    else if (tag === (16 | VARINT)) type = reader.varint();
    else if (tag === (24 | VARINT)) nodeId = reader.id();
    else if (tag === (32 | BYTES)) context = reader.view();
    else reader.skip(tag);
  }
  return { id, type: type as ConfChangeType, nodeId, context };
}

export function encodeConfChangeV2(change: ConfChangeV2): Uint8Array {
  let size = 1 + sizeOfVarint(change.transition);
  for (const single of change.changes) size += sizeOfDelimited(sizeOfSingle(single));
  if (change.context !== undefined) size += sizeOfDelimited(change.context.length);
  const out = new Uint8Array(size);
  out[0] = 0x08;
  let pos = writeVarint(change.transition, out, 1);
  for (const single of change.changes) {
    out[pos] = 0x12;
    pos = writeVarint(sizeOfSingle(single), out, pos + 1);
    out[pos] = 0x08;
    pos = writeVarint(single.type, out, pos + 1);
    out[pos] = 0x10;
    pos = writeId(single.nodeId, out, pos + 1);
  }
  if (change.context !== undefined) writeBytesField(0x1a, change.context, out, pos);
  return out;
}

export function decodeConfChangeV2(bytes: Uint8Array): ConfChangeV2 {
  const reader = new WireReader(bytes);
  let transition = 0;
  const changes: ConfChangeSingle[] = [];
  let context: Uint8Array | undefined;
  while (!reader.done()) {
    const tag = reader.tag();
    if (tag === (8 | VARINT)) transition = reader.varint();
    else if (tag === (16 | BYTES)) changes.push(readSingle(reader.embedded()));
    else if (tag === (24 | BYTES)) context = reader.view();
    else reader.skip(tag);
  }
  return { transition: transition as ConfChangeTransition, changes, context };
}

function sizeOfSingle(single: ConfChangeSingle): number {
  return 2 + sizeOfVarint(single.type) + sizeOfId(single.nodeId);
}

function readSingle(reader: WireReader): ConfChangeSingle {
  let type = 0;
  let nodeId = 0n;
  while (!reader.done()) {
    const tag = reader.tag();
    if (tag === (8 | VARINT)) type = reader.varint();
    else if (tag === (16 | VARINT)) nodeId = reader.id();
    else reader.skip(tag);
  }
  return { type: type as ConfChangeType, nodeId };
}
