/**
 * A client of the member within the member: what the Lock and Election services ask of KV, Lease and Watch. It owes what the API
 * layer of those services owes (quota, validation), goes through the log and the read barrier as every client does, and gets
 * decoded answers.
 *
 * Not responsible for: who may do what; the codes of errors (those services send the text alone).
 */

import {
  type Codec,
  createLeaseGrantRequest,
  type DeleteRangeRequest,
  DeleteRangeRequestCodec,
  type DeleteRangeResponse,
  decodeDeleteRangeResponse,
  decodeLeaseGrantResponse,
  decodeRangeResponse,
  decodeTxnResponse,
  ERRORS,
  LeaseGrantRequestCodec,
  type LeaseGrantResponse,
  RaftRequestField,
  type RangeRequest,
  type RangeResponse,
  type Status,
  type TxnRequest,
  TxnRequestCodec,
  type TxnResponse,
} from "@etcd-ts/proto";
import { costOf } from "../apply/quota.ts";
import { validateDeleteRange, validateRange, validateTxn } from "../mvcc/validation.ts";
import type { ServedMember } from "../rpc/served-member.ts";
import type { WatchHub, WatchOrder } from "../watch/watch-hub.ts";
import { LocalProposal } from "./local-proposal.ts";
import { LocalRead } from "./local-read.ts";
import { LocalWatch } from "./local-watch.ts";
import type { Operation } from "./procedure.ts";

export interface ServingMember extends ServedMember {
  readonly watches: WatchHub;
}

export class LocalClient {
  private readonly member: ServingMember;

  constructor(member: ServingMember) {
    this.member = member;
  }

  /** The newest that any answer up to now can have told of. */
  get revision(): number {
    return this.member.store.currentRevision;
  }

  range(request: RangeRequest): Operation<RangeResponse> {
    return (settle) => {
      const invalid = validateRange(request);
      if (invalid !== undefined) {
        settle({ ok: false, error: invalid });
        return nothing;
      }
      const read = new LocalRead(this.member.store, request, decodeRangeResponse, settle);
      this.member.read(read);
      return () => {
        read.gone = true;
      };
    };
  }

  txn(request: TxnRequest): Operation<TxnResponse> {
    const invalid = () => validateTxn(request, this.member.txnOpsMax);
    return this.proposal(RaftRequestField.txn, TxnRequestCodec, request, invalid, decodeTxnResponse);
  }

  deleteRange(request: DeleteRangeRequest): Operation<DeleteRangeResponse> {
    const field = RaftRequestField.deleteRange;
    const invalid = () => validateDeleteRange(request);
    return this.proposal(field, DeleteRangeRequestCodec, request, invalid, decodeDeleteRangeResponse);
  }

  /** Begins something that nobody waits for. */
  begin(operation: Operation<unknown>): void {
    operation(() => {});
  }

  /** A lease with an id of the member's choice. */
  grantLease(ttlSeconds: number): Operation<LeaseGrantResponse> {
    const request = createLeaseGrantRequest({ id: this.member.newLeaseId(), ttl: ttlSeconds });
    const field = RaftRequestField.leaseGrant;
    return this.proposal(field, LeaseGrantRequestCodec, request, () => undefined, decodeLeaseGrantResponse);
  }

  /** A watch, which the caller closes. */
  watch(range: Pick<WatchOrder, "key" | "end" | "startRevision">): LocalWatch {
    return new LocalWatch(this.member.watches, { ...range, id: 0, flags: 0 });
  }

  private proposal<Request, Response>(
    field: number,
    codec: Codec<Request>,
    request: Request,
    invalid: () => Status | undefined,
    decode: (bytes: Uint8Array) => Response,
  ): Operation<Response> {
    const { member } = this;
    return (settle) => {
      const refused = member.hasRoomFor(costOf(field, request)) ? invalid() : ERRORS.noSpace;
      if (refused === undefined) member.propose(new LocalProposal(field, codec, request, decode, settle));
      else if (refused !== ERRORS.noSpace) settle({ ok: false, error: refused });
      else member.refuseForSpace(() => settle({ ok: false, error: refused }));
      return nothing;
    };
  }
}

function nothing(): void {}
