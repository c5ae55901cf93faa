/**
 * What a command is made of: its name and texts, its flags, and either what it runs or the commands below it. The tables of
 * `commands/` are the only source for parsing, help and completion.
 */

export type FlagValue = string | number | boolean;
export type FlagValues = Readonly<Record<string, FlagValue>>;

export type FlagKind = "string" | "bool" | "uint" | "int" | "duration";

export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly kind: FlagKind;
  readonly text: string;
  /** Durations in nanoseconds. */
  readonly initial: FlagValue;
  /** As help shows it; undefined: not shown. */
  readonly shown?: string;
  readonly required?: boolean;
}

export interface Invocation {
  readonly args: readonly string[];
  readonly flags: FlagValues;
}

export interface Command {
  readonly name: string;
  /** The line behind "Usage:", without the parents' names. */
  readonly use: string;
  readonly text: string;
  readonly flags: readonly Flag[];
  readonly commands: readonly Command[];
  /** Why these arguments are none; checked before anything else. */
  readonly objection?: (args: readonly string[]) => string | undefined;
  readonly run?: (invocation: Invocation) => void;
}

export function command(parts: Pick<Command, "name" | "text"> & Partial<Command>): Command {
  return { use: `${parts.name} [flags]`, flags: [], commands: [], ...parts };
}

/** A command ends in an error: its text, and the exit code that scripts see. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Exit codes of the original. Permanent. */
export const EXIT_ERROR = 1;
export const EXIT_PANIC = 2;
export const EXIT_BAD_FEATURE = 4;
export const EXIT_BAD_ARGUMENTS = 128;
