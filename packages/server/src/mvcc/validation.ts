/**
 * What a request must be before it is looked at: the checks of the API layer that need the request alone (`api-semantics.md` 4-7),
 * in the original's order, which decides which of several errors the sender sees.
 */

import { compareBytes, keyString } from "@etcd-ts/base";
import {
  type DeleteRangeRequest,
  ERRORS,
  type PutRequest,
  type RangeRequest,
  type RequestOp,
  SortOrder,
  SortTarget,
  type Status,
  type TxnRequest,
} from "@etcd-ts/proto";

export function validateRange(request: RangeRequest): Status | undefined {
  if (request.key.length === 0) return ERRORS.emptyKey;
  const { sortOrder, sortTarget } = request;
  if (sortOrder < SortOrder.NONE || sortOrder > SortOrder.DESCEND) return ERRORS.invalidSortOption;
  if (sortTarget < SortTarget.KEY || sortTarget > SortTarget.VALUE) return ERRORS.invalidSortOption;
  return undefined;
}

export function validatePut(request: PutRequest): Status | undefined {
  if (request.key.length === 0) return ERRORS.emptyKey;
  if (request.ignoreValue && request.value.length > 0) return ERRORS.valueProvided;
  if (request.ignoreLease && request.lease !== 0n) return ERRORS.leaseProvided;
  return undefined;
}

export function validateDeleteRange(request: DeleteRangeRequest): Status | undefined {
  return request.key.length === 0 ? ERRORS.emptyKey : undefined;
}

export function validateTxn(request: TxnRequest, opsMax: number): Status | undefined {
  return (
    validateOps(request, opsMax) ?? validateOverlaps(request.success) ?? validateOverlaps(request.failure)
  );
}

/** Sizes, keys and options, without the rule on duplicate keys. */
function validateOps(request: TxnRequest, opsMax: number): Status | undefined {
  const ops = Math.max(request.compare.length, request.success.length, request.failure.length);
  if (ops > opsMax) return ERRORS.tooManyOps;
  for (const compare of request.compare) {
    if (compare.key.length === 0) return ERRORS.emptyKey;
  }
  for (const op of request.success) {
    const status = validateOp(op, opsMax - ops);
    if (status !== undefined) return status;
  }
  for (const op of request.failure) {
    const status = validateOp(op, opsMax - ops);
    if (status !== undefined) return status;
  }
  return undefined;
}

function validateOp(op: RequestOp, opsLeft: number): Status | undefined {
  switch (op.case) {
    case "requestRange":
      return validateRange(op.value);
    case "requestPut":
      return validatePut(op.value);
    case "requestDeleteRange":
      return validateDeleteRange(op.value);
    case "requestTxn":
      return validateTxnIn(op.value, opsLeft);
    case undefined:
      return ERRORS.keyNotFound;
  }
}

/** A nested txn is a txn with a smaller budget, its own lists free of duplicates. */
function validateTxnIn(request: TxnRequest, opsLeft: number): Status | undefined {
  return validateTxn(request, opsLeft);
}

/** What one list of operations writes. */
interface Writes {
  readonly puts: Set<string>;
  readonly deletes: Interval[];
}

/** Half-open; `high` undefined: the single key `low`. */
interface Interval {
  readonly low: Uint8Array;
  readonly high: Uint8Array | undefined;
}

function validateOverlaps(ops: readonly RequestOp[]): Status | undefined {
  return collectWrites(ops) === undefined ? ERRORS.duplicateKey : undefined;
}

/**
 * Everything that the list writes, nested txns included; undefined: a key is put twice, or put and deleted. The two branches of a
 * nested txn may overlap each other: only one runs.
 */
function collectWrites(ops: readonly RequestOp[]): Writes | undefined {
  const deletes: Interval[] = [];
  for (const op of ops) if (op.case === "requestDeleteRange") deletes.push(intervalOf(op.value));
  const puts = new Set<string>();
  for (const op of ops) {
    if (op.case === "requestTxn" && !joinNested(op.value, puts, deletes)) return undefined;
  }
  for (const op of ops) {
    if (op.case !== "requestPut") continue;
    if (isTaken(op.value.key, puts, deletes)) return undefined;
    puts.add(keyString(op.value.key));
  }
  return { puts, deletes };
}

/** Adds what a nested txn writes; false: it collides with what is there. Its deletes count for what comes after it only. */
function joinNested(txn: TxnRequest, puts: Set<string>, deletes: Interval[]): boolean {
  const success = collectWrites(txn.success);
  if (success === undefined) return false;
  const failure = collectWrites(txn.failure);
  if (failure === undefined) return false;
  for (const key of success.puts) if (isTakenName(key, puts, deletes)) return false;
  for (const key of failure.puts) {
    // The other branch's puts are not there yet.
    if (isTakenName(key, puts, deletes)) return false;
  }
  for (const key of success.puts) puts.add(key);
  for (const key of failure.puts) puts.add(key);
  deletes.push(...success.deletes, ...failure.deletes);
  return true;
}

function isTaken(key: Uint8Array, puts: ReadonlySet<string>, deletes: readonly Interval[]): boolean {
  return puts.has(keyString(key)) || deletes.some((interval) => covers(interval, key));
}

function isTakenName(name: string, puts: ReadonlySet<string>, deletes: readonly Interval[]): boolean {
  return puts.has(name) || (deletes.length > 0 && isTaken(Buffer.from(name, "latin1"), puts, deletes));
}

function intervalOf(request: DeleteRangeRequest): Interval {
  return { low: request.key, high: request.rangeEnd.length === 0 ? undefined : request.rangeEnd };
}

/** An open end (one zero byte) is taken as the key that it is: below every key, so that such a delete covers nothing. */
function covers(interval: Interval, key: Uint8Array): boolean {
  const { low, high } = interval;
  if (high === undefined) return compareBytes(low, key) === 0;
  return compareBytes(low, key) <= 0 && compareBytes(key, high) < 0;
}
