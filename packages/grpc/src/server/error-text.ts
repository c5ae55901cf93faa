/**
 * How error texts are written: the quoting and the parse errors that clients of the original know from its run-time, and the
 * percent-encoding in which `grpc-message` travels. Header values come in as latin1 strings (one character a byte) and are
 * shown as the UTF-8 that they are.
 */

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** The UTF-8 text that a latin1 string carries. */
export function textOf(latin1: string): string {
  return Buffer.from(latin1, "latin1").toString("utf8");
}

/** A header value in double quotes, with escapes for what cannot be printed. */
export function quoted(latin1: string): string {
  let out = '"';
  for (const character of textOf(latin1)) {
    const code = character.codePointAt(0) as number;
    const short = SHORT_ESCAPES[character];
    if (short !== undefined) out += short;
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (code >= 0x80 && code < 0xa1) out += `\\u${code.toString(16).padStart(4, "0")}`;
    else out += character;
  }
  return `${out}"`;
}

const NEEDS_PERCENT = /[^\x20-\x24\x26-\x7e]/;

/** `grpc-message`: printable ASCII as it is, everything else and the percent sign as `%XX` of its UTF-8 bytes. */
export function percentEncode(text: string): string {
  if (!NEEDS_PERCENT.test(text)) return text;
  let out = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    out += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

const BASE64 = /^[A-Za-z0-9+/]$/;

/**
 * Where a base64 value is broken, as an offset in it; -1 when it is whole. Padding is required when the length is a multiple of
 * four and forbidden otherwise.
 */
export function base64BrokenAt(value: string): number {
  const padded = value.length % 4 === 0;
  for (let i = 0; i < value.length; i++) {
    const character = value[i]!;
    if (BASE64.test(character)) continue;
    if (!padded || character !== "=") return i;
    return paddingBrokenAt(value, i);
  }
  return value.length % 4 === 1 ? value.length - 1 : -1;
}

function paddingBrokenAt(value: string, at: number): number {
  const place = at % 4;
  if (place < 2) return at;
  if (place === 3) return at + 1 < value.length ? at + 1 : -1;
  if (value[at + 1] !== "=") return at;
  return at + 2 < value.length ? at + 2 : -1;
}
