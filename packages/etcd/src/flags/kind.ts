/**
 * The kinds of values that flags take: how each is read from the command line, which JSON type the configuration file must give it, and
 * how it is shown. A kind knows no flag.
 */
import { type Nanoseconds, parseDuration } from "./duration.ts";
import { FeatureGates, parseFeatureGates } from "./feature-gates.ts";
import { parseBool, parseDecimal, parseInteger } from "./number.ts";
import { bad, good, type Outcome } from "./outcome.ts";
import { parseUrls, type Url, uniqueUrls } from "./url.ts";

export interface Kind<T> {
  /** Reads the text of a flag or variable; `current` is the value so far. */
  parse(text: string, current: T): Outcome<T>;
  /** The type that the file must give, in the words of the original's messages. */
  readonly fileType: FileType;
  /** The file's value, already of that type; default: as it stands. */
  fromFile?(value: FileValue): Outcome<T>;
  /** Given without a value, the flag means true. */
  readonly isBool?: boolean;
}

/** A Go type name; lists are JSON arrays of strings, the rest strings, numbers or booleans. */
export type FileType =
  | "string"
  | "bool"
  | "int"
  | "int64"
  | "uint"
  | "uint32"
  | "uint64"
  | "time.Duration"
  | "[]string"
  | NamedString;
type NamedString = "config.V2DeprecationEnum";
export type FileValue = string | number | boolean | readonly string[];

const UINT64_MAX = 2n ** 64n - 1n;
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const UINT32_MAX = 2n ** 32n - 1n;

/** The limits of a numeric type of the file, both inclusive. */
export const FILE_NUMBER_LIMITS: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int: [INT64_MIN, INT64_MAX],
  int64: [INT64_MIN, INT64_MAX],
  "time.Duration": [INT64_MIN, INT64_MAX],
  uint: [0n, UINT64_MAX],
  uint64: [0n, UINT64_MAX],
  uint32: [0n, UINT32_MAX],
};

export const STRING: Kind<string> = { parse: good, fileType: "string" };

export const BOOL: Kind<boolean> = {
  parse(text) {
    const value = parseBool(text);
    return value === undefined ? bad("parse error") : good(value);
  },
  fileType: "bool",
  isBool: true,
};

export const UINT: Kind<number> = { parse: (text) => parseInteger(text, 0n, UINT64_MAX), fileType: "uint" };
export const UINT64: Kind<number> = { ...UINT, fileType: "uint64" };
export const UINT32: Kind<number> = { parse: (text) => parseDecimal(text, UINT32_MAX), fileType: "uint32" };
export const INT: Kind<number> = {
  parse: (text) => parseInteger(text, INT64_MIN, INT64_MAX),
  fileType: "int",
};
export const INT64: Kind<number> = { ...INT, fileType: "int64" };

export const DURATION: Kind<Nanoseconds> = {
  parse(text) {
    const duration = parseDuration(text);
    return duration.ok ? duration : bad("parse error");
  },
  fileType: "time.Duration",
};

/** A comma-separated set. */
export const STRINGS: Kind<readonly string[]> = {
  parse: (text) => good([...new Set(text.split(","))].sort()),
  fileType: "[]string",
};

/** A comma-separated set, which the file too gives as one string. */
export const STRINGS_IN_ONE: Kind<readonly string[]> = {
  ...STRINGS,
  fileType: "string",
  fromFile: (value) => STRINGS.parse(String(value), []),
};

/** A set of addresses; nothing leaves the value as it was. */
export const URLS: Kind<readonly Url[]> = {
  parse(text, current) {
    if (text === "") return good(current);
    const urls = parseUrls(text);
    return urls.ok ? good(uniqueUrls(urls.value)) : urls;
  },
  fileType: "string",
  fromFile: (value) => URLS.parse(String(value), []),
};

/** Origins: `*` or a set of addresses. */
export const ORIGINS: Kind<readonly string[]> = {
  parse(text) {
    if (text === "*") return good(["*"]);
    const urls = parseUrls(text);
    return urls.ok ? good(uniqueUrls(urls.value).map((url) => url.text)) : urls;
  },
  fileType: "string",
  fromFile: (value) => (value === "" ? good(["*"]) : ORIGINS.parse(String(value), [])),
};

export const FEATURE_GATES: Kind<FeatureGates> = {
  parse: parseFeatureGates,
  fileType: "string",
  fromFile: (value) => parseFeatureGates(String(value)),
};

/** One of a few words; `reason` tells what is said of another. */
export function choice<const W extends string>(
  words: readonly W[],
  reason = (_text: string) => "invalid value",
): Kind<W> {
  return {
    parse(text) {
      const word = words.find((candidate) => candidate === text);
      return word === undefined ? bad(reason(text)) : good(word);
    },
    fileType: "string",
  };
}

export const NO_GATES = new FeatureGates();
