/**
 * The disruptive server (thesis, 4.2.3): a member that hears nobody stands for election again and again, in ever higher terms. With the
 * quorum check on, the others heard of their leader within an election timeout and do not listen: the leader stays.
 */

import { SeededRandom } from "@etcd-ts/base";
import type { Message } from "@etcd-ts/proto";
import { Checker } from "./checker.ts";
import { formattedDisk } from "./disk.ts";
import { Member } from "./member.ts";
import { Violation } from "./violation.ts";

const ROUNDS = 60;
const ROUNDS_UNTIL_LEADER_MAX = 100;

/** Runs one such cluster; throws a {@link Violation} when the leader is deposed. */
export function runDeafMember(seed: number): void {
  const random = new SeededRandom(seed);
  const voters = Array.from({ length: 3 + random.below(3) }, (_, i) => BigInt(i + 1));
  const inFlight: Message[] = [];
  const options = {
    electionTicks: 5,
    heartbeatTicks: 1,
    inflightMessagesMax: 64,
    asyncStorageWrites: false,
    checkQuorum: true,
  };
  const checker = new Checker();
  const members = voters.map((id) => {
    const send = (message: Message): void => void inFlight.push(message);
    return new Member(id, formattedDisk(voters), options, checker, random, send);
  });
  const leaderOf = (): Member | undefined => members.find((it) => it.node?.raft.state === "StateLeader");
  /** All tick; messages arrive in any order, within the tick. */
  const round = (deaf: Member | undefined): void => {
    for (const member of members) member.run((node) => node.tick());
    while (inFlight.length > 0) {
      const [message] = inFlight.splice(random.below(inFlight.length), 1);
      const target = members[Number(message!.to) - 1]!;
      if (target !== deaf) target.run((node) => node.step(message!));
    }
  };

  for (let i = 0; i < ROUNDS_UNTIL_LEADER_MAX && leaderOf() === undefined; i++) round(undefined);
  const leader = leaderOf();
  if (leader?.node === undefined) throw new Violation("progress after the storm", "nobody was elected");
  const { term } = leader.node.raft;
  const others = members.filter((it) => it !== leader);
  const deaf = others[random.below(others.length)]!;
  for (let i = 0; i < ROUNDS; i++) {
    round(deaf);
    if (leader.node.raft.term !== term) {
      throw new Violation("stable leader", `term ${term} ended though a quorum heard its leader`);
    }
  }
}
