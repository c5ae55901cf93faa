/**
 * What a service sees of the engine: calls, handlers, counters, options. Everything here is synchronous and lives on one
 * thread; nothing throws for what a client does.
 *
 * A call is answered in the turn in which it came or in any later one. Answers are collected per connection and leave in
 * one socket write at the end of the turn (see `GrpcServer.flush`). Answering a call that is over (cancelled, deadline passed,
 * connection lost, answered before) is allowed and does nothing.
 */

import type { Server as HttpServer } from "node:http";
import type { PeerCertificate } from "node:tls";
import type { Code } from "../status.ts";

/** Request metadata: header fields without pseudo-headers. Lists and values are shared between calls: never change them. */
export interface Metadata {
  /** First value of a field (name in lower case), one character a byte (latin1); undefined when absent. */
  get(name: string): string | undefined;
  /** The bytes of a `-bin` field, decoded from base64. */
  getBinary(name: string): Uint8Array | undefined;
  has(name: string): boolean;
  /** All fields in order: name, value, name, value, ... */
  readonly fields: readonly string[];
  /**
   * For the service: what it derived from these fields. Calls of one connection with equal fields (the timeout aside) mostly
   * share it, so a check that depends on the fields alone can be remembered here.
   */
  memo: unknown;
}

/** The other end of a connection. One object a connection. */
export interface Peer {
  /** `host:port` as the original prints it, `@` for a unix socket. */
  readonly address: string;
  readonly tls: boolean;
  /** The client's verified certificate; undefined over plain text and when none was sent. */
  certificate(): PeerCertificate | undefined;
  /** For the service: what it derived from the peer. */
  memo: unknown;
}

export const CancelReason = {
  /** RST_STREAM from the client. */
  RESET: 1,
  /** The connection is gone. */
  CONNECTION_LOST: 2,
  /** grpc-timeout passed; the engine has answered with DeadlineExceeded. */
  DEADLINE: 3,
  /** The server was stopped. */
  STOPPED: 4,
  /** The client broke the protocol of this stream, or a limit was passed; the engine has answered. */
  REFUSED: 5,
} as const;

export type CancelReason = (typeof CancelReason)[keyof typeof CancelReason];

/** Writes `message` at `position` and returns the position behind it. */
export type EncodeInto<T> = (message: T, target: Buffer, position: number) => number;

interface Call {
  readonly metadata: Metadata;
  readonly peer: Peer;
  /** `/package.Service/Method` */
  readonly path: string;
  /** In milliseconds of `performance.now()`; Infinity when the client set none. */
  readonly deadline: number;
  /** True once the client is not waiting any more; never true after an answer. */
  readonly cancelled: boolean;
  /** Answered, failed or cancelled. */
  readonly finished: boolean;
  /** For the service: whatever belongs to this call. */
  data: unknown;
}

/** A call with one request and one answer. */
export interface UnaryCall extends Call {
  /** Answers with these bytes (copied at once). */
  respond(message: Uint8Array): void;
  /** Answers with the concatenation of `parts`, which the service lets go of: a large answer is sent from where it lies. */
  respondParts(parts: readonly Uint8Array[]): void;
  /** Answers with exactly `size` bytes that `encode` writes straight into the connection's output. */
  respondInto<T>(size: number, encode: EncodeInto<T>, message: T): void;
  /** Ends the call with a status other than OK. `text` is a JS string; percent-encoding is the engine's business. */
  fail(code: Code, text: string): void;
}

/** A call with streams in one or both directions. */
export interface StreamCall extends Call {
  /**
   * Sends a message (copied at once). False when more than the high-water mark waits to leave: the message is taken
   * nevertheless, but the service should wait for `onDrain`. A service that never waits is cut off at the hard limit
   * (`streamQueueBytesMax`) with ResourceExhausted.
   */
  send(message: Uint8Array): boolean;
  sendParts(parts: readonly Uint8Array[]): boolean;
  sendInto<T>(size: number, encode: EncodeInto<T>, message: T): boolean;
  /** Bytes that were sent and have not left this process. */
  readonly queuedBytes: number;
  /** Above it `send` returns false; the server's option, unless the service sets another. */
  highWaterBytes: number;
  /** Ends the stream, after what was sent; OK when the code is 0. */
  end(code?: Code, text?: string): void;
  /** Stops taking messages: no `onMessage` until `resume`, and no more window to the client than is needed. */
  pause(): void;
  resume(): void;
}

/**
 * `request` is a view of the bytes as they arrived (decompressed). It is never written again, so it may be kept, but it pins the
 * chunk it came in (up to 64 KiB): copy what lives long.
 */
export type UnaryHandler = (call: UnaryCall, request: Buffer) => void;

export interface StreamListener {
  onMessage(message: Buffer): void;
  /** The client will send no more. */
  onHalfClose(): void;
  /** The call ended without the service's doing; nothing can be sent any more. Never after `end`. */
  onCancel(reason: CancelReason): void;
  /** The queue fell below the high-water mark after a `send` that returned false. */
  onDrain(): void;
}

export type StreamHandler = (call: StreamCall) => StreamListener;

/** A server stream: called with the one request. What it returns hears of the rest of the call; `undefined`: it does not care. */
export type ServerStreamHandler = (call: StreamCall, request: Buffer) => ServerStreamListener | undefined;
export type ServerStreamListener = Pick<StreamListener, "onCancel" | "onDrain">;

/** Counters of one method, from start; plain numbers that metrics collect. */
export interface MethodCounters {
  readonly path: string;
  readonly kind: MethodKind;
  /** Calls that reached the handler. */
  started: number;
  /** Ended calls by status code. */
  readonly handled: Float64Array;
  received: number;
  sent: number;
  /** Message bytes, without framing and before compression. */
  receivedBytes: number;
  sentBytes: number;
  /** Set by whoever wants to know how long calls take; undefined: no clock is read. */
  times: CallTimes | undefined;
}

export interface CallTimes {
  /** The clock's milliseconds as a call reaches its handler. */
  begin(): number;
  /** A call that began then has ended. */
  end(begunAtMs: number): void;
}

export type MethodKind = "unary" | "server_stream" | "client_stream" | "bidi_stream";

/** A request that came over HTTP/2 and is not gRPC. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  readonly authority: string;
  readonly metadata: Metadata;
  readonly peer: Peer;
  /** Set by the handler, before it returns. */
  onData: (bytes: Buffer) => void;
  onEnd: () => void;
  /** The client is gone; nothing can be written any more. */
  onCancel: () => void;
  onDrain: () => void;
  /** Stops and restarts the body; while stopped the client gets no window. */
  pause(): void;
  resume(): void;
  /** Response head; names in lower case. */
  respond(status: number, headers: readonly (readonly [string, string])[]): void;
  /** Body bytes; false above the high-water mark. */
  write(bytes: Uint8Array): boolean;
  end(): void;
}

export type HttpRequestHandler = (request: HttpRequest) => void;

/** How one listener treats what is not gRPC. Connections of several listeners share one GrpcServer. */
export interface ListenerOptions {
  /**
   * Gets connections that speak HTTP/1.1. Without it the listener is gRPC only: the server speaks first, and
   * a client that is not HTTP/2 sees a SETTINGS frame and the end.
   */
  readonly http1?: HttpServer;
  /** Gets HTTP/2 requests whose content type does not contain `application/grpc`. Without it they get 415 or 405. */
  readonly onHttpRequest?: HttpRequestHandler;
  /** Hears of TLS handshakes that failed. */
  readonly onTlsError?: (error: Error, address: string) => void;
}

/** Hears of unary calls whose answer took long. */
export interface UnaryWatch {
  /** Milliseconds; asked when a request is handed to its handler and when it is answered. */
  nowMs(): number;
  readonly limitMs: number;
  /** Before the answer leaves. `answer`: undefined when the call failed, with `error`. */
  onSlow(
    call: UnaryCall,
    request: Buffer,
    tookMs: number,
    answer: Uint8Array | undefined,
    error: string,
  ): void;
}

/** Follows calls, of all kinds. */
export interface CallTracer {
  /** A call that reaches its handler; undefined: it is not followed. */
  begin(call: TracedCall): CallSpan | undefined;
}

export type TracedCall = Pick<UnaryCall, "metadata" | "path" | "peer">;

export interface CallSpan {
  end(code: Code): void;
}

export interface GrpcServerOptions {
  /** A larger message is refused with ResourceExhausted. */
  readonly maxReceiveMessageBytes: number;
  /** Advertised unless it is 2^32-1; beyond it REFUSED_STREAM. */
  readonly maxConcurrentStreams: number;
  /** Sum of names, values and 32 a field; more resets the stream. */
  readonly maxHeaderListBytes: number;
  /** Pings more frequent than this are counted against the client; the third ends the connection with `too_many_pings`. */
  readonly keepaliveMinTimeMs: number;
  /** A connection that is silent for so long is pinged; 0 is never. */
  readonly keepaliveIntervalMs: number;
  /** ... and closed when the answer takes longer than this. */
  readonly keepaliveTimeoutMs: number;
  /** For the TLS handshake, the first bytes and the client's SETTINGS together. */
  readonly handshakeTimeoutMs: number;
  /** Initial window of a stream; more is granted as a message needs it. */
  readonly streamWindowBytes: number;
  /** What a client may have under way on one connection. */
  readonly connectionWindowBytes: number;
  /** Incomplete requests held for one connection; the request that goes beyond is refused with ResourceExhausted. */
  readonly connectionBufferBytesMax: number;
  /** `StreamCall.send` returns false above this. */
  readonly streamHighWaterBytes: number;
  /** A stream whose queue is larger is ended with ResourceExhausted. */
  readonly streamQueueBytesMax: number;
  /** Answers waiting for the client's window, per connection; above it requests wait unserved. */
  readonly connectionQueueBytesMax: number;
  /** RST_STREAM frames a client may send at once, and per second in the long run; then ENHANCE_YOUR_CALM. */
  readonly resetBurstMax: number;
  readonly resetsPerSecond: number;
  readonly unaryWatch?: UnaryWatch | undefined;
  readonly tracer?: CallTracer | undefined;
  /** Called at the end of every turn in which something arrived or was answered, before the output leaves. */
  readonly onTurnEnd?: (() => void) | undefined;
}
