/**
 * The HTTP/2 state of one connection (RFC 9113, server side): frames in, streams, windows, settings, and how it ends.
 *
 * The socket is reached through `ConnectionHost`, time is asked of it, and output is collected until `flush`: below it nothing
 * is asynchronous. A breach of the protocol ends the connection with GOAWAY (`fault`), a breach within a stream resets that stream.
 *
 * Bounds: frames handled in a turn, windows, incomplete messages, header blocks, answers waiting for window (then
 * requests are parked), resets, pings, and what a client may provoke without reading it (then it is not read).
 */

import {
  ErrorCode,
  Flag,
  FRAME_HEADER_BYTES,
  FrameType,
  INITIAL_WINDOW_BYTES,
  MAX_FRAME_BYTES,
  readUint31,
  Setting,
  STREAM_ID_MAX,
  WINDOW_BYTES_MAX,
} from "../http2/frame.ts";
import { Code } from "../status.ts";
import { Breach, breach } from "./breach.ts";
import { type FrameSink, FrameSplitter } from "./frame-splitter.ts";
import { HeaderBlocks } from "./header-blocks.ts";
import { HttpExchange } from "./http-exchange.ts";
import { PingPolice, TokenBucket } from "./keepalive.ts";
import type { MethodTable } from "./method.ts";
import { Outgoing } from "./outgoing.ts";
import type { RequestHead } from "./request-head.ts";
import { readSettings } from "./settings.ts";
import { Stream } from "./stream.ts";
import { CancelReason, type GrpcServerOptions, type HttpRequestHandler, type Peer } from "./types.ts";

/** What the connection asks of its surroundings. */
export interface ConnectionHost {
  /** The number of the current turn of the event loop. */
  readonly turn: number;
  nowMs(): number;
  /** There is something to flush at the end of the turn. */
  onOutput(connection: Connection): void;
  /** The output is as much as a turn should hold: write it now. */
  writeEarly(connection: Connection): void;
  /** The frames of a turn are used up: call `resume` in the next. */
  onTurnFull(connection: Connection): void;
  /** Requests that waited can be served: call `resume` in the next turn. */
  onParkedReady(connection: Connection): void;
  /** The client's SETTINGS are here. */
  onReady(connection: Connection): void;
  addDeadline(stream: Stream): void;
  removeDeadline(stream: Stream): void;
}

export interface ConnectionContext {
  readonly options: GrpcServerOptions;
  readonly methods: MethodTable;
  readonly host: ConnectionHost;
  readonly onHttpRequest: HttpRequestHandler | undefined;
}

/** Frames of one connection that are handled in one turn. */
const TURN_FRAMES_MAX = 1024;
const STREAMS_UNLIMITED = 2 ** 32 - 1;
/** Where the option sets no limit, there is one nevertheless. */
const STREAMS_MAX = 262_144;
const GRACE_PING = Buffer.from("graceful");
const LIVENESS_PING = Buffer.from("alive?..");

type OpenStream = Stream | HttpExchange;

export class Connection implements FrameSink {
  readonly options: GrpcServerOptions;
  readonly peer: Peer;
  readonly outgoing: Outgoing;
  readonly onHttpRequest: HttpRequestHandler | undefined;
  /** Nothing is handled any more; what is written still leaves. */
  ended = false;
  /** In the host's list of what to flush. */
  dirty = false;
  private readonly host: ConnectionHost;
  private readonly methods: MethodTable;
  private readonly streams = new Map<number, OpenStream>();
  private readonly splitter = new FrameSplitter(this);
  private readonly headers: HeaderBlocks;
  private readonly pings: PingPolice;
  private readonly resets: TokenBucket;
  private turn = -1;
  private framesLeft = TURN_FRAMES_MAX;
  private settingsSeen = false;
  private lastStreamId = 0;
  /** Streams above are not served (graceful end). */
  private lastServedId = STREAM_ID_MAX;
  private draining = false;
  /** What the client may still send. */
  private receiveWindow = INITIAL_WINDOW_BYTES;
  /** Bytes of incomplete messages. */
  private heldBytes = 0;
  /** Streams that were answered before the client ended its side. */
  private readonly answeredEarly: OpenStream[] = [];
  /** Complete requests that wait until answers have left. */
  private parked: Stream[] = [];

  constructor(context: ConnectionContext, peer: Peer) {
    const { options, host } = context;
    this.options = options;
    this.host = host;
    this.methods = context.methods;
    this.outgoing = new Outgoing(() => host.writeEarly(this));
    this.onHttpRequest = context.onHttpRequest;
    this.peer = peer;
    this.headers = new HeaderBlocks(options.maxHeaderListBytes);
    this.pings = new PingPolice(options.keepaliveMinTimeMs);
    this.resets = new TokenBucket(options.resetBurstMax, options.resetsPerSecond, host.nowMs());
  }

  get openCalls(): number {
    return this.streams.size;
  }

  /** Graceful end: no call is open and none will come. */
  get drained(): boolean {
    return this.draining && this.lastServedId !== STREAM_ID_MAX && this.streams.size === 0;
  }

  /** Sends our SETTINGS. */
  open(): void {
    const { options } = this;
    const settings: [number, number][] = [[Setting.MAX_FRAME_SIZE, MAX_FRAME_BYTES]];
    if (options.maxConcurrentStreams < STREAMS_UNLIMITED) {
      settings.push([Setting.MAX_CONCURRENT_STREAMS, options.maxConcurrentStreams]);
    }
    if (options.streamWindowBytes !== INITIAL_WINDOW_BYTES) {
      settings.push([Setting.INITIAL_WINDOW_SIZE, options.streamWindowBytes]);
    }
    this.outgoing.writer.settings(settings);
    this.grantWindow();
    this.touch();
  }

  /** Bytes of the socket, behind the preface. */
  receive(chunk: Buffer): void {
    this.beginTurn();
    this.splitter.push(chunk);
  }

  /** After `onTurnFull` or `onParkedReady`, in a later turn: goes on with what waits. True when nothing does. */
  resume(): boolean {
    this.beginTurn();
    while (this.parked.length > 0 && !this.isBackedUp) this.parked.shift()?.serveKept();
    return this.splitter.resume();
  }

  /** The end of a turn: writes what waited for room. */
  endTurn(): void {
    this.outgoing.endTurn();
    if (this.answeredEarly.length > 0) this.resetAnswered();
    if (this.parked.length > 0 && !this.isBackedUp) this.host.onParkedReady(this);
  }

  /** Requests wait for answers to leave. */
  get hasParked(): boolean {
    return this.parked.length > 0;
  }

  touch(): void {
    if (!this.dirty) this.host.onOutput(this);
  }

  /** The connection is gone or shall be: cancels every call. */
  close(reason: CancelReason): void {
    this.ended = true;
    this.splitter.close();
    this.parked = [];
    this.answeredEarly.length = 0;
    for (const stream of [...this.streams.values()]) stream.cancel(reason);
    this.streams.clear();
  }

  /** Ends the connection because of what the client did. */
  fault(code: ErrorCode, text: string): void {
    if (this.ended) return;
    this.outgoing.writer.goAway(this.lastStreamId, code, text);
    this.close(CancelReason.CONNECTION_LOST);
    this.touch();
  }

  /**
   * Graceful end in two steps, so that calls that are on their way are still served: GOAWAY with the largest number
   * and a ping; when its answer is here, GOAWAY with the last stream that came.
   */
  drain(): void {
    if (this.draining || this.ended) return;
    this.draining = true;
    this.outgoing.writer.goAway(STREAM_ID_MAX, ErrorCode.NO_ERROR, "graceful_stop");
    this.outgoing.writer.ping(GRACE_PING, 0, false);
    this.touch();
  }

  sendLivenessPing(): void {
    this.outgoing.writer.ping(LIVENESS_PING, 0, false);
    this.touch();
  }

  private beginTurn(): void {
    if (this.turn === this.host.turn) return;
    this.turn = this.host.turn;
    this.framesLeft = TURN_FRAMES_MAX;
  }

  // ---- for streams ---------------------------------------------------------------------------------------------------

  /** The stream's last frame has been written. Where the client has not ended its side yet, it may do so within this turn. */
  onStreamEnded(stream: OpenStream): void {
    if (stream.remoteClosed) this.forget(stream);
    else this.answeredEarly.push(stream);
  }

  /** Ends a stream with RST_STREAM. */
  resetStream(stream: OpenStream, code: ErrorCode): undefined {
    this.outgoing.writer.resetStream(stream.id, code);
    this.forget(stream);
    stream.cancel(CancelReason.REFUSED);
    this.touch();
    return undefined;
  }

  forgetDeadline(stream: Stream): void {
    this.host.removeDeadline(stream);
  }

  /** Counts bytes that are kept for an incomplete message; false when they are too many. */
  hold(bytes: number): boolean {
    this.heldBytes += bytes;
    return this.heldBytes <= this.options.connectionBufferBytesMax;
  }

  release(bytes: number): void {
    this.heldBytes -= bytes;
  }

  /** While too many answers wait for the client, requests wait too. */
  get mustPark(): boolean {
    return this.parked.length > 0 || this.isBackedUp;
  }

  private get isBackedUp(): boolean {
    return this.outgoing.isFull || this.outgoing.queuedBytes > this.options.connectionQueueBytesMax;
  }

  park(stream: Stream): void {
    this.parked.push(stream);
  }

  // ---- frames --------------------------------------------------------------------------------------------------------

  onFrame(bytes: Buffer, start: number, length: number): boolean {
    const breached = this.handleFrame(
      bytes[start + 3]!,
      bytes[start + 4]!,
      readUint31(bytes, start + 5),
      bytes,
      start + FRAME_HEADER_BYTES,
      length,
    );
    if (breached !== undefined) this.fault(breached.code, breached.text);
    if (this.ended) return false;
    if (--this.framesLeft > 0) return true;
    this.host.onTurnFull(this);
    return false;
  }

  onOversizedFrame(length: number): void {
    this.fault(ErrorCode.FRAME_SIZE_ERROR, `frame of ${length} bytes`);
  }

  /** `payload` is where it begins in `bytes`. */
  private handleFrame(
    type: number,
    flags: number,
    streamId: number,
    bytes: Buffer,
    payload: number,
    length: number,
  ): Breach | undefined {
    const { openStreamId } = this.headers;
    if (openStreamId !== 0 && (type !== FrameType.CONTINUATION || streamId !== openStreamId)) {
      return breach(ErrorCode.PROTOCOL_ERROR, "header block interrupted");
    }
    if (!this.settingsSeen && type !== FrameType.SETTINGS) {
      return breach(ErrorCode.PROTOCOL_ERROR, "SETTINGS expected first");
    }
    switch (type) {
      case FrameType.DATA:
        return this.onData(flags, streamId, bytes, payload, length);
      case FrameType.HEADERS:
        return this.onHeaders(flags, streamId, bytes, payload, length);
      case FrameType.CONTINUATION: {
        const breached = this.headers.onContinuation(flags, bytes, payload, length);
        return breached ?? this.onBlock(streamId);
      }
      case FrameType.RST_STREAM:
        return this.onReset(streamId, length);
      case FrameType.SETTINGS:
        return this.onSettings(flags, streamId, bytes, payload, length);
      case FrameType.PING:
        return this.onPing(flags, streamId, bytes, payload, length);
      case FrameType.GOAWAY:
        return streamId === 0 ? undefined : breach(ErrorCode.PROTOCOL_ERROR, "GOAWAY on a stream");
      case FrameType.WINDOW_UPDATE:
        return this.onWindowUpdate(streamId, bytes, payload, length);
      case FrameType.PRIORITY:
        return length === 5 ? undefined : breach(ErrorCode.FRAME_SIZE_ERROR, "PRIORITY of wrong length");
      case FrameType.PUSH_PROMISE:
        return breach(ErrorCode.PROTOCOL_ERROR, "PUSH_PROMISE from a client");
      default:
        return undefined; // unknown frames are ignored
    }
  }

  private onData(
    flags: number,
    streamId: number,
    bytes: Buffer,
    payload: number,
    length: number,
  ): Breach | undefined {
    if (streamId === 0 || streamId > this.lastStreamId) {
      return breach(ErrorCode.PROTOCOL_ERROR, "DATA on a stream that was never opened");
    }
    if (length > this.receiveWindow) {
      return breach(ErrorCode.FLOW_CONTROL_ERROR, "connection window exceeded");
    }
    this.receiveWindow -= length;
    if (this.receiveWindow <= this.options.connectionWindowBytes / 2) this.grantWindow();
    let start = payload;
    let end = payload + length;
    if ((flags & Flag.PADDED) !== 0) {
      const padding = length > 0 ? bytes[payload]! : length;
      if (padding >= length) return breach(ErrorCode.PROTOCOL_ERROR, "more padding than payload");
      start++;
      end -= padding;
    }
    const stream = this.streams.get(streamId);
    if (stream === undefined) return undefined; // it has ended on our side; its last frames are on their way
    if (stream.remoteClosed) return this.resetStream(stream, ErrorCode.STREAM_CLOSED);
    if (length > stream.receiveWindow) return this.resetStream(stream, ErrorCode.FLOW_CONTROL_ERROR);
    stream.receiveWindow -= length;
    const last = (flags & Flag.END_STREAM) !== 0;
    if (last) stream.remoteClosed = true;
    stream.receive(bytes, start, end);
    if (last) stream.onRemoteEnd();
    return undefined;
  }

  private onHeaders(
    flags: number,
    streamId: number,
    bytes: Buffer,
    payload: number,
    length: number,
  ): Breach | undefined {
    const opens = streamId > this.lastStreamId;
    if (streamId % 2 === 0 || (!opens && !this.streams.has(streamId))) {
      return breach(ErrorCode.PROTOCOL_ERROR, `received an illegal stream id: ${streamId}`);
    }
    if (opens) this.lastStreamId = streamId;
    return this.headers.onHeaders(flags, streamId, bytes, payload, length) ?? this.onBlock(streamId);
  }

  /** After HEADERS or CONTINUATION: when the block is complete, it opens the stream or ends the request. */
  private onBlock(streamId: number): Breach | undefined {
    if (this.headers.openStreamId !== 0) return undefined;
    const open = this.streams.get(streamId);
    if (open !== undefined) return this.headers.takeTrailers() ?? this.onTrailers(open);
    const head = this.headers.takeHead();
    if (head instanceof Breach) return head;
    if (head === undefined) return this.refuseStream(streamId, ErrorCode.FRAME_SIZE_ERROR);
    if (streamId > this.lastServedId) return undefined; // behind our GOAWAY
    return this.openStream(streamId, head);
  }

  private onTrailers(stream: OpenStream): undefined {
    if (stream.remoteClosed) return this.resetStream(stream, ErrorCode.STREAM_CLOSED);
    if (!this.headers.endsStream) return this.resetStream(stream, ErrorCode.PROTOCOL_ERROR);
    stream.remoteClosed = true;
    stream.onRemoteEnd();
    return undefined;
  }

  private openStream(streamId: number, head: RequestHead): undefined {
    const { fault } = head;
    const { endsStream } = this.headers;
    if (fault?.kind === "reset") return this.refuseStream(streamId, fault.code);
    if (this.streams.size >= Math.min(this.options.maxConcurrentStreams, STREAMS_MAX)) {
      return this.refuseStream(streamId, ErrorCode.REFUSED_STREAM);
    }
    if (this.onHttpRequest !== undefined && !head.mentionsGrpc) {
      return this.openHttpExchange(streamId, head, endsStream, this.onHttpRequest);
    }
    const method = fault === undefined ? this.methods.find(head.path) : undefined;
    if (method === undefined) return this.refuseRequest(streamId, head, endsStream);
    const stream = new Stream(this, streamId, head, method);
    stream.remoteClosed = endsStream;
    this.streams.set(streamId, stream);
    if (head.timeoutMs !== Number.POSITIVE_INFINITY) this.setDeadline(stream);
    if (stream.finished) return undefined;
    stream.start();
    if (endsStream) stream.onRemoteEnd();
    return undefined;
  }

  private openHttpExchange(
    streamId: number,
    head: RequestHead,
    endsStream: boolean,
    handler: HttpRequestHandler,
  ): undefined {
    const exchange = new HttpExchange(this, streamId, head);
    exchange.remoteClosed = endsStream;
    this.streams.set(streamId, exchange);
    handler(exchange);
    if (endsStream) exchange.onRemoteEnd();
    return undefined;
  }

  private setDeadline(stream: Stream): void {
    stream.deadline = this.host.nowMs() + stream.head.timeoutMs;
    if (stream.head.timeoutMs < 1) stream.onDeadline();
    else this.host.addDeadline(stream);
  }

  /** Answers with a status that the head or its path is to blame for. */
  private refuseRequest(streamId: number, head: RequestHead, endsStream: boolean): undefined {
    const { writer } = this.outgoing;
    const { fault } = head;
    if (fault?.kind === "status") {
      writer.statusOnly(streamId, fault.http, head.contentSubtype, fault.code, fault.text);
    } else {
      const text = this.methods.unknownText(head.path);
      writer.statusOnly(streamId, 200, head.contentSubtype, Code.UNIMPLEMENTED, text);
    }
    if (!endsStream) writer.resetStream(streamId, ErrorCode.NO_ERROR);
    this.touch();
    return undefined;
  }

  private refuseStream(streamId: number, code: ErrorCode): undefined {
    this.outgoing.writer.resetStream(streamId, code);
    this.touch();
    return undefined;
  }

  private onReset(streamId: number, length: number): Breach | undefined {
    if (length !== 4) return breach(ErrorCode.FRAME_SIZE_ERROR, "RST_STREAM of wrong length");
    if (streamId === 0 || streamId > this.lastStreamId) {
      return breach(ErrorCode.PROTOCOL_ERROR, "RST_STREAM on a stream that was never opened");
    }
    const stream = this.streams.get(streamId);
    if (stream === undefined) return undefined;
    if (!this.resets.take(this.host.nowMs())) {
      return breach(ErrorCode.ENHANCE_YOUR_CALM, "too_many_resets");
    }
    this.forget(stream);
    stream.cancel(CancelReason.RESET);
    this.touch();
    return undefined;
  }

  private onSettings(
    flags: number,
    streamId: number,
    bytes: Buffer,
    payload: number,
    length: number,
  ): Breach | undefined {
    if (streamId !== 0) return breach(ErrorCode.PROTOCOL_ERROR, "SETTINGS on a stream");
    const settings = readSettings((flags & Flag.ACK) !== 0, bytes, payload, length);
    if (settings instanceof Breach) return settings;
    if (settings === undefined) return undefined; // ours are acknowledged
    for (const bytesMax of settings.headerTableBytes) this.outgoing.writer.encoder.limitTable(bytesMax);
    if (settings.streamWindowBytes !== undefined) {
      const breached = this.setStreamWindow(settings.streamWindowBytes);
      if (breached !== undefined) return breached;
    }
    this.outgoing.writer.settingsAck();
    this.touch();
    if (this.settingsSeen) return undefined;
    this.settingsSeen = true;
    this.host.onReady(this);
    return undefined;
  }

  /** The difference applies to every open stream; a window may become negative. */
  private setStreamWindow(bytes: number): Breach | undefined {
    const difference = bytes - this.outgoing.streamWindow;
    this.outgoing.streamWindow = bytes;
    for (const stream of this.streams.values()) {
      stream.sendWindow += difference;
      if (stream.sendWindow > WINDOW_BYTES_MAX) {
        return breach(ErrorCode.FLOW_CONTROL_ERROR, "stream window overflow");
      }
      this.outgoing.onWindowUpdate(stream);
    }
    return undefined;
  }

  private onPing(
    flags: number,
    streamId: number,
    bytes: Buffer,
    payload: number,
    length: number,
  ): Breach | undefined {
    if (streamId !== 0) return breach(ErrorCode.PROTOCOL_ERROR, "PING on a stream");
    if (length !== 8) return breach(ErrorCode.FRAME_SIZE_ERROR, "PING of wrong length");
    if ((flags & Flag.ACK) !== 0) return this.onPingAck(bytes, payload);
    const { writer } = this.outgoing;
    writer.ping(bytes, payload, true);
    this.touch();
    const { answered } = writer;
    writer.answered = false;
    const tooMany = this.pings.onPing(this.host.nowMs(), this.streams.size, answered);
    return tooMany ? breach(ErrorCode.ENHANCE_YOUR_CALM, "too_many_pings") : undefined;
  }

  private onPingAck(bytes: Buffer, payload: number): undefined {
    const awaited = this.draining && this.lastServedId === STREAM_ID_MAX;
    if (!awaited || GRACE_PING.compare(bytes, payload, payload + 8) !== 0) return undefined;
    this.lastServedId = this.lastStreamId;
    this.outgoing.writer.goAway(this.lastStreamId, ErrorCode.NO_ERROR, "");
    this.touch();
    return undefined;
  }

  private onWindowUpdate(
    streamId: number,
    bytes: Buffer,
    payload: number,
    length: number,
  ): Breach | undefined {
    if (length !== 4) return breach(ErrorCode.FRAME_SIZE_ERROR, "WINDOW_UPDATE of wrong length");
    const increment = readUint31(bytes, payload);
    if (streamId === 0) return this.openConnectionWindow(increment);
    if (streamId > this.lastStreamId) {
      return breach(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE on a stream that was never opened");
    }
    const stream = this.streams.get(streamId);
    if (stream === undefined) return undefined;
    if (increment === 0) return this.resetStream(stream, ErrorCode.PROTOCOL_ERROR);
    stream.sendWindow += increment;
    if (stream.sendWindow > WINDOW_BYTES_MAX) return this.resetStream(stream, ErrorCode.FLOW_CONTROL_ERROR);
    this.outgoing.onWindowUpdate(stream);
    this.touch();
    return undefined;
  }

  private openConnectionWindow(increment: number): Breach | undefined {
    if (increment === 0) return breach(ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of 0");
    this.outgoing.window += increment;
    if (this.outgoing.window > WINDOW_BYTES_MAX) {
      return breach(ErrorCode.FLOW_CONTROL_ERROR, "connection window overflow");
    }
    this.touch();
    return undefined;
  }

  private resetAnswered(): void {
    for (const stream of this.answeredEarly) {
      if (!this.streams.has(stream.id)) continue;
      if (!stream.remoteClosed) this.outgoing.writer.resetStream(stream.id, ErrorCode.NO_ERROR);
      this.forget(stream);
    }
    this.answeredEarly.length = 0;
  }

  private forget(stream: OpenStream): void {
    this.streams.delete(stream.id);
    const held = stream.bufferedBytes;
    if (held > 0) this.release(held);
  }

  /** Tops the connection's window up. Not the streams' business: it returns also for what they hold. */
  private grantWindow(): void {
    const target = this.options.connectionWindowBytes;
    if (this.receiveWindow >= target) return;
    this.outgoing.writer.windowUpdate(0, target - this.receiveWindow);
    this.receiveWindow = target;
    this.touch();
  }
}
