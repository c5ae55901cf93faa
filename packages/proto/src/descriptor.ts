/**
 * Message types as data: what the JSON gateway, the printers of the tools and the storage version checks walk over.
 * Generated from the `.proto` files (`gen/descriptors.ts`).
 */

export type ScalarType = "bool" | "bytes" | "int32" | "int64" | "string" | "uint32" | "uint64";

export interface FieldDescriptor {
  /** As declared; the name in the gateway's JSON. */
  readonly name: string;
  /** Lower camel case by protobuf's rule; the gateway accepts it too. */
  readonly jsonName: string;
  /** Property of the TypeScript message. */
  readonly property: string;
  readonly number: number;
  readonly type: ScalarType | "message" | "enum";
  /** Full name of the message or enum type. */
  readonly typeName?: string;
  readonly repeated?: true;
  /** Declared name of the oneof. */
  readonly oneof?: string;
  /** A 64-bit integer held as `bigint`; otherwise as `number`. */
  readonly big?: true;
  /** A message held in its encoded form. */
  readonly encoded?: true;
  /** proto2: `undefined` when absent. */
  readonly nullable?: true;
  /** Release of etcd in which it appeared, when later than its message. */
  readonly since?: string;
}

export interface MessageDescriptor {
  readonly typeName: string;
  readonly fields: readonly FieldDescriptor[];
  /**
   * How a message with oneofs is held. `whole`: the message is `{ case, value }`. `flat`: the members are properties beside
   * a property named for the oneof, which holds the property name of the member that is set.
   */
  readonly oneof?: { readonly form: "whole" | "flat"; readonly property: string };
  readonly since?: string;
}

export interface EnumDescriptor {
  readonly typeName: string;
  readonly values: readonly { readonly name: string; readonly number: number; readonly since?: string }[];
  readonly since?: string;
}
