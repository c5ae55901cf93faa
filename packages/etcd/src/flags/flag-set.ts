/**
 * The values of all flags while they are gathered from the command line and the environment, and which of them were set. The last
 * setting of a flag wins. Knows the old names; does not judge values against each other.
 */
import { BOOL } from "./kind.ts";
import { BECAME_GATE, GONE, IGNORED, RENAMED } from "./old-flags.ts";
import { good, type Outcome } from "./outcome.ts";
import {
  FLAGS,
  type FlagName,
  initialSettings,
  isFlagName,
  type Settings,
  settingKey,
} from "./server-flags.ts";

const UNKNOWN = Symbol("unknown");

export class FlagSet {
  readonly settings: Settings = initialSettings();
  /** Names of this version's flags that were set. */
  readonly #set = new Set<FlagName>();
  /** Old names that were set, with their text: renamed ones, gates and gone ones. */
  readonly #old = new Map<string, string>();

  isSet(name: FlagName): boolean {
    return this.#set.has(name);
  }

  /** Whether the name was given itself, old or new. */
  wasGiven(name: string): boolean {
    return this.#old.has(name) || (isFlagName(name) && this.#set.has(name));
  }

  get oldNames(): ReadonlyMap<string, string> {
    return this.#old;
  }

  isKnown(name: string): boolean {
    return isFlagName(name) || name in RENAMED || name in BECAME_GATE || name in GONE || IGNORED.has(name);
  }

  /** Whether the flag means true when it is given without a value. */
  isBool(name: string): boolean {
    if (IGNORED.has(name) || name in BECAME_GATE) return true;
    if (name in GONE) return GONE[name]?.isBool === true;
    const flag = name in RENAMED ? RENAMED[name] : name;
    return flag !== undefined && isFlagName(flag) && FLAGS[flag].kind.isBool === true;
  }

  /** Sets a flag that is known; a value that an old flag no longer takes is as bad as an unknown flag. */
  set(name: string, text: string): Outcome<undefined> | typeof UNKNOWN {
    if (IGNORED.has(name)) return good(undefined);
    if (name in GONE) return this.#setGone(name, text);
    if (name in BECAME_GATE) return this.#setGate(name, text);
    const renamed = RENAMED[name];
    if (renamed !== undefined) this.#old.set(name, text);
    return this.#setFlag(renamed ?? (name as FlagName), text, renamed === undefined); // the only kind of name left
  }

  #setFlag(name: FlagName, text: string, byItself: boolean): Outcome<undefined> {
    const key = settingKey(name);
    const value = FLAGS[name].kind.parse(text, this.settings[key]);
    if (!value.ok) return value;
    if (byItself) this.#set.add(name);
    Object.assign(this.settings, { [key]: value.value });
    return good(undefined);
  }

  #setGate(name: string, text: string): Outcome<undefined> {
    const on = BOOL.parse(text, false);
    if (!on.ok) return on;
    this.#old.set(name, String(on.value));
    return good(undefined);
  }

  #setGone(name: string, text: string): Outcome<undefined> | typeof UNKNOWN {
    const harmless = GONE[name]?.harmless;
    if (harmless !== undefined && !harmless.includes(text)) return UNKNOWN;
    this.#old.set(name, text);
    return good(undefined);
  }
}

/** What a command line comes to: its positional arguments, the wish for help, or what the flag library says of a mistake. */
export type Arguments =
  | { readonly kind: "positional"; readonly words: readonly string[] }
  | { readonly kind: "help" }
  | { readonly kind: "mistake"; readonly text: string };

/** Sets the flags that the arguments give, up to the first that is none. */
export function parseArguments(flags: FlagSet, args: readonly string[]): Arguments {
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (!arg.startsWith("-") || arg === "-") return { kind: "positional", words: args.slice(at) };
    if (arg === "--") return { kind: "positional", words: args.slice(at + 1) };
    const [, name = "", value] = /^--?([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === "" || name.startsWith("-")) return mistake(`bad flag syntax: ${arg}`);
    if (name === "help" || name === "h") return { kind: "help" };
    if (!flags.isKnown(name)) return mistake(`flag provided but not defined: -${name}`);
    const takesNext = value === undefined && !flags.isBool(name);
    if (takesNext && at + 1 === args.length) return mistake(`flag needs an argument: -${name}`);
    const text = value ?? (takesNext ? args[++at]! : "true");
    const outcome = flags.set(name, text);
    if (outcome === UNKNOWN) return mistake(`flag provided but not defined: -${name}`);
    if (!outcome.ok) return mistake(objection(flags, name, text, outcome.reason));
  }
  return { kind: "positional", words: [] };
}

function mistake(text: string): Arguments {
  return { kind: "mistake", text };
}

function objection(flags: FlagSet, name: string, text: string, reason: string): string {
  if (flags.isBool(name)) return `invalid boolean value ${JSON.stringify(text)} for -${name}: ${reason}`;
  return `invalid value ${JSON.stringify(text)} for flag -${name}: ${reason}`;
}

/** Sets a flag from a variable; undefined when it is set, the reason otherwise, "unknown" for what an old flag no longer takes. */
export function setFromVariable(
  flags: FlagSet,
  name: string,
  text: string,
): "set" | "unknown" | { readonly reason: string } {
  const outcome = flags.set(name, text);
  if (outcome === UNKNOWN) return "unknown";
  return outcome.ok ? "set" : { reason: outcome.reason };
}
