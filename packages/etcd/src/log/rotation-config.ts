/** The settings of `--log-rotation-config-json`, read as the original reads them, with its words for mistakes. */
import { bad, good, type Outcome } from "../flags/outcome.ts";

export interface RotationConfig {
  /** Size in megabytes at which a file is put aside; 0: 100. */
  readonly maxsize: number;
  /** Days that old files are kept; 0: for ever. */
  readonly maxage: number;
  /** Number of old files kept; 0: all. */
  readonly maxbackups: number;
  /** Names of old files carry local time. */
  readonly localtime: boolean;
  /** Old files are compressed. */
  readonly compress: boolean;
}

const INITIAL: RotationConfig = { maxsize: 0, maxage: 0, maxbackups: 0, localtime: false, compress: false };

export function parseRotationConfig(text: string): Outcome<RotationConfig> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return bad(`improperly formatted log rotation config: ${syntaxReason(text)}`);
  }
  if (json === null) return good(INITIAL);
  if (typeof json !== "object" || Array.isArray(json)) {
    return bad(`${INVALID} ${typeName(json)} into Go value of type embed.logRotationConfig`);
  }
  const config: Record<string, unknown> = { ...INITIAL };
  for (const [key, value] of Object.entries(json)) {
    const name = Object.keys(INITIAL).find((known) => known === key.toLowerCase());
    if (name === undefined || value === null) continue;
    const wanted = typeof config[name];
    if (typeof value !== wanted || (wanted === "number" && !Number.isInteger(value)))
      return bad(fieldReason(name, value, wanted));
    config[name] = value;
  }
  return good(config as unknown as RotationConfig); // the fields of INITIAL, each of its own type
}

const INVALID = "invalid log rotation config: json: cannot unmarshal";

function fieldReason(name: string, value: unknown, wanted: string): string {
  const shown = typeof value === "number" && wanted === "number" ? `number ${value}` : typeName(value);
  const field = `logRotationConfig.Logger.${name}`;
  return `${INVALID} ${shown} into Go struct field ${field} of type ${wanted === "number" ? "int" : "bool"}`;
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function syntaxReason(text: string): string {
  if (isPrefixOfJson(text)) return "unexpected end of JSON input";
  const stranger = text.trim()[0];
  return `invalid character ${JSON.stringify(stranger).replaceAll('"', "'")} looking for beginning of value`;
}

/** Whether the text only stops too early. */
function isPrefixOfJson(text: string): boolean {
  return text.trim() === "" || /^\s*[{["]/.test(text);
}
