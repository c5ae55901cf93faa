/**
 * Bytes as a double-quoted Go string literal: printable Unicode stands for itself, the rest is escaped. Logs and traces show
 * entry payloads so, and they are compared byte for byte.
 */

const SHORT: ReadonlyMap<number, string> = new Map([
  [0x07, "\\a"],
  [0x08, "\\b"],
  [0x0c, "\\f"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x09, "\\t"],
  [0x0b, "\\v"],
  [0x5c, "\\\\"],
  [0x22, '\\"'],
]);

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

export function quoteBytes(bytes: Uint8Array): string {
  let text = '"';
  for (let i = 0; i < bytes.length; ) {
    const length = runeLength(bytes, i);
    if (length === 0) {
      text += `\\x${hex(bytes[i]!, 2)}`;
      i++;
    } else {
      text += quoteRune(runeAt(bytes, i, length));
      i += length;
    }
  }
  return `${text}"`;
}

function quoteRune(rune: number): string {
  const short = SHORT.get(rune);
  if (short !== undefined) return short;
  const character = String.fromCodePoint(rune);
  if (PRINTABLE.test(character)) return character;
  if (rune < 0x80) return `\\x${hex(rune, 2)}`;
  return rune < 0x10000 ? `\\u${hex(rune, 4)}` : `\\U${hex(rune, 8)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

/** The bytes of the UTF-8 sequence that starts at `at`; 0 when it is not valid. */
function runeLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return 0;
  for (let i = 1; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  const rune = runeAt(bytes, at, length);
  if (length === 3 && (rune < 0x800 || (rune >= 0xd800 && rune < 0xe000))) return 0;
  if (length === 4 && (rune < 0x10000 || rune > 0x10ffff)) return 0;
  return length;
}

function runeAt(bytes: Uint8Array, at: number, length: number): number {
  if (length === 1) return bytes[at]!;
  let rune = bytes[at]! & (0x7f >> length);
  for (let i = 1; i < length; i++) rune = (rune << 6) | (bytes[at + i]! & 0x3f);
  return rune;
}
