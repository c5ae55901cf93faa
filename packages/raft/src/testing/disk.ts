/**
 * A disk that can crash. What was written is visible at once (`storage`), and survives once it was synced; a crash keeps any prefix
 * of the rest.
 */

import {
  EMPTY_CONF_STATE,
  EMPTY_SNAPSHOT,
  type Entry,
  type HardState,
  isEmptyHardState,
  type Snapshot,
} from "@etcd-ts/proto";
import { MemoryStorage } from "../storage/memory-storage.ts";

interface Write {
  readonly state: HardState;
  readonly entries: readonly Entry[];
  readonly snapshot: Snapshot | undefined;
}

/** A log whose snapshot is what the state machine holds now, so that it always knows its receiver. */
class LiveStorage extends MemoryStorage {
  private readonly machine: () => Snapshot;

  constructor(machine: () => Snapshot) {
    super();
    this.machine = machine;
  }

  override snapshot(): Snapshot {
    return this.machine();
  }
}

export class CrashableDisk {
  /** Makes a snapshot of the state machine: set by who owns that. */
  machine: () => Snapshot = () => EMPTY_SNAPSHOT;
  /** What raft reads. */
  storage: MemoryStorage = new LiveStorage(() => this.machine());
  /** What a crash leaves. */
  readonly durable = new MemoryStorage();
  private pending: Write[] = [];

  write(state: HardState, entries: readonly Entry[], snapshot: Snapshot | undefined): void {
    const write = { state, entries, snapshot };
    perform(this.storage, write);
    this.pending.push(write);
  }

  sync(): void {
    for (const write of this.pending) perform(this.durable, write);
    this.pending = [];
  }

  /** Takes a snapshot at `index` and forgets the log before it. */
  compact(index: number, data: Uint8Array, confState: Snapshot["metadata"]["confState"]): void {
    this.sync();
    for (const storage of [this.storage, this.durable]) {
      storage.createSnapshot(index, confState, data);
      storage.compact(index);
    }
  }

  /** Loses all that was not synced but the first `kept` writes. */
  crash(kept: number): void {
    for (const write of this.pending.slice(0, kept)) perform(this.durable, write);
    this.pending = [];
    this.storage = new LiveStorage(() => this.machine());
    copyInto(this.storage, this.durable);
  }

  unsynced(): number {
    return this.pending.length;
  }
}

function perform(storage: MemoryStorage, { state, entries, snapshot }: Write): void {
  if (!isEmptyHardState(state)) storage.setHardState(state);
  if (snapshot !== undefined) storage.applySnapshot(snapshot);
  storage.append(entries);
}

function copyInto(copy: MemoryStorage, storage: MemoryStorage): void {
  const snapshot = storage.snapshot();
  if (snapshot !== undefined && snapshot.metadata.index > 0) copy.applySnapshot(snapshot);
  const first = storage.firstIndex();
  const last = storage.lastIndex();
  if (first <= last) copy.append(storage.entries(first, last + 1, Number.POSITIVE_INFINITY) ?? []);
  copy.setHardState(storage.initialState().hardState);
}

/** A disk with the first configuration on it. */
export function formattedDisk(voters: readonly bigint[]): CrashableDisk {
  const disk = new CrashableDisk();
  const metadata = { confState: { ...EMPTY_CONF_STATE, voters }, index: 1, term: 1 };
  disk.write({ term: 1, vote: 0n, commit: 1 }, [], { data: new Uint8Array(4), metadata });
  disk.sync();
  return disk;
}
