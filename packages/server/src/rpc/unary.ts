/**
 * The two ways in which a unary call is answered by the core: through the log, or by a read. Both write the answer straight
 * into the connection's output.
 */

import type { UnaryCall } from "@etcd-ts/grpc";
import type { Status } from "@etcd-ts/proto";
import { statusOfStoreError } from "../apply/store-status.ts";
import type { EncodedMessage, ReadTask } from "../mvcc/store-types.ts";
import type { Proposal } from "../node/proposal.ts";
import type { Read, ReadProgress } from "../node/read.ts";
import type { ServedMember } from "./served-member.ts";

/** Keys that a read visits before it lets others have their turn. */
const SLICE_KEYS = 2000;

/** From here on an answer is handed over in pieces: to write it at once would hold the loop. */
const PIECEWISE_BYTES = 512 * 1024;

export function respond(call: UnaryCall, answer: EncodedMessage): void {
  if (answer.size > PIECEWISE_BYTES && answer.pieces !== undefined) call.respondParts(answer.pieces());
  else call.respondInto(answer.size, writeAnswer, answer);
}

export function refuse(call: UnaryCall, status: Status): void {
  call.fail(status.code, status.message);
}

function writeAnswer(answer: EncodedMessage, target: Buffer, position: number): number {
  return answer.writeTo(target, position);
}

export class UnaryProposal implements Proposal {
  readonly field: number;
  readonly request: unknown;
  readonly body: Uint8Array;
  id = 0;
  proposedAtMs = 0;
  settled = false;
  awaitsRemoval = false;
  answerBytes = -1;
  refusal = "";
  protected readonly call: UnaryCall;

  constructor(call: UnaryCall, field: number, request: unknown, body: Uint8Array) {
    this.call = call;
    this.field = field;
    this.request = request;
    this.body = body;
  }

  succeed(result: EncodedMessage): void {
    this.answerBytes = result.size;
    respond(this.call, result);
  }

  fail(error: Status): void {
    this.refusal = error.message;
    refuse(this.call, error);
  }
}

/** A read that is a task of the store. The task is made when the barrier is passed: it pins the revision of that moment. */
export class TaskRead implements Read {
  readonly linearizable: boolean;
  arrivedAtMs = 0;
  private task: ReadTask | undefined;
  private readonly call: UnaryCall;
  private readonly member: ServedMember;
  /** As metrics count it: READ_RANGE or READ_TXN. */
  private readonly kind: number;
  private readonly begin: () => ReadTask;

  constructor(
    call: UnaryCall,
    member: ServedMember,
    kind: number,
    linearizable: boolean,
    begin: () => ReadTask,
  ) {
    this.call = call;
    this.member = member;
    this.kind = kind;
    this.linearizable = linearizable;
    this.begin = begin;
  }

  get gone(): boolean {
    return this.call.cancelled;
  }

  run(): ReadProgress {
    this.task ??= this.begin();
    const progress = this.task.run(SLICE_KEYS);
    if (progress !== "done") return progress;
    const outcome = this.task.outcome!;
    this.count(outcome.error === undefined);
    if (outcome.error === undefined) respond(this.call, outcome.response);
    else refuse(this.call, statusOfStoreError(outcome.error));
    return "answered";
  }

  close(): void {
    this.task?.close();
  }

  private count(success: boolean): void {
    const seconds = (this.member.nowMs - this.arrivedAtMs) / 1000;
    this.member.metrics.countRead(this.kind, seconds, success);
  }

  fail(error: Status): void {
    this.close();
    this.count(false);
    refuse(this.call, error);
  }
}
