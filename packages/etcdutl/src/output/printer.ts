/** A result in the form that `--write-out` asks for. A form that does not suit the result is refused after the work, as ever. */

import { CommandError, EXIT_BAD_FEATURE, type FlagValues } from "../command-line/command.ts";
import { tableText } from "./table.ts";

/** One value of a result under the names that it has in the forms. */
export interface Column {
  readonly header: string;
  /** In simple lines and tables. */
  readonly cell: string;
  readonly field: string;
  /** In fields and in JSON. */
  readonly jsonName: string;
  readonly value: string | number;
}

export type WriteOut = "simple" | "fields" | "json" | "table" | "protobuf";

export function writeOutOf(flags: FlagValues): WriteOut {
  const asked = String(flags["write-out"]);
  switch (asked) {
    case "simple":
    case "fields":
    case "json":
    case "table":
    case "protobuf":
      return asked;
    default:
      throw new CommandError(EXIT_BAD_FEATURE, "unsupported output format");
  }
}

export function resultText(form: WriteOut, columns: readonly Column[]): string {
  switch (form) {
    case "simple":
      return `${columns.map(({ cell }) => cell).join(", ")}\n`;
    case "fields":
      return columns.map(({ field, value }) => `"${field}" : ${value}\n`).join("");
    case "json":
      return `${JSON.stringify(Object.fromEntries(columns.map(({ jsonName, value }) => [jsonName, value])))}\n`;
    case "table":
      return tableText(
        columns.map(({ header }) => header),
        [columns.map(({ cell }) => cell)],
      );
    case "protobuf":
      throw new CommandError(EXIT_BAD_FEATURE, "protobuf not supported as output format");
  }
}
