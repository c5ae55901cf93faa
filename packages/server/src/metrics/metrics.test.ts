import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { counter, type Family, histogram, labelled, sortedFamilies } from "./family.ts";
import { exponentialBounds, Histogram } from "./histogram.ts";
import { OperationTable } from "./operation-times.ts";
import { metricsProtobuf } from "./protobuf-format.ts";
import { goNumber, metricsText } from "./text-format.ts";

test("numbers are written as the original's library writes them", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [1, "1"],
    [524288, "524288"],
    [1048576, "1.048576e+06"],
    [2147483648, "2.147483648e+09"],
    [1e21, "1e+21"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [-1.5, "-1.5"],
    [Number.POSITIVE_INFINITY, "+Inf"],
    [Number.NaN, "NaN"],
  ];
  for (const [value, text] of cases) assert.equal(goNumber(value), text);
});

test("what is written is the number again", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true }), (value) =>
      assert.equal(Number(goNumber(value).replace("Inf", "Infinity")), value + 0),
    ),
  );
});

test("a histogram puts each value into the first bucket that takes it", () => {
  const times = new Histogram(exponentialBounds(1, 2, 3));
  for (const value of [0, 1, 1.5, 4, 5]) times.observe(value);
  times.observeTimes(3, 2);
  assert.deepEqual([...times.counts], [2, 1, 3, 1]);
  assert.deepEqual([times.count, times.sum], [7, 17.5]);
});

test("text: families with samples by name, labels by name, samples by values, buckets cumulative", () => {
  const times = new Histogram(Float64Array.of(0.5));
  times.observe(0.25);
  times.observe(1);
  const families: Family[] = [
    histogram("b_seconds", "Times.", times),
    labelled("a_total", "counter", 'Help with \\ and "quotes".', [
      { labels: [["x", "2"]], value: 1 },
      {
        labels: [
          ["x", '1"\n'],
          ["a", "z"],
        ],
        value: 2,
      },
    ]),
    labelled("empty", "gauge", "", []),
  ];
  assert.equal(
    metricsText(sortedFamilies(families)),
    `# HELP a_total Help with \\\\ and "quotes".
# TYPE a_total counter
a_total{x="2"} 1
a_total{a="z",x="1\\"\\n"} 2
# HELP b_seconds Times.
# TYPE b_seconds histogram
b_seconds_bucket{le="0.5"} 1
b_seconds_bucket{le="+Inf"} 2
b_seconds_sum 1.25
b_seconds_count 2
`,
  );
});

test("protobuf: a length, then the family", () => {
  const bytes = metricsProtobuf([counter("n", "h", 2)]);
  assert.equal(
    bytes.toString("hex"),
    "15" + "0a016e" + "120168" + "1800" + "220b" + "1a09" + "09" + "0000000000000040",
  );
});

test("operations of a turn share its time, and each is counted where it belongs", () => {
  const table = new OperationTable(exponentialBounds(1, 2, 4));
  table.add(4, true);
  table.add(4, true);
  table.add(6, false);
  assert.equal(table.endTurn(6), 2);
  assert.equal(table.endTurn(100), 0);
  const used = table
    .used()
    .map(({ field, success, histogram: { count, sum } }) => [field, success, count, sum]);
  assert.deepEqual(used, [
    [4, true, 2, 4],
    [6, false, 1, 2],
  ]);
});
