/**
 * Raft's values as text, in the original's forms: what log lines and traces are made of. Node ids are hexadecimal here, all other
 * numbers decimal; a configuration state prints decimal ids, as the original does.
 */

import {
  type ConfChangeSingle,
  ConfChangeTransition,
  ConfChangeType,
  type ConfChangeV2,
  type ConfState,
  decodeConfChange,
  decodeConfChangeV2,
  type Entry,
  EntryType,
  type HardState,
  type Message,
  MessageType,
  type Snapshot,
} from "@etcd-ts/proto";
import { asConfChangeV2 } from "../confchange/changer.ts";
import { LOCAL_APPEND_THREAD, LOCAL_APPLY_THREAD } from "../core/message-kinds.ts";
import { quoteBytes } from "./quote.ts";

const NO_BYTES = new Uint8Array(0);
const messageTypeNames = namesOf("Msg", MessageType);
const entryTypeNames = namesOf("Entry", EntryType);
const changeTypeNames = namesOf("ConfChange", ConfChangeType);
const transitionNames = namesOf("ConfChangeTransition", ConfChangeTransition);
const CHANGE_LETTERS = ["v", "r", "u", "l"];

function namesOf(prefix: string, numbers: Readonly<Record<string, number>>): string[] {
  const names: string[] = [];
  for (const [name, number] of Object.entries(numbers)) names[number] = prefix + name;
  return names;
}

export function describeMessageType(type: MessageType): string {
  return messageTypeNames[type] ?? String(type);
}

export function describeTarget(id: bigint): string {
  if (id === 0n) return "None";
  if (id === LOCAL_APPEND_THREAD) return "AppendThread";
  if (id === LOCAL_APPLY_THREAD) return "ApplyThread";
  return id.toString(16);
}

export function describeEntry(entry: Entry): string {
  const data = describeEntryData(entry);
  const type = entryTypeNames[entry.type] ?? String(entry.type);
  return `${entry.term}/${entry.index} ${type}${data === "" ? "" : ` ${data}`}`;
}

function describeEntryData(entry: Entry): string {
  const data = entry.data ?? NO_BYTES;
  if (entry.type === EntryType.ConfChange)
    return describeChanges(asConfChangeV2(decodeConfChange(data)).changes);
  if (entry.type === EntryType.ConfChangeV2) return describeChanges(decodeConfChangeV2(data).changes);
  return quoteBytes(data);
}

export function describeChanges(changes: readonly ConfChangeSingle[]): string {
  return changes.map((it) => `${CHANGE_LETTERS[it.type] ?? "unknown"}${it.nodeId}`).join(" ");
}

/** A change in the form of the line that refuses it. */
export function describeConfChange(change: ConfChangeV2): string {
  let text = `transition:${transitionNames[change.transition] ?? change.transition}`;
  for (const { type, nodeId } of change.changes) {
    text += ` changes:{type:${changeTypeNames[type] ?? type} node_id:${nodeId}}`;
  }
  const context = change.context ?? NO_BYTES;
  return context.length === 0 ? text : `${text} context:${quoteBytes(context)}`;
}

export function describeMessage(message: Message, indent = ""): string {
  const { from, to, term, logTerm, index } = message;
  const route = `${describeTarget(from)}->${describeTarget(to)}`;
  let text = `${indent}${route} ${describeMessageType(message.type)} Term:${term} Log:${logTerm}/${index}`;
  if (message.reject) text += ` Rejected (Hint: ${message.rejectHint})`;
  if (message.commit !== 0) text += ` Commit:${message.commit}`;
  if (message.vote !== 0n) text += ` Vote:${message.vote}`;
  text += describeEntries(message.entries, indent);
  if (message.snapshot !== undefined && message.snapshot.metadata.index !== 0) {
    text += `\n${indent}  Snapshot: ${describeSnapshot(message.snapshot)}`;
  }
  if (message.responses.length > 0) {
    const lines = message.responses.map((it) => `\n${describeMessage(it, `${indent}  `)}`);
    text += ` Responses:[${lines.join("")}\n${indent}]`;
  }
  return text;
}

function describeEntries(entries: readonly Entry[], indent: string): string {
  if (entries.length === 0) return "";
  if (entries.length === 1) return ` Entries:[${describeEntry(entries[0]!)}]`;
  const lines = entries.map((it) => `\n${indent}  ${describeEntry(it)}`);
  return ` Entries:[${lines.join("")}\n${indent}]`;
}

export function describeSnapshot(snapshot: Snapshot): string {
  const { index, term, confState } = snapshot.metadata;
  return `Index:${index} Term:${term} ConfState:${describeConfState(confState)}`;
}

export function describeConfState(state: ConfState): string {
  const list = (ids: readonly bigint[]): string => `[${ids.join(" ")}]`;
  return [
    `Voters:${list(state.voters)}`,
    `VotersOutgoing:${list(state.votersOutgoing)}`,
    `Learners:${list(state.learners)}`,
    `LearnersNext:${list(state.learnersNext)}`,
    `AutoLeave:${state.autoLeave}`,
  ].join(" ");
}

export function describeHardState(state: HardState): string {
  const vote = state.vote === 0n ? "" : ` Vote:${state.vote}`;
  return `Term:${state.term}${vote} Commit:${state.commit}`;
}
