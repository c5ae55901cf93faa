/**
 * The TypeScript of one message: its shape, `createX`, `decodeX`, `sizeOfX`, `writeX`, `encodeX` and the codec value.
 *
 * Every shape is one object literal with every property in it, so all objects of a type share one hidden class. Fields are
 * written in number order, defaults left out. A field whose wire type is not its own is skipped as unknown.
 */

import { typeName } from "./naming.ts";
import type { FieldSchema, MessageSchema } from "./schema.ts";

const WIRE_VARINT = 0;
const WIRE_BYTES = 2;

/** What scalar types need: their TypeScript type and default, and how the wire package reads and writes them. */
interface Scalar {
  readonly type: string;
  readonly initial: string;
  readonly wireType: number;
  readonly read: string;
  readonly present: (value: string) => string;
  readonly size: (value: string) => string;
  readonly write: (value: string) => string;
}

const number = (read: string, present = (v: string) => `${v} !== 0`): Scalar => ({
  type: "number",
  initial: "0",
  wireType: WIRE_VARINT,
  read,
  present,
  size: (v) => `sizeOfVarint(${v})`,
  write: (v) => `writeVarint(buf, pos, ${v})`,
});

const big = (read: string): Scalar => ({
  type: "bigint",
  initial: "0n",
  wireType: WIRE_VARINT,
  read,
  present: (v) => `${v} !== 0n`,
  size: (v) => `sizeOfBigVarint(${v})`,
  write: (v) => `writeBigVarint(buf, pos, ${v})`,
});

const bytes: Scalar = {
  type: "Uint8Array",
  initial: "EMPTY_BYTES",
  wireType: WIRE_BYTES,
  read: "bytes",
  present: (v) => `${v}.length !== 0`,
  size: (v) => `sizeOfBytes(${v})`,
  write: (v) => `writeBytes(buf, pos, ${v})`,
};

const text: Scalar = {
  type: "string",
  initial: '""',
  wireType: WIRE_BYTES,
  read: "string",
  present: (v) => `${v} !== ""`,
  size: (v) => `sizeOfString(${v})`,
  write: (v) => `writeString(buf, pos, ${v})`,
};

const bool: Scalar = {
  type: "boolean",
  initial: "false",
  wireType: WIRE_VARINT,
  read: "bool",
  present: (v) => v,
  size: () => "1",
  write: (v) => `writeVarint(buf, pos, ${v} ? 1 : 0)`,
};

function scalarOf(field: FieldSchema): Scalar {
  switch (field.type) {
    case "int64":
      return field.big ? big("bigInt64") : number("int64");
    case "uint64":
      return field.big ? big("bigUint64") : number("uint64");
    case "int32":
    case "enum":
      return number("int32");
    case "uint32":
      return number("uint32");
    case "bool":
      return bool;
    case "string":
      return text;
    case "bytes":
    case "message":
      return bytes;
  }
}

/** The message type of a field that is decoded into an object of its own. */
function decodedMessage(field: FieldSchema): string | undefined {
  return field.type === "message" && !field.encoded ? typeName(field.typeFullName as string) : undefined;
}

export function emitMessage(message: MessageSchema): string {
  return [
    message.oneof?.form === "whole" ? wholeOneofShape(message) : plainShape(message),
    emitDecode(message),
    emitSizeOf(message),
    emitWrite(message),
    emitEncode(message),
  ].join("\n");
}

// Shapes

function plainShape(message: MessageSchema): string {
  const { name, fields, oneof } = message;
  const properties = fields.map(
    (field) => `${doc(fieldComment(field), "  ")}  ${field.property}: ${tsType(field)};`,
  );
  const initial = fields.map((field) => `    ${field.property}: ${initialValue(field)},`);
  if (oneof !== undefined) {
    const cases = membersOf(message).map((field) => JSON.stringify(field.property));
    properties.push(
      doc(`The member of oneof ${oneof.name} that is set.`, "  ") +
        `  ${oneof.property}: ${cases.join(" | ")} | undefined;`,
    );
    initial.push(`    ${oneof.property}: undefined,`);
  }
  return `${doc(message.comment)}export interface ${name} {
${properties.join("\n")}
}

export function create${name}(partial?: Partial<${name}>): ${name} {
  const message: ${name} = {
${initial.join("\n")}
  };
  return partial === undefined ? message : Object.assign(message, partial);
}
`;
}

function wholeOneofShape({ name, fields, comment }: MessageSchema): string {
  const cases = fields.map((field) => `  | { case: "${field.property}"; value: ${tsType(field, true)} }`);
  return `${doc(comment)}export type ${name} =
${cases.join("\n")}
  | { case: undefined; value: undefined };

export function create${name}(partial?: Partial<${name}>): ${name} {
  const message: ${name} = { case: undefined, value: undefined };
  return partial === undefined ? message : Object.assign(message, partial);
}
`;
}

function fieldComment(field: FieldSchema): string | undefined {
  if (!field.encoded) return field.comment;
  return [`Encoded: see decode${typeName(field.typeFullName as string)}.`, field.comment]
    .filter(Boolean)
    .join(" ");
}

function tsType(field: FieldSchema, present = false): string {
  const one =
    decodedMessage(field) ??
    (field.type === "enum" ? typeName(field.typeFullName as string) : scalarOf(field).type);
  if (field.repeated) return `${one}[]`;
  return !present && (field.type === "message" || field.nullable) ? `${one} | undefined` : one;
}

function initialValue(field: FieldSchema): string {
  if (field.repeated) return "[]";
  return field.type === "message" || field.nullable ? "undefined" : scalarOf(field).initial;
}

function membersOf(message: MessageSchema): readonly FieldSchema[] {
  return message.fields.filter((field) => field.oneof !== undefined);
}

// Decoding

function emitDecode(message: MessageSchema): string {
  const { name } = message;
  const cases = message.fields.flatMap((field) => readCases(field, message));
  return `export function decode${name}(buf: Uint8Array, start = 0, end = buf.length): ${name} {
  const message = create${name}();
  read${name}(openReader(buf, start, end), message);
  return message;
}

/** Merges what the reader holds, up to its end, into \`message\`. */
export function read${name}(reader: Reader, ${cases.length === 0 ? "_message" : "message"}: ${name}): void {
  while (reader.pos < reader.end) {
    const tag = reader.tag();
${cases.length === 0 ? "    reader.skip(tag);" : `    switch (tag) {\n${cases.join("\n")}\n      default:\n        reader.skip(tag);\n    }`}
  }
}
`;
}

function readCases(field: FieldSchema, message: MessageSchema): string[] {
  const { wireType, read } = scalarOf(field);
  const one = `      case ${field.number * 8 + wireType}:${readField(field, message)}\n        break;`;
  if (!field.repeated || wireType !== WIRE_VARINT) return [one];
  // Both forms are read, whichever of them is written.
  const run = `      case ${field.number * 8 + WIRE_BYTES}: {
        const outer = reader.enterPacked();
        while (reader.pos < reader.end) message.${field.property}.push(reader.${read}());
        reader.leave(outer);
        break;
      }`;
  return [one, run];
}

function readField(field: FieldSchema, message: MessageSchema): string {
  if (message.oneof?.form === "whole") return readWholeOneof(field);
  const target = `message.${field.property}`;
  const inner = decodedMessage(field);
  const lines: string[] = [];
  if (field.oneof !== undefined)
    lines.push(
      `clear${message.name}Oneof(message);`,
      `message.${message.oneof?.property} = "${field.property}";`,
    );
  if (inner !== undefined) {
    if (field.repeated) lines.push(`${target}.push(readNested(reader, create${inner}(), read${inner}));`);
    else lines.push(`${target} = readNested(reader, ${target} ?? create${inner}(), read${inner});`);
  } else if (field.repeated) lines.push(`${target}.push(reader.${scalarOf(field).read}());`);
  else if (field.encoded) lines.push(`${target} = reader.encoded(${target});`);
  else lines.push(`${target} = reader.${scalarOf(field).read}();`);
  return lines.map((line) => `\n        ${line}`).join("");
}

function readWholeOneof(field: FieldSchema): string {
  const inner = decodedMessage(field);
  if (inner === undefined) throw new Error(`a message that is one oneof has message members: ${field.name}`);
  return `
        setCase(message, "${field.property}", readNested(reader, message.case === "${field.property}" ? message.value : create${inner}(), read${inner}));`;
}

// Encoding

function emitSizeOf(message: MessageSchema): string {
  const body = forEachPresent(message, (field, value) => [
    `size += ${tagSize(field)} + ${sizeExpression(field, value)};`,
  ]);
  if (body === "")
    return `export function sizeOf${message.name}(_message: ${message.name}): number {\n  return 0;\n}\n`;
  return `export function sizeOf${message.name}(message: ${message.name}): number {
  let size = 0;
${body}
  return size;
}
`;
}

function emitWrite(message: MessageSchema): string {
  const body = forEachPresent(message, (field, value) => [
    ...tagBytes(field),
    ...writeStatements(field, value),
  ]);
  if (body === "") {
    return `export function write${message.name}(_message: ${message.name}, _buf: Uint8Array, pos: number): number {\n  return pos;\n}\n`;
  }
  return `export function write${message.name}(message: ${message.name}, buf: Uint8Array, pos: number): number {
${body}
  return pos;
}
`;
}

function emitEncode({ name, fullName }: MessageSchema): string {
  return `export function encode${name}(message: ${name}): Uint8Array {
  const buf = Buffer.allocUnsafe(sizeOf${name}(message));
  assert(write${name}(message, buf, 0) === buf.length, "a message is as long as its size says");
  return buf;
}

export const ${name}Codec: Codec<${name}> = {
  typeName: "${fullName}",
  create: create${name},
  decode: decode${name},
  sizeOf: sizeOf${name},
  write: write${name},
  encode: encode${name},
};
`;
}

/** The statements of each field, under the condition that it is written. */
function forEachPresent(
  message: MessageSchema,
  body: (field: FieldSchema, value: string) => string[],
): string {
  if (message.oneof?.form === "whole") return wholeOneofCases(message, body);
  return message.fields.map((field) => presentField(field, message, body)).join("\n");
}

function presentField(
  field: FieldSchema,
  message: MessageSchema,
  body: (field: FieldSchema, value: string) => string[],
): string {
  const value = `message.${field.property}`;
  const block = (head: string, statements: string[]) =>
    `  ${head} {\n${statements.map((s) => `    ${s}`).join("\n")}\n  }`;
  if (field.packed) return block(`if (${value}.length !== 0)`, body(field, value));
  if (field.repeated) return block(`for (const item of ${value})`, body(field, "item"));
  if (field.oneof !== undefined)
    return block(`if (message.${message.oneof?.property} === "${field.property}")`, body(field, value));
  if (field.always)
    return body(field, value)
      .map((s) => `  ${s}`)
      .join("\n");
  if (field.type === "message" || field.nullable)
    return block(`if (${value} !== undefined)`, body(field, value));
  return block(`if (${scalarOf(field).present(value)})`, body(field, value));
}

function wholeOneofCases(
  message: MessageSchema,
  body: (field: FieldSchema, value: string) => string[],
): string {
  const cases = message.fields.map(
    (field) =>
      `    case "${field.property}": {\n${body(field, "message.value")
        .map((s) => `      ${s}`)
        .join("\n")}\n      break;\n    }`,
  );
  return `  switch (message.case) {\n${cases.join("\n")}\n  }`;
}

function sizeExpression(field: FieldSchema, value: string): string {
  if (field.packed) return `sizeOfPacked(${value})`;
  const inner = decodedMessage(field);
  return inner === undefined ? scalarOf(field).size(value) : `sizeOfLengthAnd(sizeOf${inner}(${value}))`;
}

function writeStatements(field: FieldSchema, value: string): string[] {
  if (field.packed) return [`pos = writePacked(buf, pos, ${value});`];
  const inner = decodedMessage(field);
  if (inner === undefined) return [`pos = ${scalarOf(field).write(value)};`];
  return [
    `pos = writeVarint(buf, pos, sizeOf${inner}(${value}));`,
    `pos = write${inner}(${value}, buf, pos);`,
  ];
}

// Tags

function tagOf(field: FieldSchema): number {
  return field.number * 8 + (field.packed ? WIRE_BYTES : scalarOf(field).wireType);
}

function tagVarint(field: FieldSchema): number[] {
  const parts: number[] = [];
  for (let tag = tagOf(field); ; tag >>>= 7) {
    if (tag < 0x80) return [...parts, tag];
    parts.push((tag & 0x7f) | 0x80);
  }
}

function tagSize(field: FieldSchema): number {
  return tagVarint(field).length;
}

function tagBytes(field: FieldSchema): string[] {
  return tagVarint(field).map((byte) => `buf[pos++] = ${byte};`);
}

/** Puts every member of a flat oneof back to its default: the last one on the wire wins. */
export function emitClearOneof(message: MessageSchema): string {
  if (message.oneof?.form !== "flat") return "";
  const resets = membersOf(message).map((field) => `  message.${field.property} = ${initialValue(field)};`);
  return `function clear${message.name}Oneof(message: ${message.name}): void {\n${resets.join("\n")}\n}\n`;
}

function doc(comment: string | undefined, indent = ""): string {
  if (comment === undefined || comment === "") return "";
  const lines = comment.split("\n");
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`).join("\n")}\n${indent} */\n`;
}
