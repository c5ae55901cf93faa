import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, test } from "node:test";
import { referenceTraces, STORIES, traceFilesAt } from "./edge/trace-files.ts";
import { describeMismatch, replayTrace } from "./replay.ts";

function replay(file: string): void {
  const { mismatches, directives } = replayTrace(readFileSync(file, "utf8"));
  assert.equal(mismatches.map(describeMismatch).join("\n"), "");
  assert.ok(directives > 0);
}

const reference = referenceTraces();

describe("reference traces", {
  skip: reference === undefined ? "not on this machine: see ETCD_TS_SHARED" : false,
}, () => {
  for (const file of reference === undefined ? [] : traceFilesAt(reference)) {
    test(basename(file), () => replay(file));
  }
});

describe("stories", () => {
  for (const file of traceFilesAt(STORIES)) test(basename(file), () => replay(file));
});

test("a difference is found, shown, and can be rewritten", () => {
  const trace = [
    "simple",
    "v1",
    "----",
    "voters=(2)",
    "1: StateProbe match=0 next=1",
    "",
    "nonsense",
    "----",
    "",
    "",
  ];
  const { mismatches, rewritten } = replayTrace(trace.join("\n"));
  assert.deepEqual(mismatches.map(describeMismatch), [
    "line 1: simple\n  - voters=(2)\n  + voters=(1)",
    "line 7: nonsense\n  + unknown command",
  ]);
  assert.equal(replayTrace(rewritten).mismatches.length, 0);
});

test("every command reports its misuse as output", () => {
  const outputs: readonly (readonly [string, string])[] = [
    ["fly-away", "unknown command"],
    ["log-level loud", "log levels must be either of [DEBUG INFO WARN ERROR FATAL NONE]"],
    ["log-level Error", "ok"],
    ["add-nodes 1 voters=(1)", "index must be specified as > 1 due to bootstrap"],
    ["add-nodes 1 read-only=never", 'invalid read-only option "never"'],
    ["add-nodes 2 voters=(1, 2) \\\n  index=5 content=abc", "ok"],
    [
      "report-unreachable 1",
      "must specify exactly two node indexes: node on which to report, and reported node",
    ],
    ["deliver-msgs 1 drop=(2)", "no messages"],
    ["process-append-thread 1", "no append work to perform"],
    ["process-apply-thread 1", "no apply work to perform"],
    ["raft-log 2", "log is empty: first index=6, last index=5"],
    ["propose 1 foo", "raft proposal dropped"],
    ["propose-conf-change 1 v1=true\nv2 v3", "v1 conf change can only have one operation and no transition"],
    ["propose-conf-change 1\nx2", "unknown input: x2"],
    ["propose-conf-change 1\nv", "unknown token v"],
    ["compact 1 5", "requested index is unavailable due to compaction"],
    ["status 1", "ok"],
    ["raft-state", "1: StateFollower (Voter) Term:0 Lead:0\n2: StateFollower (Voter) Term:0 Lead:0"],
    ["process-ready 1 2", "> 1 handling Ready\n  <empty Ready>\n> 2 handling Ready\n  <empty Ready>"],
    ["send-snapshot 1 2", send()],
    ["deliver-msgs drop=(2, 7)", `dropped: ${send()}`],
    ["log-level none", "ok"],
    ["raft-log 1", "ok"],
    ["propose 1 foo", "raft proposal dropped"],
  ];
  const trace = outputs.map(([directive, output]) => `${directive}\n----\n${output}\n`).join("\n");
  assert.equal(replayTrace(trace).mismatches.map(describeMismatch).join("\n"), "");
});

function send(): string {
  const snapshot = "Voters:[1 2] VotersOutgoing:[] Learners:[] LearnersNext:[] AutoLeave:false";
  return `1->2 MsgSnap Term:0 Log:0/0\n  Snapshot: Index:5 Term:1 ConfState:${snapshot}`;
}
