/**
 * From the words on the command line to a configuration and a log, or to the end: help, the version, or a mistake told as the
 * original tells it. Exit codes: 2 for a mistake in a flag's syntax, 1 for any other.
 */
import { readFileSync } from "node:fs";
import type { Logger } from "@etcd-ts/base";
import { FlagSet, parseArguments } from "../flags/flag-set.ts";
import { helpText, USAGE } from "../flags/help.ts";
import { BECAME_GATE, bothNames, flagAndGate, oldNameWarning, RENAMED } from "../flags/old-flags.ts";
import { FLAG_NAMES, FLAGS, type Settings } from "../flags/server-flags.ts";
import type { LineLogger } from "../log/line-logger.ts";
import { defaultLog, openLog } from "../log/open-log.ts";
import type { Config, IsSet } from "./config.ts";
import { readConfigFile } from "./config-file.ts";
import { defaultHost } from "./default-host.ts";
import { fillDefaults, fillInitialCluster } from "./defaults.ts";
import { type Environment, readEnvironment } from "./environment.ts";
import { systemReason } from "./system-reason.ts";
import { UNSET_ADVERTISE_CLIENT_URLS, validate } from "./validate.ts";
import { versionText } from "./version.ts";

export interface StartUpHost {
  /** The program and its arguments. */
  readonly words: readonly string[];
  readonly env: Environment;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** Takes the log until the configuration says where it goes. */
  readonly log?: Logger;
}

export type StartUp =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "run"; readonly config: Config; readonly log: Logger };

const EXIT_MISTAKE = 1;
const EXIT_SYNTAX = 2;

/** A configuration as it was asked for, before it is judged. */
interface Asked {
  readonly settings: Settings;
  readonly isSet: IsSet;
  readonly fromFile: boolean;
}

export function startUp(host: StartUpHost): StartUp {
  const { words, env, print, printError, log = defaultLog() } = host;
  const flags = new FlagSet();
  const line = parseArguments(flags, words.slice(1));
  switch (line.kind) {
    case "help":
      printError(USAGE);
      print(`\n${helpText()}\n`);
      return exit(0);
    case "mistake":
      printError(`${line.text}\n${USAGE}\n`);
      return exit(EXIT_SYNTAX);
    case "positional":
      if (line.words.length > 0)
        return fail(host, log, `${JSON.stringify(line.words[0])} is not a valid flag`);
  }
  if (flags.settings.version) {
    print(versionText());
    return exit(0);
  }
  const path = flags.settings.configFile || env.ETCD_CONFIG_FILE || "";
  const asked = path === "" ? fromFlags(host, flags, log) : fromFile(host, path, log);
  return "kind" in asked ? asked : judge(host, asked, log);
}

function fromFlags(host: StartUpHost, flags: FlagSet, log: Logger): Asked | StartUp {
  const environment = readEnvironment(flags, host.env, log);
  if (environment.kind === "shadowed") return exit(EXIT_MISTAKE);
  if (environment.kind === "bad") return fail(host, log, environment.text);
  const objection = settleOldNames(flags, log);
  if (objection !== undefined) return fail(host, log, objection);
  const { settings } = flags;
  if (settings.discoveryFallback === "proxy") {
    return fail(host, log, `v2 proxy is deprecated, and --discovery-fallback can't be configured as "proxy"`);
  }
  const isSet: IsSet = (name) => flags.isSet(name);
  fillInitialCluster(settings, isSet);
  return { settings, isSet, fromFile: false };
}

function fromFile(host: StartUpHost, path: string, log: Logger): Asked | StartUp {
  log.info(
    "config/start-up.ts:88",
    "loaded server configuration, other configuration command line flags and environment variables will be ignored if provided",
    { path },
  );
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return fail(host, log, `open ${path}: ${systemReason(error)}`);
  }
  const file = readConfigFile(text);
  if (file.ok) {
    const { settings, isSet, oldNames } = file.value;
    for (const [name, text] of oldNames) log.warn("config/start-up.ts:101", oldNameWarning(name, text));
    fillInitialCluster(settings, isSet);
    return { settings, isSet, fromFile: true };
  }
  if ("reason" in file) return fail(host, log, file.reason);
  host.printError(`${file.printed}\n`);
  return exit(EXIT_MISTAKE);
}

/** Old names: a pair of an old and its new name is a mistake, the rest works with a warning. */
function settleOldNames(flags: FlagSet, log: Logger): string | undefined {
  for (const [name, text] of flags.oldNames) {
    const [renamed, gate] = [RENAMED[name], BECAME_GATE[name]];
    if (renamed !== undefined && flags.isSet(renamed)) return bothNames(name, renamed);
    const { featureGates } = flags.settings;
    if (gate !== undefined && featureGates.isSet(gate))
      return flagAndGate(name, text, gate, featureGates.isOn(gate));
    if (gate !== undefined) flags.settings.featureGates = featureGates.with(gate, text === "true");
    log.warn("config/start-up.ts:119", oldNameWarning(name, text));
  }
  return undefined;
}

function judge(host: StartUpHost, { settings, isSet, fromFile }: Asked, earlyLog: Logger): StartUp {
  const opened = openLog(settings, host.env.JOURNAL_STREAM !== undefined);
  if (!opened.ok) {
    if ("reason" in opened) return fail(host, earlyLog, opened.reason);
    host.printError(`panic: ${opened.panic}\n`);
    return exit(EXIT_SYNTAX);
  }
  const log: LineLogger = opened.value;
  const objection = validate(settings, isSet, fromFile, log);
  for (const name of fromFile ? [] : FLAG_NAMES) {
    const { warning } = FLAGS[name];
    if (warning !== undefined && isSet(name)) log.warn("config/start-up.ts:135", warning);
  }
  // A file that does not hold leaves nothing behind, not even its log.
  if (objection !== undefined) return fail(host, fromFile ? earlyLog : log, objection);
  log.info("config/start-up.ts:139", "Running: ", { args: host.words });
  fillDefaults(settings, defaultHost, log);
  return { kind: "run", config: settings, log };
}

function fail(host: StartUpHost, log: Logger, reason: string): StartUp {
  log.info("config/start-up.ts:145", "Running: ", { args: host.words });
  log.warn("config/start-up.ts:146", "failed to verify flags", { error: reason });
  if (reason === UNSET_ADVERTISE_CLIENT_URLS) {
    log.warn("config/start-up.ts:148", "advertise client URLs are not set", { error: reason });
  }
  return exit(EXIT_MISTAKE);
}

function exit(code: number): StartUp {
  return { kind: "exit", code };
}
