/**
 * Codec of `raftpb.ConfState` and `raftpb.Snapshot`.
 *
 *     ConfState = { 08 voter }  { 10 learner }  { 18 outgoing }  { 20 next }  28 autoLeave     ids unpacked, one tag each
 *     Metadata  = 0a length ConfState  10 index  18 term
 *     Snapshot  = [0a length data]  12 length Metadata                                          data iff present
 *
 * Scalars and embedded messages are written also when zero; readers accept packed ids and missing fields.
 */

import { type ConfState, EMPTY_CONF_STATE, type Snapshot, type SnapshotMetadata } from "./types.ts";
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

export function sizeOfConfState(state: ConfState): number {
  return (
    sizeOfIds(state.voters) +
    sizeOfIds(state.learners) +
    sizeOfIds(state.votersOutgoing) +
    sizeOfIds(state.learnersNext) +
    2
  );
}

export function writeConfState(state: ConfState, out: Uint8Array, position: number): number {
  let pos = writeIds(0x08, state.voters, out, position);
  pos = writeIds(0x10, state.learners, out, pos);
  pos = writeIds(0x18, state.votersOutgoing, out, pos);
  pos = writeIds(0x20, state.learnersNext, out, pos);
  out[pos] = 0x28;
  out[pos + 1] = state.autoLeave ? 1 : 0;
  return pos + 2;
}

export function encodeConfState(state: ConfState): Uint8Array {
  const out = new Uint8Array(sizeOfConfState(state));
  writeConfState(state, out, 0);
  return out;
}

export function decodeConfState(bytes: Uint8Array): ConfState {
  return readConfState(new WireReader(bytes));
}

function readConfState(reader: WireReader): ConfState {
  const state = {
    voters: [] as bigint[],
    learners: [] as bigint[],
    votersOutgoing: [] as bigint[],
    learnersNext: [] as bigint[],
    autoLeave: false,
  };
  while (!reader.done()) {
    const tag = reader.tag();
    const list = idListOf(state, tag);
    if (list !== undefined) reader.idsInto(tag, list);
    else if (tag === (40 | VARINT)) state.autoLeave = reader.bool();
    else reader.skip(tag);
  }
  return state;
}

function idListOf(
  state: Record<"voters" | "learners" | "votersOutgoing" | "learnersNext", bigint[]>,
  tag: number,
) {
  if ((tag & 7) !== VARINT && (tag & 7) !== BYTES) return undefined;
  switch (tag >>> 3) {
    case 1:
      return state.voters;
    case 2:
      return state.learners;
    case 3:
      return state.votersOutgoing;
    case 4:
      return state.learnersNext;
    default:
      return undefined;
  }
}

export function sizeOfSnapshot(snapshot: Snapshot): number {
  const metadata = sizeOfDelimited(sizeOfMetadata(snapshot.metadata));
  return snapshot.data === undefined ? metadata : sizeOfDelimited(snapshot.data.length) + metadata;
}

export function writeSnapshot(snapshot: Snapshot, out: Uint8Array, position: number): number {
  let pos = position;
  if (snapshot.data !== undefined) pos = writeBytesField(0x0a, snapshot.data, out, pos);
  out[pos] = 0x12;
  pos = writeVarint(sizeOfMetadata(snapshot.metadata), out, pos + 1);
  return writeMetadata(snapshot.metadata, out, pos);
}

export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const out = new Uint8Array(sizeOfSnapshot(snapshot));
  writeSnapshot(snapshot, out, 0);
  return out;
}

/** `data` of the result is a view of `bytes`. */
export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  return readSnapshot(new WireReader(bytes));
}

export function readSnapshot(reader: WireReader): Snapshot {
  let data: Uint8Array | undefined;
  let metadata: SnapshotMetadata = { confState: EMPTY_CONF_STATE, index: 0, term: 0 };
  while (!reader.done()) {
    const tag = reader.tag();
    if (tag === (8 | BYTES)) data = reader.view();
    else if (tag === (16 | BYTES)) metadata = readMetadata(reader.embedded());
    else reader.skip(tag);
  }
  return { data, metadata };
}

function sizeOfMetadata(metadata: SnapshotMetadata): number {
  const confState = sizeOfDelimited(sizeOfConfState(metadata.confState));
  return confState + 2 + sizeOfVarint(metadata.index) + sizeOfVarint(metadata.term);
}

function writeMetadata(metadata: SnapshotMetadata, out: Uint8Array, position: number): number {
  out[position] = 0x0a;
  let pos = writeVarint(sizeOfConfState(metadata.confState), out, position + 1);
  pos = writeConfState(metadata.confState, out, pos);
  out[pos] = 0x10;
  pos = writeVarint(metadata.index, out, pos + 1);
  out[pos] = 0x18;
  return writeVarint(metadata.term, out, pos + 1);
}

function readMetadata(reader: WireReader): SnapshotMetadata {
  let confState = EMPTY_CONF_STATE;
  let index = 0;
  let term = 0;
  while (!reader.done()) {
    const tag = reader.tag();
    if (tag === (8 | BYTES)) confState = readConfState(reader.embedded());
    else if (tag === (16 | VARINT)) index = reader.varint();
    else if (tag === (24 | VARINT)) term = reader.varint();
    else reader.skip(tag);
  }
  return { confState, index, term };
}

function sizeOfIds(ids: readonly bigint[]): number {
  let size = 0;
  for (const id of ids) size += 1 + sizeOfId(id);
  return size;
}

function writeIds(tag: number, ids: readonly bigint[], out: Uint8Array, position: number): number {
  let pos = position;
  for (const id of ids) {
    out[pos] = tag;
    pos = writeId(id, out, pos + 1);
  }
  return pos;
}
