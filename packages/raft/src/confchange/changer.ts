/**
 * Changes of the configuration: simple ones, which move at most one voter, and the two steps of a joint one.
 *
 *     C_old --enterJoint(changes)--> C_new && C_old --leaveJoint--> C_new
 *
 * A change never touches what it is given: it copies, and yields a new configuration and progress map, or the text of its
 * refusal. The invariants hold for what comes in and what goes out.
 */

import { assert } from "@etcd-ts/base";
import type { ConfChange, ConfChangeSingle, ConfChangeV2 } from "@etcd-ts/proto";
import { ConfChangeTransition, ConfChangeType } from "@etcd-ts/proto";
import type { Configuration } from "../tracker/configuration.ts";
import { Inflights } from "../tracker/inflights.ts";
import { Progress } from "../tracker/progress.ts";
import type { ProgressMap, ProgressTracker } from "../tracker/tracker.ts";

export type ChangeOutcome =
  | { readonly ok: true; readonly config: Configuration; readonly progress: ProgressMap }
  | { readonly ok: false; readonly refusal: string };

interface Draft {
  readonly incoming: Set<bigint>;
  outgoing: Set<bigint>;
  readonly learners: Set<bigint>;
  learnersNext: Set<bigint>;
  autoLeave: boolean;
  readonly progress: Map<bigint, Progress>;
}

export function asConfChangeV2(change: ConfChange | ConfChangeV2): ConfChangeV2 {
  if ("changes" in change) return change;
  const { type, nodeId, context } = change;
  return { transition: ConfChangeTransition.Auto, changes: [{ type, nodeId }], context };
}

export function leavesJoint(change: ConfChangeV2): boolean {
  return change.transition === ConfChangeTransition.Auto && change.changes.length === 0;
}

export class Changer {
  private readonly tracker: ProgressTracker;
  private readonly lastIndex: number;

  /** `lastIndex` is the leader's: replication to a new member starts its search there. */
  constructor(tracker: ProgressTracker, lastIndex: number) {
    this.tracker = tracker;
    this.lastIndex = lastIndex;
  }

  /** The kind of change that `change` asks for, by its transition and its number of parts. */
  apply(change: ConfChangeV2): ChangeOutcome {
    if (leavesJoint(change)) return this.leaveJoint();
    const { transition, changes } = change;
    if (transition === ConfChangeTransition.Auto && changes.length <= 1) return this.simple(changes);
    return this.enterJoint(transition !== ConfChangeTransition.JointExplicit, changes);
  }

  simple(changes: readonly ConfChangeSingle[]): ChangeOutcome {
    const draft = this.draft();
    if (draft.outgoing.size > 0) return refused("can't apply simple config change in joint config");
    const refusal = this.applyAll(draft, changes);
    if (refusal !== undefined) return refused(refusal);
    if (differences(this.tracker.config.incoming, draft.incoming) > 1) {
      return refused("more than one voter changed without entering joint config");
    }
    return finished(draft);
  }

  enterJoint(autoLeave: boolean, changes: readonly ConfChangeSingle[]): ChangeOutcome {
    const draft = this.draft();
    if (draft.outgoing.size > 0) return refused("config is already joint");
    if (draft.incoming.size === 0) return refused("can't make a zero-voter config joint");
    draft.outgoing = new Set(draft.incoming);
    const refusal = this.applyAll(draft, changes);
    if (refusal !== undefined) return refused(refusal);
    draft.autoLeave = autoLeave;
    return finished(draft);
  }

  leaveJoint(): ChangeOutcome {
    const draft = this.draft();
    if (draft.outgoing.size === 0) return refused("can't leave a non-joint config");
    for (const id of draft.learnersNext) {
      draft.learners.add(id);
      draft.progress.get(id)!.isLearner = true;
    }
    for (const id of draft.outgoing) {
      if (!draft.incoming.has(id) && !draft.learners.has(id)) draft.progress.delete(id);
    }
    draft.outgoing = new Set();
    draft.learnersNext = new Set();
    draft.autoLeave = false;
    return finished(draft);
  }

  private draft(): Draft {
    const { incoming, outgoing, learners, learnersNext, autoLeave } = this.tracker.config;
    const progress = new Map<bigint, Progress>();
    for (const it of this.tracker.ordered) progress.set(it.id, it.clone());
    const draft = {
      incoming: new Set(incoming),
      outgoing: new Set(outgoing),
      learners: new Set(learners),
      learnersNext: new Set(learnersNext),
      autoLeave,
      progress,
    };
    checkDraft(draft);
    return draft;
  }

  /** Applies the changes in order; the text of the refusal if there is one. */
  private applyAll(draft: Draft, changes: readonly ConfChangeSingle[]): string | undefined {
    for (const { type, nodeId } of changes) {
      // A change that was refused when applied has its node set to 0: it must still count as a change.
      if (nodeId === 0n) continue;
      if (type === ConfChangeType.AddNode) this.makeVoter(draft, nodeId);
      else if (type === ConfChangeType.AddLearnerNode) this.makeLearner(draft, nodeId);
      else if (type === ConfChangeType.RemoveNode) remove(draft, nodeId);
      else if (type !== ConfChangeType.UpdateNode) return `unexpected conf type ${String(type)}`;
    }
    return draft.incoming.size === 0 ? "removed all voters" : undefined;
  }

  private makeVoter(draft: Draft, id: bigint): void {
    const progress = draft.progress.get(id);
    draft.incoming.add(id);
    if (progress === undefined) {
      draft.progress.set(id, this.newProgress(id, false));
      return;
    }
    progress.isLearner = false;
    draft.learners.delete(id);
    draft.learnersNext.delete(id);
  }

  private makeLearner(draft: Draft, id: bigint): void {
    const progress = draft.progress.get(id);
    if (progress === undefined) {
      draft.learners.add(id);
      draft.progress.set(id, this.newProgress(id, true));
      return;
    }
    if (progress.isLearner) return;
    remove(draft, id);
    draft.progress.set(id, progress);
    // Who still votes in the outgoing half cannot be a learner yet.
    if (draft.outgoing.has(id)) {
      draft.learnersNext.add(id);
    } else {
      progress.isLearner = true;
      draft.learners.add(id);
    }
  }

  private newProgress(id: bigint, isLearner: boolean): Progress {
    const { inflightMessagesMax, inflightBytesMax } = this.tracker;
    const inflights = new Inflights(inflightMessagesMax, inflightBytesMax);
    const progress = new Progress(id, 0, Math.max(this.lastIndex, 1), inflights, isLearner);
    // A new member counts as alive at first, or the quorum check that comes next could depose the leader.
    progress.recentActive = true;
    return progress;
  }
}

function remove(draft: Draft, id: bigint): void {
  if (!draft.progress.has(id)) return;
  draft.incoming.delete(id);
  draft.learners.delete(id);
  draft.learnersNext.delete(id);
  if (!draft.outgoing.has(id)) draft.progress.delete(id);
}

function refused(refusal: string): ChangeOutcome {
  return { ok: false, refusal };
}

function finished(draft: Draft): ChangeOutcome {
  checkDraft(draft);
  const { progress, ...config } = draft;
  return { ok: true, config, progress };
}

function differences(before: ReadonlySet<bigint>, after: ReadonlySet<bigint>): number {
  let count = 0;
  for (const id of before) if (!after.has(id)) count++;
  for (const id of after) if (!before.has(id)) count++;
  return count;
}

function checkDraft(draft: Draft): void {
  const { incoming, outgoing, learners, learnersNext, progress } = draft;
  for (const id of incoming) assert(progress.has(id), "confchange: voter without progress");
  for (const id of outgoing) assert(progress.has(id), "confchange: outgoing voter without progress");
  for (const id of learnersNext) {
    assert(outgoing.has(id), "confchange: next learner is no outgoing voter");
    assert(!progress.get(id)!.isLearner, "confchange: next learner is a learner already");
  }
  for (const id of learners) {
    assert(!incoming.has(id) && !outgoing.has(id), "confchange: learner and voter");
    assert(progress.get(id)?.isLearner === true, "confchange: learner without its flag");
  }
  if (outgoing.size === 0)
    assert(learnersNext.size === 0 && !draft.autoLeave, "confchange: joint fields when not joint");
}
