/** A read whose whole answer is at hand as soon as the barrier is passed. */

import type { UnaryCall } from "@etcd-ts/grpc";
import type { Status } from "@etcd-ts/proto";
import { encodedBytes } from "../apply/encoded-bytes.ts";
import type { Read, ReadProgress } from "../node/read.ts";
import { refuse, respond } from "./unary.ts";

export class AnswerRead implements Read {
  arrivedAtMs = 0;
  readonly linearizable: boolean;
  private readonly call: UnaryCall;
  private readonly answer: () => Uint8Array;

  constructor(call: UnaryCall, linearizable: boolean, answer: () => Uint8Array) {
    this.call = call;
    this.linearizable = linearizable;
    this.answer = answer;
  }

  get gone(): boolean {
    return this.call.cancelled;
  }

  run(): ReadProgress {
    respond(this.call, encodedBytes(this.answer()));
    return "answered";
  }

  fail(error: Status): void {
    refuse(this.call, error);
  }

  close(): void {}
}
