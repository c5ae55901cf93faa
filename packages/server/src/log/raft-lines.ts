/** Raft's own lines in the server's log: level by level, under the name "raft". */

import type { Logger } from "@etcd-ts/base";
import type { Logger as RaftLogger } from "@etcd-ts/raft";

export function raftLines(log: Logger): RaftLogger {
  const raft = log.named("raft");
  return {
    debug: (text) => raft.debug("log/raft-lines.ts:9", text),
    info: (text) => (isRoutine(text) ? undefined : raft.info("log/raft-lines.ts:10", text)),
    warn: (text) => raft.warn("log/raft-lines.ts:11", text),
    error: (text) => raft.error("log/raft-lines.ts:12", text),
    fatal: (text) => raft.panic("log/raft-lines.ts:13", text),
  };
}

/** Several appends are under way at a time, and a later one has made an earlier one's news old: every put may say so. */
function isRoutine(text: string): boolean {
  return text.endsWith("missing from unstable log; ignoring");
}
