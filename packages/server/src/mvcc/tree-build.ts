/** A tree of all keys at once, from the leaves up; nodes keep some room. */

import { NODE_HEADER, NODE_LIVE } from "./node-pool.ts";
import { shortestBetween } from "./record-keys.ts";
import type { TreeNodes } from "./tree-nodes.ts";

export interface BuiltTree {
  readonly root: number;
  readonly height: number;
  readonly live: number;
}

/** Nodes of one height from left to right, with the key before each but the first. */
interface BuiltLevel {
  readonly nodes: number[];
  readonly lives: number[];
  readonly separators: (Uint8Array | undefined)[];
}

/** Bounds of parts of nearly equal size, each with some room below `capacity`. */
function evenParts(count: number, capacity: number): number[] {
  const parts = Math.ceil(count / (capacity - (capacity >> 2)));
  return Array.from({ length: parts + 1 }, (_, part) => Math.floor((count * part) / parts));
}

/** Slots in the order of their keys, complements for those that are not live; at least one. */
export function buildTree(nodes: TreeNodes, entries: Int32Array): BuiltTree {
  let level = buildLeaves(nodes, entries);
  let height = 0;
  const live = level.lives.reduce((sum, count) => sum + count, 0);
  while (level.nodes.length > 1) {
    level = buildBranches(nodes, level);
    height++;
  }
  return { root: level.nodes[0] as number, height, live };
}

function buildLeaves(nodes: TreeNodes, entries: Int32Array): BuiltLevel {
  const level: BuiltLevel = { nodes: [], lives: [], separators: [] };
  const bounds = evenParts(entries.length, nodes.capacity);
  for (let part = 0; part + 1 < bounds.length; part++) {
    const leaf = nodes.leaves.allocate();
    const words = nodes.leaves.words(leaf);
    const at = nodes.leaves.at(leaf);
    const from = bounds[part] as number;
    const count = (bounds[part + 1] as number) - from;
    let live = 0;
    for (let i = 0; i < count; i++) {
      const entry = entries[from + i] as number;
      words[at + NODE_HEADER + nodes.capacity + i] = entry;
      if (entry >= 0) live++;
    }
    words[at] = count;
    words[at + NODE_LIVE] = live;
    const before = level.nodes.at(-1);
    level.separators.push(
      before === undefined
        ? undefined
        : new Uint8Array(shortestBetween(nodes.lastKey(before), nodes.leafKey(leaf, 0))),
    );
    level.nodes.push(leaf);
    level.lives.push(live);
  }
  level.nodes.forEach((leaf, i) => {
    nodes.refreshLeafPrefix(leaf, level.separators[i], level.separators[i + 1]);
  });
  return level;
}

function buildBranches(nodes: TreeNodes, below: BuiltLevel): BuiltLevel {
  const level: BuiltLevel = { nodes: [], lives: [], separators: [] };
  const bounds = evenParts(below.nodes.length, nodes.capacity);
  for (let part = 0; part + 1 < bounds.length; part++) {
    const branch = nodes.branches.allocate();
    const words = nodes.branches.words(branch);
    const at = nodes.branches.at(branch);
    const from = bounds[part] as number;
    const to = bounds[part + 1] as number;
    const children = at + NODE_HEADER + nodes.capacity;
    let live = 0;
    for (let i = from; i < to; i++) {
      const separator = below.separators[i];
      words[children + i - from] = below.nodes[i] as number;
      words[children + nodes.capacity + i - from] = below.lives[i] as number;
      words[children + 2 * nodes.capacity + i - from] =
        i === from || separator === undefined ? 0 : nodes.storeSeparator(separator);
      live += below.lives[i] as number;
    }
    words[at] = to - from;
    nodes.refreshBranchPrefix(branch, below.separators[from], below.separators[to]);
    level.nodes.push(branch);
    level.lives.push(live);
    level.separators.push(below.separators[from]);
  }
  return level;
}
