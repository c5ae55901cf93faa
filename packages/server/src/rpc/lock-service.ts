/** Service `v3lockpb.Lock` (`api-semantics.md` 11). */

import type { GrpcServer } from "@etcd-ts/grpc";
import { LockService } from "@etcd-ts/proto";
import type { ServingMember } from "../concurrency/local-client.ts";
import { lock, unlock } from "../concurrency/lock.ts";
import { addProcedure } from "./procedure-call.ts";

export function serveLock(server: GrpcServer, member: ServingMember): void {
  const { methods } = LockService;
  addProcedure(server, member, methods.lock, lock);
  addProcedure(server, member, methods.unlock, unlock);
}
