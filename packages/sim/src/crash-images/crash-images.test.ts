import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PLANTED_BUGS, type PlantedBug } from "../planted-bugs.ts";
import { LOADS } from "./loads.ts";
import { runCrashImages } from "./run-crash-images.ts";

const POINTS_A_LOAD = 5;
const POINTS_TO_CATCH = 100;
/** The load under which a bug soon shows. Those that are not here show while the member runs, never on its disk. */
const SHOWS_UNDER: Readonly<Partial<Record<PlantedBug, string>>> = {
  "sync-skipped": "first-start",
  "answer-before-sync": "puts",
  "meta-before-data": "puts",
  "page-reused-at-once": "puts",
  "batch-inside-entry": "large-deletes",
  "snapshot-before-commit": "puts",
  "folder-sync-skipped": "segments-and-snapshots",
};

describe("a member starts from what a power failure may leave", () => {
  for (const load of LOADS) {
    test(`under ${load.name}`, () => {
      let points = 0;
      const goesOn = () => points++ < POINTS_A_LOAD;
      const result = runCrashImages({
        loads: [load],
        seed: 1,
        stride: 37,
        subsets: 1,
        recoveryFailures: 2,
        goesOn,
      });
      assert.deepEqual(result.faults, []);
      assert.ok(result.images > 0);
    });
  }
});

describe("images show a planted", () => {
  for (const bug of PLANTED_BUGS.filter((name) => SHOWS_UNDER[name] !== undefined)) {
    test(bug, () => {
      let points = 0;
      const goesOn = () => points++ < POINTS_TO_CATCH;
      const loads = LOADS.filter(({ name }) => name === SHOWS_UNDER[bug]);
      const result = runCrashImages({
        loads,
        seed: 1,
        stride: 5,
        subsets: 0,
        bug,
        goesOn,
        faultsMax: 1,
      });
      assert.ok(result.faults.length > 0, `not in ${result.images} images`);
    });
  }
});
