/** Help of a command, laid out as users of the original know it, and names that a mistyped command may have meant. */

import type { Command, Flag } from "./command.ts";

const HELP_COMMAND = { name: "help", text: "Help about any command" };

export function usageText(path: readonly Command[]): string {
  const root = path[0]!;
  const own = path.at(-1)!;
  const parents = path.slice(0, -1).map(({ name }) => name);
  const line = own.commands.length > 0 ? `${own.name} [command]` : own.use;
  const blocks = [`Usage:\n  ${[...parents, line].join(" ")}`];
  const listed = own === root ? byName([...own.commands, HELP_COMMAND]) : byName(own.commands);
  if (listed.length > 0) blocks.push(`Available Commands:\n${listed.map(commandLine).join("\n")}`);
  blocks.push(`Flags:\n${flagLines([...own.flags, helpFlag(own)]).join("\n")}`);
  if (own !== root) blocks.push(`Global Flags:\n${flagLines(root.flags).join("\n")}`);
  if (listed.length > 0) {
    const names = path.map(({ name }) => name).join(" ");
    blocks.push(`Use "${names} [command] --help" for more information about a command.`);
  }
  return `${blocks.join("\n\n")}\n`;
}

function byName<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return items.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function commandLine({ name, text }: { readonly name: string; readonly text: string }): string {
  return `  ${name.padEnd(11)} ${text}`;
}

function helpFlag({ name }: Command): Flag {
  return { name: "help", short: "h", kind: "bool", initial: false, text: `help for ${name}` };
}

function flagLines(flags: readonly Flag[]): string[] {
  const rows = byName(flags).map((flag) => [flagHead(flag), flagText(flag)] as const);
  const width = Math.max(...rows.map(([head]) => head.length));
  return rows.map(([head, text]) => `${head.padEnd(width)}   ${text}`);
}

function flagHead({ name, short, kind }: Flag): string {
  const head = short === undefined ? `      --${name}` : `  -${short}, --${name}`;
  return kind === "bool" ? head : `${head} ${kind}`;
}

function flagText({ text, shown }: Flag): string {
  return shown === undefined ? text : `${text} (default ${shown})`;
}

/** Names no further away than two changes of a letter. */
export function suggestions(root: Command, word: string): readonly string[] {
  return root.commands.map(({ name }) => name).filter((name) => distance(name, word.toLowerCase()) <= 2);
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min(row[j]! + (a[i] === b[j] ? 0 : 1), row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
