/**
 * Tells of requests that took longer than the operator allows (`--warning-apply-duration`, `--warning-unary-request-duration`):
 * of entries as they are applied, and of unary calls as they are answered. Reads are told as if they were applied, too, as the
 * original tells them.
 *
 * Not responsible for: measuring (the apply chain, the gRPC engine); {@link isExact} says how finely.
 */

import { formatMilliseconds, type Logger, utf8String } from "@etcd-ts/base";
import type { UnaryCall, UnaryWatch } from "@etcd-ts/grpc";
import { KVService } from "@etcd-ts/proto";
import { entryText, requestText } from "./request-text.ts";
import { bytesFields, countField, numberField, wireFields } from "./wire-fields.ts";

export interface SlowRequestLimits {
  readonly applyMs: number;
  readonly unaryMs: number;
}

/** Below this, measuring by turns would tell of requests that were quick, or miss slow ones. */
const COARSE_LIMIT_MS = 10;

/** Calls that took longer are told with what is known of their course. */
const TRACE_LIMIT_MS = 100;

const { range, put, deleteRange, txn } = KVService.methods;
const NOTHING = new Uint8Array(0);
const HEADER_FIELD = 1;
const REVISION_FIELD = 3;
const KVS_FIELD = 2;
const DELETED_FIELD = 2;
const SUCCEEDED_FIELD = 2;
const RESPONSES_FIELD = 3;
const RANGE_OPERATION_FIELD = 1;

export interface AppliedRequest {
  readonly data: Uint8Array;
  readonly tookMs: number;
  /** Bytes of the answer; -1: nobody here waited for one. */
  readonly answerBytes: number;
  readonly error: string;
}

export class SlowRequests implements UnaryWatch {
  /** Lines of "apply request took too long" so far. */
  slowApplies = 0;
  private traces = 0;
  readonly limitMs: number;
  readonly applyLimitMs: number;
  readonly isExact: boolean;
  private readonly log: Logger;
  private readonly limits: SlowRequestLimits;
  private readonly clockMs: () => number;
  private readonly timeBefore: (ms: number) => string;

  /** `clockMs` is as exact as {@link isExactFor} asks; `timeBefore` shows the time of so long ago. */
  constructor(
    log: Logger,
    limits: SlowRequestLimits,
    clockMs: () => number,
    timeBefore: (ms: number) => string,
  ) {
    this.log = log;
    this.limits = limits;
    this.clockMs = clockMs;
    this.timeBefore = timeBefore;
    this.limitMs = Math.min(limits.applyMs, limits.unaryMs, TRACE_LIMIT_MS);
    this.applyLimitMs = limits.applyMs;
    this.isExact = isExactFor(limits);
  }

  nowMs(): number {
    return this.clockMs();
  }

  onApplied({ data, tookMs, answerBytes, error }: AppliedRequest): void {
    this.tellApply(tookMs, "", entryText(data), answerBytes < 0 ? "" : `size:${answerBytes}`, error);
  }

  onSlow(
    call: UnaryCall,
    request: Buffer,
    tookMs: number,
    answer: Uint8Array | undefined,
    error: string,
  ): void {
    if (tookMs > this.limits.applyMs) this.tellRead(call.path, request, tookMs, answer, error);
    if (tookMs > this.limits.unaryMs) this.tellUnary(call, request, tookMs, answer);
    if (tookMs > TRACE_LIMIT_MS) this.tellTrace(call.path, request, tookMs, answer);
  }

  private tellRead(
    path: string,
    request: Buffer,
    tookMs: number,
    answer: Uint8Array | undefined,
    error: string,
  ): void {
    if (path === range.path) {
      const text = requestText(range.request.typeName, request);
      const response =
        answer === undefined
          ? ""
          : `range_response_count:${countField(answer, KVS_FIELD)} size:${answer.length}`;
      this.tellApply(tookMs, "read-only range ", text, response, error);
    } else if (path === txn.path && isReadOnly(request)) {
      const response = answer === undefined ? "" : `${txnResponseText(answer)} size:${answer.length}`;
      this.tellApply(tookMs, "read-only txn ", requestText(txn.request.typeName, request), response, error);
    }
  }

  private tellTrace(path: string, request: Buffer, tookMs: number, answer: Uint8Array | undefined): void {
    const trace = traceOf(path, request, answer);
    if (trace === undefined) return;
    const steps = trace.step === "" ? [] : [`'${trace.step}'  (duration: ${formatMilliseconds(tookMs)})`];
    this.log.info("log/slow-requests.ts:116", "trace", {
      trace_id: ++this.traces,
      operation: trace.operation,
      detail: `{${trace.detail}}`,
      duration: formatMilliseconds(tookMs),
      start: this.timeBefore(tookMs),
      end: this.timeBefore(0),
      steps,
      step_count: steps.length,
    });
  }

  private tellApply(tookMs: number, prefix: string, request: string, response: string, error: string): void {
    this.slowApplies++;
    this.log.warn("log/slow-requests.ts:130", "apply request took too long", {
      took: formatMilliseconds(tookMs),
      "expected-duration": formatMilliseconds(this.limits.applyMs),
      prefix,
      request,
      response,
      ...(error === "" ? {} : { error }),
    });
  }

  private tellUnary(call: UnaryCall, request: Buffer, tookMs: number, answer: Uint8Array | undefined): void {
    const counts = unaryCounts(call.path, request, answer);
    this.log.warn("log/slow-requests.ts:142", "request stats", {
      "start time": this.timeBefore(tookMs),
      "time spent": formatMilliseconds(tookMs),
      remote: call.peer.address,
      "response type": call.path,
      "request count": counts.requests,
      "request size": counts.requestBytes,
      "response count": counts.responses,
      "response size": counts.responseBytes,
      "request content": counts.text,
    });
  }
}

/** Whether limits are so small that every request is to be measured by itself. */
export function isExactFor({ applyMs, unaryMs }: SlowRequestLimits): boolean {
  return Math.min(applyMs, unaryMs) < COARSE_LIMIT_MS;
}

interface Trace {
  readonly operation: string;
  readonly detail: string;
  /** What it spent its time on, as far as that is known. */
  readonly step: string;
}

function traceOf(path: string, request: Buffer, answer: Uint8Array | undefined): Trace | undefined {
  const fields = wireFields(request);
  const [first, second] = [1, 2].map((number) => utf8String(bytesFields(fields, number)[0] ?? NOTHING));
  const revision = answer === undefined ? "" : `response_revision:${revisionOf(answer)}; `;
  switch (path) {
    case put.path: {
      const detail = `key:${first}; req_size:${request.length}; ${revision}`;
      return { operation: "put", detail, step: "process raft request" };
    }
    case range.path: {
      const count = answer === undefined ? "" : `response_count:${countField(answer, KVS_FIELD)}; `;
      return {
        operation: "range",
        detail: `range_begin:${first}; range_end:${second}; ${count}${revision}`,
        step: "",
      };
    }
    case txn.path: {
      const isRead = isReadOnly(request);
      const detail = `read_only:${isRead}; ${revision}`;
      return { operation: "transaction", detail, step: isRead ? "" : "process raft request" };
    }
    default:
      return undefined;
  }
}

function revisionOf(answer: Uint8Array): number {
  const header = bytesFields(wireFields(answer), HEADER_FIELD)[0];
  return header === undefined ? 0 : numberField(wireFields(header), REVISION_FIELD);
}

interface UnaryCounts {
  readonly requests: number;
  readonly requestBytes: number;
  readonly responses: number;
  readonly responseBytes: number;
  readonly text: string;
}

const NOT_COUNTED: UnaryCounts = {
  requests: -1,
  requestBytes: -1,
  responses: -1,
  responseBytes: -1,
  text: "",
};

function unaryCounts(path: string, request: Buffer, answer: Uint8Array | undefined): UnaryCounts {
  const sizes = { requestBytes: request.length, responseBytes: answer?.length ?? 0 };
  switch (path) {
    case range.path: {
      const responses = answer === undefined ? 0 : countField(answer, KVS_FIELD);
      return { requests: 0, responses, ...sizes, text: requestText(range.request.typeName, request) };
    }
    case put.path:
      return { requests: 1, responses: 0, ...sizes, text: requestText(put.request.typeName, request) };
    case deleteRange.path: {
      const responses = answer === undefined ? 0 : numberField(wireFields(answer), DELETED_FIELD);
      return { requests: 0, responses, ...sizes, text: requestText(deleteRange.request.typeName, request) };
    }
    case txn.path:
      return txnCounts(request, answer);
    default:
      return NOT_COUNTED;
  }
}

/** Of a txn the branch that was taken is counted. */
function txnCounts(request: Buffer, answer: Uint8Array | undefined): UnaryCounts {
  const succeeded = answer !== undefined && numberField(wireFields(answer), SUCCEEDED_FIELD) !== 0;
  const branch = bytesFields(wireFields(request), succeeded ? 2 : 3);
  return {
    requests: branch.length,
    requestBytes: branch.reduce((sum, operation) => sum + operation.length, 0),
    responses: 0,
    responseBytes: answer?.length ?? 0,
    text: requestText(txn.request.typeName, request),
  };
}

function isReadOnly(request: Buffer): boolean {
  const fields = wireFields(request);
  const operations = [...bytesFields(fields, 2), ...bytesFields(fields, 3)];
  return operations.every((operation) => wireFields(operation).has(RANGE_OPERATION_FIELD));
}

function txnResponseText(answer: Uint8Array): string {
  const parts = bytesFields(wireFields(answer), RESPONSES_FIELD).map((response) => {
    const ranged = bytesFields(wireFields(response), RANGE_OPERATION_FIELD)[0];
    return ranged === undefined ? "" : `range_response_count:${countField(ranged, KVS_FIELD)}`;
  });
  return `responses:<${parts.join(" ")}>`;
}
