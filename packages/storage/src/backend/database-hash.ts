/**
 * Hashes over the database, CRC-32C as the original computes them, on committed pages and in slices.
 *
 * - `BackendHash`: for each bucket in the order of names its name, then every key and value; what differs between equal members
 *   (consistent index, term, storage version) is left out.
 * - `RecordHash` (HashKV): the name `key`, then key and value of the records up to a revision that a compaction has to leave.
 */

import { crc32cUpdate, equalBytes, utf8Bytes } from "@etcd-ts/base";
import type { CommittedRoot } from "./backend-types.ts";
import type { NodeFile } from "./node-file.ts";
import { recordMain, recordMinor } from "./record-key.ts";
import { TreeWalk } from "./tree-walk.ts";

const META = utf8Bytes("meta");
const LEFT_OUT = ["consistent_index", "term", "storageVersion"].map(utf8Bytes);

/** Work in slices: `run` reads one window of pages at most and returns true when all is done. */
export interface HashJob {
  readonly hash: number;
  run(): boolean;
}

export class BackendHash implements HashJob {
  hash = 0;
  private readonly walk: TreeWalk;
  private readonly names: readonly Uint8Array[];
  private entered = 0;
  private isMeta = false;

  constructor(file: NodeFile, root: CommittedRoot) {
    this.walk = new TreeWalk(file, root);
    this.names = this.walk.bucketNames();
  }

  run(): boolean {
    const { windowsRead } = this.walk;
    while (this.walk.windowsRead === windowsRead) {
      if (this.entered > 0 && this.walk.step()) this.addPair();
      else if (this.entered === this.names.length) return true;
      else this.enterNext();
    }
    return false;
  }

  private enterNext(): void {
    const name = this.names[this.entered++]!;
    this.walk.enter(name);
    this.isMeta = equalBytes(name, META);
    this.hash = crc32cUpdate(this.hash, name);
  }

  private addPair(): void {
    const { node, keyStart, keyEnd, valueEnd } = this.walk.cursor;
    if (this.isMeta) {
      const key = node.subarray(keyStart, keyEnd);
      if (LEFT_OUT.some((name) => equalBytes(name, key))) return;
    }
    this.hash = crc32cUpdate(this.hash, node, keyStart, valueEnd);
  }
}

/** Revisions that a compaction keeps, ascending; sub revisions beside their main ones. */
export interface KeptRevisions {
  readonly mains: Float64Array;
  readonly subs: Uint32Array;
}

export interface RecordHashOptions {
  readonly revision: number;
  /** -1 when there was no compaction. */
  readonly compactRevision: number;
  /** Of the records at or below the compact revision only these count; empty: all. */
  readonly kept: KeptRevisions;
}

export class RecordHash implements HashJob {
  hash: number;
  private readonly walk: TreeWalk;
  private readonly options: RecordHashOptions;
  private readonly exists: boolean;
  private nextKept = 0;

  constructor(file: NodeFile, root: CommittedRoot, options: RecordHashOptions) {
    const name = utf8Bytes("key");
    this.options = options;
    this.walk = new TreeWalk(file, root);
    this.exists = this.walk.enter(name);
    this.hash = crc32cUpdate(0, name);
  }

  run(): boolean {
    const { windowsRead } = this.walk;
    while (this.walk.windowsRead === windowsRead) {
      if (!this.exists || !this.walk.step()) return true;
      const { node, keyStart, keyEnd, valueEnd } = this.walk.cursor;
      const main = recordMain(node, keyStart);
      if (main > this.options.revision) return true;
      if (this.counts(main, recordMinor(node, keyStart, keyEnd - keyStart))) {
        this.hash = crc32cUpdate(this.hash, node, keyStart, valueEnd);
      }
    }
    return false;
  }

  private counts(main: number, minor: number): boolean {
    const { compactRevision } = this.options;
    if (main > compactRevision) return true;
    const isTombstone = (minor & 1) === 1;
    return this.isKept(main, minor >>> 1) && !(isTombstone && main === compactRevision);
  }

  /** Asked in ascending order. */
  private isKept(main: number, sub: number): boolean {
    const { mains, subs } = this.options.kept;
    if (mains.length === 0) return true;
    while (mains[this.nextKept]! < main || (mains[this.nextKept] === main && subs[this.nextKept]! < sub)) {
      this.nextKept++;
    }
    return mains[this.nextKept] === main && subs[this.nextKept] === sub;
  }
}
