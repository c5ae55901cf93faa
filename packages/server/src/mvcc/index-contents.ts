/** All that an index says, as plain values: two that must be alike are compared by it. */

import { keyString } from "@etcd-ts/base";
import type { KeyIndex } from "./key-index.ts";
import { LIVE } from "./key-slots.ts";
import { TreeCursor } from "./tree-cursor.ts";
import { slotOf } from "./tree-nodes.ts";

/** Everything that anybody can ask of an index, apart from values. */
export function contentsOf(index: KeyIndex): unknown {
  const keys: unknown[] = [];
  const cursor = new TreeCursor(index.tree);
  cursor.seek(new Uint8Array(0), undefined, false);
  do {
    for (; cursor.entry < cursor.end; cursor.entry++)
      keys.push(keyContents(index, slotOf(cursor.words[cursor.slots + cursor.entry] as number)));
  } while (cursor.nextLeaf());
  return { keys, lives: livesOf(index), newest: index.newestRevision, live: index.tree.live };
}

function keyContents(index: KeyIndex, slot: number): unknown {
  const { slots, history } = index;
  const isLive = (slots.flags(slot) & LIVE) !== 0;
  const older: unknown[] = [];
  for (let i = 0; i < history.count(slot); i++) {
    history.read(slot, i);
    const { main, sub, tombstone, create, version } = history;
    older.push(tombstone ? [main, sub, "deleted"] : [main, sub, create, version]);
  }
  const newest = [slots.mod(slot), slots.sub(slot)];
  if (isLive) newest.push(slots.create(slot), slots.version(slot));
  return { key: keyString(index.key(slot)), newest, isLive, lease: isLive ? index.lease(slot) : 0n, older };
}

function livesOf(index: KeyIndex): string[] {
  const { lives } = index;
  const entries: string[] = [];
  for (let position = lives.positionAfter(-1); position < lives.end; position++) {
    const entry = lives.entryAt(position);
    const key = keyString(index.key(slotOf(entry)));
    entries.push(`${lives.revisionAt(position)} ${entry < 0 ? "died" : "born"} ${key}`);
  }
  return entries;
}
