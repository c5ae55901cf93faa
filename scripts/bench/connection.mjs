/**
 * One HTTP/2 connection that repeats unary gRPC calls as fast as they are answered, a fixed number at a time. It writes and reads raw frames:
 * the load must cost less than the server that it measures. It keeps flow control and nothing else of the protocol that a
 * well-behaved server could make use of; header compression is switched off, so that the end of a call is known by its bytes.
 */
import net from "node:net";
import tls from "node:tls";
import {
  ACK,
  DATA,
  END_STREAM,
  FRAME_HEADER_BYTES,
  frame,
  GOAWAY,
  HEADERS,
  PING,
  PREFACE,
  RST_STREAM,
  requestHead,
  SETTINGS,
  uint32,
  WINDOW_INITIAL,
  WINDOW_UPDATE,
} from "./frames.mjs";

const WINDOW_REFILL = 2 ** 29;
/** One piece of output; more than any call needs. */
const OUT_BYTES = 65_536;
/** Slots of start times; more than the calls that one connection has open. */
const STARTS = 4096;

/** "grpc-status: 0" as servers write it without a dynamic table: plain or Huffman-coded. */
const NAMES = [Buffer.from("grpc-status"), Buffer.from([0x9a, 0xca, 0xc8, 0xb2, 0x12, 0x34, 0xda, 0x8f])];
const ZEROS = [Buffer.from([1, 0x30]), Buffer.from([0x81, 0x07])];

export class Connection {
  #socket;
  #head;
  #next;
  #done;
  #lost;
  #nextStream = 1;
  #sendWindow = WINDOW_INITIAL;
  #consumed = 0;
  /** What leaves with the next flush: `#filled` bytes of `#out`, which is handed over to the socket then. */
  #out = Buffer.allocUnsafeSlow(OUT_BYTES);
  #filled = 0;
  /** Calls that wait for the server's window. */
  #waiting = 0;
  /** Calls that wait for `next` to have one. */
  #idle = 0;
  #rest = Buffer.alloc(0);
  #skip = 0;
  #starts = new Float64Array(STARTS);
  #stopped = false;

  /**
   * `next()` returns the framed message of the next call, or undefined when there is none; `done(latencyMs, ok)` hears the end of each, `lost(reason)` that of the connection.
   */
  constructor(url, path, { next, done, lost, tlsOptions }) {
    const { hostname: host, port, protocol } = new URL(url);
    this.#next = next;
    this.#done = done;
    this.#lost = lost;
    this.#head = requestHead(path, `${host}:${port}`, protocol.slice(0, -1));
    this.#socket =
      protocol === "https:"
        ? tls.connect({ host, port, ALPNProtocols: ["h2"], ...tlsOptions })
        : net.connect({ host, port: Number(port), noDelay: true });
    this.#socket.setNoDelay?.(true);
  }

  /** Opens the connection and keeps `streams` calls in flight. */
  async start(streams) {
    const socket = this.#socket;
    await new Promise((resolve, reject) => {
      socket.once(socket.encrypted ? "secureConnect" : "connect", resolve);
      socket.once("error", reject);
    });
    socket.on("error", (error) => this.#fail(error.message));
    socket.on("close", () => this.#fail("closed"));
    socket.on("data", (chunk) => this.#onData(chunk));
    socket.write(PREFACE);
    for (let i = 0; i < streams; i++) this.#call();
    this.#flush();
  }

  /** Asks again for calls that there were none for. */
  resume() {
    const idle = this.#idle;
    this.#idle = 0;
    for (let i = 0; i < idle; i++) this.#call();
    this.#flush();
  }

  stop() {
    this.#stopped = true;
    this.#socket.destroy();
  }

  #fail(reason) {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#lost(reason);
  }

  #call() {
    if (this.#sendWindow < WINDOW_INITIAL / 2) {
      this.#waiting++;
      return;
    }
    const body = this.#next();
    if (body === undefined) {
      this.#idle++;
      return;
    }
    const id = this.#nextStream;
    this.#nextStream += 2;
    this.#starts[(id >> 1) % STARTS] = performance.now();
    this.#sendWindow -= body.length;
    const headBytes = this.#head.length;
    const at = this.#reserve(headBytes + FRAME_HEADER_BYTES + body.length);
    const out = this.#out;
    out.set(this.#head, at);
    out.writeUInt32BE(id, at + 5);
    const data = at + headBytes;
    out.writeUIntBE(body.length, data, 3);
    out[data + 3] = DATA;
    out[data + 4] = END_STREAM;
    out.writeUInt32BE(id, data + 5);
    out.set(body, data + FRAME_HEADER_BYTES);
  }

  #send(bytes) {
    this.#out.set(bytes, this.#reserve(bytes.length));
  }

  /** Where so many bytes of output go. */
  #reserve(bytes) {
    if (this.#filled + bytes > this.#out.length) this.#flush();
    if (bytes > this.#out.length) this.#out = Buffer.allocUnsafeSlow(bytes);
    const at = this.#filled;
    this.#filled += bytes;
    return at;
  }

  #flush() {
    if (this.#filled === 0 || this.#stopped) return;
    this.#socket.write(this.#out.subarray(0, this.#filled));
    const rest = this.#out.subarray(this.#filled);
    this.#out = rest.length >= OUT_BYTES / 4 ? rest : Buffer.allocUnsafeSlow(OUT_BYTES);
    this.#filled = 0;
  }

  #onData(chunk) {
    this.#consumed += chunk.length;
    let data = chunk;
    if (this.#rest.length > 0) {
      data = Buffer.concat([this.#rest, chunk]);
      this.#rest = Buffer.alloc(0);
    }
    let at = Math.min(this.#skip, data.length);
    this.#skip -= at;
    while (data.length - at >= FRAME_HEADER_BYTES) {
      const size = data.readUIntBE(at, 3);
      const type = data[at + 3];
      // The contents of answers are not looked at.
      const held = type === DATA ? 0 : size;
      if (data.length - at - FRAME_HEADER_BYTES < held) break;
      const start = at + FRAME_HEADER_BYTES;
      this.#onFrame(type, data[at + 4], data.readUInt32BE(at + 5), data, start, start + held);
      at = start + size;
      if (at > data.length) {
        this.#skip = at - data.length;
        at = data.length;
      }
    }
    if (at < data.length) this.#rest = Buffer.from(data.subarray(at));
    if (this.#consumed > WINDOW_REFILL) {
      this.#send(frame(WINDOW_UPDATE, 0, 0, uint32(this.#consumed)));
      this.#consumed = 0;
    }
    this.#flush();
  }

  #onFrame(type, flags, id, data, lo, hi) {
    switch (type) {
      case HEADERS:
        if (flags & END_STREAM) this.#onEnd(id, isOk(data, lo, hi));
        return;
      case RST_STREAM:
        return this.#onEnd(id, false);
      case SETTINGS:
        if (!(flags & ACK)) this.#send(frame(SETTINGS, ACK, 0));
        return;
      case PING:
        if (!(flags & ACK)) this.#send(frame(PING, ACK, 0, data.subarray(lo, hi)));
        return;
      case WINDOW_UPDATE:
        if (id === 0) this.#onWindow(data.readUInt32BE(lo));
        return;
      case GOAWAY:
        return this.#fail(`GOAWAY with code ${data.readUInt32BE(lo + 4)}`);
    }
  }

  #onEnd(id, ok) {
    this.#done(performance.now() - this.#starts[(id >> 1) % STARTS], ok);
    this.#call();
  }

  #onWindow(more) {
    this.#sendWindow += more;
    const waiting = this.#waiting;
    this.#waiting = 0;
    for (let i = 0; i < waiting; i++) this.#call();
  }
}

/** The last block that said so: most are equal. */
let lastOk = Buffer.alloc(0);

function isOk(data, lo, hi) {
  if (lastOk.length === hi - lo && lastOk.compare(data, lo, hi) === 0) return true;
  const ok = saysOk(data.subarray(lo, hi));
  if (ok) lastOk = Buffer.from(data.subarray(lo, hi));
  return ok;
}

function saysOk(block) {
  for (const name of NAMES) {
    const at = block.indexOf(name);
    if (at !== -1) return ZEROS.some((zero) => block.subarray(at + name.length).indexOf(zero) === 0);
  }
  return false;
}
