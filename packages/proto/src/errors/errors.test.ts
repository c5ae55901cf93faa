import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { AssertionError } from "@etcd-ts/base";
import { ProtoError } from "../wire/proto-error.ts";
import { Code, codeName } from "./code.ts";
import { ERRORS, type ErrorRow, errorByMessage } from "./error-table.ts";
import { describeStatus, EtcdError, statusOf, withoutCode } from "./etcd-error.ts";
import { ERRORS_DOCUMENT, errorsDocument } from "./generate-docs.ts";

const rows = Object.values<ErrorRow>(ERRORS);
const constants = rows.filter((error) => error.constant !== "");

test("docs/ERRORS.md is what the table says", () => {
  const committed = readFileSync(ERRORS_DOCUMENT, "utf8");
  assert.ok(committed === errorsDocument(), "stale: npm run generate:errors -w @etcd-ts/proto");
});

test("the table holds the 63 constants of the original, by nominal code", () => {
  const counts: Record<string, number> = {};
  for (const error of constants) {
    const name = codeName(error.nominalCode);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  assert.deepEqual(counts, {
    Canceled: 2,
    DataLoss: 1,
    DeadlineExceeded: 1,
    FailedPrecondition: 24,
    InvalidArgument: 18,
    NotFound: 2,
    OutOfRange: 3,
    PermissionDenied: 1,
    ResourceExhausted: 2,
    Unauthenticated: 1,
    Unavailable: 8,
  });
});

test("texts are distinct and begin as the original's do", () => {
  assert.equal(new Set(rows.map((error) => error.message)).size, rows.length);
  for (const error of constants) assert.match(error.message, /^etcdserver: /);
});

test("two constants lose their code on the way; three had another in 3.5", () => {
  const lost = constants.filter((error) => error.code !== error.nominalCode);
  assert.deepEqual(lost, [ERRORS.tooManyRequests, ERRORS.memberNotEnoughStarted]);
  assert.ok(lost.every((error) => error.code === Code.Unknown));
  const changed = constants.filter((error) => error.codeIn35 !== error.code);
  assert.deepEqual(changed, [
    ERRORS.notCapable,
    ERRORS.notSupportedForLearner,
    ERRORS.clusterVersionUnavailable,
  ]);
});

test("an error is found by its text", () => {
  assert.equal(errorByMessage("etcdserver: key is not provided"), ERRORS.emptyKey);
  assert.equal(errorByMessage("something else"), undefined);
  assert.equal(new EtcdError(withoutCode(ERRORS.leaseNotFound)).row, ERRORS.leaseNotFound);
});

test("whatever is thrown becomes a status, but a failed assertion is thrown on", () => {
  const cause = new Error("disk on fire");
  assert.deepEqual(statusOf(new EtcdError(ERRORS.noSpace, cause)), {
    code: Code.ResourceExhausted,
    message: "etcdserver: mvcc: database space exceeded",
  });
  assert.deepEqual(statusOf(new ProtoError("cut")), { code: Code.Internal, message: "cut" });
  assert.deepEqual(statusOf(cause), { code: Code.Unknown, message: "disk on fire" });
  assert.deepEqual(statusOf("text"), { code: Code.Unknown, message: "text" });
  assert.throws(() => statusOf(new AssertionError("bug")), AssertionError);
});

test("a status in words, as cancel reasons hold it", () => {
  assert.equal(
    describeStatus(ERRORS.permissionDenied),
    "rpc error: code = PermissionDenied desc = etcdserver: permission denied",
  );
});
