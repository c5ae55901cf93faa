/** Flags of transport security, origins and hosts, and authentication. */
import { type FileSetting, flag } from "./flag.ts";
import { BOOL, ORIGINS, STRING, STRINGS, STRINGS_IN_ONE, UINT } from "./kind.ts";

const CLIENT = "client-transport-security";
const PEER = "peer-transport-security";
const NONE: readonly string[] = [];

export const SECURITY_FLAGS = {
  "cert-file": flag(STRING, "", "Certificate for clients.", { file: `${CLIENT}.cert-file` }),
  "key-file": flag(STRING, "", "Key for clients.", { file: `${CLIENT}.key-file` }),
  "client-cert-auth": flag(BOOL, false, "Ask clients for a certificate.", {
    file: `${CLIENT}.client-cert-auth`,
  }),
  "client-cert-file": flag(STRING, "", "Certificate for this member's own requests to its gateway.", {
    file: `${CLIENT}.client-cert-file`,
    idle: "the gateway calls the server without a connection",
  }),
  "client-key-file": flag(STRING, "", "Key for them.", {
    file: `${CLIENT}.client-key-file`,
    idle: "the gateway calls the server without a connection",
  }),
  "client-crl-file": flag(STRING, "", "Revoked certificates of clients.", {
    file: null,
  }),
  "client-cert-allowed-hostname": flag(
    STRINGS,
    NONE,
    "Host names of clients' certificates that are accepted.",
    {
      file: `${CLIENT}.allowed-hostname`,
    },
  ),
  "trusted-ca-file": flag(STRING, "", "Certificates that clients' certificates must descend from.", {
    file: `${CLIENT}.trusted-ca-file`,
  }),
  "auto-tls": flag(BOOL, false, "Make a certificate for clients.", {
    file: `${CLIENT}.auto-tls`,
  }),
  "peer-cert-file": flag(STRING, "", "Certificate for peers.", { file: `${PEER}.cert-file` }),
  "peer-key-file": flag(STRING, "", "Key for peers.", { file: `${PEER}.key-file` }),
  "peer-client-cert-auth": flag(BOOL, false, "Ask peers for a certificate.", {
    file: `${PEER}.client-cert-auth`,
  }),
  "peer-client-cert-file": flag(STRING, "", "Certificate for requests to peers.", {
    file: `${PEER}.client-cert-file`,
  }),
  "peer-client-key-file": flag(STRING, "", "Key for them.", {
    file: `${PEER}.client-key-file`,
  }),
  "peer-trusted-ca-file": flag(STRING, "", "Certificates that peers' certificates must descend from.", {
    file: `${PEER}.trusted-ca-file`,
  }),
  "peer-cert-allowed-cn": flag(STRINGS, NONE, "Common names of peers' certificates that are accepted.", {
    file: `${PEER}.allowed-cn`,
  }),
  "peer-cert-allowed-hostname": flag(STRINGS, NONE, "Host names of peers' certificates that are accepted.", {
    file: `${PEER}.allowed-hostname`,
  }),
  "peer-auto-tls": flag(BOOL, false, "Make a certificate for peers.", {
    file: `${PEER}.auto-tls`,
  }),
  "self-signed-cert-validity": flag(UINT, 1, "Years for which certificates made here are valid."),
  "peer-crl-file": flag(STRING, "", "Revoked certificates of peers.", { file: null }),
  "cipher-suites": flag(STRINGS, NONE, "Cipher suites of TLS 1.2 to offer."),
  cors: flag(ORIGINS, ["*"], "Origins that browsers may come from."),
  "host-whitelist": flag(
    STRINGS_IN_ONE,
    ["*"],
    "Host names that HTTP requests may name while there is no TLS.",
  ),
  "tls-min-version": flag(STRING, "TLS1.2", "Lowest version of TLS: TLS1.2 or TLS1.3."),
  "tls-max-version": flag(STRING, "", "Highest version of TLS: TLS1.2 or TLS1.3."),
} as const;

export const AUTH_FLAGS = {
  "auth-token": flag(STRING, "simple", "Kind of tokens: simple, or jwt with its options.", {
    pending: "there are no users yet",
  }),
  "bcrypt-cost": flag(UINT, 10, "Cost of a password's hash, 4 to 31.", { pending: "there are no users yet" }),
  "auth-token-ttl": flag(UINT, 300, "Seconds that a simple token lives.", {
    pending: "there are no users yet",
  }),
} as const;

/** Settings of the file that no flag gives. */
export const FILE_SETTINGS = {
  "client-cert-allowed-cn": { kind: STRINGS, initial: NONE, file: `${CLIENT}.allowed-cn` },
  "client-skip-client-san-verification": {
    kind: BOOL,
    initial: false,
    file: `${CLIENT}.skip-client-san-verification`,
  },
} as const satisfies Readonly<Record<string, FileSetting<boolean> | FileSetting<readonly string[]>>>;
