/**
 * The world of an interaction trace: nodes 1..n, one list of messages in flight, one output. Nothing happens by itself; each method is
 * a thing that a directive can make happen.
 */

import { Message, type MessageType } from "@etcd-ts/proto";
import { isLocalTarget } from "../core/message-kinds.ts";
import { describeEntry, describeMessage, describeMessageType } from "../text/describe.ts";
import { CommandError } from "./arguments.ts";
import { describeReady } from "./describe-ready.ts";
import { Output } from "./output.ts";
import type { TraceNode } from "./trace-node.ts";

export interface Recipient {
  readonly id: bigint;
  readonly drop: boolean;
}

export class Environment {
  readonly output = new Output();
  readonly nodes: TraceNode[] = [];
  readonly inFlight: Message[] = [];

  nodeOf(id: bigint): TraceNode {
    const node = this.nodes[Number(id) - 1];
    if (node === undefined) throw new CommandError(`no node ${id}`);
    return node;
  }

  processReady(it: TraceNode): void {
    const ready = it.node.ready();
    this.output.write(describeReady(ready));
    const asynchronous = it.config.asyncStorageWrites;
    if (!asynchronous) {
      it.write(ready.hardState, ready.entries, ready.snapshot);
      it.apply(ready.committedEntries);
    }
    for (const message of ready.messages) this.route(it, message);
    if (!asynchronous) it.node.advance();
  }

  private route(it: TraceNode, message: Message): void {
    const type = describeMessageType(message.type);
    if (type === "MsgStorageAppend") it.appendWork.push(message);
    else if (type === "MsgStorageApply") it.applyWork.push(message);
    else this.inFlight.push(message);
  }

  processAppendThread(it: TraceNode): void {
    const message = it.appendWork.shift();
    if (message === undefined) {
      this.output.write("no append work to perform");
      return;
    }
    const { term, vote, commit } = message;
    this.processWork(message, () => it.write({ term, vote, commit }, message.entries, message.snapshot));
  }

  processApplyThread(it: TraceNode): void {
    const message = it.applyWork.shift();
    if (message === undefined) {
      this.output.write("no apply work to perform");
      return;
    }
    this.processWork(message, () => it.apply(message.entries));
  }

  private processWork(message: Message, work: () => void): void {
    const { responses } = message;
    const bare = Object.assign(new Message(message.type), message, { responses: [] });
    this.output.writeLine("Processing:");
    this.output.writeLine(describeMessage(bare));
    work();
    this.output.writeLine("Responses:");
    for (const response of responses) this.output.writeLine(describeMessage(response));
    this.inFlight.push(...responses);
  }

  /** Returns how many messages were handled. */
  deliver(recipients: readonly Recipient[], type: string | undefined): number {
    let count = 0;
    for (const recipient of recipients) {
      const messages = this.takeMessages(recipient, type);
      for (const message of messages) this.deliverOne(recipient, message);
      count += messages.length;
    }
    return count;
  }

  private deliverOne({ id, drop }: Recipient, message: Message): void {
    if (drop) {
      this.output.writeLine(`dropped: ${describeMessage(message)}`);
      return;
    }
    this.output.writeLine(describeMessage(message));
    const refusal = this.nodeOf(id).node.step(message);
    if (refusal !== undefined) this.output.writeLine(refusal);
  }

  /** Takes out the messages for `recipient`; what a node sends to itself cannot get lost. */
  private takeMessages({ id, drop }: Recipient, type: string | undefined): Message[] {
    const taken: Message[] = [];
    const rest: Message[] = [];
    for (const message of this.inFlight) {
      const wanted = message.to === id && (type === undefined || typeName(message.type) === type);
      (wanted && !(drop && isLocal(message)) ? taken : rest).push(message);
    }
    this.inFlight.splice(0, this.inFlight.length, ...rest);
    return taken;
  }

  hasMessagesFor(id: bigint): boolean {
    return this.inFlight.some((it) => it.to === id);
  }

  /** Handles whatever there is to handle on `nodes`, until there is nothing. */
  stabilize(nodes: readonly TraceNode[]): void {
    for (let busy = true; busy; ) {
      busy = false;
      const pass = (has: (it: TraceNode) => boolean, title: string, work: (it: TraceNode) => void): void => {
        for (const it of nodes) {
          if (!has(it)) continue;
          busy = true;
          this.output.writeLine(`> ${it.id} ${title}`);
          work(it);
        }
      };
      pass(
        (it) => it.node.hasReady(),
        "handling Ready",
        (it) => this.output.indented(() => this.processReady(it)),
      );
      pass(
        (it) => this.hasMessagesFor(it.id),
        "receiving messages",
        (it) => this.output.indented(() => this.deliver([{ id: it.id, drop: false }], undefined)),
      );
      pass(
        (it) => it.appendWork.length > 0,
        "processing append thread",
        (it) => {
          while (it.appendWork.length > 0) this.output.indented(() => this.processAppendThread(it));
        },
      );
      pass(
        (it) => it.applyWork.length > 0,
        "processing apply thread",
        (it) => {
          while (it.applyWork.length > 0) this.output.indented(() => this.processApplyThread(it));
        },
      );
    }
  }

  writeLog(it: TraceNode): void {
    const first = it.storage.firstIndex();
    const last = it.storage.lastIndex();
    if (first > last) {
      this.output.write(`log is empty: first index=${first}, last index=${last}`);
      return;
    }
    for (const entry of it.storage.entries(first, last + 1, Number.POSITIVE_INFINITY) ?? []) {
      this.output.writeLine(describeEntry(entry));
    }
  }
}

function typeName(type: MessageType): string {
  return describeMessageType(type);
}

function isLocal(message: Message): boolean {
  return message.from === message.to || isLocalTarget(message.from) || isLocalTarget(message.to);
}
