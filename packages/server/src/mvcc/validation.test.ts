import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8Bytes } from "@etcd-ts/base";
import {
  createCompare,
  createDeleteRangeRequest,
  createPutRequest,
  createRangeRequest,
  createTxnRequest,
  ERRORS,
  type RequestOp,
  type TxnRequest,
} from "@etcd-ts/proto";
import { validateDeleteRange, validatePut, validateRange, validateTxn } from "./validation.ts";

const OPEN_END = "\0";

function put(key: string): RequestOp {
  return { case: "requestPut", value: createPutRequest({ key: utf8Bytes(key) }) };
}

function remove(key: string, rangeEnd = ""): RequestOp {
  const value = createDeleteRangeRequest({ key: utf8Bytes(key), rangeEnd: utf8Bytes(rangeEnd) });
  return { case: "requestDeleteRange", value };
}

function get(key: string): RequestOp {
  return { case: "requestRange", value: createRangeRequest({ key: utf8Bytes(key) }) };
}

function nested(success: RequestOp[], failure: RequestOp[] = []): RequestOp {
  return { case: "requestTxn", value: createTxnRequest({ success, failure }) };
}

function txn(success: RequestOp[], failure: RequestOp[] = []): TxnRequest {
  return createTxnRequest({ success, failure });
}

const key = utf8Bytes("k");

test("a range needs a key and a known order", () => {
  assert.equal(validateRange(createRangeRequest({ key })), undefined);
  assert.equal(validateRange(createRangeRequest({ rangeEnd: key })), ERRORS.emptyKey);
  assert.equal(validateRange(createRangeRequest({ key, sortOrder: 3 })), ERRORS.invalidSortOption);
  assert.equal(validateRange(createRangeRequest({ key, sortTarget: 5 })), ERRORS.invalidSortOption);
  assert.equal(validateRange(createRangeRequest({ key, sortOrder: -1 })), ERRORS.invalidSortOption);
  assert.equal(
    validateRange(createRangeRequest({ sortOrder: 9 })),
    ERRORS.emptyKey,
    "the key is looked at first",
  );
  assert.equal(validateRange(createRangeRequest({ key, sortOrder: 2, sortTarget: 4, limit: -1 })), undefined);
});

test("a put gives no value and no lease that it says to ignore", () => {
  assert.equal(validatePut(createPutRequest({ key })), undefined);
  assert.equal(validatePut(createPutRequest({ value: key })), ERRORS.emptyKey);
  assert.equal(validatePut(createPutRequest({ key, value: key, ignoreValue: true })), ERRORS.valueProvided);
  assert.equal(validatePut(createPutRequest({ key, lease: 1n, ignoreLease: true })), ERRORS.leaseProvided);
  const both = createPutRequest({ key, value: key, lease: 1n, ignoreValue: true, ignoreLease: true });
  assert.equal(validatePut(both), ERRORS.valueProvided);
  assert.equal(validatePut(createPutRequest({ key, ignoreValue: true, ignoreLease: true })), undefined);
});

test("a delete needs a key", () => {
  assert.equal(validateDeleteRange(createDeleteRangeRequest({ key })), undefined);
  assert.equal(validateDeleteRange(createDeleteRangeRequest({ rangeEnd: key })), ERRORS.emptyKey);
});

test("the longest of the three lists of a txn counts", () => {
  const compare = [createCompare({ key }), createCompare({ key })];
  assert.equal(validateTxn(createTxnRequest({ compare }), 2), undefined);
  assert.equal(validateTxn(createTxnRequest({ compare }), 1), ERRORS.tooManyOps);
  assert.equal(validateTxn(txn([get("a"), get("b")], [get("a")]), 2), undefined);
  assert.equal(validateTxn(txn([get("a")], [get("a"), get("b"), get("c")]), 2), ERRORS.tooManyOps);
});

test("a nested txn has what its parent leaves", () => {
  const two = nested([get("a"), get("b")]);
  assert.equal(validateTxn(txn([two]), 3), undefined);
  assert.equal(validateTxn(txn([two]), 2), ERRORS.tooManyOps);
  assert.equal(validateTxn(txn([two, get("a")]), 3), ERRORS.tooManyOps);
  assert.equal(validateTxn(txn([nested([nested([get("a")])])]), 3), undefined);
  assert.equal(validateTxn(txn([nested([nested([get("a")])])]), 2), ERRORS.tooManyOps);
});

test("comparisons are looked at before operations, success before failure", () => {
  const noKey: RequestOp = { case: "requestPut", value: createPutRequest() };
  const unset: RequestOp = { case: undefined, value: undefined };
  assert.equal(
    validateTxn(createTxnRequest({ compare: [createCompare()], success: [unset] }), 9),
    ERRORS.emptyKey,
  );
  assert.equal(validateTxn(txn([unset], [noKey]), 9), ERRORS.keyNotFound);
  assert.equal(validateTxn(txn([noKey], [unset]), 9), ERRORS.emptyKey);
  assert.equal(validateTxn(txn([nested([unset])]), 9), ERRORS.keyNotFound);
});

const overlaps: readonly (readonly [string, boolean, TxnRequest])[] = [
  ["two puts of one key", true, txn([put("a"), put("a")])],
  ["in the failure list, too", true, txn([], [put("a"), put("a")])],
  ["one in each list", false, txn([put("a")], [put("a")])],
  ["a put and a delete of it", true, txn([put("a"), remove("a")])],
  ["a delete and a put after it", true, txn([remove("a"), put("a")])],
  ["a put in a deleted range", true, txn([remove("a", "c"), put("b")])],
  ["a put at the end of a deleted range", false, txn([remove("a", "c"), put("c")])],
  ["a put in an open-ended delete", false, txn([remove("a", OPEN_END), put("b")])],
  ["deletes overlap deletes", false, txn([remove("a", "c"), remove("b"), remove("a", "d")])],
  ["ranges overlap anything", false, txn([get("a"), put("a"), get("a")])],
  ["branches of a nested txn overlap each other", false, txn([nested([put("a")], [put("a")])])],
  ["a nested put and one above", true, txn([nested([put("a")]), put("a")])],
  ["a nested put and one above before it", true, txn([put("a"), nested([], [put("a")])])],
  ["a nested put in a range deleted above", true, txn([nested([put("b")]), remove("a", "c")])],
  ["a nested delete of a key put above", true, txn([put("b"), nested([remove("a", "c")])])],
  ["puts of siblings", true, txn([nested([put("a")]), nested([put("a")])])],
  ["a put after a sibling's delete", true, txn([nested([remove("a", "c")]), nested([put("b")])])],
  ["a put before a sibling's delete", false, txn([nested([put("b")]), nested([remove("a", "c")])])],
  ["two puts in one nested list", true, txn([nested([put("a"), put("a")])])],
];

for (const [name, isDuplicate, request] of overlaps) {
  test(`duplicate keys: ${name}`, () => {
    assert.equal(validateTxn(request, 128), isDuplicate ? ERRORS.duplicateKey : undefined);
  });
}
