/**
 * Durations as Go writes them ("1h15m30.5s", "100ms"): a sequence of decimal numbers with units. They are held in nanoseconds as
 * a `number`, exact up to 104 days.
 */
import { bad, good, type Outcome } from "./outcome.ts";

export { formatDuration } from "@etcd-ts/base";

export type Nanoseconds = number;

export const MICROSECOND = 1e3;
export const MILLISECOND = 1e6;
export const SECOND = 1e9;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

/** The longest duration that 64 bits hold. */
const DURATION_MAX = 2 ** 63;

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: MICROSECOND,
  "\u00b5s": MICROSECOND, // micro sign
  "\u03bcs": MICROSECOND, // Greek letter mu
  ms: MILLISECOND,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
};

const WHOLE = /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+$/;
const PART = /(\d+\.?\d*|\.\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g;

export function parseDuration(text: string): Outcome<Nanoseconds> {
  if (/^[-+]?0$/.test(text)) return good(0);
  if (!WHOLE.test(text)) return bad(reasonFor(text));
  let total = 0;
  for (const [, count, unit] of text.matchAll(PART)) total += Math.round(Number(count) * UNITS[unit!]!);
  if (total >= DURATION_MAX) return bad(`time: invalid duration ${JSON.stringify(text)}`);
  return good(text.startsWith("-") ? -total : total);
}

function reasonFor(text: string): string {
  const quoted = JSON.stringify(text);
  if (/^[-+]?\d+\.?\d*$/.test(text)) return `time: missing unit in duration ${quoted}`;
  const unknown =
    /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))*(?:\d+\.?\d*|\.\d+)([^\d.]+)/.exec(text);
  if (unknown) return `time: unknown unit ${JSON.stringify(unknown[1])} in duration ${quoted}`;
  return `time: invalid duration ${quoted}`;
}
