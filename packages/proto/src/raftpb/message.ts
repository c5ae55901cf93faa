/**
 * Codec of `raftpb.Message`.
 *
 *     Message = 08 type 10 to 18 from 20 term 28 logTerm 30 index  { 3a length Entry }  40 commit  [4a length Snapshot]
 *               50 reject 58 rejectHint  [62 length context]  68 vote  { 72 length Message }
 *
 * Scalars are written also when zero; the snapshot iff present, the context iff present. Entry and snapshot payloads of a
 * decoded message are views of the input: who keeps an entry keeps the buffer that it came in.
 */

import { readEntry, sizeOfEntry, writeEntry } from "./entry.ts";
import { readSnapshot, sizeOfSnapshot, writeSnapshot } from "./snapshot.ts";
import { type Entry, Message, type MessageType } from "./types.ts";
import {
  BYTES,
  RaftpbError,
  sizeOfDelimited,
  sizeOfId,
  sizeOfVarint,
  VARINT,
  WireReader,
  writeBytesField,
  writeId,
  writeVarint,
} from "./wire.ts";

/** Responses hold no responses themselves; a deeper nest is an attack on the stack. */
const NESTING_MAX = 4;

export function sizeOfMessage(message: Message): number {
  let size = 10 + 1; // ten tags of scalars; the flag's byte
  size += sizeOfVarint(message.type) + sizeOfId(message.to) + sizeOfId(message.from);
  size += sizeOfVarint(message.term) + sizeOfVarint(message.logTerm) + sizeOfVarint(message.index);
  size += sizeOfVarint(message.commit) + sizeOfVarint(message.rejectHint) + sizeOfId(message.vote);
  for (const entry of message.entries) size += sizeOfDelimited(sizeOfEntry(entry));
  if (message.snapshot !== undefined) size += sizeOfDelimited(sizeOfSnapshot(message.snapshot));
  if (message.context !== undefined) size += sizeOfDelimited(message.context.length);
  for (const response of message.responses) size += sizeOfDelimited(sizeOfMessage(response));
  return size;
}

/** Writes `message` at `position` and returns the position after it; `out` has room for {@link sizeOfMessage} bytes. */
export function writeMessage(message: Message, out: Uint8Array, position: number): number {
  let pos = writeHead(message, out, position);
  for (const entry of message.entries) {
    out[pos] = 0x3a;
    pos = writeVarint(sizeOfEntry(entry), out, pos + 1);
    pos = writeEntry(entry, out, pos);
  }
  out[pos] = 0x40;
  pos = writeVarint(message.commit, out, pos + 1);
  if (message.snapshot !== undefined) {
    out[pos] = 0x4a;
    pos = writeVarint(sizeOfSnapshot(message.snapshot), out, pos + 1);
    pos = writeSnapshot(message.snapshot, out, pos);
  }
  out[pos] = 0x50;
  out[pos + 1] = message.reject ? 1 : 0;
  out[pos + 2] = 0x58;
  pos = writeVarint(message.rejectHint, out, pos + 3);
  if (message.context !== undefined) pos = writeBytesField(0x62, message.context, out, pos);
  out[pos] = 0x68;
  pos = writeId(message.vote, out, pos + 1);
  for (const response of message.responses) {
    out[pos] = 0x72;
    pos = writeVarint(sizeOfMessage(response), out, pos + 1);
    pos = writeMessage(response, out, pos);
  }
  return pos;
}

function writeHead(message: Message, out: Uint8Array, position: number): number {
  out[position] = 0x08;
  let pos = writeVarint(message.type, out, position + 1);
  out[pos] = 0x10;
  pos = writeId(message.to, out, pos + 1);
  out[pos] = 0x18;
  pos = writeId(message.from, out, pos + 1);
  out[pos] = 0x20;
  pos = writeVarint(message.term, out, pos + 1);
  out[pos] = 0x28;
  pos = writeVarint(message.logTerm, out, pos + 1);
  out[pos] = 0x30;
  return writeVarint(message.index, out, pos + 1);
}

export function encodeMessage(message: Message): Uint8Array {
  const out = new Uint8Array(sizeOfMessage(message));
  writeMessage(message, out, 0);
  return out;
}

export function decodeMessage(bytes: Uint8Array): Message {
  return readMessage(new WireReader(bytes), 0);
}

function readMessage(reader: WireReader, depth: number): Message {
  if (depth > NESTING_MAX) throw new RaftpbError("raftpb: responses nested too deeply");
  // Unknown types are kept: who receives the message ignores them.
  const message = new Message(0 as MessageType);
  const entries: Entry[] = [];
  const responses: Message[] = [];
  while (!reader.done()) {
    const tag = reader.tag();
    if (tag === (56 | BYTES)) entries.push(readEntry(reader.embedded()));
    else if (tag === (112 | BYTES)) responses.push(readMessage(reader.embedded(), depth + 1));
    else if (!readScalar(message, tag, reader)) reader.skip(tag);
  }
  if (entries.length > 0) message.entries = entries;
  if (responses.length > 0) message.responses = responses;
  return message;
}

/** Reads one field that is not repeated; false when it is none of the known ones. */
function readScalar(message: Message, tag: number, reader: WireReader): boolean {
  switch (tag) {
    case 8 | VARINT:
      message.type = reader.varint() as MessageType;
      return true;
    case 16 | VARINT:
      message.to = reader.id();
      return true;
    case 24 | VARINT:
      message.from = reader.id();
      return true;
    case 32 | VARINT:
      message.term = reader.varint();
      return true;
    case 40 | VARINT:
      message.logTerm = reader.varint();
      return true;
    case 48 | VARINT:
      message.index = reader.varint();
      return true;
    case 64 | VARINT:
      message.commit = reader.varint();
      return true;
    case 72 | BYTES:
      message.snapshot = readSnapshot(reader.embedded());
      return true;
    case 80 | VARINT:
      message.reject = reader.bool();
      return true;
    case 88 | VARINT:
      message.rejectHint = reader.varint();
      return true;
    case 96 | BYTES:
      message.context = reader.view();
      return true;
    case 104 | VARINT:
      message.vote = reader.id();
      return true;
    default:
      return false;
  }
}
