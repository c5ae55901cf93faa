/**
 * The content of a normal entry: which field of `InternalRaftRequest` is set, and the decoded request in it.
 */

import { decodeInternalRaftRequest, ProtoError, raftRequestBodyCodecs } from "@etcd-ts/proto";

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
    return { field, request: raftRequestBodyCodecs.get(field)?.decode(body) };
  } catch (cause) {
    if (!(cause instanceof ProtoError)) throw cause;
    throw new MalformedEntryError(
      `the entry at index ${index} of the log is not a request: ${cause.message}`,
      { cause },
    );
  }
}
