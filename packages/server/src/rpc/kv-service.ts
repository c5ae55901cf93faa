/**
 * Service `etcdserverpb.KV`: Range, RangeStream, Put, DeleteRange, Txn, Compact (`api-semantics.md` 4-8).
 *
 * Each handler does what the API layer owes: the guard, decoding, the quota, validation. Then it hands the request to the member,
 * as a proposal or as a read.
 */

import type { GrpcServer, StreamCall, UnaryCall } from "@etcd-ts/grpc";
import {
  type CompactionRequest,
  decodeCompactionRequest,
  decodeDeleteRangeRequest,
  decodePutRequest,
  decodeRangeRequest,
  decodeTxnRequest,
  ERRORS,
  KVService,
  RaftRequestField,
  type RangeRequest,
  type Status,
  type TxnRequest,
} from "@etcd-ts/proto";
import { costOfPut, costOfTxn } from "../apply/quota.ts";
import { READ_RANGE, READ_TXN } from "../metrics/server-metrics.ts";
import type { KeyValueStore } from "../mvcc/store-types.ts";
import { validateDeleteRange, validatePut, validateRange, validateTxn } from "../mvcc/validation.ts";
import type { Read, ReadProgress } from "../node/read.ts";
import { decodeMessage, decodeRequest } from "./decode.ts";
import { guardCall, guardStream } from "./guard.ts";
import { RangeStreamRead } from "./range-stream.ts";
import type { ServedMember } from "./served-member.ts";
import { refuse, TaskRead, UnaryProposal } from "./unary.ts";

export function serveKv(server: GrpcServer, member: ServedMember): void {
  const { range, rangeStream, put, deleteRange, txn, compact } = KVService.methods;
  server.addUnary(range.path, (call, bytes) => onRange(member, call, bytes));
  server.addServerStream(rangeStream.path, (call, bytes) => onRangeStream(member, call, bytes));
  server.addUnary(put.path, (call, bytes) => onPut(member, call, bytes));
  server.addUnary(deleteRange.path, (call, bytes) => onDeleteRange(member, call, bytes));
  server.addUnary(txn.path, (call, bytes) => onTxn(member, call, bytes));
  server.addUnary(compact.path, (call, bytes) => onCompact(member, call, bytes));
}

function onRange(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  const request = decodeRequest(call, decodeRangeRequest, bytes);
  if (request === undefined) return;
  const refused = guardCall(member, call.metadata, request.serializable) ?? validateRange(request);
  if (refused !== undefined) return refuse(call, refused);
  member.read(isPlainGet(request) ? new GetRead(call, member, request) : rangeRead(member, call, request));
}

/** One key, now, whole: what most reads are. */
function isPlainGet(request: RangeRequest): boolean {
  return (
    request.rangeEnd.length === 0 &&
    request.revision <= 0 &&
    !request.keysOnly &&
    !request.countOnly &&
    request.minModRevision === 0 &&
    request.maxModRevision === 0 &&
    request.minCreateRevision === 0 &&
    request.maxCreateRevision === 0
  );
}

function rangeRead(member: ServedMember, call: UnaryCall, request: RangeRequest): TaskRead {
  return new TaskRead(call, member, READ_RANGE, !request.serializable, () => member.store.range(request));
}

/** A plain get: no task, no allocation, unless its value must come from the disk. */
class GetRead implements Read {
  arrivedAtMs = 0;
  private slow: TaskRead | undefined;
  private readonly call: UnaryCall;
  private readonly member: ServedMember;
  private readonly request: RangeRequest;

  constructor(call: UnaryCall, member: ServedMember, request: RangeRequest) {
    this.call = call;
    this.member = member;
    this.request = request;
  }

  get linearizable(): boolean {
    return !this.request.serializable;
  }

  get gone(): boolean {
    return this.call.cancelled;
  }

  run(): ReadProgress {
    if (this.slow !== undefined) return this.slow.run();
    const { store, metrics } = this.member;
    const size = store.prepareGet(this.request.key);
    if (size < 0) return this.runSlow();
    this.call.respondInto(size, writeGet, store);
    const waitedMs = this.member.nowMs - this.arrivedAtMs;
    if (waitedMs === 0) metrics.instantRanges++;
    else metrics.countRange(waitedMs / 1000, true);
    return "answered";
  }

  fail(error: Status): void {
    if (this.slow !== undefined) this.slow.fail(error);
    else refuse(this.call, error);
  }

  close(): void {
    this.slow?.close();
  }

  private runSlow(): ReadProgress {
    this.slow = rangeRead(this.member, this.call, this.request);
    this.slow.arrivedAtMs = this.arrivedAtMs;
    return this.slow.run();
  }
}

function writeGet(store: KeyValueStore, target: Buffer, position: number): number {
  return store.writeGet(target, position);
}

function onRangeStream(member: ServedMember, call: StreamCall, bytes: Buffer): RangeStreamRead | undefined {
  const request = decodeMessage(call, decodeRangeRequest, bytes);
  if (request === undefined) return undefined;
  const refused = guardStream(member, call.metadata, false) ?? rangeStreamRefusal(request);
  if (refused !== undefined) {
    call.end(refused.code, refused.message);
    return undefined;
  }
  const read = new RangeStreamRead(call, member, request);
  member.read(read);
  return read;
}

const SORT_ASCEND = 1;
const SORT_NONE = 0;
const TARGET_KEY = 0;

function rangeStreamRefusal(request: RangeRequest): Status | undefined {
  const invalid = validateRange(request);
  if (invalid !== undefined) return invalid;
  const inKeyOrder =
    request.sortOrder === SORT_NONE ||
    (request.sortOrder === SORT_ASCEND && request.sortTarget === TARGET_KEY);
  if (!inKeyOrder) return ERRORS.rangeStreamSortOrder;
  const { minModRevision, maxModRevision, minCreateRevision, maxCreateRevision } = request;
  const filtered =
    minModRevision !== 0 || maxModRevision !== 0 || minCreateRevision !== 0 || maxCreateRevision !== 0;
  return filtered ? ERRORS.rangeStreamRevisionFilters : undefined;
}

function onPut(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  const request = decodeRequest(call, decodePutRequest, bytes);
  if (request === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  if (!member.hasRoomFor(costOfPut(request)))
    return member.refuseForSpace(() => refuse(call, ERRORS.noSpace));
  const invalid = validatePut(request);
  if (invalid !== undefined) return refuse(call, invalid);
  member.propose(new UnaryProposal(call, RaftRequestField.put, request, bytes));
}

function onDeleteRange(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  const request = decodeRequest(call, decodeDeleteRangeRequest, bytes);
  if (request === undefined) return;
  const refused = guardCall(member, call.metadata, false) ?? validateDeleteRange(request);
  if (refused !== undefined) return refuse(call, refused);
  member.propose(new UnaryProposal(call, RaftRequestField.deleteRange, request, bytes));
}

function onTxn(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  const request = decodeRequest(call, decodeTxnRequest, bytes);
  if (request === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  if (!member.hasRoomFor(costOfTxn(request)))
    return member.refuseForSpace(() => refuse(call, ERRORS.noSpace));
  const invalid = validateTxn(request, member.txnOpsMax);
  if (invalid !== undefined) return refuse(call, invalid);
  if (isReadOnly(request)) {
    const begin = () => member.store.readTxn(request);
    return member.read(new TaskRead(call, member, READ_TXN, !isSerializable(request), begin));
  }
  member.propose(new UnaryProposal(call, RaftRequestField.txn, request, bytes));
}

/** Every operation is a range; an empty list counts, a nested txn does not. */
function isReadOnly(request: TxnRequest): boolean {
  return [request.success, request.failure].every((ops) => ops.every((op) => op.case === "requestRange"));
}

/** Of a read-only txn. Without any operation it is. */
function isSerializable(request: TxnRequest): boolean {
  return [request.success, request.failure].every((ops) =>
    ops.every((op) => op.case === "requestRange" && op.value.serializable),
  );
}

function onCompact(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  const request: CompactionRequest | undefined = decodeRequest(call, decodeCompactionRequest, bytes);
  if (request === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  member.propose(new UnaryProposal(call, RaftRequestField.compaction, request, bytes));
}
