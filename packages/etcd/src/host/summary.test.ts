import assert from "node:assert/strict";
import { test } from "node:test";
import { FlagSet, parseArguments } from "../flags/flag-set.ts";
import { isSummaryAsked, summaryText } from "./summary.ts";

function settings(...args: string[]) {
  const flags = new FlagSet();
  assert.equal(parseArguments(flags, args).kind, "positional");
  return flags.settings;
}

test("only a person at a terminal who asked for the console form gets a summary", () => {
  assert.ok(isSummaryAsked(settings("--log-format=console"), true));
  assert.ok(!isSummaryAsked(settings("--log-format=console"), false));
  assert.ok(!isSummaryAsked(settings(), true));
});

test("it names the addresses and the directory", () => {
  const text = summaryText(
    settings("--name=m1", "--data-dir=/d", "--listen-metrics-urls=http://127.0.0.1:1"),
  );
  assert.equal(
    text,
    [
      "",
      'etcd 3.7.1 serves as "m1"',
      "  clients  http://localhost:2379",
      "  members  http://localhost:2380",
      "  metrics  http://127.0.0.1:1",
      "  data     /d",
      "  stop     Ctrl-C",
      "",
      "",
    ].join("\n"),
  );
});
