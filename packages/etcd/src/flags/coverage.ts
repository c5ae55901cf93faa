/** The table of flags in docs/COVERAGE.md, made from the table in the code; a test keeps the two equal. */
import { GATE_NAMES, GATES, type Gate } from "./feature-gates.ts";
import { BECAME_GATE, GONE, IGNORED, RENAMED } from "./old-flags.ts";
import { FLAG_GROUPS, FLAGS, type FlagName } from "./server-flags.ts";

export const COVERAGE_BEGIN = "<!-- flags: begin (made by packages/etcd/src/flags/generate-coverage.ts) -->";
export const COVERAGE_END = "<!-- flags: end -->";

export function flagCoverage(): string {
  const rows = FLAG_GROUPS.flatMap(({ names }) => names.map((name) => [name, stateOf(name)] as const));
  const old = [...Object.keys(RENAMED), ...Object.keys(BECAME_GATE)].map(
    (name) => [name, oldState(name)] as const,
  );
  const gone = Object.keys(GONE).map((name) => [name, goneState(name)] as const);
  const ignored = [...IGNORED].map((name) => [name, "ignored without a word"] as const);
  const all = [...rows, ...old, ...gone, ...ignored];
  const counts = ["works", "pending", "no effect", "refused", "deprecated", "ignored"].map(
    (word) => `${all.filter(([, state]) => state.startsWith(word)).length} ${word}`,
  );
  const lines = all.map(([name, state]) => `| \`--${name}\` | ${state} |`);
  const head = [`${all.length} flags: ${counts.join(", ")}.`, "", "| flag | state |", "|---|---|"];
  return [...head, ...lines, "", ...gateLines()].join("\n");
}

function gateLines(): readonly string[] {
  const rows = GATE_NAMES.map((name) => `| \`${name}\` | ${gateState(GATES[name])} |`);
  return [`${rows.length} feature gates.`, "", "| gate | state |", "|---|---|", ...rows];
}

function gateState({ idle, pending }: Gate): string {
  if (pending !== undefined) return `pending: accepted, ${pending}`;
  return idle === undefined ? "works" : `no effect: ${idle}`;
}

/** The document with the table in its place. */
export function withFlagCoverage(document: string): string {
  const [lo, hi] = [document.indexOf(COVERAGE_BEGIN), document.indexOf(COVERAGE_END)];
  return `${document.slice(0, lo + COVERAGE_BEGIN.length)}\n\n${flagCoverage()}\n\n${document.slice(hi)}`;
}

function stateOf(name: FlagName): string {
  const { refused, partly, pending, idle, warning } = FLAGS[name];
  if (refused !== undefined) return `refused: ${refused}`;
  if (partly !== undefined) return `works, except: ${partly}`;
  if (pending !== undefined) return `pending: accepted, ${pending}`;
  if (idle !== undefined) return `no effect: ${idle}`;
  return warning === undefined ? "works" : "deprecated, accepted with the original's warning";
}

function oldState(name: string): string {
  const gate = BECAME_GATE[name];
  return `deprecated, works as \`--${gate === undefined ? RENAMED[name] : `feature-gates=${gate}=…`}\``;
}

function goneState(name: string): string {
  const harmless = GONE[name]?.harmless;
  if (harmless === undefined) return "no effect, accepted with a warning";
  const value = harmless[0] === "" ? "empty" : `\`${harmless[0]}\``;
  return `no effect when ${value}; any other value is as unknown as it is to 3.7`;
}
