/** The logger of the executable: filters by level, samples, formats, and hands the line to its outputs at once. */
import type { LogFields, Logger, LogLevel } from "@etcd-ts/base";
import type { LineFormat } from "./line-format.ts";
import { rank } from "./log-level.ts";
import { Sampler } from "./sampler.ts";
import { nowMicros, Timestamps } from "./timestamp.ts";

/** Takes a whole line; must not throw, since nobody could be told. */
export interface LogOutput {
  write(line: string): void;
}

export interface LineLoggerOptions {
  readonly level: LogLevel;
  readonly format: LineFormat;
  readonly outputs: readonly LogOutput[];
  /** Microseconds since 1970; default: the wall clock. */
  readonly now?: () => number;
}

export class LineLogger implements Logger {
  readonly #core: LogCore;
  readonly #name: string;

  constructor(options: LineLoggerOptions | LogCore, name = "") {
    this.#core = options instanceof LogCore ? options : new LogCore(options);
    this.#name = name;
  }

  isOn(level: LogLevel): boolean {
    return this.#core.isOn(level);
  }

  named(name: string): Logger {
    return new LineLogger(this.#core, this.#name === "" ? name : `${this.#name}.${name}`);
  }

  debug(caller: string, message: string, fields?: LogFields): void {
    this.#core.write("debug", this.#name, caller, message, fields);
  }

  info(caller: string, message: string, fields?: LogFields): void {
    this.#core.write("info", this.#name, caller, message, fields);
  }

  warn(caller: string, message: string, fields?: LogFields): void {
    this.#core.write("warn", this.#name, caller, message, fields);
  }

  error(caller: string, message: string, fields?: LogFields): void {
    this.#core.write("error", this.#name, caller, message, fields);
  }

  panic(caller: string, message: string, fields?: LogFields): void {
    this.#core.write("panic", this.#name, caller, message, fields);
  }

  fatal(caller: string, message: string, fields?: LogFields): void {
    this.#core.write("fatal", this.#name, caller, message, fields);
  }
}

/** What a log and those named after it share. */
class LogCore {
  readonly #least: number;
  readonly #format: LineFormat;
  readonly #outputs: readonly LogOutput[];
  readonly #now: () => number;
  readonly #timestamps = new Timestamps();
  readonly #sampler = new Sampler();

  constructor({ level, format, outputs, now = nowMicros }: LineLoggerOptions) {
    this.#least = rank(level);
    this.#format = format;
    this.#outputs = outputs;
    this.#now = now;
  }

  isOn(level: LogLevel): boolean {
    return rank(level) >= this.#least;
  }

  write(
    level: LogLevel,
    logger: string,
    caller: string,
    message: string,
    fields: LogFields | undefined,
  ): void {
    const levelRank = rank(level);
    if (levelRank < this.#least) return;
    const now = this.#now();
    if (!this.#sampler.admits(levelRank, message, now)) return;
    const line = this.#format({ level, time: this.#timestamps.show(now), logger, caller, message, fields });
    for (const output of this.#outputs) output.write(line);
  }
}
