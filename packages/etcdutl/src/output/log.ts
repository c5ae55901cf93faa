/** The tool's log: columns parted by tabs on standard error, the time to the second. */

import type { LogFields, Logger, LogLevel } from "@etcd-ts/base";
import { consoleLine } from "@etcd-ts/etcd";

export const log: Pick<Logger, "info" | "warn" | "panic"> = {
  info: (caller, message, fields) => write("info", caller, message, fields),
  warn: (caller, message, fields) => write("warn", caller, message, fields),
  panic: (caller, message, fields) => write("panic", caller, message, fields),
};

function write(level: LogLevel, caller: string, message: string, fields: LogFields | undefined): void {
  const time = timeText(new Date());
  process.stderr.write(consoleLine({ level, time, logger: "", caller, message, fields }));
}

/** RFC 3339 with the local zone's offset, `Z` for UTC. */
export function timeText(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, 19);
  const two = (number: number) => String(Math.abs(number)).padStart(2, "0");
  const zone = `${offset < 0 ? "-" : "+"}${two(Math.trunc(offset / 60))}:${two(offset % 60)}`;
  return `${local}${offset === 0 ? "Z" : zone}`;
}
