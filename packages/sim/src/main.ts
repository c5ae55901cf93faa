/**
 * `npm run simulate -- [--seed N] [--runs N] [--crashes N] [--clients N] [--bug NAME]`: runs seeds one after the other and prints
 * what the checkers found; exit code 1 when anything was.
 */

import { parseArgs } from "node:util";
import { PLANTED_BUGS, type PlantedBug } from "./planted-bugs.ts";
import { runSimulation } from "./run-simulation.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    runs: { type: "string", default: "1" },
    crashes: { type: "string", default: "5" },
    clients: { type: "string", default: "5" },
    bug: { type: "string" },
  },
});

const bug = PLANTED_BUGS.find((name) => name === values.bug) as PlantedBug | undefined;
if (values.bug !== undefined && bug === undefined) {
  process.stderr.write(`no such bug; there are: ${PLANTED_BUGS.join(", ")}\n`);
  process.exit(2);
}

let failed = 0;
for (let run = 0; run < Number(values.runs); run++) {
  const seed = Number(values.seed) + run;
  const result = runSimulation({
    seed,
    crashes: Number(values.crashes),
    clients: Number(values.clients),
    ...(bug === undefined ? {} : { bug }),
  });
  const { faults, acknowledged, revision, records, startsFromCheckpoint } = result;
  if (faults.length > 0) failed++;
  process.stdout.write(
    `seed ${seed}: ${acknowledged} acknowledged, revision ${revision}, ${records} records, ` +
      `${startsFromCheckpoint} starts from a checkpoint, ${faults.length} faults\n`,
  );
  for (const fault of faults.slice(0, 10)) process.stdout.write(`  ${fault}\n`);
}
process.exitCode = failed > 0 ? 1 : 0;
