/**
 * Writes frames into a connection's output buffer. It knows formats and header compression, nothing of flow control: whoever
 * calls it has made sure that the frame may be sent.
 *
 * The blocks of an ordinary answer (`:status 200, content-type` and `grpc-status 0`) are kept as whole frames, in
 * which only the stream's number is set. They are good as long as the encoder's table stands; after the first answer it does.
 */

import { assert } from "@etcd-ts/base";
import {
  type ErrorCode,
  Flag,
  FRAME_HEADER_BYTES,
  FrameType,
  MAX_FRAME_BYTES,
  writeFrameHeader,
  writeFrameLength,
  writeUint32,
} from "../http2/frame.ts";
import { fieldBytesMax, HpackEncoder } from "../http2/hpack-encoder.ts";
import type { Code } from "../status.ts";
import { percentEncode } from "./error-text.ts";
import { MESSAGE_PREFIX_BYTES } from "./message-assembly.ts";
import { OutputBuffer } from "./output-buffer.ts";
import type { EncodeInto } from "./types.ts";

const CONTENT_TYPE = "application/grpc";
/** Room for either of the two frames of an ordinary answer, also while they are not yet compressed. */
const ORDINARY_FRAME_BYTES = 96;
/** No text of ours is longer; what a client wrote and gets back is cut. */
const STATUS_TEXT_MAX = 4000;

const NO_FRAME = Buffer.alloc(0);

export class FrameWriter {
  readonly out = new OutputBuffer();
  readonly encoder = new HpackEncoder();
  /** HEADERS or DATA were written since somebody set this to false. */
  answered = false;
  private readonly ordinaryHead = new HeadersTemplate(Flag.END_HEADERS, [
    [":status", "200"],
    ["content-type", CONTENT_TYPE],
  ]);
  private readonly okTrailersFrame = new HeadersTemplate(Flag.END_HEADERS | Flag.END_STREAM, [
    ["grpc-status", "0"],
  ]);
  /** Where the last DATA frame begins, when nothing follows it in the buffer; -1 otherwise. */
  private openDataStart = -1;
  private openDataEnd = -1;
  private openDataStream = 0;

  /** A whole ordinary answer: head, message, OK. */
  unary<T>(streamId: number, size: number, encode: EncodeInto<T>, message: T): void {
    this.answered = true;
    const out = this.out;
    out.ensure(2 * ORDINARY_FRAME_BYTES + framedLength(size));
    const bytes = out.bytes;
    let position = this.ordinaryHead.put(this.encoder, bytes, out.length, streamId);
    position = putFramed(bytes, position, streamId, size, encode, message);
    out.length = this.okTrailersFrame.put(this.encoder, bytes, position, streamId);
  }

  /** A message in DATA frames of its own, or joined to the frame just before. */
  message<T>(streamId: number, size: number, encode: EncodeInto<T>, message: T): void {
    this.answered = true;
    if (size + MESSAGE_PREFIX_BYTES <= MAX_FRAME_BYTES) this.shortMessage(streamId, size, encode, message);
    else this.longMessage(streamId, size, encode, message);
  }

  private shortMessage<T>(streamId: number, size: number, encode: EncodeInto<T>, message: T): void {
    const { out } = this;
    const length = size + MESSAGE_PREFIX_BYTES;
    out.ensure(FRAME_HEADER_BYTES + length);
    const { bytes } = out;
    let position = out.length;
    const frameStart = this.openDataStart;
    const joined = position - frameStart - FRAME_HEADER_BYTES + length;
    if (this.openDataStream === streamId && this.openDataEnd === position && joined <= MAX_FRAME_BYTES) {
      writeFrameLength(bytes, frameStart, joined);
    } else {
      this.openDataStream = streamId;
      this.openDataStart = position;
      position = writeFrameHeader(bytes, position, length, FrameType.DATA, 0, streamId);
    }
    position = putMessage(bytes, position, size, encode, message);
    out.length = position;
    this.openDataEnd = position;
  }

  private longMessage<T>(streamId: number, size: number, encode: EncodeInto<T>, message: T): void {
    const { out } = this;
    out.ensure(framedLength(size));
    this.openDataEnd = -1;
    out.length = putFramed(out.bytes, out.length, streamId, size, encode, message);
  }

  /** The header of a DATA frame; the caller puts `length` bytes behind it. Returns where. */
  dataHeader(streamId: number, length: number, endStream: boolean): number {
    this.answered = true;
    const out = this.out;
    out.ensure(length + FRAME_HEADER_BYTES);
    const flags = endStream ? Flag.END_STREAM : 0;
    const position = writeFrameHeader(out.bytes, out.length, length, FrameType.DATA, flags, streamId);
    out.length = position + length;
    return position;
  }

  responseHead(streamId: number, contentSubtype: string, gzip: boolean): void {
    this.answered = true;
    const out = this.out;
    if (contentSubtype === "" && !gzip) {
      out.ensure(ORDINARY_FRAME_BYTES);
      out.length = this.ordinaryHead.put(this.encoder, out.bytes, out.length, streamId);
      return;
    }
    const fields = [":status", "200", "content-type", contentTypeOf(contentSubtype)];
    if (gzip) fields.push("grpc-encoding", "gzip");
    this.headers(streamId, fields, false);
  }

  okTrailers(streamId: number): void {
    const out = this.out;
    out.ensure(ORDINARY_FRAME_BYTES);
    out.length = this.okTrailersFrame.put(this.encoder, out.bytes, out.length, streamId);
  }

  trailers(streamId: number, code: Code, text: string): void {
    this.headers(streamId, statusFields(code, text), true);
  }

  /** A response that is nothing but a status. */
  statusOnly(streamId: number, http: number, contentSubtype: string, code: Code, text: string): void {
    const head = [":status", String(http), "content-type", contentTypeOf(contentSubtype)];
    this.headers(streamId, [...head, ...statusFields(code, text)], true);
  }

  /** A HEADERS frame of fields that need not come again, save for those that every answer has. */
  headers(streamId: number, fields: readonly string[], endStream: boolean): void {
    this.answered = true;
    const { out, encoder } = this;
    let size = FRAME_HEADER_BYTES + 16;
    for (let i = 0; i < fields.length; i += 2) size += fieldBytesMax(fields[i]!, fields[i + 1]!);
    out.ensure(size);
    const start = out.length;
    let end = encoder.begin(out.bytes, start + FRAME_HEADER_BYTES);
    for (let i = 0; i < fields.length; i += 2) {
      end = encoder.field(out.bytes, end, fields[i]!, fields[i + 1]!, false);
    }
    const length = end - start - FRAME_HEADER_BYTES;
    const endFlag = endStream ? Flag.END_STREAM : 0;
    if (length > MAX_FRAME_BYTES) {
      this.longHeaders(streamId, start + FRAME_HEADER_BYTES, end, endFlag);
      return;
    }
    writeFrameHeader(out.bytes, start, length, FrameType.HEADERS, Flag.END_HEADERS | endFlag, streamId);
    out.length = end;
  }

  /** A block of more than one frame: the first is HEADERS, the rest CONTINUATION. */
  private longHeaders(streamId: number, start: number, end: number, endFlag: number): void {
    const { out } = this;
    const block = Buffer.from(out.bytes.subarray(start, end));
    for (let at = 0; at < block.length; at += MAX_FRAME_BYTES) {
      const piece = block.subarray(at, at + MAX_FRAME_BYTES);
      const last = at + piece.length === block.length ? Flag.END_HEADERS : 0;
      const position =
        at === 0
          ? this.frame(piece.length, FrameType.HEADERS, last | endFlag, streamId)
          : this.frame(piece.length, FrameType.CONTINUATION, last, streamId);
      piece.copy(out.bytes, position);
    }
  }

  resetStream(streamId: number, code: ErrorCode): void {
    const position = this.frame(4, FrameType.RST_STREAM, 0, streamId);
    writeUint32(this.out.bytes, position, code);
  }

  windowUpdate(streamId: number, increment: number): void {
    const position = this.frame(4, FrameType.WINDOW_UPDATE, 0, streamId);
    writeUint32(this.out.bytes, position, increment);
  }

  settings(settings: readonly (readonly [id: number, value: number])[]): void {
    let position = this.frame(settings.length * 6, FrameType.SETTINGS, 0, 0);
    for (const [id, value] of settings) {
      this.out.bytes[position] = id >>> 8;
      this.out.bytes[position + 1] = id;
      writeUint32(this.out.bytes, position + 2, value);
      position += 6;
    }
  }

  settingsAck(): void {
    this.frame(0, FrameType.SETTINGS, Flag.ACK, 0);
  }

  ping(payload: Uint8Array, start: number, ack: boolean): void {
    const position = this.frame(8, FrameType.PING, ack ? Flag.ACK : 0, 0);
    for (let i = 0; i < 8; i++) this.out.bytes[position + i] = payload[start + i]!;
  }

  goAway(lastStreamId: number, code: ErrorCode, debug: string): void {
    const position = this.frame(8 + debug.length, FrameType.GOAWAY, 0, 0);
    writeUint32(this.out.bytes, position, lastStreamId);
    writeUint32(this.out.bytes, position + 4, code);
    this.out.bytes.write(debug, position + 8, "latin1");
  }

  /** Hands over what was written. */
  take(): Buffer {
    this.openDataEnd = -1;
    return this.out.take();
  }

  private frame(length: number, type: number, flags: number, streamId: number): number {
    this.out.ensure(length + FRAME_HEADER_BYTES);
    const position = writeFrameHeader(this.out.bytes, this.out.length, length, type, flags, streamId);
    this.out.length = position + length;
    return position;
  }
}

/** Bytes of a message with its prefix and the headers of the DATA frames that it takes. */
function framedLength(size: number): number {
  const length = size + MESSAGE_PREFIX_BYTES;
  return length + Math.ceil(length / MAX_FRAME_BYTES) * FRAME_HEADER_BYTES;
}

/**
 * Writes a message in as many DATA frames as it needs; returns the position behind. The message is encoded in one piece behind the
 * room for all headers, and its parts are moved down to make room for the headers between them.
 */
function putFramed<T>(
  bytes: Buffer,
  position: number,
  streamId: number,
  size: number,
  encode: EncodeInto<T>,
  message: T,
): number {
  const length = size + MESSAGE_PREFIX_BYTES;
  const frames = Math.ceil(length / MAX_FRAME_BYTES);
  const start = position + frames * FRAME_HEADER_BYTES;
  const end = putMessage(bytes, start, size, encode, message);
  for (let i = 0; i < frames; i++) {
    const from = start + i * MAX_FRAME_BYTES;
    const part = Math.min(MAX_FRAME_BYTES, end - from);
    const headerAt = position + i * (MAX_FRAME_BYTES + FRAME_HEADER_BYTES);
    const to = headerAt + FRAME_HEADER_BYTES;
    if (to !== from) bytes.copyWithin(to, from, from + part);
    writeFrameHeader(bytes, headerAt, part, FrameType.DATA, 0, streamId);
  }
  return end;
}

/** Writes prefix and message; returns the position behind. */
export function putMessage<T>(
  bytes: Buffer,
  position: number,
  size: number,
  encode: EncodeInto<T>,
  message: T,
): number {
  bytes[position] = 0;
  writeUint32(bytes, position + 1, size);
  const start = position + MESSAGE_PREFIX_BYTES;
  const end = encode(message, bytes, start);
  assert(end === start + size, "a message has the announced size");
  return end;
}

/** A HEADERS frame that comes again and again. The bytes are kept once encoding it leaves the table as it is. */
class HeadersTemplate {
  private frame: Buffer = NO_FRAME;
  /** The encoder's generation for which `frame` is good. */
  private generation = -1;
  private readonly flags: number;
  private readonly fields: readonly (readonly [name: string, value: string])[];

  constructor(flags: number, fields: readonly (readonly [name: string, value: string])[]) {
    this.flags = flags;
    this.fields = fields;
  }

  /** At most ORDINARY_FRAME_BYTES; returns the position behind. */
  put(encoder: HpackEncoder, bytes: Buffer, position: number, streamId: number): number {
    const { generation } = encoder.table;
    if (this.generation !== generation || !encoder.settled)
      return this.encode(encoder, bytes, position, streamId);
    const { frame } = this;
    for (let i = 0; i < frame.length; i++) bytes[position + i] = frame[i]!;
    writeUint32(bytes, position + 5, streamId);
    return position + frame.length;
  }

  private encode(encoder: HpackEncoder, bytes: Buffer, position: number, streamId: number): number {
    const { generation } = encoder.table;
    const start = position + FRAME_HEADER_BYTES;
    let end = encoder.begin(bytes, start);
    const resized = end > start;
    for (const [name, value] of this.fields) end = encoder.field(bytes, end, name, value, true);
    writeFrameHeader(bytes, position, end - start, FrameType.HEADERS, this.flags, streamId);
    if (encoder.table.generation === generation && !resized) {
      this.frame = Buffer.from(bytes.subarray(position, end));
      this.generation = generation;
    }
    return end;
  }
}

function contentTypeOf(subtype: string): string {
  return subtype === "" ? CONTENT_TYPE : `${CONTENT_TYPE}+${subtype}`;
}

function statusFields(code: Code, text: string): string[] {
  const fields = ["grpc-status", String(code)];
  if (text !== "") fields.push("grpc-message", percentEncode(text.slice(0, STATUS_TEXT_MAX)));
  return fields;
}
