/**
 * Words of the command line to a command with its arguments and flags, by the rules of the library that the original uses: any unique
 * prefix names a command, flags of the program may stand anywhere, `--` ends the flags.
 */

import type { Command, Flag, FlagValue, FlagValues } from "./command.ts";
import { parseFlagValue } from "./flag-value.ts";

export type Parsed =
  | {
      readonly kind: "run";
      readonly command: Command;
      readonly args: readonly string[];
      readonly flags: FlagValues;
    }
  /** Asked for, or a group without a command. */
  | { readonly kind: "help"; readonly path: readonly Command[] }
  | { readonly kind: "unknown-topic"; readonly topic: string }
  | { readonly kind: "unknown-command"; readonly word: string }
  | { readonly kind: "refused"; readonly path: readonly Command[]; readonly reason: string };

export const HELP = "help";

export function parse(root: Command, words: readonly string[]): Parsed {
  const { path, rest } = findCommand(root, words);
  const command = path.at(-1)!;
  if (path.length === 1 && rest.some(isWord)) return parseRootWord(root, words, rest);
  const values = new FlagReader(root, command);
  const reason = values.read(rest);
  if (reason !== undefined) return { kind: "refused", path, reason };
  if (values.wantsHelp || command.run === undefined) return { kind: "help", path };
  const refused = command.objection?.(values.args) ?? values.missing();
  if (refused !== undefined) return { kind: "refused", path, reason: refused };
  return { kind: "run", command, args: values.args, flags: values.flags };
}

/** The program takes no arguments: the word is "help", or no command. */
function parseRootWord(root: Command, words: readonly string[], rest: readonly string[]): Parsed {
  const at = words.findIndex(isWord);
  const word = rest.find(isWord)!;
  if (word !== HELP) return { kind: "unknown-command", word };
  const topic = words.slice(at + 1).filter(isWord);
  const { path, rest: left } = findCommand(root, topic);
  return path.length === 1 && left.length > 0
    ? { kind: "unknown-topic", topic: topic.join(" ") }
    : { kind: "help", path };
}

/** Goes down the tree by the words that name commands; `rest` is everything else. */
function findCommand(root: Command, words: readonly string[]): { path: Command[]; rest: string[] } {
  const path = [root];
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === "--") {
      rest.push(...words.slice(i));
      break;
    }
    const next = isWord(word) ? childOf(path.at(-1)!, word) : undefined;
    if (next !== undefined) path.push(next);
    else {
      rest.push(word);
      if (isWord(word) && path.at(-1)!.commands.length > 0) {
        rest.push(...words.slice(i + 1));
        break;
      }
      if (takesNextWord(root, path.at(-1)!, word) && i + 1 < words.length) rest.push(words[++i]!);
    }
  }
  return { path, rest };
}

function childOf({ commands }: Command, word: string): Command | undefined {
  const exact = commands.find(({ name }) => name === word);
  const prefixed = commands.filter(({ name }) => name.startsWith(word));
  return exact ?? (prefixed.length === 1 ? prefixed[0] : undefined);
}

function isWord(word: string): boolean {
  return !word.startsWith("-") || word === "-";
}

function takesNextWord(root: Command, command: Command, word: string): boolean {
  if (isWord(word) || word.includes("=")) return false;
  const flag = word.startsWith("--")
    ? flagsOf(root, command).find(({ name }) => name === word.slice(2))
    : flagsOf(root, command).find(({ short }) => short === word.slice(1));
  return flag !== undefined && flag.kind !== "bool";
}

/** A command's own flags and those of the program. */
export function flagsOf(root: Command, command: Command): readonly Flag[] {
  return command === root ? root.flags : [...command.flags, ...root.flags];
}

class FlagReader {
  readonly args: string[] = [];
  wantsHelp = false;
  private readonly known: readonly Flag[];
  private readonly values: Record<string, FlagValue> = {};
  private readonly given = new Set<string>();

  constructor(root: Command, command: Command) {
    this.known = flagsOf(root, command);
    for (const { name, initial } of this.known) this.values[name] = initial;
  }

  get flags(): FlagValues {
    return this.values;
  }

  /** Returns why the words are refused. */
  read(words: readonly string[]): string | undefined {
    for (let i = 0; i < words.length; i++) {
      const word = words[i]!;
      if (word === "--") {
        this.args.push(...words.slice(i + 1));
        return undefined;
      }
      if (isWord(word)) this.args.push(word);
      else {
        const taken = word.startsWith("--")
          ? this.readLong(word, words[i + 1])
          : this.readShort(word, words[i + 1]);
        if (typeof taken === "string") return taken;
        if (taken) i++;
        if (this.wantsHelp) return undefined;
      }
    }
    return undefined;
  }

  missing(): string | undefined {
    const missing = this.known.filter(({ name, required }) => required === true && !this.given.has(name));
    if (missing.length === 0) return undefined;
    return `required flag(s) ${missing.map(({ name }) => `"${name}"`).join(", ")} not set`;
  }

  /** True when the next word was its value; a reason when it is refused. */
  private readLong(word: string, next: string | undefined): boolean | string {
    const at = word.indexOf("=");
    const name = at < 0 ? word.slice(2) : word.slice(2, at);
    if (name === HELP) return this.help();
    const flag = this.known.find((candidate) => candidate.name === name);
    if (flag === undefined) return name === "" ? `bad flag syntax: ${word}` : `unknown flag: --${name}`;
    if (at >= 0) return this.set(flag, word.slice(at + 1)) ?? false;
    if (flag.kind === "bool") return this.set(flag, "true") ?? false;
    if (next === undefined) return `flag needs an argument: --${name}`;
    return this.set(flag, next) ?? true;
  }

  private readShort(word: string, next: string | undefined): boolean | string {
    const short = word[1]!;
    if (short === "h") return this.help();
    const flag = this.known.find((candidate) => candidate.short === short);
    if (flag === undefined) return `unknown shorthand flag: '${short}' in ${word}`;
    if (word.length > 2) return this.set(flag, word.slice(word[2] === "=" ? 3 : 2)) ?? false;
    if (next === undefined) return `flag needs an argument: '${short}' in ${word}`;
    return this.set(flag, next) ?? true;
  }

  private help(): false {
    this.wantsHelp = true;
    return false;
  }

  private set(flag: Flag, text: string): string | undefined {
    const value = parseFlagValue(flag.kind, text);
    if (!value.ok) {
      const shown = flag.short === undefined ? `--${flag.name}` : `-${flag.short}, --${flag.name}`;
      return `invalid argument ${JSON.stringify(text)} for "${shown}" flag: ${value.reason}`;
    }
    this.values[flag.name] = value.value;
    this.given.add(flag.name);
    return undefined;
  }
}
