import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { DeadlineWheel, WHEEL_TICK_MS, type WheelEntry } from "./deadline-wheel.ts";

function entry(deadline: number): WheelEntry {
  return { deadline, wheelSlot: -1, wheelNext: undefined, wheelPrevious: undefined };
}

it("fires each entry once, not before its deadline and not a tick too late, unless it was removed", () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 0, max: 30_000 }) }),
    fc.record({ remove: fc.nat({ max: 30 }) }),
    fc.record({ pass: fc.integer({ min: 0, max: 12_000 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let now = 5;
      const open: WheelEntry[] = [];
      const fired: WheelEntry[] = [];
      const wheel = new DeadlineWheel<WheelEntry>(now, (due) => fired.push(due));
      for (const action of steps) {
        if ("add" in action) {
          open.push(entry(now + action.add));
          wheel.add(open.at(-1)!);
        } else if ("remove" in action) {
          const [removed] = open.splice(action.remove, 1);
          if (removed !== undefined) wheel.remove(removed);
        } else {
          now += action.pass;
          wheel.advanceTo(now);
          for (const due of fired.splice(0)) {
            assert.ok(due.deadline <= now);
            assert.ok(open.includes(due));
            open.splice(open.indexOf(due), 1);
          }
          for (const left of open) assert.ok(left.deadline > now - WHEEL_TICK_MS);
        }
        assert.equal(wheel.length, open.length);
      }
    }),
  );
});

it("entries may go while others fire", () => {
  const [a, b] = [entry(20), entry(20)];
  const fired: WheelEntry[] = [];
  const wheel = new DeadlineWheel<WheelEntry>(0, (due) => {
    fired.push(due);
    wheel.remove(due === a ? b : a);
  });
  wheel.add(a);
  wheel.add(b);
  wheel.advanceTo(30);
  assert.equal(fired.length, 1);
  assert.equal(wheel.length, 0);
});
