/**
 * A protobuf answer to JSON (`http-endpoints.md` 8, Encoding): declared names in the order of their declaration, 64-bit numbers as
 * strings, bytes as base64, values of enums by name, defaults left out.
 *
 * In text mode bytes that are UTF-8 are shown as text, others as `{"base64": "..."}`.
 */

import { isUtf8 } from "node:buffer";
import { assert } from "@etcd-ts/base";
import type { FieldPlan, MessagePlan } from "./message-plan.ts";

export function wireToJson(plan: MessagePlan, message: Buffer, textMode: boolean): string {
  return new Printer(message, textMode).message(plan, 0, message.length);
}

/** What a field holds: a varint's value, or where its bytes lie (start and end in turns). */
type Held = bigint | number[];

class Printer {
  private readonly bytes: Buffer;
  private readonly textMode: boolean;
  private at = 0;

  constructor(bytes: Buffer, textMode: boolean) {
    this.bytes = bytes;
    this.textMode = textMode;
  }

  message(plan: MessagePlan, start: number, end: number): string {
    const held: (Held | undefined)[] = [];
    this.at = start;
    while (this.at < end) this.collect(plan, held);
    let json = "";
    for (const planned of plan.fields) {
      const value = held[planned.index];
      const shown = value === undefined ? undefined : this.field(planned, value);
      if (shown !== undefined) json += `${json === "" ? "" : ","}"${planned.field.name}":${shown}`;
    }
    return `{${json}}`;
  }

  private collect(plan: MessagePlan, held: (Held | undefined)[]): void {
    const tag = Number(this.varint());
    const planned = plan.byNumber.get(tag >>> 3);
    if ((tag & 7) === 0) {
      const value = this.varint();
      if (planned !== undefined) held[planned.index] = value;
      return;
    }
    assert((tag & 7) === 2, "answers hold varints and bytes only");
    const length = Number(this.varint());
    const start = this.at;
    this.at += length;
    if (planned === undefined) return;
    const spans = held[planned.index];
    if (planned.field.repeated && spans !== undefined) (spans as number[]).push(start, this.at);
    else held[planned.index] = [start, this.at];
  }

  private field(planned: FieldPlan, held: Held): string | undefined {
    const { field } = planned;
    if (typeof held === "bigint") {
      if (held === 0n && field.oneof === undefined) return undefined;
      return scalar(planned, held);
    }
    if (!field.repeated) {
      const [start, end] = held as [number, number];
      const isDefault = start === end && field.type !== "message" && field.oneof === undefined;
      return isDefault ? undefined : this.span(planned, start, end);
    }
    const items: string[] = [];
    for (let i = 0; i < held.length; i += 2) items.push(this.span(planned, held[i]!, held[i + 1]!));
    return `[${items.join(",")}]`;
  }

  private span(planned: FieldPlan, start: number, end: number): string {
    switch (planned.field.type) {
      case "message":
        return this.message(planned.message!, start, end);
      case "string":
        return JSON.stringify(this.bytes.utf8Slice(start, end));
      case "bytes":
        return this.byteField(start, end);
      default:
        return this.packed(planned, start, end);
    }
  }

  private byteField(start: number, end: number): string {
    if (!this.textMode) return `"${this.bytes.toString("base64", start, end)}"`;
    const bytes = this.bytes.subarray(start, end);
    return isUtf8(bytes)
      ? JSON.stringify(bytes.toString("utf8"))
      : `{"base64":"${bytes.toString("base64")}"}`;
  }

  /** Repeated numbers in one field, without the list's brackets. */
  private packed(planned: FieldPlan, start: number, end: number): string {
    const items: string[] = [];
    this.at = start;
    while (this.at < end) items.push(scalar(planned, this.varint()));
    return items.join(",");
  }

  private varint(): bigint {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 7; i++) {
      const byte = this.bytes[this.at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return BigInt(value);
      scale *= 128;
    }
    let wide = BigInt(value);
    for (let shift = 49n; ; shift += 7n) {
      const byte = this.bytes[this.at++]!;
      wide |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, wide);
    }
  }
}

function scalar({ field, enumType }: FieldPlan, value: bigint): string {
  switch (field.type) {
    case "bool":
      return value === 0n ? "false" : "true";
    case "enum": {
      const number = Number(BigInt.asIntN(32, value));
      const name = enumType?.values.find((it) => it.number === number)?.name;
      return name === undefined ? String(number) : `"${name}"`;
    }
    case "int64":
      return `"${BigInt.asIntN(64, value)}"`;
    case "uint64":
      return `"${value}"`;
    case "int32":
      return String(BigInt.asIntN(32, value));
    default:
      return String(value);
  }
}

/** As streams are written: safe within HTML. */
export function escapeForHtml(json: string): string {
  return json.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
