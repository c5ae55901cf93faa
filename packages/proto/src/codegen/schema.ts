/**
 * The `.proto` files as plain data, in the order of declaration. The parser is `protobufjs`; nothing of it goes further
 * than this file.
 */

import { readFileSync } from "node:fs";
import protobuf from "protobufjs";
import type { ScalarType } from "../descriptor.ts";
import type { MethodKind } from "../service.ts";
import { isBigField, isNullableField, propertyName, typeName } from "./naming.ts";

/** Files that code is generated for. The others document formats whose codecs are written by hand. */
export const GENERATED_FILES = [
  "kv.proto",
  "auth.proto",
  "membership.proto",
  "rpc.proto",
  "raft_internal.proto",
  "etcdserver.proto",
  "lease.proto",
  "v3lock.proto",
  "v3election.proto",
  "health.proto",
] as const;

export const DOCUMENTING_FILES = ["raft.proto", "record.proto", "snap.proto"] as const;

/** Messages of the other files' packages that stay encoded inside others: encoded once, spliced after. */
const ENCODED_PACKAGE = "mvccpb.";

/** Types whose repeated fields are never packed. */
const LENGTH_DELIMITED = new Set<string>(["bytes", "message", "string"]);

export interface FieldSchema {
  readonly name: string;
  readonly jsonName: string;
  readonly property: string;
  readonly number: number;
  readonly type: ScalarType | "message" | "enum";
  readonly typeFullName: string | undefined;
  readonly repeated: boolean;
  readonly packed: boolean;
  readonly oneof: string | undefined;
  readonly big: boolean;
  readonly encoded: boolean;
  readonly nullable: boolean;
  readonly always: boolean;
  readonly since: string | undefined;
  readonly comment: string | undefined;
}

export interface OneofSchema {
  readonly form: "whole" | "flat";
  readonly name: string;
  readonly property: string;
}

export interface MessageSchema {
  readonly kind: "message";
  readonly fullName: string;
  readonly name: string;
  readonly fields: readonly FieldSchema[];
  readonly oneof: OneofSchema | undefined;
  readonly since: string | undefined;
  readonly comment: string | undefined;
}

export interface EnumSchema {
  readonly kind: "enum";
  readonly fullName: string;
  readonly name: string;
  readonly values: readonly {
    readonly name: string;
    readonly number: number;
    readonly since: string | undefined;
  }[];
  readonly since: string | undefined;
  readonly comment: string | undefined;
}

export interface MethodSchema {
  readonly name: string;
  readonly kind: MethodKind;
  readonly request: string;
  readonly response: string;
  readonly gatewayPaths: readonly string[];
}

export interface ServiceSchema {
  readonly fullName: string;
  readonly name: string;
  readonly methods: readonly MethodSchema[];
}

export interface FileSchema {
  readonly file: string;
  readonly types: readonly (MessageSchema | EnumSchema)[];
  readonly services: readonly ServiceSchema[];
}

/** All files parsed into one root, for the generator and as the independent codec of the tests. */
export function parseRoot(protoDirectory: URL): protobuf.Root {
  const root = new protobuf.Root();
  for (const file of [...GENERATED_FILES, ...DOCUMENTING_FILES]) parseFile(protoDirectory, file, root);
  return root.resolveAll() as protobuf.Root;
}

export function readSchema(protoDirectory: URL): FileSchema[] {
  const root = parseRoot(protoDirectory);
  return GENERATED_FILES.map((file) => {
    // Parsed once more alone, to know which declarations are this file's.
    const alone = new protobuf.Root();
    parseFile(protoDirectory, file, alone);
    const declared = declarations(alone).map(
      (object) => root.lookup(object.fullName) as protobuf.ReflectionObject,
    );
    return {
      file,
      types: declared.flatMap((object) => typeSchema(object)),
      services: declared.filter((object) => object instanceof protobuf.Service).map(serviceSchema),
    };
  });
}

function parseFile(directory: URL, file: string, root: protobuf.Root): void {
  const text = readFileSync(new URL(file, directory), "utf8");
  protobuf.parse(text, root, { keepCase: true, alternateCommentMode: true });
}

/** Depth first, a message before the types inside it. */
function declarations(namespace: protobuf.NamespaceBase): protobuf.ReflectionObject[] {
  return namespace.nestedArray.flatMap((object) => {
    const inner =
      object instanceof protobuf.Namespace || object instanceof protobuf.Type ? declarations(object) : [];
    return [object, ...inner];
  });
}

function typeSchema(object: protobuf.ReflectionObject): (MessageSchema | EnumSchema)[] {
  if (object instanceof protobuf.Type) return [messageSchema(object)];
  return object instanceof protobuf.Enum ? [enumSchema(object)] : [];
}

function messageSchema(type: protobuf.Type): MessageSchema {
  const fullName = withoutDot(type.fullName);
  const oneof = type.oneofsArray[0];
  return {
    kind: "message",
    fullName,
    name: typeName(fullName),
    fields: type.fieldsArray.map(fieldSchema).sort((a, b) => a.number - b.number),
    oneof: oneof && {
      form: oneof.fieldsArray.length === type.fieldsArray.length ? "whole" : "flat",
      name: oneof.name,
      property: propertyName(oneof.name),
    },
    since: option(type, "etcd_version_msg"),
    comment: type.comment ?? undefined,
  };
}

function fieldSchema(field: protobuf.Field): FieldSchema {
  const proto2 = field.hasPresence && field.partOf === null && !(field.resolvedType instanceof protobuf.Type);
  const nullable = proto2 && isNullableField(field.name);
  const type = fieldType(field);
  return {
    name: field.name,
    jsonName: field.jsonName,
    property: propertyName(field.name),
    number: field.id,
    type,
    typeFullName: field.resolvedType ? withoutDot(field.resolvedType.fullName) : undefined,
    repeated: field.repeated,
    packed: field.repeated && field.packed && !LENGTH_DELIMITED.has(type),
    oneof: field.partOf?.name,
    big: (type === "int64" || type === "uint64") && isBigField(field.name),
    encoded: type === "message" && withoutDot(field.resolvedType?.fullName ?? "").startsWith(ENCODED_PACKAGE),
    nullable,
    always: proto2 && !nullable,
    since: option(field, "etcd_version_field"),
    comment: field.comment ?? undefined,
  };
}

function fieldType(field: protobuf.Field): FieldSchema["type"] {
  if (field.resolvedType instanceof protobuf.Type) return "message";
  if (field.resolvedType instanceof protobuf.Enum) return "enum";
  return field.type as ScalarType;
}

function enumSchema(type: protobuf.Enum): EnumSchema {
  const fullName = withoutDot(type.fullName);
  return {
    kind: "enum",
    fullName,
    name: typeName(fullName),
    values: Object.entries(type.values).map(([name, number]) => ({
      name,
      number,
      since: type.valuesOptions?.[name]?.["(versionpb.etcd_version_enum_value)"] as string | undefined,
    })),
    since: option(type, "etcd_version_enum"),
    comment: type.comment ?? undefined,
  };
}

function serviceSchema(object: protobuf.ReflectionObject): ServiceSchema {
  const service = object as protobuf.Service;
  const fullName = withoutDot(service.fullName);
  return { fullName, name: service.name, methods: service.methodsArray.map(methodSchema) };
}

function methodSchema(method: protobuf.Method): MethodSchema {
  const options = method.options ?? {};
  const paths = [options["(google.api.http).post"], options["(google.api.http).additional_bindings.post"]];
  return {
    name: method.name,
    kind: methodKind(method),
    request: withoutDot((method.resolvedRequestType as protobuf.Type).fullName),
    response: withoutDot((method.resolvedResponseType as protobuf.Type).fullName),
    gatewayPaths: paths.filter((path): path is string => typeof path === "string"),
  };
}

function methodKind(method: protobuf.Method): MethodKind {
  if (method.requestStream) return method.responseStream ? "bidi" : "clientStream";
  return method.responseStream ? "serverStream" : "unary";
}

function option(object: protobuf.ReflectionObject, name: string): string | undefined {
  return object.options?.[`(versionpb.${name})`] as string | undefined;
}

function withoutDot(fullName: string): string {
  return fullName.replace(/^\./, "");
}
