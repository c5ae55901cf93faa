/**
 * The upper nodes that a commit wrote: the root bucket's, and of the tree of bucket `key` the branches. A commit makes the loop
 * drop just these from its cache, and every read of the database begins with them: sent along with the report they spare
 * the first reads after each commit a fetch a level.
 */

import { utf8Bytes } from "@etcd-ts/base";
import { type Commit, FOUND, rootBucket, TreeCursor } from "../bbolt/index.ts";
import { branchChild, elementCount, isLeaf } from "../bbolt/page-layout.ts";
import type { PageNode } from "./backend-types.ts";
import type { NodeFile } from "./node-file.ts";

/** A commit that wrote more leaves the rest to fetches. */
const NODES_MAX = 64;

export function writtenBranches(file: NodeFile, commit: Commit): PageNode[] {
  const written = new Set(commit.writtenPages);
  const nodes: PageNode[] = [];
  const read = (page: number): Uint8Array => file.readNodes([page], commit.highWaterMark)[0]!.bytes;
  const cursor = new TreeCursor({
    node: (page) => {
      const bytes = read(page);
      if (written.has(page)) nodes.push({ id: page, bytes });
      return bytes;
    },
  });
  if (cursor.get(rootBucket(commit.root), utf8Bytes("key")) !== FOUND) return nodes;
  const bucket = cursor.bucketHere();
  if (bucket === undefined || bucket.inline !== undefined) return nodes;
  for (let level = [bucket.root]; level.length > 0; ) level = readLevel(level, written, nodes, read);
  return nodes;
}

/** Adds the written branches of a level, and returns their written children; none when these are leaves. */
function readLevel(
  pages: readonly number[],
  written: ReadonlySet<number>,
  nodes: PageNode[],
  read: (page: number) => Uint8Array,
): number[] {
  const children: number[] = [];
  for (const id of pages) {
    if (!written.has(id) || nodes.length >= NODES_MAX) continue;
    const bytes = read(id);
    if (isLeaf(bytes)) return [];
    nodes.push({ id, bytes });
    for (let i = 0; i < elementCount(bytes); i++) {
      const child = branchChild(bytes, i);
      if (written.has(child)) children.push(child);
    }
  }
  return children;
}
