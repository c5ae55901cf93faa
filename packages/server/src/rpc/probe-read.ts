/**
 * The read by which health checks find out that a member serves: one key, whatever it is, without permissions. Tells its end once,
 * with the error if there was one.
 */

import { createRangeRequest, type Status } from "@etcd-ts/proto";
import { statusOfStoreError } from "../apply/store-status.ts";
import { READ_RANGE } from "../metrics/server-metrics.ts";
import type { ReadTask } from "../mvcc/store-types.ts";
import type { Read, ReadProgress } from "../node/read.ts";
import type { ServedMember } from "./served-member.ts";

const SLICE_KEYS = 2000;

export class ProbeRead implements Read {
  readonly linearizable: boolean;
  arrivedAtMs = 0;
  gone = false;
  private task: ReadTask | undefined;
  private readonly member: ServedMember;
  private readonly onEnd: (error: Status | undefined) => void;

  constructor(member: ServedMember, linearizable: boolean, onEnd: (error: Status | undefined) => void) {
    this.member = member;
    this.linearizable = linearizable;
    this.onEnd = onEnd;
  }

  run(): ReadProgress {
    this.task ??= this.member.store.range(createRangeRequest({ limit: 1, keysOnly: true }));
    const progress = this.task.run(SLICE_KEYS);
    if (progress !== "done") return progress;
    const { error } = this.task.outcome!;
    const seconds = (this.member.nowMs - this.arrivedAtMs) / 1000;
    this.member.metrics.countRead(READ_RANGE, seconds, error === undefined);
    this.onEnd(error === undefined ? undefined : statusOfStoreError(error));
    return "answered";
  }

  fail(error: Status): void {
    this.close();
    this.onEnd(error);
  }

  close(): void {
    this.task?.close();
  }
}
