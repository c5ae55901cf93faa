/** The machine's own address on its default route, read from the kernel's table of routes (Linux). */
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import type { DefaultHost } from "./defaults.ts";

const ROUTES = "/proc/net/route";

export function defaultHost(): DefaultHost {
  let table: string;
  try {
    table = readFileSync(ROUTES, "utf8");
  } catch {
    return { reason: "could not find default route" };
  }
  const device = defaultDevice(table);
  const address = device && networkInterfaces()[device]?.find(({ family }) => family === "IPv4")?.address;
  return address === undefined ? { reason: "could not find default route" } : { host: address };
}

/** The device of the route to everywhere: destination and mask are zero. */
export function defaultDevice(table: string): string | undefined {
  const routes = table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  return routes.find(
    ([, destination, , , , , , mask]) => destination === "00000000" && mask === "00000000",
  )?.[0];
}
