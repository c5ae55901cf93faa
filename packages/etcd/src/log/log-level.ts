/** The levels in their order, and the words by which they are asked for. */
import type { LogLevel } from "@etcd-ts/base";

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error", "panic", "fatal"];

const WORDS: Readonly<Record<string, LogLevel>> = { "": "info", warning: "warn", dpanic: "panic" };

/** Higher is graver. */
export function rank(level: LogLevel): number {
  return ORDER.indexOf(level);
}

/** A level in whatever case; undefined for any other word. */
export function parseLevel(word: string): LogLevel | undefined {
  const lower = word.toLowerCase();
  return WORDS[lower] ?? ORDER.find((level) => level === lower);
}
