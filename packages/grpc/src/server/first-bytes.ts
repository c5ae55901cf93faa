/**
 * What a plain connection speaks, by its first bytes: HTTP/2 opens with its preface, HTTP/1 with a request line. Anything else is
 * cut off without an answer, as soon as it is seen.
 */

import { PREFACE } from "../http2/frame.ts";

export type Protocol = "http2" | "http1" | "neither" | "unknown yet";

const REQUEST_LINE_BYTES_MAX = 4096;
const REQUEST_LINE = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+ [^ ]+ HTTP\/1\.[0-9]\r?$/;

export function protocolOf(bytes: Buffer): Protocol {
  const compared = Math.min(bytes.length, PREFACE.length);
  if (PREFACE.compare(bytes, 0, compared, 0, compared) === 0) {
    return compared === PREFACE.length ? "http2" : "unknown yet";
  }
  const lineEnd = bytes.subarray(0, REQUEST_LINE_BYTES_MAX).indexOf(0x0a);
  if (lineEnd >= 0) return REQUEST_LINE.test(bytes.latin1Slice(0, lineEnd)) ? "http1" : "neither";
  if (bytes.length >= REQUEST_LINE_BYTES_MAX || bytes[0]! < 0x21 || bytes[0]! > 0x7e) return "neither";
  return "unknown yet";
}
