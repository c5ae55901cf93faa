/**
 * A world for tests of the watches: the real store over a database in memory, the hub, and clients that read when they
 * like. The model is a plain list of all that ever happened; each client holds what it reads against it:
 *
 * - ordered and unique: revisions of a watch ascend, sub revisions within them;
 * - complete: nothing that a watch wants lies between two things that it got, or before a bookmark;
 * - atomic: no revision is split over responses, unless these are fragments of one;
 * - bookmarkable: progress at revision R comes after everything up to R;
 * - only compaction cancels, and only who is behind it.
 */

import assert from "node:assert/strict";
import { keyBytes, keyString, SeededRandom } from "@etcd-ts/base";
import type { EncodeInto } from "@etcd-ts/grpc";
import {
  createDeleteRangeRequest,
  createPutRequest,
  createTxnRequest,
  decodeEvent,
  decodeKeyValue,
  decodeWatchResponse,
  type RequestOp,
  type WatchResponse,
} from "@etcd-ts/proto";
import { ServerMetrics } from "../metrics/server-metrics.ts";
import { FakeBackend } from "../mvcc/fake-backend.ts";
import { MvccStore } from "../mvcc/mvcc-store.ts";
import type { Task } from "../mvcc/store-types.ts";
import type { WatchLimits } from "./limits.ts";
import { WatchHub } from "./watch-hub.ts";
import type { WatchSink, WatchStream } from "./watch-stream.ts";
import { NO_END, ONE_KEY, WatchFlag } from "./watcher.ts";

export interface Pair {
  readonly key: string;
  readonly create: number;
  readonly mod: number;
  readonly version: number;
  readonly value: string;
}

/** Something that happened. */
export interface Happening {
  readonly revision: number;
  readonly isDelete: boolean;
  readonly pair: Pair;
  readonly previous: Pair | undefined;
}

export type Operation =
  | { readonly kind: "put"; readonly key: string; readonly value: string }
  | { readonly kind: "delete"; readonly key: string; readonly end: string };

export interface WorldOptions {
  readonly seed?: number;
  /** Pages of the database are missing now and then. */
  readonly missing?: boolean;
  readonly limits?: Partial<WatchLimits>;
  readonly progressIntervalMs?: number;
  readonly requestBytesMax?: number;
}

export class WatchWorld {
  readonly random: SeededRandom;
  readonly backend: FakeBackend;
  readonly store: MvccStore;
  readonly hub: WatchHub;
  readonly history: Happening[] = [];
  nowMs = 0;
  /** Calls of `wake` since the last turn. */
  wakes = 0;
  /** The last turn said that it wants another. */
  wantsTurn = false;
  private readonly live = new Map<string, Pair>();

  constructor(options: WorldOptions = {}) {
    this.random = new SeededRandom(options.seed ?? 1);
    this.backend = new FakeBackend(options.missing ? new SeededRandom((options.seed ?? 1) + 1) : undefined);
    this.store = new MvccStore(this.backend, {
      clusterId: 0x1001n,
      memberId: 0x2002n,
      leases: { exists: () => false, attach() {}, detach() {} },
    });
    this.hub = new WatchHub({
      store: this.store,
      backend: this.backend,
      random: this.random,
      progressIntervalMs: options.progressIntervalMs ?? 600_000,
      requestBytesMax: options.requestBytesMax ?? 1_572_864,
      histograms: new ServerMetrics(),
      wake: () => {
        this.wakes++;
      },
      ...(options.limits === undefined ? {} : { limits: options.limits }),
    });
  }

  get revision(): number {
    return this.store.currentRevision;
  }

  put(key: string, value = ""): number {
    return this.apply([{ kind: "put", key, value }]);
  }

  delete(key: string, end = ONE_KEY): number {
    return this.apply([{ kind: "delete", key, end }]);
  }

  /** One write, as a put, a delete or a txn; in the model, too. Returns the revision after it. */
  apply(operations: readonly Operation[]): number {
    const task =
      operations.length === 1
        ? this.taskOf(operations[0]!)
        : this.store.txn(
            createTxnRequest({
              success: operations.map(requestOpOf),
            }),
          );
    // The model comes first: the hub delivers within the write.
    this.happen(operations);
    runTask(task);
    this.store.reclaim();
    return this.revision;
  }

  compact(revision: number): void {
    assert.equal(this.store.compact(revision), undefined);
  }

  /** Removes for good what was compacted, unless live watches have still to be sent it. */
  finishCompaction(): void {
    for (let task = this.store.compaction; task !== undefined; task = this.store.compaction) {
      if (this.hub.unservedRevision < this.store.compactRevision) {
        assert.equal(task.run(1), "more", "a removal waits for live watches");
        return;
      }
      runTask(task);
    }
  }

  turn(elapsedMs = 1): boolean {
    this.nowMs += elapsedMs;
    this.wakes = 0;
    this.hub.onPages();
    this.wantsTurn = this.hub.onTurn(this.nowMs) || this.hub.waitsForPages;
    return this.wantsTurn;
  }

  /** Turns until there is nothing to do. */
  settle(turnsMax = 20_000): void {
    for (let n = 0; this.turn(0); n++) assert.ok(n < turnsMax, "the hub comes to rest");
  }

  client(capacityBytes = Number.POSITIVE_INFINITY): WatchClient {
    return new WatchClient(this, capacityBytes);
  }

  private taskOf(operation: Operation): Task {
    if (operation.kind === "put") return this.store.put(putRequestOf(operation));
    return this.store.deleteRange(deleteRequestOf(operation));
  }

  private happen(operations: readonly Operation[]): void {
    const revision = this.revision + 1;
    for (const operation of operations) {
      if (operation.kind === "put") this.happenPut(revision, operation.key, operation.value);
      else for (const key of this.keysIn(operation)) this.happenDelete(revision, key);
    }
  }

  private happenPut(revision: number, key: string, value: string): void {
    const previous = this.live.get(key);
    const version = (previous?.version ?? 0) + 1;
    const pair = { key, create: previous?.create ?? revision, mod: revision, version, value };
    this.live.set(key, pair);
    this.history.push({ revision, isDelete: false, pair, previous });
  }

  private happenDelete(revision: number, key: string): void {
    const previous = this.live.get(key);
    this.live.delete(key);
    const pair = { key, create: 0, mod: revision, version: 0, value: "" };
    this.history.push({ revision, isDelete: true, pair, previous });
  }

  private keysIn({ key, end }: { readonly key: string; readonly end: string }): string[] {
    return [...this.live.keys()].filter((name) => isWithin(name, key, end)).sort();
  }
}

export interface WatchOptions {
  readonly start?: number;
  readonly id?: number;
  readonly flags?: number;
}

/** One watch as its client sees it. */
class ClientWatch {
  readonly key: string;
  readonly end: string;
  readonly flags: number;
  /** Everything from here on that it wants it has to get. */
  readonly start: number;
  readonly got: Happening[] = [];
  created = false;
  compactRevision = 0;
  canceled = false;
  /** Of the last response of events: another piece follows. */
  inFragments = false;
  /** The revision up to which it has certainly got everything. */
  through: number;
  bookmarks = 0;

  constructor(key: string, end: string, flags: number, start: number) {
    this.key = key;
    this.end = end;
    this.flags = flags;
    this.start = start;
    this.through = start - 1;
  }

  wants(happening: Happening): boolean {
    const filter = happening.isDelete ? WatchFlag.NO_DELETE : WatchFlag.NO_PUT;
    return (
      happening.revision >= this.start &&
      (this.flags & filter) === 0 &&
      isWithin(happening.pair.key, this.key, this.end)
    );
  }
}

export class WatchClient implements WatchSink {
  readonly stream: WatchStream;
  readonly watches = new Map<number, ClientWatch>();
  /** Responses that were read, in order. */
  readonly read: WatchResponse[] = [];
  isPaused = false;
  private readonly world: WatchWorld;
  private readonly capacityBytes: number;
  private readonly queue: Buffer[] = [];
  private owesDrain = false;
  queuedBytes = 0;
  ended = false;

  constructor(world: WatchWorld, capacityBytes: number) {
    this.world = world;
    this.capacityBytes = capacityBytes;
    this.stream = world.hub.openStream(this);
  }

  /** A watch with an id of the client's choice, so that it knows what it asked for. Returns the id. */
  watch(key: string, end: string = ONE_KEY, options: WatchOptions = {}): number {
    const id = options.id ?? this.watches.size + 1;
    const startRevision = options.start ?? 0;
    const flags = options.flags ?? 0;
    const start = startRevision === 0 ? this.world.revision + 1 : startRevision;
    this.watches.set(id, new ClientWatch(key, end, flags, start));
    this.world.hub.create(this.stream, { key, end, startRevision, id, flags });
    return id;
  }

  cancel(id: number): void {
    this.world.hub.cancel(this.stream, id);
  }

  askProgress(): void {
    this.world.hub.requestProgress(this.stream);
  }

  end(): void {
    this.ended = true;
    this.world.hub.close(this.stream);
  }

  /** Reads what has come, at most `count` responses. */
  readSome(count = Number.POSITIVE_INFINITY): number {
    let n = 0;
    while (n < count && this.queue.length > 0) {
      const bytes = this.queue.shift()!;
      this.queuedBytes -= bytes.length;
      this.onResponse(decodeWatchResponse(bytes), bytes.length);
      n++;
      if (this.owesDrain && this.queuedBytes <= this.capacityBytes) {
        this.owesDrain = false;
        this.world.hub.onDrain(this.stream);
      }
    }
    return n;
  }

  /** What a watch has got, as short texts: `5 put a=1`. */
  texts(id: number): string[] {
    return this.watches.get(id)!.got.map(textOf);
  }

  /** The hub is at rest and everything was read: each watch has all that it wants. */
  assertComplete(): void {
    assert.equal(this.queue.length, 0, "everything was read");
    for (const watch of this.watches.values()) {
      if (!watch.canceled) this.assertThrough(watch, this.world.revision);
    }
  }

  sendInto<T>(size: number, encode: EncodeInto<T>, message: T): boolean {
    if (this.ended) return false;
    const bytes = Buffer.alloc(size);
    assert.equal(encode(message, bytes, 0), size, "a response is as long as its size says");
    this.queue.push(bytes);
    this.queuedBytes += size;
    if (this.queuedBytes <= this.capacityBytes) return true;
    this.owesDrain = true;
    return false;
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  private onResponse(response: WatchResponse, size: number): void {
    this.read.push(response);
    const id = Number(response.watchId);
    if (id === -1 && !response.created) return this.onBookmark([...this.watches.values()], response);
    const watch = this.watches.get(id);
    if (watch === undefined) return;
    if (response.created) {
      assert.equal(watch.created, false, "a watch is created once");
      assert.equal(response.events.length, 0);
      watch.created = !response.canceled;
    } else if (response.canceled) this.onCanceled(watch, response);
    else if (response.events.length > 0) this.onEvents(watch, response, size);
    else this.onBookmark([watch], response);
  }

  private onCanceled(watch: ClientWatch, response: WatchResponse): void {
    assert.equal(watch.inFragments, false, "no watch ends between fragments");
    watch.canceled = true;
    watch.compactRevision = response.compactRevision;
    if (response.compactRevision === 0) return;
    assert.equal(response.header?.revision, 0);
    const last = watch.got.at(-1)?.revision ?? 0;
    assert.ok(
      Math.max(last, watch.through) < response.compactRevision,
      "only who is behind compaction is cancelled",
    );
  }

  private onEvents(watch: ClientWatch, response: WatchResponse, size: number): void {
    assert.ok(watch.created, "created comes before events");
    assert.equal(watch.canceled, false, "nothing comes after the end of a watch");
    const before = watch.got.at(-1)?.revision ?? 0;
    const got = response.events.map((event) => this.happeningOf(event, watch));
    const first = got[0]!.revision;
    assert.ok(watch.inFragments ? first >= before : first > before, "a revision comes whole and once");
    assert.ok(first > watch.through, "nothing comes that was promised to be over");
    watch.got.push(...got);
    watch.inFragments = response.fragment;
    assert.ok(
      size > 0 && got.at(-1)!.revision <= response.header!.revision,
      "no event is ahead of its header",
    );
    if (!response.fragment) this.assertThrough(watch, got.at(-1)!.revision);
  }

  private onBookmark(watches: readonly ClientWatch[], response: WatchResponse): void {
    const revision = response.header!.revision;
    for (const watch of watches) {
      if (!watch.created || watch.canceled) continue;
      assert.ok(revision >= watch.start - 1, "no progress is told of a watch of the future");
      this.assertThrough(watch, revision);
      watch.through = revision;
      watch.bookmarks++;
    }
  }

  /** It has got exactly what it wants up to `revision`. */
  private assertThrough(watch: ClientWatch, revision: number): void {
    const wanted = this.world.history.filter((h) => h.revision <= revision && watch.wants(h));
    assert.deepEqual(watch.got.map(textOf), wanted.map(textOf));
  }

  /** Also checks what was before. */
  private happeningOf(bytes: Uint8Array, watch: ClientWatch): Happening {
    const event = decodeEvent(bytes);
    const pair = pairOf(event.kv!);
    const happening = this.world.history.find((h) => h.revision === pair.mod && h.pair.key === pair.key);
    assert.ok(happening !== undefined, "what comes has happened");
    assert.deepEqual(
      { isDelete: event.type === 1, pair },
      { isDelete: happening.isDelete, pair: happening.pair },
    );
    const previous = event.prevKv === undefined ? undefined : pairOf(event.prevKv);
    const wanted = (watch.flags & WatchFlag.PREV_KV) === 0 ? undefined : happening.previous;
    const isCompacted = happening.revision - 1 < this.world.store.compactRevision;
    if (previous !== undefined || !isCompacted) assert.deepEqual(previous, wanted);
    return happening;
  }
}

function textOf({ revision, isDelete, pair }: Happening): string {
  return isDelete ? `${revision} delete ${pair.key}` : `${revision} put ${pair.key}=${pair.value}`;
}

type EncodedPair = NonNullable<ReturnType<typeof decodeEvent>["kv"]>;

function pairOf(encoded: EncodedPair): Pair {
  const kv = encoded instanceof Uint8Array ? decodeKeyValue(encoded) : encoded;
  return {
    key: keyString(kv.key),
    create: kv.createRevision,
    mod: kv.modRevision,
    version: kv.version,
    value: keyString(kv.value),
  };
}

export function isWithin(name: string, key: string, end: string): boolean {
  if (end === ONE_KEY) return name === key;
  return name >= key && (end === NO_END || name < end);
}

function rangeEndOf(end: string): Uint8Array {
  return keyBytes(end === NO_END ? "\0" : end);
}

function putRequestOf({ key, value }: { readonly key: string; readonly value: string }) {
  return createPutRequest({ key: keyBytes(key), value: keyBytes(value) });
}

function deleteRequestOf({ key, end }: { readonly key: string; readonly end: string }) {
  return createDeleteRangeRequest({ key: keyBytes(key), rangeEnd: rangeEndOf(end) });
}

function requestOpOf(operation: Operation): RequestOp {
  return operation.kind === "put"
    ? { case: "requestPut", value: putRequestOf(operation) }
    : { case: "requestDeleteRange", value: deleteRequestOf(operation) };
}

function runTask(task: Task): void {
  for (let n = 0; task.run(1000) !== "done"; n++) assert.ok(n < 100_000, "a task ends");
}
