/** What a member proposes by itself: its name and URLs, the cluster version, alarms, the end of leases. */

import type { Codec, Status } from "@etcd-ts/proto";
import type { Proposal } from "./proposal.ts";

export class OwnProposal<T> implements Proposal {
  readonly field: number;
  readonly request: T;
  readonly body: Uint8Array;
  id = 0;
  proposedAtMs = 0;
  settled = false;
  awaitsRemoval = false;
  private readonly onEnd: (error: Status | undefined) => void;

  /** `onEnd` hears how it went: applied, or why not. */
  constructor(field: number, codec: Codec<T>, request: T, onEnd: (error: Status | undefined) => void) {
    this.field = field;
    this.request = request;
    this.body = codec.encode(request);
    this.onEnd = onEnd;
  }

  succeed(): void {
    this.onEnd(undefined);
  }

  fail(error: Status): void {
    this.onEnd(error);
  }
}
