/** The store's refusals as rows of the error table. */

import { ERRORS, type Status } from "@etcd-ts/proto";
import type { StoreError } from "../mvcc/store-types.ts";

const STATUS: Readonly<Record<StoreError, Status>> = {
  ErrGRPCCompacted: ERRORS.compacted,
  ErrGRPCFutureRev: ERRORS.futureRev,
  ErrGRPCKeyNotFound: ERRORS.keyNotFound,
  ErrGRPCLeaseNotFound: ERRORS.leaseNotFound,
};

export function statusOfStoreError(error: StoreError): Status {
  return STATUS[error];
}
