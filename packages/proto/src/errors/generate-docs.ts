/** `npm run generate:errors -w @etcd-ts/proto`: writes docs/ERRORS.md from the table. */

import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type Code, codeName } from "./code.ts";
import { ERRORS, type ErrorRow } from "./error-table.ts";

export const ERRORS_DOCUMENT = new URL("../../../../docs/ERRORS.md", import.meta.url);

export function errorsDocument(): string {
  const rows = Object.entries<ErrorRow>(ERRORS).map(([name, error]) => tableRow(name, error));
  return `# Errors

Generated from \`packages/proto/src/errors/error-table.ts\` by \`npm run generate:errors -w @etcd-ts/proto\`.

Clients match the texts: they are wire format. *Code* is what a client sees; where the original's constant carries another
one, or 3.5 sends another one, it stands behind it. *Retry* is what the original's client does by itself: \`reads\` are asked
again elsewhere, \`reauthenticate\` fetches a new token first. *Typed* errors are those that its client turns back into constants.
Through Lock and Election every error arrives as Unknown with the same text.

| name | constant | code | text | retry | typed | when |
|---|---|---|---|---|---|---|
${rows.join("\n")}
`;
}

function tableRow(name: string, error: ErrorRow): string {
  const constant = error.constant === "" ? "" : `\`${error.constant}\``;
  const cells = [
    name,
    constant,
    codes(error),
    `\`${error.message}\``,
    error.retry,
    error.typed ? "yes" : "",
    error.when,
  ];
  return `| ${cells.join(" | ")} |`;
}

function codes(error: ErrorRow): string {
  const notes = [note(error, error.nominalCode, "nominal"), note(error, error.codeIn35, "3.5")].filter(
    Boolean,
  );
  return [codeName(error.code), ...notes].join(", ");
}

function note(error: ErrorRow, code: Code, label: string): string {
  return code === error.code ? "" : `${label} ${codeName(code)}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  writeFileSync(ERRORS_DOCUMENT, errorsDocument());
