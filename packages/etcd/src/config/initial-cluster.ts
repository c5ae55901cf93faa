/**
 * The members that a new cluster begins with, as `--initial-cluster` names them, and whether this member is among them with the
 * addresses that it advertises.
 */
import { bad, good, type Outcome } from "../flags/outcome.ts";
import { parseUrls, showUrls, sortUrls, type Url } from "../flags/url.ts";

/** Names to sorted peer addresses. */
export type InitialCluster = ReadonlyMap<string, readonly Url[]>;

export function parseInitialCluster(text: string): Outcome<InitialCluster> {
  const texts = new Map<string, string[]>();
  for (const part of text.split(",").filter((item) => item !== "")) {
    const at = part.indexOf("=");
    const [name, url] = at === -1 ? [part, ""] : [part.slice(0, at), part.slice(at + 1)];
    texts.set(name, [...(texts.get(name) ?? []), url]);
  }
  const cluster = new Map<string, readonly Url[]>();
  for (const [name, list] of texts) {
    const urls = parseUrls(list.join(","));
    if (!urls.ok) return bad(`error setting up initial cluster: ${urls.reason}`);
    cluster.set(name, urls.value);
  }
  return good(cluster);
}

/** Every member with every address, sorted: "a=http://…,b=http://…". */
export function showInitialCluster(cluster: InitialCluster): string {
  const pairs = [...cluster].flatMap(([name, urls]) => urls.map(({ text }) => `${name}=${text}`));
  return pairs.sort().join(",");
}

/** What stands against starting as this member of this cluster. Addresses are compared as they are written. */
export function initialClusterObjection(
  cluster: InitialCluster,
  name: string,
  advertised: readonly Url[],
): string | undefined {
  const own = cluster.get(name);
  if (own === undefined)
    return `couldn't find local name ${JSON.stringify(name)} in the initial cluster configuration`;
  const all = [...cluster.values()].flat();
  if (new Set(all.map(({ text }) => text)).size < all.length) {
    return `initial cluster ${showInitialCluster(cluster)} has duplicate url`;
  }
  return addressObjection(name, own, sortUrls(advertised));
}

function addressObjection(name: string, own: readonly Url[], advertised: readonly Url[]): string | undefined {
  const reason = difference(advertised, own);
  if (reason === undefined) return undefined;
  const missing = own.filter(({ text }) => !advertised.some((url) => url.text === text));
  if (missing.length > 0) {
    const pairs = missing.map(({ text }) => `${name}=${text}`).join(",");
    return `--initial-cluster has ${pairs} but missing from --initial-advertise-peer-urls=${showUrls(advertised)} (${reason})`;
  }
  const besides = advertised.filter(({ text }) => !own.some((url) => url.text === text));
  const pairs = own.map(({ text }) => `${name}=${text}`).join(",");
  return `--initial-advertise-peer-urls has ${showUrls(besides)} but missing from --initial-cluster=${pairs}`;
}

function difference(a: readonly Url[], b: readonly Url[]): string | undefined {
  if (a.length !== b.length) return `len(${quotedList(a)}) != len(${quotedList(b)})`;
  const at = a.findIndex(({ text }, i) => text !== b[i]!.text);
  return at === -1
    ? undefined
    : `resolved urls: ${JSON.stringify(a[at]!.text)} != ${JSON.stringify(b[at]!.text)}`;
}

function quotedList(urls: readonly Url[]): string {
  return `[${urls.map(({ text }) => JSON.stringify(text)).join(" ")}]`;
}
