/**
 * What a directive prints: command output and log lines, in order, in one buffer. The level filters log lines; at `NONE` all is
 * swallowed.
 */

import type { Logger } from "../logger.ts";

export const LOG_LEVELS = ["DEBUG", "INFO", "WARN", "ERROR", "FATAL", "NONE"] as const;
const NONE_LEVEL = LOG_LEVELS.indexOf("NONE");

export class Output implements Logger {
  level = 0;
  private text = "";

  silenced(): boolean {
    return this.level === NONE_LEVEL;
  }

  write(text: string): void {
    if (!this.silenced()) this.text += text;
  }

  writeLine(text: string): void {
    this.write(`${text}\n`);
  }

  /** Takes out what was written so far. */
  take(): string {
    const { text } = this;
    this.text = "";
    return text;
  }

  /** Runs `work` and moves what it writes two columns to the right. */
  indented(work: () => void): void {
    const before = this.take();
    try {
      work();
    } finally {
      const lines = this.take().split("\n");
      if (lines[lines.length - 1] === "") lines.pop();
      this.text = before + lines.map((line) => `  ${line}\n`).join("");
    }
  }

  /** The number of the level called `name` in any case; undefined when there is none. */
  static levelOf(name: string): number | undefined {
    const index = (LOG_LEVELS as readonly string[]).indexOf(name.toUpperCase());
    return index < 0 ? undefined : index;
  }

  debug(text: string): void {
    this.log(0, text);
  }

  info(text: string): void {
    this.log(1, text);
  }

  warn(text: string): void {
    this.log(2, text);
  }

  error(text: string): void {
    this.log(3, text);
  }

  fatal(text: string): void {
    this.log(4, text);
  }

  private log(level: number, text: string): void {
    if (this.level <= level) this.writeLine(`${LOG_LEVELS[level]} ${text}`);
  }
}
