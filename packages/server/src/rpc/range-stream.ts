/**
 * One RangeStream call: chunks of a range pinned at one revision, sent as fast as the client takes them and never faster. While
 * the client is slow the read is parked, and its memory is what the connection's queue holds.
 */

import type { ServerStreamListener, StreamCall } from "@etcd-ts/grpc";
import type { RangeRequest, Status } from "@etcd-ts/proto";
import { statusOfStoreError } from "../apply/store-status.ts";
import type { EncodedMessage, RangeStreamTask } from "../mvcc/store-types.ts";
import type { Read, ReadProgress } from "../node/read.ts";
import type { ServedMember } from "./served-member.ts";

/** Keys that one slice visits before others have their turn. */
const SLICE_KEYS = 2000;

export class RangeStreamRead implements Read, ServerStreamListener {
  readonly linearizable: boolean;
  arrivedAtMs = 0;
  private task: RangeStreamTask | undefined;
  private parked = false;
  private readonly call: StreamCall;
  private readonly member: ServedMember;
  private readonly request: RangeRequest;

  constructor(call: StreamCall, member: ServedMember, request: RangeRequest) {
    this.call = call;
    this.member = member;
    this.request = request;
    this.linearizable = !request.serializable;
  }

  get gone(): boolean {
    return this.call.cancelled;
  }

  run(): ReadProgress {
    this.task ??= this.member.store.rangeStream(this.request, this.member.requestBytesMax);
    const progress = this.task.run(SLICE_KEYS);
    return progress === "done" ? this.sendChunk(this.task) : progress;
  }

  close(): void {
    this.task?.close();
  }

  fail(error: Status): void {
    this.close();
    this.call.end(error.code, error.message);
  }

  onDrain(): void {
    if (!this.parked) return;
    this.parked = false;
    this.member.resumeRead(this);
  }

  onCancel(): void {
    this.close();
  }

  private sendChunk(task: RangeStreamTask): ReadProgress {
    const outcome = task.outcome!;
    if (outcome.error !== undefined) {
      this.fail(statusOfStoreError(outcome.error));
      return "answered";
    }
    const taken = this.call.sendInto(outcome.response.size, writeChunk, outcome.response);
    if (task.ended) {
      this.call.end();
      return "answered";
    }
    task.next();
    this.parked = !taken;
    return taken ? "more" : "parked";
  }
}

function writeChunk(chunk: EncodedMessage, target: Buffer, position: number): number {
  return chunk.writeTo(target, position);
}
