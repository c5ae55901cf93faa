/** Variables `ETCD_…` as flags: each counts where its flag is not on the command line, and a pair of both is fatal. */
import type { Logger } from "@etcd-ts/base";
import { type FlagSet, setFromVariable } from "../flags/flag-set.ts";
import { BECAME_GATE, GONE, IGNORED, RENAMED } from "../flags/old-flags.ts";
import { FLAG_NAMES } from "../flags/server-flags.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = "ETCD_";

/** Container images set it for themselves. */
const VERSION_VARIABLE = "ETCD_VERSION";

export type EnvironmentOutcome =
  | { readonly kind: "used" }
  | { readonly kind: "bad"; readonly text: string }
  /** Already logged. */
  | { readonly kind: "shadowed" };

/** Sets the flags that the environment gives; `given` tells what stood on the command line. */
export function readEnvironment(flags: FlagSet, env: Environment, log: Logger): EnvironmentOutcome {
  if (env[VERSION_VARIABLE] !== undefined) {
    log.warn("config/environment.ts:23", "cannot set special environment variable", {
      key: VERSION_VARIABLE,
      value: env[VERSION_VARIABLE],
    });
  }
  const known = [
    ...FLAG_NAMES,
    ...Object.keys(RENAMED),
    ...Object.keys(BECAME_GATE),
    ...Object.keys(GONE),
    ...IGNORED,
  ].sort();
  const onCommandLine = new Set(known.filter((name) => flags.wasGiven(name)));
  const understood = new Set<string>();
  for (const name of known) {
    const variable = variableOf(name);
    const text = env[variable];
    if (text === undefined || variable === VERSION_VARIABLE) continue;
    if (onCommandLine.has(name)) return shadowed(variable, log);
    if (text === "") continue;
    const outcome = setFromVariable(flags, name, text);
    if (typeof outcome === "object") {
      return {
        kind: "bad",
        text: `invalid value ${JSON.stringify(text)} for ${variable}: ${outcome.reason}`,
      };
    }
    if (outcome === "unknown") continue;
    understood.add(variable);
    const fields = { "variable-name": variable, "variable-value": text };
    log.info("config/environment.ts:53", "recognized and used environment variable", fields);
  }
  warnOfStrangers(env, understood, log);
  return { kind: "used" };
}

export function variableOf(name: string): string {
  return PREFIX + name.toUpperCase().replaceAll("-", "_");
}

function shadowed(variable: string, log: Logger): EnvironmentOutcome {
  log.fatal(
    "config/environment.ts:65",
    "conflicting environment variable is shadowed by corresponding command-line flag (either unset environment variable or disable flag))",
    { "environment-variable": variable },
  );
  return { kind: "shadowed" };
}

function warnOfStrangers(env: Environment, understood: ReadonlySet<string>, log: Logger): void {
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith(PREFIX) || understood.has(variable) || variable === VERSION_VARIABLE) continue;
    log.warn("config/environment.ts:75", "unrecognized environment variable", {
      "environment-variable": `${variable}=${text}`,
    });
  }
}
