/** Runs one command line: parses it, runs the command, prints errors as the original does, and returns the exit code. */

import { type Command, CommandError, EXIT_ERROR } from "./command.ts";
import { suggestions, usageText } from "./help.ts";
import { parse } from "./parse.ts";

export interface Terminal {
  out(text: string): void;
  error(text: string): void;
}

export function runProgram(root: Command, words: readonly string[], terminal: Terminal): number {
  const parsed = parse(root, words);
  switch (parsed.kind) {
    case "run":
      return runCommand(parsed.command, parsed, terminal);
    case "help":
      terminal.out(usageText(parsed.path));
      return 0;
    case "unknown-topic":
      terminal.error(`Unknown help topic [\`${parsed.topic}\`]\n${usageText([root])}`);
      return 0;
    case "unknown-command":
      terminal.error(unknownCommandText(root, parsed.word));
      return EXIT_ERROR;
    case "refused":
      terminal.error(`Error: ${parsed.reason}\n${usageText(parsed.path)}\nError: ${parsed.reason}\n`);
      return EXIT_ERROR;
  }
}

function runCommand(
  command: Command,
  invocation: Parameters<NonNullable<Command["run"]>>[0],
  terminal: Terminal,
): number {
  try {
    command.run?.(invocation);
    return 0;
  } catch (error) {
    const { message } = error instanceof Error ? error : new Error(String(error));
    const exitCode = error instanceof CommandError ? error.exitCode : EXIT_ERROR;
    terminal.error(message.startsWith("panic: ") ? `${message}\n` : `Error: ${message}\n`);
    return exitCode;
  }
}

function unknownCommandText(root: Command, word: string): string {
  const error = `Error: unknown command ${JSON.stringify(word)} for "${root.name}"\n`;
  const meant = suggestions(root, word);
  const hint =
    meant.length === 0 ? "" : `\nDid you mean this?\n${meant.map((name) => `\t${name}\n`).join("")}\n`;
  return `${error}${hint}Run '${root.name} --help' for usage.\n${error}`;
}
