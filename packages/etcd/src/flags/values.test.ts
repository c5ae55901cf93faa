import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatDuration, HOUR, MILLISECOND, MINUTE, parseDuration, SECOND } from "./duration.ts";
import { GATE_NAMES, GATES, parseFeatureGates } from "./feature-gates.ts";
import { parseBool, parseInteger } from "./number.ts";
import type { Outcome } from "./outcome.ts";
import { parseUrls, splitHostPort } from "./url.ts";

function valueIn<T>(outcome: Outcome<T>): T {
  assert.ok(outcome.ok, outcome.ok ? "" : outcome.reason);
  return outcome.value;
}

function reasonOf(outcome: Outcome<unknown>): string {
  assert.ok(!outcome.ok);
  return outcome.reason;
}

describe("durations", () => {
  test("are sums of numbers with units", () => {
    const table: ReadonlyArray<readonly [string, number]> = [
      ["0", 0],
      ["5s", 5 * SECOND],
      ["1h15m30.5s", HOUR + 15 * MINUTE + 30.5 * SECOND],
      [".5s", 500 * MILLISECOND],
      ["-1.5h", -1.5 * HOUR],
      ["100us", 100_000],
      ["3\u00b5s", 3000],
      ["7ns", 7],
    ];
    for (const [text, expected] of table) assert.equal(valueIn(parseDuration(text)), expected, text);
  });

  test("that are none are refused with the reason", () => {
    assert.equal(reasonOf(parseDuration("x")), 'time: invalid duration "x"');
    assert.equal(reasonOf(parseDuration("")), 'time: invalid duration ""');
    assert.equal(reasonOf(parseDuration("5")), 'time: missing unit in duration "5"');
    assert.equal(reasonOf(parseDuration("5x")), 'time: unknown unit "x" in duration "5x"');
    assert.equal(reasonOf(parseDuration("99999999h")), 'time: invalid duration "99999999h"');
  });

  test("are shown in the shortest form", () => {
    const shown = [0, 7, 1500, 1_355_548, 100 * MILLISECOND, SECOND, 90 * SECOND, HOUR, -90 * MINUTE].map(
      formatDuration,
    );
    assert.deepEqual(shown, [
      "0s",
      "7ns",
      "1.5\u00b5s",
      "1.355548ms",
      "100ms",
      "1s",
      "1m30s",
      "1h0m0s",
      "-1h30m0s",
    ]);
  });

  test("read back as they were shown", () => {
    const nanoseconds = fc.integer({ min: -(2 ** 50), max: 2 ** 50 });
    fc.assert(fc.property(nanoseconds, (n) => valueIn(parseDuration(formatDuration(n))) === n));
  });
});

describe("numbers and truth values", () => {
  const uint64 = (text: string) => parseInteger(text, 0n, 2n ** 64n - 1n);

  test("may have a base and underscores", () => {
    const table = { "12": 12, "0x10": 16, "0b11": 3, "0o17": 15, "017": 15, "1_000": 1000, "0x_f": 15 };
    for (const [text, expected] of Object.entries(table)) assert.equal(valueIn(uint64(text)), expected, text);
  });

  test("that are none, or too large, are refused", () => {
    for (const text of ["", "x", "-1", "+1", "1e3", "09", "1__0", "_1", " 1", "0x"]) {
      assert.equal(reasonOf(uint64(text)), "parse error", text);
    }
    assert.equal(reasonOf(uint64("18446744073709551616")), "value out of range");
    assert.equal(valueIn(uint64("18446744073709551615")), Number.MAX_SAFE_INTEGER);
  });

  test("truth has twelve spellings", () => {
    for (const text of ["1", "t", "T", "true", "TRUE", "True"]) assert.equal(parseBool(text), true);
    for (const text of ["0", "f", "F", "false", "FALSE", "False"]) assert.equal(parseBool(text), false);
    for (const text of ["", "yes", "tRUE", "on"]) assert.equal(parseBool(text), undefined);
  });
});

describe("addresses", () => {
  const texts = (list: string) => valueIn(parseUrls(list)).map(({ text }) => text);

  test("are sorted, trimmed, and keep their spelling", () => {
    assert.deepEqual(texts("http://b:2, HTTP://a:1"), ["http://a:1", "http://b:2"]);
    assert.deepEqual(texts("unix://some/socket,unixs:x"), ["unix://some/socket", "unixs:x"]);
    assert.deepEqual(texts("http://[::1]:1,http://127.0.0.1:"), ["http://127.0.0.1:", "http://[::1]:1"]);
  });

  test("that are none are refused with the reason", () => {
    const table = {
      nonsense: "URL scheme must be http, https, unix, or unixs: nonsense",
      "localhost:2379": "URL scheme must be http, https, unix, or unixs: localhost:2379",
      "": "URL scheme must be http, https, unix, or unixs: ",
      "http://a": 'URL address does not have the form "host:port": http://a',
      "http://a:1/": "URL must not contain a path: http://a:1/",
      ":foo": 'parse ":foo": missing protocol scheme',
      "1http://a:1": 'parse "1http://a:1": first path segment in URL cannot contain colon',
      "http://[::1": `parse "http://[::1": missing ']' in host`,
      "http://a:x": 'parse "http://a:x": invalid port ":x" after host',
      "http://a:b:1": 'parse "http://a:b:1": invalid port ":b:1" after host',
      "http://%zz:1": 'parse "http://%zz:1": invalid URL escape "%zz"',
      "http://a b:1": 'parse "http://a b:1": invalid character " " in host name',
      "http://a\tb:1": 'parse "http://a\\tb:1": net/url: invalid control character in URL',
    };
    for (const [text, reason] of Object.entries(table)) assert.equal(reasonOf(parseUrls(text)), reason);
  });

  test("part into host and port", () => {
    assert.deepEqual(splitHostPort("a:1"), { host: "a", port: "1" });
    assert.deepEqual(splitHostPort("[::1]:1"), { host: "::1", port: "1" });
    assert.deepEqual(splitHostPort(":1"), { host: "", port: "1" });
    assert.equal(splitHostPort("a"), undefined);
    assert.equal(splitHostPort("::1"), undefined);
  });
});

describe("feature gates", () => {
  test("are as they are by default", () => {
    const gates = valueIn(parseFeatureGates(""));
    for (const name of GATE_NAMES) assert.equal(gates.isOn(name), GATES[name].on);
  });

  test("follow the switch of their stage unless they are named", () => {
    const gates = valueIn(parseFeatureGates("AllAlpha=true, CompactHashCheck=false,AllBeta=false"));
    assert.equal(gates.isOn("LeaseCheckpoint"), true);
    assert.equal(gates.isOn("CompactHashCheck"), false);
    assert.equal(gates.isOn("FastLeaseKeepAlive"), false);
    assert.equal(String(gates), "AllAlpha=true,AllBeta=false,CompactHashCheck=false");
  });

  test("that are none are refused with the reason", () => {
    assert.equal(reasonOf(parseFeatureGates("A")), "missing bool value for A");
    assert.equal(reasonOf(parseFeatureGates("A=true")), "unrecognized feature gate: A");
    assert.equal(
      reasonOf(parseFeatureGates("A=x")),
      'invalid value of A=x, err: strconv.ParseBool: parsing "x": invalid syntax',
    );
  });
});
