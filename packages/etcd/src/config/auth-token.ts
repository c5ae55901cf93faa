/**
 * `--auth-token`: `simple`, or `jwt` with options as `jwt,sign-method=RS256,pub-key=FILE,priv-key=FILE,ttl=5m`. Judged at the start, in
 * the original's order: files are read before the method is looked at.
 */
import { readFileSync } from "node:fs";
import type { Logger } from "@etcd-ts/base";
import { systemReason } from "./system-reason.ts";

const INVALID_OPTIONS = "auth: invalid auth options";
const SIGN_METHODS = /^(RS|PS|ES|HS)(256|384|512)$|^EdDSA$|^Ed25519$/;

/** What stands against it; undefined: nothing. The causes are logged. */
export function authTokenObjection(authToken: string, log: Logger): string | undefined {
  const [type = "", ...pairs] = authToken.split(",");
  if (type === "simple" || type === "") return undefined;
  if (type !== "jwt") {
    log.warn("config/auth-token.ts:17", "unknown token type", { type, error: INVALID_OPTIONS });
    return INVALID_OPTIONS;
  }
  const options = new Map(pairs.map((pair) => pair.split("=", 2) as [string, string]));
  const cause = fileObjection(options) ?? methodObjection(options);
  if (cause !== undefined) {
    log.error("config/auth-token.ts:23", "problem loading JWT options", { error: cause });
    return INVALID_OPTIONS;
  }
  const hasKey = options.has("pub-key") || options.has("priv-key");
  return hasKey ? undefined : "auth: missing key data";
}

function fileObjection(options: ReadonlyMap<string, string>): string | undefined {
  for (const path of [options.get("pub-key"), options.get("priv-key")]) {
    if (path === undefined) continue;
    try {
      readFileSync(path);
    } catch (error) {
      return `open ${path}: ${systemReason(error)}`;
    }
  }
  return undefined;
}

function methodObjection(options: ReadonlyMap<string, string>): string | undefined {
  return SIGN_METHODS.test(options.get("sign-method") ?? "")
    ? undefined
    : "auth: invalid auth signature method";
}
