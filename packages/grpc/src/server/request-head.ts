/**
 * A request's header block, judged once: what the engine needs of it as plain fields, and what is wrong with it. Equal blocks of one
 * connection share one head (see header-cache.ts), so it never changes after construction, save for `memo`.
 *
 * Faults are in the order of precedence in which the original finds them.
 */

import { ErrorCode } from "../http2/frame.ts";
import { Code } from "../status.ts";
import { base64BrokenAt, quoted } from "./error-text.ts";
import { parseTimeout } from "./timeout.ts";
import type { Metadata } from "./types.ts";

export type Fault =
  | { readonly kind: "reset"; readonly code: ErrorCode }
  | { readonly kind: "status"; readonly http: number; readonly code: Code; readonly text: string };

const GRPC_TYPE = "application/grpc";
const RESERVED = new Set([
  "content-type",
  "user-agent",
  "grpc-message-type",
  "grpc-encoding",
  "grpc-message",
  "grpc-status",
  "grpc-timeout",
  "te",
]);
const FIELD_NAME = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a value must not hold
const BAD_VALUE = /[\x00-\x08\x0a-\x1f\x7f]/;

export class RequestHead implements Metadata {
  method = "";
  path = "";
  scheme = "";
  authority = "";
  /** Behind `application/grpc+` or `application/grpc;`. */
  contentSubtype = "";
  /** The content type names gRPC, in whatever way. */
  mentionsGrpc = false;
  /** `grpc-encoding`; empty and `identity` are the same. */
  encoding = "";
  timeoutMs = Number.POSITIVE_INFINITY;
  fault: Fault | undefined = undefined;
  memo: unknown = undefined;
  readonly fields: readonly string[];

  /** `list` is the decoded block: pseudo-headers, then fields. */
  constructor(list: readonly string[]) {
    const fieldsStart = this.takePseudoHeaders(list);
    this.fields = list.slice(fieldsStart);
    if (this.fault === undefined) this.judge();
  }

  get(name: string): string | undefined {
    const fields = this.fields;
    for (let i = 0; i < fields.length; i += 2) {
      if (fields[i] === name) return fields[i + 1];
    }
    return undefined;
  }

  getBinary(name: string): Uint8Array | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : Buffer.from(value, "base64");
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  private takePseudoHeaders(list: readonly string[]): number {
    const seen = new Set<string>();
    let i = 0;
    for (; i < list.length && list[i]!.startsWith(":"); i += 2) {
      const name = list[i]!;
      const value = list[i + 1]!;
      if (seen.has(name) || BAD_VALUE.test(value)) this.malformed();
      seen.add(name);
      if (name === ":method") this.method = value;
      else if (name === ":path") this.path = value;
      else if (name === ":scheme") this.scheme = value;
      else if (name === ":authority") this.authority = value;
      else this.malformed();
    }
    return i;
  }

  private judge(): void {
    const { fields } = this;
    let validType = false;
    let contentType = "";
    let hosts = 0;
    let metadataFault: string | undefined;
    for (let i = 0; i < fields.length; i += 2) {
      const name = fields[i]!;
      const value = fields[i + 1]!;
      if (!FIELD_NAME.test(name) || BAD_VALUE.test(value) || name === "connection") {
        this.malformed();
        return;
      }
      if (name === "content-type") {
        if (!validType) contentType = value;
        validType = this.takeContentType(value) || validType;
      } else if (name === "host") hosts++;
      else if (name === "grpc-encoding") this.encoding = value === "identity" ? "" : value;
      else if (name === "grpc-timeout") metadataFault ??= this.takeTimeout(value);
      else if (name.endsWith("-bin") && !RESERVED.has(name)) metadataFault ??= binaryFault(name, value);
    }
    if (hosts === 1 && this.authority === "") this.authority = this.get("host") as string;
    this.fault = this.firstFault(hosts, validType ? undefined : contentType, metadataFault);
  }

  private firstFault(
    hosts: number,
    badType: string | undefined,
    metadataFault: string | undefined,
  ): Fault | undefined {
    if (hosts > 1) {
      const authorities = this.authority === "" ? 0 : 1;
      const text = `num values of :authority: ${authorities}, num values of host: ${hosts}, both must only have 1 value as per HTTP/2 spec`;
      return { kind: "status", http: 400, code: Code.INTERNAL, text };
    }
    if (badType !== undefined) {
      const text = `invalid gRPC request content-type ${quoted(badType)}`;
      return { kind: "status", http: 415, code: Code.INVALID_ARGUMENT, text };
    }
    if (metadataFault !== undefined) {
      return { kind: "status", http: 400, code: Code.INTERNAL, text: metadataFault };
    }
    if (this.method !== "POST") {
      const text = `Received a HEADERS frame with :method ${quoted(this.method)} which should be POST`;
      return { kind: "status", http: 405, code: Code.INTERNAL, text };
    }
    return undefined;
  }

  private takeContentType(value: string): boolean {
    if (value.includes(GRPC_TYPE)) this.mentionsGrpc = true;
    if (!value.startsWith(GRPC_TYPE)) return false;
    if (value.length === GRPC_TYPE.length) return true;
    const separator = value[GRPC_TYPE.length];
    if (separator !== "+" && separator !== ";") return false;
    this.contentSubtype = value.slice(GRPC_TYPE.length + 1);
    return true;
  }

  private takeTimeout(value: string): string | undefined {
    const timeout = parseTimeout(value);
    if (typeof timeout === "string") return `malformed grpc-timeout: ${timeout}`;
    this.timeoutMs = timeout;
    return undefined;
  }

  private malformed(): void {
    this.fault = { kind: "reset", code: ErrorCode.PROTOCOL_ERROR };
  }
}

function binaryFault(name: string, value: string): string | undefined {
  const brokenAt = base64BrokenAt(value);
  if (brokenAt < 0) return undefined;
  return `malformed binary metadata ${quoted(value)} in header ${quoted(name)}: illegal base64 data at input byte ${brokenAt}`;
}
