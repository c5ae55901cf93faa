/**
 * Compression of single messages. Only gzip: identity needs none and everything else is refused by name. Synchronous, so what is
 * done at once is bounded: an incoming message by the size limit, an outgoing one by COMPRESS_BYTES_MAX (a larger one
 * leaves uncompressed, which each message may).
 */

import { gunzipSync, gzipSync } from "node:zlib";
import { Code } from "../status.ts";

const COMPRESS_BYTES_MAX = 262_144;
const GZIP_HEADER_BYTES = 10;
/** Two fixed bytes and the method, deflate. */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 8]);

export interface Refusal {
  readonly code: Code;
  readonly text: string;
}

export function compress(message: Uint8Array): Buffer | undefined {
  return message.length > COMPRESS_BYTES_MAX ? undefined : gzipSync(message);
}

export function decompress(body: Buffer, bytesMax: number): Buffer | Refusal {
  try {
    return gunzipSync(body, { maxOutputLength: bytesMax });
  } catch (error) {
    return refusalOf(error as NodeJS.ErrnoException, body, bytesMax); // zlib throws nothing else
  }
}

function refusalOf(error: NodeJS.ErrnoException, body: Buffer, bytesMax: number): Refusal {
  if (error.code === "ERR_BUFFER_TOO_LARGE") {
    const text = `grpc: received message after decompression larger than max ${bytesMax}`;
    return { code: Code.RESOURCE_EXHAUSTED, text };
  }
  return { code: Code.INTERNAL, text: corruptionText(error, body) };
}

/** Header and data are read in two steps, each with a text of its own. */
function corruptionText(error: NodeJS.ErrnoException, body: Buffer): string {
  const header = "grpc: failed to decompress the message";
  if (body.length === 0) return `${header}: EOF`;
  if (body.length < GZIP_HEADER_BYTES) return `${header}: unexpected EOF`;
  if (GZIP_MAGIC.compare(body, 0, GZIP_MAGIC.length) !== 0) return `${header}: gzip: invalid header`;
  return `grpc: failed to read decompressed data: ${dataReason(error)}`;
}

function dataReason(error: NodeJS.ErrnoException): string {
  if (error.code === "Z_BUF_ERROR") return "unexpected EOF";
  if (/incorrect (data|length) check/.test(error.message)) return "gzip: invalid checksum";
  if (error.message.includes("incorrect header check")) return "gzip: invalid header"; // of a second member
  return "flate: corrupt input";
}
