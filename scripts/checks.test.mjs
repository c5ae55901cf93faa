import assert from "node:assert/strict";
import { test } from "node:test";
import { lostSteps } from "./check-architecture.mjs";
import { breaches as coreBreaches, isCore } from "./check-core.mjs";
import { breaches as directionBreaches, MAY_IMPORT } from "./check-directions.mjs";
import { patterns, breaches as textBreaches } from "./check-text.mjs";
import { blankCommentsAndStrings, importsOf } from "./source-text.mjs";

const core = (text) => coreBreaches({ path: "packages/raft/src/a.ts", text });

function directions(
  packageName,
  text,
  { path = `packages/${packageName}/src/a/b.ts`, declared = [], forTests = [] } = {},
) {
  return directionBreaches({ package: packageName, path, text }, new Set(declared), new Set(forTests));
}

test("every form of import is seen, and comments and strings are not", () => {
  const text = [
    'import { a } from "./a.ts";',
    'import type { b }\n  from "b";',
    'export * from "c";',
    'import "d";',
    'const e = await import("e");',
    '// import { x } from "x";',
    'const names = ["from", "y", "import"];',
  ].join("\n");
  assert.deepEqual(importsOf(text), [
    { specifier: "./a.ts", line: 1 },
    { specifier: "b", line: 3 },
    { specifier: "c", line: 4 },
    { specifier: "d", line: 5 },
    { specifier: "e", line: 6 },
  ]);
});

test("blanking keeps positions and the code inside templates", () => {
  const inTemplate = ["$", "{Date}"].join("");
  const text = `a("Date", \`x ${inTemplate} y\`, /Date/); // Date\n/* Date\n */ b`;
  const blanked = blankCommentsAndStrings(text);
  assert.equal(blanked.length, text.length);
  assert.equal(blanked.split("\n").length, 3);
  assert.deepEqual(
    [...blanked.matchAll(/Date/g)].map((match) => match.index),
    [text.indexOf(inTemplate) + 2],
  );
});

test("the core may not name the world", () => {
  for (const [line, what] of [
    ["const t = Date.now();", "Date"],
    ["setTimeout(f, 1);", "setTimeout("],
    ["queueMicrotask(f);", "queueMicrotask("],
    ["function f(): Promise<void> {}", "Promise"],
    ["const f = async () => 1;", "async"],
    ["await f();", "await"],
    ["const r = Math.random();", "Math.random"],
    ["process.exit(1);", "process"],
    ['import { readSync } from "node:fs";', "node:fs"],
    ['import { Worker } from "node:worker_threads";', "node:worker_threads"],
  ]) {
    assert.deepEqual(core(line), [`packages/raft/src/a.ts:1: ${what} below the edge`]);
  }
});

test("words in comments, strings and members are no breach", () => {
  assert.deepEqual(
    core(
      '// await the Date\nconst s = "setTimeout(1)"; this.process(x); o.Date; const asyncStorage = 1; { async: true }',
    ),
    [],
  );
  assert.deepEqual(core('import { createHash } from "node:crypto";'), []);
});

test("edge files, tests and the packages at the edge are not the core", () => {
  assert.ok(isCore({ package: "storage", path: "packages/storage/src/wal/wal.ts" }));
  for (const path of ["wal/wal-thread.ts", "wal/wal-worker.ts", "disk/real-disk.ts", "wal/wal.test.ts"]) {
    assert.ok(!isCore({ package: "storage", path: `packages/storage/src/${path}` }), path);
  }
  assert.ok(!isCore({ package: "grpc", path: "packages/grpc/src/server/server.ts" }));
});

test("packages import each other in one direction, by the front door, declared", () => {
  assert.deepEqual(
    directions("raft", 'import { a } from "@etcd-ts/base";', { declared: ["@etcd-ts/base"] }),
    [],
  );
  assert.deepEqual(directions("raft", 'import { a } from "@etcd-ts/storage";'), [
    "packages/raft/src/a/b.ts:1: raft may not import storage",
  ]);
  assert.match(
    directions("raft", 'import { a } from "@etcd-ts/base/dist/x.js";', { declared: ["@etcd-ts/base"] })[0],
    /not a front door/,
  );
  assert.match(directions("raft", 'import { a } from "../../../base/src/x.ts";')[0], /lies outside/);
  assert.match(directions("raft", 'import { a } from "left-pad";')[0], /not among the dependencies/);
  assert.match(directions("raft", 'import { a } from "@etcd-ts/raft";')[0], /own front door/);
});

test("tests may use what only development needs", () => {
  const path = "packages/raft/src/a.test.ts";
  assert.deepEqual(
    directions("raft", 'import fc from "fast-check";', { path, forTests: ["fast-check"] }),
    [],
  );
  assert.equal(directions("raft", 'import fc from "fast-check";', { forTests: ["fast-check"] }).length, 1);
});

test("the table of directions has no cycle, and nothing shipped imports the simulator", () => {
  const order = [];
  const visit = (name, above) => {
    assert.ok(!above.includes(name), `cycle through ${name}`);
    for (const next of MAY_IMPORT[name]) visit(next, [...above, name]);
    order.push(name);
  };
  for (const name of Object.keys(MAY_IMPORT)) visit(name, []);
  for (const targets of Object.values(MAY_IMPORT)) assert.ok(!targets.includes("sim"));
});

test("machine places, registries and download addresses do not get into files", () => {
  const rules = patterns("/srv/build/checkout");
  const found = (text, path = "README.md") =>
    textBreaches(path, text, rules).map((line) => line.replace(/^[^:]+:(\d+:)? /, ""));
  assert.deepEqual(found("see ../shared and https://example.com/docs"), []);
  assert.deepEqual(found("cd /srv/build/checkout/packages"), ["the place of this checkout"]);
  assert.deepEqual(found("in /srv/build/shared/spec"), ["the place of a neighbour of this checkout"]);
  assert.deepEqual(found(["", "home", "somebody", "x"].join("/")), ["a home directory"]);
  assert.deepEqual(found(["https://registry", "example", "org/x"].join(".")), ["a package registry"]);
  assert.deepEqual(found(`"resolved": ${'"https'}://example.com/a.tgz"`, "package-lock.json"), [
    "download addresses",
  ]);
});

test("a step of the architecture that leads nowhere is told", () => {
  const text = "1. `packages/a/src/a.ts:Thing` 2. `packages/a/src/a.ts:lost` 3. `packages/b/src/gone.ts:x`";
  const read = (path) =>
    path === "packages/a/src/a.ts" ? "export class Thing {\n  found(): void {}\n}" : undefined;
  assert.deepEqual(lostSteps(text, read), [
    "packages/a/src/a.ts: defines no lost",
    "packages/b/src/gone.ts: no such file",
  ]);
});
