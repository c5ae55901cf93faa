import assert from "node:assert/strict";
import { test } from "node:test";
import { SILENT_LOGGER } from "@etcd-ts/base";
import { authTokenObjection } from "./auth-token.ts";

const file = import.meta.filename;

test("kinds of tokens and their options are judged as the original judges them", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["simple", undefined],
    ["", undefined],
    ["nothing", "auth: invalid auth options"],
    ["jwt", "auth: invalid auth options"],
    ["jwt,sign-method=RS256", "auth: missing key data"],
    ["jwt,sign-method=HS256,priv-key=/missing", "auth: invalid auth options"],
    [`jwt,sign-method=nothing,pub-key=${file}`, "auth: invalid auth options"],
    [`jwt,sign-method=RS256,pub-key=${file}`, undefined],
  ];
  for (const [text, reason] of cases) assert.equal(authTokenObjection(text, SILENT_LOGGER), reason, text);
});
