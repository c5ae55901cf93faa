/** Sizes and durations in the forms that the original's log lines have for them. */

const SIZE_UNITS = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
const STEP = 1000;

/** Decimal units, two digits: "20 kB", "2.1 GB", "7 B". */
export function humanBytes(bytes: number): string {
  if (bytes < 10) return `${bytes} B`;
  const exponent = Math.min(Math.floor(Math.log(bytes) / Math.log(STEP) + 1e-12), SIZE_UNITS.length - 1);
  const tenths = Math.floor((bytes / STEP ** exponent) * 10 + 0.5);
  return `${tenths < 100 ? (tenths / 10).toFixed(1) : wholeOf(tenths)} ${SIZE_UNITS[exponent]}`;
}

/** Halves go to the even neighbour, as the original's formatting rounds. */
function wholeOf(tenths: number): number {
  const below = Math.floor(tenths / 10);
  const rest = tenths - below * 10;
  return rest > 5 || (rest === 5 && below % 2 === 1) ? below + 1 : below;
}

const MICROSECOND = 1e3;
const MILLISECOND = 1e6;
const SECOND = 1e9;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Nanoseconds in the shortest form: "1m0s", "1.5s", "100ms", "0s". */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return "0s";
  const sign = nanoseconds < 0 ? "-" : "";
  const size = Math.abs(nanoseconds);
  if (size < MICROSECOND) return `${sign}${size}ns`;
  if (size < MILLISECOND) return `${sign}${decimal(size, MICROSECOND)}\u00b5s`;
  if (size < SECOND) return `${sign}${decimal(size, MILLISECOND)}ms`;
  const hours = Math.floor(size / HOUR);
  const minutes = Math.floor((size % HOUR) / MINUTE);
  const seconds = `${decimal(size % MINUTE, SECOND)}s`;
  if (hours > 0) return `${sign}${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${sign}${minutes}m${seconds}` : `${sign}${seconds}`;
}

/** The same of a clock's milliseconds. */
export function formatMilliseconds(milliseconds: number): string {
  return formatDuration(Math.round(milliseconds * MILLISECOND));
}

/** `size / unit` in decimal digits, without rounding and without zeros at the end. */
function decimal(size: number, unit: number): string {
  const whole = Math.floor(size / unit);
  const digits = String(unit).length - 1;
  const rest = String(size % unit)
    .padStart(digits, "0")
    .replace(/0+$/, "");
  return rest === "" ? String(whole) : `${whole}.${rest}`;
}
