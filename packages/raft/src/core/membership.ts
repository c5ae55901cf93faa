/** Changes of the configuration as they take effect: when they are applied, and when a snapshot or a restart brings one. */

import { assert } from "@etcd-ts/base";
import { type ConfChangeV2, type ConfState, Entry, EntryType, Message, MessageType } from "@etcd-ts/proto";
import { Changer } from "../confchange/changer.ts";
import { type Configuration, confStateOf, describeConfiguration, isVoter } from "../tracker/configuration.ts";
import type { ProgressMap } from "../tracker/tracker.ts";
import { NONE } from "./message-kinds.ts";
import type { Raft } from "./raft.ts";
import { broadcastAppend, maybeSendAppend } from "./replication.ts";

/** An entry with `change` was applied: the new configuration holds from now on. */
export function applyConfChange(raft: Raft, change: ConfChangeV2): ConfState {
  const outcome = new Changer(raft.tracker, raft.log.lastIndex()).apply(change);
  if (!outcome.ok) raft.logger.fatal(outcome.refusal);
  assert(outcome.ok, "raft: a committed configuration change cannot be applied");
  return switchToConfiguration(raft, outcome.config, outcome.progress);
}

export function switchToConfiguration(raft: Raft, config: Configuration, progress: ProgressMap): ConfState {
  raft.tracker.switchTo(config, progress);
  raft.logger.info(`${raft.name} switched to configuration ${describeConfiguration(config)}`);
  const own = progress.get(raft.id);
  raft.isLearner = own?.isLearner ?? false;
  if (raft.state === "StateLeader") leadConfiguration(raft, own !== undefined && !own.isLearner);
  return confStateOf(config);
}

function leadConfiguration(raft: Raft, stillVoter: boolean): void {
  const { config } = raft.tracker;
  if (!stillVoter) {
    // Otherwise it goes on leading without counting itself, until somebody else is elected.
    if (raft.config.stepDownOnRemoval) raft.becomeFollower(raft.term, NONE);
    return;
  }
  if (config.incoming.size === 0) return;
  // The quorum may be smaller now, and a new member may need the log.
  if (raft.maybeCommit()) {
    broadcastAppend(raft);
  } else {
    for (const progress of raft.tracker.ordered) {
      if (progress.id !== raft.id) maybeSendAppend(raft, progress, false);
    }
  }
  if (raft.leadTransferee !== NONE && !isVoter(config, raft.leadTransferee)) raft.leadTransferee = NONE;
}

/** The leader proposes to leave a joint configuration as soon as it is applied, if it was entered so. */
export function maybeLeaveJoint(raft: Raft): void {
  const { config } = raft.tracker;
  if (!config.autoLeave || raft.state !== "StateLeader" || raft.log.applied < raft.pendingConfIndex) return;
  const proposal = new Message(MessageType.Prop);
  // No payload at all: the change of nothing.
  proposal.entries = [new Entry(EntryType.ConfChangeV2, 0, 0, undefined)];
  const refusal = raft.step(proposal);
  const what = `initiating automatic transition out of joint configuration ${describeConfiguration(config)}`;
  if (refusal === undefined) raft.logger.info(what);
  else raft.logger.debug(`not ${what}: ${refusal}`);
}
