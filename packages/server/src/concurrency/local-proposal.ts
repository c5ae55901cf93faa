/** A proposal whose answer is taken apart again for a procedure of this member. */

import type { Codec, Status } from "@etcd-ts/proto";
import { copyOf } from "../apply/encoded-bytes.ts";
import type { EncodedMessage } from "../mvcc/store-types.ts";
import type { Proposal } from "../node/proposal.ts";
import type { Outcome } from "./procedure.ts";

export class LocalProposal<Request, Response> implements Proposal {
  readonly field: number;
  readonly request: Request;
  readonly body: Uint8Array;
  id = 0;
  proposedAtMs = 0;
  settled = false;
  awaitsRemoval = false;
  private readonly decode: (bytes: Uint8Array) => Response;
  private readonly settle: (outcome: Outcome<Response>) => void;

  constructor(
    field: number,
    codec: Codec<Request>,
    request: Request,
    decode: (bytes: Uint8Array) => Response,
    settle: (outcome: Outcome<Response>) => void,
  ) {
    this.field = field;
    this.request = request;
    this.body = codec.encode(request);
    this.decode = decode;
    this.settle = settle;
  }

  succeed(answer: EncodedMessage): void {
    this.settle({ ok: true, value: this.decode(copyOf(answer)) });
  }

  fail(error: Status): void {
    this.settle({ ok: false, error });
  }
}
