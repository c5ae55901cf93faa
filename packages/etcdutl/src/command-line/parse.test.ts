import assert from "node:assert/strict";
import { test } from "node:test";
import { ROOT } from "../commands/root.ts";
import { suggestions, usageText } from "./help.ts";
import { parse } from "./parse.ts";
import { runProgram } from "./program.ts";

function parsed(line: string): ReturnType<typeof parse> {
  return parse(ROOT, line.split(" ").filter(Boolean));
}

function refusal(line: string): string {
  const result = parsed(line);
  assert.equal(result.kind, "refused", line);
  return result.kind === "refused" ? result.reason : "";
}

function running(line: string): { name: string; args: readonly string[]; flags: Record<string, unknown> } {
  const result = parsed(line);
  assert.equal(result.kind, "run", line);
  if (result.kind !== "run") throw new Error("unreachable");
  return { name: result.command.name, args: result.args, flags: { ...result.flags } };
}

test("flags stand before, between and behind; in all their forms", () => {
  for (const line of [
    "snapshot status f -w json",
    "snapshot status f -wjson",
    "snapshot status -w=json f",
    "--write-out json snapshot status f",
    "snapshot --write-out=json status f",
    "-w json snapshot status -- f",
  ]) {
    const { name, args, flags } = running(line);
    assert.deepEqual([name, args, flags["write-out"]], ["status", ["f"], "json"], line);
  }
  const { flags } = running("snapshot restore f --mark-compacted --skip-hash-check=false --bump-revision 7");
  assert.deepEqual(
    [flags["mark-compacted"], flags["skip-hash-check"], flags["bump-revision"]],
    [true, false, 7],
  );
  assert.equal(running("version --timeout=1m30s").flags.timeout, 90e9);
});

test("a unique beginning names a command, an ambiguous or unknown word does not", () => {
  assert.equal(running("sn st f").name, "status");
  assert.equal(running("ver").name, "version");
  assert.deepEqual(parsed("bogus"), { kind: "unknown-command", word: "bogus" });
  assert.equal(parsed("snapshot bogus").kind, "help");
  assert.deepEqual(suggestions(ROOT, "defarg"), ["defrag"]);
});

test("what is refused, in the words that users know", () => {
  assert.equal(refusal("hashkv"), "accepts 1 arg(s), received 0");
  assert.equal(refusal("defrag"), 'required flag(s) "data-dir" not set');
  assert.equal(refusal("migrate"), 'required flag(s) "data-dir", "target-version" not set');
  assert.equal(refusal("version --bogus"), "unknown flag: --bogus");
  assert.equal(refusal("version -x"), "unknown shorthand flag: 'x' in -x");
  assert.equal(refusal("defrag --data-dir"), "flag needs an argument: --data-dir");
  assert.equal(refusal("version -w"), "flag needs an argument: 'w' in -w");
  assert.equal(
    refusal("hashkv f --rev x"),
    'invalid argument "x" for "--rev" flag: strconv.ParseInt: parsing "x": invalid syntax',
  );
  assert.equal(
    refusal("version --timeout 5"),
    'invalid argument "5" for "--timeout" flag: time: missing unit in duration "5"',
  );
  assert.equal(
    refusal("snapshot restore f --bump-revision=-1"),
    'invalid argument "-1" for "--bump-revision" flag: strconv.ParseUint: parsing "-1": invalid syntax',
  );
  assert.equal(refusal("completion tcsh"), 'invalid argument "tcsh" for "etcdutl completion"');
});

test("help of every command names its flags; help of what is none says so", () => {
  for (const words of ["", "help snapshot restore", "snapshot", "defrag -h", "hashkv --help"]) {
    assert.equal(parsed(words).kind, "help", words);
  }
  const restore = ROOT.commands.find(({ name }) => name === "snapshot")!.commands[0]!;
  const text = usageText([ROOT, ROOT.commands.find(({ name }) => name === "snapshot")!, restore]);
  for (const { name } of restore.flags) assert.ok(text.includes(`--${name}`), name);
  assert.ok(text.includes("Global Flags:"));
  assert.deepEqual(parsed("help bogus"), { kind: "unknown-topic", topic: "bogus" });
});

test("errors of the command line are printed before and behind the usage", () => {
  let error = "";
  const terminal = {
    out: () => {},
    error: (text: string) => {
      error += text;
    },
  };
  assert.equal(runProgram(ROOT, ["bogus"], terminal), 1);
  const line = 'Error: unknown command "bogus" for "etcdutl"\n';
  assert.equal(error, `${line}Run 'etcdutl --help' for usage.\n${line}`);
  error = "";
  assert.equal(runProgram(ROOT, ["snapshot", "status"], terminal), 128);
  assert.equal(error, "Error: snapshot status requires exactly one argument\n");
});
