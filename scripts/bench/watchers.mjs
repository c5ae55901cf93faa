/**
 * Watchers as a process of their own: `node watchers.mjs '{…}'`. They are there when the server counts them (ask its metrics), and end with the process.
 *
 *     url
 *     connections, streams   streams of each connection
 *     watchers     in all
 *     key          the key that all watch; undefined: each has one of its own, which nobody puts
 *     reads        false: nothing is read after the watches have been made, and windows are HTTP/2's smallest
 */
import net from "node:net";
import {
  ACK,
  DATA,
  FRAME_HEADER_BYTES,
  frame,
  GOAWAY,
  HEADERS,
  PING,
  PREFACE,
  prefaceOf,
  requestHead,
  SETTINGS,
  uint32,
  WINDOW_INITIAL,
  WINDOW_MAX,
  WINDOW_UPDATE,
} from "./frames.mjs";
import { framed, watchMessage } from "./requests.mjs";

const WINDOW_REFILL = 2 ** 28;
/** Requests a stream sends at a time: less than the server's first window. */
const CREATES_AT_A_TIME = 500;
const PAUSE_MS = 5;

const { url, connections, streams, watchers, key, reads = true } = JSON.parse(process.argv[2]);

class WatchingConnection {
  #socket;
  #rest = Buffer.alloc(0);
  #skip = 0;
  #consumed = 0;

  constructor() {
    const { hostname: host, port } = new URL(url);
    this.#socket = net.connect({ host, port: Number(port), noDelay: true });
    this.#socket.on("error", (error) => lost(error.message));
    this.#socket.on("data", (chunk) => this.#onData(chunk));
    this.#socket.write(reads ? PREFACE : prefaceOf(WINDOW_INITIAL, WINDOW_INITIAL));
    this.#head = requestHead("/etcdserverpb.Watch/Watch", `${host}:${port}`, "http");
  }

  #head;

  open(id) {
    const head = Buffer.from(this.#head);
    head.writeUInt32BE(id, 5);
    this.#socket.write(head);
  }

  watch(id, keys) {
    this.#socket.write(frame(DATA, 0, id, ...keys.map((name) => framed(watchMessage(name)))));
  }

  stopReading() {
    this.#socket.pause();
  }

  #onData(chunk) {
    this.#consumed += chunk.length;
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = Buffer.alloc(0);
    let at = Math.min(this.#skip, data.length);
    this.#skip -= at;
    while (data.length - at >= FRAME_HEADER_BYTES) {
      const size = data.readUIntBE(at, 3);
      const type = data[at + 3];
      const start = at + FRAME_HEADER_BYTES;
      // The contents of answers are not looked at.
      if (type !== DATA && data.length - start < size) break;
      this.#onFrame(type, data[at + 4], data.subarray(start, start + size));
      at = start + size;
      if (at > data.length) {
        this.#skip = at - data.length;
        at = data.length;
      }
    }
    if (at < data.length) this.#rest = Buffer.from(data.subarray(at));
    if (!reads || this.#consumed < WINDOW_REFILL) return;
    this.#socket.write(frame(WINDOW_UPDATE, 0, 0, uint32(this.#consumed)));
    this.#consumed = 0;
  }

  #onFrame(type, flags, payload) {
    if (type === SETTINGS && !(flags & ACK)) this.#socket.write(frame(SETTINGS, ACK, 0));
    else if (type === PING && !(flags & ACK)) this.#socket.write(frame(PING, ACK, 0, Buffer.from(payload)));
    else if (type === GOAWAY) lost("GOAWAY");
    else if (type === HEADERS && payload.includes("grpc-status")) lost("a stream ended");
  }
}

const all = Array.from({ length: connections }, () => new WatchingConnection());
const total = connections * streams;
for (let stream = 0; stream < total; stream++) all[stream % connections].open(idOf(stream));
for (let made = 0; made < watchers; ) {
  // A stream's share, in rounds: the server's answers have to leave meanwhile.
  for (let stream = 0; stream < total && made < watchers; stream++) {
    const count = Math.min(CREATES_AT_A_TIME, Math.ceil(watchers / total), watchers - made);
    all[stream % connections].watch(
      idOf(stream),
      Array.from({ length: count }, (_, i) => key ?? `watched/${String(made + i).padStart(8, "0")}`),
    );
    made += count;
  }
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
process.on("SIGUSR2", () => {
  if (!reads) for (const connection of all) connection.stopReading();
});
setInterval(() => {}, WINDOW_MAX);

function idOf(stream) {
  return Math.floor(stream / connections) * 2 + 1;
}

function lost(reason) {
  process.stderr.write(`watchers: ${reason}\n`);
  process.exit(1);
}
