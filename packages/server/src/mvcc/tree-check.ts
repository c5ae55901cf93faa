/** What must hold in a tree: order, counts, heads and fences, node by node. */

import { assert, compareBytes } from "@etcd-ts/base";
import { NODE_HEADER, NODE_LIVE, NODE_PREFIX } from "./node-pool.ts";
import { headOf, sharedLength } from "./record-keys.ts";
import type { TreeNodes } from "./tree-nodes.ts";

/** Trips an assertion, or returns what the leaves hold. */
export function checkTree(nodes: TreeNodes, root: number, height: number): { count: number; live: number } {
  const totals = { count: 0, live: 0, leaves: 0, branches: 0 };
  checkNode(nodes, height, root, 0, undefined, undefined, totals);
  assert(totals.leaves === nodes.leaves.count, "every leaf is reached");
  assert(totals.branches === nodes.branches.count, "every branch is reached");
  nodes.separators.invariants();
  return totals;
}

function checkNode(
  nodes: TreeNodes,
  height: number,
  node: number,
  level: number,
  low: Uint8Array | undefined,
  high: Uint8Array | undefined,
  totals: { count: number; live: number; leaves: number; branches: number },
): number {
  if (level === height) return checkLeaf(nodes, node, low, high, totals);
  totals.branches++;
  const words = nodes.branches.words(node);
  const at = nodes.branches.at(node);
  const entries = words[at] as number;
  const prefix = words[at + NODE_PREFIX] as number;
  let live = 0;
  let before = low;
  for (let i = 0; i < entries; i++) {
    const after = i + 1 < entries ? nodes.separatorKey(node, i + 1) : high;
    if (i > 0) {
      const key = nodes.separatorKey(node, i);
      assert(words[at + NODE_HEADER + i] === headOf(key, 0, key.length, prefix), "a head is its separator's");
    }
    assert(before === undefined || after === undefined || compareBytes(before, after) < 0, "fences ascend");
    const counted = checkNode(nodes, height, nodes.child(node, i), level + 1, before, after, totals);
    assert(counted === words[at + NODE_HEADER + 2 * nodes.capacity + i], "a count is its subtree's");
    live += counted;
    before = after;
  }
  if (low !== undefined && high !== undefined) {
    assert(prefix <= sharedLength(low, high), "a closed node's prefix is its fences'");
  }
  return live;
}

function checkLeaf(
  nodes: TreeNodes,
  leaf: number,
  low: Uint8Array | undefined,
  high: Uint8Array | undefined,
  totals: { count: number; live: number; leaves: number; branches: number },
): number {
  totals.leaves++;
  const words = nodes.leaves.words(leaf);
  const at = nodes.leaves.at(leaf);
  const entries = words[at] as number;
  const prefix = words[at + NODE_PREFIX] as number;
  let live = 0;
  let before: Uint8Array | undefined;
  for (let i = 0; i < entries; i++) {
    const key = nodes.leafKey(leaf, i);
    assert(words[at + NODE_HEADER + i] === headOf(key, 0, key.length, prefix), "a head is its key's");
    assert(before === undefined || compareBytes(before, key) < 0, "keys ascend");
    assert(low === undefined || compareBytes(low, key) <= 0, "no key is below its fence");
    assert(high === undefined || compareBytes(key, high) < 0, "no key is at or above the next fence");
    if ((words[at + NODE_HEADER + nodes.capacity + i] as number) >= 0) live++;
    before = key;
  }
  assert(live === words[at + NODE_LIVE], "a leaf counts its live keys");
  if (low !== undefined && high !== undefined) {
    assert(prefix <= sharedLength(low, high), "a closed node's prefix is its fences'");
  }
  totals.count += entries;
  totals.live += live;
  return live;
}
