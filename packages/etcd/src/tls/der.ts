/**
 * DER (X.690), as much of it as certificates and lists of revoked ones need.
 *
 *     element := tag (1 byte), length (1 byte below 128, else 0x80 + count and that many bytes), content
 */

export const Tag = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  OID: 0x06,
  UTF8_STRING: 0x0c,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

export function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag]), lengthBytes(content.length), content]);
}

export function sequence(...contents: readonly Uint8Array[]): Buffer {
  return element(Tag.SEQUENCE, ...contents);
}

/** `[number]` around its content. */
export function context(number: number, content: Uint8Array, constructed = true): Buffer {
  return element((constructed ? 0xa0 : 0x80) + number, content);
}

/** A number without sign, most significant byte first. */
export function integer(magnitude: Uint8Array): Buffer {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const digits = magnitude.subarray(start);
  return (digits[0] ?? 0) >= 0x80 ? element(Tag.INTEGER, Buffer.of(0), digits) : element(Tag.INTEGER, digits);
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let high = arc >>> 7; high > 0; high >>>= 7) groups.unshift((high & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return element(Tag.OID, Buffer.from(bytes));
}

/** `count` unused bits at the end. */
export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return element(Tag.BIT_STRING, Buffer.of(unusedBits), bytes);
}

/** UTCTime up to 2049, GeneralizedTime behind it, as certificates want it. */
export function time(date: Date): Buffer {
  const text = date.toISOString().replace(/[-:T]|\.\d+/g, "");
  return date.getUTCFullYear() < 2050
    ? element(Tag.UTC_TIME, Buffer.from(text.slice(2)))
    : element(Tag.GENERALIZED_TIME, Buffer.from(text));
}

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  return Buffer.concat([Buffer.of(0x80 + bytes.length), bytes]);
}

export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
}

/** What is no DER. */
export class DerError extends Error {}

/** The elements that stand one after another in these bytes. */
export function readElements(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at]!;
    const first = bytes[at + 1];
    if (first === undefined) throw new DerError("the data end within an element");
    const lengthSize = first < 0x80 ? 0 : first - 0x80;
    if (lengthSize > 4 || at + 2 + lengthSize > bytes.length) throw new DerError("a length is malformed");
    const length = lengthSize === 0 ? first & 0x7f : bytes.readUIntBE(at + 2, lengthSize);
    const start = at + 2 + lengthSize;
    if (start + length > bytes.length) throw new DerError("the data end within an element");
    elements.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
}
