/**
 * A request that is answered from local state. A linearizable one first waits for the read barrier: the applied index must
 * reach what was committed when the request arrived. It may have to be repeated when pages arrive, and it may take several
 * turns.
 */

import type { Status } from "@etcd-ts/proto";

/**
 * `answered`: its caller has the answer. `miss`: pages are lacking, repeat it. `more`: go on in a later turn. `parked`: it waits
 * for its caller to take what was sent, and will be handed in again.
 */
export type ReadProgress = "answered" | "miss" | "more" | "parked";

export interface Read {
  readonly linearizable: boolean;
  /** Clock of the turn in which it arrived. */
  arrivedAtMs: number;
  /** One slice of the work. */
  run(): ReadProgress;
  fail(error: Status): void;
  /** Lets go of what it pins; nobody waits for its answer. */
  close(): void;
  /** Nobody waits for the answer. */
  readonly gone: boolean;
}
