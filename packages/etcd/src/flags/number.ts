/**
 * Integers and truth values as Go's flag library reads them: a base may be given by a prefix, digits may be parted by underscores,
 * and the reasons of refusal are its own words.
 */
import { bad, good, type Outcome } from "./outcome.ts";

const TRUE = new Set(["1", "t", "T", "true", "TRUE", "True"]);
const FALSE = new Set(["0", "f", "F", "false", "FALSE", "False"]);

export function parseBool(text: string): boolean | undefined {
  if (TRUE.has(text)) return true;
  return FALSE.has(text) ? false : undefined;
}

const INTEGER =
  /^(?:0[xX]_?[\da-fA-F]+(?:_[\da-fA-F]+)*|0[bB]_?[01]+(?:_[01]+)*|0[oO]_?[0-7]+(?:_[0-7]+)*|0(?:_?[0-7]+)*|[1-9]\d*(?:_\d+)*)$/;

/** An integer in [lo, hi]; beyond the safe integers the value is the nearest safe one, as nothing here counts so far. */
export function parseInteger(text: string, lo: bigint, hi: bigint): Outcome<number> {
  const negative = text.startsWith("-");
  const digits = /^[-+]/.test(text) ? text.slice(1) : text;
  const unsigned = lo === 0n;
  if (!INTEGER.test(digits) || (unsigned && digits !== text)) return bad("parse error");
  const size = BigInt(plain(digits));
  const value = negative ? -size : size;
  if (value < lo || value > hi) return bad("value out of range");
  return good(clampToSafe(value));
}

/** Decimal digits only, with the reasons of Go's `strconv`. */
export function parseDecimal(text: string, hi: bigint): Outcome<number> {
  const named = `strconv.ParseUint: parsing ${JSON.stringify(text)}:`;
  if (!/^\d+$/.test(text)) return bad(`${named} invalid syntax`);
  const value = BigInt(text);
  return value > hi ? bad(`${named} value out of range`) : good(clampToSafe(value));
}

/** Without underscores, and with the prefix that JavaScript knows for a leading zero. */
function plain(digits: string): string {
  return digits.replaceAll("_", "").replace(/^0(?=[0-7])/, "0o");
}

export function clampToSafe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return Number.MAX_SAFE_INTEGER;
  if (value < BigInt(Number.MIN_SAFE_INTEGER)) return Number.MIN_SAFE_INTEGER;
  return Number(value);
}
