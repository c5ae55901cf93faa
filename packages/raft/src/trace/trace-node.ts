/** A node of a trace: raft over a log in memory, its two local threads as queues, and a state machine that concatenates. */

import { concatBytes } from "@etcd-ts/base";
import {
  decodeConfChange,
  decodeConfChangeV2,
  type Entry,
  EntryType,
  type HardState,
  isEmptyHardState,
  type Message,
  type Snapshot,
} from "@etcd-ts/proto";
import { checkConfig, type RaftConfig } from "../core/config.ts";
import { RawNode } from "../core/raw-node.ts";
import { MemoryStorage } from "../storage/memory-storage.ts";
import { CommandError } from "./arguments.ts";

const NO_BYTES = new Uint8Array(0);

/** A log whose snapshot is always the state machine's newest. */
export class TraceStorage extends MemoryStorage {
  /** The states that the state machine went through; the first is the one it began with. */
  readonly history: Snapshot[];

  constructor(first: Snapshot) {
    super();
    this.history = [first];
  }

  override snapshot(): Snapshot {
    return this.history[this.history.length - 1]!;
  }
}

export class TraceNode {
  readonly id: bigint;
  readonly config: ReturnType<typeof checkConfig>;
  readonly storage: TraceStorage;
  readonly node: RawNode;
  readonly appendWork: Message[] = [];
  readonly applyWork: Message[] = [];

  constructor(config: RaftConfig, storage: TraceStorage) {
    this.id = config.id;
    this.config = checkConfig(config);
    this.storage = storage;
    this.node = new RawNode(config);
  }

  /** Writes what a Ready or the append thread's message asks for. */
  write(state: HardState, entries: readonly Entry[], snapshot: Snapshot | undefined): void {
    if (!isEmptyHardState(state)) this.storage.setHardState(state);
    if (snapshot !== undefined && snapshot.metadata.index !== 0) {
      if (entries.length > 0) throw new CommandError("can't apply snapshot and entries at the same time");
      const refusal = this.storage.applySnapshot(snapshot);
      if (refusal !== undefined) throw new CommandError(refusal);
      return;
    }
    this.storage.append(entries);
  }

  apply(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const before = this.storage.snapshot();
      const { update, confState } = this.applyOne(entry, before);
      this.storage.history.push({
        data: concatBytes([before.data ?? NO_BYTES, update]),
        metadata: { confState, index: entry.index, term: entry.term },
      });
    }
  }

  private applyOne(entry: Entry, before: Snapshot) {
    const data = entry.data ?? NO_BYTES;
    if (entry.type === EntryType.Normal) return { update: data, confState: before.metadata.confState };
    const change = entry.type === EntryType.ConfChange ? decodeConfChange(data) : decodeConfChangeV2(data);
    return { update: change.context ?? NO_BYTES, confState: this.node.applyConfChange(change) };
  }
}
