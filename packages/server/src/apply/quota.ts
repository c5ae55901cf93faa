/**
 * The limit on the size of the database (`api-semantics.md` 16). A request fits when the file's size plus its estimated cost
 * is below the quota; what costs nothing always fits.
 */

import { type PutRequest, RaftRequestField, type RequestOp, type TxnRequest } from "@etcd-ts/proto";

const QUOTA_BYTES_DEFAULT = 2 * 1024 * 1024 * 1024;
/** Estimated overhead of a stored pair. */
const PUT_COST_BYTES = 256;
const LEASE_COST_BYTES = 64;

/** The limit that a `--quota-backend-bytes` stands for: 0 the default, below 0 none. */
export function effectiveQuota(configured: number): number {
  if (configured < 0) return Number.POSITIVE_INFINITY;
  return configured === 0 ? QUOTA_BYTES_DEFAULT : configured;
}

/** Estimated bytes that a request adds to the database. */
export function costOf(field: number, request: unknown): number {
  switch (field) {
    case RaftRequestField.put:
      return costOfPut(request as PutRequest);
    case RaftRequestField.txn:
      return costOfTxn(request as TxnRequest);
    case RaftRequestField.leaseGrant:
      return LEASE_COST_BYTES;
    default:
      return 0;
  }
}

export function costOfPut(request: PutRequest): number {
  return PUT_COST_BYTES + request.key.length + request.value.length;
}

/** The dearer branch, nested txns included. */
export function costOfTxn(request: TxnRequest): number {
  return Math.max(costOfOps(request.success), costOfOps(request.failure));
}

function costOfOps(ops: readonly RequestOp[]): number {
  let cost = 0;
  for (const op of ops) {
    if (op.case === "requestPut") cost += costOfPut(op.value);
    else if (op.case === "requestTxn") cost += costOfTxn(op.value);
  }
  return cost;
}
