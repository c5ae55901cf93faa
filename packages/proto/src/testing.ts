/**
 * For tests: arbitrary messages of any type, made from the descriptors, and an independent codec (protobufjs, by
 * reflection over the same `.proto` files) to compare bytes with.
 */

import { EMPTY_BYTES } from "@etcd-ts/base";
import fc from "fast-check";
import protobuf from "protobufjs";
import { parseRoot } from "./codegen/schema.ts";
import type { FieldDescriptor, MessageDescriptor } from "./descriptor.ts";
import { messageCodecs } from "./gen/codecs.ts";
import { enumDescriptors, messageDescriptors } from "./gen/descriptors.ts";

export type PlainMessage = Record<string, unknown>;

const DEPTH_MAX = 3;
const root = parseRoot(new URL("../proto/", import.meta.url));

export function descriptorOf(typeName: string): MessageDescriptor {
  return messageDescriptors.get(typeName) as MessageDescriptor;
}

/** A message in our shape. */
export function arbitraryMessage(typeName: string, depth = 0): fc.Arbitrary<PlainMessage> {
  const descriptor = descriptorOf(typeName);
  if (descriptor.oneof?.form === "whole") return arbitraryWhole(descriptor, depth);
  const properties = fc.record(
    Object.fromEntries(descriptor.fields.map((field) => [field.property, arbitraryField(field, depth)])),
    { noNullPrototype: true },
  ) as fc.Arbitrary<PlainMessage>;
  const oneof = descriptor.oneof;
  if (oneof === undefined) return properties;
  const members = descriptor.fields
    .filter((field) => field.oneof !== undefined)
    .map((field) => field.property);
  return fc.tuple(properties, fc.constantFrom(...members, undefined)).map(([message, member]) => {
    const empty = messageCodecs.get(typeName)?.create() as PlainMessage;
    for (const property of members) if (property !== member) message[property] = empty[property];
    return { ...message, [oneof.property]: member };
  });
}

function arbitraryWhole(descriptor: MessageDescriptor, depth: number): fc.Arbitrary<PlainMessage> {
  const none = fc.constant<PlainMessage>({ case: undefined, value: undefined });
  if (depth >= DEPTH_MAX) return none;
  const members = descriptor.fields.map((field) =>
    arbitraryMessage(field.typeName as string, depth + 1).map((value) => ({ case: field.property, value })),
  );
  return fc.oneof(none, ...members);
}

function arbitraryField(field: FieldDescriptor, depth: number): fc.Arbitrary<unknown> {
  const value = arbitraryValue(field, depth);
  if (field.repeated) return fc.array(value, { maxLength: depth >= DEPTH_MAX ? 0 : 3 });
  if (field.type !== "message" && !field.nullable) return value;
  return depth >= DEPTH_MAX ? fc.constant(undefined) : fc.option(value, { nil: undefined });
}

function arbitraryValue(field: FieldDescriptor, depth: number): fc.Arbitrary<unknown> {
  switch (field.type) {
    case "bool":
      return fc.boolean();
    case "string":
      return fc.oneof(fc.string(), fc.string({ unit: "grapheme" }), fc.constant("\ufffd"));
    case "bytes":
      return fc
        .uint8Array({ maxLength: 40 })
        .map((bytes) => (bytes.length === 0 ? EMPTY_BYTES : Buffer.from(bytes)));
    case "enum":
      return fc.oneof(fc.constantFrom(...enumNumbers(field)), fc.integer());
    case "int32":
      return fc.integer();
    case "uint32":
      return fc.nat({ max: 2 ** 32 - 1 });
    case "int64":
      return field.big
        ? fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)
        : fc.oneof(fc.maxSafeInteger(), fc.integer());
    case "uint64":
      return field.big ? fc.bigInt(0n, 2n ** 64n - 1n) : fc.oneof(fc.maxSafeNat(), fc.nat());
    case "message":
      return arbitraryNested(field, depth);
  }
}

function arbitraryNested(field: FieldDescriptor, depth: number): fc.Arbitrary<unknown> {
  const message = arbitraryMessage(field.typeName as string, depth + 1);
  if (!field.encoded) return message;
  const codec = messageCodecs.get(field.typeName as string);
  return message.map((value) => {
    const bytes = codec?.encode(value) as Uint8Array;
    return bytes.length === 0 ? EMPTY_BYTES : bytes;
  });
}

function enumNumbers(field: FieldDescriptor): number[] {
  return enumDescriptors.get(field.typeName as string)?.values.map((value) => value.number) ?? [];
}

/** What the independent codec writes for a message in our shape. */
export function encodeIndependently(typeName: string, message: PlainMessage): Uint8Array {
  const type = root.lookupType(typeName);
  return type.encode(type.create(foreignMessage(typeName, message))).finish();
}

function foreignMessage(typeName: string, message: PlainMessage): PlainMessage {
  const { fields, oneof } = descriptorOf(typeName);
  const foreign: PlainMessage = {};
  const proto2 = root
    .lookupType(typeName)
    .fieldsArray.some((field) => field.hasPresence && field.partOf === null && field.resolvedType === null);
  for (const field of fields) {
    const value = oneof?.form === "whole" ? wholeValue(field, message) : message[field.property];
    if (value === undefined || (field.repeated && (value as unknown[]).length === 0)) continue;
    if (field.oneof !== undefined ? !isSet(field, message, oneof?.property) : isDefault(value) && !proto2)
      continue;
    foreign[field.name] = field.repeated
      ? (value as unknown[]).map((item) => foreignValue(field, item))
      : foreignValue(field, value);
  }
  return foreign;
}

function wholeValue(field: FieldDescriptor, message: PlainMessage): unknown {
  return message.case === field.property ? message.value : undefined;
}

function isSet(field: FieldDescriptor, message: PlainMessage, oneofProperty: string | undefined): boolean {
  return message.case === field.property || message[oneofProperty as string] === field.property;
}

function isDefault(value: unknown): boolean {
  return value === 0 || value === 0n || value === false || value === "" || value === EMPTY_BYTES;
}

function foreignValue(field: FieldDescriptor, value: unknown): unknown {
  switch (field.type) {
    case "int64":
    case "uint64":
      return foreignInteger(BigInt(value as number | bigint), field.type === "uint64");
    case "message": {
      const typeName = field.typeName as string;
      if (!field.encoded) return foreignMessage(typeName, value as PlainMessage);
      return root.lookupType(typeName).decode(value as Uint8Array);
    }
    default:
      return value;
  }
}

function foreignInteger(value: bigint, unsigned: boolean): unknown {
  const word = (bits: bigint) => Number(BigInt.asIntN(32, bits));
  return new protobuf.util.Long(word(value), word(value >> 32n), unsigned);
}
