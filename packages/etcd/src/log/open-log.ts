/** From the settings of the log to a logger: first judged, then opened. The words for mistakes are the original's. */
import type { LogLevel } from "@etcd-ts/base";
import { systemReason } from "../config/system-reason.ts";
import { bad, good, type Outcome } from "../flags/outcome.ts";
import { FdOutput, openForAppend } from "./fd-output.ts";
import { consoleLine, jsonLine, type LineFormat } from "./line-format.ts";
import { LineLogger, type LogOutput } from "./line-logger.ts";
import { parseLevel } from "./log-level.ts";
import { RotatingFile } from "./rotating-file.ts";
import { parseRotationConfig, type RotationConfig } from "./rotation-config.ts";

export interface LogSettings {
  readonly logger: string;
  readonly logOutputs: readonly string[];
  readonly logLevel: string;
  readonly logFormat: string;
  readonly enableLogRotation: boolean;
  readonly logRotationConfigJson: string;
}

/** A level that does not exist is no common mistake: the original panics, and its exit code differs. */
export type LogOutcome = Outcome<LineLogger> | { readonly ok: false; readonly panic: string };

const STDOUT = 1;
const STDERR = 2;
const DEFAULT = "default";
const JOURNAL = "systemd/journal";
const STREAMS: Readonly<Record<string, number>> = {
  [DEFAULT]: STDERR,
  [JOURNAL]: STDERR,
  stderr: STDERR,
  stdout: STDOUT,
};

/** What lines go to before the settings are known. */
export function defaultLog(): LineLogger {
  return new LineLogger({ level: "info", format: jsonLine, outputs: [new FdOutput(STDERR)] });
}

/** `underSystemd`: standard error is connected to the journal. */
export function openLog(settings: LogSettings, underSystemd: boolean): LogOutcome {
  const objection = objectionTo(settings, underSystemd);
  if (objection !== undefined) return bad(objection);
  const rotation = settings.enableLogRotation
    ? parseRotationConfig(settings.logRotationConfigJson)
    : good(undefined);
  if (!rotation.ok) return rotation;
  const level = parseLevel(settings.logLevel);
  if (level === undefined)
    return { ok: false, panic: `unrecognized level: ${JSON.stringify(settings.logLevel)}` };
  const format = formatOf(settings.logFormat);
  if (!format.ok) return format;
  return open(settings.logOutputs, level, format.value, rotation.value);
}

function objectionTo(
  { logger, logOutputs, enableLogRotation }: LogSettings,
  underSystemd: boolean,
): string | undefined {
  if (logger === "capnslog") return "--logger=capnslog is removed in v3.5";
  if (logger !== "zap") return `unknown logger option ${JSON.stringify(logger)}`;
  if (logOutputs.length > 1 && logOutputs.includes(DEFAULT))
    return `multi logoutput for "default" is not supported yet`;
  if (enableLogRotation && (logOutputs.length !== 1 || logOutputs[0]! in STREAMS)) {
    return "--log-outputs requires a single file path when --log-rotate-config-json is defined";
  }
  if (logOutputs.includes(JOURNAL) && !underSystemd) {
    return "can't find journal (standard error is not connected to it)";
  }
  return undefined;
}

function formatOf(name: string): Outcome<LineFormat> {
  if (name === "json" || name === "") return good(jsonLine);
  if (name === "console") return good(consoleLine);
  return bad(`unknown log format: ${name}, supported values json, console`);
}

function open(
  names: readonly string[],
  level: LogLevel,
  format: LineFormat,
  rotation: RotationConfig | undefined,
): Outcome<LineLogger> {
  const outputs: LogOutput[] = [];
  for (const name of names.length > 0 ? names : [DEFAULT]) {
    const stream = STREAMS[name];
    if (stream !== undefined) outputs.push(new FdOutput(stream));
    else if (rotation !== undefined) outputs.push(new RotatingFile(name, rotation));
    else {
      const file = openFile(name);
      if (!file.ok) return file;
      outputs.push(file.value);
    }
  }
  return good(new LineLogger({ level, format, outputs }));
}

function openFile(path: string): Outcome<LogOutput> {
  try {
    return good(new FdOutput(openForAppend(path)));
  } catch (error) {
    return bad(`open sink ${JSON.stringify(path)}: open ${path}: ${systemReason(error)}`);
  }
}
