/**
 * `npm run crash-images -- [--minutes M] [--seed N] [--load NAME] [--stride N] [--part I/N] [--subsets N] [--recoveries N] [--bug NAME]`: records
 * loads and starts a member from every image of what a power failure may leave; before the start from a random subset is let through, up to
 * so many starts fail again. Goes on with further seeds until the minutes are over; without
 * them every point of every load has its turn once, or every Nth of those from the Ith (0 to N - 1) on. Exit code 1 when anything was found.
 */

import { parseArgs } from "node:util";
import { PLANTED_BUGS } from "../planted-bugs.ts";
import { LOADS } from "./loads.ts";
import { type CrashImageResult, runCrashImages } from "./run-crash-images.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string" },
    seed: { type: "string", default: "1" },
    load: { type: "string" },
    stride: { type: "string", default: "1" },
    part: { type: "string", default: "0/1" },
    subsets: { type: "string", default: "2" },
    recoveries: { type: "string", default: "2" },
    bug: { type: "string" },
  },
});

const bug = PLANTED_BUGS.find((name) => name === values.bug);
const loads = LOADS.filter(({ name }) => values.load === undefined || name === values.load);
if (loads.length === 0 || (values.bug !== undefined && bug === undefined)) {
  process.stderr.write(
    `loads: ${LOADS.map(({ name }) => name).join(", ")}\nbugs: ${PLANTED_BUGS.join(", ")}\n`,
  );
  process.exit(2);
}

const [index, of] = values.part.split("/").map(Number) as [number, number];
const startedAt = performance.now();
const endsAt =
  values.minutes === undefined ? Number.POSITIVE_INFINITY : startedAt + 60_000 * Number(values.minutes);
let images = 0;
let points = 0;
let faults = 0;
let seed = Number(values.seed);
do {
  for (const load of loads) report(load.name, seed, checkLoad(load.name));
  seed++;
} while (values.minutes !== undefined && performance.now() < endsAt && faults === 0);
const minutes = (performance.now() - startedAt) / 60_000;
process.stdout.write(
  `${images} images at ${points} points, ${Math.round(images / minutes)} a minute, ${faults} with faults\n`,
);
process.exitCode = faults > 0 ? 1 : 0;

function checkLoad(name: string): CrashImageResult {
  return runCrashImages({
    loads: loads.filter((load) => load.name === name),
    seed,
    stride: Number(values.stride),
    part: { index, of },
    subsets: Number(values.subsets),
    recoveryFailures: Number(values.recoveries),
    ...(bug === undefined ? {} : { bug }),
    goesOn: () => performance.now() < endsAt,
  });
}

function report(name: string, ofSeed: number, result: CrashImageResult): void {
  images += result.images;
  points += result.points;
  faults += result.faults.length;
  if (result.images > 0) process.stdout.write(`seed ${ofSeed}, ${name}: ${result.images} images\n`);
  for (const { point, loss, texts } of result.faults) {
    process.stdout.write(`  at change ${point}, ${loss}: ${texts.slice(0, 3).join("; ")}\n`);
  }
}
