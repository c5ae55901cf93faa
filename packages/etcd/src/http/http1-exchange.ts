/** An exchange over HTTP/1.1, on Node's server. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { type Peer, SocketPeer } from "@etcd-ts/grpc";
import { collectBody } from "./body.ts";
import { type Exchange, type HeaderFields, sortedFields } from "./exchange.ts";

const peers = new WeakMap<object, SocketPeer>();

export class Http1Exchange implements Exchange {
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
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.response = response;
    this.method = request.method ?? "GET";
    this.target = request.url ?? "/";
    this.host = request.headers.host ?? "";
    this.fields = request.rawHeaders;
    this.peer = peerOf(request);
    this.tls = this.peer.tls;
    response.sendDate = false;
    response.on("close", () => this.onClose());
    response.on("drain", () => this.onDrain());
  }

  get queuedBytes(): number {
    return this.response.writableLength;
  }

  header(name: string): string | undefined {
    const value = this.request.headers[name];
    return typeof value === "string" ? value : value?.[0];
  }

  readBody(bytesMax: number, then: (body: Buffer | undefined) => void): void {
    const { request } = this;
    const body = collectBody(bytesMax, then);
    request.on("data", body.onData);
    request.on("end", body.onEnd);
  }

  answer(status: number, headers: HeaderFields, body: string | Uint8Array): void {
    if (this.gone) return;
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    this.head(status, headers, String(bytes.length));
    this.response.end(bytes);
  }

  begin(status: number, headers: HeaderFields): void {
    if (this.gone) return;
    this.head(status, headers, undefined);
    this.response.flushHeaders();
  }

  write(chunk: string | Uint8Array): boolean {
    return this.gone || this.response.write(chunk);
  }

  end(): void {
    if (!this.gone) this.response.end();
  }

  private head(status: number, headers: HeaderFields, length: string | undefined): void {
    const { response } = this;
    for (const [name, value] of sortedFields(this.extraHeaders, headers)) response.appendHeader(name, value);
    if (length !== undefined) response.setHeader("Content-Length", length);
    // "Connection" is told only where it is not the protocol's default.
    const persists = response.shouldKeepAlive;
    if (this.request.httpVersion === "1.0") {
      if (persists) response.setHeader("Connection", "keep-alive");
      else response.removeHeader("Connection");
    } else if (persists) response.removeHeader("Connection");
    response.writeHead(status);
    if (this.request.httpVersion === "1.0") nameOldVersion(response);
  }

  private onClose(): void {
    if (this.gone) return;
    this.gone = true;
    if (!this.response.writableFinished) this.onGone();
  }
}

/** The head, not yet sent, as Node has put it together: it names 1.1 whatever was asked. No public property has it. */
interface BegunResponse {
  _header: string | null;
}

/** An answer names the version of its request. */
function nameOldVersion(response: ServerResponse): void {
  const begun = response as unknown as BegunResponse; // see there
  if (typeof begun._header === "string") begun._header = begun._header.replace(/^HTTP\/1\.1/, "HTTP/1.0");
}

function peerOf(request: IncomingMessage): SocketPeer {
  const known = peers.get(request.socket);
  if (known !== undefined) return known;
  const peer = new SocketPeer(request.socket);
  peers.set(request.socket, peer);
  return peer;
}

function ignore(): void {}
