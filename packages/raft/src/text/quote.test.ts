import assert from "node:assert/strict";
import { test } from "node:test";
import { quoteBytes } from "./quote.ts";

test("bytes are quoted as a Go string", () => {
  const quoted = (text: string, encoding: BufferEncoding = "utf8") => quoteBytes(Buffer.from(text, encoding));
  assert.equal(quoted(""), '""');
  assert.equal(quoted('a "b" \\ c'), '"a \\"b\\" \\\\ c"');
  assert.equal(quoted("\x07\b\f\n\r\t\v"), '"\\a\\b\\f\\n\\r\\t\\v"');
  assert.equal(quoted("\x00\x1f\x7f"), '"\\x00\\x1f\\x7f"');
  assert.equal(quoted("héllo 世界 😀 �"), '"héllo 世界 😀 �"');
  assert.equal(quoted("\u00a0\u200b\u{e0001}"), '"\\u00a0\\u200b\\U000e0001"');
  assert.equal(quoted("80c0af41", "hex"), '"\\x80\\xc0\\xafA"');
  assert.equal(quoted("eda080f4908080e4b8", "hex"), '"\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80\\xe4\\xb8"');
});
