/** `grpc-timeout`: up to eight digits and a unit. */

import { quoted } from "./error-text.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** Milliseconds, or why the value is no timeout. */
export function parseTimeout(value: string): number | string {
  if (value.length < 2) return `transport: timeout string is too short: ${quoted(value)}`;
  if (value.length > 9) return `transport: timeout string is too long: ${quoted(value)}`;
  const unitMs = UNIT_MS[value[value.length - 1]!];
  if (unitMs === undefined) return `transport: timeout unit is not recognized: ${quoted(value)}`;
  const digits = value.slice(0, -1);
  if (!/^[0-9]+$/.test(digits)) return `strconv.ParseUint: parsing ${quoted(digits)}: invalid syntax`;
  return Number(digits) * unitMs;
}
