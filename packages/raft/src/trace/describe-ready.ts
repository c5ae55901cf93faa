/** A `Ready` as traces show it: the parts that are there, each entry and message on its line. */

import { isEmptyHardState } from "@etcd-ts/proto";
import type { Ready } from "../core/ready.ts";
import { describeEntry, describeHardState, describeMessage, describeSnapshot } from "../text/describe.ts";

export function describeReady(ready: Ready): string {
  let text = "";
  if (ready.softState !== undefined) {
    text += `Lead:${ready.softState.lead} State:${ready.softState.state}\n`;
  }
  if (!isEmptyHardState(ready.hardState)) text += `HardState ${describeHardState(ready.hardState)}\n`;
  if (ready.readStates.length > 0) text += `ReadStates [${ready.readStates.map(describeRead).join(" ")}]\n`;
  text += section("Entries:", ready.entries.map(describeEntry));
  if (ready.snapshot !== undefined) text += `Snapshot ${describeSnapshot(ready.snapshot)}\n`;
  text += section("CommittedEntries:", ready.committedEntries.map(describeEntry));
  text += section(
    "Messages:",
    ready.messages.map((it) => describeMessage(it)),
  );
  return text === "" ? "<empty Ready>" : `Ready MustSync=${ready.mustSync}:\n${text}`;
}

function describeRead(read: Ready["readStates"][number]): string {
  return `{${read.index} [${[...(read.context ?? [])].join(" ")}]}`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${title}\n${lines.map((line) => `${line}\n`).join("")}`;
}
