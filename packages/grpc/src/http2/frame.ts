/**
 * The framing layer of HTTP/2 (RFC 9113, sections 4, 6, 7 and 11). All numbers are permanent.
 *
 *     +-----------------------------------------------+
 *     |                 length (24)                   |
 *     +---------------+---------------+---------------+
 *     |   type (8)    |   flags (8)   |
 *     +-+-------------+---------------+-------------------------------+
 *     |R|                 stream identifier (31)                      |
 *     +=+=============================================================+
 *     |                   payload (length)                        ...
 */

export const FRAME_HEADER_BYTES = 9;

/** What a client sends first. */
export const PREFACE: Buffer = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");

/** The largest payload that either side sends: SETTINGS_MAX_FRAME_SIZE is left at its initial value, which is also its least. */
export const MAX_FRAME_BYTES = 16_384;

export const INITIAL_WINDOW_BYTES = 65_535;
export const WINDOW_BYTES_MAX = 2 ** 31 - 1;
export const STREAM_ID_MAX = 2 ** 31 - 1;
export const INITIAL_HEADER_TABLE_BYTES = 4096;

export const FrameType = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
} as const;

export const Flag = {
  ACK: 0x1,
  END_STREAM: 0x1,
  END_HEADERS: 0x4,
  PADDED: 0x8,
  PRIORITY: 0x20,
} as const;

export const Setting = {
  HEADER_TABLE_SIZE: 1,
  ENABLE_PUSH: 2,
  MAX_CONCURRENT_STREAMS: 3,
  INITIAL_WINDOW_SIZE: 4,
  MAX_FRAME_SIZE: 5,
  MAX_HEADER_LIST_SIZE: 6,
} as const;

export const ErrorCode = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  INTERNAL_ERROR: 2,
  FLOW_CONTROL_ERROR: 3,
  SETTINGS_TIMEOUT: 4,
  STREAM_CLOSED: 5,
  FRAME_SIZE_ERROR: 6,
  REFUSED_STREAM: 7,
  CANCEL: 8,
  COMPRESSION_ERROR: 9,
  CONNECT_ERROR: 10,
  ENHANCE_YOUR_CALM: 11,
  INADEQUATE_SECURITY: 12,
  HTTP_1_1_REQUIRED: 13,
} as const;

export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

export function readUint24(bytes: Uint8Array, position: number): number {
  return (bytes[position]! << 16) | (bytes[position + 1]! << 8) | bytes[position + 2]!;
}

/** Unsigned. */
export function readUint32(bytes: Uint8Array, position: number): number {
  return (
    ((bytes[position]! << 24) |
      (bytes[position + 1]! << 16) |
      (bytes[position + 2]! << 8) |
      bytes[position + 3]!) >>>
    0
  );
}

/** A stream identifier or window increment: 31 bits, the first bit ignored. */
export function readUint31(bytes: Uint8Array, position: number): number {
  return (
    ((bytes[position]! & 0x7f) << 24) |
    (bytes[position + 1]! << 16) |
    (bytes[position + 2]! << 8) |
    bytes[position + 3]!
  );
}

export function writeUint32(bytes: Uint8Array, position: number, value: number): void {
  bytes[position] = value >>> 24;
  bytes[position + 1] = value >>> 16;
  bytes[position + 2] = value >>> 8;
  bytes[position + 3] = value;
}

/** Writes a frame header and returns the position behind it. */
export function writeFrameHeader(
  bytes: Uint8Array,
  position: number,
  length: number,
  type: number,
  flags: number,
  streamId: number,
): number {
  writeFrameLength(bytes, position, length);
  bytes[position + 3] = type;
  bytes[position + 4] = flags;
  writeUint32(bytes, position + 5, streamId);
  return position + FRAME_HEADER_BYTES;
}

/** Of a frame whose header begins at `position`. */
export function writeFrameLength(bytes: Uint8Array, position: number, length: number): void {
  bytes[position] = length >>> 16;
  bytes[position + 1] = length >>> 8;
  bytes[position + 2] = length;
}
