/** The hash of all keys at a revision, for clients and for other members. */

import type { Status } from "@etcd-ts/proto";
import { statusOfStoreError } from "../apply/store-status.ts";
import type { HashOutcome, HashTask } from "../mvcc/store-types.ts";
import type { Read, ReadProgress } from "../node/read.ts";
import type { ServedMember } from "./served-member.ts";

/** Records that one slice of a hash visits. */
const HASH_SLICE_RECORDS = 5000;

export type HashKvOutcome =
  | { readonly error: undefined; readonly result: HashOutcome }
  | { readonly error: Status };

export interface HashKvCaller {
  /** Nobody waits any more. */
  isGone(): boolean;
  /** Is told once, unless the caller is gone. */
  onEnd(outcome: HashKvOutcome): void;
}

export class HashKvRead implements Read {
  readonly linearizable = false;
  arrivedAtMs = 0;
  private task: HashTask | undefined;
  private begunAtMs = 0;
  private readonly member: ServedMember;
  private readonly revision: number;
  private readonly caller: HashKvCaller;

  /** `revision` 0: the current one. */
  constructor(member: ServedMember, revision: number, caller: HashKvCaller) {
    this.member = member;
    this.revision = revision;
    this.caller = caller;
  }

  get gone(): boolean {
    return this.caller.isGone();
  }

  run(): ReadProgress {
    this.task ??= this.begin();
    const progress = this.task.run(HASH_SLICE_RECORDS);
    if (progress !== "done") return progress;
    const outcome = this.task.outcome!;
    const { metrics } = this.member;
    metrics.hashRevision.observe((metrics.clockMs() - this.begunAtMs) / 1000);
    this.caller.onEnd(outcome.error === undefined ? outcome : { error: statusOfStoreError(outcome.error) });
    return "answered";
  }

  close(): void {
    this.task?.close();
  }

  fail(error: Status): void {
    this.close();
    this.caller.onEnd({ error });
  }

  private begin(): HashTask {
    this.begunAtMs = this.member.metrics.clockMs();
    return this.member.store.hashKv(this.revision);
  }
}
