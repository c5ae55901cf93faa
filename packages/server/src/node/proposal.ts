/**
 * A request on its way through the log. On the member that proposed it, it travels as the entry's `decoded` slot, so that
 * apply neither parses the entry again nor looks anything up by index (a new leader overwrites an index).
 */

import type { Status } from "@etcd-ts/proto";
import type { EncodedMessage } from "../mvcc/store-types.ts";

export interface Proposal {
  /** Field of `InternalRaftRequest` that holds the request. */
  readonly field: number;
  /** The decoded request of that field. */
  readonly request: unknown;
  /** The request as the client encoded it: it is spliced into the entry. */
  readonly body: Uint8Array;
  /** Low 48 bits of the request id; 0 until it is proposed. */
  id: number;
  /** Clock of the turn in which it was proposed. */
  proposedAtMs: number;
  /** It has been answered (applied, refused or timed out). An entry whose proposer is gone is applied all the same. */
  settled: boolean;
  /** Applied; the answer waits, as long as it takes, for the removal of what a compaction left behind. */
  awaitsRemoval: boolean;
  /** Of the answer or the refusal, for lines about slow requests. */
  readonly answerBytes?: number;
  readonly refusal?: string;
  succeed(answer: EncodedMessage): void;
  fail(error: Status): void;
}
