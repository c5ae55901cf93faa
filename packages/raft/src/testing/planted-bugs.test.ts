/** Each rule of raft, left out, is noticed by a property: the properties are no idle talk. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { PLANTED_BUGS, type PlantedBug } from "./planted-bugs.ts";
import { runSchedule, scheduleOf, violationOf } from "./schedule.ts";
import type { Violation } from "./violation.ts";

const EVENTS = 1000;
/** How many other seeds are tried when the noted one does not notice any more. */
const SEARCH_MAX = 3000;

function catchOf(bug: PlantedBug): Violation | undefined {
  for (let i = -1; i < SEARCH_MAX; i++) {
    const violation = violationOf(scheduleOf(i < 0 ? bug.seed : i, EVENTS, bug.schedule));
    if (violation !== undefined && bug.caughtBy.includes(violation.property)) return violation;
  }
  return undefined;
}

for (const bug of PLANTED_BUGS) {
  test(`without "${bug.rule}"`, (context) => {
    const remove = bug.plant();
    let caught: Violation | undefined;
    try {
      caught = catchOf(bug);
    } finally {
      remove();
    }
    assert.ok(caught !== undefined, "no property noticed");
    const { property } = caught;
    const schedule = caught.schedule!;
    context.diagnostic(`caught by ${property}: seed ${schedule.seed}, event ${schedule.events}`);
    // The same schedule is fine with the rule in place, be it of the code or of the options: it was the bug.
    runSchedule({ ...schedule, earlyVoteRequests: false, readOnly: "safe" });
  });
}
