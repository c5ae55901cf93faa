/** The table of all flags of the server as 3.7 knows them, by the groups of `--help`; and the types that follow from it. */
import { CLUSTER_FLAGS } from "./cluster-flags.ts";
import type { Flag } from "./flag.ts";
import { MEMBER_FLAGS, TUNING_FLAGS, UNSAFE_FLAGS } from "./member-flags.ts";
import { GENERAL_FLAGS, LOG_FLAGS, MONITORING_FLAGS, TRACING_FLAGS } from "./operation-flags.ts";
import { AUTH_FLAGS, FILE_SETTINGS, SECURITY_FLAGS } from "./security-flags.ts";

export const SERVER_FLAGS = {
  ...MEMBER_FLAGS,
  ...CLUSTER_FLAGS,
  ...SECURITY_FLAGS,
  ...AUTH_FLAGS,
  ...MONITORING_FLAGS,
  ...LOG_FLAGS,
  ...TRACING_FLAGS,
  ...TUNING_FLAGS,
  ...UNSAFE_FLAGS,
  ...GENERAL_FLAGS,
} as const;

export type FlagName = keyof typeof SERVER_FLAGS;

type SettingName = FlagName | keyof typeof FILE_SETTINGS;

/** "data-dir" becomes "dataDir". */
type Camel<S extends string> = S extends `${infer Head}-${infer Rest}`
  ? `${Head}${Capitalize<Camel<Rest>>}`
  : S;

type ValueOf<F> = F extends { readonly kind: { parse(text: string, current: infer T): unknown } } ? T : never;

/** The values of all flags and file settings, by their names in camel case. */
export type Settings = {
  [N in FlagName as Camel<N>]: ValueOf<(typeof SERVER_FLAGS)[N]>;
} & {
  [N in keyof typeof FILE_SETTINGS as Camel<N>]: ValueOf<(typeof FILE_SETTINGS)[N]>;
};

export type SettingKey = keyof Settings;

/** The table seen without the types of the values, for code that treats all flags alike. */
export const FLAGS = SERVER_FLAGS as Readonly<Record<FlagName, Flag<unknown>>>; // each row is a Flag of its own type

/** Names in the order of the alphabet, as variables of the environment are looked for. */
export const FLAG_NAMES = (Object.keys(SERVER_FLAGS) as FlagName[]).sort(); // the keys of a constant

export const FLAG_GROUPS: ReadonlyArray<{ readonly title: string; readonly names: readonly FlagName[] }> = [
  { title: "Member", names: namesOf(MEMBER_FLAGS) },
  { title: "Clustering", names: namesOf(CLUSTER_FLAGS) },
  { title: "Security", names: namesOf(SECURITY_FLAGS) },
  { title: "Auth", names: namesOf(AUTH_FLAGS) },
  { title: "Profiling and Monitoring", names: namesOf(MONITORING_FLAGS) },
  { title: "Logging", names: namesOf(LOG_FLAGS) },
  { title: "Distributed tracing", names: namesOf(TRACING_FLAGS) },
  { title: "Features", names: namesOf(TUNING_FLAGS) },
  { title: "Unsafe feature", names: namesOf(UNSAFE_FLAGS) },
  { title: "General", names: namesOf(GENERAL_FLAGS) },
];

function namesOf<N extends FlagName>(group: Readonly<Record<N, unknown>>): readonly N[] {
  return Object.keys(group) as N[]; // the keys of a constant
}

export function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(SERVER_FLAGS, name);
}

export function settingKey(name: SettingName): SettingKey {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()) as SettingKey; // what Camel<> says in types
}

/** A fresh set of initial values. */
export function initialSettings(): Settings {
  const all = { ...SERVER_FLAGS, ...FILE_SETTINGS };
  const entries = Object.entries(all).map(([name, { initial }]) => [
    settingKey(name as SettingName),
    initial,
  ]);
  return Object.fromEntries(entries) as Settings; // one entry for each key of the table
}
