/**
 * Requests as lines about slow ones show them: the original's text form of messages. Values of keys are never shown, only their
 * sizes; passwords are left out.
 */

import { assert, utf8String } from "@etcd-ts/base";
import {
  enumDescriptors,
  type FieldDescriptor,
  type MessageDescriptor,
  messageDescriptors,
  RaftRequestField,
} from "@etcd-ts/proto";
import { bytesFields, numberField, type WireValue, wireFields } from "./wire-fields.ts";

const PUT = "etcdserverpb.PutRequest";
const TXN = "etcdserverpb.TxnRequest";
const COMPARE = "etcdserverpb.Compare";
const OPERATION = "etcdserverpb.RequestOp";
const ENTRY = "etcdserverpb.InternalRaftRequest";
const HEADER_FIELD = 100;
const PUT_VALUE_FIELD = 2;
const COMPARE_VALUE_FIELD = 7;
const SECRET = /^(hashed_?)?password$/i;

/** A request as a client sent it. */
export function requestText(typeName: string, bytes: Uint8Array): string {
  switch (typeName) {
    case PUT:
      return `${fieldsText(descriptorOf(PUT), bytes, PUT_VALUE_FIELD)} `;
    case TXN:
      return txnText(bytes);
    default:
      return fieldsText(descriptorOf(typeName), bytes);
  }
}

/** The request that an entry of the log holds. */
export function entryText(data: Uint8Array): string {
  const fields = wireFields(data);
  const header = bytesFields(fields, HEADER_FIELD)[0] ?? new Uint8Array(0);
  const headerText = fieldsText(descriptorOf("etcdserverpb.RequestHeader"), header);
  for (const { number, name, typeName } of descriptorOf(ENTRY).fields) {
    const body = bytesFields(fields, number)[0];
    if (body === undefined || number === HEADER_FIELD) continue;
    const special = specialText(number, typeName ?? "", body);
    return special === undefined
      ? `header:{${headerText}} ${name}:{${fieldsText(descriptorOf(typeName ?? ""), body)}}`
      : `header:<${headerText}> ${name}:<${special}>`;
  }
  return `header:{${headerText}}`;
}

function specialText(number: number, typeName: string, body: Uint8Array): string | undefined {
  switch (number) {
    case RaftRequestField.put:
    case RaftRequestField.txn:
      return requestText(typeName, body);
    case RaftRequestField.leaseGrant: {
      const fields = wireFields(body);
      return `ttl:${numberField(fields, 1)}-second id:${leaseText(numberField(fields, 2))}`;
    }
    case RaftRequestField.leaseRevoke:
      return `id:${leaseText(numberField(wireFields(body), 1))}`;
    default:
      return undefined;
  }
}

function leaseText(id: number): string {
  return BigInt.asUintN(64, BigInt(id)).toString(16).padStart(16, "0");
}

function txnText(bytes: Uint8Array): string {
  const fields = wireFields(bytes);
  const compares = bytesFields(fields, 1).map(compareText).join(" ");
  const [success, failure] = [2, 3].map((number) => bytesFields(fields, number).map(operationText).join(" "));
  return `compare:<${compares}> success:<${success}> failure:<${failure}>`;
}

function compareText(bytes: Uint8Array): string {
  const hasValue = bytesFields(wireFields(bytes), COMPARE_VALUE_FIELD).length > 0;
  const text = fieldsText(descriptorOf(COMPARE), bytes, COMPARE_VALUE_FIELD);
  return hasValue ? `${text} ` : text;
}

function operationText(bytes: Uint8Array): string {
  const fields = wireFields(bytes);
  for (const { number, name, typeName } of descriptorOf(OPERATION).fields) {
    const body = bytesFields(fields, number)[0];
    if (body === undefined) continue;
    if (typeName === PUT || typeName === TXN) return `${name}:<${requestText(typeName, body)}>`;
    return `${name}:{${fieldsText(descriptorOf(typeName ?? ""), body)}}`;
  }
  return "";
}

/** The fields in the order of declaration; of field `sized` the size alone. */
function fieldsText(descriptor: MessageDescriptor, bytes: Uint8Array, sized = 0): string {
  const fields = wireFields(bytes);
  const parts: string[] = [];
  for (const field of descriptor.fields) {
    const values = fields.get(field.number);
    if (values === undefined || SECRET.test(field.name)) continue;
    if (field.number === sized) parts.push(`${field.name}_size:${(values.at(-1) as Uint8Array).length}`);
    else
      for (const value of field.repeated ? values : values.slice(-1)) parts.push(...fieldText(field, value));
  }
  return parts.join(" ");
}

/** Empty for a default. */
function fieldText({ name, type, typeName, oneof }: FieldDescriptor, value: WireValue): readonly string[] {
  if (typeof value === "bigint") {
    if (value === 0n && oneof === undefined) return [];
    return [`${name}:${scalarText(type, typeName, value)}`];
  }
  if (type === "message") return [`${name}:{${fieldsText(descriptorOf(typeName!), value)}}`];
  if (value.length === 0 && oneof === undefined) return [];
  return [`${name}:"${type === "string" ? quotedText(utf8String(value)) : escapeBytes(value)}"`];
}

function scalarText(type: FieldDescriptor["type"], typeName: string | undefined, value: bigint): string {
  if (type === "bool") return String(value !== 0n);
  if (type === "uint64" || type === "uint32") return String(value);
  const signed = BigInt.asIntN(64, value);
  if (type !== "enum") return String(signed);
  const known = enumDescriptors.get(typeName!)?.values.find(({ number }) => number === Number(signed));
  return known?.name ?? String(signed);
}

function quotedText(text: string): string {
  return text.replace(/["\\]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t");
}

/** Bytes that are no printable ASCII as three octal digits. */
function escapeBytes(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    const isPlain = byte >= 0x20 && byte < 0x7f;
    const isNamed = byte === 0x0a || byte === 0x0d || byte === 0x09;
    if (isPlain || isNamed) text += quotedText(String.fromCharCode(byte));
    else text += `\\${byte.toString(8).padStart(3, "0")}`;
  }
  return text;
}

function descriptorOf(typeName: string): MessageDescriptor {
  const descriptor = messageDescriptors.get(typeName);
  assert(descriptor !== undefined, "every message type has a descriptor");
  return descriptor;
}
