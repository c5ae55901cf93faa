/**
 * Tokens of a JSON value that `findJson` has found whole, for a reader that knows what it expects. Places are told as line and
 * column, counted in characters, from the start of the value.
 */

import { isUtf8 } from "node:buffer";
import { skipSpace } from "./go-json.ts";

/** Why a value does not fit its message; the text goes to the client behind `proto: `. */
export class JsonMisfit extends Error {}

export type TokenKind = "{" | "[" | "string" | "number" | "true" | "false" | "null";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

export class JsonReader {
  private readonly bytes: Buffer;
  private readonly start: number;
  private at: number;

  /** One value: what `findJson` tells. */
  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes.subarray(0, end);
    this.start = start;
    this.at = start;
  }

  /** What comes next. */
  kind(): TokenKind {
    this.at = skipSpace(this.bytes, this.at);
    switch (this.bytes[this.at]) {
      case 0x7b:
        return "{";
      case 0x5b:
        return "[";
      case QUOTE:
        return "string";
      case 0x74:
        return "true";
      case 0x66:
        return "false";
      case 0x6e:
        return "null";
      default:
        return "number";
    }
  }

  /** The place of the next token, for an error about it. */
  place(): number {
    this.at = skipSpace(this.bytes, this.at);
    return this.at;
  }

  /** Goes into an object or list; false when it is empty and left again. */
  enter(): boolean {
    this.at = skipSpace(this.bytes, this.at + 1);
    const byte = this.bytes[this.at]!;
    if (byte !== 0x7d && byte !== 0x5d) return true;
    this.at++;
    return false;
  }

  /** Behind a member or an element: true when another follows; else the object or list is left. */
  next(): boolean {
    this.at = skipSpace(this.bytes, this.at);
    const more = this.bytes[this.at] === COMMA;
    this.at++;
    return more;
  }

  /** A member's name, and the colon behind it. */
  name(): string {
    const name = this.string();
    this.at = skipSpace(this.bytes, this.at) + 1;
    return name;
  }

  string(): string {
    const from = this.place();
    const escaped = this.passString();
    const raw = this.bytes.subarray(from, this.at);
    if (!isUtf8(raw)) throw this.syntaxMisfit(from, "invalid UTF-8 in string");
    if (!escaped) return raw.utf8Slice(1, raw.length - 1);
    const text: string = JSON.parse(raw.toString("utf8"));
    const lone = LONE_SURROGATE.exec(text);
    if (lone === null) return text;
    const written = `\\u${lone[0].charCodeAt(0).toString(16)}`;
    throw this.syntaxMisfit(from, `invalid escape code ${JSON.stringify(written)} in string`);
  }

  /** A number's or word's text. */
  word(): string {
    const from = this.place();
    this.passWord();
    return this.bytes.latin1Slice(from, this.at);
  }

  /** Passes over a value of which nothing is wanted. */
  skip(): void {
    const opened = this.kind();
    if (opened === "string") {
      this.string();
      return;
    }
    if (opened !== "{" && opened !== "[") return this.passWord();
    let depth = 0;
    do {
      this.at = skipSpace(this.bytes, this.at);
      const byte = this.bytes[this.at]!;
      if (byte === QUOTE) this.string();
      else {
        if (byte === 0x7b || byte === 0x5b) depth++;
        else if (byte === 0x7d || byte === 0x5d) depth--;
        this.at++;
      }
    } while (depth > 0);
  }

  /** The token at a place, as it was written. */
  textAt(place: number): string {
    const before = this.at;
    this.at = place;
    const kind = this.kind();
    if (kind === "string") this.passString();
    else if (kind === "{" || kind === "[") this.at++;
    else this.passWord();
    const text = this.bytes.utf8Slice(place, this.at);
    this.at = before;
    return text;
  }

  misfit(place: number, reason: string): JsonMisfit {
    return new JsonMisfit(`(${this.lineAndColumn(place)}): ${reason}`);
  }

  syntaxMisfit(place: number, reason: string): JsonMisfit {
    return new JsonMisfit(`syntax error (${this.lineAndColumn(place)}): ${reason}`);
  }

  unexpected(place: number): JsonMisfit {
    return this.syntaxMisfit(place, `unexpected token ${this.textAt(place)}`);
  }

  private lineAndColumn(place: number): string {
    const before = this.bytes.subarray(this.start, place);
    let lines = 1;
    for (const byte of before) if (byte === 0x0a) lines++;
    const line = before.subarray(before.lastIndexOf(0x0a) + 1);
    return `line ${lines}:${[...line.toString("utf8")].length + 1}`;
  }

  /** True when it has escapes. */
  private passString(): boolean {
    const { bytes } = this;
    let escaped = false;
    for (this.at++; bytes[this.at] !== QUOTE; this.at++) {
      if (bytes[this.at] !== BACKSLASH) continue;
      escaped = true;
      this.at++;
    }
    this.at++;
    return escaped;
  }

  private passWord(): void {
    const { bytes } = this;
    while (this.at < bytes.length && !isDelimiter(bytes[this.at]!)) this.at++;
  }
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

function isDelimiter(byte: number): boolean {
  return byte <= 0x20 || byte === COMMA || byte === 0x7d || byte === 0x5d || byte === 0x3a;
}
