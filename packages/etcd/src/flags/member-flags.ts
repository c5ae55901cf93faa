/** Flags of the member itself: name, directories, addresses, raft's clock, storage, limits. */
import { HOUR, MILLISECOND, MINUTE, SECOND } from "./duration.ts";
import { flag } from "./flag.ts";
import {
  BOOL,
  DURATION,
  FEATURE_GATES,
  INT,
  INT64,
  NO_GATES,
  STRING,
  UINT,
  UINT32,
  UINT64,
  URLS,
} from "./kind.ts";
import { parseUrls, type Url } from "./url.ts";

const MMAP = "the database is not memory-mapped";
const PEERS = "there is one member";
const CHECKS = "members are not compared yet";
const FREE_LIST = "the free list has one form in memory";

export function urls(list: string): readonly Url[] {
  const parsed = parseUrls(list);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

export const DEFAULT_NAME = "default";
export const DEFAULT_PEER_URLS = urls("http://localhost:2380");
export const DEFAULT_CLIENT_URLS = urls("http://localhost:2379");
const NO_URLS: readonly Url[] = [];

export const MEMBER_FLAGS = {
  name: flag(STRING, DEFAULT_NAME, "Name of this member, unique in its cluster."),
  "data-dir": flag(STRING, "", "Directory of the member's data.", { shown: "NAME.etcd" }),
  "wal-dir": flag(STRING, "", "Directory of the write-ahead log, if it shall not lie in the data directory."),
  "snapshot-count": flag(UINT64, 10_000, "Applied entries after which a snapshot file is written."),
  "heartbeat-interval": flag(UINT, 100, "Milliseconds between two heartbeats of the leader."),
  "election-timeout": flag(UINT, 1000, "Milliseconds without a leader after which an election starts."),
  "initial-election-tick-advance": flag(
    BOOL,
    true,
    "Skip most of the first wait for a leader after a start.",
    { pending: PEERS },
  ),
  "listen-peer-urls": flag(URLS, DEFAULT_PEER_URLS, "Addresses on which other members are served."),
  "listen-client-urls": flag(
    URLS,
    DEFAULT_CLIENT_URLS,
    "Addresses on which clients are served: gRPC, and HTTP unless --listen-client-http-urls is given.",
  ),
  "listen-client-http-urls": flag(URLS, NO_URLS, "Addresses of their own for the clients' HTTP."),
  "max-snapshots": flag(UINT, 5, "Snapshot files to keep (0: all). Deprecated since 3.6.", {
    warning: "--max-snapshots is deprecated in 3.6 and will be decommissioned in 3.8.",
  }),
  "max-wals": flag(UINT, 5, "Files of the write-ahead log to keep (0: all)."),
  "memory-mlock": flag(BOOL, false, "Keep the database's pages in memory.", { since: "3.6", idle: MMAP }),
  "quota-backend-bytes": flag(
    INT64,
    0,
    "Size of the database that raises the alarm NOSPACE (0: 2 GiB; negative: none).",
  ),
  "backend-bbolt-freelist-type": flag(STRING, "map", "Form of the free list in memory, array or map.", {
    idle: FREE_LIST,
  }),
  "backend-batch-interval": flag(DURATION, 0, "Longest time between two commits of the database (0: 100ms)."),
  "backend-batch-limit": flag(INT, 0, "Changes after which the database commits (0: 10000)."),
  "max-txn-ops": flag(UINT, 128, "Operations that one transaction may hold."),
  "max-request-bytes": flag(UINT, 1_572_864, "Size of the largest request that is accepted."),
  "max-concurrent-streams": flag(UINT32, 2 ** 32 - 1, "Streams that one connection may have open at a time."),
  "grpc-keepalive-min-time": flag(DURATION, 5 * SECOND, "Shortest time between two pings of a client."),
  "grpc-keepalive-interval": flag(DURATION, 2 * HOUR, "Time between two pings to an idle client (0: none)."),
  "grpc-keepalive-timeout": flag(
    DURATION,
    20 * SECOND,
    "Time that a client has to answer a ping (0: no limit).",
  ),
  "socket-reuse-port": flag(BOOL, false, "Listen with SO_REUSEPORT (Node 22.12 or newer).", {
    file: "socket-options.reuse-port",
    partly: "refused on a Node older than 22.12, which cannot open sockets so",
  }),
  "socket-reuse-address": flag(BOOL, false, "Listen with SO_REUSEADDR.", {
    file: "socket-options.reuse-address",
    idle: "every socket is opened with it",
  }),
  "enable-grpc-gateway": flag(BOOL, true, "Serve the JSON gateway."),
  "raft-read-timeout": flag(
    DURATION,
    5 * SECOND,
    "Read limit of connections between members (at least 5s).",
    { file: null },
  ),
  "raft-write-timeout": flag(
    DURATION,
    5 * SECOND,
    "Write limit of connections between members (at least 5s).",
    { file: null, pending: PEERS },
  ),
  "feature-gates": flag(FEATURE_GATES, NO_GATES, "Features that are not settled, as NAME=true,NAME=false.", {
    since: "3.6",
  }),
} as const;

export const TUNING_FLAGS = {
  "corrupt-check-time": flag(DURATION, 0, "Time between two comparisons of all members' data (0: none).", {
    since: "3.6",
    pending: CHECKS,
  }),
  "compact-hash-check-time": flag(DURATION, MINUTE, "Time between two comparisons of compaction hashes.", {
    since: "3.6",
    pending: CHECKS,
  }),
  "compaction-batch-limit": flag(INT, 0, "Revisions that one slice of a compaction looks at (0: 1000).", {
    since: "3.6",
  }),
  "compaction-sleep-interval": flag(DURATION, 0, "Pause between two slices of a compaction (0: 10ms).", {
    since: "3.6",
  }),
  "peer-skip-client-san-verification": flag(
    BOOL,
    false,
    "Do not compare a peer's certificate with its address.",
    {
      since: "3.6",
      file: "peer-transport-security.skip-client-san-verification",
    },
  ),
  "watch-progress-notify-interval": flag(
    DURATION,
    0,
    "Time between progress notifications of idle watches (0: 10m).",
    {
      since: "3.6",
    },
  ),
  "warning-apply-duration": flag(
    DURATION,
    100 * MILLISECOND,
    "Applying a request longer than this is logged.",
    { since: "3.6" },
  ),
  "bootstrap-defrag-threshold-megabytes": flag(
    UINT,
    0,
    "Free megabytes that make the start defragment (0: never).",
    {
      since: "3.6",
    },
  ),
  "max-learners": flag(INT, 1, "Learners that a cluster may have.", { since: "3.6" }),
  "downgrade-check-time": flag(DURATION, 5 * SECOND, "Time between two checks of a downgrade (0: none).", {
    since: "3.6",
  }),
  "snapshot-catchup-entries": flag(UINT64, 5000, "Entries kept behind a snapshot for slow followers.", {
    since: "3.6",
    pending: PEERS,
  }),
} as const;

export const UNSAFE_FLAGS = {
  "force-new-cluster": flag(BOOL, false, "Start a new cluster of one member from this member's data.", {
    pending: "a directory with one member needs no new cluster, and others are refused",
  }),
  "unsafe-no-fsync": flag(BOOL, false, "Never wait for the disk: acknowledged writes can be lost."),
} as const;
