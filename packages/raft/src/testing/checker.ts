/**
 * The guarantees of Raft (figure 3 of the paper), checked from outside after every step of a member. The checker remembers what the
 * cluster as a whole has done: who led which term, which entry was appended after which, what was committed and applied.
 *
 *   election safety          at most one leader a term
 *   leader append-only       a leader's log only grows
 *   log matching             an entry has one index, one term, one payload and one predecessor, wherever it is
 *   leader completeness      what was committed in earlier terms is in a new leader's log
 *   state machine safety     an index is committed and applied as one and the same entry everywhere
 *   configuration agreement  the same entries lead to the same configuration
 *   linearizable reads       a read sees what was committed before it was asked
 */

import type { Entry } from "@etcd-ts/proto";
import type { RawNode } from "../core/raw-node.ts";
import { Violation } from "./violation.ts";

/** What was last seen of one member; forgotten when it crashes. */
export interface Sighting {
  commit: number;
  /** The term in which it leads; 0 when it doesn't. */
  leads: number;
  lastIndex: number;
  lastTerm: number;
}

export function firstSighting(commit: number): Sighting {
  return { commit, leads: 0, lastIndex: 0, lastTerm: 0 };
}

interface Appended {
  readonly previousTerm: number;
  readonly data: Uint8Array | undefined;
}

const TERMS_MAX = 2 ** 20;

export class Checker {
  private readonly leaders = new Map<number, bigint>();
  private readonly appended = new Map<number, Appended>();
  /** By index: the term of the committed entry, and the term in which it was committed. */
  private readonly committedTerms: number[] = [];
  private readonly committedIn: number[] = [];
  /** By index: the state machine and the configuration after that entry. */
  private readonly states: number[] = [];
  private readonly configurations: string[] = [];
  private readonly reads = new Map<number, number>();
  commit = 0;

  /** A member's state after a step. */
  observe(node: RawNode, seen: Sighting): void {
    this.checkInvariants(node);
    this.checkLeader(node, seen);
    this.checkCommit(node, seen);
  }

  private checkInvariants(node: RawNode): void {
    try {
      node.invariants();
    } catch (error) {
      throw new Violation(
        "invariants",
        `${error instanceof Error ? error.message : error} in ${node.describe()}`,
      );
    }
  }

  private checkLeader(node: RawNode, seen: Sighting): void {
    const { raft } = node;
    const { log, term } = raft;
    if (raft.state !== "StateLeader") {
      seen.leads = 0;
      return;
    }
    if (seen.leads === term) {
      const last = log.term(seen.lastIndex);
      if (log.lastIndex() < seen.lastIndex || (last >= 0 && last !== seen.lastTerm)) {
        throw new Violation(
          "leader append-only",
          `${seen.lastTerm}/${seen.lastIndex} is gone from ${node.describe()}`,
        );
      }
    } else {
      this.checkNewLeader(node);
    }
    seen.leads = term;
    seen.lastIndex = log.lastIndex();
    seen.lastTerm = log.lastTerm();
  }

  private checkNewLeader(node: RawNode): void {
    const { id, term, log } = node.raft;
    const other = this.leaders.get(term);
    if (other !== undefined && other !== id) {
      throw new Violation("election safety", `${other} and ${id} lead term ${term}`);
    }
    this.leaders.set(term, id);
    let index = this.commit;
    while (index > 0 && (this.committedIn[index] ?? 0) >= term) index--;
    const expected = this.committedTerms[index];
    const own = log.term(index);
    if (expected !== undefined && index >= log.firstIndex() && own !== expected) {
      throw new Violation("leader completeness", `${expected}/${index} is not in ${node.describe()}`);
    }
  }

  private checkCommit(node: RawNode, seen: Sighting): void {
    const { log, term } = node.raft;
    for (; seen.commit < log.committed; seen.commit++) {
      const index = seen.commit + 1;
      const own = log.term(index);
      if (own < 0) continue;
      const known = this.committedTerms[index];
      if (known === undefined) {
        this.committedTerms[index] = own;
        this.committedIn[index] = term;
      } else if (known !== own) {
        throw new Violation(
          "state machine safety",
          `${known}/${index} and ${own}/${index} are both committed`,
        );
      }
    }
    this.commit = Math.max(this.commit, log.committed);
  }

  /** An entry is handed out to be written to `node`'s disk. */
  append(node: RawNode, entry: Entry): void {
    const { index, term, data } = entry;
    const previousTerm = node.raft.log.term(index - 1);
    const key = index * TERMS_MAX + term;
    const known = this.appended.get(key);
    if (known === undefined) {
      this.appended.set(key, { previousTerm, data });
    } else if (known.data !== data) {
      throw new Violation("log matching", `two entries ${term}/${index}`);
    } else if (previousTerm >= 0 && known.previousTerm >= 0 && previousTerm !== known.previousTerm) {
      const terms = `${known.previousTerm} and ${previousTerm}`;
      throw new Violation("log matching", `${term}/${index} comes after entries of terms ${terms}`);
    }
  }

  /** The state machine went to `state` by the entry at `index`, or by a snapshot there. */
  applied(index: number, state: number): void {
    const known = this.states[index];
    if (known !== undefined && known !== state) {
      throw new Violation("state machine safety", `two states after applying ${index}`);
    }
    this.states[index] = state;
  }

  configured(index: number, configuration: string): void {
    const known = this.configurations[index];
    if (known !== undefined && known !== configuration) {
      throw new Violation("configuration agreement", `${known} and ${configuration} after applying ${index}`);
    }
    this.configurations[index] = configuration;
  }

  readAsked(id: number): void {
    this.reads.set(id, this.commit);
  }

  readAnswered(id: number, index: number): void {
    const asked = this.reads.get(id);
    if (asked !== undefined && index < asked) {
      throw new Violation("linearizable reads", `a read at ${index} was asked when ${asked} was committed`);
    }
  }
}
