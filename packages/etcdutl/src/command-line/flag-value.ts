/** The text of a flag as its value, with the reasons of refusal that users of Go's flag library know. */

import { bad, good, type Outcome, parseBool, parseDuration } from "@etcd-ts/etcd";
import type { FlagKind, FlagValue } from "./command.ts";

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT64_MAX = 2n ** 64n - 1n;

export function parseFlagValue(kind: FlagKind, text: string): Outcome<FlagValue> {
  switch (kind) {
    case "string":
      return good(text);
    case "bool": {
      const value = parseBool(text);
      return value === undefined ? bad(`strconv.ParseBool: ${syntax(text)}`) : good(value);
    }
    case "uint":
      return parseWhole("ParseUint", /^\d+$/, text, 0n, UINT64_MAX);
    case "int":
      return parseWhole("ParseInt", /^[-+]?\d+$/, text, INT64_MIN, INT64_MAX);
    case "duration":
      return parseDuration(text);
  }
}

/** Beyond what a number holds exactly, the nearest: nothing here counts so far. */
function parseWhole(name: string, form: RegExp, text: string, lo: bigint, hi: bigint): Outcome<number> {
  if (!form.test(text)) return bad(`strconv.${name}: ${syntax(text)}`);
  const value = BigInt(text.replace(/^\+/, ""));
  if (value < lo || value > hi) {
    return bad(`strconv.${name}: parsing ${JSON.stringify(text)}: value out of range`);
  }
  return good(Number(value));
}

function syntax(text: string): string {
  return `parsing ${JSON.stringify(text)}: invalid syntax`;
}
