/**
 * The configuration file, YAML or JSON: keys are the flags' names, whatever their case; some lie in nested maps. Unknown keys are passed
 * over; a value of the wrong type is refused in the words of the original's decoder, which names its own types. Names that flags had in
 * earlier releases are still keys here, though 3.7 passes them over.
 */
import { parseDocument } from "yaml";
import { BOOL, FILE_NUMBER_LIMITS, type FileType, type FileValue, type Kind } from "../flags/kind.ts";
import { clampToSafe } from "../flags/number.ts";
import { BECAME_GATE, bothNames, flagAndGate, RENAMED } from "../flags/old-flags.ts";
import { bad, good, type Outcome } from "../flags/outcome.ts";
import { FILE_SETTINGS } from "../flags/security-flags.ts";
import {
  FLAG_NAMES,
  FLAGS,
  type FlagName,
  initialSettings,
  type SettingKey,
  type Settings,
  settingKey,
} from "../flags/server-flags.ts";

export interface FileConfig {
  readonly settings: Settings;
  readonly isSet: (name: FlagName) => boolean;
  /** Old names that were used, with their values as text. */
  readonly oldNames: ReadonlyMap<string, string>;
}

/** A mistake; `printed`: told on standard error as it stands, not through the log. */
export type FileOutcome = Outcome<FileConfig> | { readonly ok: false; readonly printed: string };

interface Entry {
  readonly key: SettingKey;
  readonly flag: FlagName | undefined;
  readonly kind: Kind<unknown>;
}

/** Entries by their path in the file, in lower case. */
const ENTRIES: ReadonlyMap<string, Entry> = new Map([
  ...FLAG_NAMES.flatMap((name): [string, Entry][] => {
    const { file, kind } = FLAGS[name];
    return file === null ? [] : [[file ?? name, { key: settingKey(name), flag: name, kind }]];
  }),
  ...Object.entries(FILE_SETTINGS).map(([name, { file, kind }]): [string, Entry] => [
    file,
    { key: settingKey(name as keyof typeof FILE_SETTINGS), flag: undefined, kind: kind as Kind<unknown> }, // keys and kinds of that table
  ]),
]);

/** Old names of flags, all at the root. Those that became gates have no flag. */
const OLD_ENTRIES: ReadonlyMap<string, Entry> = new Map([
  ...Object.entries(RENAMED).map(([old, name]): [string, Entry] => [
    old,
    { key: settingKey(name), flag: name, kind: FLAGS[name].kind },
  ]),
  ...Object.keys(BECAME_GATE).map((old): [string, Entry] => [
    old,
    { key: "featureGates", flag: undefined, kind: BOOL },
  ]),
]);

/** The original's type of each map in the file. */
const MAPS: Readonly<Record<string, { readonly type: string; readonly name: string }>> = {
  "": { type: "embed.configYAML", name: "configYAML" },
  "client-transport-security": { type: "embed.securityConfig", name: "securityConfig" },
  "peer-transport-security": { type: "embed.securityConfig", name: "securityConfig" },
  "socket-options": { type: "transport.SocketOpts", name: "SocketOpts" },
  "discovery-config": { type: "v3discovery.DiscoveryConfig", name: "DiscoveryConfig" },
  "discovery-config.client": { type: "clientv3.ConfigSpec", name: "ConfigSpec" },
  "discovery-config.client.secure": { type: "clientv3.SecureConfig", name: "SecureConfig" },
  "discovery-config.client.auth": { type: "clientv3.AuthConfig", name: "AuthConfig" },
};

/** Keys that the original's decoder finds in another struct than the rest; its messages tell which. */
const IN_CONFIG_JSON =
  /^(listen-(peer|client|client-http)-urls|initial-advertise-peer-urls|advertise-client-urls|cors|host-whitelist|feature-gates|(client|peer)-transport-security)(\.|$)/;

/** The order in which the original reads address lists, and the name that it gives each. */
const URL_KEYS: ReadonlyArray<readonly [FlagName, string]> = [
  ["listen-peer-urls", "listen-peer-urls"],
  ["listen-client-urls", "listen-client-urls"],
  ["listen-client-http-urls", "listen-client-http-urls"],
  ["initial-advertise-peer-urls", "initial-advertise-peer-urls"],
  ["advertise-client-urls", "advertise-peer-urls"],
  ["listen-metrics-urls", "listen-metrics-urls"],
  ["cors", "cors"],
];

export function readConfigFile(text: string): FileOutcome {
  const root = parseYaml(text);
  if (!root.ok) return bad(`error converting YAML to JSON: ${root.reason}`);
  const found: Found = new Map();
  const objection = root.value === null ? undefined : visitMap("", root.value, found);
  if (objection !== undefined)
    return bad(`error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${objection}`);
  return settingsFrom(found);
}

/** By flag, by setting if no flag gives it, or by old name. */
type Found = Map<string, { readonly entry: Entry; readonly value: FileValue }>;

/** Gathers the values of a map; returns the first mistake in the order of the keys. */
function visitMap(path: string, node: unknown, found: Found): string | undefined {
  const map = MAPS[path]!;
  if (typeof node !== "object" || node === null || Array.isArray(node)) {
    return `${typeName(node)} into Go ${path === "" ? `value of type ${map.type}` : `struct field ${fieldName(path)} of type ${map.type}`}`;
  }
  let first: string | undefined;
  for (const [key, value] of Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const inner = path === "" ? key.toLowerCase() : `${path}.${key.toLowerCase()}`;
    const objection =
      value === null
        ? undefined
        : inner in MAPS
          ? visitMap(inner, value, found)
          : visitValue(inner, value, found);
    first ??= objection;
  }
  return first;
}

function visitValue(path: string, value: unknown, found: Found): string | undefined {
  const current = ENTRIES.get(path);
  const entry = current ?? OLD_ENTRIES.get(path);
  if (entry === undefined) return undefined;
  const objection = typeObjection(value, entry.kind.fileType);
  if (objection !== undefined)
    return `${objection.value} into Go struct field ${fieldName(path)} of type ${objection.type}`;
  const plain = typeof value === "bigint" ? clampToSafe(value) : (value as FileValue); // its type was just checked
  found.set(current === undefined ? path : (entry.flag ?? entry.key), { entry, value: plain });
  return undefined;
}

function typeObjection(
  value: unknown,
  type: FileType,
): { readonly value: string; readonly type: string } | undefined {
  if (type === "[]string") {
    if (!Array.isArray(value)) return { value: typeName(value), type };
    const stranger = value.find((item) => typeof item !== "string");
    return stranger === undefined ? undefined : { value: typeName(stranger), type: "string" };
  }
  if (type === "bool") return typeof value === "boolean" ? undefined : { value: typeName(value), type };
  const limits = FILE_NUMBER_LIMITS[type];
  if (limits === undefined) return typeof value === "string" ? undefined : { value: typeName(value), type };
  if (typeof value !== "number" && typeof value !== "bigint") return { value: typeName(value), type };
  const whole = typeof value === "bigint" || Number.isInteger(value) ? BigInt(value) : undefined;
  const fits = whole !== undefined && whole >= limits[0] && whole <= limits[1];
  return fits ? undefined : { value: `number ${value}`, type };
}

/** "configYAML.Config.name" or "securityConfig.configJSON.peer-transport-security.cert-file". */
function fieldName(path: string): string {
  const parent = path.includes(".") ? path.slice(0, path.lastIndexOf(".")) : "";
  return `${MAPS[parent]!.name}.${IN_CONFIG_JSON.test(path) ? "configJSON" : "Config"}.${path}`;
}

function settingsFrom(found: Found): FileOutcome {
  const settings = initialSettings();
  const old = [...found.keys()].filter((name) => OLD_ENTRIES.has(name));
  const isSet = (name: FlagName): boolean =>
    found.has(name) || old.some((candidate) => RENAMED[candidate] === name);
  for (const [name, shown] of URL_KEYS) {
    const outcome = assign(settings, found, name);
    if (!outcome.ok) return { ok: false, printed: `unexpected error setting up ${shown}: ${outcome.reason}` };
  }
  for (const name of found.keys()) {
    const outcome = name in BECAME_GATE ? good(undefined) : assign(settings, found, name);
    if (!outcome.ok) return outcome;
  }
  const objection = settleOldNames(settings, found, old);
  if (objection !== undefined) return bad(objection);
  settings.selfSignedCertValidity ||= 1;
  settings.initialClusterState ||= "new";
  const oldNames = new Map(old.map((name) => [name, String(found.get(name)?.value)]));
  return good({ settings, isSet, oldNames });
}

/** A pair of an old and its new name is a mistake; gates follow their old flags. */
function settleOldNames(settings: Settings, found: Found, old: readonly string[]): string | undefined {
  for (const name of old) {
    const [renamed, gate] = [RENAMED[name], BECAME_GATE[name]];
    if (renamed !== undefined && found.has(renamed)) return bothNames(name, renamed);
    if (gate === undefined) continue;
    const value = found.get(name)?.value === true;
    const { featureGates } = settings;
    if (featureGates.isSet(gate)) return flagAndGate(name, String(value), gate, featureGates.isOn(gate));
    settings.featureGates = featureGates.with(gate, value);
  }
  return undefined;
}

function assign(settings: Settings, found: Found, name: string): Outcome<undefined> {
  const given = found.get(name);
  if (
    given === undefined ||
    (given.value === "" && given.entry.kind.fromFile !== undefined && name !== "cors")
  )
    return good(undefined);
  const { kind, key } = given.entry;
  const value = kind.fromFile === undefined ? good(given.value) : kind.fromFile(given.value);
  if (!value.ok) return value;
  Object.assign(settings, { [key]: value.value });
  return good(undefined);
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return typeof value === "bigint" ? "number" : typeof value;
}

/** Plain values, whole numbers as bigint; dates stay text, as in JSON. */
function parseYaml(text: string): Outcome<unknown> {
  const document = parseDocument(text, {
    version: "1.1",
    uniqueKeys: false,
    intAsBigInt: true,
    customTags: (tags) =>
      tags.filter((tag) => typeof tag === "string" || tag.tag !== "tag:yaml.org,2002:timestamp"),
  });
  const codes = new Set(document.errors.map((error) => error.code));
  return codes.size === 0 ? good(document.toJS()) : bad(`yaml: ${yamlReason(codes)}`);
}

/** The nearest of the original's reasons; a text that is wrong in several ways has none of its own. */
function yamlReason(codes: ReadonlySet<string>): string {
  const [code = ""] = codes;
  return (codes.size === 1 && YAML_REASONS[code]) || "did not find expected key";
}

const YAML_REASONS: Readonly<Record<string, string>> = {
  BAD_INDENT: "did not find expected ',' or ']'",
  BLOCK_AS_IMPLICIT_KEY: "mapping values are not allowed in this context",
  TAB_AS_INDENT: "found character that cannot start any token",
  MISSING_CHAR: "found unexpected end of stream",
};
