import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findJson } from "./go-json.ts";

const find = (text: string, from = 0) => findJson(Buffer.from(text), from);

function reasonOf(text: string): string {
  const span = find(text);
  return span.kind === "malformed" ? span.reason : span.kind;
}

test("the first value is found, whatever follows it", () => {
  assert.deepEqual(find(' {"a":1} garbage'), { kind: "value", start: 1, end: 8 });
  assert.deepEqual(find('{"a":1}{"b":2}', 7), { kind: "value", start: 7, end: 14 });
  assert.deepEqual(find("12x"), { kind: "value", start: 0, end: 2 });
});

test("every value of JSON is found whole", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const { length } = Buffer.from(text);
      assert.deepEqual(find(text), { kind: "value", start: 0, end: length });
    }),
  );
});

test("a value that is cut off anywhere is told as such, unless it is one already", () => {
  const text = '{"a":[1.5e3,true,null,"x\\u00e4"],"b":{}}';
  for (let end = 1; end < text.length; end++) assert.equal(find(text.slice(0, end)).kind, "cut off");
});

test("white space alone is nothing", () => {
  assert.deepEqual(find(" \t\r\n"), { kind: "nothing" });
});

test("mistakes are told in the words of the original", () => {
  const cases: Record<string, string> = {
    '{"a":1,}': "invalid character '}' looking for beginning of object key string",
    "{'a':1}": "invalid character '\\'' looking for beginning of object key string",
    key: "invalid character 'k' looking for beginning of value",
    '{"a":01}': "invalid character '1' after object key:value pair",
    '{"a" 1}': "invalid character '1' after object key",
    "[1 2]": "invalid character '2' after array element",
    nonsense: "invalid character 'o' in literal null (expecting 'u')",
    '"a\\x"': "invalid character 'x' in string escape code",
    '"\\u00g0"': "invalid character 'g' in \\u hexadecimal character escape",
    '"a\nb"': "invalid character '\\n' in string literal",
    "-x": "invalid character 'x' in numeric literal",
    "1.x": "invalid character 'x' after decimal point in numeric literal",
    "1ex": "invalid character 'x' in exponent of numeric literal",
    "\ufeff{}": "invalid character 'ï' looking for beginning of value",
  };
  for (const [text, reason] of Object.entries(cases)) assert.equal(reasonOf(text), reason);
});

test("nesting has a limit, and no recursion", () => {
  assert.equal(find("[".repeat(10_000) + "]".repeat(10_000)).kind, "value");
  assert.equal(reasonOf("[".repeat(10_001)), "exceeded max depth");
});
