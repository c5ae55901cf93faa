/**
 * One HTTP/2 connection and its socket: checks the preface, feeds chunks in, writes a turn's output in one go, and ends the socket so that
 * the client sees the last bytes.
 *
 * The socket is read unless a turn's frames are used up, or it holds too many bytes that the client does not take.
 * Buffers that were given to the socket return to the pool when it has taken them.
 */

import type { Socket } from "node:net";
import { ErrorCode, PREFACE } from "../http2/frame.ts";
import { Connection, type ConnectionHost } from "./connection.ts";
import { Liveness } from "./keepalive.ts";
import type { MethodTable } from "./method.ts";
import { TURN_BYTES_MAX } from "./outgoing.ts";
import { recycle } from "./output-buffer.ts";
import { SocketPeer } from "./peer.ts";
import type { Stream } from "./stream.ts";
import { CancelReason, type GrpcServerOptions, type ListenerOptions } from "./types.ts";

/** The socket is not read while it holds more. Only a client that asks and does not listen gets there. */
const UNREAD_BYTES_MAX = 2 * TURN_BYTES_MAX;
/** How long the client may take to read the last bytes. */
const LINGER_MS = 1000;

/** What all links share: the turn and the clock. */
export interface LinkOwner {
  readonly options: GrpcServerOptions;
  readonly methods: MethodTable;
  readonly turn: number;
  nowMs(): number;
  /** Something arrived: there will be an end of turn. */
  expectTurnEnd(): void;
  flushAtTurnEnd(link: SocketLink): void;
  resumeNextTurn(link: SocketLink): void;
  addDeadline(stream: Stream): void;
  removeDeadline(stream: Stream): void;
  onClosed(link: SocketLink): void;
}

export class SocketLink implements ConnectionHost {
  readonly connection: Connection;
  private readonly owner: LinkOwner;
  private readonly socket: Socket;
  private prefaceSeen = 0;
  private turnFull = false;
  private unread = false;
  private ending = false;
  /** What the socket has not taken yet, in order. */
  private readonly inFlight: Buffer[] = [];
  private readonly liveness: Liveness | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(owner: LinkOwner, socket: Socket, listener: ListenerOptions, handshakeLeftMs: number) {
    this.owner = owner;
    this.socket = socket;
    const { options, methods } = owner;
    const context = { options, methods, host: this, onHttpRequest: listener.onHttpRequest };
    this.connection = new Connection(context, new SocketPeer(socket));
    this.liveness = options.keepaliveIntervalMs > 0 ? newLiveness(owner) : undefined;
    this.timer = setTimeout(() => this.destroy(), handshakeLeftMs);
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.onChunk(chunk));
    socket.on("error", () => this.destroy());
    socket.on("close", () => this.onClose());
    this.connection.open();
  }

  /** Bytes from the socket, or those that were read before the link was made. */
  onChunk(chunk: Buffer): void {
    if (this.ending) return;
    this.owner.expectTurnEnd();
    this.liveness?.heard(this.owner.nowMs());
    const start = this.prefaceSeen === PREFACE.length ? 0 : this.takePreface(chunk);
    if (start < chunk.length && !this.ending)
      this.connection.receive(start === 0 ? chunk : chunk.subarray(start));
  }

  /** Goes on with frames that waited for this turn. */
  resume(): void {
    this.turnFull = false;
    this.connection.resume();
    this.readIfRoom();
  }

  /** Ends the turn: writes what it has collected. */
  flush(): void {
    const { connection } = this;
    if (this.socket.destroyed) return;
    connection.endTurn();
    connection.dirty = false;
    this.writeEarly();
    if (connection.ended || connection.drained) this.end();
    else if (connection.outgoing.wantsTurn) this.onOutput();
  }

  writeEarly(): void {
    const { socket } = this;
    const { outgoing } = this.connection;
    const { length } = outgoing.writer.out;
    if (length === 0 || socket.destroyed) return;
    const bytes = outgoing.writer.take();
    this.inFlight.push(bytes);
    socket.write(length === bytes.length ? bytes : bytes.subarray(0, length), this.onWritten);
    if (socket.writableLength >= TURN_BYTES_MAX) outgoing.socketFull = true;
    if (socket.writableLength < UNREAD_BYTES_MAX || this.unread) return;
    this.unread = true;
    socket.pause();
  }

  destroy(): void {
    this.socket.destroy();
  }

  // ---- the connection asks -------------------------------------------------------------------------------------------

  get turn(): number {
    return this.owner.turn;
  }

  nowMs(): number {
    return this.owner.nowMs();
  }

  onOutput(): void {
    this.connection.dirty = true;
    this.owner.flushAtTurnEnd(this);
  }

  onTurnFull(): void {
    this.turnFull = true;
    this.socket.pause();
    this.owner.resumeNextTurn(this);
  }

  onParkedReady(): void {
    this.owner.resumeNextTurn(this);
  }

  onReady(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.liveness !== undefined) this.checkLivenessIn(this.owner.options.keepaliveIntervalMs);
  }

  addDeadline(stream: Stream): void {
    this.owner.addDeadline(stream);
  }

  removeDeadline(stream: Stream): void {
    this.owner.removeDeadline(stream);
  }

  // ---- inner ---------------------------------------------------------------------------------------------------------

  /** Returns the position behind what belonged to the preface. */
  private takePreface(chunk: Buffer): number {
    const count = Math.min(chunk.length, PREFACE.length - this.prefaceSeen);
    if (PREFACE.compare(chunk, 0, count, this.prefaceSeen, this.prefaceSeen + count) !== 0) {
      this.connection.fault(ErrorCode.PROTOCOL_ERROR, "not HTTP/2");
      return chunk.length;
    }
    this.prefaceSeen += count;
    return count;
  }

  private readonly onWritten = (): void => {
    recycle(this.inFlight.shift() as Buffer);
    const { outgoing } = this.connection;
    if (!outgoing.socketFull || this.socket.writableLength >= TURN_BYTES_MAX / 2) return;
    outgoing.socketFull = false;
    if (outgoing.wantsTurn || this.connection.hasParked) this.connection.touch();
    if (!this.unread) return;
    this.unread = false;
    this.readIfRoom();
  };

  private readIfRoom(): void {
    if (!this.turnFull && !this.unread && !this.socket.destroyed) this.socket.resume();
  }

  /** Half-closes and goes on reading, to no effect, until the client closes too: bytes left unread would tear the last frames away. */
  private end(): void {
    if (this.ending) return;
    this.ending = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.destroy(), LINGER_MS);
    this.socket.end();
    this.socket.resume();
  }

  private onClose(): void {
    clearTimeout(this.timer);
    if (!this.connection.ended) this.connection.close(CancelReason.CONNECTION_LOST);
    this.inFlight.length = 0;
    this.owner.onClosed(this);
  }

  private checkLivenessIn(milliseconds: number): void {
    this.timer = setTimeout(() => this.checkLiveness(), Math.min(milliseconds, TIMER_MS_MAX));
    this.timer.unref();
  }

  private checkLiveness(): void {
    const verdict = this.liveness?.check(this.owner.nowMs());
    if (verdict === undefined) return;
    if (verdict.kind === "dead") {
      this.destroy();
      return;
    }
    if (verdict.kind === "ping") this.connection.sendLivenessPing();
    this.checkLivenessIn(verdict.checkInMs);
  }
}

/** The longest time that a timer of the run-time takes. */
const TIMER_MS_MAX = 2 ** 31 - 1;

function newLiveness(owner: LinkOwner): Liveness {
  const { keepaliveIntervalMs, keepaliveTimeoutMs } = owner.options;
  return new Liveness(keepaliveIntervalMs, keepaliveTimeoutMs, owner.nowMs());
}
