/**
 * One member of a cluster under a random schedule: raft, its disk, and a state machine that hashes what it applies. Writing,
 * syncing and applying happen when the schedule says so (asynchronous storage writes) or with each Ready (synchronous).
 */

import type { Random } from "@etcd-ts/base";
import {
  type ConfState,
  decodeConfChange,
  decodeConfChangeV2,
  type Entry,
  EntryType,
  type Message,
  MessageType,
  type Snapshot,
} from "@etcd-ts/proto";
import { asConfChangeV2, Changer } from "../confchange/changer.ts";
import type { RaftConfig } from "../core/config.ts";
import { RawNode } from "../core/raw-node.ts";
import type { Ready } from "../core/ready.ts";
import { describeConfState } from "../text/describe.ts";
import { type Checker, firstSighting, type Sighting } from "./checker.ts";
import type { CrashableDisk } from "./disk.ts";
import { Violation } from "./violation.ts";

export type MemberOptions = Omit<RaftConfig, "id" | "storage" | "random" | "applied">;

const READYS_MAX = 1000;
const NO_BYTES = new Uint8Array(0);

export class Member {
  readonly id: bigint;
  /** Undefined while crashed. */
  node: RawNode | undefined = undefined;
  appliedIndex = 0;
  private snapshotIndex = 0;
  private confState: ConfState;
  private machine = 0;
  private appendWork: Message[] = [];
  private applyWork: Message[] = [];
  /** Answers to what was written and is not synced. */
  private unreleased: Message[] = [];
  private seen: Sighting = firstSighting(0);
  private readonly disk: CrashableDisk;
  private readonly options: MemberOptions;
  private readonly checker: Checker;
  private readonly random: Random;
  private readonly send: (message: Message) => void;

  constructor(
    id: bigint,
    disk: CrashableDisk,
    options: MemberOptions,
    checker: Checker,
    random: Random,
    send: (message: Message) => void,
  ) {
    this.id = id;
    this.disk = disk;
    this.options = options;
    this.checker = checker;
    this.random = random;
    this.send = send;
    this.confState = disk.storage.initialState().confState;
    this.start();
  }

  start(): void {
    const { storage } = this.disk;
    this.install(this.disk.durable.snapshot());
    this.disk.machine = () => this.snapshot();
    this.node = new RawNode({
      ...this.options,
      id: this.id,
      storage,
      random: this.random,
      applied: this.appliedIndex,
    });
    this.seen = firstSighting(this.appliedIndex);
    this.settleReady();
  }

  /** Forgets everything but the disk; of what was not synced, a prefix survives. */
  crash(): void {
    this.node = undefined;
    this.appendWork = [];
    this.applyWork = [];
    this.unreleased = [];
    this.disk.crash(this.random.below(this.disk.unsynced() + 1));
  }

  /** Does `work` on raft, checks what came of it, and takes in the Readys. */
  run(work: (node: RawNode) => void): void {
    if (this.node === undefined) return;
    this.guarded(this.node, work);
    this.settleReady();
  }

  /** A failed assertion inside of raft is a violation like any other. */
  private guarded(node: RawNode, work: (node: RawNode) => void): void {
    try {
      work(node);
    } catch (error) {
      if (error instanceof Violation || !(error instanceof Error)) throw error;
      throw new Violation("invariants", `${error.message} in ${node.describe()}`);
    }
    this.checker.observe(node, this.seen);
  }

  private settleReady(): void {
    const { node } = this;
    if (node === undefined) return;
    for (let count = 0; node.hasReady(); count++) {
      if (count > READYS_MAX) throw new Violation("progress after the storm", "there is always a Ready");
      this.guarded(node, () => this.takeReady(node.ready()));
      if (!this.options.asyncStorageWrites) this.guarded(node, () => node.advance());
    }
  }

  private takeReady(ready: Ready): void {
    const node = this.node!;
    for (const read of ready.readStates)
      this.checker.readAnswered(readNumber(read.context ?? NO_BYTES), read.index);
    for (const entry of ready.entries) this.checker.append(node, entry);
    if (!this.options.asyncStorageWrites) this.writeSynchronously(ready);
    for (const message of ready.messages) {
      if (message.type === MessageType.StorageAppend) this.appendWork.push(message);
      else if (message.type === MessageType.StorageApply) this.applyWork.push(message);
      else this.send(message);
    }
  }

  private writeSynchronously(ready: Ready): void {
    this.disk.write(ready.hardState, ready.entries, ready.snapshot);
    this.disk.sync();
    this.install(ready.snapshot);
    this.apply(ready.committedEntries);
  }

  /** The append thread writes its next piece of work. */
  writeNext(): void {
    const work = this.appendWork.shift();
    if (work === undefined || this.node === undefined) return;
    const { term, vote, commit } = work;
    this.disk.write({ term, vote, commit }, work.entries, work.snapshot);
    this.unreleased.push(work);
  }

  /** The append thread syncs, and what waited for it goes out. */
  sync(): void {
    if (this.node === undefined || this.unreleased.length === 0) return;
    this.disk.sync();
    const done = this.unreleased;
    this.unreleased = [];
    for (const { snapshot, responses } of done) {
      this.install(snapshot);
      this.release(responses);
    }
  }

  /** The apply thread applies its next piece of work. */
  applyNext(): void {
    const work = this.applyWork.shift();
    if (work === undefined) return;
    this.run(() => this.apply(work.entries));
    this.release(work.responses);
  }

  private release(responses: readonly Message[]): void {
    for (const response of responses) {
      if (response.to === this.id) this.run((node) => node.step(response));
      else this.send(response);
    }
  }

  private apply(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const { index, term } = entry;
      // A snapshot may have overtaken entries that were already on their way to be applied.
      if (index <= this.snapshotIndex) continue;
      if (index !== this.appliedIndex + 1) {
        throw new Violation("state machine safety", `${index} applied after ${this.appliedIndex}`);
      }
      if (this.disk.durable.term(index) !== term) {
        throw new Violation("applied is durable", `${term}/${index} is applied before it is on the disk`);
      }
      this.appliedIndex = index;
      this.machine = (Math.imul(this.machine, 31) + Math.imul(index, 7) + term) >>> 0;
      this.checker.applied(index, this.machine);
      if (entry.type !== EntryType.Normal) this.applyChange(entry);
    }
  }

  /** A change that cannot be applied is skipped, by everybody: whether it can follows from the configuration. */
  private applyChange(entry: Entry): void {
    const node = this.node!;
    const data = entry.data ?? NO_BYTES;
    const change = asConfChangeV2(
      entry.type === EntryType.ConfChange ? decodeConfChange(data) : decodeConfChangeV2(data),
    );
    if (new Changer(node.raft.tracker, 1).apply(change).ok) this.confState = node.applyConfChange(change);
    this.checker.configured(entry.index, describeConfState(this.confState));
  }

  /** The state machine becomes that of the snapshot. */
  private install(snapshot: Snapshot | undefined): void {
    if (snapshot === undefined) return;
    this.snapshotIndex = snapshot.metadata.index;
    this.appliedIndex = snapshot.metadata.index;
    this.confState = snapshot.metadata.confState;
    this.machine = readNumber(snapshot.data ?? NO_BYTES);
    if (this.appliedIndex > 0) this.checker.applied(this.appliedIndex, this.machine);
  }

  compact(): void {
    if (this.node === undefined || this.appliedIndex < this.disk.storage.firstIndex()) return;
    // What waits to be written would be written into a log that has moved on.
    if (this.appendWork.length > 0 || this.unreleased.length > 0) return;
    this.disk.compact(this.appliedIndex, numberBytes(this.machine), this.confState);
  }

  private snapshot(): Snapshot {
    const index = this.appliedIndex;
    const metadata = { confState: this.confState, index, term: this.disk.storage.term(index) };
    return { data: numberBytes(this.machine), metadata };
  }

  configuration(): ConfState {
    return this.confState;
  }
}

export function numberBytes(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function readNumber(bytes: Uint8Array): number {
  if (bytes.length < 4) return 0;
  return (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0;
}
