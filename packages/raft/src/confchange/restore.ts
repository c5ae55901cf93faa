/**
 * From a stored {@link ConfState} back to a configuration: the same changes that could have led to it are applied to an empty one.
 *
 * A joint state is entered from its outgoing voters. Learners are added last: until the outgoing half is in place nobody can be
 * told apart who is a learner now from who becomes one.
 */

import { assert } from "@etcd-ts/base";
import { type ConfChangeSingle, ConfChangeType, type ConfState } from "@etcd-ts/proto";
import { ProgressTracker } from "../tracker/tracker.ts";
import { type ChangeOutcome, Changer } from "./changer.ts";

/** A tracker with the configuration of `state`, whose members' progress starts at `lastIndex`. */
export function restoreTracker(
  state: ConfState,
  lastIndex: number,
  inflightMessagesMax: number,
  inflightBytesMax: number,
): ProgressTracker {
  const tracker = new ProgressTracker(inflightMessagesMax, inflightBytesMax);
  const add = (outcome: ChangeOutcome): void => {
    assert(outcome.ok, "raft: stored configuration cannot be restored");
    tracker.switchTo(outcome.config, outcome.progress);
  };
  const joint = state.votersOutgoing.length > 0;
  const first = [
    ...changes(ConfChangeType.AddNode, joint ? state.votersOutgoing : state.voters),
    ...changes(ConfChangeType.AddLearnerNode, joint ? [] : state.learners),
  ];
  for (const change of first) add(new Changer(tracker, lastIndex).simple([change]));
  if (joint) add(new Changer(tracker, lastIndex).enterJoint(state.autoLeave, jointChanges(state)));
  return tracker;
}

function jointChanges(state: ConfState): ConfChangeSingle[] {
  return [
    ...changes(ConfChangeType.RemoveNode, state.votersOutgoing),
    ...changes(ConfChangeType.AddNode, state.voters),
    ...changes(ConfChangeType.AddLearnerNode, state.learners),
    ...changes(ConfChangeType.AddLearnerNode, state.learnersNext),
  ];
}

function changes(type: ConfChangeType, ids: readonly bigint[]): ConfChangeSingle[] {
  return ids.map((nodeId) => ({ type, nodeId }));
}
