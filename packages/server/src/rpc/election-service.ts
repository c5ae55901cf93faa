/** Service `v3electionpb.Election` (`api-semantics.md` 12). */

import type { GrpcServer, ServerStreamListener, StreamCall } from "@etcd-ts/grpc";
import {
  decodeLeaderRequest,
  ElectionService,
  ERRORS,
  encodeLeaderResponse,
  type LeaderResponse,
} from "@etcd-ts/proto";
import { campaign, currentLeader, observe, proclaim, resign } from "../concurrency/election.ts";
import { LocalClient, type ServingMember } from "../concurrency/local-client.ts";
import { type Operation, type Procedure, Running, result } from "../concurrency/procedure.ts";
import { decodeMessage } from "./decode.ts";
import { guardStream, requiresLeader } from "./guard.ts";
import { addProcedure } from "./procedure-call.ts";

export function serveElection(server: GrpcServer, member: ServingMember): void {
  const { methods } = ElectionService;
  addProcedure(server, member, methods.campaign, campaign);
  addProcedure(server, member, methods.proclaim, proclaim);
  addProcedure(server, member, methods.resign, resign);
  addProcedure(server, member, methods.leader, currentLeader);
  const client = new LocalClient(member);
  server.addServerStream(methods.observe.path, (call, bytes) => onObserve(member, client, call, bytes));
}

function onObserve(
  member: ServingMember,
  client: LocalClient,
  call: StreamCall,
  bytes: Buffer,
): ServerStreamListener | undefined {
  const request = decodeMessage(call, decodeLeaderRequest, Buffer.from(bytes));
  if (request === undefined) return undefined;
  const refused = guardStream(member, call.metadata, false);
  if (refused === undefined) return new ObserveCall(call, member, client, request.name);
  call.end(refused.code, refused.message);
  return undefined;
}

class ObserveCall implements ServerStreamListener {
  private readonly call: StreamCall;
  private readonly running: Running<never>;
  private readonly forgetLeader: () => void;
  /** Waits until the stream takes more. */
  private onRoom: (() => void) | undefined;

  constructor(call: StreamCall, member: ServingMember, client: LocalClient, name: Uint8Array) {
    this.call = call;
    const procedure = observe(client, { name }, (leader) => this.tell(leader));
    // What ends an observation, a watch that broke or a read that failed, ends the stream without a word.
    this.running = new Running(procedure, member, () => this.end());
    this.forgetLeader = requiresLeader(member, call.metadata)
      ? member.leaderMonitor.add(() => this.onLeaderLost())
      : () => {};
  }

  onCancel(): void {
    this.running.cancel();
    this.forgetLeader();
  }

  onDrain(): void {
    const { onRoom } = this;
    this.onRoom = undefined;
    onRoom?.();
  }

  private *tell(leader: LeaderResponse): Procedure<void> {
    if (!this.call.send(encodeLeaderResponse(leader))) yield* result(this.room);
  }

  private readonly room: Operation<void> = (settle) => {
    this.onRoom = () => settle({ ok: true, value: undefined });
    return () => {
      this.onRoom = undefined;
    };
  };

  private end(): void {
    this.forgetLeader();
    this.call.end();
  }

  private onLeaderLost(): void {
    this.running.cancel();
    this.call.end(ERRORS.noLeader.code, ERRORS.noLeader.message);
  }
}
