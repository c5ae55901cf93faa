/** One server flag: its value, where a file gives it, and what this version makes of it. */
import type { Kind } from "./kind.ts";

export interface Flag<T> {
  readonly kind: Kind<T>;
  readonly initial: T;
  readonly help: string;
  /** What `--help` shows in place of the initial value. */
  readonly shown?: string;
  /** The release that brought the flag; without it, 3.5 had it. */
  readonly since?: "3.6";
  /** Path in the configuration file, parted by dots; default: the flag's name; null: a file cannot give it. */
  readonly file?: string | null;
  /** Logged when the flag is set. */
  readonly warning?: string;
  /** A feature of a later version: why any value but the initial one is refused. */
  readonly refused?: string;
  /** What of it is not there yet; told, in words of its own, where it matters. */
  readonly partly?: string;
  /** What it turns is not there yet, and nobody is harmed: why any value is accepted and does nothing. */
  readonly pending?: string;
  /** A knob of the original's inside that has nothing to turn here: why any value is accepted and does nothing. */
  readonly idle?: string;
}

type Details<T> = Omit<Flag<T>, "kind" | "initial" | "help">;

export function flag<T>(kind: Kind<T>, initial: NoInfer<T>, help: string, details: Details<T> = {}): Flag<T> {
  return { kind, initial, help, ...details };
}

/** A setting that only a file can give. */
export interface FileSetting<T> {
  readonly kind: Kind<T>;
  readonly initial: T;
  readonly file: string;
}
