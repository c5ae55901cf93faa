/** An exchange over HTTP/2: a request on a TLS port that is not gRPC. */

import type { HttpRequest, Peer } from "@etcd-ts/grpc";
import { collectBody } from "./body.ts";
import { type Exchange, type HeaderFields, sortedFields } from "./exchange.ts";

/** Above the high-water marks of all services. */
const FULL_BYTES = 2 ** 21;

export class Http2Exchange implements Exchange {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly tls: boolean;
  readonly peer: Peer;
  readonly fields: readonly string[];
  readonly extraHeaders: [string, string][] = [];
  onGone: () => void = ignore;
  onDrain: () => void = ignore;
  gone = false;
  private full = false;
  private readonly request: HttpRequest;

  constructor(request: HttpRequest) {
    this.request = request;
    this.method = request.method;
    this.target = request.path;
    this.host = request.authority;
    this.peer = request.peer;
    this.tls = request.peer.tls;
    this.fields = request.metadata.fields;
    request.onCancel = () => {
      this.gone = true;
      this.onGone();
    };
    request.onDrain = () => {
      this.full = false;
      this.onDrain();
    };
  }

  /** The engine tells only that it has enough. */
  get queuedBytes(): number {
    return this.full ? FULL_BYTES : 0;
  }

  header(name: string): string | undefined {
    return this.request.metadata.get(name);
  }

  readBody(bytesMax: number, then: (body: Buffer | undefined) => void): void {
    const body = collectBody(bytesMax, then);
    this.request.onData = body.onData;
    this.request.onEnd = body.onEnd;
  }

  answer(status: number, headers: HeaderFields, body: string | Uint8Array): void {
    if (this.gone) return;
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    this.head(status, [...headers, ["Content-Length", String(bytes.length)]]);
    if (bytes.length > 0 && this.method !== "HEAD") this.request.write(bytes);
    this.end();
  }

  begin(status: number, headers: HeaderFields): void {
    if (!this.gone) this.head(status, headers);
  }

  write(chunk: string | Uint8Array): boolean {
    if (this.gone) return true;
    const taken = this.request.write(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
    this.full = !taken;
    return taken;
  }

  end(): void {
    if (this.gone) return;
    this.gone = true;
    this.request.end();
  }

  private head(status: number, headers: HeaderFields): void {
    const fields = sortedFields(this.extraHeaders, headers);
    this.request.respond(
      status,
      fields.map(([name, value]) => [name.toLowerCase(), value]),
    );
  }
}

function ignore(): void {}
