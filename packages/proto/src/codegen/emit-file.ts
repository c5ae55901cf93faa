/** The modules of `src/gen`: one for each `.proto` file, and the tables of descriptors and services over all of them. */

import { emitClearOneof, emitMessage } from "./emit-message.ts";
import { moduleName, propertyName, typeName } from "./naming.ts";
import type {
  EnumSchema,
  FieldSchema,
  FileSchema,
  MessageSchema,
  MethodSchema,
  ServiceSchema,
} from "./schema.ts";

/** Its body stays encoded until it is applied; the codec is written by hand (`raft-request.ts`). */
const HAND_WRITTEN = "etcdserverpb.InternalRaftRequest";

const WIRE_NAMES = [
  "sizeOfBigVarint",
  "sizeOfBytes",
  "sizeOfLengthAnd",
  "sizeOfPacked",
  "sizeOfString",
  "sizeOfVarint",
  "writeBigVarint",
  "writeBytes",
  "writePacked",
  "writeString",
  "writeVarint",
];

/** All modules by file name. */
export function emitModules(schema: readonly FileSchema[]): Map<string, string> {
  const modules = new Map<string, string>();
  for (const file of schema) modules.set(`${moduleName(file.file)}.ts`, emitFile(file, schema));
  modules.set("descriptors.ts", emitDescriptors(schema));
  modules.set("codecs.ts", emitCodecs(schema));
  modules.set("services.ts", emitServices(schema));
  modules.set("raft-request-bodies.ts", emitRaftRequestBodies(schema));
  modules.set("index.ts", emitIndex(modules));
  return modules;
}

function header(source: string): string {
  return `/** Generated from ${source} by \`npm run generate -w @etcd-ts/proto\`: change that, not this. */\n`;
}

function emitFile(file: FileSchema, schema: readonly FileSchema[]): string {
  const messages = file.types.filter((type) => type.kind === "message" && type.fullName !== HAND_WRITTEN);
  const body = [
    ...file.types.filter((type) => type.kind === "enum").map(emitEnum),
    ...messages.flatMap((message) => [
      emitMessage(message as MessageSchema),
      emitClearOneof(message as MessageSchema),
    ]),
  ].filter((part) => part !== "");
  const code = body.join("\n");
  return [header(`proto/${file.file}`), imports(file, code, schema), code].join("\n");
}

function imports(file: FileSchema, code: string, schema: readonly FileSchema[]): string {
  const uses = (name: string) => new RegExp(`\\b${name}\\b`).test(code);
  const base = ["assert", "EMPTY_BYTES"].filter(uses);
  const reading = ["openReader", "type Reader", "readNested", "setCase"].filter((name) =>
    uses(name.replace("type ", "")),
  );
  const writing = WIRE_NAMES.filter(uses);
  const lines = [
    `import { ${base.join(", ")} } from "@etcd-ts/base";`,
    'import type { Codec } from "../codec.ts";',
    `import { ${reading.join(", ")} } from "../wire/reader.ts";`,
    writing.length > 0 ? `import { ${writing.join(", ")} } from "../wire/writer.ts";` : "",
    ...schema.filter((other) => other !== file).map((other) => foreignImport(other, uses)),
  ];
  return `${lines.filter((line) => line !== "").join("\n")}\n`;
}

function foreignImport(other: FileSchema, uses: (name: string) => boolean): string {
  const names = other.types.flatMap((type) =>
    type.kind === "enum"
      ? [`type ${type.name}`]
      : [`type ${type.name}`, ...["create", "read", "sizeOf", "write"].map((verb) => `${verb}${type.name}`)],
  );
  // A name that this file declares itself is not the other's: only functions are decisive.
  const used = names.filter((name) => !name.startsWith("type ") && uses(name));
  const types = used
    .filter((name) => name.startsWith("create"))
    .map((name) => `type ${name.slice("create".length)}`);
  return used.length === 0
    ? ""
    : `import { ${[...types, ...used].join(", ")} } from "./${moduleName(other.file)}.ts";`;
}

function emitEnum(type: EnumSchema | MessageSchema): string {
  if (type.kind !== "enum") return "";
  const values = type.values.map(({ name, number }) => `  ${name}: ${number},`).join("\n");
  return `/** Open: other numbers survive decoding and encoding. */
export type ${type.name} = number;

export const ${type.name} = {
${values}
} as const;
`;
}

// Tables

function emitDescriptors(schema: readonly FileSchema[]): string {
  const types = schema.flatMap((file) => file.types);
  const messages = types
    .filter((type) => type.kind === "message")
    .map((type) => `  ${messageDescriptor(type as MessageSchema)},`);
  const enums = types
    .filter((type) => type.kind === "enum")
    .map((type) => `  ${enumDescriptor(type as EnumSchema)},`);
  return `${header("proto/*.proto")}
import type { EnumDescriptor, MessageDescriptor } from "../descriptor.ts";

const messages: readonly MessageDescriptor[] = [
${messages.join("\n")}
];

const enums: readonly EnumDescriptor[] = [
${enums.join("\n")}
];

/** By full name. */
export const messageDescriptors: ReadonlyMap<string, MessageDescriptor> = new Map(messages.map((m) => [m.typeName, m]));

/** By full name. */
export const enumDescriptors: ReadonlyMap<string, EnumDescriptor> = new Map(enums.map((e) => [e.typeName, e]));
`;
}

function emitCodecs(schema: readonly FileSchema[]): string {
  const messages = schema.flatMap((file) => file.types).filter((type) => type.kind === "message");
  const names = messages.map((type) => type.fullName).filter((name) => name !== HAND_WRITTEN);
  return `${header("proto/*.proto")}
import type { Codec } from "../codec.ts";
${codecImports(names, schema, false)}

const all = [${names.map((name) => `${typeName(name)}Codec`).join(", ")}] as readonly Codec<unknown>[];

/** By full name: how generic code reads a field that holds a message in its encoded form. */
export const messageCodecs: ReadonlyMap<string, Codec<unknown>> = new Map(all.map((codec) => [codec.typeName, codec]));
`;
}

function messageDescriptor(message: MessageSchema): string {
  const fields = message.fields.map((field) => `\n      ${fieldDescriptor(field)},`).join("");
  const oneof =
    message.oneof && `oneof: { form: "${message.oneof.form}", property: "${message.oneof.property}" }`;
  const parts = [
    `typeName: "${message.fullName}"`,
    `fields: [${fields}${fields === "" ? "" : "\n    "}]`,
    oneof,
    since(message.since),
  ];
  return `{ ${parts.filter(Boolean).join(", ")} }`;
}

function fieldDescriptor(field: FieldSchema): string {
  const parts = [
    `name: "${field.name}", jsonName: "${field.jsonName}", property: "${field.property}", number: ${field.number}, type: "${field.type}"`,
    field.typeFullName && `typeName: "${field.typeFullName}"`,
    field.repeated && "repeated: true",
    field.oneof && `oneof: "${field.oneof}"`,
    field.big && "big: true",
    field.encoded && "encoded: true",
    field.nullable && "nullable: true",
    since(field.since),
  ];
  return `{ ${parts.filter(Boolean).join(", ")} }`;
}

function enumDescriptor(type: EnumSchema): string {
  const values = type.values.map((value) => {
    const parts = [`name: "${value.name}", number: ${value.number}`, since(value.since)];
    return `\n      { ${parts.filter(Boolean).join(", ")} },`;
  });
  return `{ ${[`typeName: "${type.fullName}"`, `values: [${values.join("")}\n    ]`, since(type.since)].filter(Boolean).join(", ")} }`;
}

function since(version: string | undefined): string | undefined {
  return version && `since: "${version}"`;
}

function emitServices(schema: readonly FileSchema[]): string {
  const services = schema.flatMap((file) => file.services);
  const codecs = new Set(services.flatMap((s) => s.methods.flatMap((m) => [m.request, m.response])));
  const tables = services.map((service) => emitService(service)).join("\n");
  return `${header("proto/*.proto")}
import type { Method, Service } from "../service.ts";
${codecImports([...codecs], schema, true)}

${tables}
export const services = [${services.map((service) => `${service.name}Service`).join(", ")}] as const satisfies readonly Service[];
`;
}

function emitService(service: ServiceSchema): string {
  const methods = service.methods.map(
    (method) => `    ${propertyName(method.name)}: ${emitMethod(method, service)},`,
  );
  return `export const ${service.name}Service = {
  name: "${service.fullName}",
  methods: {
${methods.join("\n")}
  },
} as const satisfies Service;
`;
}

function emitMethod(method: MethodSchema, service: ServiceSchema): string {
  const request = typeName(method.request);
  const response = typeName(method.response);
  return `{
      name: "${method.name}",
      path: "/${service.fullName}/${method.name}",
      kind: "${method.kind}",
      request: ${request}Codec,
      response: ${response}Codec,
      gatewayPaths: [${method.gatewayPaths.map((path) => JSON.stringify(path)).join(", ")}],
    } satisfies Method<${request}, ${response}>`;
}

function emitRaftRequestBodies(schema: readonly FileSchema[]): string {
  const request = schema
    .flatMap((file) => file.types)
    .find((type) => type.fullName === HAND_WRITTEN) as MessageSchema;
  const bodies = request.fields.filter((field) => field.type === "message" && field.name !== "header");
  const codecs = bodies.map((field) => field.typeFullName as string);
  return `${header("proto/raft_internal.proto")}
import type { Codec } from "../codec.ts";
${codecImports(codecs, schema, false)}

/** Numbers of the fields of an InternalRaftRequest that hold its body. Permanent: they are in every log. */
export const RaftRequestField = {
${bodies.map((field) => `  ${field.property}: ${field.number},`).join("\n")}
} as const;

/** How the body in a field is read. */
export const raftRequestBodyCodecs: ReadonlyMap<number, Codec<unknown>> = new Map<number, Codec<unknown>>([
${bodies.map((field) => `  [${field.number}, ${typeName(field.typeFullName as string)}Codec as Codec<unknown>],`).join("\n")}
]);
`;
}

function codecImports(
  fullNames: readonly string[],
  schema: readonly FileSchema[],
  withTypes: boolean,
): string {
  return schema
    .map((file) => {
      const types = file.types.filter((type) => fullNames.includes(type.fullName));
      const names = types.flatMap((type) =>
        withTypes ? [`type ${type.name}`, `${type.name}Codec`] : [`${type.name}Codec`],
      );
      return names.length === 0 ? "" : `import { ${names.join(", ")} } from "./${moduleName(file.file)}.ts";`;
    })
    .filter((line) => line !== "")
    .join("\n");
}

function emitIndex(modules: ReadonlyMap<string, string>): string {
  const lines = [...modules.keys()].sort().map((file) => `export * from "./${file}";`);
  return `${header("proto/*.proto")}\n${lines.join("\n")}\n`;
}
