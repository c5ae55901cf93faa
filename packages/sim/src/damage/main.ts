/**
 * `npm run damaged-files -- [--variants N] [--seed N]`: damages files of a directory and starts a member on each, and prints the table of
 * what came of it; exit code 1 when anything was wrong.
 */

import { parseArgs } from "node:util";
import { DAMAGE_KINDS } from "./damage.ts";
import { DamageRun, type Outcome, type Variant } from "./run-damage.ts";

const { values } = parseArgs({
  options: { variants: { type: "string", default: "1000" }, seed: { type: "string", default: "1" } },
});
/** A directory serves so many variants before there is another. */
const VARIANTS_A_DIRECTORY = 1000;
const OUTCOMES: readonly Outcome[] = ["refused", "started", "stopped", "value", "wrong"];
const FILES = ["db", ".wal", ".snap", "0.tmp", "index-checkpoint"] as const;

const counts = new Map<string, number>();
const texts = new Map<string, number>();
for (let done = 0, seed = Number(values.seed); done < Number(values.variants); seed++) {
  const run = new DamageRun(seed);
  for (let i = 0; i < VARIANTS_A_DIRECTORY && done < Number(values.variants); i++, done++)
    count(run.next(), seed);
}
for (const file of FILES) for (const kind of DAMAGE_KINDS) printRow(file, kind);
for (const [text, n] of [...texts].sort((a, b) => b[1] - a[1]).slice(0, 25)) {
  process.stdout.write(`${String(n).padStart(6)}  ${text}\n`);
}

function count(variant: Variant, seed: number): void {
  const { damage, outcome, text } = variant;
  const key = `${fileOf(damage.path)} ${damage.kind} ${outcome}`;
  counts.set(key, (counts.get(key) ?? 0) + 1);
  if (outcome === "refused" || outcome === "stopped") {
    const kind = text
      .replace(/\/[^ ,:)]*\//g, "")
      .replace(/[0-9a-f]{16}(-[0-9a-f]{16})?/g, "…")
      .replace(/\d+/g, "N");
    texts.set(kind, (texts.get(kind) ?? 0) + 1);
  }
  if (outcome !== "wrong") return;
  process.exitCode = 1;
  const { kind, path, start, end } = damage;
  process.stdout.write(`WRONG seed ${seed}, ${path} ${kind} at ${start} to ${end}: ${text}\n`);
}

function fileOf(path: string): string {
  return FILES.find((file) => path.endsWith(file)) ?? path;
}

function printRow(file: string, kind: string): void {
  const cells = OUTCOMES.map((outcome) => counts.get(`${file} ${kind} ${outcome}`) ?? 0);
  if (cells.every((cell) => cell === 0)) return;
  const row = OUTCOMES.map((outcome, i) => `${outcome} ${cells[i]}`).join(", ");
  process.stdout.write(`${file.padEnd(16)} ${kind.padEnd(14)} ${row}\n`);
}
