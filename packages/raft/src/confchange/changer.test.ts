import assert from "node:assert/strict";
import { test } from "node:test";
import { type ConfChangeSingle, ConfChangeTransition, ConfChangeType, type ConfState } from "@etcd-ts/proto";
import fc from "fast-check";
import { confStateOf } from "../tracker/configuration.ts";
import { ProgressTracker } from "../tracker/tracker.ts";
import { type ChangeOutcome, Changer } from "./changer.ts";
import { restoreTracker } from "./restore.ts";

const { AddNode, AddLearnerNode, RemoveNode, UpdateNode } = ConfChangeType;

const anyChange: fc.Arbitrary<ConfChangeSingle> = fc
  .tuple(
    fc.constantFrom(AddNode, AddNode, AddLearnerNode, RemoveNode, UpdateNode),
    fc.bigInt({ min: 1n, max: 6n }),
  )
  .map(([type, nodeId]) => ({ type, nodeId }));
const anyChanges = fc.array(anyChange, { maxLength: 6 });

function switched(tracker: ProgressTracker, outcome: ChangeOutcome): boolean {
  if (outcome.ok) tracker.switchTo(outcome.config, outcome.progress);
  tracker.invariants();
  return outcome.ok;
}

/** A tracker after such of `changes` as could be made, one by one. */
function trackerWith(changes: readonly ConfChangeSingle[]): ProgressTracker {
  const tracker = new ProgressTracker(10, 0);
  switched(tracker, new Changer(tracker, 10).simple([{ type: AddNode, nodeId: 1n }]));
  for (const change of changes) switched(tracker, new Changer(tracker, 10).simple([change]));
  return tracker;
}

test("changes one by one and changes through a joint configuration lead to the same", () => {
  fc.assert(
    fc.property(anyChanges, anyChanges, (before, changes) => {
      const simple = trackerWith(before);
      const joint = trackerWith(before);
      const step = new Changer(joint, 10).enterJoint(false, changes);
      // One by one a change may be refused that is fine as part of a whole, so only changes that go both ways are compared.
      const all = changes.every((it) => switched(simple, new Changer(simple, 10).simple([it])));
      if (!all || !switched(joint, step)) return;
      assert.ok(switched(joint, new Changer(joint, 10).leaveJoint()));
      assert.deepEqual(confStateOf(joint.config), confStateOf(simple.config));
    }),
    { numRuns: 2000 },
  );
});

test("a configuration is restored from its state, joint or not", () => {
  fc.assert(
    fc.property(anyChanges, anyChanges, fc.boolean(), (before, changes, autoLeave) => {
      const tracker = trackerWith(before);
      const check = (): void => {
        const state: ConfState = confStateOf(tracker.config);
        const restored = restoreTracker(state, 10, 10, 0);
        restored.invariants();
        assert.deepEqual(confStateOf(restored.config), state);
        assert.deepEqual(
          restored.ordered.map((it) => it.id),
          tracker.ordered.map((it) => it.id),
        );
      };
      check();
      if (switched(tracker, new Changer(tracker, 10).enterJoint(autoLeave, changes))) check();
    }),
    { numRuns: 1000 },
  );
});

test("a refused or a successful change leaves what it was given as it was", () => {
  fc.assert(
    fc.property(anyChanges, anyChanges, (before, changes) => {
      const tracker = trackerWith(before);
      const described = tracker.describe();
      const changer = new Changer(tracker, 10);
      for (const outcome of [
        changer.simple(changes),
        changer.enterJoint(true, changes),
        changer.leaveJoint(),
      ]) {
        assert.equal(tracker.describe(), described);
        assert.equal(typeof outcome.ok, "boolean");
      }
    }),
  );
});

test("the kind of change follows from transition and number", () => {
  const tracker = trackerWith([]);
  const changer = new Changer(tracker, 10);
  const change = { type: AddNode, nodeId: 2n };
  const { Auto, JointExplicit, JointImplicit } = ConfChangeTransition;
  const stateAfter = (transition: ConfChangeTransition, changes: readonly ConfChangeSingle[]) => {
    const outcome = changer.apply({ transition, changes, context: undefined });
    return outcome.ok ? confStateOf(outcome.config) : outcome.refusal;
  };
  const joint = { voters: [1n, 2n], votersOutgoing: [1n], learners: [], learnersNext: [], autoLeave: true };
  assert.deepEqual(stateAfter(Auto, [change]), { ...joint, votersOutgoing: [], autoLeave: false });
  assert.deepEqual(stateAfter(Auto, [change, change]), joint);
  assert.deepEqual(stateAfter(JointImplicit, [change]), joint);
  assert.deepEqual(stateAfter(JointExplicit, [change]), { ...joint, autoLeave: false });
  assert.equal(stateAfter(Auto, []), "can't leave a non-joint config");
  assert.equal(stateAfter(Auto, [{ type: RemoveNode, nodeId: 1n }]), "removed all voters");
});
