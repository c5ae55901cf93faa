/**
 * For tests: a client that writes frames by hand to a `Connection` in memory and reads the answers as lines of text, with
 * a clock and turns that the test moves. One line a frame:
 *
 *     HEADERS 1 END_STREAM :status=200 content-type=application/grpc grpc-status=3
 *     DATA 1 0000000003616263
 *     RST_STREAM 1 NO_ERROR
 */

import { ErrorCode, Flag, FrameType, readUint24, readUint32, writeFrameHeader } from "../http2/frame.ts";
import { HpackDecoder } from "../http2/hpack-decoder.ts";
import { fieldBytesMax, HpackEncoder } from "../http2/hpack-encoder.ts";
import { Connection, type ConnectionContext, type ConnectionHost } from "./connection.ts";
import { DEFAULT_SERVER_OPTIONS } from "./grpc-server.ts";
import { type Method, MethodTable, newCounters, type UnaryCancelHandler } from "./method.ts";
import type { Stream } from "./stream.ts";
import type {
  GrpcServerOptions,
  HttpRequestHandler,
  Peer,
  ServerStreamHandler,
  StreamHandler,
  UnaryHandler,
} from "./types.ts";

const ERROR_NAMES = new Map<number, string>(Object.entries(ErrorCode).map(([name, code]) => [code, name]));
const TYPE_NAMES = new Map<number, string>(Object.entries(FrameType).map(([name, type]) => [type, name]));

export function frame(
  type: number,
  flags: number,
  streamId: number,
  payload: Uint8Array = new Uint8Array(0),
): Buffer {
  const bytes = Buffer.alloc(9 + payload.length);
  bytes.set(payload, writeFrameHeader(bytes, 0, payload.length, type, flags, streamId));
  return bytes;
}

export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4);
  return bytes;
}

export function settings(...pairs: [number, number][]): Buffer {
  const payload = Buffer.concat(
    pairs.map(([id, value]) => Buffer.concat([Buffer.from([0, id]), uint32(value)])),
  );
  return frame(FrameType.SETTINGS, 0, 0, payload);
}

/** A length-prefixed message. */
export function message(text: string | Uint8Array, flag = 0): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([flag]), uint32(body.length), body]);
}

/** The fields of an ordinary gRPC request, with changes; undefined takes one away. */
export function requestFields(path: string, changes: Record<string, string | undefined> = {}): string[] {
  const fields: Record<string, string | undefined> = {
    ":method": "POST",
    ":scheme": "http",
    ":path": path,
    ":authority": "test",
    "content-type": "application/grpc",
    te: "trailers",
    ...changes,
  };
  return Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}

export class WireClient implements ConnectionHost {
  readonly connection: Connection;
  readonly methods = new MethodTable();
  readonly encoder = new HpackEncoder();
  readonly deadlines = new Set<Stream>();
  turn = 0;
  time = 1000;
  ready = false;
  resumes = false;
  private readonly decoder = new HpackDecoder(4096, 1 << 24);
  private nextStreamId = 1;

  constructor(options: Partial<GrpcServerOptions> = {}, onHttpRequest?: HttpRequestHandler) {
    const context: ConnectionContext = {
      options: { ...DEFAULT_SERVER_OPTIONS, ...options },
      methods: this.methods,
      host: this,
      onHttpRequest,
    };
    const peer: Peer = { address: "test:1", tls: false, memo: undefined, certificate: () => undefined };
    this.connection = new Connection(context, peer);
    this.connection.open();
  }

  addUnary(path: string, handler: UnaryHandler, onCancel?: UnaryCancelHandler): Method {
    return this.add({ kind: "unary", counters: newCounters(path, "unary"), handler, onCancel });
  }

  addStream(path: string, handler: StreamHandler): Method {
    return this.add({ kind: "bidi_stream", counters: newCounters(path, "bidi_stream"), handler });
  }

  addServerStream(path: string, handler: ServerStreamHandler): Method {
    return this.add({ kind: "server_stream", counters: newCounters(path, "server_stream"), handler });
  }

  private add(method: Method): Method {
    this.methods.add(method);
    return method;
  }

  /** Sends SETTINGS and drops the opening frames of both sides. */
  shakeHands(...pairs: [number, number][]): this {
    this.send(settings(...pairs));
    this.read();
    return this;
  }

  send(...frames: Uint8Array[]): void {
    this.connection.receive(Buffer.concat(frames));
  }

  /** HEADERS of a new stream. */
  headers(fields: readonly string[], endStream = false): { id: number; frame: Buffer } {
    const id = this.nextStreamId;
    this.nextStreamId += 2;
    const flags = Flag.END_HEADERS | (endStream ? Flag.END_STREAM : 0);
    return { id, frame: frame(FrameType.HEADERS, flags, id, this.block(fields)) };
  }

  /** Encodes fields; their names enter the dynamic table. */
  block(fields: readonly string[]): Buffer {
    let size = 16;
    for (let i = 0; i < fields.length; i += 2) size += fieldBytesMax(fields[i]!, fields[i + 1]!);
    const bytes = Buffer.alloc(size);
    let end = this.encoder.begin(bytes, 0);
    for (let i = 0; i < fields.length; i += 2) {
      end = this.encoder.field(bytes, end, fields[i]!, fields[i + 1]!, true);
    }
    return bytes.subarray(0, end);
  }

  /** A whole unary request; returns its stream. */
  call(path: string, body: string | Uint8Array, changes: Record<string, string | undefined> = {}): number {
    const { id, frame: head } = this.headers(requestFields(path, changes));
    this.send(head, this.data(id, message(body), true));
    return id;
  }

  /** HEADERS only; returns the stream. */
  openStream(path: string, changes: Record<string, string | undefined> = {}, endStream = false): number {
    const { id, frame: head } = this.headers(requestFields(path, changes), endStream);
    this.send(head);
    return id;
  }

  data(id: number, payload: Uint8Array, endStream = false): Buffer {
    return frame(FrameType.DATA, endStream ? Flag.END_STREAM : 0, id, payload);
  }

  /** Ends the turn and returns what was written in it. */
  readBytes(): Buffer {
    this.turn++;
    if (this.resumes) {
      this.resumes = false;
      this.connection.resume();
    }
    this.connection.endTurn();
    this.connection.dirty = false;
    const { writer } = this.connection.outgoing;
    const { length } = writer.out;
    return writer.take().subarray(0, length);
  }

  /** Ends the turn and returns the frames as text. */
  read(): string[] {
    const bytes = this.readBytes();
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = readUint24(bytes, at);
      lines.push(
        this.describe(
          bytes[at + 3]!,
          bytes[at + 4]!,
          readUint32(bytes, at + 5),
          bytes.subarray(at + 9, at + 9 + length),
        ),
      );
      at += 9 + length;
    }
    return lines;
  }

  private describe(type: number, flags: number, id: number, payload: Buffer): string {
    const end = (flags & Flag.END_STREAM) !== 0 ? " END_STREAM" : "";
    switch (type) {
      case FrameType.HEADERS: {
        const fields: string[] = [];
        const broken = this.decoder.decode(payload, 0, payload.length, fields);
        const pairs = fields.flatMap((text, i) => (i % 2 === 0 ? [`${text}=${fields[i + 1]}`] : []));
        return `HEADERS ${id}${end} ${broken ?? pairs.join(" ")}`;
      }
      case FrameType.DATA:
        return `DATA ${id}${end} ${payload.length > 64 ? `${payload.length} bytes` : payload.toString("hex")}`;
      case FrameType.RST_STREAM:
        return `RST_STREAM ${id} ${ERROR_NAMES.get(payload.readUInt32BE(0))}`;
      case FrameType.WINDOW_UPDATE:
        return `WINDOW_UPDATE ${id} ${payload.readUInt32BE(0)}`;
      case FrameType.GOAWAY:
        return `GOAWAY ${payload.readUInt32BE(0)} ${ERROR_NAMES.get(payload.readUInt32BE(4))} ${payload.subarray(8)}`;
      case FrameType.SETTINGS:
      case FrameType.PING:
        return `${TYPE_NAMES.get(type)}${(flags & Flag.ACK) !== 0 ? " ACK" : ""} ${payload.toString("hex")}`.trimEnd();
      default:
        return `${TYPE_NAMES.get(type)} ${id} ${payload.length} bytes`;
    }
  }

  // ---- ConnectionHost ------------------------------------------------------------------------------------------------

  nowMs(): number {
    return this.time;
  }

  onOutput(): void {
    this.connection.dirty = true;
  }

  writeEarly(): void {}

  onTurnFull(): void {
    this.resumes = true;
  }

  onParkedReady(): void {
    this.resumes = true;
  }

  onReady(): void {
    this.ready = true;
  }

  addDeadline(stream: Stream): void {
    this.deadlines.add(stream);
  }

  removeDeadline(stream: Stream): void {
    this.deadlines.delete(stream);
  }
}
