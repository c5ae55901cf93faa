/**
 * An encoded message as its fields, by number: varints as numbers, the rest as views of its bytes. Enough to describe a message
 * that has been accepted before; what cannot be read is left out.
 */

export type WireValue = bigint | Uint8Array;

export type WireFields = ReadonlyMap<number, readonly WireValue[]>;

const VARINT = 0;
const BYTES = 2;

export function wireFields(bytes: Uint8Array): WireFields {
  const fields = new Map<number, WireValue[]>();
  const cursor = { bytes, at: 0 };
  while (cursor.at < bytes.length) {
    const tag = Number(readVarint(cursor));
    const value = readValue(cursor, tag & 7);
    if (value === undefined) break;
    const values = fields.get(tag >>> 3);
    if (values === undefined) fields.set(tag >>> 3, [value]);
    else values.push(value);
  }
  return fields;
}

/** How often a field occurs, without looking into it. */
export function countField(bytes: Uint8Array, number: number): number {
  const cursor = { bytes, at: 0 };
  let count = 0;
  while (cursor.at < bytes.length) {
    const tag = Number(readVarint(cursor));
    if (readValue(cursor, tag & 7) === undefined) break;
    if (tag >>> 3 === number) count++;
  }
  return count;
}

/** The one value of a number field; 0 when it is absent. */
export function numberField(fields: WireFields, number: number): number {
  const value = fields.get(number)?.at(-1);
  return typeof value === "bigint" ? Number(BigInt.asIntN(64, value)) : 0;
}

/** The values of a field that holds bytes. */
export function bytesFields(fields: WireFields, number: number): readonly Uint8Array[] {
  return (fields.get(number) ?? []).filter((value) => typeof value !== "bigint");
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

/** Undefined: no kind of value that these messages have, or it is cut off. */
function readValue(cursor: Cursor, wireType: number): WireValue | undefined {
  if (wireType === VARINT) return readVarint(cursor);
  if (wireType !== BYTES) return undefined;
  const end = Number(readVarint(cursor)) + cursor.at;
  if (end > cursor.bytes.length) return undefined;
  const value = cursor.bytes.subarray(cursor.at, end);
  cursor.at = end;
  return value;
}

function readVarint(cursor: Cursor): bigint {
  let value = 0n;
  for (let shift = 0n; cursor.at < cursor.bytes.length; shift += 7n) {
    const byte = cursor.bytes[cursor.at++]!;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  return value;
}
