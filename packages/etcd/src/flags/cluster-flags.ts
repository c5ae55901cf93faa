/** Flags of how a member finds and joins its cluster. */
import { SECOND } from "./duration.ts";
import { flag } from "./flag.ts";
import { BOOL, choice, DURATION, type Kind, STRING, URLS } from "./kind.ts";
import { DEFAULT_CLIENT_URLS, DEFAULT_NAME, DEFAULT_PEER_URLS } from "./member-flags.ts";

const DISCOVERY = "discovery is a feature of a later version";
const NO_DISCOVERY = "there is no discovery yet";

const V2_DEPRECATION: Kind<string> = {
  ...choice(
    ["write-only", "write-only-skip-check", "write-only-drop-data", "gone"],
    (text) => `invalid value ${JSON.stringify(text)}`,
  ),
  fileType: "config.V2DeprecationEnum",
};

/** A list that keeps its order and its repetitions. */
const ENDPOINTS: Kind<readonly string[]> = {
  parse: (text) => ({ ok: true, value: text === "" ? [] : text.split(",") }),
  fileType: "[]string",
};

const CLIENT = "discovery-config.client";

export const CLUSTER_FLAGS = {
  "initial-advertise-peer-urls": flag(
    URLS,
    DEFAULT_PEER_URLS,
    "Addresses under which other members reach this one.",
  ),
  "initial-cluster": flag(STRING, "", "The first members, as NAME=URL,NAME=URL.", {
    shown: `${DEFAULT_NAME}=${DEFAULT_PEER_URLS[0]!.text}`,
  }),
  "initial-cluster-state": flag(
    choice(["new", "existing"]),
    "new",
    "Whether the cluster is new or already runs.",
    { partly: "a member without data cannot join a cluster yet" },
  ),
  "initial-cluster-token": flag(STRING, "etcd-cluster", "Enters the ids of a new cluster and its members."),
  "advertise-client-urls": flag(
    URLS,
    DEFAULT_CLIENT_URLS,
    "Addresses under which clients reach this member.",
  ),
  "discovery-token": flag(STRING, "", "Discovery: token of the cluster.", {
    since: "3.6",
    file: "discovery-config.token",
    refused: DISCOVERY,
  }),
  "discovery-endpoints": flag(ENDPOINTS, [], "Discovery: addresses of the cluster that knows the members.", {
    since: "3.6",
    file: `${CLIENT}.endpoints`,
    refused: DISCOVERY,
  }),
  "discovery-dial-timeout": flag(DURATION, 2 * SECOND, "Discovery: limit of connecting.", {
    since: "3.6",
    file: `${CLIENT}.dial-timeout`,
    pending: NO_DISCOVERY,
  }),
  "discovery-request-timeout": flag(DURATION, 5 * SECOND, "Discovery: limit of a request.", {
    since: "3.6",
    file: `${CLIENT}.request-timeout`,
    pending: NO_DISCOVERY,
  }),
  "discovery-keepalive-time": flag(DURATION, 2 * SECOND, "Discovery: time between two pings.", {
    since: "3.6",
    file: `${CLIENT}.keepalive-time`,
    pending: NO_DISCOVERY,
  }),
  "discovery-keepalive-timeout": flag(DURATION, 6 * SECOND, "Discovery: limit of a ping.", {
    since: "3.6",
    file: `${CLIENT}.keepalive-timeout`,
    pending: NO_DISCOVERY,
  }),
  "discovery-insecure-transport": flag(BOOL, true, "Discovery: speak without TLS.", {
    since: "3.6",
    file: `${CLIENT}.secure.insecure-transport`,
    pending: NO_DISCOVERY,
  }),
  "discovery-insecure-skip-tls-verify": flag(
    BOOL,
    false,
    "Discovery: do not verify the server's certificate.",
    {
      since: "3.6",
      file: `${CLIENT}.secure.insecure-skip-tls-verify`,
      pending: NO_DISCOVERY,
    },
  ),
  "discovery-cert": flag(STRING, "", "Discovery: certificate of this client.", {
    since: "3.6",
    file: `${CLIENT}.secure.cert`,
    pending: NO_DISCOVERY,
  }),
  "discovery-key": flag(STRING, "", "Discovery: key of this client.", {
    since: "3.6",
    file: `${CLIENT}.secure.key`,
    pending: NO_DISCOVERY,
  }),
  "discovery-cacert": flag(STRING, "", "Discovery: certificates to trust.", {
    since: "3.6",
    file: `${CLIENT}.secure.cacert`,
    pending: NO_DISCOVERY,
  }),
  "discovery-user": flag(STRING, "", "Discovery: user, or USER:PASSWORD.", {
    since: "3.6",
    file: `${CLIENT}.auth.username`,
    pending: NO_DISCOVERY,
  }),
  "discovery-password": flag(STRING, "", "Discovery: password.", {
    since: "3.6",
    file: `${CLIENT}.auth.password`,
    pending: NO_DISCOVERY,
  }),
  "discovery-fallback": flag(choice(["exit", "proxy"]), "exit", "What to do when discovery fails: exit.", {
    file: null,
  }),
  "discovery-srv": flag(STRING, "", "Domain whose SRV records name the members.", { refused: DISCOVERY }),
  "discovery-srv-name": flag(STRING, "", "Suffix of the service's name in those records.", {
    pending: NO_DISCOVERY,
  }),
  "strict-reconfig-check": flag(BOOL, true, "Refuse changes of membership that would lose the quorum.", {
    pending: "there is one member",
  }),
  "pre-vote": flag(BOOL, true, "Ask before an election whether it could be won."),
  "auto-compaction-retention": flag(
    STRING,
    "0",
    "What automatic compaction keeps: a duration (a bare number: hours) or revisions.",
  ),
  "auto-compaction-mode": flag(
    STRING,
    "periodic",
    "What automatic compaction counts: periodic (time) or revision.",
  ),
  "v2-deprecation": flag(V2_DEPRECATION, "write-only", "Without effect. Deprecated since 3.7.", {
    warning:
      "--v2-deprecation is deprecated and scheduled for removal in v3.8. The default value is enforced, ignoring user input.",
  }),
} as const;
