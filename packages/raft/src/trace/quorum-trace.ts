/** Traces of quorums: the committed index or the result of a vote, for a majority or a joint configuration, with a picture. */

import { jointIndex, jointVote, majorityIndex, majorityVote, type Voters } from "../quorum/quorum.ts";
import { compareIds } from "../tracker/configuration.ts";
import { CommandError, parseId, parseNumber } from "./arguments.ts";
import type { Directive } from "./trace-file.ts";

export const QUORUM_COMMANDS: ReadonlySet<string> = new Set(["committed", "vote"]);

/** Yes, no and unknown as the original's input lists hold them. */
const VOTES: ReadonlyMap<string, number> = new Map([
  ["y", 2],
  ["n", 1],
  ["_", 0],
]);

interface Input {
  readonly incoming: Voters;
  readonly outgoing: Voters;
  readonly joint: boolean;
  /** By voter, in order of mention; 0 is unknown. */
  readonly values: readonly number[];
}

export function quorumTrace(): (directive: Directive) => string {
  return (directive) => {
    const input = parseInput(directive);
    const voters = new Set([...input.incoming, ...input.outgoing]);
    if (voters.size !== input.values.length) {
      const map = [...voters].sort(compareIds).map((id) => `${id}:{}`);
      const list = input.values.join(" ");
      return `error: mismatched input (explicit or _) for voters map[${map.join(" ")}]: [${list}]`;
    }
    const known = new Map<bigint, number>();
    [...voters].forEach((id, i) => {
      if (input.values[i] !== 0) known.set(id, input.values[i]!);
    });
    if (directive.command === "committed") return committed(input, voters, known);
    if (directive.command === "vote") return vote(input, known);
    throw new CommandError("unknown command");
  };
}

function parseInput(directive: Directive): Input {
  let incoming: Voters = new Set();
  let outgoing: Voters = new Set();
  let joint = false;
  let values: number[] = [];
  for (const { key, values: texts } of directive.args) {
    if (key === "cfg") incoming = new Set(texts.map(parseId));
    if (key === "cfgj") {
      joint = true;
      outgoing = texts[0] === "zero" ? new Set() : new Set(texts.map(parseId));
    }
    if (key === "idx") values = texts.map((text) => (text === "_" ? 0 : parseNumber(text)));
    if (key === "votes") values = texts.map((text) => VOTES.get(text) ?? 0);
  }
  return { incoming, outgoing, joint, values };
}

function vote({ incoming, outgoing, joint }: Input, known: ReadonlyMap<bigint, number>): string {
  const votes = new Map([...known].map(([id, value]) => [id, value === VOTES.get("y")]));
  return `${joint ? jointVote(incoming, outgoing, votes) : majorityVote(incoming, votes)}\n`;
}

function committed(input: Input, voters: Voters, known: ReadonlyMap<bigint, number>): string {
  const { incoming, outgoing, joint } = input;
  const acks = { ackedIndex: (id: bigint): number => known.get(id) ?? 0 };
  const index = joint ? jointIndex(incoming, outgoing, acks) : majorityIndex(incoming, acks);
  const text = index === Number.POSITIVE_INFINITY ? "∞" : String(index);
  return `${picture(voters, known)}${text}\n`;
}

/** One line a voter, with a bar as long as its place in the order of indexes. */
function picture(voters: Voters, known: ReadonlyMap<bigint, number>): string {
  const count = voters.size;
  if (count === 0) return "<empty majority quorum>";
  const rows = [...voters].map((id) => ({ id, index: known.get(id) ?? 0, bar: 0 }));
  rows.sort((a, b) => a.index - b.index || compareIds(a.id, b.id));
  rows.forEach((row, i) => {
    if (i > 0) row.bar = row.index > rows[i - 1]!.index ? i : rows[i - 1]!.bar;
  });
  rows.sort((a, b) => compareIds(a.id, b.id));
  const lines = rows.map(({ id, index, bar }) => {
    const drawn = known.has(id) ? `${"x".repeat(bar)}>${" ".repeat(count - bar)}` : `?${" ".repeat(count)}`;
    return `${drawn} ${String(index).padStart(5)}    (id=${id.toString(16)})\n`;
  });
  return `${" ".repeat(count)}    idx\n${lines.join("")}`;
}
