/**
 * Answers that need no allocation of their own: one reused object a kind, filled, written and forgotten within one call.
 */

import { createResponseHeader, type ResponseHeader } from "@etcd-ts/proto";
import type { EncodedMessage, KeyValueStore } from "../mvcc/store-types.ts";

/** Response headers of everything that is not written by the store itself. */
export class Headers {
  private readonly clusterId: bigint;
  private readonly memberId: bigint;
  private readonly store: KeyValueStore;

  constructor(clusterId: bigint, memberId: bigint, store: KeyValueStore) {
    this.clusterId = clusterId;
    this.memberId = memberId;
    this.store = store;
  }

  /** With the store's current revision. */
  current(): ResponseHeader {
    return this.at(this.store.currentRevision);
  }

  /** `revision` 0: the services of the cluster leave it unset. */
  at(revision: number): ResponseHeader {
    return createResponseHeader({
      clusterId: this.clusterId,
      memberId: this.memberId,
      revision,
      raftTerm: this.store.raftTerm,
    });
  }
}

/** The answers that the store can write by itself; each object is reused. */
export class Answers {
  private readonly putAnswer: PutAnswer;
  private readonly headerAnswer: HeaderAnswer;

  constructor(store: KeyValueStore) {
    this.putAnswer = new PutAnswer(store);
    this.headerAnswer = new HeaderAnswer(store);
  }

  /** PutResponse without `prev_kv`. */
  put(revision: number): EncodedMessage {
    this.putAnswer.revision = revision;
    return this.putAnswer;
  }

  /** A response that holds a header and nothing else: CompactionResponse, LeaseRevokeResponse, … */
  header(): EncodedMessage {
    return this.headerAnswer;
  }
}

class PutAnswer implements EncodedMessage {
  revision = 0;
  private readonly store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.store = store;
  }

  get size(): number {
    return this.store.putResponseSize(this.revision);
  }

  writeTo(target: Uint8Array, position: number): number {
    return this.store.writePutResponse(target, position, this.revision);
  }
}

class HeaderAnswer implements EncodedMessage {
  private readonly store: KeyValueStore;

  constructor(store: KeyValueStore) {
    this.store = store;
  }

  get size(): number {
    return this.store.headerSize(this.store.currentRevision);
  }

  writeTo(target: Uint8Array, position: number): number {
    return this.store.writeHeader(target, position, this.store.currentRevision);
  }
}
