/**
 * One gRPC call on one HTTP/2 stream: messages in, answer out. Both public call types are this class, so that the hot
 * path sees one shape.
 *
 * Life of a call: HEADERS make it (`start`), DATA fills it (`receive`), `onRemoteEnd` tells that the client has said everything; the
 * service answers, or something cancels it. `finished` is set by the first of answer and cancellation and nothing but that one counts.
 * The connection forgets the stream when its last frame is written or it is cancelled.
 *
 * Not its business: frames, header compression, the connection's windows.
 */

import { readUint32, WINDOW_BYTES_MAX } from "../http2/frame.ts";
import { Code } from "../status.ts";
import { decompress } from "./compression.ts";
import type { Connection } from "./connection.ts";
import type { WheelEntry } from "./deadline-wheel.ts";
import { quoted } from "./error-text.ts";
import { MESSAGE_PREFIX_BYTES, MessageAssembly } from "./message-assembly.ts";
import type { Method } from "./method.ts";
import { type SendingStream, TURN_BYTES_MAX } from "./outgoing.ts";
import type { RequestHead } from "./request-head.ts";
import type { SendQueue } from "./send-queue.ts";
import {
  type CallSpan,
  CancelReason,
  type EncodeInto,
  type Metadata,
  type Peer,
  type ServerStreamListener,
  type StreamCall,
  type StreamListener,
  type UnaryCall,
} from "./types.ts";

export class Stream implements UnaryCall, StreamCall, SendingStream, WheelEntry {
  readonly id: number;
  readonly connection: Connection;
  readonly head: RequestHead;
  readonly method: Method;
  data: unknown = undefined;
  deadline = Number.POSITIVE_INFINITY;
  finished = false;
  cancelled = false;
  /** The client has sent END_STREAM. */
  remoteClosed = false;
  private headSent = false;
  /** A unary or server-stream request is complete. */
  private dispatched = false;
  /** ... and is not parked any more. */
  /** By the clock of `MethodCounters.times`; 0: nobody asks. */
  private begunAtMs = 0;
  private served = false;

  // Receiving.
  /** What the client may still send. */
  receiveWindow: number;
  private assembly: MessageAssembly | undefined = undefined;
  private paused = false;
  private remoteEndSeen = false;
  /** DATA that came while paused, bounded by the window. */
  private held: Buffer[] | undefined = undefined;
  private listener: StreamListener | undefined = undefined;
  /** A request that is not served yet: of a server stream, until the client has half-closed; of any call that is parked. */
  private request: Buffer | undefined = undefined;
  /** The request of a unary call whose time is taken, and since when. */
  private watched: Buffer | undefined = undefined;
  private watchedSinceMs = 0;
  private span: CallSpan | undefined = undefined;

  // Sending (see outgoing.ts).
  sendWindow: number;
  queue: SendQueue | undefined = undefined;
  queueEnds = false;
  highWaterBytes: number;
  inReady = false;
  nextReady: SendingStream | undefined = undefined;
  private endCode: Code = Code.OK;
  private endText = "";
  /** A `send` returned false and `onDrain` has not told the service yet. */
  private owesDrain = false;

  // Deadline (see deadline-wheel.ts).
  wheelSlot = -1;
  wheelNext: WheelEntry | undefined = undefined;
  wheelPrevious: WheelEntry | undefined = undefined;

  constructor(connection: Connection, id: number, head: RequestHead, method: Method) {
    this.connection = connection;
    this.id = id;
    this.head = head;
    this.method = method;
    this.receiveWindow = connection.options.streamWindowBytes;
    this.sendWindow = connection.outgoing.streamWindow;
    this.highWaterBytes = connection.options.streamHighWaterBytes;
  }

  get metadata(): Metadata {
    return this.head;
  }

  get peer(): Peer {
    return this.connection.peer;
  }

  get path(): string {
    return this.head.path;
  }

  get queuedBytes(): number {
    return this.queue === undefined ? 0 : this.queue.length;
  }

  private get gzip(): boolean {
    return this.head.encoding !== "";
  }

  // ---- the service answers -------------------------------------------------------------------------------------------

  respond(message: Uint8Array): void {
    this.respondInto(message.length, copyInto, message);
  }

  respondParts(parts: readonly Uint8Array[]): void {
    const size = totalLength(parts);
    if (size <= TURN_BYTES_MAX) {
      this.respondInto(size, copyPartsInto, parts);
      return;
    }
    if (this.finished) return;
    this.finish(Code.OK);
    this.countSent(size);
    this.writeHead();
    this.connection.outgoing.messageInParts(this, size, parts);
    this.connection.outgoing.end(this);
    this.connection.touch();
  }

  respondInto<T>(size: number, encode: EncodeInto<T>, message: T): void {
    if (this.finished) return;
    const tookMs = this.watchedMs();
    if (tookMs === 0) return this.answer(size, encode, message);
    const copy = Buffer.allocUnsafe(size);
    encode(message, copy, 0);
    this.tellSlow(tookMs, copy, "");
    this.answer(size, copyInto, copy);
  }

  private answer<T>(size: number, encode: EncodeInto<T>, message: T): void {
    this.finish(Code.OK);
    this.countSent(size);
    const { outgoing } = this.connection;
    if (!this.gzip && this.head.contentSubtype === "" && outgoing.unary(this, size, encode, message)) {
      this.connection.onStreamEnded(this);
    } else {
      this.writeHead();
      outgoing.message(this, this.gzip, size, encode, message);
      outgoing.end(this);
    }
    this.connection.touch();
  }

  fail(code: Code, text: string): void {
    this.end(code, text);
  }

  send(message: Uint8Array): boolean {
    return this.sendInto(message.length, copyInto, message);
  }

  sendParts(parts: readonly Uint8Array[]): boolean {
    return this.sendInto(totalLength(parts), copyPartsInto, parts);
  }

  sendInto<T>(size: number, encode: EncodeInto<T>, message: T): boolean {
    if (this.finished) return false;
    const { outgoing, options } = this.connection;
    if (this.queuedBytes > options.streamQueueBytesMax) {
      this.refuse(Code.RESOURCE_EXHAUSTED, "grpc: the client does not read what the server sends");
      return false;
    }
    this.countSent(size);
    this.writeHead();
    outgoing.message(this, this.gzip, size, encode, message);
    this.connection.touch();
    if (this.queuedBytes <= this.highWaterBytes) return true;
    this.owesDrain = true;
    return false;
  }

  end(code: Code = Code.OK, text = ""): void {
    if (this.finished) return;
    const tookMs = code === Code.OK ? 0 : this.watchedMs();
    if (tookMs > 0) this.tellSlow(tookMs, undefined, text);
    this.finish(code);
    this.endCode = code;
    this.endText = text;
    this.connection.outgoing.end(this);
    this.connection.touch();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused || this.finished) return;
    this.paused = false;
    const held = this.held ?? [];
    this.held = undefined;
    for (let i = 0; i < held.length; i++) {
      this.connection.release(held[i]!.length);
      this.receive(held[i]!, 0, held[i]!.length);
    }
    if (this.remoteClosed && !this.paused) this.onRemoteEnd();
    this.connection.touch();
  }

  // ---- slow calls ----------------------------------------------------------------------------------------------------

  /** What the call took, if somebody wants to hear of it; else 0. */
  private watchedMs(): number {
    if (this.watched === undefined) return 0;
    const watch = this.connection.options.unaryWatch!;
    const tookMs = watch.nowMs() - this.watchedSinceMs;
    return tookMs > watch.limitMs ? tookMs : 0;
  }

  private tellSlow(tookMs: number, answer: Buffer | undefined, error: string): void {
    const request = this.watched!;
    this.watched = undefined;
    this.connection.options.unaryWatch!.onSlow(this, request, tookMs, answer, error);
  }

  // ---- the connection tells ------------------------------------------------------------------------------------------

  start(): void {
    const { encoding } = this.head;
    if (encoding !== "" && encoding !== "gzip") {
      const text = `grpc: Decompressor is not installed for grpc-encoding ${quoted(encoding)}`;
      this.end(Code.UNIMPLEMENTED, text);
      return;
    }
    const { method } = this;
    if (method.kind === "bidi_stream" || method.kind === "client_stream") {
      this.countStart();
      this.listener = method.handler(this);
    }
  }

  /** DATA, without padding. */
  receive(bytes: Buffer, start: number, end: number): void {
    let position = start;
    while (position < end && !this.finished && !this.dispatched) {
      if (this.paused) {
        this.hold(bytes, position, end);
        return;
      }
      position =
        this.assembly === undefined
          ? this.receiveInPlace(bytes, position, end)
          : this.receivePart(this.assembly, bytes, position, end);
    }
    if (!this.remoteClosed) this.grantWindow();
  }

  /** The client will send no more; what came before has been received. */
  onRemoteEnd(): void {
    if (this.finished || this.dispatched || this.paused || this.remoteEndSeen) return;
    this.remoteEndSeen = true;
    const { kind } = this.method;
    const withinMessage = this.assembly !== undefined && !this.assembly.beforeBody;
    if (withinMessage) this.refuse(kind === "unary" ? Code.UNKNOWN : Code.INTERNAL, "unexpected EOF");
    else if (kind === "unary") this.refuse(Code.UNKNOWN, "EOF");
    else if (kind === "server_stream") this.serveRequest();
    else this.listener?.onHalfClose();
  }

  /** Nobody waits for the answer any more. Writes nothing. */
  cancel(reason: CancelReason): void {
    this.connection.outgoing.drop(this);
    if (this.finished) return;
    this.cancelled = true;
    this.finish(reason === CancelReason.DEADLINE ? Code.DEADLINE_EXCEEDED : Code.CANCELED);
    this.tellCancelled(reason);
  }

  onDeadline(): void {
    if (this.finished) return;
    this.cancelled = true;
    this.endWith(Code.DEADLINE_EXCEEDED, "context deadline exceeded", CancelReason.DEADLINE);
  }

  writeEnd(): void {
    const { writer } = this.connection.outgoing;
    const { endCode, endText, head } = this;
    if (!this.headSent) writer.statusOnly(this.id, 200, head.contentSubtype, endCode, endText);
    else if (endCode === Code.OK && endText === "") writer.okTrailers(this.id);
    else writer.trailers(this.id, endCode, endText);
    this.connection.onStreamEnded(this);
  }

  onQueueShrunk(): void {
    if (!this.owesDrain || this.queuedBytes > this.highWaterBytes) return;
    this.owesDrain = false;
    if (!this.finished) this.listener?.onDrain();
  }

  /** Bytes held for this stream; counted against the connection's limit. */
  get bufferedBytes(): number {
    let bytes = this.assembly === undefined ? 0 : this.assembly.received;
    if (this.request !== undefined) bytes += this.request.length;
    for (const part of this.held ?? []) bytes += part.length;
    return bytes;
  }

  // ---- messages ------------------------------------------------------------------------------------------------------

  /** A message that begins here, in place when it is whole. */
  private receiveInPlace(bytes: Buffer, position: number, end: number): number {
    if (end - position < MESSAGE_PREFIX_BYTES) {
      this.assembly = new MessageAssembly();
      return this.assembly.takePrefix(bytes, position, end);
    }
    const length = readUint32(bytes, position + 1);
    const bodyStart = position + MESSAGE_PREFIX_BYTES;
    if (this.tooLarge(length)) return end;
    if (end - bodyStart < length) {
      this.assembly = new MessageAssembly();
      return this.receivePart(this.assembly, bytes, position, end);
    }
    this.deliver(bytes[position]!, bytes.subarray(bodyStart, bodyStart + length));
    return bodyStart + length;
  }

  private receivePart(assembly: MessageAssembly, bytes: Buffer, start: number, end: number): number {
    let position = start;
    if (assembly.beforeBody) {
      position = assembly.takePrefix(bytes, position, end);
      if (assembly.beforeBody) return position;
      if (this.tooLarge(assembly.bodyLength)) return end;
    }
    const before = position;
    position = assembly.takeBody(bytes, position, end);
    this.holdOrRefuse(position - before);
    if (assembly.complete && !this.finished) {
      this.assembly = undefined;
      this.connection.release(assembly.bodyLength);
      this.deliver(assembly.flag, assembly.body);
    }
    return position;
  }

  private tooLarge(length: number): boolean {
    const limit = this.connection.options.maxReceiveMessageBytes;
    if (length <= limit) return false;
    const text = `grpc: received message larger than max (${length} vs. ${limit})`;
    this.refuse(Code.RESOURCE_EXHAUSTED, text);
    return true;
  }

  private deliver(flag: number, body: Buffer): void {
    if (flag === 0) {
      this.dispatch(body);
      return;
    }
    if (flag !== 1) {
      this.refuse(Code.INTERNAL, `grpc: received unexpected payload format ${flag}`);
      return;
    }
    if (!this.gzip) {
      this.refuse(Code.INTERNAL, "grpc: compressed flag set with identity or empty encoding");
      return;
    }
    const message = decompress(body, this.connection.options.maxReceiveMessageBytes);
    if (Buffer.isBuffer(message)) this.dispatch(message);
    else this.refuse(message.code, message.text);
  }

  private dispatch(message: Buffer): void {
    const { method } = this;
    method.counters.received++;
    method.counters.receivedBytes += message.length;
    if (this.listener !== undefined) this.listener.onMessage(message);
    else if (method.kind === "server_stream") this.keepRequest(message);
    else {
      this.dispatched = true;
      if (this.connection.mustPark) this.park(message);
      else this.serve(message);
    }
  }

  private keepRequest(message: Buffer): void {
    if (this.request !== undefined) {
      const text = "cardinality violation: received multiple request messages for non-client-streaming RPC";
      this.refuse(Code.INTERNAL, text);
      return;
    }
    this.request = message;
    this.holdOrRefuse(message.length);
  }

  private serveRequest(): void {
    if (this.request === undefined) {
      const text = "cardinality violation: received no request message from non-client-streaming RPC";
      this.refuse(Code.INTERNAL, text);
      return;
    }
    this.dispatched = true;
    if (this.connection.mustPark) this.connection.park(this);
    else this.serveKept();
  }

  private park(message: Buffer): void {
    this.request = message;
    this.connection.park(this);
    this.holdOrRefuse(message.length);
  }

  /** Serves the request that was kept. */
  serveKept(): void {
    const { request } = this;
    if (this.finished || request === undefined) return;
    this.request = undefined;
    this.connection.release(request.length);
    this.serve(request);
  }

  /** Hands the one request of a unary or server-stream call to its handler. */
  private serve(message: Buffer): void {
    const { method } = this;
    this.served = true;
    this.countStart();
    if (method.kind === "unary") {
      this.watch(message);
      method.handler(this, message);
    } else if (method.kind === "server_stream") {
      this.listener = new ServerStreamEvents(method.handler(this, message));
    }
  }

  private watch(request: Buffer): void {
    const { unaryWatch } = this.connection.options;
    if (unaryWatch === undefined) return;
    this.watched = request;
    this.watchedSinceMs = unaryWatch.nowMs();
  }

  private hold(bytes: Buffer, start: number, end: number): void {
    this.held ??= [];
    this.held.push(Buffer.from(bytes.subarray(start, end)));
    this.holdOrRefuse(end - start);
  }

  /** Counts bytes that are kept for this stream. */
  private holdOrRefuse(bytes: number): void {
    if (this.connection.hold(bytes)) return;
    this.refuse(Code.RESOURCE_EXHAUSTED, "grpc: too many incomplete messages on this connection");
  }

  /**
   * Lets the client send on: as much as the message that is under way needs, and a stream of messages its whole window.
   */
  private grantWindow(): void {
    if (this.finished || this.dispatched || this.paused) return;
    const missing =
      this.assembly === undefined || this.assembly.beforeBody ? MESSAGE_PREFIX_BYTES : this.assembly.missing;
    const windowBytes = this.listener === undefined ? 0 : this.connection.options.streamWindowBytes;
    const target = Math.min(Math.max(windowBytes, missing), WINDOW_BYTES_MAX);
    const least = this.listener === undefined ? missing : target / 2;
    if (this.receiveWindow >= least) return;
    this.connection.outgoing.writer.windowUpdate(this.id, target - this.receiveWindow);
    this.receiveWindow = target;
    this.connection.touch();
  }

  // ---- endings -------------------------------------------------------------------------------------------------------

  /** Ends the call with a status because of what the client did. */
  private refuse(code: Code, text: string): void {
    if (!this.finished) this.endWith(code, text, CancelReason.REFUSED);
  }

  private endWith(code: Code, text: string, reason: CancelReason): void {
    this.connection.outgoing.drop(this);
    this.end(code, text);
    this.tellCancelled(reason);
  }

  private tellCancelled(reason: CancelReason): void {
    const { method } = this;
    if (this.listener !== undefined) this.listener.onCancel(reason);
    else if (method.kind === "unary" && this.served) method.onCancel?.(this, reason);
  }

  private finish(code: Code): void {
    this.finished = true;
    if (this.wheelSlot >= 0) this.connection.forgetDeadline(this);
    const { counters } = this.method;
    counters.handled[code]!++;
    if (this.begunAtMs > 0) counters.times?.end(this.begunAtMs);
    this.span?.end(code);
  }

  private countStart(): void {
    const { counters } = this.method;
    counters.started++;
    if (counters.times !== undefined) this.begunAtMs = counters.times.begin();
    this.span = this.connection.options.tracer?.begin(this);
  }

  private writeHead(): void {
    if (this.headSent) return;
    this.headSent = true;
    this.connection.outgoing.writer.responseHead(this.id, this.head.contentSubtype, this.gzip);
  }

  private countSent(size: number): void {
    const { counters } = this.method;
    counters.sent++;
    counters.sentBytes += size;
  }
}

/** What a server stream hears after its request. */
class ServerStreamEvents implements StreamListener {
  private readonly listener: ServerStreamListener | undefined;

  constructor(listener: ServerStreamListener | undefined) {
    this.listener = listener;
  }

  onMessage(): void {}

  onHalfClose(): void {}

  onCancel(reason: CancelReason): void {
    this.listener?.onCancel(reason);
  }

  onDrain(): void {
    this.listener?.onDrain();
  }
}

function copyInto(message: Uint8Array, target: Buffer, position: number): number {
  target.set(message, position);
  return position + message.length;
}

function copyPartsInto(parts: readonly Uint8Array[], target: Buffer, position: number): number {
  for (const part of parts) {
    target.set(part, position);
    position += part.length;
  }
  return position;
}

function totalLength(parts: readonly Uint8Array[]): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}
