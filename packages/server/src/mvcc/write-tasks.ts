/** The writes of single requests as tasks: they begin with the first slice, and the writer's `end` makes their outcome. */

import type { DeleteRangeRequest, PutRequest } from "@etcd-ts/proto";
import { MISS } from "@etcd-ts/storage";
import { RangeDeletion } from "./delete-write.ts";
import { applyPut, liveSlot, putRefusal, readsFirst } from "./put-write.ts";
import { deleteRangeResponse, putResponse } from "./responses.ts";
import type { StoreState } from "./store-state.ts";
import type { Outcome, Progress, WriteTask } from "./store-types.ts";
import type { Writer } from "./writer.ts";

export class PutTask implements WriteTask {
  outcome: Outcome | undefined;
  revision = 0;
  private readonly state: StoreState;
  private readonly writer: Writer;
  private readonly request: PutRequest;

  constructor(state: StoreState, writer: Writer, request: PutRequest) {
    this.state = state;
    this.writer = writer;
    this.request = request;
  }

  run(): Progress {
    const { state, writer } = this;
    const error = putRefusal(state, this.request);
    if (error !== undefined) {
      this.outcome = { error, response: undefined };
      return "done";
    }
    writer.begin();
    const previous = applyPut(state, writer, this.request);
    this.revision = writer.end();
    if (previous === MISS) return "miss";
    if (readsFirst(this.request)) {
      state.counters.ranges++;
      state.counters.txns++;
    }
    const header = state.headers.encode(this.revision);
    this.outcome = { error: undefined, response: putResponse(header, previous) };
    return "done";
  }
}

export class DeleteRangeTask implements WriteTask {
  outcome: Outcome | undefined;
  revision = 0;
  private readonly state: StoreState;
  private readonly writer: Writer;
  private readonly request: DeleteRangeRequest;
  private deletion: RangeDeletion | undefined;

  constructor(state: StoreState, writer: Writer, request: DeleteRangeRequest) {
    this.state = state;
    this.writer = writer;
    this.request = request;
  }

  run(budget: number): Progress {
    const { state, writer } = this;
    if (this.deletion === undefined) {
      writer.begin();
      this.deletion = new RangeDeletion(state, writer, this.request);
    }
    const progress = this.deletion.run(budget);
    if (progress !== "done") return progress;
    if (this.request.prevKv) state.counters.txns++;
    this.revision = writer.end();
    const header = state.headers.encode(state.currentRevision);
    const { deleted, previousPairs } = this.deletion;
    this.outcome = { error: undefined, response: deleteRangeResponse(header, deleted, previousPairs) };
    return "done";
  }
}

/** Deletes of keys that are named one by one; its response is a DeleteRangeResponse. */
export class DeleteKeysTask implements WriteTask {
  outcome: Outcome | undefined;
  revision = 0;
  private readonly state: StoreState;
  private readonly writer: Writer;
  private readonly keys: readonly Uint8Array[];
  private next = 0;
  private hasBegun = false;

  constructor(state: StoreState, writer: Writer, keys: readonly Uint8Array[]) {
    this.state = state;
    this.writer = writer;
    this.keys = keys;
  }

  run(budget: number): Progress {
    const { state, writer, keys } = this;
    if (!this.hasBegun) {
      this.hasBegun = true;
      writer.begin();
    }
    const stop = Math.min(keys.length, this.next + budget);
    for (; this.next < stop; this.next++) {
      const key = keys[this.next] as Uint8Array;
      if (liveSlot(state, key) >= 0) writer.delete(key);
    }
    if (this.next < keys.length) return "more";
    const deleted = writer.changed;
    state.counters.deletes += keys.length;
    if (keys.length > 1) state.counters.txns++;
    this.revision = writer.end();
    const header = state.headers.encode(state.currentRevision);
    this.outcome = { error: undefined, response: deleteRangeResponse(header, deleted, undefined) };
    return "done";
  }
}
