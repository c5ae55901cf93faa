/**
 * A JSON request to the protobuf message that gRPC would have brought (`http-endpoints.md` 8, Decoding). Straight to the wire
 * form: services take bytes, and 64-bit numbers keep their value.
 *
 * Unknown fields and unknown names of enums are overlooked. In text mode, bytes are given as the text that they are, or as
 * `{"base64": "..."}` where they are none.
 */

import type { FieldDescriptor } from "@etcd-ts/proto";
import type { JsonReader } from "./json-reader.ts";
import type { FieldPlan, MessagePlan } from "./message-plan.ts";
import { WireBuffer } from "./wire-buffer.ts";

const VARINT = 0;

/** Throws {@link JsonMisfit} and nothing else. */
export function jsonToWire(reader: JsonReader, plan: MessagePlan, textMode: boolean): Buffer {
  return new Transcoder(reader, textMode).message(plan);
}

class Transcoder {
  private readonly reader: JsonReader;
  private readonly textMode: boolean;

  constructor(reader: JsonReader, textMode: boolean) {
    this.reader = reader;
    this.textMode = textMode;
  }

  message(plan: MessagePlan): Buffer {
    const { reader } = this;
    const out = new WireBuffer();
    if (reader.kind() !== "{") throw reader.unexpected(reader.place());
    if (!reader.enter()) return out.written();
    const seenFields = new Set<number>();
    const seenOneofs = new Set<string>();
    do this.member(plan, out, seenFields, seenOneofs);
    while (reader.next());
    return out.written();
  }

  private member(plan: MessagePlan, out: WireBuffer, seenFields: Set<number>, seenOneofs: Set<string>): void {
    const { reader } = this;
    const place = reader.place();
    const planned = plan.byName.get(reader.name());
    if (planned === undefined) return reader.skip();
    const { field } = planned;
    if (seenFields.has(field.number)) throw reader.misfit(place, `duplicate field ${reader.textAt(place)}`);
    seenFields.add(field.number);
    if (reader.kind() === "null") return reader.skip();
    if (field.repeated) return this.list(planned, out);
    if (field.oneof !== undefined) {
      if (seenOneofs.has(field.oneof)) {
        const oneof = `${plan.descriptor.typeName}.${field.oneof}`;
        throw reader.misfit(place, `error parsing ${reader.textAt(place)}, oneof ${oneof} is already set`);
      }
      seenOneofs.add(field.oneof);
    }
    this.value(planned, out);
  }

  private list(planned: FieldPlan, out: WireBuffer): void {
    const { reader } = this;
    if (reader.kind() !== "[") throw reader.unexpected(reader.place());
    if (!reader.enter()) return;
    do this.value(planned, out);
    while (reader.next());
  }

  private value(planned: FieldPlan, out: WireBuffer): void {
    const { field } = planned;
    switch (field.type) {
      case "message":
        return out.lengthDelimited(field.number, this.message(planned.message!));
      case "enum":
        return this.enumValue(planned, out);
      case "bool":
        return this.bool(field, out);
      case "string":
        return out.lengthDelimited(field.number, Buffer.from(this.expectString(field)));
      case "bytes":
        return out.lengthDelimited(field.number, this.bytes(field));
      default:
        return this.varint(field, out, this.integer(field));
    }
  }

  private bool(field: FieldDescriptor, out: WireBuffer): void {
    const { reader } = this;
    const place = reader.place();
    const kind = reader.kind();
    if (kind !== "true" && kind !== "false") throw this.invalid(field, place);
    reader.skip();
    this.varint(field, out, kind === "true" ? 1n : 0n);
  }

  private enumValue({ field, enumType }: FieldPlan, out: WireBuffer): void {
    const { reader } = this;
    const place = reader.place();
    const kind = reader.kind();
    if (kind === "string") {
      const name = reader.string();
      const value = enumType?.values.find((it) => it.name === name);
      if (value !== undefined) this.varint(field, out, BigInt(value.number));
      return;
    }
    const number = kind === "number" ? integerOf(reader.word(), LIMITS.int32) : undefined;
    if (number === undefined) throw this.invalid(field, place);
    this.varint(field, out, number);
  }

  private integer(field: FieldDescriptor): bigint {
    const { reader } = this;
    const place = reader.place();
    const kind = reader.kind();
    if (kind !== "string" && kind !== "number") throw this.invalid(field, place);
    const text = kind === "string" ? reader.string() : reader.word();
    const value = integerOf(text, LIMITS[field.type as keyof typeof LIMITS]); // the callers' other types are gone
    if (value === undefined) throw this.invalid(field, place);
    return value;
  }

  private expectString(field: FieldDescriptor): string {
    const { reader } = this;
    if (reader.kind() !== "string") throw this.invalid(field, reader.place());
    return reader.string();
  }

  private bytes(field: FieldDescriptor): Uint8Array {
    const { reader } = this;
    const place = reader.place();
    if (!this.textMode) {
      const decoded = decodeBase64(this.expectString(field));
      if (decoded === undefined) throw this.invalid(field, place);
      return decoded;
    }
    return reader.kind() === "{" ? this.wrappedBytes(field, place) : Buffer.from(this.expectString(field));
  }

  /** `{"base64": "..."}`: what is no text, in text mode. */
  private wrappedBytes(field: FieldDescriptor, place: number): Uint8Array {
    const { reader } = this;
    let decoded: Uint8Array | undefined;
    if (reader.enter()) {
      do {
        if (reader.name() !== "base64" || reader.kind() !== "string") throw this.invalid(field, place);
        decoded = decodeBase64(reader.string());
      } while (reader.next());
    }
    if (decoded === undefined) throw this.invalid(field, place);
    return decoded;
  }

  /** Zero too: a oneof's member that is given is set. */
  private varint(field: FieldDescriptor, out: WireBuffer, value: bigint): void {
    out.tag(field.number, VARINT);
    out.varint(value);
  }

  private invalid(field: FieldDescriptor, place: number): Error {
    const token = this.reader.textAt(place);
    return this.reader.misfit(place, `invalid value for ${field.type} field ${field.jsonName}: ${token}`);
  }
}

const LIMITS = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const;

const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;
/** More digits than any integer of 64 bits has. */
const EXPONENT_MAX = 40;

/** The whole number that a JSON number is, `1.0` and `1e0` included; undefined when it is none or out of range. */
function integerOf(text: string, [lowest, highest]: readonly [bigint, bigint]): bigint | undefined {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = "", exponentText = "0"] = match;
  let digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return 0n;
  const exponent = Number(exponentText) - fraction.length;
  if (exponent > EXPONENT_MAX) return undefined;
  if (exponent < 0) {
    const cut = Math.max(digits.length + exponent, 0);
    if (/[1-9]/.test(digits.slice(cut))) return undefined;
    digits = digits.slice(0, cut) || "0";
  } else digits += "0".repeat(exponent);
  const value = BigInt(`${sign}${digits}`);
  return value < lowest || value > highest ? undefined : value;
}

/** Standard or URL alphabet; padding whole or none; line ends within are overlooked. */
export function decodeBase64(text: string): Buffer | undefined {
  const padded = text.length % 4 === 0;
  const compact = text.replace(/[\r\n]/g, "");
  const letters = /[-_]/.test(text) ? "[\\w-]" : "[A-Za-z\\d+/]";
  const form = padded
    ? new RegExp(`^(?:${letters}{4})*(?:${letters}{2}==|${letters}{3}=)?$`)
    : new RegExp(`^${letters}*$`);
  if (!form.test(compact) || (!padded && compact.length % 4 === 1)) return undefined;
  return Buffer.from(compact, "base64");
}
