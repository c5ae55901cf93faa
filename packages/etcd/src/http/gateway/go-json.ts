/**
 * Where one JSON value ends in a stream of bytes, or why there is none: the gateway's first look at a body. The texts are what users
 * of the original see, permanent.
 *
 * Knows JSON's grammar and nothing of messages; UTF-8 and what fields mean is the business of `json-reader.ts`.
 */

export type JsonSpan =
  | { readonly kind: "value"; readonly start: number; readonly end: number }
  /** White space only. */
  | { readonly kind: "nothing" }
  /** The bytes end within a value. */
  | { readonly kind: "cut off" }
  | { readonly kind: "malformed"; readonly reason: string };

export const UNEXPECTED_EOF = "unexpected EOF";

const DEPTH_MAX = 10_000;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CLOSE = { "{": 0x7d, "[": 0x5d } as const;

class Malformed extends Error {}
class CutOff extends Error {}

export function findJson(bytes: Uint8Array, from: number): JsonSpan {
  const start = skipSpace(bytes, from);
  if (start === bytes.length) return { kind: "nothing" };
  try {
    return { kind: "value", start, end: new Scanner(bytes, start).value() };
  } catch (error) {
    if (error instanceof CutOff) return { kind: "cut off" };
    if (error instanceof Malformed) return { kind: "malformed", reason: error.message };
    throw error;
  }
}

export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isSpace(bytes[at]!)) at++;
  return at;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

class Scanner {
  private readonly bytes: Uint8Array;
  private at: number;
  /** What is open, outermost first: nesting is not recursion, since bodies choose its depth. */
  private readonly open: ("{" | "[")[] = [];

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** The position behind the value. */
  value(): number {
    for (;;) {
      if (this.beginValue()) continue;
      if (!this.endValue()) return this.at;
    }
  }

  /** True when the value has inner values and the next begins here. */
  private beginValue(): boolean {
    const byte = this.peek();
    switch (byte) {
      case 0x7b:
        return this.beginObject();
      case 0x5b:
        return this.beginArray();
      case QUOTE:
        this.string();
        return false;
      case 0x74:
        this.literal("true");
        return false;
      case 0x66:
        this.literal("false");
        return false;
      case 0x6e:
        this.literal("null");
        return false;
      default:
        if (byte !== 0x2d && !isDigit(byte)) this.fail("looking for beginning of value");
        this.number();
        return false;
    }
  }

  private beginObject(): boolean {
    this.enter("{");
    if (this.peek() === CLOSE["{"]) return this.leave();
    this.key();
    return true;
  }

  private beginArray(): boolean {
    this.enter("[");
    if (this.peek() === CLOSE["["]) return this.leave();
    return true;
  }

  private enter(bracket: "{" | "["): void {
    this.open.push(bracket);
    if (this.open.length > DEPTH_MAX) throw new Malformed("exceeded max depth");
    this.at++;
  }

  private leave(): false {
    this.open.pop();
    this.at++;
    return false;
  }

  /** Behind a whole value: true when another follows in what is open. */
  private endValue(): boolean {
    while (this.open.length > 0) {
      const bracket = this.open[this.open.length - 1]!;
      const byte = this.peek();
      if (byte === 0x2c) {
        this.at++;
        if (bracket === "{") this.key();
        return true;
      }
      if (byte !== CLOSE[bracket])
        this.fail(bracket === "{" ? "after object key:value pair" : "after array element");
      this.leave();
    }
    return false;
  }

  private key(): void {
    if (this.peek() !== QUOTE) this.fail("looking for beginning of object key string");
    this.string();
    if (this.peek() !== 0x3a) this.fail("after object key");
    this.at++;
  }

  private string(): void {
    const { bytes } = this;
    this.at++;
    for (;;) {
      const byte = this.here();
      if (byte === QUOTE) {
        this.at++;
        return;
      }
      if (byte < 0x20) this.fail("in string literal");
      this.at++;
      if (byte === BACKSLASH) this.escape(bytes);
    }
  }

  private escape(bytes: Uint8Array): void {
    const byte = this.here();
    if (byte !== 0x75) {
      if (!'bfnrt\\/"'.includes(String.fromCharCode(byte))) this.fail("in string escape code");
      this.at++;
      return;
    }
    this.at++;
    for (let i = 0; i < 4; i++) {
      const isHex = /[\da-fA-F]/.test(String.fromCharCode(this.here()));
      if (!isHex || bytes[this.at] === undefined) this.fail("in \\u hexadecimal character escape");
      this.at++;
    }
  }

  private number(): void {
    if (this.here() === 0x2d) this.at++;
    if (!isDigit(this.here())) this.fail("in numeric literal");
    if (this.here() === 0x30) this.at++;
    else this.digits();
    if (this.bytes[this.at] === 0x2e) {
      this.at++;
      if (!isDigit(this.here())) this.fail("after decimal point in numeric literal");
      this.digits();
    }
    const byte = this.bytes[this.at];
    if (byte !== 0x65 && byte !== 0x45) return;
    this.at++;
    if (this.here() === 0x2b || this.here() === 0x2d) this.at++;
    if (!isDigit(this.here())) this.fail("in exponent of numeric literal");
    this.digits();
  }

  private digits(): void {
    while (isDigit(this.bytes[this.at])) this.at++;
  }

  private literal(word: string): void {
    this.at++;
    for (let i = 1; i < word.length; i++, this.at++) {
      if (this.here() !== word.charCodeAt(i)) this.fail(`in literal ${word} (expecting '${word[i]}')`);
    }
  }

  /** The next byte that is not white space. */
  private peek(): number {
    this.at = skipSpace(this.bytes, this.at);
    return this.here();
  }

  private here(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new CutOff();
    return byte;
  }

  private fail(where: string): never {
    throw new Malformed(`invalid character ${quotedByte(this.bytes[this.at]!)} ${where}`);
  }
}

const SHORT: Readonly<Record<number, string>> = {
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
  39: "\\'",
  92: "\\\\",
};

/** A byte as the character of that number, in single quotes. */
function quotedByte(byte: number): string {
  const short = SHORT[byte];
  if (short !== undefined) return `'${short}'`;
  const hex = byte.toString(16).padStart(2, "0");
  if (byte < 0x20 || byte === 0x7f) return `'\\x${hex}'`;
  return (byte >= 0x80 && byte <= 0xa0) || byte === 0xad ? `'\\u00${hex}'` : `'${String.fromCharCode(byte)}'`;
}
