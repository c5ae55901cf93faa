/**
 * Txns (`api-semantics.md` 7): plan, check, run the operations in order, answer. A txn that only reads is the same without the writer, at a
 * revision that it keeps.
 */

import { assert } from "@etcd-ts/base";
import type { RangeRequest, RequestOp, TxnRequest } from "@etcd-ts/proto";
import { MISS } from "@etcd-ts/storage";
import { RangeDeletion } from "./delete-write.ts";
import { applyPut, readsFirst } from "./put-write.ts";
import { RangeRead } from "./range-read.ts";
import { EMPTY_HEADER, revisionHeader } from "./response-header.ts";
import {
  deleteRangeResponse,
  OP_DELETE_RANGE,
  OP_PUT,
  OP_RANGE,
  OP_TXN,
  putResponse,
  rangeResponse,
  responseOp,
  txnResponse,
} from "./responses.ts";
import type { PinnedReader, StoreState } from "./store-state.ts";
import type { EncodedMessage, Outcome, Progress, ReadTask, StoreError, WriteTask } from "./store-types.ts";
import { planRefusal, type TxnPlan, TxnPlanning } from "./txn-plan.ts";
import type { Writer } from "./writer.ts";

/** One operation that is not a txn, in the order in which they run. */
interface Step {
  readonly op: RequestOp;
  reading: RangeRead | undefined;
  deletion: RangeDeletion | undefined;
  response: EncodedMessage | undefined;
}

function stepsOf(plan: TxnPlan, steps: Step[]): Step[] {
  plan.ops.forEach((op, i) => {
    const nested = plan.nested[i];
    if (nested !== undefined) stepsOf(nested, steps);
    else steps.push({ op, reading: undefined, deletion: undefined, response: undefined });
  });
  return steps;
}

/** Takes the responses of the steps in the order in which the plan named them. */
function responsesOf(plan: TxnPlan, responses: Iterator<EncodedMessage>): EncodedMessage[] {
  return plan.ops.map((_, i) => {
    const nested = plan.nested[i];
    if (nested === undefined) return responses.next().value as EncodedMessage;
    const inner = txnResponse(EMPTY_HEADER, nested.succeeded, responsesOf(nested, responses));
    return responseOp(OP_TXN, inner);
  });
}

function answerOf(header: Uint8Array, plan: TxnPlan, steps: readonly Step[]): Outcome {
  const responses = steps.map((step) => step.response as EncodedMessage);
  const response = txnResponse(header, plan.succeeded, responsesOf(plan, responses.values()));
  return { error: undefined, response };
}

/** A write that asks back what was there reads too. */
function operationsOf(steps: readonly Step[]): number {
  let count = steps.length;
  for (const { op } of steps) {
    if (op.case === "requestPut" && readsFirst(op.value)) count++;
    if (op.case === "requestDeleteRange" && op.value.prevKv) count++;
  }
  return count;
}

function refusal(error: StoreError): Outcome {
  return { error, response: undefined };
}

/** Runs a range of a txn at `newest`, or at its own revision. */
function runRange(
  state: StoreState,
  step: Step,
  request: RangeRequest,
  newest: number,
  budget: number,
): Progress {
  if (step.reading === undefined) {
    state.counters.ranges++;
    step.reading = new RangeRead(state, request, request.revision > 0 ? request.revision : newest);
  }
  const progress = step.reading.run(budget);
  if (progress !== "done") return progress;
  const { pairs, more, count } = step.reading;
  step.response = responseOp(OP_RANGE, rangeResponse(revisionHeader(newest), pairs, more, count));
  return "done";
}

/** What a step that is done has left of the budget. */
function leftBy(step: Step, budget: number): number {
  return (step.reading ?? step.deletion)?.left ?? budget - 1;
}

export class TxnTask implements WriteTask {
  outcome: Outcome | undefined;
  revision = 0;
  private readonly state: StoreState;
  private readonly writer: Writer;
  private readonly request: TxnRequest;
  private planning: TxnPlanning | undefined;
  private steps: Step[] | undefined;
  private next = 0;

  constructor(state: StoreState, writer: Writer, request: TxnRequest) {
    this.state = state;
    this.writer = writer;
    this.request = request;
  }

  run(budget: number): Progress {
    const { state, writer } = this;
    this.planning ??= new TxnPlanning(state, this.request, state.currentRevision);
    const { planning } = this;
    if (this.steps === undefined) {
      const progress = planning.run(budget);
      if (progress !== "done") return progress;
      const error = planRefusal(state, planning.root, state.currentRevision);
      if (error !== undefined) {
        this.outcome = refusal(error);
        return "done";
      }
      this.steps = stepsOf(planning.root, []);
      writer.begin();
    }
    for (let left = budget; this.next < this.steps.length; this.next++) {
      if (left <= 0) return "more";
      const step = this.steps[this.next] as Step;
      const progress = this.runStep(step, left);
      if (progress !== "done") return progress;
      left = leftBy(step, left);
    }
    if (operationsOf(this.steps) > 1) state.counters.txns++;
    this.revision = writer.end();
    this.outcome = answerOf(state.headers.encode(state.currentRevision), planning.root, this.steps);
    return "done";
  }

  private runStep(step: Step, budget: number): Progress {
    const { state, writer } = this;
    const { op } = step;
    switch (op.case) {
      case "requestRange":
        return runRange(state, step, op.value, writer.visibleRevision, budget);
      case "requestPut": {
        const previous = applyPut(state, writer, op.value);
        if (previous === MISS) return "miss";
        if (readsFirst(op.value)) state.counters.ranges++;
        step.response = responseOp(OP_PUT, putResponse(revisionHeader(writer.revision), previous));
        return "done";
      }
      case "requestDeleteRange": {
        step.deletion ??= new RangeDeletion(state, writer, op.value);
        const progress = step.deletion.run(budget);
        if (progress !== "done") return progress;
        const { deleted, previousPairs } = step.deletion;
        const header = revisionHeader(writer.visibleRevision);
        step.response = responseOp(OP_DELETE_RANGE, deleteRangeResponse(header, deleted, previousPairs));
        return "done";
      }
      default:
        throw new Error("validation lets no empty operation and no unplanned txn through");
    }
  }
}

export class ReadTxnTask implements ReadTask, PinnedReader {
  outcome: Outcome | undefined;
  /** Fixed with the first slice. */
  revision = 0;
  private readonly state: StoreState;
  private readonly request: TxnRequest;
  private planning: TxnPlanning | undefined;
  private steps: Step[] | undefined;
  private next = 0;

  constructor(state: StoreState, request: TxnRequest) {
    this.state = state;
    this.request = request;
  }

  run(budget: number): Progress {
    const progress = this.runSteps(budget);
    if (progress === "done") this.close();
    else {
      this.state.readers.add(this);
      for (const step of this.steps ?? []) step.reading?.detach();
    }
    return progress;
  }

  close(): void {
    this.state.readers.delete(this);
  }

  private runSteps(budget: number): Progress {
    const { state } = this;
    if (this.planning === undefined) {
      this.revision = state.currentRevision;
      this.planning = new TxnPlanning(state, this.request, this.revision);
    }
    const { planning } = this;
    if (this.steps === undefined) {
      const progress = planning.run(budget);
      if (progress !== "done") return progress;
      const error = planRefusal(state, planning.root, this.revision);
      if (error !== undefined) {
        this.outcome = refusal(error);
        return "done";
      }
      this.steps = stepsOf(planning.root, []);
    }
    for (let left = budget; this.next < this.steps.length; this.next++) {
      if (left <= 0) return "more";
      const step = this.steps[this.next] as Step;
      assert(step.op.case === "requestRange", "a txn that only reads has ranges only");
      const progress = runRange(state, step, step.op.value, this.revision, left);
      if (progress !== "done") return progress;
      left = leftBy(step, left);
    }
    if (this.steps.length > 1) state.counters.txns++;
    this.outcome = answerOf(state.headers.encode(this.revision), planning.root, this.steps);
    return "done";
  }
}
