/** A linearizable range whose answer is taken apart again for a procedure of this member. */

import type { RangeRequest, RangeResponse, Status } from "@etcd-ts/proto";
import { copyOf } from "../apply/encoded-bytes.ts";
import { statusOfStoreError } from "../apply/store-status.ts";
import type { KeyValueStore, ReadTask } from "../mvcc/store-types.ts";
import type { Read, ReadProgress } from "../node/read.ts";
import type { Outcome } from "./procedure.ts";

/** Keys that it visits before others have their turn. */
const SLICE_KEYS = 2000;

export class LocalRead implements Read {
  readonly linearizable = true;
  arrivedAtMs = 0;
  gone = false;
  private task: ReadTask | undefined;
  private readonly store: KeyValueStore;
  private readonly request: RangeRequest;
  private readonly decode: (bytes: Uint8Array) => RangeResponse;
  private readonly settle: (outcome: Outcome<RangeResponse>) => void;

  constructor(
    store: KeyValueStore,
    request: RangeRequest,
    decode: (bytes: Uint8Array) => RangeResponse,
    settle: (outcome: Outcome<RangeResponse>) => void,
  ) {
    this.store = store;
    this.request = request;
    this.decode = decode;
    this.settle = settle;
  }

  run(): ReadProgress {
    this.task ??= this.store.range(this.request);
    const progress = this.task.run(SLICE_KEYS);
    if (progress !== "done") return progress;
    const { response, error } = this.task.outcome!;
    if (error === undefined) this.settle({ ok: true, value: this.decode(copyOf(response)) });
    else this.settle({ ok: false, error: statusOfStoreError(error) });
    return "answered";
  }

  fail(error: Status): void {
    this.close();
    this.settle({ ok: false, error });
  }

  close(): void {
    this.task?.close();
  }
}
