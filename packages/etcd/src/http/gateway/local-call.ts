/**
 * Calls of services within the process: what the gateway makes of an HTTP request. They meet the same handlers as calls over
 * gRPC, with no socket between, and count as such calls do.
 */

import {
  type CallSpan,
  type CallTracer,
  CancelReason,
  Code,
  type EncodeInto,
  type GrpcServer,
  type GrpcServerOptions,
  type Metadata,
  type Peer,
  type StreamCall,
  type StreamListener,
  type UnaryCall,
  type UnaryWatch,
} from "@etcd-ts/grpc";
import type { Status } from "@etcd-ts/proto";
import type { CallContext } from "./request-metadata.ts";

type KnownMethod = NonNullable<ReturnType<GrpcServer["methods"]["find"]>>;
type UnaryMethod = Extract<KnownMethod, { readonly kind: "unary" }>;
type StreamMethod = Exclude<KnownMethod, UnaryMethod>;

const NOTHING = Buffer.alloc(0);
const DEADLINE_EXCEEDED: Status = { code: Code.DEADLINE_EXCEEDED, message: "context deadline exceeded" };
const TIMEOUT_MS_MAX = 2 ** 31 - 1;

abstract class LocalCall {
  readonly metadata: Metadata;
  readonly peer: Peer;
  readonly path: string;
  readonly deadline: number;
  cancelled = false;
  finished = false;
  data: unknown = undefined;
  protected readonly counters: KnownMethod["counters"];
  private readonly begunAtMs: number;
  private readonly span: CallSpan | undefined;
  private readonly timer: NodeJS.Timeout | undefined;

  constructor(method: KnownMethod, context: CallContext, peer: Peer, tracer: CallTracer | undefined) {
    this.counters = method.counters;
    this.path = method.counters.path;
    this.metadata = context.metadata;
    this.peer = peer;
    const { timeoutMs } = context;
    const limited = timeoutMs !== Number.POSITIVE_INFINITY;
    this.deadline = limited ? performance.now() + timeoutMs : timeoutMs;
    this.timer = limited
      ? setTimeout(() => this.onDeadline(), Math.min(timeoutMs, TIMEOUT_MS_MAX))
      : undefined;
    this.counters.started++;
    this.begunAtMs = this.counters.times?.begin() ?? 0;
    this.span = tracer?.begin(this);
  }

  protected abstract onDeadline(): void;

  /** Ends the call on its books; false when it has ended before. */
  protected close(code: number): boolean {
    if (this.finished) return false;
    this.finished = true;
    clearTimeout(this.timer);
    this.counters.handled[code]!++;
    this.counters.times?.end(this.begunAtMs);
    this.span?.end(code as Code);
    return true;
  }

  protected received(message: Buffer): void {
    this.counters.received++;
    this.counters.receivedBytes += message.length;
  }

  protected sent(size: number): void {
    this.counters.sent++;
    this.counters.sentBytes += size;
  }
}

export type UnaryResult =
  | { readonly error: undefined; readonly message: Buffer }
  | { readonly error: Status; readonly message: undefined };

/** Who hears of calls, as of the engine's own. */
export type CallObservers = Pick<GrpcServerOptions, "unaryWatch" | "tracer">;

export class LocalUnaryCall extends LocalCall implements UnaryCall {
  private readonly method: UnaryMethod;
  private readonly onResult: (result: UnaryResult) => void;
  private readonly watch: UnaryWatch | undefined;
  private watchedSinceMs = 0;
  private request: Buffer = NOTHING;

  constructor(
    method: UnaryMethod,
    context: CallContext,
    peer: Peer,
    { unaryWatch: watch, tracer }: CallObservers,
    onResult: (result: UnaryResult) => void,
  ) {
    super(method, context, peer, tracer);
    this.method = method;
    this.watch = watch;
    this.onResult = onResult;
  }

  start(request: Buffer): void {
    this.request = request;
    if (this.watch !== undefined) this.watchedSinceMs = this.watch.nowMs();
    this.received(request);
    this.method.handler(this, request);
  }

  /** The client is gone. */
  cancel(): void {
    this.abandon(Code.CANCELED, CancelReason.RESET);
  }

  respond(message: Uint8Array): void {
    this.succeed(Buffer.from(message));
  }

  respondParts(parts: readonly Uint8Array[]): void {
    this.succeed(Buffer.concat(parts));
  }

  respondInto<T>(size: number, encode: EncodeInto<T>, message: T): void {
    const bytes = Buffer.allocUnsafe(size);
    encode(message, bytes, 0);
    this.succeed(bytes);
  }

  fail(code: Code, text: string): void {
    this.tellWhenSlow(undefined, text);
    if (this.close(code)) this.onResult({ error: { code, message: text }, message: undefined });
  }

  private tellWhenSlow(answer: Buffer | undefined, error: string): void {
    const { watch } = this;
    if (watch === undefined || this.finished) return;
    const tookMs = watch.nowMs() - this.watchedSinceMs;
    if (tookMs > watch.limitMs) watch.onSlow(this, this.request, tookMs, answer, error);
  }

  private succeed(message: Buffer): void {
    this.tellWhenSlow(message, "");
    if (!this.close(Code.OK)) return;
    this.sent(message.length);
    this.onResult({ error: undefined, message });
  }

  protected onDeadline(): void {
    this.abandon(Code.DEADLINE_EXCEEDED, CancelReason.DEADLINE);
    this.onResult({ error: DEADLINE_EXCEEDED, message: undefined });
  }

  private abandon(code: Code, reason: CancelReason): void {
    if (!this.close(code)) return;
    this.cancelled = true;
    this.method.onCancel?.(this, reason);
  }
}

/** Where a stream's answers go. */
export interface StreamSink {
  /** False: the service had better wait for `onDrain` of the call. */
  onMessage(message: Buffer): boolean;
  onEnd(status: Status): void;
  readonly queuedBytes: number;
}

/** The engine's, for calls over gRPC. */
export type StreamLimits = Pick<GrpcServerOptions, "streamHighWaterBytes" | "streamQueueBytesMax" | "tracer">;

export class LocalStreamCall extends LocalCall implements StreamCall {
  highWaterBytes: number;
  private readonly method: StreamMethod;
  private readonly sink: StreamSink;
  private readonly queueBytesMax: number;
  private listener: Partial<StreamListener> | undefined;
  /** Requests that wait while the service is not taking any. */
  private readonly waiting: Buffer[] = [];
  private paused = false;
  private halfClosed = false;

  constructor(
    method: StreamMethod,
    context: CallContext,
    peer: Peer,
    limits: StreamLimits,
    sink: StreamSink,
  ) {
    super(method, context, peer, limits.tracer);
    this.method = method;
    this.highWaterBytes = limits.streamHighWaterBytes;
    this.queueBytesMax = limits.streamQueueBytesMax;
    this.sink = sink;
  }

  /** A stream of requests begins before the first of them. */
  start(): void {
    if (this.method.kind !== "server_stream") this.listener = this.method.handler(this);
  }

  deliver(message: Buffer): void {
    if (this.finished) return;
    this.waiting.push(message);
    this.pump();
  }

  halfClose(): void {
    this.halfClosed = true;
    this.pump();
  }

  /** The client is gone. */
  cancel(): void {
    this.abandon(Code.CANCELED, CancelReason.RESET);
  }

  onDrain(): void {
    if (!this.finished) this.listener?.onDrain?.();
  }

  get queuedBytes(): number {
    return this.sink.queuedBytes;
  }

  send(message: Uint8Array): boolean {
    return this.emit(Buffer.from(message));
  }

  sendParts(parts: readonly Uint8Array[]): boolean {
    return this.emit(Buffer.concat(parts));
  }

  sendInto<T>(size: number, encode: EncodeInto<T>, message: T): boolean {
    const bytes = Buffer.allocUnsafe(size);
    encode(message, bytes, 0);
    return this.emit(bytes);
  }

  end(code: Code = Code.OK, text = ""): void {
    if (this.close(code)) this.sink.onEnd({ code, message: text });
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.pump();
  }

  private emit(message: Buffer): boolean {
    if (this.finished) return true;
    this.sent(message.length);
    const taken = this.sink.onMessage(message);
    if (this.sink.queuedBytes > this.queueBytesMax) this.cutOff();
    return taken && this.sink.queuedBytes <= this.highWaterBytes;
  }

  /** The service does not wait for its client. */
  private cutOff(): void {
    this.abandon(Code.RESOURCE_EXHAUSTED, CancelReason.REFUSED);
    this.sink.onEnd({ code: Code.RESOURCE_EXHAUSTED, message: "the client does not read the stream" });
  }

  private pump(): void {
    while (!this.paused && !this.finished && this.waiting.length > 0) this.handle(this.waiting.shift()!);
    if (!this.halfClosed || this.waiting.length > 0 || this.finished) return;
    this.halfClosed = false;
    this.listener?.onHalfClose?.();
  }

  private handle(message: Buffer): void {
    this.received(message);
    if (this.method.kind === "server_stream") this.listener = this.method.handler(this, message);
    else this.listener?.onMessage?.(message);
  }

  protected onDeadline(): void {
    this.abandon(Code.DEADLINE_EXCEEDED, CancelReason.DEADLINE);
    this.sink.onEnd(DEADLINE_EXCEEDED);
  }

  private abandon(code: Code, reason: CancelReason): void {
    if (!this.close(code)) return;
    this.cancelled = true;
    this.listener?.onCancel?.(reason);
  }
}
