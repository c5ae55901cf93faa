/**
 * Raft's guarantees under random schedules. `ETCD_TS_RAFT_SCHEDULES=100000` runs that many; `ETCD_TS_RAFT_SCHEDULE='{...}'`, as a
 * failure prints it, repeats one.
 */

import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { test } from "node:test";
import fc from "fast-check";
import { type Outcome, runSchedule, type Schedule, scheduleOf } from "./schedule.ts";
import { Violation } from "./violation.ts";

const EVENTS = 1000;
const SCHEDULES = Number(process.env.ETCD_TS_RAFT_SCHEDULES ?? 500);

function checked(schedule: Schedule): Outcome {
  try {
    return runSchedule(schedule);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    const repeat = `repeat with ETCD_TS_RAFT_SCHEDULE='${JSON.stringify(error.schedule)}'`;
    throw new Error(`${error.message}\n${repeat}`, { cause: error });
  }
}

const repeated = process.env.ETCD_TS_RAFT_SCHEDULE;
if (repeated !== undefined) {
  test("the schedule of the environment", () => {
    runSchedule(JSON.parse(repeated));
  });
}

test("safety in every storm, and agreement after it", (context) => {
  let events = 0;
  let committed = 0;
  const start = performance.now();
  const anySeed = fc.noShrink(fc.integer({ min: 0, max: 2 ** 31 - 1 }));
  const property = fc.property(anySeed, (seed) => {
    const schedule = scheduleOf(seed, EVENTS);
    const outcome = checked(schedule);
    events += outcome.events;
    committed += outcome.committed;
  });
  fc.assert(property, { numRuns: SCHEDULES });
  const rate = Math.round((events / (performance.now() - start)) * 1000);
  context.diagnostic(`${SCHEDULES} schedules, ${events} events, ${committed} committed, ${rate} events/s`);
});

test("a schedule repeats from its seed", () => {
  for (let seed = 0; seed < 20; seed++) {
    assert.deepEqual(runSchedule(scheduleOf(seed, EVENTS)), runSchedule(scheduleOf(seed, EVENTS)));
  }
});
