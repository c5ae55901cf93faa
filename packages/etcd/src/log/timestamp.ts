/**
 * The time as log lines show it: microseconds and the zone's offset, `Z` for UTC. The text up to the second is kept, since a burst
 * of lines falls into one second.
 */

/** Wall-clock time in microseconds since 1970. */
export function nowMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}

export class Timestamps {
  #second = Number.NaN;
  #head = "";
  #zone = "";
  readonly #offsetMinutes: (second: number) => number;

  constructor(offsetMinutes: (second: number) => number = localOffset) {
    this.#offsetMinutes = offsetMinutes;
  }

  show(micros: number): string {
    const second = Math.floor(micros / 1e6);
    if (second !== this.#second) this.#turnTo(second);
    return `${this.#head}.${String(micros - second * 1e6).padStart(6, "0")}${this.#zone}`;
  }

  #turnTo(second: number): void {
    const offset = this.#offsetMinutes(second);
    const local = new Date((second + offset * 60) * 1000).toISOString();
    this.#second = second;
    this.#head = local.slice(0, local.indexOf("."));
    this.#zone = offset === 0 ? "Z" : showOffset(offset);
  }
}

function localOffset(second: number): number {
  return -new Date(second * 1000).getTimezoneOffset();
}

function showOffset(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${two(size % 60)}`;
}
