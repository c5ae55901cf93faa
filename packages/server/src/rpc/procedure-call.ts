/**
 * Unary calls that a procedure answers: it runs until it ends, or until nobody waits for the call. Its errors lose their codes, because
 * the services that are made this way reach KV, Lease and Watch as clients do.
 */

import type { GrpcServer, UnaryCall } from "@etcd-ts/grpc";
import { type Method, withoutCode } from "@etcd-ts/proto";
import { encodedBytes } from "../apply/encoded-bytes.ts";
import { LocalClient, type ServingMember } from "../concurrency/local-client.ts";
import { type Procedure, Running } from "../concurrency/procedure.ts";
import { decodeRequest } from "./decode.ts";
import { guardCall } from "./guard.ts";
import { refuse, respond } from "./unary.ts";

export function addProcedure<Request, Response>(
  server: GrpcServer,
  member: ServingMember,
  method: Method<Request, Response>,
  begin: (client: LocalClient, request: Request) => Procedure<Response>,
): void {
  const client = new LocalClient(member);
  const onCall = (call: UnaryCall, bytes: Buffer) => {
    // It may wait for long: it must not pin the chunk that its request came in.
    const request = decodeRequest(call, method.request.decode, Buffer.from(bytes));
    if (request === undefined) return;
    const refused = guardCall(member, call.metadata, false);
    if (refused !== undefined) return refuse(call, refused);
    call.data = new Running(begin(client, request), member, (outcome) => {
      if (outcome.ok) respond(call, encodedBytes(method.response.encode(outcome.value)));
      else refuse(call, withoutCode(outcome.error));
    });
  };
  server.addUnary(method.path, onCall, (call) => {
    if (call.data instanceof Running) call.data.cancel();
  });
}
