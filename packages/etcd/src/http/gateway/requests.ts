/** From the bytes of a body to requests in wire form. */

import type { Status } from "@etcd-ts/proto";
import { badRequest } from "./gateway-error.ts";
import { findJson, UNEXPECTED_EOF } from "./go-json.ts";
import { JsonMisfit, JsonReader } from "./json-reader.ts";
import { jsonToWire } from "./json-to-wire.ts";
import type { MessagePlan } from "./message-plan.ts";

export type RequestOutcome =
  | { readonly kind: "request"; readonly message: Buffer; readonly end: number }
  /** Nothing but white space is left. */
  | { readonly kind: "nothing" }
  | { readonly kind: "cut off" }
  | { readonly kind: "refused"; readonly status: Status };

const EMPTY = Buffer.alloc(0);

/** The next request of a sequence. */
export function nextRequest(
  body: Buffer,
  from: number,
  plan: MessagePlan,
  textMode: boolean,
): RequestOutcome {
  const span = findJson(body, from);
  switch (span.kind) {
    case "nothing":
    case "cut off":
      return span;
    case "malformed":
      return { kind: "refused", status: badRequest(span.reason) };
    case "value":
      return decode(new JsonReader(body, span.start, span.end), span.end, plan, textMode);
  }
}

function decode(reader: JsonReader, end: number, plan: MessagePlan, textMode: boolean): RequestOutcome {
  try {
    return { kind: "request", message: jsonToWire(reader, plan, textMode), end };
  } catch (error) {
    if (!(error instanceof JsonMisfit)) throw error;
    return { kind: "refused", status: badRequest(`proto: ${error.message}`) };
  }
}

/** The one request of a body: what follows it is not looked at, and an empty body is an empty message. */
export function onlyRequest(body: Buffer, plan: MessagePlan, textMode: boolean): Buffer | Status {
  const outcome = nextRequest(body, 0, plan, textMode);
  switch (outcome.kind) {
    case "request":
      return outcome.message;
    case "nothing":
      return EMPTY;
    case "cut off":
      return badRequest(UNEXPECTED_EOF);
    case "refused":
      return outcome.status;
  }
}
