/**
 * Linearizable reads that wait for a quorum to confirm the leader (the thesis, 6.4).
 *
 * Requests are numbered in order of arrival; a heartbeat carries the number of the newest (8 bytes, little endian), its answer says
 * that the follower still followed this leader after that request came. The number that a quorum has answered confirms all
 * requests up to it. The state lives for one term.
 */

import { asBuffer, assert } from "@etcd-ts/base";
import type { Message } from "@etcd-ts/proto";
import { jointIndex } from "../quorum/quorum.ts";
import type { Configuration } from "../tracker/configuration.ts";

export interface ReadRequest {
  readonly message: Message;
  /** The commit index when the request came: the answer, once confirmed. */
  readonly commit: number;
}

export class ReadOnlyQueue {
  private confirmed = 0;
  private queue: ReadRequest[] = [];
  private readonly acks = new Map<bigint, number>();
  private context: Uint8Array | undefined = undefined;

  /** Enqueues a request of the node `self`'s clients or followers. */
  add(message: Message, commit: number, self: bigint): void {
    this.queue.push({ message, commit });
    const newest = this.confirmed + this.queue.length;
    this.acks.set(self, newest);
    this.context = contextOf(newest);
  }

  /** What heartbeats carry now; undefined when nothing waits. */
  heartbeatContext(): Uint8Array | undefined {
    return this.context;
  }

  /** The node `from` answered a heartbeat that carried `context`. */
  acknowledge(from: bigint, context: Uint8Array): void {
    if (context.length !== 8) return;
    const number = Number(asBuffer(context).readBigUInt64LE(0));
    const newest = this.confirmed + this.queue.length;
    this.acks.set(from, Math.max(this.acks.get(from) ?? 0, Math.min(number, newest)));
  }

  ackedIndex(id: bigint): number {
    return this.acks.get(id) ?? 0;
  }

  /** Takes out the requests that a quorum of `config` has confirmed, in order. */
  takeConfirmed(config: Configuration): ReadRequest[] {
    const upTo = jointIndex(config.incoming, config.outgoing, this);
    const count = Math.min(upTo - this.confirmed, this.queue.length);
    if (count <= 0) return [];
    const taken = this.queue.slice(0, count);
    this.queue = this.queue.slice(count);
    this.confirmed += count;
    if (this.queue.length === 0) this.context = undefined;
    return taken;
  }

  describe(): string {
    return `reads confirmed=${this.confirmed} waiting=${this.queue.length}`;
  }

  invariants(): void {
    assert((this.context === undefined) === (this.queue.length === 0), "reads: context iff something waits");
    const newest = this.confirmed + this.queue.length;
    for (const ack of this.acks.values()) assert(ack <= newest, "reads: nobody confirms what was not asked");
  }
}

function contextOf(number: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(number));
  return bytes;
}
