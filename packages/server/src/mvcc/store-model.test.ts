import assert from "node:assert/strict";
import { test } from "node:test";
import { keyBytes, keyString, SeededRandom } from "@etcd-ts/base";
import {
  type Compare,
  createCompare,
  createDeleteRangeRequest,
  createPutRequest,
  createRangeRequest,
  createTxnRequest,
  decodeDeleteRangeResponse,
  decodeKeyValue,
  decodePutResponse,
  decodeRangeResponse,
  decodeRangeStreamResponse,
  decodeTxnResponse,
  encodeKeyValue,
  type PutRequest,
  type RangeRequest,
  type RangeResponse,
  type RequestOp,
  type TxnRequest,
  type TxnResponse,
} from "@etcd-ts/proto";
import { FINISHED_COMPACTION, SCHEDULED_COMPACTION } from "./compaction.ts";
import { FakeBackend } from "./fake-backend.ts";
import { MvccStore } from "./mvcc-store.ts";
import { type ModelPair, StoreModel } from "./store-model.ts";
import type { Changes, EncodedMessage, HashTask, ReadTask, Task, WriteTask } from "./store-types.ts";
import { validateTxn } from "./validation.ts";

const CLUSTER = 0xddcdf4f4fbba999bn;
const MEMBER = 0x628ed94ad692e8a1n;

const encodePair = (pair: ModelPair): Uint8Array =>
  encodeKeyValue({
    key: keyBytes(pair.key),
    createRevision: pair.create,
    modRevision: pair.mod,
    version: pair.version,
    value: keyBytes(pair.value),
    lease: pair.lease,
  });
const encodeKey = (key: string): Uint8Array =>
  encodeKeyValue({
    key: keyBytes(key),
    createRevision: 0,
    modRevision: 0,
    version: 0,
    value: new Uint8Array(0),
    lease: 0n,
  });

function modelPair(bytes: Uint8Array): ModelPair {
  const pair = decodeKeyValue(bytes);
  return {
    key: keyString(pair.key),
    create: pair.createRevision,
    mod: pair.modRevision,
    version: pair.version,
    value: keyString(pair.value),
    lease: pair.lease,
  };
}

interface Options {
  readonly seed: number;
  readonly steps: number;
  readonly missing: boolean;
  readonly arenaBytesMax?: number;
  readonly nodeEntriesMax: number;
  readonly budgetMax: number;
}

/** A store and its model, driven by chance. */
class World {
  readonly random: SeededRandom;
  readonly backend: FakeBackend;
  readonly model = new StoreModel(encodePair, encodeKey);
  readonly attached = new Map<string, bigint>();
  readonly hashes = new Map<number, { hash: number; compact: number }>();
  store: MvccStore;
  misses = 0;
  slices = 0;
  private readonly options: Options;
  private heard: string[] = [];
  /** Reads that go on while other things happen, with what they must answer. */
  private readonly suspended: { task: ReadTask | HashTask; check: () => void }[] = [];

  constructor(options: Options) {
    this.options = options;
    this.random = new SeededRandom(options.seed);
    this.backend = new FakeBackend(options.missing ? this.random : undefined);
    this.store = this.openStore();
    for (let lease = 1n; lease <= 4n; lease++) this.model.leases.add(lease);
    this.model.leases.add(-5n);
  }

  openStore(): MvccStore {
    const { arenaBytesMax, nodeEntriesMax } = this.options;
    const leases = {
      exists: (id: bigint) => this.model.leases.has(id),
      attach: (id: bigint, key: Uint8Array) => {
        assert.equal(this.attached.get(keyString(key)), undefined, "detached before it is attached");
        this.attached.set(keyString(key), id);
      },
      detach: (id: bigint, key: Uint8Array) => {
        assert.equal(this.attached.get(keyString(key)), id);
        this.attached.delete(keyString(key));
      },
    };
    const store = new MvccStore(this.backend, {
      clusterId: CLUSTER,
      memberId: MEMBER,
      leases,
      nodeEntriesMax,
      ...(arenaBytesMax === undefined ? {} : { arenaBytesMax }),
    });
    store.raftTerm = 7;
    store.listener = {
      unservedRevision: Number.POSITIVE_INFINITY,
      onChange: (revision, changes) => this.onChange(revision, changes),
    };
    return store;
  }

  // Chance.

  chance(n: number): boolean {
    return this.random.below(n) === 0;
  }

  key(): Uint8Array {
    const names = ["a", "ab", "b", "ba", "bb", "c", "\0", "\xff", "k/1", "k/2", "k/3", "k/10", "k/11"];
    if (this.chance(3)) return keyBytes(`k/${this.random.below(40)}`);
    return keyBytes(names[this.random.below(names.length)] as string);
  }

  rangeEnd(): Uint8Array {
    if (this.chance(4)) return new Uint8Array(0);
    return this.chance(4) ? new Uint8Array([0]) : this.key();
  }

  value(): string {
    const length = [0, 1, 5, 120, 600][this.random.below(5)] as number;
    return String.fromCharCode(97 + this.random.below(3)).repeat(length);
  }

  lease(): bigint {
    return ([0n, 0n, 0n, 1n, 2n, -5n, 99n] as const)[this.random.below(7)] as bigint;
  }

  budget(): number {
    return 1 + this.random.below(this.options.budgetMax);
  }

  // Running.

  run(task: Task): void {
    for (;;) {
      const progress = task.run(this.budget());
      this.slices++;
      if (progress === "miss") this.misses++;
      if (progress === "done") return;
    }
  }

  bytes(message: EncodedMessage): Uint8Array {
    const target = new Uint8Array(message.size + 3);
    assert.equal(message.writeTo(target, 3), message.size + 3, "a message is as long as it says");
    return target.subarray(3);
  }

  // One step.

  step(): void {
    switch (this.random.below(14)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return this.putOne();
      case 4:
        return this.put();
      case 5:
        return this.deleteRange();
      case 6:
      case 7:
        return this.txn();
      case 8:
        return this.get();
      case 9:
        return this.range();
      case 10:
        return this.stream();
      case 11:
        return this.hash();
      case 12:
        return this.chance(6) ? this.compact() : this.runCompaction();
      default:
        if (this.chance(5)) this.backend.forgetPages();
        if (this.chance(4)) this.deleteKeys();
        return this.store.reclaim();
    }
  }

  putOne(): void {
    const key = this.key();
    const value = this.value();
    const lease = this.lease();
    const revision = this.store.putOne(key, keyBytes(value), lease);
    if (lease !== 0n && !this.model.leases.has(lease)) {
      assert.equal(revision, 0);
      return;
    }
    this.model.begin();
    this.model.put(keyString(key), value, lease);
    assert.equal(revision, this.model.end());
    const size = this.store.putResponseSize(revision);
    const bytes = new Uint8Array(size);
    assert.equal(this.store.writePutResponse(bytes, 0, revision), size);
    this.checkHeader(decodePutResponse(bytes).header, revision);
  }

  put(): void {
    const request = this.putRequest();
    const task = this.runWrite(this.store.put(request));
    this.model.begin();
    const refused = this.model.refusal([{ case: "requestPut", value: request }]);
    if (refused !== undefined) {
      assert.equal(task.outcome?.error, refused);
      assert.equal(task.revision, 0);
      return;
    }
    const old = this.modelPut(request);
    const revision = this.model.end();
    const response = decodePutResponse(this.answer(task));
    this.checkHeader(response.header, revision);
    assert.deepEqual(response.prevKv === undefined ? undefined : modelPair(response.prevKv), old);
  }

  putRequest(): PutRequest {
    const ignoreValue = this.chance(4);
    const ignoreLease = this.chance(4);
    return createPutRequest({
      key: this.key(),
      value: ignoreValue ? new Uint8Array(0) : keyBytes(this.value()),
      lease: ignoreLease ? 0n : this.lease(),
      prevKv: this.chance(2),
      ignoreValue,
      ignoreLease,
    });
  }

  modelPut(request: PutRequest): ModelPair | undefined {
    const key = keyString(request.key);
    const old = this.model.find(key);
    const value = request.ignoreValue ? (old?.value ?? "") : keyString(request.value);
    this.model.put(key, value, request.ignoreLease ? (old?.lease ?? 0n) : request.lease);
    return request.prevKv ? old : undefined;
  }

  deleteRange(): void {
    const request = createDeleteRangeRequest({
      key: this.key(),
      rangeEnd: this.chance(2) ? new Uint8Array(0) : this.rangeEnd(),
      prevKv: this.chance(2),
    });
    const task = this.runWrite(this.store.deleteRange(request));
    this.model.begin();
    const old = this.modelDelete(request.key, request.rangeEnd);
    this.model.end();
    const response = decodeDeleteRangeResponse(this.answer(task));
    this.checkHeader(response.header, this.model.revision);
    assert.equal(response.deleted, old.length);
    assert.deepEqual(
      response.prevKvs.map((pair) => modelPair(pair)),
      request.prevKv ? old : [],
    );
  }

  modelDelete(key: Uint8Array, rangeEnd: Uint8Array): ModelPair[] {
    const old = this.model.inRange(key, rangeEnd, this.model.revision + 1);
    for (const pair of old) this.model.delete(pair.key);
    return old;
  }

  deleteKeys(): void {
    const keys = [...new Set([this.key(), this.key(), this.key()].map(keyString))].sort();
    const task = this.runWrite(this.store.deleteKeys(keys.map(keyBytes)));
    this.model.begin();
    for (const key of keys) if (this.model.find(key) !== undefined) this.model.delete(key);
    assert.equal(task.revision, this.model.end());
  }

  /** Runs a write; between its slices readers see the revision before. */
  runWrite(task: WriteTask): WriteTask {
    const before = this.model.revision;
    this.heard = [];
    for (;;) {
      const progress = task.run(this.budget());
      if (progress === "done") return task;
      this.slices++;
      if (progress === "miss") this.misses++;
      assert.equal(this.store.currentRevision, before);
      this.store.reclaim();
      this.range();
      if (this.chance(3)) this.get();
    }
  }

  answer(task: WriteTask | ReadTask): Uint8Array {
    assert.equal(task.outcome?.error, undefined);
    return this.bytes(task.outcome?.response as EncodedMessage);
  }

  // Txns.

  compareRequest(): Compare {
    const pairs = this.model.pairs(this.model.revision);
    const some = pairs[this.random.below(Math.max(1, pairs.length))];
    const isOf = some !== undefined && this.chance(2);
    const unions = ["version", "createRevision", "modRevision", "value", "lease"] as const;
    const target = this.random.below(5);
    return createCompare({
      key: isOf ? keyBytes(some.key) : this.key(),
      rangeEnd: this.chance(3) ? this.rangeEnd() : new Uint8Array(0),
      target,
      result: this.random.below(4),
      targetUnion: this.chance(8) ? unions[this.random.below(5)] : unions[target],
      version: isOf ? some.version : this.random.below(3),
      createRevision: isOf ? some.create : this.random.below(20),
      modRevision: isOf ? some.mod : this.random.below(20),
      value: keyBytes(isOf ? some.value : this.value()),
      lease: isOf ? some.lease : this.lease(),
    });
  }

  ops(depth: number, readOnly: boolean): RequestOp[] {
    return Array.from({ length: this.random.below(4) }, (): RequestOp => {
      const kind = readOnly ? 0 : this.random.below(depth > 0 ? 4 : 3);
      if (kind === 0) return { case: "requestRange", value: this.rangeRequest() };
      if (kind === 1) return { case: "requestPut", value: this.putRequest() };
      if (kind === 3) return { case: "requestTxn", value: this.txnRequest(depth - 1, false) };
      const rangeEnd = this.chance(2) ? new Uint8Array(0) : this.rangeEnd();
      const value = createDeleteRangeRequest({ key: this.key(), rangeEnd, prevKv: this.chance(2) });
      return { case: "requestDeleteRange", value };
    });
  }

  txnRequest(depth: number, readOnly: boolean): TxnRequest {
    return createTxnRequest({
      compare: Array.from({ length: this.random.below(3) }, () => this.compareRequest()),
      success: this.ops(depth, readOnly),
      failure: this.ops(depth, readOnly),
    });
  }

  txn(): void {
    const readOnly = this.chance(4);
    const request = this.txnRequest(2, readOnly);
    if (validateTxn(request, 128) !== undefined) return;
    const model = this.model;
    const before = model.revision;
    const succeeded = model.holds(request);
    const refused = model.refusal(succeeded ? request.success : request.failure);
    let task: WriteTask | ReadTask;
    if (readOnly) {
      task = this.store.readTxn(request);
      this.run(task);
    } else task = this.runWrite(this.store.txn(request));
    if (refused !== undefined) {
      assert.equal(task.outcome?.error, refused);
      assert.equal(this.store.currentRevision, before);
      return;
    }
    const response = decodeTxnResponse(this.answer(task));
    // Comparisons of nested txns look at the state before, so the path is chosen first.
    const chosen = new Map<TxnRequest, boolean>();
    this.choose(request, chosen);
    model.begin();
    this.checkTxn(request, response, chosen);
    model.end();
    this.checkHeader(response.header, model.revision);
  }

  choose(request: TxnRequest, chosen: Map<TxnRequest, boolean>): void {
    const holds = this.model.holds(request);
    chosen.set(request, holds);
    for (const op of holds ? request.success : request.failure) {
      if (op.case === "requestTxn") this.choose(op.value, chosen);
    }
  }

  checkTxn(request: TxnRequest, response: TxnResponse, chosen: Map<TxnRequest, boolean>): void {
    const model = this.model;
    const succeeded = chosen.get(request) as boolean;
    assert.equal(response.succeeded, succeeded);
    const ops = succeeded ? request.success : request.failure;
    assert.equal(response.responses.length, ops.length);
    ops.forEach((op, i) => {
      const answer = response.responses[i] as TxnResponse["responses"][number];
      if (op.case === "requestRange" && answer.case === "responseRange") {
        const visible = model.revision + (model.changedSoFar ? 1 : 0);
        this.checkRange(answer.value, op.value, op.value.revision > 0 ? op.value.revision : visible);
        assert.equal(answer.value.header?.revision, visible);
        assert.equal(answer.value.header?.memberId, 0n);
      } else if (op.case === "requestPut" && answer.case === "responsePut") {
        const old = this.modelPut(op.value);
        const { prevKv, header } = answer.value;
        assert.deepEqual(prevKv === undefined ? undefined : modelPair(prevKv), old);
        assert.equal(header?.revision, model.revision + 1);
      } else if (op.case === "requestDeleteRange" && answer.case === "responseDeleteRange") {
        const old = this.modelDelete(op.value.key, op.value.rangeEnd);
        assert.equal(answer.value.deleted, old.length);
        assert.deepEqual(
          answer.value.prevKvs.map((pair) => modelPair(pair)),
          op.value.prevKv ? old : [],
        );
        assert.equal(answer.value.header?.revision, model.revision + (model.changedSoFar ? 1 : 0));
      } else if (op.case === "requestTxn" && answer.case === "responseTxn") {
        assert.equal(answer.value.header?.revision, 0);
        this.checkTxn(op.value, answer.value, chosen);
      } else assert.fail("an answer is of its operation's kind");
    });
  }

  // Reads.

  readRevision(): number {
    if (this.chance(2)) return 0;
    if (this.chance(20)) return this.model.revision + 1 + this.random.below(3);
    const back = this.random.below(30);
    return Math.max(-2, this.model.revision - back);
  }

  rangeRequest(): RangeRequest {
    const filter = () => (this.chance(10) ? 1 + this.random.below(this.model.revision + 2) : 0);
    return createRangeRequest({
      key: this.key(),
      rangeEnd: this.rangeEnd(),
      limit: this.chance(2) ? 0 : this.random.below(12) - 1,
      revision: this.readRevision(),
      sortOrder: this.chance(2) ? 0 : this.random.below(3),
      sortTarget: this.chance(2) ? 0 : this.random.below(5),
      keysOnly: this.chance(4),
      countOnly: this.chance(6),
      minModRevision: filter(),
      maxModRevision: filter(),
      minCreateRevision: filter(),
      maxCreateRevision: filter(),
    });
  }

  refusedRead(revision: number): string | undefined {
    if (revision > this.model.revision) return "ErrGRPCFutureRev";
    return revision > 0 && revision < this.model.compacted ? "ErrGRPCCompacted" : undefined;
  }

  range(): void {
    const request = this.rangeRequest();
    const task = this.store.range(request);
    const refused = this.refusedRead(request.revision);
    const current = this.model.revision;
    const at = request.revision > 0 ? request.revision : current;
    const expected = refused === undefined ? this.model.range(request, at) : undefined;
    const check = () => {
      assert.equal(task.outcome?.error, refused);
      if (refused !== undefined) return;
      const response = decodeRangeResponse(this.answer(task));
      this.checkHeader(response.header, current);
      assert.deepEqual(
        response.kvs.map((pair) => modelPair(pair)),
        expected?.pairs,
      );
      assert.equal(response.count, expected?.count);
      assert.equal(response.more, expected?.more);
    };
    if (this.suspended.length < 3 && this.chance(3)) {
      if (task.run(this.budget()) === "done") check();
      else this.suspended.push({ task, check });
      return;
    }
    this.run(task);
    check();
  }

  /** A slice of a suspended read, whatever has happened since. */
  resume(): void {
    const at = this.random.below(3);
    const read = this.suspended[at];
    if (read === undefined) return;
    const progress = read.task.run(this.budget());
    if (progress === "miss") this.misses++;
    if (progress !== "done") return;
    read.check();
    this.suspended.splice(at, 1);
  }

  checkRange(response: RangeResponse, request: RangeRequest, revision: number): void {
    const expected = this.model.range(request, revision);
    assert.deepEqual(
      response.kvs.map((pair) => modelPair(pair)),
      expected.pairs,
    );
    assert.equal(response.count, expected.count);
    assert.equal(response.more, expected.more);
  }

  get(): void {
    const key = this.key();
    const size = this.store.prepareGet(key);
    if (size < 0) return;
    const bytes = new Uint8Array(size + 2);
    assert.equal(this.store.writeGet(bytes, 2), size + 2);
    const response = decodeRangeResponse(bytes, 2);
    this.checkHeader(response.header, this.model.revision);
    this.checkRange(response, createRangeRequest({ key }), this.model.revision);
  }

  stream(): void {
    const request = createRangeRequest({
      ...this.rangeRequest(),
      ...{ minModRevision: 0, maxModRevision: 0, minCreateRevision: 0, maxCreateRevision: 0 },
      sortOrder: this.random.below(2),
      sortTarget: 0,
    });
    const current = this.model.revision;
    const at = request.revision > 0 ? request.revision : current;
    const task = this.store.rangeStream(request, 2000);
    const pairs: ModelPair[] = [];
    for (;;) {
      this.run(task);
      const refused = this.refusedRead(request.revision);
      assert.equal(task.outcome?.error, refused);
      if (refused !== undefined) return;
      const chunk = decodeRangeStreamResponse(this.answer(task)).rangeResponse;
      assert.ok(chunk !== undefined);
      pairs.push(...chunk.kvs.map((pair) => modelPair(pair)));
      if (!task.ended) {
        assert.equal(chunk.header, undefined);
        assert.equal(chunk.count, 0);
        if (this.chance(2)) this.putOne();
        task.next();
        continue;
      }
      const expected = this.model.range(request, at);
      this.checkHeader(chunk.header, current);
      assert.deepEqual(pairs, expected.pairs);
      assert.equal(chunk.count, expected.count);
      assert.equal(chunk.more, expected.more);
      return;
    }
  }

  hash(): void {
    // The removal under way does not show, but the model removes at once.
    this.finishCompactions();
    const revision = this.readRevision();
    const task = this.store.hashKv(revision);
    const stored = this.hashes.get(revision);
    this.run(task);
    if (stored !== undefined) {
      assert.deepEqual(task.outcome, {
        error: undefined,
        result: {
          hash: stored.hash,
          hashRevision: revision,
          compactRevision: stored.compact,
          currentRevision: this.model.revision,
        },
      });
      return;
    }
    const refused = this.refusedRead(revision);
    assert.equal(task.outcome?.error, refused);
    if (refused !== undefined || task.outcome?.error !== undefined) return;
    const at = revision === 0 ? this.model.revision : revision;
    assert.equal(task.outcome?.result.hash, this.model.hashKv(at));
    assert.equal(task.outcome?.result.compactRevision, this.model.compacted);
  }

  // Compaction.

  compact(): void {
    const revision = Math.max(-1, this.model.revision - this.random.below(20) + 1);
    const error = this.store.compact(revision);
    if (revision <= this.model.compacted) assert.equal(error, "ErrGRPCCompacted");
    else if (revision > this.model.revision) assert.equal(error, "ErrGRPCFutureRev");
    else {
      assert.equal(error, undefined);
      const compact = this.model.compacted;
      const isHashed = this.store.compactionsScheduled - this.store.compactionsFinished === 1;
      // Suspended reads below the new revision have their answers already; the model forgets.
      const hash = this.model.compact(revision);
      if (!isHashed || this.isInterrupted) this.isInterrupted = false;
      else {
        this.hashes.set(revision, { hash, compact });
        while (this.hashes.size > 10) this.hashes.delete(Math.min(...this.hashes.keys()));
      }
    }
  }

  private isInterrupted = false;

  runCompaction(): void {
    const progress = this.store.compaction?.run(this.budget());
    if (progress === "miss") this.misses++;
  }

  finishCompactions(): void {
    for (let turns = 0; this.store.compaction !== undefined; turns++) {
      this.runCompaction();
      // Suspended reads hold it up until they end.
      this.resume();
      assert.ok(turns < 100_000, "a compaction comes to its end");
    }
  }

  // Restart.

  restart(): void {
    for (const { task } of this.suspended) task.close();
    this.suspended.length = 0;
    const old = this.store;
    const leases = new Map(this.attached);
    this.attached.clear();
    this.hashes.clear();
    const isDue = old.compaction !== undefined;
    this.store = this.openStore();
    const restoration = this.store.restore({
      finished: this.backend.get("meta", FINISHED_COMPACTION),
      scheduled: this.backend.get("meta", SCHEDULED_COMPACTION),
    });
    let main = 0;
    let sub = 0;
    const add: typeof restoration.add = (m, s, tombstone, bytes, start, end) => {
      main = m;
      sub = s + 1;
      return restoration.add(m, s, tombstone, bytes, start, end);
    };
    while (this.backend.scanRecords(main, sub, Number.POSITIVE_INFINITY, add) !== undefined) this.misses++;
    restoration.end();
    assert.deepEqual(this.attached, leases);
    assert.equal(this.store.currentRevision, this.model.revision);
    assert.equal(this.store.compactRevision, this.model.compacted);
    assert.equal(this.store.compaction !== undefined, isDue);
    this.store.invariants();
  }

  // Checks.

  onChange(revision: number, changes: Changes): void {
    assert.equal(revision, this.store.currentRevision);
    this.heard = [];
    for (let i = 0; i < changes.length; i++) {
      const kind = changes.isDelete(i) ? "delete" : changes.isCreate(i) ? "create" : "put";
      const pair = Buffer.from(changes.keyValue(i)).toString("hex");
      this.heard.push(`${kind} ${keyString(changes.key(i))} ${pair}`);
    }
  }

  checkHeard(): void {
    const { changes, revision } = this.model;
    const expected = changes
      .filter((change) => change.main === revision)
      .map(({ pair, key, bytes }) => {
        if (pair === undefined) {
          const gone = { ...EMPTY_PAIR, key, mod: revision };
          return `delete ${key} ${Buffer.from(encodePair(gone)).toString("hex")}`;
        }
        const kind = pair.version === 1 ? "create" : "put";
        return `${kind} ${key} ${Buffer.from(bytes).toString("hex")}`;
      });
    assert.deepEqual(this.heard, expected);
  }

  checkHeader(header: PutHeader, revision: number): void {
    assert.deepEqual(header, { clusterId: CLUSTER, memberId: MEMBER, revision, raftTerm: 7 });
  }

  checkLeases(): void {
    const expected = new Map<string, bigint>();
    for (const pair of this.model.pairs(this.model.revision)) {
      if (pair.lease !== 0n) expected.set(pair.key, pair.lease);
    }
    assert.deepEqual(new Map([...this.attached].sort()), new Map([...expected].sort()));
  }

  play(): void {
    for (let step = 0; step < this.options.steps; step++) {
      const before = this.model.revision;
      this.step();
      if (this.model.revision > before) this.checkHeard();
      if (this.chance(2)) this.resume();
      assert.equal(this.store.currentRevision, this.model.revision);
      if (step % 20 === 0) {
        this.store.invariants();
        this.checkLeases();
      }
      if (this.chance(150)) this.restart();
    }
    this.finishCompactions();
    this.store.invariants();
    const stored = this.backend.records.map((record) => [record.main, record.sub, record.tombstone]);
    const modelled = this.model.changes.map((change) => [change.main, change.sub, change.pair === undefined]);
    assert.deepEqual(stored, modelled, "the database holds what the model holds");
  }
}

type PutHeader = ReturnType<typeof decodePutResponse>["header"];
const EMPTY_PAIR = { create: 0, version: 0, value: "", lease: 0n };

const settings: readonly Omit<Options, "seed" | "steps">[] = [
  { missing: false, nodeEntriesMax: 4, budgetMax: 3 },
  { missing: true, nodeEntriesMax: 4, budgetMax: 3 },
  { missing: true, nodeEntriesMax: 5, budgetMax: 50, arenaBytesMax: 3000 },
  { missing: true, nodeEntriesMax: 64, budgetMax: 2000, arenaBytesMax: 0 },
];

for (const setting of settings) {
  const { missing, nodeEntriesMax, budgetMax, arenaBytesMax } = setting;
  const name = `missing pages ${missing}, ${nodeEntriesMax} entries a node, budget ${budgetMax}, arena ${arenaBytesMax}`;
  test(`the store answers as the model does: ${name}`, () => {
    let misses = 0;
    for (let seed = 1; seed <= 5; seed++) {
      const world = new World({ ...setting, seed, steps: 300 });
      try {
        world.play();
      } catch (error) {
        if (error instanceof Error) error.message += `\nseed ${seed}: ${world.store.describe()}`;
        throw error;
      }
      misses += world.misses;
    }
    if (missing) assert.ok(misses > 100, "pages were missing");
  });
}
