/**
 * Service `etcdserverpb.Cluster`. Members are listed in ascending order of their ids; headers carry no revision.
 *
 * Changes of the membership are not served yet: they are refused with Unimplemented and a text that says so.
 */

import { Code, type GrpcServer, type UnaryCall } from "@etcd-ts/grpc";
import {
  ClusterService,
  createMember,
  decodeMemberListRequest,
  encodeMemberListResponse,
  type Member,
} from "@etcd-ts/proto";
import type { MemberRecord } from "../membership/member-record.ts";
import { AnswerRead } from "./answer-read.ts";
import { decodeRequest } from "./decode.ts";
import { guardCall } from "./guard.ts";
import type { ServedMember } from "./served-member.ts";
import { refuse } from "./unary.ts";

export function serveCluster(server: GrpcServer, member: ServedMember): void {
  const { memberList, memberAdd, memberRemove, memberUpdate, memberPromote } = ClusterService.methods;
  server.addUnary(memberList.path, (call, bytes) => onMemberList(member, call, bytes));
  for (const { path, name } of [memberAdd, memberRemove, memberUpdate, memberPromote]) {
    server.addUnary(path, (call) =>
      call.fail(Code.UNIMPLEMENTED, `${name} is not supported by this version`),
    );
  }
}

function onMemberList(member: ServedMember, call: UnaryCall, bytes: Buffer): void {
  const request = decodeRequest(call, decodeMemberListRequest, bytes);
  if (request === undefined) return;
  const refused = guardCall(member, call.metadata, false);
  if (refused !== undefined) return refuse(call, refused);
  member.read(new AnswerRead(call, request.linearizable, () => memberList(member)));
}

function memberList(member: ServedMember): Uint8Array {
  return encodeMemberListResponse({
    header: member.headers.at(0),
    members: member.membership.list().map(memberMessage),
  });
}

export function memberMessage(record: MemberRecord): Member {
  return createMember({
    id: record.id,
    name: record.name,
    peerUrls: [...record.peerUrls],
    clientUrls: [...record.clientUrls],
    isLearner: record.isLearner,
  });
}
