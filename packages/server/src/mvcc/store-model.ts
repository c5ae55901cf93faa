/**
 * The reference for tests: a plain list of all changes, read from its beginning for every question. Written from the rules of
 * `api-semantics.md` 2-8 and `disk-formats.md` 5.1, 5.5, with none of the store's code.
 */

import { compareBytes, crc32cUpdate, keyBytes, keyString, utf8Bytes } from "@etcd-ts/base";
import type { Compare, RangeRequest, RequestOp, TxnRequest } from "@etcd-ts/proto";

export interface ModelPair {
  readonly key: string;
  readonly create: number;
  readonly mod: number;
  readonly version: number;
  readonly value: string;
  readonly lease: bigint;
}

interface ModelChange {
  readonly main: number;
  readonly sub: number;
  /** Undefined: a delete. */
  readonly pair: ModelPair | undefined;
  readonly key: string;
  readonly bytes: Uint8Array;
}

export interface ModelRange {
  readonly pairs: readonly ModelPair[];
  readonly count: number;
  readonly more: boolean;
}

/** Compares with latin-1 names as bytes. */
function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return compareBytes(keyBytes(a.key), keyBytes(b.key));
}

export class StoreModel {
  changes: ModelChange[] = [];
  revision = 1;
  compacted = -1;
  readonly leases = new Set<bigint>();
  private readonly encode: (pair: ModelPair) => Uint8Array;
  private readonly encodeKey: (key: string) => Uint8Array;
  private sub = 0;

  constructor(encode: (pair: ModelPair) => Uint8Array, encodeKey: (key: string) => Uint8Array) {
    this.encode = encode;
    this.encodeKey = encodeKey;
  }

  // Reads.

  /** Newest change of each key at or below `revision`. */
  private newest(revision: number): Map<string, ModelChange> {
    const newest = new Map<string, ModelChange>();
    for (const change of this.changes) if (change.main <= revision) newest.set(change.key, change);
    return newest;
  }

  pairs(revision: number): ModelPair[] {
    const pairs: ModelPair[] = [];
    for (const change of this.newest(revision).values())
      if (change.pair !== undefined) pairs.push(change.pair);
    return pairs.sort(byKey);
  }

  inRange(key: Uint8Array, rangeEnd: Uint8Array, revision: number): ModelPair[] {
    return this.pairs(revision).filter((pair) => {
      const bytes = keyBytes(pair.key);
      if (rangeEnd.length === 0) return compareBytes(bytes, key) === 0;
      if (compareBytes(bytes, key) < 0) return false;
      return (rangeEnd.length === 1 && rangeEnd[0] === 0) || compareBytes(bytes, rangeEnd) < 0;
    });
  }

  range(request: RangeRequest, revision: number): ModelRange {
    let pairs = this.inRange(request.key, request.rangeEnd, revision);
    const count = pairs.length;
    if (request.countOnly) return { pairs: [], count, more: false };
    const { minModRevision, maxModRevision, minCreateRevision, maxCreateRevision, limit } = request;
    const isFiltered = (minModRevision || maxModRevision || minCreateRevision || maxCreateRevision) !== 0;
    const isKeyAscending = request.sortTarget === 0 && request.sortOrder !== 2;
    const isAll = isFiltered || (request.sortOrder !== 0 && !isKeyAscending);
    if (!isAll && limit > 0) pairs = pairs.slice(0, limit + 1);
    if (maxModRevision !== 0) pairs = pairs.filter((pair) => pair.mod <= maxModRevision);
    if (minModRevision !== 0) pairs = pairs.filter((pair) => pair.mod >= minModRevision);
    if (maxCreateRevision !== 0) pairs = pairs.filter((pair) => pair.create <= maxCreateRevision);
    if (minCreateRevision !== 0) pairs = pairs.filter((pair) => pair.create >= minCreateRevision);
    if (!isKeyAscending) pairs = sorted(pairs, request);
    const more = limit > 0 && pairs.length > limit;
    if (more) pairs = pairs.slice(0, limit);
    if (request.keysOnly) {
      const withLease = request.sortTarget === 4;
      pairs = pairs.map((pair) => ({ ...pair, value: "", lease: withLease ? pair.lease : 0n }));
    }
    return { pairs, count, more };
  }

  // Writes: `begin`, operations, `end`.

  begin(): void {
    this.sub = 0;
  }

  get changedSoFar(): boolean {
    return this.sub > 0;
  }

  end(): number {
    if (this.sub === 0) return 0;
    return ++this.revision;
  }

  find(key: string): ModelPair | undefined {
    return this.newest(this.revision + 1).get(key)?.pair;
  }

  put(key: string, value: string, lease: bigint): void {
    const old = this.find(key);
    const main = this.revision + 1;
    const pair = {
      key,
      value,
      lease,
      mod: main,
      create: old?.create ?? main,
      version: (old?.version ?? 0) + 1,
    };
    this.changes.push({ main, sub: this.sub++, key, pair, bytes: this.encode(pair) });
  }

  delete(key: string): void {
    const change = { main: this.revision + 1, sub: this.sub++, key, pair: undefined };
    this.changes.push({ ...change, bytes: this.encodeKey(key) });
  }

  // Txns.

  /** Whether all comparisons hold, at the state before the write. */
  holds(txn: TxnRequest): boolean {
    return txn.compare.every((compare) => this.holdsOne(compare));
  }

  private holdsOne(compare: Compare): boolean {
    const pairs = this.inRange(compare.key, compare.rangeEnd, this.revision);
    if (pairs.length > 0) return pairs.every((pair) => satisfies(compare, pair));
    if (compare.target === 3) return false;
    return satisfies(compare, { key: "", create: 0, mod: 0, version: 0, value: "", lease: 0n });
  }

  /** Name of the error that refuses the chosen path. */
  refusal(ops: readonly RequestOp[]): string | undefined {
    for (const op of ops) {
      if (op.case === "requestRange" && op.value.revision !== 0) {
        if (op.value.revision > this.revision) return "ErrGRPCFutureRev";
        if (op.value.revision < this.compacted) return "ErrGRPCCompacted";
      }
      if (op.case === "requestPut") {
        const { lease, ignoreLease, ignoreValue, key } = op.value;
        if (lease !== 0n && !this.leases.has(lease)) return "ErrGRPCLeaseNotFound";
        if (
          (ignoreLease || ignoreValue) &&
          this.pairs(this.revision).every((pair) => pair.key !== keyString(key))
        ) {
          return "ErrGRPCKeyNotFound";
        }
      }
      if (op.case === "requestTxn") {
        const inner = this.holds(op.value) ? op.value.success : op.value.failure;
        const error = this.refusal(inner);
        if (error !== undefined) return error;
      }
    }
    return undefined;
  }

  // Compaction and hashes.

  /** What a compaction at `revision` would keep of the changes at or below it; `tombstones`: those exactly there, too. */
  private kept(revision: number, tombstones: boolean): Set<ModelChange> {
    const kept = new Set<ModelChange>();
    for (const change of this.newest(revision).values()) {
      if (change.pair !== undefined || (tombstones && change.main === revision)) kept.add(change);
    }
    return kept;
  }

  /** The compaction's hash; then the removal. */
  compact(revision: number): number {
    const kept = this.kept(revision, true);
    const hash = this.hash(revision, this.compacted, kept);
    this.changes = this.changes.filter((change) => change.main > revision || kept.has(change));
    this.compacted = revision;
    return hash;
  }

  hashKv(revision: number): number {
    return this.hash(revision, this.compacted, this.kept(revision, false));
  }

  private hash(revision: number, compacted: number, kept: ReadonlySet<ModelChange>): number {
    let crc = crc32cUpdate(0, utf8Bytes("key"));
    for (const change of this.changes) {
      if (change.main > revision) continue;
      if (change.main <= compacted && kept.size > 0 && !kept.has(change)) continue;
      const isTombstone = change.pair === undefined;
      if (isTombstone && change.main === compacted) continue;
      const key = Buffer.alloc(isTombstone ? 18 : 17);
      key.writeBigInt64BE(BigInt(change.main), 0);
      key[8] = 0x5f;
      key.writeBigInt64BE(BigInt(change.sub), 9);
      if (isTombstone) key[17] = 0x74;
      crc = crc32cUpdate(crc32cUpdate(crc, key), change.bytes);
    }
    return crc;
  }
}

function sorted(pairs: readonly ModelPair[], request: RangeRequest): ModelPair[] {
  const sign = request.sortOrder === 2 ? -1 : 1;
  const order = (a: ModelPair, b: ModelPair): number => {
    switch (request.sortTarget) {
      case 1:
        return a.version - b.version;
      case 2:
        return a.create - b.create;
      case 3:
        return a.mod - b.mod;
      case 4:
        return compareBytes(keyBytes(a.value), keyBytes(b.value));
      default:
        return byKey(a, b);
    }
  };
  return [...pairs].sort((a, b) => sign * order(a, b));
}

function satisfies(compare: Compare, pair: ModelPair): boolean {
  let order = 0;
  const { targetUnion } = compare;
  if (compare.target === 0) order = pair.version - (targetUnion === "version" ? compare.version : 0);
  if (compare.target === 1)
    order = pair.create - (targetUnion === "createRevision" ? compare.createRevision : 0);
  if (compare.target === 2) order = pair.mod - (targetUnion === "modRevision" ? compare.modRevision : 0);
  if (compare.target === 3) {
    const given = targetUnion === "value" ? compare.value : new Uint8Array(0);
    order = compareBytes(keyBytes(pair.value), given);
  }
  if (compare.target === 4) order = Number(pair.lease - (targetUnion === "lease" ? compare.lease : 0n));
  if (compare.result === 0) return order === 0;
  if (compare.result === 1) return order > 0;
  if (compare.result === 2) return order < 0;
  return compare.result === 3 ? order !== 0 : true;
}
