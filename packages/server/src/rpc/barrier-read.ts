/** A read that passes the barrier and reads nothing itself: behind it, what is applied is all that was committed before. */

import type { Status } from "@etcd-ts/proto";
import type { Read, ReadProgress } from "../node/read.ts";

export class BarrierRead implements Read {
  readonly linearizable = true;
  arrivedAtMs = 0;
  readonly gone = false;
  private readonly onEnd: (error: Status | undefined) => void;

  constructor(onEnd: (error: Status | undefined) => void) {
    this.onEnd = onEnd;
  }

  run(): ReadProgress {
    this.onEnd(undefined);
    return "answered";
  }

  fail(error: Status): void {
    this.onEnd(error);
  }

  close(): void {}
}
