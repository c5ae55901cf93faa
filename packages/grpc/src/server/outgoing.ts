/**
 * The sending side of a connection: which bytes may leave now, which wait and in what order they go on.
 *
 * An answer that fits the windows and the turn is written at once. Everything else is queued at its stream; streams that may
 * send take turns, a frame each. DATA is held back by the stream's window, by the connection's, and by the socket:
 * no more than TURN_BYTES_MAX is put into the output of a turn, and nothing while the socket still holds as much.
 * HEADERS, RST_STREAM and the like are small and never wait; a client that provokes many without reading is not read any more.
 *
 * Invariants: `queuedBytes` is the sum over all queues; a stream is in the ready list exactly if `inReady`.
 */

import { asBuffer } from "@etcd-ts/base";
import { INITIAL_WINDOW_BYTES, MAX_FRAME_BYTES } from "../http2/frame.ts";
import { compress } from "./compression.ts";
import { FrameWriter, putMessage } from "./frame-writer.ts";
import { MESSAGE_PREFIX_BYTES } from "./message-assembly.ts";
import { SendQueue } from "./send-queue.ts";
import type { EncodeInto } from "./types.ts";

/** Bytes of output that one connection collects in a turn before DATA waits for the next. */
export const TURN_BYTES_MAX = 524_288;

/** What the sender knows of a stream. */
export interface SendingStream {
  readonly id: number;
  sendWindow: number;
  queue: SendQueue | undefined;
  /** Nothing follows what is queued. */
  queueEnds: boolean;
  inReady: boolean;
  nextReady: SendingStream | undefined;
  /** Writes what ends the stream, after its last byte has left. */
  writeEnd(): void;
  /** Fewer bytes are queued than before. */
  onQueueShrunk(): void;
}

export class Outgoing {
  readonly writer = new FrameWriter();
  /** The connection's window. */
  window = INITIAL_WINDOW_BYTES;
  /** The peer's SETTINGS_INITIAL_WINDOW_SIZE. */
  streamWindow = INITIAL_WINDOW_BYTES;
  queuedBytes = 0;
  /** The socket holds more than TURN_BYTES_MAX that the kernel did not take. */
  socketFull = false;
  /** A turn's worth of output has left before the turn's end. */
  private turnIsUsed = false;
  private firstReady: SendingStream | undefined = undefined;
  private lastReady: SendingStream | undefined = undefined;
  private readonly writeEarly: () => void;

  /** `writeEarly` gives the output to the socket within the turn, so that a large answer need not be queued. */
  constructor(writeEarly: () => void) {
    this.writeEarly = writeEarly;
  }

  /** True when DATA of this size can leave now, ahead of nothing. */
  private fits(stream: SendingStream, bytes: number): boolean {
    if (bytes > stream.sendWindow || bytes > this.window || stream.queue !== undefined) return false;
    const { out } = this.writer;
    if (out.length + bytes > TURN_BYTES_MAX && bytes <= TURN_BYTES_MAX && !this.socketFull) {
      this.turnIsUsed = true;
      this.writeEarly();
    }
    return !this.socketFull && out.length + bytes <= TURN_BYTES_MAX;
  }

  /** A whole ordinary answer; false when it does not fit and has to be queued. */
  unary<T>(stream: SendingStream, size: number, encode: EncodeInto<T>, message: T): boolean {
    const bytes = size + MESSAGE_PREFIX_BYTES;
    if (!this.fits(stream, bytes)) return false;
    this.window -= bytes;
    this.writer.unary(stream.id, size, encode, message);
    return true;
  }

  message<T>(stream: SendingStream, gzip: boolean, size: number, encode: EncodeInto<T>, message: T): void {
    const bytes = size + MESSAGE_PREFIX_BYTES;
    if (!gzip && this.fits(stream, bytes)) {
      this.window -= bytes;
      stream.sendWindow -= bytes;
      this.writer.message(stream.id, size, encode, message);
    } else {
      this.enqueue(stream, frameMessage(gzip, size, encode, message));
    }
  }

  /** Takes the parts over. */
  messageInParts(stream: SendingStream, size: number, parts: readonly Uint8Array[]): void {
    const prefix = Buffer.alloc(MESSAGE_PREFIX_BYTES);
    prefix.writeUInt32BE(size, 1);
    stream.queue ??= new SendQueue();
    stream.queue.push(prefix);
    for (const part of parts) stream.queue.push(asBuffer(part));
    this.queuedBytes += MESSAGE_PREFIX_BYTES + size;
    this.makeReady(stream);
    this.pump();
  }

  /** Takes the bytes over. */
  enqueue(stream: SendingStream, bytes: Buffer): void {
    stream.queue ??= new SendQueue();
    stream.queue.push(bytes);
    this.queuedBytes += bytes.length;
    this.makeReady(stream);
    this.pump();
  }

  /** Everything of this stream has been given; its end leaves when the queue is empty. */
  end(stream: SendingStream): void {
    if (stream.queue === undefined) stream.writeEnd();
    else stream.queueEnds = true;
  }

  /** Forgets what is queued. */
  drop(stream: SendingStream): void {
    if (stream.queue === undefined) return;
    this.queuedBytes -= stream.queue.length;
    stream.queue = undefined; // the ready list lets go of it when its turn comes
  }

  /** Its window grew; `pump` will see to it. */
  onWindowUpdate(stream: SendingStream): void {
    if (stream.queue !== undefined) this.makeReady(stream);
  }

  /** What is answered now would be queued: whoever can wait with a request does. */
  get isFull(): boolean {
    return this.socketFull || this.turnIsUsed;
  }

  endTurn(): void {
    this.turnIsUsed = false;
    this.pump();
  }

  /** There is DATA that only this turn's limit holds back. */
  get wantsTurn(): boolean {
    return this.firstReady !== undefined && this.window > 0 && !this.socketFull;
  }

  /** Writes DATA frames as far as windows, socket and the turn allow. */
  pump(): void {
    while (this.firstReady !== undefined && this.window > 0 && !this.socketFull) {
      if (this.writer.out.length >= TURN_BYTES_MAX) return;
      const stream = this.firstReady;
      this.firstReady = stream.nextReady;
      if (this.firstReady === undefined) this.lastReady = undefined;
      stream.nextReady = undefined;
      stream.inReady = false;
      if (stream.queue !== undefined) this.sendFrame(stream, stream.queue);
    }
  }

  private sendFrame(stream: SendingStream, queue: SendQueue): void {
    const count = Math.min(queue.length, MAX_FRAME_BYTES, stream.sendWindow, this.window);
    if (count > 0) {
      const position = this.writer.dataHeader(stream.id, count, false);
      queue.moveTo(this.writer.out.bytes, position, count);
      this.queuedBytes -= count;
      this.window -= count;
      stream.sendWindow -= count;
    }
    if (queue.length > 0) {
      if (stream.sendWindow > 0) this.makeReady(stream);
    } else {
      stream.queue = undefined;
      if (stream.queueEnds) stream.writeEnd();
    }
    if (count > 0) stream.onQueueShrunk();
  }

  private makeReady(stream: SendingStream): void {
    if (stream.inReady) return;
    stream.inReady = true;
    if (this.lastReady === undefined) this.firstReady = stream;
    else this.lastReady.nextReady = stream;
    this.lastReady = stream;
  }
}

function frameMessage<T>(gzip: boolean, size: number, encode: EncodeInto<T>, message: T): Buffer {
  const framed = Buffer.allocUnsafe(size + MESSAGE_PREFIX_BYTES);
  putMessage(framed, 0, size, encode, message);
  const compressed = gzip ? compress(framed.subarray(MESSAGE_PREFIX_BYTES)) : undefined;
  if (compressed === undefined) return framed;
  const prefix = Buffer.allocUnsafe(MESSAGE_PREFIX_BYTES);
  prefix[0] = 1;
  prefix.writeUInt32BE(compressed.length, 1);
  return Buffer.concat([prefix, compressed]);
}
