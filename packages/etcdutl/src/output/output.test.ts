import assert from "node:assert/strict";
import { test } from "node:test";
import { timeText } from "./log.ts";
import { type Column, resultText, writeOutOf } from "./printer.ts";

const COLUMNS: readonly Column[] = [
  { header: "HASH", cell: "cf1550fb", field: "Hash", jsonName: "hash", value: 3474280699 },
  { header: "REVISION", cell: "3", field: "Revision", jsonName: "revision", value: 3 },
  { header: "TOTAL SIZE", cell: "25 kB", field: "Size", jsonName: "totalSize", value: 24576 },
  { header: "VERSION", cell: "3.6.0", field: "Version", jsonName: "version", value: "3.6.0" },
];

test("one result in all its forms", () => {
  assert.equal(resultText("simple", COLUMNS), "cf1550fb, 3, 25 kB, 3.6.0\n");
  assert.equal(
    resultText("fields", COLUMNS),
    '"Hash" : 3474280699\n"Revision" : 3\n"Size" : 24576\n"Version" : 3.6.0\n',
  );
  assert.equal(
    resultText("json", COLUMNS),
    '{"hash":3474280699,"revision":3,"totalSize":24576,"version":"3.6.0"}\n',
  );
  assert.equal(
    resultText("table", COLUMNS),
    [
      "┌──────────┬──────────┬────────────┬─────────┐",
      "│   HASH   │ REVISION │ TOTAL SIZE │ VERSION │",
      "├──────────┼──────────┼────────────┼─────────┤",
      "│ cf1550fb │        3 │      25 kB │   3.6.0 │",
      "└──────────┴──────────┴────────────┴─────────┘",
      "",
    ].join("\n"),
  );
  assert.throws(() => resultText("protobuf", COLUMNS), /protobuf not supported as output format/);
  assert.throws(() => writeOutOf({ "write-out": "bogus" }), /unsupported output format/);
});

test("the log's time is told to the second, with the zone", () => {
  assert.match(timeText(new Date()), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[-+]\d\d:\d\d)$/);
});
