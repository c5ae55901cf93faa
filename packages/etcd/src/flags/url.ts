/**
 * Addresses that members listen on and advertise: `http://host:port`, `https://host:port`, `unix://…`, `unixs://…`, in lists parted
 * by commas. Texts that Node's URL would mend are refused here, with the reasons that the original gives; what is accepted keeps its
 * spelling, since member ids are hashes of it.
 */
import { bad, good, type Outcome } from "./outcome.ts";

export type Scheme = "http" | "https" | "unix" | "unixs";

export interface Url {
  readonly scheme: Scheme;
  /** `host:port`; for a socket file what follows `unix://`. */
  readonly host: string;
  /** As printed, stored and hashed. */
  readonly text: string;
}

/** Sorted by their text; equal ones stay, as in lists of advertised peers. */
export function parseUrls(list: string): Outcome<readonly Url[]> {
  const urls: Url[] = [];
  for (const part of list.split(",")) {
    const url = parseUrl(part.trim());
    if (!url.ok) return url;
    urls.push(url.value);
  }
  return good(sortUrls(urls));
}

export function sortUrls(urls: readonly Url[]): readonly Url[] {
  return urls.toSorted((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
}

export function uniqueUrls(urls: readonly Url[]): readonly Url[] {
  return urls.filter(({ text }, i) => urls.findIndex((other) => other.text === text) === i);
}

export function parseUrl(text: string): Outcome<Url> {
  const parts = splitUrl(text);
  if (!parts.ok) return bad(`parse ${JSON.stringify(text)}: ${parts.reason}`);
  const { scheme, host, path, rest } = parts.value;
  switch (scheme) {
    case "http":
    case "https":
      if (splitHostPort(host) === undefined)
        return bad(`URL address does not have the form "host:port": ${text}`);
      if (path !== "") return bad(`URL must not contain a path: ${text}`);
      return good({ scheme, host, text: `${scheme}:${rest}` });
    case "unix":
    case "unixs":
      return good({ scheme, host: host + path, text: `${scheme}:${rest}` });
    default:
      return bad(`URL scheme must be http, https, unix, or unixs: ${text}`);
  }
}

interface UrlParts {
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  /** All behind the scheme's colon. */
  readonly rest: string;
}

function splitUrl(text: string): Outcome<UrlParts> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f]/.test(text)) return bad("net/url: invalid control character in URL");
  if (text.startsWith(":")) return bad("missing protocol scheme");
  const [, scheme = "", rest = ""] = /^(?:([A-Za-z][A-Za-z\d+.-]*):)?(.*)$/s.exec(text) ?? [];
  const hierarchy = rest.replace(/[?#].*$/s, "");
  if (scheme === "" && /^[^/]*:/.test(hierarchy))
    return bad("first path segment in URL cannot contain colon");
  if (!hierarchy.startsWith("//")) {
    // Without slashes the rest is opaque: neither host nor path.
    const path = hierarchy.startsWith("/") || scheme === "" ? hierarchy : "";
    return good({ scheme: scheme.toLowerCase(), host: "", path, rest });
  }
  const [, authority = "", path = ""] = /^\/\/([^/]*)(.*)$/s.exec(hierarchy) ?? [];
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  const reason = hostObjection(host);
  return reason === undefined ? good({ scheme: scheme.toLowerCase(), host, path, rest }) : bad(reason);
}

function hostObjection(host: string): string | undefined {
  const bracket = host.lastIndexOf("]");
  if (host.startsWith("[") && bracket === -1) return "missing ']' in host";
  const colon = host.startsWith("[") ? bracket + 1 : host.indexOf(":");
  const port = colon === -1 ? "" : host.slice(colon);
  if (!/^(?::\d*)?$/.test(port)) return `invalid port ${JSON.stringify(port)} after host`;
  const badEscape = /%(?![\da-fA-F]{2}).{0,2}/s.exec(host);
  if (badEscape) return `invalid URL escape ${JSON.stringify(badEscape[0])}`;
  const stranger = /[ \\^`{|}#?]/.exec(host);
  return stranger ? `invalid character ${JSON.stringify(stranger[0])} in host name` : undefined;
}

/** Host and port of `host:port` or `[v6]:port`; undefined where there is no port. */
export function splitHostPort(address: string): { readonly host: string; readonly port: string } | undefined {
  const match = /^(?:\[([^[\]]*)\]|([^[\]:]*)):([^:[\]]*)$/.exec(address);
  return match ? { host: match[1] ?? match[2] ?? "", port: match[3]! } : undefined;
}

export function isUnix(url: Url): boolean {
  return url.scheme === "unix" || url.scheme === "unixs";
}

export function isTls(url: Url): boolean {
  return url.scheme === "https" || url.scheme === "unixs";
}

/** Texts joined by commas, as log lines and error texts show a list. */
export function showUrls(urls: readonly Url[]): string {
  return urls.map(({ text }) => text).join(",");
}
