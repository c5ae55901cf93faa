/**
 * Which branches a txn takes, decided before anything runs: all comparisons, those of nested txns included, look at the state before
 * the txn. Then every operation on the chosen path is checked against that state; the first that cannot run refuses the whole.
 */

import type { RangeRequest, RequestOp, TxnRequest } from "@etcd-ts/proto";
import { CompareRead } from "./compare-read.ts";
import { putRefusal } from "./put-write.ts";
import type { StoreState } from "./store-state.ts";
import type { Progress, StoreError } from "./store-types.ts";

/** A txn with its branch chosen; `nested[i]` is the plan of `ops[i]` where that is a txn. */
export interface TxnPlan {
  readonly request: TxnRequest;
  succeeded: boolean;
  ops: readonly RequestOp[];
  nested: (TxnPlan | undefined)[];
}

export class TxnPlanning {
  readonly root: TxnPlan;
  private readonly state: StoreState;
  private readonly revision: number;
  private readonly undecided: TxnPlan[];
  private comparing: CompareRead | undefined;
  private compared = 0;

  constructor(state: StoreState, request: TxnRequest, revision: number) {
    this.state = state;
    this.revision = revision;
    this.root = { request, succeeded: true, ops: [], nested: [] };
    this.undecided = [this.root];
  }

  run(budget: number): Progress {
    for (let plan = this.undecided.at(-1); plan !== undefined; plan = this.undecided.at(-1)) {
      const progress = this.compareAll(plan, budget);
      if (progress !== "done") return progress;
      this.undecided.pop();
      this.compared = 0;
      this.choose(plan);
    }
    return "done";
  }

  private compareAll(plan: TxnPlan, budget: number): Progress {
    const { compare } = plan.request;
    for (; this.compared < compare.length && plan.succeeded; this.compared++) {
      const next = compare[this.compared];
      if (next === undefined) break;
      this.comparing ??= new CompareRead(this.state, next, this.revision);
      const progress = this.comparing.run(budget);
      if (progress !== "done") return progress;
      plan.succeeded = this.comparing.holds;
      this.comparing = undefined;
    }
    return "done";
  }

  private choose(plan: TxnPlan): void {
    plan.ops = plan.succeeded ? plan.request.success : plan.request.failure;
    for (const op of plan.ops) {
      if (op.case !== "requestTxn") {
        plan.nested.push(undefined);
        continue;
      }
      const nested: TxnPlan = { request: op.value, succeeded: true, ops: [], nested: [] };
      plan.nested.push(nested);
      this.undecided.push(nested);
    }
  }
}

/** Why the chosen path cannot run. */
export function planRefusal(state: StoreState, plan: TxnPlan, revision: number): StoreError | undefined {
  for (let i = 0; i < plan.ops.length; i++) {
    const error = opRefusal(state, plan, i, revision);
    if (error !== undefined) return error;
  }
  return undefined;
}

function opRefusal(state: StoreState, plan: TxnPlan, i: number, revision: number): StoreError | undefined {
  const op = plan.ops[i] as RequestOp;
  switch (op.case) {
    case "requestRange":
      return rangeRefusal(state, op.value, revision);
    case "requestPut":
      return putRefusal(state, op.value);
    case "requestTxn":
      return planRefusal(state, plan.nested[i] as TxnPlan, revision);
    default:
      return undefined;
  }
}

/** Unlike a range of its own one in a txn is refused for a revision below the last compacted one even when it is negative. */
function rangeRefusal(state: StoreState, request: RangeRequest, revision: number): StoreError | undefined {
  if (request.revision === 0) return undefined;
  if (request.revision > revision) return "ErrGRPCFutureRev";
  return request.revision < state.compactRevision ? "ErrGRPCCompacted" : undefined;
}
