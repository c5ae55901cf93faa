/**
 * Where the programs of an end-to-end test are: ours in bin/, the original's where ETCD_REFERENCE says, or in
 * ../shared/peers/3.7.1 beside the checkout. Without the original, tests that need it say that they were skipped.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export type ProgramName = "etcd" | "etcdctl" | "etcdutl" | "benchmark";

export function ours(name: ProgramName): string {
  return join(ROOT, "bin", name);
}

/** The folder of material beside the checkout: recordings and programs of the original. */
export function sharedDir(): string {
  return process.env.ETCD_TS_SHARED || join(ROOT, "..", "shared");
}

export function original(name: ProgramName): string {
  return join(originalDir(), name);
}

function originalDir(): string {
  return process.env.ETCD_REFERENCE || join(sharedDir(), "peers", "3.7.1");
}

/** For the `skip` option of a test: false, or why it cannot run here. */
export function withoutOriginal(...names: readonly ProgramName[]): string | false {
  const missing = names.filter((name) => !existsSync(original(name)));
  return (
    missing.length > 0 &&
    `the original's ${missing.join(", ")} is not here (ETCD_REFERENCE=DIR names its folder)`
  );
}

/** The server of an older release of the original, by its minor version; it may not be there. */
export function originalOf(minor: "3.4" | "3.5" | "3.6" | "3.7"): string {
  switch (minor) {
    case "3.4":
      return process.env.ETCD_REFERENCE_3_4 || "/usr/bin/etcd";
    case "3.5":
      return join(sharedDir(), "peers", "3.5.33", "etcd");
    case "3.6":
      return join(sharedDir(), "peers", "3.6.14", "etcd");
    case "3.7":
      return original("etcd");
  }
}
