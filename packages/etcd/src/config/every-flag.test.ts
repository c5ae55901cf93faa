/** Each flag of the table by command line, environment and file, with a good and a bad value. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { SILENT_LOGGER } from "@etcd-ts/base";
import { FeatureGates } from "../flags/feature-gates.ts";
import type { Flag } from "../flags/flag.ts";
import { FlagSet, parseArguments } from "../flags/flag-set.ts";
import { BOOL, DURATION, FEATURE_GATES, type FileType, INT, ORIGINS, UINT32, URLS } from "../flags/kind.ts";
import { BECAME_GATE, GONE, IGNORED, RENAMED } from "../flags/old-flags.ts";
import { FLAG_NAMES, FLAGS, type FlagName, settingKey } from "../flags/server-flags.ts";
import { readConfigFile } from "./config-file.ts";
import { readEnvironment, variableOf } from "./environment.ts";

const WORDS: Partial<Record<FlagName, string>> = {
  "discovery-fallback": "proxy",
  "initial-cluster-state": "existing",
  "v2-deprecation": "gone",
};

/** A value that differs from the initial one. */
function goodText(name: FlagName, { kind, initial }: Flag<unknown>): string {
  if (WORDS[name] !== undefined) return WORDS[name];
  if (kind === BOOL) return String(initial !== true);
  if (kind === DURATION) return "7s";
  if (kind === URLS || kind === ORIGINS) return "http://127.0.0.1:7";
  if (kind === FEATURE_GATES) return "CompactHashCheck=true";
  return kind.fileType === "string" ? "seven" : kind.fileType === "[]string" ? "a,b" : "7";
}

/** The same value as a file gives it. */
function fileValue(text: string, type: FileType): string {
  if (type === "time.Duration") return "7000000000";
  if (type === "[]string") return `[${text}]`;
  return text;
}

function badText({ kind }: Flag<unknown>): string | undefined {
  if (kind === URLS || kind === ORIGINS) return "nonsense";
  if (kind === FEATURE_GATES) return "nonsense=1";
  if (kind.fileType === "string" || kind.fileType === "[]string") return undefined;
  return "nonsense";
}

/** What can be compared: gates keep their state to themselves. */
function plain(value: unknown): unknown {
  return value instanceof FeatureGates ? String(value) : value;
}

for (const name of FLAG_NAMES) {
  const flag = FLAGS[name];
  const key = settingKey(name);
  const text = goodText(name, flag);
  const expected = flag.kind.parse(text, flag.initial);
  assert.ok(expected.ok, name);

  test(`--${name} by command line`, () => {
    const flags = new FlagSet();
    assert.deepEqual(parseArguments(flags, [`--${name}=${text}`]), { kind: "positional", words: [] });
    assert.deepEqual(plain(flags.settings[key]), plain(expected.value));
    assert.notDeepEqual(plain(flags.settings[key]), plain(flag.initial));
    assert.ok(flags.isSet(name));
    const bad = badText(flag);
    if (bad === undefined) return;
    const mistake = parseArguments(new FlagSet(), [`--${name}=${bad}`]);
    assert.ok(mistake.kind === "mistake");
    assert.match(mistake.text, flag.kind === BOOL ? /^invalid boolean value "/ : /^invalid value "/);
  });

  test(`${variableOf(name)} by environment`, () => {
    if (name === "version") return; // container images set that variable for themselves
    const flags = new FlagSet();
    assert.deepEqual(readEnvironment(flags, { [variableOf(name)]: text }, SILENT_LOGGER), { kind: "used" });
    assert.deepEqual(plain(flags.settings[key]), plain(expected.value));
    assert.ok(flags.isSet(name));
    const both = new FlagSet();
    parseArguments(both, [`--${name}=${text}`]);
    assert.deepEqual(readEnvironment(both, { [variableOf(name)]: text }, SILENT_LOGGER), {
      kind: "shadowed",
    });
    const bad = badText(flag);
    if (bad === undefined) return;
    const outcome = readEnvironment(new FlagSet(), { [variableOf(name)]: bad }, SILENT_LOGGER);
    assert.ok(outcome.kind === "bad");
    assert.ok(outcome.text.startsWith(`invalid value "${bad}" for ${variableOf(name)}: `), outcome.text);
  });

  if (flag.file !== null)
    test(`${name} by file`, () => {
      const path = flag.file ?? name;
      const yaml = (value: string): string =>
        path.split(".").reduceRight((inner, part) => `{${part}: ${inner}}`, value);
      const file = readConfigFile(yaml(fileValue(text, flag.kind.fileType)));
      assert.ok(file.ok, JSON.stringify(file));
      assert.deepEqual(plain(file.value.settings[key]), plain(expected.value));
      assert.ok(file.value.isSet(name));
      const bad = readConfigFile(yaml("{}"));
      assert.ok(!bad.ok && "reason" in bad);
      assert.match(
        bad.reason,
        /^error unmarshaling JSON: while decoding JSON: json: cannot unmarshal object into Go struct field /,
      );
    });
}

test("the kinds that behave differently are all in the table", () => {
  for (const kind of [BOOL, DURATION, INT, UINT32, URLS, ORIGINS, FEATURE_GATES]) {
    assert.ok(FLAG_NAMES.some((name) => FLAGS[name].kind === kind));
  }
});

for (const [old, name] of Object.entries(RENAMED)) {
  const flag = FLAGS[name];
  const key = settingKey(name);
  const text = goodText(name, flag);
  const expected = flag.kind.parse(text, flag.initial);
  assert.ok(expected.ok, name);

  test(`--${old} as --${name}: by command line, environment and file`, () => {
    const line = new FlagSet();
    assert.deepEqual(parseArguments(line, [`--${old}=${text}`]), { kind: "positional", words: [] });
    const environment = new FlagSet();
    const variable = { [variableOf(old)]: text };
    assert.deepEqual(readEnvironment(environment, variable, SILENT_LOGGER), { kind: "used" });
    for (const flags of [line, environment]) {
      assert.deepEqual(flags.settings[key], expected.value);
      assert.deepEqual([...flags.oldNames.keys()], [old]);
    }
    const value = fileValue(text, flag.kind.fileType);
    const file = readConfigFile(`${old}: ${value}`);
    assert.ok(file.ok, JSON.stringify(file));
    assert.deepEqual(file.value.settings[key], expected.value);
    assert.ok(file.value.isSet(name));
    assert.deepEqual([...file.value.oldNames.keys()], [old]);
    const both = readConfigFile(`${old}: ${value}\n${name}: ${value}`);
    if (flag.file === undefined)
      assert.deepEqual(both, {
        ok: false,
        reason: `cannot set --${old} and --${name} at the same time, please use --${name} only`,
      });
    const wrong = readConfigFile(`${old}: {}`);
    assert.ok(!wrong.ok && "reason" in wrong);
    assert.match(
      wrong.reason,
      /^error unmarshaling JSON: while decoding JSON: json: cannot unmarshal object/,
    );
  });
}

for (const [old, gate] of Object.entries(BECAME_GATE))
  test(`--${old} as feature gate ${gate}: by command line, environment and file`, () => {
    for (const isOn of [true, false]) {
      const line = new FlagSet();
      assert.deepEqual(parseArguments(line, [`--${old}=${isOn}`]), { kind: "positional", words: [] });
      const environment = new FlagSet();
      const variable = { [variableOf(old)]: String(isOn) };
      assert.deepEqual(readEnvironment(environment, variable, SILENT_LOGGER), { kind: "used" });
      for (const flags of [line, environment]) assert.deepEqual([...flags.oldNames], [[old, String(isOn)]]);
      const file = readConfigFile(`${old}: ${isOn}`);
      assert.ok(file.ok, JSON.stringify(file));
      assert.equal(file.value.settings.featureGates.isOn(gate), isOn);
      const both = readConfigFile(`${old}: ${isOn}\nfeature-gates: ${gate}=${isOn}`);
      const fresh = `--feature-gates=${gate}=${isOn}`;
      assert.deepEqual(both, {
        ok: false,
        reason: `cannot specify both flags: --${old}=${isOn} and ${fresh} at the same time, please just use ${fresh}`,
      });
    }
    assert.equal(parseArguments(new FlagSet(), [`--${old}=nonsense`]).kind, "mistake");
  });

test("flags that are gone pass where they ask for nothing, and are unknown where they ask for something", () => {
  for (const [name, { harmless }] of Object.entries(GONE)) {
    const quiet = parseArguments(new FlagSet(), [`--${name}=${harmless?.[0] ?? "7"}`]);
    assert.equal(quiet.kind, "positional", name);
    if (harmless === undefined) continue;
    const asking = parseArguments(new FlagSet(), [`--${name}=${name === "enable-v2" ? "true" : "on"}`]);
    assert.deepEqual(asking, { kind: "mistake", text: `flag provided but not defined: -${name}` });
  }
});

test("names of the first releases are swallowed", () => {
  for (const name of IGNORED)
    assert.deepEqual(parseArguments(new FlagSet(), [`--${name}`]), { kind: "positional", words: [] }, name);
});
