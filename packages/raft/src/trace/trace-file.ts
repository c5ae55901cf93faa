/**
 * The grammar of a trace file: a list of directives, each with the output that it must give.
 *
 *     # comment
 *     command key key=value key=(value, value)
 *     input, up to
 *     ----
 *     expected output, up to a blank line
 *
 * With a second `----` the expected output may hold blank lines and ends at two `----` lines. A line that ends in a backslash goes on
 * in the next one. The lines of the file are kept, so that outputs can be rewritten in place.
 */

export interface Argument {
  readonly key: string;
  readonly values: readonly string[];
}

export interface Directive {
  /** Line of the command, from 1. */
  readonly line: number;
  readonly command: string;
  readonly args: readonly Argument[];
  readonly input: string;
  /** Each line with its newline. */
  readonly expected: string;
  /** The lines [lo, hi), from 0, from behind the first `----` to the end of the output. */
  readonly outputLines: { readonly lo: number; readonly hi: number };
}

export interface TraceFile {
  readonly lines: readonly string[];
  readonly directives: readonly Directive[];
}

const SEPARATOR = "----";

export function parseTrace(text: string): TraceFile {
  const lines = text.split("\n");
  if (lines[lines.length - 1] === "") lines.pop();
  const directives: Directive[] = [];
  let at = 0;
  while (at < lines.length) {
    const first = lines[at]!.trim();
    if (first === "" || first.startsWith("#")) {
      at++;
      continue;
    }
    const line = at + 1;
    const header = joinContinued(lines, at);
    at = header.next;
    const { command, args } = parseCommand(header.text);
    // Marks a group of directives; it has neither input nor output.
    if (command === "subtest") continue;
    const separator = lines.indexOf(SEPARATOR, at);
    if (separator < 0) throw new SyntaxError(`line ${line}: no ${SEPARATOR} after the directive`);
    const input = lines.slice(at, separator).join("\n").trim();
    const { expected, hi } = parseExpected(lines, separator + 1);
    directives.push({ line, command, args, input, expected, outputLines: { lo: separator + 1, hi } });
    at = hi;
  }
  return { lines, directives };
}

function joinContinued(lines: readonly string[], from: number): { text: string; next: number } {
  let text = lines[from]!.trim();
  let next = from + 1;
  while (text.endsWith("\\") && next < lines.length) {
    text = `${text.slice(0, -1)} ${lines[next]!.trim()}`;
    next++;
  }
  return { text, next };
}

function parseExpected(lines: readonly string[], from: number): { expected: string; hi: number } {
  let at = from;
  let expected = "";
  if (lines[at] !== SEPARATOR) {
    for (; at < lines.length && lines[at]!.trim() !== ""; at++) expected += `${lines[at]}\n`;
    return { expected, hi: at };
  }
  for (at++; at < lines.length; at++) {
    if (lines[at] === SEPARATOR && lines[at + 1] === SEPARATOR) {
      const end = at + 2;
      return { expected, hi: lines[end]?.trim() === "" ? end + 1 : end };
    }
    expected += `${lines[at]}\n`;
  }
  return { expected, hi: at };
}

function parseCommand(text: string): { command: string; args: Argument[] } {
  const space = text.indexOf(" ");
  if (space < 0) return { command: text, args: [] };
  const args: Argument[] = [];
  let at = space;
  while (at < text.length) {
    if (text[at] === " ") {
      at++;
      continue;
    }
    const argument = parseArgument(text, at);
    args.push(argument);
    at = argument.next;
  }
  return { command: text.slice(0, space), args };
}

function parseArgument(text: string, from: number): Argument & { next: number } {
  let at = from;
  while (at < text.length && text[at] !== " " && text[at] !== "=") at++;
  const key = text.slice(from, at);
  if (text[at] !== "=") return { key, values: [], next: at };
  at++;
  if (text[at] === "(") return { key, ...parseList(text, at + 1) };
  let end = text.indexOf(" ", at);
  if (end < 0) end = text.length;
  return { key, values: [text.slice(at, end)], next: end };
}

/** The values of a parenthesised list whose opening parenthesis is before `from`: split at commas that are not nested. */
function parseList(text: string, from: number): { values: string[]; next: number } {
  const values: string[] = [];
  let depth = 1;
  let start = from;
  for (let at = from; at < text.length; at++) {
    const character = text[at];
    if (character === "(") depth++;
    if (character === ")") depth--;
    if ((character === "," && depth === 1) || depth === 0) {
      const value = text.slice(start, at).trimStart();
      if (depth > 0 || value !== "" || values.length > 0) values.push(value);
      if (depth === 0) return { values, next: at + 1 };
      start = at + 1;
    }
  }
  throw new SyntaxError(`unbalanced parentheses in: ${text}`);
}

/** The file with `outputs[i]` in place of the expected output of directive i. */
export function rewriteTrace(file: TraceFile, outputs: readonly string[]): string {
  let text = "";
  let copied = 0;
  file.directives.forEach((directive, i) => {
    const { lo, hi } = directive.outputLines;
    text += file.lines.slice(copied, lo).map(withNewline).join("");
    text += delimited(outputs[i]!);
    copied = hi;
  });
  return text + file.lines.slice(copied).map(withNewline).join("");
}

/** An output with blank lines needs the second form. */
function delimited(output: string): string {
  const blank = output
    .split("\n")
    .slice(0, -1)
    .some((line) => line.trim() === "");
  return blank ? `${SEPARATOR}\n${output}${SEPARATOR}\n${SEPARATOR}\n\n` : output;
}

function withNewline(line: string): string {
  return `${line}\n`;
}
