/**
 * Majorities: which index a set of voters has agreed on, and whether a vote is won.
 *
 * A majority of n is floor(n/2)+1. The empty set agrees to everything (index infinity, vote won), which makes it the neutral
 * second half of a joint quorum: a joint quorum decides only what both halves decide. Nothing here has state.
 */

export type Voters = ReadonlySet<bigint>;

export type VoteResult = "VoteWon" | "VotePending" | "VoteLost";

/** Says how far each voter has acknowledged; 0 for one that is unknown. */
export interface Acknowledgements {
  ackedIndex(id: bigint): number;
}

export function majorityOf(count: number): number {
  return Math.floor(count / 2) + 1;
}

/** Reused by every call: committing must not allocate. */
const scratch: number[] = [];

/** The largest index that a majority of `voters` has acknowledged: the quorum's place in descending order. */
export function majorityIndex(voters: Voters, acks: Acknowledgements): number {
  if (voters.size === 0) return Number.POSITIVE_INFINITY;
  let count = 0;
  for (const id of voters) {
    const index = acks.ackedIndex(id);
    let at = count++;
    for (; at > 0 && scratch[at - 1]! < index; at--) scratch[at] = scratch[at - 1]!;
    scratch[at] = index;
  }
  return scratch[majorityOf(count) - 1]!;
}

export function jointIndex(incoming: Voters, outgoing: Voters, acks: Acknowledgements): number {
  return Math.min(majorityIndex(incoming, acks), majorityIndex(outgoing, acks));
}

export function majorityVote(voters: Voters, votes: ReadonlyMap<bigint, boolean>): VoteResult {
  if (voters.size === 0) return "VoteWon";
  let granted = 0;
  let missing = 0;
  for (const id of voters) {
    const vote = votes.get(id);
    if (vote === undefined) missing++;
    else if (vote) granted++;
  }
  const quorum = majorityOf(voters.size);
  if (granted >= quorum) return "VoteWon";
  return granted + missing >= quorum ? "VotePending" : "VoteLost";
}

export function jointVote(
  incoming: Voters,
  outgoing: Voters,
  votes: ReadonlyMap<bigint, boolean>,
): VoteResult {
  const first = majorityVote(incoming, votes);
  const second = majorityVote(outgoing, votes);
  if (first === second) return first;
  return first === "VoteLost" || second === "VoteLost" ? "VoteLost" : "VotePending";
}
