import assert from "node:assert/strict";
import { test } from "node:test";
import { DamageRun } from "./run-damage.ts";

const VARIANTS = 300;

test("a damaged file is refused with its name, or does no harm", () => {
  const run = new DamageRun(1);
  const outcomes = { refused: 0, started: 0, stopped: 0, value: 0, wrong: 0 };
  for (let i = 0; i < VARIANTS; i++) {
    const { damage, outcome, text } = run.next();
    outcomes[outcome]++;
    assert.notEqual(outcome, "wrong", `${JSON.stringify(damage)}: ${text}`);
    if (outcome === "refused" || outcome === "stopped")
      assert.match(text, /member|database|log/, "the line says where");
  }
  assert.ok(outcomes.refused > 50 && outcomes.started > 50, JSON.stringify(outcomes));
});
