/**
 * What every request on a port for clients passes before its route: the old prefix of the gateway, the host whitelist, CORS
 * (`http-endpoints.md` 1).
 */

import { answerError, type Exchange, type RequestUrl } from "./exchange.ts";

const OLD_PREFIX = "/v3beta/";
const METHODS = "POST, GET, OPTIONS, PUT, DELETE";
const HEADERS = "accept, content-type, authorization";
const MISDIRECTED = 421;

export interface AccessRules {
  readonly origins: readonly string[];
  readonly hosts: readonly string[];
}

/** Undefined: the request has been answered. */
export function passAccess(rules: AccessRules, exchange: Exchange, url: RequestUrl): RequestUrl | undefined {
  const routed = withNewPrefix(url);
  if (!isAllowedHost(rules, exchange)) {
    answerError(exchange, MISDIRECTED, strangeHostText(hostName(exchange.host)));
    return undefined;
  }
  const origin = allowedOrigin(rules.origins, exchange.header("origin"));
  if (origin !== undefined) exchange.extraHeaders.push(...corsFields(origin));
  if (exchange.method !== "OPTIONS") return routed;
  exchange.answer(200, [], "");
  return undefined;
}

export function corsFields(origin: string): [string, string][] {
  return [
    ["Access-Control-Allow-Headers", HEADERS],
    ["Access-Control-Allow-Methods", METHODS],
    ["Access-Control-Allow-Origin", origin],
  ];
}

function allowedOrigin(origins: readonly string[], origin: string | undefined): string | undefined {
  if (origins.length === 0 || origins.includes("*")) return "*";
  return origin !== undefined && origins.includes(origin) ? origin : undefined;
}

/** `/v3beta/`, as old clients say. */
export function withNewPrefix(url: RequestUrl): RequestUrl {
  if (!url.path.startsWith(OLD_PREFIX)) return url;
  return { ...url, path: `/v3/${url.path.slice(OLD_PREFIX.length)}` };
}

/** An empty list is one empty name, which nobody has. */
export function isAllowedHost({ hosts }: AccessRules, { tls, host }: Exchange): boolean {
  return tls || hosts.includes("*") || hosts.includes(hostName(host));
}

/** Without the port; the brackets of an IPv6 address go with it. */
function hostName(host: string): string {
  const withPort = /^(?:\[([^\]]*)\]|([^:]*)):[^:]*$/.exec(host);
  return withPort === null ? host : (withPort[1] ?? withPort[2] ?? "");
}

function strangeHostText(host: string): string {
  return `
etcd received your request, but the Host header was unrecognized.

To fix this, choose one of the following options:
- Enable TLS, then any HTTPS request will be allowed.
- Add the hostname you want to use to the whitelist in settings.
  - e.g. etcd --host-whitelist ${JSON.stringify(host)}

This requirement has been added to help prevent "DNS Rebinding" attacks (CVE-2018-5702).
`;
}
