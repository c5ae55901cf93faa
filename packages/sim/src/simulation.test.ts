import assert from "node:assert/strict";
import { test } from "node:test";
import { PLANTED_BUGS } from "./planted-bugs.ts";
import { runSimulation, type SimulationOptions } from "./run-simulation.ts";

const OPTIONS: Omit<SimulationOptions, "seed"> = { crashes: 5, clients: 5 };
/** A planted bug shows only when a crash falls badly: so many seeds are tried before the checkers count as blind. */
const SEEDS_TO_CATCH = 40;

function repeatingLine(seed: number): string {
  return `npm run simulate -- --seed ${seed} --crashes ${OPTIONS.crashes} --clients ${OPTIONS.clients}`;
}

test("a member that is crashed at any moment loses nothing that it acknowledged", () => {
  let startsFromCheckpoint = 0;
  for (let seed = 1; seed <= 5; seed++) {
    const result = runSimulation({ ...OPTIONS, seed });
    assert.deepEqual(result.faults, [], repeatingLine(seed));
    assert.ok(result.acknowledged > 500 && result.records > 500, "the run did something");
    startsFromCheckpoint += result.startsFromCheckpoint;
  }
  assert.ok(startsFromCheckpoint > 3, "checkpoints were of use");
});

test("a run depends on its seed alone", () => {
  const options = { seed: 77, crashes: 1, clients: 3 };
  assert.deepEqual(runSimulation(options), runSimulation(options));
});

for (const bug of PLANTED_BUGS) {
  test(`the checkers catch a planted ${bug}`, () => {
    for (let seed = 1; seed <= SEEDS_TO_CATCH; seed++) {
      if (runSimulation({ ...OPTIONS, seed, bug }).faults.length > 0) return;
    }
    assert.fail(`not caught in ${SEEDS_TO_CATCH} seeds`);
  });
}
