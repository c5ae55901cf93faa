/** Errors as the gateway tells them, and the HTTP status of each gRPC code (`errors.md` 6). */

import { Code } from "@etcd-ts/grpc";
import type { Status } from "@etcd-ts/proto";
import { escapeForHtml } from "./wire-to-json.ts";

const HTTP_STATUS: Readonly<Record<Code, number>> = {
  [Code.OK]: 200,
  [Code.CANCELED]: 499,
  [Code.UNKNOWN]: 500,
  [Code.INVALID_ARGUMENT]: 400,
  [Code.DEADLINE_EXCEEDED]: 504,
  [Code.NOT_FOUND]: 404,
  [Code.ALREADY_EXISTS]: 409,
  [Code.PERMISSION_DENIED]: 403,
  [Code.RESOURCE_EXHAUSTED]: 429,
  [Code.FAILED_PRECONDITION]: 400,
  [Code.ABORTED]: 409,
  [Code.OUT_OF_RANGE]: 400,
  [Code.UNIMPLEMENTED]: 501,
  [Code.INTERNAL]: 500,
  [Code.UNAVAILABLE]: 503,
  [Code.DATA_LOSS]: 500,
  [Code.UNAUTHENTICATED]: 401,
};

export const NOT_FOUND: Status = { code: Code.NOT_FOUND, message: "Not Found" };
export const METHOD_NOT_ALLOWED: Status = { code: Code.UNIMPLEMENTED, message: "Method Not Allowed" };

export function badRequest(message: string): Status {
  return { code: Code.INVALID_ARGUMENT, message };
}

export function httpStatusOf(code: number): number {
  return HTTP_STATUS[code as Code] ?? 500;
}

/** `{"code":3,"message":"..."}` */
export function errorJson({ code, message }: Status): string {
  return message === "" ? `{"code":${code}}` : `{"code":${code},"message":${JSON.stringify(message)}}`;
}

export function resultLine(json: string): string {
  return `{"result":${escapeForHtml(json)}}`;
}

export function errorLine(status: Status): string {
  return `{"error":${escapeForHtml(errorJson(status))}}`;
}
