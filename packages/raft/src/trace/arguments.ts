/** Reading a directive's arguments: ids, numbers, flags and membership changes. A wrong one is an error of the trace. */

import { type ConfChangeSingle, ConfChangeType } from "@etcd-ts/proto";
import type { Argument, Directive } from "./trace-file.ts";

/** An error that a command reports as its output. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

const CHANGES: ReadonlyMap<string, ConfChangeType> = new Map([
  ["v", ConfChangeType.AddNode],
  ["l", ConfChangeType.AddLearnerNode],
  ["r", ConfChangeType.RemoveNode],
  ["u", ConfChangeType.UpdateNode],
]);

/** Changes separated by single spaces: `v1 l2 r3 u4`. */
export function parseChanges(text: string): ConfChangeSingle[] {
  const trimmed = text.trim();
  return trimmed === "" ? [] : trimmed.split(" ").map(parseChange);
}

function parseChange(token: string): ConfChangeSingle {
  if (token.length < 2) throw new CommandError(`unknown token ${token}`);
  const type = CHANGES.get(token[0]!);
  if (type === undefined) throw new CommandError(`unknown input: ${token}`);
  return { type, nodeId: parseId(token.slice(1)) };
}

export function parseId(text: string): bigint {
  if (!/^[0-9]+$/.test(text)) {
    throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return BigInt(text);
}

export function parseNumber(text: string): number {
  return Number(parseId(text));
}

export function parseFlag(text: string): boolean {
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  if (/^(0|f|F|false|FALSE|False)$/.test(text)) return false;
  throw new CommandError(`strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

/** The arguments without value, which name nodes. */
export function bareIds(directive: Directive): bigint[] {
  return directive.args.filter((it) => it.values.length === 0).map((it) => parseId(it.key));
}

export function firstId(directive: Directive): bigint {
  return parseId(argumentAt(directive, 0).key);
}

export function argumentAt(directive: Directive, position: number): Argument {
  const argument = directive.args[position];
  if (argument === undefined)
    throw new CommandError(`${directive.command}: argument ${position + 1} is missing`);
  return argument;
}

/** The last value given for `key`; undefined when there is none. */
export function argumentValue(directive: Directive, key: string): string | undefined {
  return directive.args.findLast((it) => it.key === key)?.values.at(-1);
}

export function mustArgumentValue(directive: Directive, key: string): string {
  const value = argumentValue(directive, key);
  if (value === undefined) throw new CommandError(`${directive.command}: ${key} is missing`);
  return value;
}
