/** Replays a trace file, whichever of the three kinds it is, and compares each directive's output with the expected one. */

import { CONFCHANGE_COMMANDS, confchangeTrace } from "./confchange-trace.ts";
import { interactionTrace } from "./interaction-trace.ts";
import { QUORUM_COMMANDS, quorumTrace } from "./quorum-trace.ts";
import { type Directive, parseTrace, rewriteTrace, type TraceFile } from "./trace-file.ts";

export interface Mismatch {
  readonly directive: Directive;
  readonly actual: string;
}

export interface Replay {
  readonly directives: number;
  readonly mismatches: readonly Mismatch[];
  /** The file with the outputs that it gave now. */
  readonly rewritten: string;
}

export function replayTrace(text: string): Replay {
  const file = parseTrace(text);
  const run = traceFor(file);
  const mismatches: Mismatch[] = [];
  const outputs: string[] = [];
  for (const directive of file.directives) {
    const output = completed(runGuarded(run, directive));
    outputs.push(output);
    if (output !== directive.expected) mismatches.push({ directive, actual: output });
  }
  return { directives: file.directives.length, mismatches, rewritten: rewriteTrace(file, outputs) };
}

/** The commands of the three kinds differ, so they tell what the file is. */
function traceFor(file: TraceFile): (directive: Directive) => string {
  if (file.directives.some((it) => QUORUM_COMMANDS.has(it.command))) return quorumTrace();
  if (file.directives.some((it) => CONFCHANGE_COMMANDS.has(it.command))) return confchangeTrace();
  return interactionTrace();
}

/** A failed assertion is a wrong output, and the rest of the file still tells something. */
function runGuarded(run: (directive: Directive) => string, directive: Directive): string {
  try {
    return run(directive);
  } catch (error) {
    return `panic: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function completed(output: string): string {
  return output === "" || output.endsWith("\n") ? output : `${output}\n`;
}

export function describeMismatch({ directive, actual }: Mismatch): string {
  const header = `line ${directive.line}: ${directive.command}`;
  return [header, ...differenceLines(directive.expected.split("\n"), actual.split("\n"))].join("\n");
}

/** The lines that differ, with those around them left out: common beginning and end are cut. */
function differenceLines(expected: string[], actual: string[]): string[] {
  let head = 0;
  while (head < expected.length && head < actual.length && expected[head] === actual[head]) head++;
  let tail = 0;
  const room = Math.min(expected.length, actual.length) - head;
  while (tail < room && expected[expected.length - 1 - tail] === actual[actual.length - 1 - tail]) tail++;
  const context = expected.slice(Math.max(0, head - 2), head).map((line) => `    ${line}`);
  const missing = expected.slice(head, expected.length - tail).map((line) => `  - ${line}`);
  const added = actual.slice(head, actual.length - tail).map((line) => `  + ${line}`);
  return [...context, ...missing, ...added];
}
