/**
 * A request over HTTP/2 that is not gRPC: head and body go to an HTTP handler, response head and body come back. Same flow
 * control as for calls; bodies are handed over as they come.
 */

import { assert } from "@etcd-ts/base";
import { ErrorCode } from "../http2/frame.ts";
import type { Connection } from "./connection.ts";
import type { SendingStream } from "./outgoing.ts";
import type { RequestHead } from "./request-head.ts";
import type { SendQueue } from "./send-queue.ts";
import type { HttpRequest, Metadata, Peer } from "./types.ts";

export class HttpExchange implements HttpRequest, SendingStream {
  readonly id: number;
  readonly connection: Connection;
  readonly head: RequestHead;
  onData: (bytes: Buffer) => void = ignore;
  onEnd: () => void = ignore;
  onCancel: () => void = ignore;
  onDrain: () => void = ignore;
  remoteClosed = false;
  receiveWindow: number;
  sendWindow: number;
  queue: SendQueue | undefined = undefined;
  queueEnds = false;
  inReady = false;
  nextReady: SendingStream | undefined = undefined;
  bufferedBytes = 0;
  private headSent = false;
  private finished = false;
  private paused = false;
  private endSeen = false;
  private held: Buffer[] = [];
  private owesDrain = false;

  constructor(connection: Connection, id: number, head: RequestHead) {
    this.connection = connection;
    this.id = id;
    this.head = head;
    this.receiveWindow = connection.options.streamWindowBytes;
    this.sendWindow = connection.outgoing.streamWindow;
  }

  get method(): string {
    return this.head.method;
  }

  get path(): string {
    return this.head.path;
  }

  get authority(): string {
    return this.head.authority;
  }

  get metadata(): Metadata {
    return this.head;
  }

  get peer(): Peer {
    return this.connection.peer;
  }

  respond(status: number, headers: readonly (readonly [string, string])[]): void {
    if (this.finished) return;
    assert(!this.headSent, "a response has one head");
    this.headSent = true;
    const fields = [":status", String(status)];
    for (const [name, value] of headers) fields.push(name.toLowerCase(), value);
    this.connection.outgoing.writer.headers(this.id, fields, false);
    this.connection.touch();
  }

  write(bytes: Uint8Array): boolean {
    if (this.finished) return false;
    assert(this.headSent, "a response's head comes before its body");
    if (bytes.length > 0) this.connection.outgoing.enqueue(this, Buffer.from(bytes));
    this.connection.touch();
    this.owesDrain = this.queuedBytes > this.connection.options.streamHighWaterBytes;
    return !this.owesDrain;
  }

  end(): void {
    if (this.finished) return;
    assert(this.headSent, "a response has a head");
    this.finished = true;
    this.connection.outgoing.end(this);
    this.connection.touch();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused || this.finished) return;
    this.paused = false;
    const held = this.held;
    this.held = [];
    for (const bytes of held) {
      this.connection.release(bytes.length);
      this.bufferedBytes -= bytes.length;
      this.receive(bytes, 0, bytes.length);
    }
    if (this.remoteClosed) this.onRemoteEnd();
  }

  // ---- the connection tells ------------------------------------------------------------------------------------------

  receive(bytes: Buffer, start: number, end: number): void {
    if (this.finished || end === start) return;
    if (this.paused) {
      this.held.push(Buffer.from(bytes.subarray(start, end)));
      this.bufferedBytes += end - start;
      if (!this.connection.hold(end - start)) {
        this.connection.resetStream(this, ErrorCode.ENHANCE_YOUR_CALM);
      }
      return;
    }
    this.onData(bytes.subarray(start, end));
    this.grantWindow();
  }

  onRemoteEnd(): void {
    if (this.finished || this.paused || this.endSeen) return;
    this.endSeen = true;
    this.onEnd();
  }

  cancel(): void {
    this.connection.outgoing.drop(this);
    if (this.finished) return;
    this.finished = true;
    this.onCancel();
  }

  writeEnd(): void {
    this.connection.outgoing.writer.dataHeader(this.id, 0, true);
    this.connection.onStreamEnded(this);
  }

  onQueueShrunk(): void {
    if (!this.owesDrain || this.queuedBytes > this.connection.options.streamHighWaterBytes) return;
    this.owesDrain = false;
    if (!this.finished) this.onDrain();
  }

  private get queuedBytes(): number {
    return this.queue === undefined ? 0 : this.queue.length;
  }

  private grantWindow(): void {
    const target = this.connection.options.streamWindowBytes;
    if (this.remoteClosed || this.finished || this.receiveWindow > target / 2) return;
    this.connection.outgoing.writer.windowUpdate(this.id, target - this.receiveWindow);
    this.receiveWindow = target;
    this.connection.touch();
  }
}

function ignore(): void {}
