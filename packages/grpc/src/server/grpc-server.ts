/**
 * The server: methods, listeners, the turn, deadlines, the stop. The only file with `socket-link.ts` and `listener.ts` that meets
 * sockets and timers.
 *
 * A turn: sockets are read and handlers run while frames arrive (poll phase); then, in one `setImmediate`, the host's
 * `onTurnEnd` and one write per connection. Answers given outside of that (a worker's message, a timer) start a turn of
 * their own, or leave at once when the host calls `flush`.
 */

import type { Server as NetServer, Socket } from "node:net";
import type { TlsOptions } from "node:tls";
import { INITIAL_WINDOW_BYTES } from "../http2/frame.ts";
import { DeadlineWheel, WHEEL_TICK_MS } from "./deadline-wheel.ts";
import { greet, listenPlain, listenTls, type TlsListener } from "./listener.ts";
import { type Method, MethodTable, newCounters, type UnaryCancelHandler } from "./method.ts";
import { type LinkOwner, SocketLink } from "./socket-link.ts";
import type { Stream } from "./stream.ts";
import {
  CancelReason,
  type GrpcServerOptions,
  type ListenerOptions,
  type MethodCounters,
  type ServerStreamHandler,
  type StreamHandler,
  type UnaryHandler,
} from "./types.ts";

const MIB = 1_048_576;

/** What the original's defaults are, where it has them. */
export const DEFAULT_SERVER_OPTIONS: GrpcServerOptions = {
  maxReceiveMessageBytes: 4 * MIB,
  maxConcurrentStreams: 2 ** 32 - 1,
  maxHeaderListBytes: MIB,
  keepaliveMinTimeMs: 5000,
  keepaliveIntervalMs: 7_200_000,
  keepaliveTimeoutMs: 20_000,
  handshakeTimeoutMs: 20_000,
  streamWindowBytes: INITIAL_WINDOW_BYTES,
  connectionWindowBytes: 4 * MIB,
  connectionBufferBytesMax: 64 * MIB,
  streamHighWaterBytes: MIB,
  streamQueueBytesMax: 256 * MIB,
  connectionQueueBytesMax: 64 * MIB,
  resetBurstMax: 10_000,
  resetsPerSecond: 1000,
};

export class GrpcServer implements LinkOwner {
  readonly options: GrpcServerOptions;
  readonly methods = new MethodTable();
  turn = 0;
  private readonly links = new Set<SocketLink>();
  /** Sockets of which it is not known yet what they speak. */
  private readonly strangers = new Set<Socket>();
  private readonly listeners = new Set<NetServer>();
  private dirty: SocketLink[] = [];
  private waiting: SocketLink[] = [];
  private turnExpected = false;
  private readonly deadlines: DeadlineWheel<Stream>;
  private deadlineTimer: NodeJS.Timeout | undefined = undefined;
  private stopped = false;
  private onAllClosed: (() => void) | undefined = undefined;

  constructor(options: Partial<GrpcServerOptions> = {}) {
    this.options = { ...DEFAULT_SERVER_OPTIONS, ...options };
    this.deadlines = new DeadlineWheel<Stream>(this.nowMs(), (stream) => stream.onDeadline());
  }

  // ---- methods -------------------------------------------------------------------------------------------------------

  /** `onCancel` hears when a call that the handler has seen is over before it was answered. */
  addUnary(path: string, handler: UnaryHandler, onCancel?: UnaryCancelHandler): void {
    this.add({ kind: "unary", counters: newCounters(path, "unary"), handler, onCancel });
  }

  addServerStream(path: string, handler: ServerStreamHandler): void {
    this.add({ kind: "server_stream", counters: newCounters(path, "server_stream"), handler });
  }

  /** A stream of requests; answers are a stream too, or a single one. */
  addStream(
    path: string,
    handler: StreamHandler,
    kind: "client_stream" | "bidi_stream" = "bidi_stream",
  ): void {
    this.add({ kind, counters: newCounters(path, kind), handler });
  }

  counters(): MethodCounters[] {
    return this.methods.counters();
  }

  private add(method: Method): void {
    this.methods.add(method);
  }

  // ---- connections ---------------------------------------------------------------------------------------------------

  /** A plain-text listener; the caller lets it listen. It is closed by `stop`. */
  createListener(listener: ListenerOptions = {}): NetServer {
    return this.keep(listenPlain((socket) => this.handleConnection(socket, listener)));
  }

  /** A TLS listener with ALPN; plain HTTP on it is answered by a hint. Its certificates can be changed while it listens. */
  createTlsListener(tls: TlsOptions, listener: ListenerOptions = {}): TlsListener {
    return this.keep(
      listenTls(tls, listener, this.strangers, this.options.handshakeTimeoutMs, (socket) =>
        this.handleConnection(socket, listener),
      ),
    );
  }

  /** Takes over a connected socket, or a TLS socket after its handshake. */
  handleConnection(socket: Socket, listener: ListenerOptions = {}): void {
    if (this.stopped) {
      socket.destroy();
      return;
    }
    this.strangers.add(socket);
    const sinceMs = this.nowMs();
    greet(socket, listener, this.options.handshakeTimeoutMs, {
      onHttp2: (firstBytes) => {
        this.strangers.delete(socket);
        const leftMs = Math.max(1, sinceMs + this.options.handshakeTimeoutMs - this.nowMs());
        const link = new SocketLink(this, socket, listener, leftMs);
        this.links.add(link);
        if (firstBytes !== undefined) link.onChunk(firstBytes);
      },
      onGone: () => this.strangers.delete(socket),
    });
  }

  /** Open HTTP/2 connections. */
  get connectionCount(): number {
    return this.links.size;
  }

  /** Writes now what answers have been given; otherwise that happens at the end of the turn. */
  flush(): void {
    const links = this.dirty;
    // What has more to write after its share has its turn again when the others have had theirs.
    this.dirty = [];
    for (const link of links) link.flush();
  }

  /**
   * Refuses new connections and calls, waits for the open calls up to `graceMs`, cuts off what is left. Resolves when every HTTP/2
   * connection is closed. HTTP/1.1 connections belong to their server.
   */
  stop(graceMs: number): Promise<void> {
    this.stopped = true;
    for (const listener of this.listeners) listener.close();
    for (const socket of this.strangers) socket.destroy();
    for (const link of this.links) link.connection.drain();
    if (this.links.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.cutOff(), graceMs);
      this.onAllClosed = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private cutOff(): void {
    for (const link of this.links) {
      link.connection.close(CancelReason.STOPPED);
      link.destroy();
    }
  }

  private keep<L extends NetServer>(listener: L): L {
    this.listeners.add(listener);
    listener.once("close", () => this.listeners.delete(listener));
    return listener;
  }

  // ---- for links -----------------------------------------------------------------------------------------------------

  nowMs(): number {
    return performance.now();
  }

  expectTurnEnd(): void {
    if (this.turnExpected) return;
    this.turnExpected = true;
    setImmediate(this.endTurn);
  }

  flushAtTurnEnd(link: SocketLink): void {
    this.dirty.push(link);
    this.expectTurnEnd();
  }

  resumeNextTurn(link: SocketLink): void {
    this.waiting.push(link);
    this.expectTurnEnd();
  }

  addDeadline(stream: Stream): void {
    if (this.deadlineTimer === undefined) {
      this.deadlines.advanceTo(this.nowMs());
      this.deadlineTimer = setInterval(this.onDeadlineTick, WHEEL_TICK_MS);
    }
    this.deadlines.add(stream);
  }

  removeDeadline(stream: Stream): void {
    this.deadlines.remove(stream);
  }

  onClosed(link: SocketLink): void {
    this.links.delete(link);
    if (this.links.size === 0) this.onAllClosed?.();
  }

  private readonly onDeadlineTick = (): void => {
    this.deadlines.advanceTo(this.nowMs());
    if (this.deadlines.length > 0) return;
    clearInterval(this.deadlineTimer);
    this.deadlineTimer = undefined;
  };

  private readonly endTurn = (): void => {
    this.turnExpected = false;
    this.turn++;
    const waiting = this.waiting;
    this.waiting = [];
    for (const link of waiting) link.resume();
    this.options.onTurnEnd?.();
    this.flush();
  };
}
