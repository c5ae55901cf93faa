import assert from "node:assert/strict";
import { test } from "node:test";
import { type Arguments, FlagSet, parseArguments } from "./flag-set.ts";
import { helpText } from "./help.ts";
import { FLAG_NAMES } from "./server-flags.ts";

function parse(...args: string[]): { readonly flags: FlagSet; readonly outcome: Arguments } {
  const flags = new FlagSet();
  return { flags, outcome: parseArguments(flags, args) };
}

test("one dash or two, a value behind a sign or as the next word", () => {
  for (const args of [["-name=a"], ["--name=a"], ["-name", "a"], ["--name", "a"]]) {
    const { flags, outcome } = parse(...args);
    assert.deepEqual(outcome, { kind: "positional", words: [] });
    assert.equal(flags.settings.name, "a");
    assert.ok(flags.isSet("name"));
  }
});

test("a truth value never takes the next word", () => {
  const { flags, outcome } = parse("--pre-vote", "false");
  assert.deepEqual(outcome, { kind: "positional", words: ["false"] });
  assert.equal(flags.settings.preVote, true);
  assert.equal(parse("--pre-vote=false").flags.settings.preVote, false);
});

test("the last setting of a flag wins", () => {
  assert.equal(parse("--max-wals=1", "--max-wals=2").flags.settings.maxWals, 2);
});

test("flags end at two dashes and at the first word that is none", () => {
  assert.deepEqual(parse("--name=a", "--", "--name=b").outcome, { kind: "positional", words: ["--name=b"] });
  assert.deepEqual(parse("-", "--nothing").outcome, { kind: "positional", words: ["-", "--nothing"] });
});

test("mistakes are told in the words of the flag library", () => {
  const table: ReadonlyArray<readonly [readonly string[], string]> = [
    [["--nothing=1"], "flag provided but not defined: -nothing"],
    [["--name"], "flag needs an argument: -name"],
    [["-=3"], "bad flag syntax: -=3"],
    [["---name=x"], "bad flag syntax: ---name=x"],
    [["--pre-vote=maybe"], 'invalid boolean value "maybe" for -pre-vote: parse error'],
    [["--snapshot-count=x"], 'invalid value "x" for flag -snapshot-count: parse error'],
    [["--initial-cluster-state=x"], 'invalid value "x" for flag -initial-cluster-state: invalid value'],
    [["--v2-deprecation=x"], 'invalid value "x" for flag -v2-deprecation: invalid value "x"'],
    [
      ["--max-concurrent-streams=x"],
      'invalid value "x" for flag -max-concurrent-streams: strconv.ParseUint: parsing "x": invalid syntax',
    ],
    [["--enable-v2=true"], "flag provided but not defined: -enable-v2"],
    [["--discovery=http://a:1"], "flag provided but not defined: -discovery"],
  ];
  for (const [args, text] of table) assert.deepEqual(parse(...args).outcome, { kind: "mistake", text });
});

test("help is asked for by two names", () => {
  for (const word of ["-h", "--help"]) assert.deepEqual(parse(word).outcome, { kind: "help" });
});

test("old names work, do nothing, or are swallowed", () => {
  const { flags } = parse("--experimental-corrupt-check-time=5s", "--enable-v2=false", "--force=x", "--vv");
  assert.equal(flags.settings.corruptCheckTime, 5e9);
  assert.ok(!flags.isSet("corrupt-check-time"));
  assert.deepEqual([...flags.oldNames.keys()], ["experimental-corrupt-check-time", "enable-v2"]);
});

test("an empty address list leaves what was", () => {
  const { flags } = parse("--listen-client-urls=http://127.0.0.1:1", "--listen-client-urls=");
  assert.deepEqual(
    flags.settings.listenClientUrls.map(({ text }) => text),
    ["http://127.0.0.1:1"],
  );
});

test("the help names every flag once, on one line with its value", () => {
  const lines = helpText().split("\n");
  for (const name of FLAG_NAMES) {
    assert.equal(lines.filter((line) => line.startsWith(`  --${name} '`)).length, 1, name);
  }
});
