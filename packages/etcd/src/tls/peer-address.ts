/**
 * Whether a member's certificate names the address that it comes from: by an address of its own, by a name that resolves to it, or by a
 * wildcard that fits a name which the address resolves to. A certificate that names nothing fits anywhere.
 */

import { lookup, reverse } from "node:dns/promises";

export interface NameService {
  /** Addresses of a name; rejects when there is no such name. */
  addressesOf(name: string): Promise<readonly string[]>;
  namesOf(address: string): Promise<readonly string[]>;
}

/** As the machine is set up, its file of hosts included. */
export const SYSTEM_NAMES: NameService = {
  addressesOf: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
  namesOf: (address) => reverse(address),
};

export interface NamedBy {
  readonly addresses: readonly string[];
  readonly names: readonly string[];
}

/** Undefined: it does. */
export async function addressObjection(
  { addresses, names }: NamedBy,
  remote: string,
  service: NameService,
): Promise<string | undefined> {
  if (addresses.length === 0 && names.length === 0) return undefined;
  if (addresses.includes(remote)) return undefined;
  if (names.length === 0) return `x509: certificate is valid for ${addresses.join(", ")}, not ${remote}`;
  const failures: string[] = [];
  for (const name of names) {
    const isWildcard = name.startsWith("*.");
    const fits = isWildcard
      ? await resolvesBack(remote, name.slice(1), service)
      : await resolvesTo(name, remote, service, failures);
    if (fits) return undefined;
  }
  const shown = names.map((name) => JSON.stringify(name)).join(" ");
  const why = failures.length === 0 ? "" : ` (${failures.join(", ")})`;
  return `tls: ${JSON.stringify(remote)} does not match any of DNSNames [${shown}]${why}`;
}

async function resolvesTo(
  name: string,
  remote: string,
  service: NameService,
  failures: string[],
): Promise<boolean> {
  try {
    return (await service.addressesOf(name)).includes(remote);
  } catch {
    failures.push(`lookup ${name}: no such host`);
    return false;
  }
}

/** A wildcard stands for one label. */
async function resolvesBack(remote: string, domain: string, service: NameService): Promise<boolean> {
  const names = await service.namesOf(remote).catch(() => []);
  return names.some((name) => {
    const host = name.replace(/\.$/, "");
    return host.endsWith(domain) && !host.slice(0, -domain.length).includes(".") && host !== domain;
  });
}
