/**
 * The one error class of the API and the one funnel from whatever was thrown to what is sent.
 *
 * Expected outcomes are values ({@link Status}); the class is for code that has to throw: clients, tools, edge code.
 */

import { AssertionError } from "@etcd-ts/base";
import { ProtoError } from "../wire/proto-error.ts";
import { Code, codeName } from "./code.ts";
import { type ErrorRow, errorByMessage, type Status } from "./error-table.ts";

export class EtcdError extends Error {
  override readonly name = "EtcdError";
  readonly code: Code;

  /** `cause` is for the log and never sent. */
  constructor(status: Status, cause?: unknown) {
    super(status.message, cause === undefined ? undefined : { cause });
    this.code = status.code;
  }

  get status(): Status {
    return { code: this.code, message: this.message };
  }

  /** The table's row with this text. */
  get row(): ErrorRow | undefined {
    return errorByMessage(this.message);
  }
}

/** An outcome without a row: it arrives as Unknown with its own text, as any error does that the original does not map. */
export function unknownStatus(message: string): Status {
  return { code: Code.Unknown, message };
}

/** What Lock and Election make of an outcome: the text stays, the code is lost. */
export function withoutCode(status: Status): Status {
  return unknownStatus(status.message);
}

/** What was thrown, as an outcome. A failed assertion is a bug, not an outcome: it is thrown on. */
export function statusOf(thrown: unknown): Status {
  if (thrown instanceof AssertionError) throw thrown;
  if (thrown instanceof EtcdError) return thrown.status;
  if (thrown instanceof ProtoError) return { code: Code.Internal, message: thrown.message };
  return unknownStatus(thrown instanceof Error ? thrown.message : String(thrown));
}

/** As the original's run-time prints a status; it appears in the cancel reasons of watches. */
export function describeStatus(status: Status): string {
  return `rpc error: code = ${codeName(status.code)} desc = ${status.message}`;
}
