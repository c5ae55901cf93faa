/**
 * The content of a normal entry: which field of `InternalRaftRequest` is set, and the decoded request in it.
 */

import {
  decodeInternalRaftRequest,
  decodeV2Request,
  ProtoError,
  raftRequestBodyCodecs,
  V2_REQUEST_FIELD,
} from "@etcd-ts/proto";
import { translateV2Request } from "./v2-request.ts";

export interface RaftRequest {
  /** A number of `RaftRequestField`. */
  readonly field: number;
  readonly request: unknown;
}

/** An entry that no release could have written: the log is damaged, or from the future. */
export class MalformedEntryError extends Error {
  override readonly name = "MalformedEntryError";
}

export function decodeRaftRequest(data: Uint8Array, index: number): RaftRequest {
  try {
    const { field, body } = decodeInternalRaftRequest(data);
    if (field === V2_REQUEST_FIELD) return mustTranslate(body, index);
    return { field, request: raftRequestBodyCodecs.get(field)?.decode(body) };
  } catch (cause) {
    if (!(cause instanceof ProtoError)) throw cause;
    throw new MalformedEntryError(
      `the entry at index ${index} of the log is not a request: ${cause.message}`,
      { cause },
    );
  }
}

/** Whether it is of the v2 API. Both of its forms begin with their id; the envelope of our day does not, so most are told by a byte. */
export function isV2Request(data: Uint8Array): boolean {
  return data[0] === TAG_ID && decodeInternalRaftRequest(data).field === V2_REQUEST_FIELD;
}

const TAG_ID = 0x08;

function mustTranslate(body: Uint8Array, index: number): RaftRequest {
  const request = decodeV2Request(body);
  const translated = translateV2Request(request);
  if (translated !== undefined) return translated;
  throw new MalformedEntryError(
    `the entry at index ${index} of the log is a request of the v2 API (${request.method} ${request.path}), which no release ` +
      "since 3.4 applies: start it once under the release that wrote it and let it take a snapshot",
  );
}
