/**
 * JSON as the original writes it into buckets and log entries: no white space, keys in a fixed order, `<`, `>`, `&`,
 * U+2028 and U+2029 escaped, 64-bit ids as bare numbers. Ids never pass through a double.
 */

/** A JSON string literal with the original's escapes. */
export function goJsonString(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A list of strings; `null` stands for a list that was never set. */
export function goJsonStrings(texts: readonly string[] | null): string {
  return texts === null ? "null" : `[${texts.map(goJsonString).join(",")}]`;
}

/**
 * Parses JSON whose unquoted integers may exceed 2^53: an integer of more than 15 digits comes back as a `bigint`, all
 * else as `JSON.parse` gives it.
 *
 * Such an integer follows `:`, `[` or `,` outside of a string; strings are skipped by the first alternative.
 */
export function parseGoJson(text: string): unknown {
  const quoted = text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') ? token : `"${BIGINT_MARK}${token}"`,
  );
  return JSON.parse(quoted, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(BIGINT_MARK)
      ? BigInt(value.slice(BIGINT_MARK.length))
      : value,
  );
}

/** A private-use character: no text of the original begins with it. */
const BIGINT_MARK = "\u{f0000}";

/** An integer of parsed JSON as a 64-bit id; undefined when it is none. */
export function idOf(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : undefined;
}
