/**
 * The one write in progress: its changes go to the index, the database and the leases as they come, under the revision that
 * the write will make; `end` makes them visible. Requests are checked before the first change, so nothing is ever taken back.
 */

import { assert } from "@etcd-ts/base";
import { ChangeList } from "./change-list.ts";
import type { StoreState } from "./store-state.ts";

export class Writer {
  /** Changes so far: the next one's sub revision. */
  changed = 0;
  private readonly state: StoreState;
  private readonly changes: ChangeList;
  private isListening = false;

  constructor(state: StoreState) {
    this.state = state;
    this.changes = new ChangeList(state.index.arena);
  }

  /** The revision that the write makes if it changes something. */
  get revision(): number {
    return this.state.currentRevision + 1;
  }

  /** The newest revision that an operation of this write sees. */
  get visibleRevision(): number {
    return this.changed > 0 ? this.revision : this.state.currentRevision;
  }

  begin(): void {
    assert(!this.state.isWriting, "writes come one at a time");
    this.state.isWriting = true;
    this.changed = 0;
    this.isListening = this.state.listener !== undefined;
    if (this.isListening) this.changes.begin(this.revision);
  }

  put(key: Uint8Array, value: Uint8Array, lease: bigint): void {
    const { index, backend, leases, counters } = this.state;
    counters.puts++;
    counters.putBytes += key.length + value.length;
    const main = this.state.currentRevision + 1;
    const sub = this.changed++;
    const slot = index.put(key, value, lease, main, sub);
    const record = index.slots.record(slot);
    const start = index.arena.start(record);
    backend.putRecord(main, sub, false, index.arena.bytes(record), start, start + index.arena.length(record));
    const before = index.previousLease;
    if (before !== lease) {
      if (before !== 0n) leases.detach(before, key);
      if (lease !== 0n) leases.attach(lease, key);
    }
    if (this.isListening) this.changes.addPut(record, index.slots.version(slot) === 1, index.previousRecord);
  }

  /** The key is live. */
  delete(key: Uint8Array): void {
    const { index, backend, leases } = this.state;
    const main = this.state.currentRevision + 1;
    const sub = this.changed++;
    const slot = index.tombstone(key, main, sub);
    const record = index.slots.record(slot);
    const start = index.arena.start(record);
    backend.putRecord(main, sub, true, index.arena.bytes(record), start, start + index.arena.length(record));
    if (index.previousLease !== 0n) leases.detach(index.previousLease, key);
    if (this.isListening) this.changes.addDelete(record, index.previousRecord);
  }

  /** Makes the changes visible and returns their revision; 0: there were none. */
  end(): number {
    this.state.isWriting = false;
    if (this.changed === 0) return 0;
    const revision = ++this.state.currentRevision;
    this.state.index.keepWithinBound();
    if (this.isListening) this.state.listener?.onChange(revision, this.changes);
    return revision;
  }
}
