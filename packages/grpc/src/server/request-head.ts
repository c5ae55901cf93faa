/**
 * A request's header block, judged once: what the engine needs of it as plain fields, and what is wrong with it. Equal blocks of one
 * connection share one head (see header-cache.ts), so it never changes after construction, save for `memo`. Blocks that differ in
 * the timeout alone, as those of clients with a deadline do, share what was judged (`withTimeoutOf`), and the memo.
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
  private notes: { memo: unknown } = { memo: undefined };
  private readonly list: readonly string[];
  private fieldsStart = 0;
  /** Where in the list the timeout's value is, when there is just one; 0: none. */
  private timeoutAt = 0;

  /** `list` is the decoded block: pseudo-headers, then fields. Names and values take turns. */
  constructor(list: readonly string[], model?: RequestHead) {
    this.list = list;
    if (model !== undefined) this.copy(model);
    else {
      this.fieldsStart = this.takePseudoHeaders(list);
      if (this.fault === undefined) this.judge();
    }
  }

  get fields(): readonly string[] {
    return this.list.slice(this.fieldsStart);
  }

  get memo(): unknown {
    return this.notes.memo;
  }

  set memo(value: unknown) {
    this.notes.memo = value;
  }

  /** The head of a list that differs from this one's in the timeout alone; undefined when it differs in more. */
  withTimeoutOf(list: readonly string[]): RequestHead | undefined {
    const { timeoutAt } = this;
    if (timeoutAt === 0 || this.fault !== undefined || list.length !== this.list.length) return undefined;
    for (let i = 0; i < list.length; i++) {
      if (list[i] !== this.list[i] && i !== timeoutAt) return undefined;
    }
    const timeoutMs = parseTimeout(list[timeoutAt]!);
    if (typeof timeoutMs === "string") return undefined;
    const head = new RequestHead(list, this);
    head.timeoutMs = timeoutMs;
    return head;
  }

  private copy(model: RequestHead): void {
    this.method = model.method;
    this.path = model.path;
    this.scheme = model.scheme;
    this.authority = model.authority;
    this.contentSubtype = model.contentSubtype;
    this.mentionsGrpc = model.mentionsGrpc;
    this.encoding = model.encoding;
    this.notes = model.notes;
    this.fieldsStart = model.fieldsStart;
    this.timeoutAt = model.timeoutAt;
  }

  get(name: string): string | undefined {
    const { list } = this;
    for (let i = this.fieldsStart; i < list.length; i += 2) {
      if (list[i] === name) return list[i + 1];
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
    const { list } = this;
    let validType = false;
    let contentType = "";
    let hosts = 0;
    let metadataFault: string | undefined;
    for (let i = this.fieldsStart; i < list.length; i += 2) {
      const name = list[i]!;
      const value = list[i + 1]!;
      if (!FIELD_NAME.test(name) || BAD_VALUE.test(value) || name === "connection") {
        this.malformed();
        return;
      }
      if (name === "content-type") {
        if (!validType) contentType = value;
        validType = this.takeContentType(value) || validType;
      } else if (name === "host") hosts++;
      else if (name === "grpc-encoding") this.encoding = value === "identity" ? "" : value;
      else if (name === "grpc-timeout") metadataFault ??= this.takeTimeout(value, i + 1);
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

  private takeTimeout(value: string, at: number): string | undefined {
    const timeout = parseTimeout(value);
    if (typeof timeout === "string") return `malformed grpc-timeout: ${timeout}`;
    this.timeoutMs = timeout;
    this.timeoutAt = this.timeoutAt === 0 ? at : 0;
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
