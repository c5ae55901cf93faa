/** Raft's configuration: as the members of the database make it, and as bucket `meta` holds it (`disk-formats.md` 5.2). Permanent: empty lists are left out, ids are bare. */

import type { ConfState } from "@etcd-ts/proto";
import type { MemberRecord } from "./member-record.ts";

export function confStateJson(state: ConfState): string {
  const lists: readonly (readonly [string, readonly bigint[]])[] = [
    ["voters", state.voters],
    ["learners", state.learners],
    ["voters_outgoing", state.votersOutgoing],
    ["learners_next", state.learnersNext],
  ];
  const fields = lists
    .filter(([, ids]) => ids.length > 0)
    .map(([name, ids]) => `"${name}":[${ids.join(",")}]`);
  return `{${[...fields, `"auto_leave":${state.autoLeave}`].join(",")}}`;
}

/** The configuration that the members of the database make. */
export function confStateOf(members: readonly MemberRecord[]): ConfState {
  return {
    voters: members.filter((member) => !member.isLearner).map((member) => member.id),
    learners: members.filter((member) => member.isLearner).map((member) => member.id),
    votersOutgoing: [],
    learnersNext: [],
    autoLeave: false,
  };
}
