/** The memory of an index that is taken apart, to hand over to another thread. */

import type { IndexParts } from "../mvcc/key-index.ts";

export function partsMemory({ arena, slots, tree, hash, history, lives }: IndexParts): ArrayBuffer[] {
  const memory: ArrayBuffer[] = [
    ...slots.chunks,
    ...tree.leaves.chunks,
    ...tree.branches.chunks,
    hash.directory.buffer,
  ];
  for (const { slabs } of [arena, tree.separators, history.arena])
    for (const slab of slabs) memory.push(slab.memory);
  for (const { words } of hash.segments) memory.push(words.buffer);
  for (const { chunks } of history.long.values()) for (const chunk of chunks) memory.push(chunk.buffer);
  for (const revisions of lives.revisions) memory.push(revisions.buffer);
  for (const entries of lives.slots) memory.push(entries.buffer);
  return memory;
}
