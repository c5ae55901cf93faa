/** A SETTINGS frame of the peer: what of it concerns us. Settings that we do not know are ignored. */

import { ErrorCode, MAX_FRAME_BYTES, readUint32, Setting, WINDOW_BYTES_MAX } from "../http2/frame.ts";
import { type Breach, breach } from "./breach.ts";

const SETTING_BYTES = 6;

export interface PeerSettings {
  /** In order: an encoder has to tell that the table was smaller in between. */
  readonly headerTableBytes: number[];
  streamWindowBytes: number | undefined;
}

/** `undefined` for an acknowledgement. Of a window that comes twice the last value counts. */
export function readSettings(
  ack: boolean,
  bytes: Buffer,
  start: number,
  length: number,
): PeerSettings | Breach | undefined {
  if (length % SETTING_BYTES !== 0 || (ack && length !== 0)) {
    return breach(ErrorCode.FRAME_SIZE_ERROR, "SETTINGS of wrong length");
  }
  if (ack) return undefined;
  const settings: PeerSettings = { headerTableBytes: [], streamWindowBytes: undefined };
  for (let at = start; at < start + length; at += SETTING_BYTES) {
    const breached = take(settings, (bytes[at]! << 8) | bytes[at + 1]!, readUint32(bytes, at + 2));
    if (breached !== undefined) return breached;
  }
  return settings;
}

function take(settings: PeerSettings, id: number, value: number): Breach | undefined {
  switch (id) {
    case Setting.HEADER_TABLE_SIZE:
      settings.headerTableBytes.push(value);
      return undefined;
    case Setting.INITIAL_WINDOW_SIZE:
      settings.streamWindowBytes = value;
      if (value <= WINDOW_BYTES_MAX) return undefined;
      return breach(ErrorCode.FLOW_CONTROL_ERROR, "initial window too large");
    case Setting.ENABLE_PUSH:
      return value <= 1 ? undefined : breach(ErrorCode.PROTOCOL_ERROR, "ENABLE_PUSH is neither 0 nor 1");
    case Setting.MAX_FRAME_SIZE:
      if (value >= MAX_FRAME_BYTES && value < 2 ** 24) return undefined; // we never send larger ones
      return breach(ErrorCode.PROTOCOL_ERROR, "MAX_FRAME_SIZE out of range");
    default:
      return undefined;
  }
}
