/**
 * The two forms of a log line: one JSON object, or columns parted by tabs with the fields as JSON behind them. Pure text; the line
 * feed is part of it.
 *
 *     {"level":"info","ts":"2026-01-02T03:04:05.123456Z","logger":"raft","caller":"a.ts:1","msg":"text","field":1}
 *     2026-01-02T03:04:05.123456Z⇥info⇥raft⇥a.ts:1⇥text⇥{"field": 1}
 */
import type { LogFields, LogLevel, LogValue } from "@etcd-ts/base";

export interface LogLine {
  readonly level: LogLevel;
  readonly time: string;
  /** Empty for the unnamed log. */
  readonly logger: string;
  readonly caller: string;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

export type LineFormat = (line: LogLine) => string;

export const jsonLine: LineFormat = ({ level, time, logger, caller, message, fields }) => {
  const name = logger === "" ? "" : `,"logger":${JSON.stringify(logger)}`;
  const head = `{"level":"${level}","ts":"${time}"${name},"caller":${JSON.stringify(caller)},"msg":${JSON.stringify(message)}`;
  const tail = fields === undefined ? "" : members(fields, ",", ":");
  return tail === "" ? `${head}}\n` : `${head},${tail}}\n`;
};

export const consoleLine: LineFormat = ({ level, time, logger, caller, message, fields }) => {
  const columns = logger === "" ? [time, level, caller, message] : [time, level, logger, caller, message];
  const tail = fields === undefined ? "" : members(fields, ", ", ": ");
  if (tail !== "") columns.push(`{${tail}}`);
  return `${columns.join("\t")}\n`;
};

function members(fields: LogFields, comma: string, colon: string): string {
  let text = "";
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (value === undefined) continue;
    if (text !== "") text += comma;
    text += `${JSON.stringify(name)}${colon}${encode(value, comma, colon)}`;
  }
  return text;
}

function encode(value: LogValue, comma: string, colon: string): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" && !Number.isFinite(value)) return `"${value}"`;
  if (value === undefined || value === null) return "null";
  if (typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map((item) => encode(item, comma, colon)).join(comma)}]`;
  return `{${members(value, comma, colon)}}`;
}

function isList(value: readonly LogValue[] | LogFields): value is readonly LogValue[] {
  return Array.isArray(value);
}
