/** The sources of the packages as the checks see them: paths, imports, and code without its comments and strings. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./setup.mjs";

/** Sources of all packages as {package, path, text}; paths are relative to the checkout. */
export function packageSources() {
  return readdirSync(join(ROOT, "packages")).flatMap((name) => {
    const src = join("packages", name, "src");
    const files = readdirSync(join(ROOT, src), { recursive: true })
      .map(String)
      .filter((file) => file.endsWith(".ts"));
    return files.sort().map((file) => {
      const path = join(src, file);
      return { package: name, path, text: readFileSync(join(ROOT, path), "utf8") };
    });
  });
}

/** Tests, measurements and generators of code or pages: run in the checkout, never shipped. */
export function isForDevelopment(path) {
  return /\.(test|bench)\.ts$|\/codegen\/|\/generate(-[^/]+)?\.ts$|\/testing(\/|\.ts$)/.test(path);
}

/** What a source imports or re-exports, as {specifier, line}; generated code counts as well. */
export function importsOf(text) {
  const found = [];
  const pattern =
    /(?:^\s*(?:import|export)\b[^"'`;=]*?\bfrom\s*|\bimport\s*\(\s*|^\s*import\s*)(["'])([^"'\n]+)\1/gm;
  const code = blankComments(text);
  for (const match of code.matchAll(pattern)) {
    found.push({ specifier: match[2], line: lineOf(code, match.index + match[0].length) });
  }
  return found;
}

export function lineOf(text, index) {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < index; at = text.indexOf("\n", at + 1)) line++;
  return line;
}

/** The text with comments replaced by blanks, so that positions stay. */
export function blankComments(text) {
  return blank(text, (kind) => kind === "comment");
}

/** The text with comments and the contents of strings replaced by blanks; code inside template strings stays. */
export function blankCommentsAndStrings(text) {
  return blank(text, () => true);
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|(?<=[=(,:;!&|?[{}]\s*|return\s+)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/g;

function blank(text, shouldBlank) {
  return text.replace(TOKEN, (token) => {
    const kind = token.startsWith("//") || token.startsWith("/*") ? "comment" : "string";
    if (!shouldBlank(kind)) return token;
    if (!token.startsWith("`")) return spaces(token);
    return token.replace(/\$\{[^}]*\}|[^$]+|\$/g, (part) => (part.startsWith("${") ? part : spaces(part)));
  });
}

function spaces(token) {
  return token.replace(/[^\n]/g, " ");
}
