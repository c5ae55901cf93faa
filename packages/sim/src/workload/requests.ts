/** Operations of the workload as the requests that a service would hand to the member. */

import { keyBytes, utf8Bytes, utf8String } from "@etcd-ts/base";
import {
  CompactionRequestCodec,
  createCompactionRequest,
  createDeleteRangeRequest,
  createLeaseCheckpointRequest,
  createLeaseGrantRequest,
  createLeaseRevokeRequest,
  createPutRequest,
  createRangeRequest,
  createTxnRequest,
  DeleteRangeRequestCodec,
  decodeCompactionResponse,
  decodeDeleteRangeResponse,
  decodeKeyValue,
  decodeLeaseCheckpointResponse,
  decodeLeaseGrantResponse,
  decodeLeaseRevokeResponse,
  decodePutResponse,
  decodeRangeResponse,
  decodeTxnResponse,
  LeaseCheckpointRequestCodec,
  LeaseGrantRequestCodec,
  LeaseRevokeRequestCodec,
  PutRequestCodec,
  RaftRequestField,
  type Status,
  TxnRequestCodec,
} from "@etcd-ts/proto";
import type { EncodedMessage, Member, Proposal, Read, ReadProgress } from "@etcd-ts/server";
import type { Operation } from "./history.ts";

export interface Answer {
  readonly revision: number;
  readonly value?: string | undefined;
  readonly deleted?: number | undefined;
}

/** Undefined: refused. */
export type OnAnswer = (answer: Answer | undefined) => void;

export class SimulatedProposal implements Proposal {
  readonly field: number;
  readonly request: unknown;
  readonly body: Uint8Array;
  id = 0;
  proposedAtMs = 0;
  settled = false;
  awaitsRemoval = false;
  private readonly decode: (bytes: Uint8Array) => Answer;
  private readonly onAnswer: OnAnswer;

  constructor(operation: Exclude<Operation, { kind: "get" }>, onAnswer: OnAnswer) {
    const { field, request, body, decode } = encode(operation);
    this.field = field;
    this.request = request;
    this.body = body;
    this.decode = decode;
    this.onAnswer = onAnswer;
  }

  succeed(answer: EncodedMessage): void {
    this.onAnswer(this.decode(bytesOf(answer)));
  }

  fail(_error: Status): void {
    this.onAnswer(undefined);
  }
}

function encode(operation: Exclude<Operation, { kind: "get" }>): {
  field: number;
  request: unknown;
  body: Uint8Array;
  decode: (bytes: Uint8Array) => Answer;
} {
  switch (operation.kind) {
    case "put": {
      const { lease = 0n } = operation;
      const request = createPutRequest({
        key: keyBytes(operation.key),
        value: utf8Bytes(operation.value),
        lease,
      });
      return {
        field: RaftRequestField.put,
        request,
        body: PutRequestCodec.encode(request),
        decode: (bytes) => ({ revision: decodePutResponse(bytes).header!.revision }),
      };
    }
    case "put-group": {
      const request = createTxnRequest({
        success: operation.keys.map((key) => ({
          case: "requestPut",
          value: createPutRequest({ key: keyBytes(key), value: utf8Bytes(operation.value) }),
        })),
      });
      return {
        field: RaftRequestField.txn,
        request,
        body: TxnRequestCodec.encode(request),
        decode: (bytes) => ({ revision: decodeTxnResponse(bytes).header!.revision }),
      };
    }
    case "delete-group": {
      const request = createDeleteRangeRequest({
        key: keyBytes(operation.prefix),
        rangeEnd: keyBytes(`${operation.prefix}\xff`),
      });
      return {
        field: RaftRequestField.deleteRange,
        request,
        body: DeleteRangeRequestCodec.encode(request),
        decode(bytes) {
          const response = decodeDeleteRangeResponse(bytes);
          return { revision: response.header!.revision, deleted: response.deleted };
        },
      };
    }
    case "grant": {
      const request = createLeaseGrantRequest({ id: operation.id, ttl: operation.ttlSeconds });
      return {
        field: RaftRequestField.leaseGrant,
        request,
        body: LeaseGrantRequestCodec.encode(request),
        decode: (bytes) => ({ revision: decodeLeaseGrantResponse(bytes).header!.revision }),
      };
    }
    case "revoke": {
      const request = createLeaseRevokeRequest({ id: operation.id });
      return {
        field: RaftRequestField.leaseRevoke,
        request,
        body: LeaseRevokeRequestCodec.encode(request),
        decode: (bytes) => ({ revision: decodeLeaseRevokeResponse(bytes).header!.revision }),
      };
    }
    case "clear-checkpoint": {
      const request = createLeaseCheckpointRequest({ checkpoints: [{ id: operation.id, remainingTtl: 0 }] });
      return {
        field: RaftRequestField.leaseCheckpoint,
        request,
        body: LeaseCheckpointRequestCodec.encode(request),
        decode: (bytes) => ({ revision: decodeLeaseCheckpointResponse(bytes).header!.revision }),
      };
    }
    case "compact": {
      const request = createCompactionRequest({ revision: operation.revision });
      return {
        field: RaftRequestField.compaction,
        request,
        body: CompactionRequestCodec.encode(request),
        decode: (bytes) => ({ revision: decodeCompactionResponse(bytes).header!.revision }),
      };
    }
  }
}

/** A linearizable read of one key. */
export class SimulatedGet implements Read {
  readonly linearizable = true;
  readonly gone = false;
  arrivedAtMs = 0;
  private task: ReturnType<Member["store"]["range"]> | undefined;
  private readonly member: Member;
  private readonly operation: Extract<Operation, { kind: "get" }>;
  private readonly onAnswer: OnAnswer;

  constructor(member: Member, operation: Extract<Operation, { kind: "get" }>, onAnswer: OnAnswer) {
    this.member = member;
    this.operation = operation;
    this.onAnswer = onAnswer;
  }

  run(): ReadProgress {
    const { key, atRevision } = this.operation;
    this.task ??= this.member.store.range(createRangeRequest({ key: keyBytes(key), revision: atRevision }));
    const progress = this.task.run(100);
    if (progress !== "done") return progress;
    const { response } = this.task.outcome!;
    if (response === undefined) this.onAnswer(undefined);
    else this.onAnswer(readAnswer(bytesOf(response)));
    return "answered";
  }

  close(): void {
    this.task?.close();
  }

  fail(_error: Status): void {
    this.close();
    this.onAnswer(undefined);
  }
}

function readAnswer(bytes: Uint8Array): Answer {
  const { header, kvs } = decodeRangeResponse(bytes);
  const pair = kvs[0];
  const value = pair === undefined ? undefined : utf8String(decodeKeyValue(pair).value);
  return { revision: header!.revision, value };
}

function bytesOf(answer: EncodedMessage): Uint8Array {
  const bytes = new Uint8Array(answer.size);
  answer.writeTo(bytes, 0);
  return bytes;
}
