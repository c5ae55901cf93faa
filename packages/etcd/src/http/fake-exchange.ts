/** For tests: an exchange without a carrier, which remembers what it was answered. */

import type { Peer } from "@etcd-ts/grpc";
import type { Exchange, HeaderFields } from "./exchange.ts";

export interface FakeRequest {
  readonly method?: string;
  readonly target?: string;
  readonly host?: string;
  readonly tls?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** What the client has not taken, all the time. */
  readonly queuedBytes?: number;
}

const PEER: Peer = { address: "192.0.2.7:4711", tls: false, certificate: () => undefined, memo: undefined };

export class FakeExchange implements Exchange {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly tls: boolean;
  readonly peer = PEER;
  readonly fields: readonly string[];
  readonly extraHeaders: [string, string][] = [];
  onGone: () => void = () => {};
  onDrain: () => void = () => {};
  gone = false;
  readonly queuedBytes: number;

  status = 0;
  headers: Readonly<Record<string, string>> = {};
  body = "";
  ended = false;
  private readonly requestHeaders: Readonly<Record<string, string>>;
  private readonly requestBody: Buffer;

  constructor(request: FakeRequest = {}) {
    this.method = request.method ?? "GET";
    this.target = request.target ?? "/";
    this.host = request.host ?? "localhost:2379";
    this.tls = request.tls ?? false;
    this.queuedBytes = request.queuedBytes ?? 0;
    this.requestHeaders = request.headers ?? {};
    this.fields = Object.entries(this.requestHeaders).flat();
    this.requestBody = Buffer.from(request.body ?? "");
  }

  header(name: string): string | undefined {
    return Object.entries(this.requestHeaders).find(([key]) => key.toLowerCase() === name)?.[1];
  }

  readBody(bytesMax: number, then: (body: Buffer | undefined) => void): void {
    then(this.requestBody.length > bytesMax ? undefined : this.requestBody);
  }

  answer(status: number, headers: HeaderFields, body: string | Uint8Array): void {
    this.begin(status, headers);
    this.write(body);
    this.end();
  }

  begin(status: number, headers: HeaderFields): void {
    this.status = status;
    this.headers = Object.fromEntries([...this.extraHeaders, ...headers]);
  }

  write(chunk: string | Uint8Array): boolean {
    this.body += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    return true;
  }

  end(): void {
    this.ended = true;
  }

  /** The client goes. */
  leave(): void {
    this.gone = true;
    this.onGone();
  }
}
