/** The expected ways in which a call on raft declines: values, not exceptions. The texts are the original's. */

export const PROPOSAL_DROPPED = "raft proposal dropped";
export const STEP_LOCAL_MESSAGE = "raft: cannot step raft local message";
export const STEP_PEER_NOT_FOUND = "raft: cannot step as peer not found";

export type Refusal = typeof PROPOSAL_DROPPED | typeof STEP_LOCAL_MESSAGE | typeof STEP_PEER_NOT_FOUND;
