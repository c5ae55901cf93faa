/**
 * The active membership: two sets of voters, of which the outgoing one is non-empty only in a joint configuration, and the
 * learners. Values are never changed in place: a change makes a new configuration (`confchange/`).
 */

import type { ConfState } from "@etcd-ts/proto";
import type { Voters } from "../quorum/quorum.ts";

export interface Configuration {
  readonly incoming: Voters;
  /** The voters before the change under way; empty when there is none. */
  readonly outgoing: Voters;
  readonly learners: Voters;
  /** Outgoing voters that become learners when the joint configuration is left. */
  readonly learnersNext: Voters;
  /** The leader leaves the joint configuration by itself once it is applied. */
  readonly autoLeave: boolean;
}

const NONE: Voters = new Set();

export const EMPTY_CONFIGURATION: Configuration = {
  incoming: NONE,
  outgoing: NONE,
  learners: NONE,
  learnersNext: NONE,
  autoLeave: false,
};

export function isJoint(config: Configuration): boolean {
  return config.outgoing.size > 0;
}

/** One voter, and no change under way: it decides alone. */
export function isSingleton(config: Configuration): boolean {
  return config.incoming.size === 1 && config.outgoing.size === 0;
}

export function isVoter(config: Configuration, id: bigint): boolean {
  return config.incoming.has(id) || config.outgoing.has(id);
}

/** The voters of both halves, ascending. */
export function voterIds(config: Configuration): bigint[] {
  return sorted(new Set([...config.incoming, ...config.outgoing]));
}

export function sorted(ids: Iterable<bigint>): bigint[] {
  return [...ids].sort(compareIds);
}

export function compareIds(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function confStateOf(config: Configuration): ConfState {
  return {
    voters: sorted(config.incoming),
    learners: sorted(config.learners),
    votersOutgoing: sorted(config.outgoing),
    learnersNext: sorted(config.learnersNext),
    autoLeave: config.autoLeave,
  };
}

export function describeConfiguration(config: Configuration): string {
  let text = `voters=${idList(config.incoming)}`;
  if (config.outgoing.size > 0) text += `&&${idList(config.outgoing)}`;
  if (config.learners.size > 0) text += ` learners=${idList(config.learners)}`;
  if (config.learnersNext.size > 0) text += ` learners_next=${idList(config.learnersNext)}`;
  if (config.autoLeave) text += " autoleave";
  return text;
}

function idList(ids: Voters): string {
  return `(${sorted(ids)
    .map((id) => id.toString(16))
    .join(" ")})`;
}
