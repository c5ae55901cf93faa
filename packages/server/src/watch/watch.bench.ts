/**
 * What watches cost: bytes a watch, nanoseconds of a put beside watchers of other keys, nanoseconds to deliver an event to one
 * watcher, memory while clients do not read. Run it by itself, with the garbage collector at hand:
 * `node --expose-gc packages/server/dist/watch/watch.bench.js [memory|put|deliver|unread]`.
 */

import { keyBytes, SeededRandom } from "@etcd-ts/base";
import type { EncodeInto } from "@etcd-ts/grpc";
import { encodeKeyValue } from "@etcd-ts/proto";
import { ServerMetrics } from "../metrics/server-metrics.ts";
import { FakeBackend } from "../mvcc/fake-backend.ts";
import { ResponseHeaders } from "../mvcc/response-header.ts";
import type { ChangeListener, Changes } from "../mvcc/store-types.ts";
import { type WatchedStore, WatchHub } from "./watch-hub.ts";
import { STREAM_HIGH_WATER_BYTES, type WatchSink, type WatchStream } from "./watch-stream.ts";
import { ONE_KEY } from "./watcher.ts";

const MIB = 1024 * 1024;
const VALUE = new Uint8Array(256).fill(120);

/** One put. */
class OnePut implements Changes {
  readonly length = 1;
  bytes: Uint8Array = VALUE;
  private readonly name: Uint8Array;

  constructor(key: string) {
    this.name = keyBytes(key);
  }

  at(revision: number): this {
    this.bytes = encodeKeyValue({
      key: this.name,
      createRevision: 2,
      modRevision: revision,
      version: revision,
      value: VALUE,
      lease: 0n,
    });
    return this;
  }

  isDelete(): boolean {
    return false;
  }

  isCreate(): boolean {
    return false;
  }

  key(): Uint8Array {
    return this.name;
  }

  keyValue(): Uint8Array {
    return this.bytes;
  }

  previousKeyValue(): undefined {
    return undefined;
  }
}

/** A connection's output that leaves at once, or never. */
class Output implements WatchSink {
  queuedBytes = 0;
  private readonly bytes: Buffer;
  private readonly kept: Buffer[] | undefined;
  private used = 0;

  constructor(isRead: boolean) {
    this.kept = isRead ? undefined : [];
    this.bytes = Buffer.alloc(isRead ? 64 * 1024 : 0);
  }

  sendInto<T>(size: number, encode: EncodeInto<T>, message: T): boolean {
    if (this.kept !== undefined) return this.keep(this.kept, size, encode, message);
    if (this.used + size > this.bytes.length) this.used = 0;
    this.used = encode(message, this.bytes, this.used);
    return true;
  }

  pause(): void {}

  resume(): void {}

  private keep<T>(kept: Buffer[], size: number, encode: EncodeInto<T>, message: T): boolean {
    const bytes = Buffer.allocUnsafe(size);
    encode(message, bytes, 0);
    kept.push(bytes);
    this.queuedBytes += size;
    return this.queuedBytes <= STREAM_HIGH_WATER_BYTES;
  }
}

class World {
  revision = 1;
  readonly hub: WatchHub;
  /** What connections would hold. */
  private streams: readonly WatchStream[] = [];

  constructor() {
    const headers = new ResponseHeaders(0xcdf818194e3a8c32n, 0x8e9e05c52164694dn);
    headers.term = 2;
    const store: WatchedStore = {
      currentRevision: 1,
      compactRevision: -1,
      removedRevision: -1,
      listener: undefined as ChangeListener | undefined,
      headerSize: (revision) => headers.size(revision),
      writeHeader: (target, position, revision) => headers.writeTo(target, position, revision),
      keyValueAt: () => undefined,
    };
    this.hub = new WatchHub({
      store,
      backend: new FakeBackend(),
      random: new SeededRandom(1),
      progressIntervalMs: 600_000,
      requestBytesMax: 1.5 * MIB,
      histograms: new ServerMetrics(),
      wake: () => {},
    });
  }

  watch(streams: number, watchers: number, keyOf: (n: number) => string, isRead = true): void {
    this.streams = Array.from({ length: streams }, () => this.hub.openStream(new Output(isRead)));
    for (let n = 0; n < watchers; n++) {
      const stream = this.streams[n % streams]!;
      this.hub.create(stream, { key: keyOf(n), end: ONE_KEY, startRevision: 0, id: 0, flags: 0 });
    }
  }

  put(put: OnePut): void {
    this.revision++;
    this.hub.onChange(this.revision, put.at(this.revision));
    this.hub.onTurn(this.revision / 100);
  }

  /** Nanoseconds of one. */
  time(puts: number, put: OnePut): number {
    const start = process.hrtime.bigint();
    for (let n = 0; n < puts; n++) this.put(put);
    return Number(process.hrtime.bigint() - start) / puts;
  }
}

function memoryBytes(): { readonly heap: number; readonly total: number } {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, total: heapUsed + arrayBuffers };
}

const keyOf = (n: number): string => `/registry/pods/key-${String(n).padStart(12, "0")}`;

function memory(): void {
  const watchers = 1_000_000;
  const before = memoryBytes();
  const world = new World();
  world.watch(1000, watchers, keyOf);
  const after = memoryBytes();
  world.put(new OnePut("z"));
  console.log(
    `${((after.total - before.total) / watchers).toFixed(0)} bytes a watch, 1,000,000 on 1,000 streams`,
  );
}

function put(): void {
  const worlds = [0, 100_000].map((watchers) => {
    const world = new World();
    world.watch(100, watchers, keyOf);
    return world;
  });
  const other = new OnePut("/registry/leases/another-key");
  for (let round = 0; round < 3; round++) {
    const [none, many] = worlds.map((world) => world.time(200_000, other).toFixed(0));
    console.log(`a put: ${none} ns with no watcher, ${many} ns beside 100,000`);
  }
}

function deliver(): void {
  const world = new World();
  world.watch(50, 1000, () => "foo");
  const put = new OnePut("foo");
  for (let round = 0; round < 4; round++) {
    console.log(
      `${(world.time(3000, put) / 1000).toFixed(0)} ns an event and watcher, 1,000 watchers of a key`,
    );
  }
}

function unread(): void {
  const before = memoryBytes();
  const world = new World();
  world.watch(10_000, 10_000, () => "foo", false);
  const put = new OnePut("foo");
  const start = process.hrtime.bigint();
  let bytes = 0;
  for (; bytes < 1024 * MIB; bytes += VALUE.length) world.put(put);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const used = (memoryBytes().total - before.total) / MIB;
  console.log(
    `${used.toFixed(0)} MiB for 10,000 streams that are not read, after 1 GiB in ${seconds.toFixed(1)} s`,
  );
  console.log(`${world.hub.slowWatcherCount} watchers lag`);
}

const BENCHES: Readonly<Record<string, () => void>> = { memory, put, deliver, unread };
for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(BENCHES)) BENCHES[name]!();
