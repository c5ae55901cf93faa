/**
 * Which handler has a path. Exact paths and subtrees (`/v3/`); before that paths are made clean, as clients of the original know
 * it: `//`, `/./`, `/../` and a missing slash behind the root of a subtree are redirected.
 */

import { answerError, type Exchange, type Handler, type RequestUrl } from "./exchange.ts";

const REDIRECT = 307;
const HTML: readonly [string, string] = ["Content-Type", "text/html; charset=utf-8"];

export class Routes {
  private readonly exact = new Map<string, Handler>();
  /** With their final slash; the longest comes first. */
  private readonly subtrees: { readonly root: string; readonly handler: Handler }[] = [];

  /** A path that ends in a slash stands for all below it. */
  add(path: string, handler: Handler): void {
    if (!path.endsWith("/")) {
      this.exact.set(path, handler);
      return;
    }
    this.subtrees.push({ root: path, handler });
    this.subtrees.sort((a, b) => b.root.length - a.root.length);
  }

  serve(exchange: Exchange, url: RequestUrl): void {
    const clean = cleanPath(url.path);
    if (clean !== url.path) return redirect(exchange, clean);
    const handler =
      this.exact.get(clean) ?? this.subtrees.find(({ root }) => clean.startsWith(root))?.handler;
    if (handler !== undefined) return handler(exchange, url);
    if (this.subtrees.some(({ root }) => root === `${clean}/`)) return redirect(exchange, `${clean}/`);
    notFound(exchange);
  }
}

export function notFound(exchange: Exchange): void {
  answerError(exchange, 404, "404 page not found");
}

/** Undefined when a percent escape is broken. */
export function parseTarget(target: string): RequestUrl | undefined {
  const origin = /^[A-Za-z][A-Za-z\d+.-]*:\/\/[^/?#]*/.exec(target)?.[0] ?? "";
  const rest = target.slice(origin.length);
  const question = rest.indexOf("?");
  const path = question < 0 ? rest : rest.slice(0, question);
  const decoded = decodePath(path === "" ? "/" : path);
  if (decoded === undefined) return undefined;
  return { path: decoded, query: new URLSearchParams(question < 0 ? "" : rest.slice(question + 1)) };
}

/** The bytes of the escapes are UTF-8 or nothing that has a route. */
function decodePath(path: string): string | undefined {
  if (!path.includes("%")) return path;
  if (/%(?![\da-fA-F]{2})/.test(path)) return undefined;
  const bytes = path.replace(/%([\da-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

export function cleanPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const clean = `/${segments.join("/")}`;
  return path.endsWith("/") && clean !== "/" ? `${clean}/` : clean;
}

function redirect(exchange: Exchange, path: string): void {
  const query = exchange.target.includes("?") ? exchange.target.slice(exchange.target.indexOf("?")) : "";
  const location = encodeURI(path).replaceAll("?", "%3F").replaceAll("#", "%23") + query;
  const isRead = exchange.method === "GET" || exchange.method === "HEAD";
  const body = exchange.method === "GET" ? `<a href="${htmlText(location)}">Temporary Redirect</a>.\n\n` : "";
  exchange.answer(REDIRECT, isRead ? [HTML, ["Location", location]] : [["Location", location]], body);
}

export function htmlText(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&#34;",
    "'": "&#39;",
  };
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
