/** Descriptors of messages in the form that both directions of the gateway walk over: looked up once, then by name and number. */

import { assert } from "@etcd-ts/base";
import {
  type EnumDescriptor,
  enumDescriptors,
  type FieldDescriptor,
  type MessageDescriptor,
  messageDescriptors,
} from "@etcd-ts/proto";

export interface FieldPlan {
  readonly field: FieldDescriptor;
  /** Place in the order of declaration. */
  readonly index: number;
  /** Of a field that holds messages. */
  readonly message: MessagePlan | undefined;
  /** Of a field that holds enum values. */
  readonly enumType: EnumDescriptor | undefined;
}

export interface MessagePlan {
  readonly descriptor: MessageDescriptor;
  /** In the order of declaration. */
  readonly fields: readonly FieldPlan[];
  /** By declared name and by its lowerCamelCase form. */
  readonly byName: ReadonlyMap<string, FieldPlan>;
  readonly byNumber: ReadonlyMap<number, FieldPlan>;
}

const plans = new Map<string, MessagePlan>();

export function messagePlan(typeName: string): MessagePlan {
  const known = plans.get(typeName);
  if (known !== undefined) return known;
  const descriptor = messageDescriptors.get(typeName);
  assert(descriptor !== undefined, "every message type has a descriptor");
  const fields: FieldPlan[] = [];
  const byName = new Map<string, FieldPlan>();
  const byNumber = new Map<number, FieldPlan>();
  const plan: MessagePlan = { descriptor, fields, byName, byNumber };
  plans.set(typeName, plan);
  for (const [index, field] of descriptor.fields.entries()) {
    const planned: FieldPlan = {
      field,
      index,
      message: field.type === "message" ? messagePlan(field.typeName!) : undefined,
      enumType: field.type === "enum" ? enumDescriptors.get(field.typeName!) : undefined,
    };
    fields.push(planned);
    byName.set(field.jsonName, planned).set(field.name, planned);
    byNumber.set(field.number, planned);
  }
  return plan;
}
