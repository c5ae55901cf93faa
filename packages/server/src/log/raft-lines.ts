/** Raft's own lines in the server's log: level by level, under the name "raft". */

import type { Logger } from "@etcd-ts/base";
import type { Logger as RaftLogger } from "@etcd-ts/raft";

export function raftLines(log: Logger): RaftLogger {
  const raft = log.named("raft");
  return {
    debug: (text) => raft.debug("log/raft-lines.ts:9", text),
    info: (text) => raft.info("log/raft-lines.ts:10", text),
    warn: (text) => raft.warn("log/raft-lines.ts:11", text),
    error: (text) => raft.error("log/raft-lines.ts:12", text),
    fatal: (text) => raft.panic("log/raft-lines.ts:13", text),
  };
}
